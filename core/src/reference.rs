//! References such as `${stageVariables.host}`: places of a text that are filled in later.
//!
//! The one parser for them, wherever they may stand.

use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Source;
use crate::tree::{self, nearest};

/// What a reference may begin with. API Gateway fills in variables of the stage, when a request comes
/// ([stage variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html)),
/// and bluegate those of the file, before the document is written.
const PREFIXES: [&str; 2] = [STAGE_VARIABLES, FILE_VARIABLES];
const STAGE_VARIABLES: &str = "stageVariables";
const FILE_VARIABLES: &str = "var";

/// The longest name of a stage variable
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const LONGEST_NAME: usize = 64;

/// What names of stage variables are, for people.
pub(crate) const VARIABLE_NAMES: &str = "a name is made of letters, digits and `_`, 64 at most";

/// Whether a text can be the name of a stage variable: "names with only word characters", as API Gateway says.
pub(crate) fn is_variable_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(fits)
}

/// Whether a text can be the name in `${var.NAME}`. Names of other tools fit, such as `AWS::Region` or `module.api.arn`.
pub(crate) fn is_file_variable_name(name: &str) -> bool {
    let begins = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    name.bytes().next().is_some_and(begins) && name.bytes().all(fits)
}

/// What is wrong with something that looks like a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    /// What is wrong, as the end of a sentence about the key.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) help: String,
    /// Whether there is no `$`: a brace, and perhaps no reference at all.
    pub(crate) is_bare: bool,
}

/// A text with its references.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct References<'a> {
    /// The stage variables that it names, in order.
    pub(crate) variables: Vec<&'a str>,
    /// The variables of the file that are not filled in yet, in order.
    pub(crate) unfilled: Vec<&'a str>,
    /// What nothing fills in.
    pub(crate) flaws: Vec<Flaw>,
    /// Whether it is one reference and nothing else.
    pub(crate) is_whole: bool,
}

/// The stage variables that a text refers to.
///
/// ```
/// let url = "https://${stageVariables.host}/${stageVariables.base}/users";
/// assert_eq!(bluegate_core::stage_variables(url), ["host", "base"]);
/// ```
#[must_use]
pub fn stage_variables(text: &str) -> Vec<&str> {
    References::of(text).variables
}

/// Texts with a variable that has no name: nothing can be filled in there, whatever the text is for.
pub(crate) fn unnamed_variables(source: &Source) -> Vec<Diagnostic> {
    let is_unnamed = |text: &str| {
        let mut names = text.split("${var.").skip(1);
        names.any(|rest| rest.trim_start().starts_with('}'))
    };
    if !is_unnamed(source.text()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(root) = tree::parse(source, &mut Diagnostics::new()) {
        tree::each_text(&root, &mut |text, span| {
            if is_unnamed(text) {
                let told = Diagnostic::new(Code::Reference, "`${var.}` names no variable").at(span);
                found.push(
                    told.with_help("write its name, `${var.NAME}`, and its value under `variables` of the AWS file"),
                );
            }
        });
    }
    found
}

impl<'a> References<'a> {
    /// Looks through a text.
    pub(crate) fn of(text: &'a str) -> Self {
        let mut references = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find(['$', '{', '}']) {
            let before = &rest[..at];
            rest = &rest[at..];
            let length = if rest.starts_with("${") {
                references.braced(rest)
            } else {
                references.stray(rest)
            };
            references.is_whole = before.len() + length == text.len() && references.flaws.is_empty();
            rest = &rest[length..];
        }
        references.is_whole &= references.variables.len() + references.unfilled.len() == 1 && text.starts_with('$');
        references
    }

    fn flaw(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.flaws.push(Flaw {
            message: message.into(),
            help: help.into(),
            is_bare: false,
        });
    }

    /// Something that begins with `${`. Returns how long it is.
    fn braced(&mut self, text: &'a str) -> usize {
        let inner = &text[2..];
        let Some(end) = inner.find(['{', '}']).filter(|&at| inner[at..].starts_with('}')) else {
            let written = inner.find(['{', '$', '}', '/', ':']).map_or(inner, |end| &inner[..end]);
            if inner[written.len()..].starts_with(['{', '$']) {
                self.flaw(
                    "has a reference inside of another one",
                    "write one variable for the whole: nothing is filled in twice",
                );
                return nested(text);
            }
            self.flaw(
                "has a `${` that is never closed",
                format!("write `${{{}}}`", shortened(written)),
            );
            return 2 + written.len();
        };
        let written = &inner[..end];
        match written.split_once('.') {
            Some((STAGE_VARIABLES, name)) if is_variable_name(name) => self.variables.push(name),
            Some((FILE_VARIABLES, name)) if is_file_variable_name(name) => self.unfilled.push(name),
            Some((FILE_VARIABLES, name)) => self.flaw(
                format!("refers to `{}`, which no variable can be named", shortened(name)),
                "a name is made of letters, digits, `_`, `.`, `:` and `-`, and does not begin with a digit",
            ),
            Some((STAGE_VARIABLES, name)) => self.flaw(
                format!("refers to `{}`, which no stage variable can be named", shortened(name)),
                VARIABLE_NAMES,
            ),
            parts => {
                let (prefix, name) = parts.unwrap_or(("", written));
                let name = name.trim();
                let name = if is_variable_name(name) { name } else { "name" };
                let near = nearest(prefix.trim(), PREFIXES).unwrap_or(STAGE_VARIABLES);
                self.flaw(
                    format!("refers to `{}`, which nothing fills in", shortened(written)),
                    format!("write the text itself, or a stage variable: `${{{near}.{name}}}`"),
                );
            }
        }
        2 + end + 1
    }

    /// A `$` without a brace, or a brace without a `$`. Returns how long it is.
    fn stray(&mut self, text: &'a str) -> usize {
        let marks = text.len() - text.trim_start_matches(['$', '{']).len();
        let word = &text[marks.max(1)..];
        let word = &word[..word
            .find(|c: char| !c.is_ascii_alphanumeric() && !"._".contains(c))
            .unwrap_or(word.len())];
        let (prefix, name) = word.split_once('.').unwrap_or((word, ""));
        let is_meant = nearest(prefix, PREFIXES).is_some() && !name.is_empty();
        let closes = text[marks.max(1) + word.len()..]
            .bytes()
            .take_while(|byte| *byte == b'}')
            .count();
        if is_meant {
            self.flaw(
                "has a reference without its `${…}`",
                format!("write `${{{STAGE_VARIABLES}.{name}}}`"),
            );
            return marks.max(1) + word.len() + closes;
        }
        if text.starts_with(['{', '}']) {
            self.flaws.push(Flaw {
                message: "holds a variable that nothing fills".to_owned(),
                help: "write the text itself, or a stage variable: `${stageVariables.name}`".to_owned(),
                is_bare: true,
            });
            return marks.max(1) + word.len() + closes;
        }
        1
    }
}

/// How long a reference with others inside is.
fn nested(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// Whether a text is a function of CloudFormation whose text is not known: an import leaves it as it is written.
pub(crate) fn is_function(text: &str) -> bool {
    text.starts_with("{\"Fn::")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(text: &str) -> String {
        let found = References::of(text);
        assert_eq!(found.flaws.len(), 1, "{text}: {found:?}");
        assert!(!found.is_whole, "{text}");
        found.flaws[0].help.clone()
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        for (text, variables, is_whole) in [
            ("https://backend.example.com/", &[][..], false),
            ("${stageVariables.link}", &["link"], true),
            ("x${stageVariables.link}", &["link"], false),
            ("${stageVariables.a}${stageVariables.b_2}", &["a", "b_2"], false),
            (
                "http://${stageVariables.host}:${stageVariables.port}/v1",
                &["host", "port"],
                false,
            ),
            ("https://example.com/$x/$", &[], false),
            ("", &[], false),
        ] {
            let found = References::of(text);
            assert_eq!(found.flaws, [], "{text}");
            assert_eq!(found.variables, variables, "{text}");
            assert_eq!(found.is_whole, is_whole, "{text}");
        }
    }

    #[test]
    fn what_nothing_fills_in_is_told_with_what_is_meant() {
        for (text, meant) in [
            ("http://${stageVariable.host}", "`${stageVariables.host}`"),
            ("http://${stagevariables.host}/", "`${stageVariables.host}`"),
            ("http://${stage_variables.host}", "`${stageVariables.host}`"),
            ("http://${ stageVariables.host }", "`${stageVariables.host}`"),
            ("http://${host}", "`${stageVariables.host}`"),
            ("http://${env.HOST}", "`${stageVariables.HOST}`"),
            ("http://${}", "`${stageVariables.name}`"),
            ("http://${stageVariables}", "`${stageVariables."),
            ("http://${stageVariables.host/v1", "write `${stageVariables.host}`"),
            ("http://${stageVariables.host", "write `${stageVariables.host}`"),
            ("http://{stageVariables.host}/", "write `${stageVariables.host}`"),
            ("http://{{stageVariables.host}}/", "write `${stageVariables.host}`"),
            ("http://$stageVariables.host/", "write `${stageVariables.host}`"),
            ("http://${stageVariables.}", VARIABLE_NAMES),
            ("http://${stageVariables.a-b}", VARIABLE_NAMES),
            ("http://${stageVariables.a.b}", VARIABLE_NAMES),
            (
                "http://${stageVariables.${stageVariables.x}}",
                "one variable for the whole",
            ),
            ("http://{basePath}/", "the text itself"),
            ("http://a}/", "the text itself"),
        ] {
            let help = help(text);
            assert!(help.contains(meant), "{text}: {help}");
        }
        let long = format!("${{stageVariables.{}}}", "x".repeat(65));
        assert_eq!(help(&long), VARIABLE_NAMES);
    }

    #[test]
    fn each_flaw_is_found() {
        let found = References::of("http://${stageVariable.a}/${stageVariables.b}/${c}");
        assert_eq!(found.flaws.len(), 2);
        assert_eq!(found.variables, ["b"]);
    }

    #[test]
    fn no_text_is_too_strange() {
        for text in [
            "${", "$", "{", "}", "$${", "${}}", "${$", "{${é", "${é}", "}}}}", "${{${{",
        ] {
            let _ = References::of(text);
        }
    }
}
