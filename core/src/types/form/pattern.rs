//! Patterns that mean the same to everybody.

/// Whether a pattern means the same in Rust, in JavaScript and in Java: no flags, no names, no classes of Unicode.
pub(super) fn is_portable(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(at) = rest.find(['(', '\\', '[']) {
        let found = &rest[at + 1..];
        let (is_plain, length) = match &rest[at..=at] {
            "(" => (
                !found.starts_with('?') || ["?:", "?=", "?!"].iter().any(|plain| found.starts_with(plain)),
                0,
            ),
            "[" => (!found.starts_with("[:"), 0),
            _ => (
                !found.starts_with(['p', 'P', 'A', 'z', 'Z', 'x', 'u', 'U', 'Q', 'G', 'h', 'k', '<']),
                found.chars().next().map_or(0, char::len_utf8),
            ),
        };
        if !is_plain {
            return false;
        }
        rest = &found[length..];
    }
    !pattern.contains("&&") && !pattern.contains("--") && fancy_regex::Regex::new(pattern).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_names_and_classes_of_unicode_are_not_portable() {
        for (pattern, expected) in [
            ("^[a-z]{2}(?:-[A-Z]{2})?$", true),
            (r"^\d+\(\\p$", true),
            ("(?=a)(?!b)", true),
            ("(?i)a", false),
            ("(?P<year>a)", false),
            (r"\p{L}", false),
            (r"a\z", false),
            ("[[:alpha:]]", false),
            ("[a-z&&[^b]]", false),
            ("(", false),
        ] {
            assert_eq!(is_portable(pattern), expected, "{pattern}");
        }
    }
}
