//! Regular expressions, which API Gateway reads as Java does
//! ([Pattern](https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html)).

use super::Resolver;
use crate::decode::shortened;
use crate::diagnostic::Code;
use crate::span::Spanned;

impl Resolver<'_> {
    /// Tells a regular expression that no reader understands. What is still to be filled in is not looked at.
    pub(super) fn check_pattern(&mut self, text: &Spanned<String>) {
        let flaw = if text.contains("${") { None } else { flaw(text) };
        if let Some((flaw, help)) = flaw {
            let message = format!("the regular expression `{}` {flaw}", shortened(text));
            self.tell(Code::Pattern, text.span, message, help);
        }
    }
}

/// What is surely wrong with a regular expression, and what to do about it. What depends on the reader is left alone.
fn flaw(pattern: &str) -> Option<(&'static str, &'static str)> {
    const GROUP: &str = "write `\\(` and `\\)` for parentheses that are meant as such";
    let mut characters = pattern.chars().peekable();
    let mut groups = 0_usize;
    let mut is_class = false;
    // Whether something stands before that can be repeated.
    let mut is_after = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                None => return Some(("ends within an escape", "write `\\\\` for a backslash")),
                // From here to `\E` everything is meant as it is written.
                Some('Q') => return None,
                Some(_) => is_after = true,
            },
            // How classes stand in classes depends on the reader.
            '[' if is_class => return None,
            '[' => {
                is_class = true;
                characters.next_if_eq(&'^');
                // A bracket that comes first closes nothing.
                characters.next_if_eq(&']');
            }
            ']' if is_class => (is_class, is_after) = (false, true),
            _ if is_class => {}
            '(' => {
                groups += 1;
                is_after = false;
                characters.next_if_eq(&'?');
            }
            ')' if groups == 0 => return Some(("closes a group that is not open", GROUP)),
            ')' => (groups, is_after) = (groups - 1, true),
            '|' | '^' => is_after = false,
            '*' | '+' | '?' if !is_after => {
                return Some(("repeats nothing", "write `.*` for any text, and `\\*` for an asterisk"));
            }
            _ => is_after = true,
        }
    }
    match (is_class, groups) {
        (true, _) => Some((
            "has a `[` that is never closed",
            "write `\\[` for a bracket that is meant as such",
        )),
        (false, 0) => None,
        (false, _) => Some(("has a `(` that is never closed", GROUP)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_reader_understands_is_told_and_nothing_else() {
        for pattern in [
            "",
            "404",
            "5\\d{2}",
            "(404|410)",
            "^Bearer .+$",
            "[45]\\d\\d",
            ".*\\[Bad\\].*",
            "(?i)a",
            "(?:a)+?",
            "[]a]",
            "[^]]",
            "[()*]",
            "\\Q(\\E",
            "\\(",
            "a++",
            "[a[b]]",
            "(a|)",
            "a{2}",
            "(?=a)b",
            "\\\\",
        ] {
            assert_eq!(flaw(pattern), None, "{pattern}");
        }
        for (pattern, told) in [
            ("*", "repeats nothing"),
            ("*.error", "repeats nothing"),
            ("a|+b", "repeats nothing"),
            ("(*a)", "repeats nothing"),
            ("(404|410", "a `(`"),
            ("404)", "not open"),
            ("[45", "a `[`"),
            ("a\\", "an escape"),
        ] {
            assert!(flaw(pattern).is_some_and(|(flaw, _)| flaw.contains(told)), "{pattern}");
        }
    }
}
