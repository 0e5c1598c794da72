//! Texts and values that stand in files of their own.

use std::path::{Path, PathBuf};

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::file::{FILE, FileText, FileValue, Raw};
use crate::source::Source;
use crate::span::{Span, Spanned};
use crate::tree::{self, Node, Value};

/// What becomes of the files that a routes file names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Files {
    /// Nobody reads them: nothing that the compiler proves is in them.
    #[default]
    Unread,
    /// They are read; their paths start at this folder.
    In(PathBuf),
}

impl Files {
    /// The files beside a routes file.
    #[must_use]
    pub fn beside(routes: &Path) -> Self {
        Self::In(routes.parent().map(Path::to_owned).unwrap_or_default())
    }
}

/// The paths of the files that a routes file names, as they are written. Whoever serves the file looks at them too.
///
/// ```
/// use bluegate_core::{Source, named_files};
///
/// let source = Source::new("routes.yaml", "models: {Book: {file: book.json}}\nother: {file: 1}\n");
/// assert_eq!(named_files(&source), ["book.json"]);
/// ```
#[must_use]
pub fn named_files(source: &Source) -> Vec<String> {
    fn look(node: &Node<'_>, found: &mut Vec<String>) {
        match &node.value {
            Value::Object(members) => match members.as_slice() {
                [only] if only.key == FILE => match &only.node.value {
                    Value::String(path) => found.push(path.clone().into_owned()),
                    _ => look(&only.node, found),
                },
                members => members.iter().for_each(|member| look(&member.node, found)),
            },
            Value::Array(items) => items.iter().for_each(|item| look(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(root) = tree::parse(source, &mut Diagnostics::new()) {
        look(&root, &mut found);
    }
    found
}

impl Resolver<'_> {
    /// A text, wherever it stands. `None`: an error was reported.
    pub(super) fn text(&mut self, text: &FileText) -> Option<String> {
        match text {
            FileText::Here(text) => Some(text.clone()),
            FileText::In(path) => match self.files {
                Files::Unread => Some(String::new()),
                Files::In(_) => self.read(path).map(|source| source.text().to_owned()),
            },
        }
    }

    /// A value, wherever it stands.
    pub(super) fn value(&mut self, value: &FileValue) -> Option<Raw> {
        match value {
            FileValue::Here(value) => Some(value.clone()),
            FileValue::In(path) => match self.files {
                Files::Unread => Some(Raw(Node {
                    span: path.span,
                    value: Value::Null,
                })),
                Files::In(_) => self.parse(path),
            },
        }
    }

    fn read(&mut self, path: &Spanned<String>) -> Option<Source> {
        let Files::In(folder) = self.files else { return None };
        match Source::read(&folder.join(path.as_str())) {
            Ok(source) => Some(source),
            Err(error) => {
                let mut error = *error;
                error.span = Some(path.span);
                self.once(error.with_help("paths start at the folder of the routes file"));
                None
            }
        }
    }

    fn parse(&mut self, path: &Spanned<String>) -> Option<Raw> {
        let source = self.read(path)?;
        let mut found = Diagnostics::new();
        let root = tree::parse(&source, &mut found).map(Node::into_owned);
        if let Some(first) = found.iter().find(|one| one.is_error()) {
            let place = first.span.map(|span| source.location(span.start));
            let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
            let told = Diagnostic::new(Code::Unreadable, format!("`{}{place}`: {}", path.value, first.message));
            self.once(told.at(path.span));
            return None;
        }
        let mut root = root?;
        // Places in another file are none in this one.
        move_to(&mut root, path.span);
        Some(Raw(root))
    }
}

pub(super) fn move_to(node: &mut Node<'_>, span: Span) {
    node.span = span;
    match &mut node.value {
        Value::Array(items) => items.iter_mut().for_each(|item| move_to(item, span)),
        Value::Object(members) => {
            for member in members {
                member.key_span = span;
                move_to(&mut member.node, span);
            }
        }
        _ => {}
    }
}
