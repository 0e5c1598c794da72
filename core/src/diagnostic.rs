//! What is wrong with a file, where, and what to do about it.

pub use crate::codes::{Code, Severity};
use crate::span::Span;

/// A second place that a [`Diagnostic`] is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What stands there.
    pub message: String,
    /// Where it stands.
    pub span: Span,
}

/// One finding about one file.
///
/// ```
/// use bluegate_core::{Code, Diagnostic, Severity, Span};
///
/// let found = Diagnostic::new(Code::UnknownKey, "unknown key `pth`")
///     .at(Span::new(4, 9))
///     .with_help("did you mean `path`?");
/// assert_eq!(found.severity, Severity::Error);
/// assert_eq!(found.code.as_str(), "BG0004");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule found it.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// Where it is; `None` when it is about the file as a whole.
    pub span: Option<Span>,
    /// A line that can be followed literally.
    pub help: Option<String>,
    /// Other places that belong to it, such as the first of two routes that collide.
    pub notes: Vec<Note>,
}

impl Diagnostic {
    /// A finding of the severity that its rule has by default.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            span: None,
            help: None,
            notes: Vec::new(),
        }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, with a line of help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with a second place.
    #[must_use]
    pub fn with_note(mut self, message: impl Into<String>, span: Span) -> Self {
        self.notes.push(Note {
            message: message.into(),
            span,
        });
        self
    }

    /// The same, as a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Whether it stops everything.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The findings about one file, in the order of the file when [finished](Diagnostics::finish).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many of them are errors: asked for once a path, so that counting would cost the square of a broken file.
    errors: usize,
}

impl Diagnostics {
    /// No findings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        self.list.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        self.errors += other.errors;
        self.list.extend(other.list);
    }

    /// Those that were added after there were `count`.
    pub(crate) fn since(&mut self, count: usize) -> impl Iterator<Item = &mut Diagnostic> {
        self.list.iter_mut().skip(count)
    }

    /// The same without the findings of a rule.
    #[must_use]
    pub fn without(self, code: Code) -> Self {
        self.list.into_iter().filter(|one| one.code != code).collect()
    }

    /// Whether there is an error among them.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.list.len() - self.errors()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Sorts by place; what is about the whole file comes first.
    #[must_use]
    pub fn finish(mut self) -> Self {
        self.list
            .sort_by_key(|found| found.span.map_or(0, |span| span.start + 1));
        self
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        let list: Vec<Diagnostic> = all.into_iter().collect();
        let errors = list.iter().filter(|one| one.is_error()).count();
        Self { list, errors }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::from_iter([diagnostic])
    }
}

/// What was made of a file, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Outcome<T> {
    /// The result: present when nothing hindered making it, even if there are errors.
    pub value: Option<T>,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
}

impl<T> Outcome<T> {
    /// The value and the warnings, or everything when there is an error.
    ///
    /// # Errors
    ///
    /// All findings when at least one of them is an error.
    pub fn into_result(self) -> Result<(T, Diagnostics), Diagnostics> {
        match self.value {
            Some(value) if !self.diagnostics.has_errors() => Ok((value, self.diagnostics)),
            _ => Err(self.diagnostics),
        }
    }
}
