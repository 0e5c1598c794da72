//! A file's text.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::span::Location;

/// The syntax of a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)).
    Json,
    /// YAML 1.2.
    Yaml,
}

/// The text of a file and the name under which messages show it.
///
/// ```
/// use bluegate_core::{Source, Span};
///
/// let source = Source::new("routes.json", "{\n  \"blueprint\": {}\n}");
/// let location = source.location(4);
/// assert_eq!((location.line, location.column), (2, 3));
/// assert_eq!(source.line(2), "  \"blueprint\": {}");
/// # let _ = Span::new(0, 1);
/// ```
#[derive(Clone)]
pub struct Source {
    name: String,
    syntax: Syntax,
    secret: bool,
    /// Shared: findings keep the source that they are about, and a text may have megabytes.
    content: Arc<Content>,
}

/// A text and where its lines are.
struct Content {
    text: String,
    /// The offset at which each line starts.
    line_starts: Vec<usize>,
    /// How many characters stand before each [`BLOCK`] of the text: a minified file has one line, and counting its
    /// columns from the start for each of many findings would cost the square of it.
    characters_before: Vec<usize>,
    /// Whether every byte is a character, as in most files. Macros run without the compiler's optimizations.
    is_ascii: bool,
}

/// The bytes between two entries of `characters_before`.
const BLOCK: usize = 4096;

impl Source {
    /// Files larger than this many bytes are refused: no routes file that API Gateway takes comes near it.
    pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

    /// A text under a name. A name that ends in `.yaml` or `.yml` makes it YAML, any other JSON.
    ///
    /// A text that speaks of `secret_access_key` is [secret](Source::secret).
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let name = name.into();
        let lower = name.to_ascii_lowercase();
        let syntax = if lower.ends_with(".yaml") || lower.ends_with(".yml") {
            Syntax::Yaml
        } else {
            Syntax::Json
        };
        let text = text.into();
        let breaks = text.match_indices('\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        // An AWS file that is named in place of the routes file holds credentials all the same.
        let secret = text.contains("secret_access_key");
        let is_ascii = text.is_ascii();
        let counted = if is_ascii { "" } else { text.as_str() };
        let characters_before = counted
            .as_bytes()
            .chunks(BLOCK)
            .scan(0, |before, block| {
                Some(std::mem::replace(before, *before + characters(block)))
            })
            .collect();
        let content = Content {
            text,
            line_starts,
            characters_before,
            is_ascii,
        };
        Self {
            name,
            syntax,
            secret,
            content: Arc::new(content),
        }
    }

    /// Reads a file. Messages show the path as it is given here.
    ///
    /// # Errors
    ///
    /// A diagnostic that says why when the file is missing, is no regular file, is not readable, is not
    /// UTF-8 or is larger than [`Source::MAX_BYTES`].
    pub fn read(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let name = path.display().to_string();
        let refuse =
            |code, message: String, help: String| Err(Box::new(Diagnostic::new(code, message).with_help(help)));
        let unreadable = |error: &std::io::Error| {
            let help = match error.kind() {
                std::io::ErrorKind::NotFound => "check the path; it is relative to where the command runs",
                std::io::ErrorKind::PermissionDenied => "check the file's permissions",
                _ => "check that the path names a readable file",
            };
            refuse(
                Code::Unreadable,
                format!("cannot read `{name}`: {error}"),
                help.to_owned(),
            )
        };
        match std::fs::metadata(path) {
            Err(error) => return unreadable(&error),
            Ok(meta) if meta.is_dir() => {
                return refuse(
                    Code::Unreadable,
                    format!("cannot read `{name}`: it is a directory"),
                    "name the file itself, such as `routes.json`".to_owned(),
                );
            }
            Ok(meta) if meta.len() > Self::MAX_BYTES => {
                return refuse(
                    Code::TooLarge,
                    format!("`{name}` has {} bytes, the limit is {}", meta.len(), Self::MAX_BYTES),
                    "split the API into several routes files".to_owned(),
                );
            }
            Ok(_) => {}
        }
        // A pipe or a device reports no length: the limit holds while reading.
        let bytes = match read_limited(path) {
            Ok(bytes) => bytes,
            Err(error) => return unreadable(&error),
        };
        if bytes.len() as u64 > Self::MAX_BYTES {
            return refuse(
                Code::TooLarge,
                format!("`{name}` has more than {} bytes", Self::MAX_BYTES),
                "split the API into several routes files".to_owned(),
            );
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => refuse(
                Code::Unreadable,
                format!(
                    "cannot read `{name}`: byte {} is not UTF-8",
                    error.utf8_error().valid_up_to() + 1
                ),
                "save the file as UTF-8".to_owned(),
            ),
        }
    }

    /// Marks the text as holding credentials: messages never show its values.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Whether messages must not show the text's values.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// The name that messages show.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same text under another name.
    #[must_use]
    pub fn renamed(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.content.text
    }

    /// JSON or YAML.
    #[must_use]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The line and column of a byte offset. An offset behind the end is the end.
    #[must_use]
    pub fn location(&self, offset: usize) -> Location {
        let mut offset = offset.min(self.content.text.len());
        while !self.content.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.content.line_starts.partition_point(|&start| start <= offset);
        let start = self.content.line_starts[line - 1];
        let marks = self.content.text[start..offset]
            .chars()
            .take_while(|&c| c == '\u{feff}')
            .count();
        Location {
            line,
            column: self.characters_to(offset) - self.characters_to(start) - marks + 1,
        }
    }

    /// How many characters stand before an offset.
    fn characters_to(&self, offset: usize) -> usize {
        if self.content.is_ascii {
            return offset;
        }
        let block = offset / BLOCK;
        match self.content.characters_before.get(block) {
            Some(before) => before + characters(&self.content.text.as_bytes()[block * BLOCK..offset]),
            // The end of a text of whole blocks.
            None => match self.content.characters_before.last() {
                Some(before) => before + characters(&self.content.text.as_bytes()[(block - 1) * BLOCK..offset]),
                None => 0,
            },
        }
    }

    /// The line that an offset stands in, as [`Source::line`] has it, and the offset from its start.
    pub(crate) fn line_around(&self, offset: usize) -> (&str, usize) {
        let number = self.location(offset).line;
        let line = self.line(number);
        let start = self.content.line_starts[number - 1];
        // A byte order mark is no part of the line.
        let text = &self.content.text[start..];
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut at = offset.saturating_sub(start + mark).min(line.len());
        while !line.is_char_boundary(at) {
            at -= 1;
        }
        (line, at)
    }

    /// The text of a line (from 1) without its line break; empty behind the last line.
    #[must_use]
    pub fn line(&self, number: usize) -> &str {
        let Some(&start) = self.content.line_starts.get(number.wrapping_sub(1)) else {
            return "";
        };
        let end = self
            .content
            .line_starts
            .get(number)
            .map_or(self.content.text.len(), |next| next - 1);
        self.content.text[start..end]
            .trim_end_matches('\r')
            .trim_start_matches('\u{feff}')
    }
}

/// How many characters a text has. Over bytes, because the compiler makes that fast, and minified files have one line.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count()
}

fn read_limited(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let file = std::fs::File::open(path)?;
    let length = file.metadata()?.len().min(Source::MAX_BYTES);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(Source::MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may hold credentials.
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("bytes", &self.content.text.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("routes.json", "{\"é\": x}");
        let offset = source.text().find('x').unwrap();
        assert_eq!(source.location(offset), Location { line: 1, column: 7 });
    }

    #[test]
    fn columns_of_a_long_line_are_those_that_counting_gives() {
        for unit in ["x", "é", "日x", "👧"] {
            for length in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
                let text = format!("\u{feff}{}\n{}", unit.repeat(7), unit.repeat(length));
                let source = Source::new("routes.json", text.clone());
                let start = text.find('\n').unwrap() + 1;
                for (column, (at, _)) in text[start..].char_indices().enumerate().step_by(509) {
                    let column = column + 1;
                    assert_eq!(source.location(start + at), Location { line: 2, column });
                }
                let column = text[start..].chars().count() + 1;
                assert_eq!(source.location(text.len()), Location { line: 2, column });
            }
        }
        assert_eq!(Source::new("a", "").location(0), Location { line: 1, column: 1 });
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let source = Source::new("routes.json", "\u{feff}{x");
        assert_eq!(source.location(4), Location { line: 1, column: 2 });
        assert_eq!(source.line(1), "{x");
    }

    #[test]
    fn the_debug_form_does_not_show_the_text() {
        let source = Source::new("aws.config.json", "{\"secret_access_key\": \"hush\"}").secret();
        assert!(!format!("{source:?}").contains("hush"));
    }

    #[test]
    fn a_missing_file_says_what_is_wrong() {
        let error = Source::read(Path::new("no/such/routes.json")).unwrap_err();
        assert_eq!(error.code, Code::Unreadable);
        assert!(error.message.contains("no/such/routes.json"));
    }
}
