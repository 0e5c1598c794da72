//! Reading a text that tools may still have to fill in.

use super::plain::Plain;
use super::unfilled::{self, Readable};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::{self, Node};

/// So many brackets are put where YAML wants them before a text is given up.
const MAX_REPAIRS: usize = 200;

/// Reads a document and makes it plain.
pub(super) fn parse(original: &str, plain: &mut Plain, found: &mut Diagnostics) -> Option<Node<'static>> {
    let mut text = original.to_owned();
    let mut readable = None;
    for _ in 0..MAX_REPAIRS {
        let mut syntax = Diagnostics::new();
        let root = tree::parse_foreign(&text, &mut syntax).map(|root| plain.node(&root));
        let at = syntax
            .iter()
            .find(|one| one.is_error() && one.code != Code::DuplicateKey);
        let Some(error) = at else {
            // Every reader of such files takes the last one.
            for one in &syntax {
                found.push(one.clone().as_warning());
            }
            for one in readable
                .iter()
                .flat_map(|readable: &Readable| readable.findings(original))
            {
                found.push(one);
            }
            return root;
        };
        if let Some(repaired) = error.span.and_then(|span| with_bracket_before(&text, span.start)) {
            text = repaired;
        } else if readable.is_none()
            && let Some(made) = Readable::of(&text)
        {
            text.clone_from(&made.text);
            plain.unfilled.clone_from(&made.values);
            readable = Some(made);
        } else if let Some(root) = tree::parse_flow(original) {
            plain.unfilled.clear();
            return Some(plain.node(&root));
        } else {
            match unfilled::refusal(original, error.span) {
                Some(told) => found.push(told),
                None => found.extend(syntax),
            }
            return None;
        }
    }
    found.push(Diagnostic::new(
        Code::BadSyntax,
        "too many brackets are indented less than what they belong to",
    ));
    None
}

/// The text with a bracket or a quote that begins a line at the end of the line before. YAML 1.2 wants it deeper than the
/// key that it belongs to, and most readers do not care. No byte moves.
fn with_bracket_before(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind('\n')? + 1;
    let line = &text[start..];
    let before = text[..start - 1].rsplit('\n').next().unwrap_or_default();
    let is_bracket = line
        .trim_start_matches([' ', '\t'])
        .starts_with(['}', ']', '{', '[', '"']);
    if !is_bracket || before.contains('#') || before.trim().is_empty() {
        return None;
    }
    let mut repaired = text.to_owned();
    repaired.replace_range(start - 1..start, " ");
    Some(repaired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::item::Item;

    fn read(text: &str) -> (Option<String>, Diagnostics) {
        let mut found = Diagnostics::new();
        let node = parse(text, &mut Plain::default(), &mut found);
        (node.map(|node| Item::of(&node).compact()), found)
    }

    fn read_well(text: &str) -> String {
        let (value, found) = read(text);
        assert!(!found.has_errors(), "{text}: {found:?}");
        value.expect("a value")
    }

    #[test]
    fn functions_that_make_a_text_are_the_text() {
        for (text, plain) in [
            ("a: !Sub 'x-${A}'", r#"{"a": "x-${A}"}"#),
            ("a: {'Fn::Sub': ['${A}-${B}', {B: y}]}", r#"{"a": "${A}-y"}"#),
            ("a: !Sub '${!Literal}'", r#"{"a": "${Literal}"}"#),
            ("a: !Ref B", r#"{"a": "${B}"}"#),
            ("a: !GetAtt B.Arn", r#"{"a": "${B.Arn}"}"#),
            ("a: {'Fn::GetAtt': [B, Arn]}", r#"{"a": "${B.Arn}"}"#),
            ("a: {'Fn::Join': ['', [x, {Ref: B}]]}", r#"{"a": "x${B}"}"#),
            ("a: !If [C, x, !Ref B]", r#"{"a": {"Fn::If": ["C", "x", "${B}"]}}"#),
        ] {
            assert_eq!(read_well(text), plain);
        }
    }

    #[test]
    fn merge_keys_and_anchors_are_written_out() {
        assert_eq!(
            read_well("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n"),
            r#"{"x": {"a": 1, "b": 2}, "y": {"b": 3, "a": 1}}"#
        );
    }

    #[test]
    fn yaml_in_braces_is_read_although_it_is_no_json() {
        for (text, plain) in [
            ("{a: 1, b: [x, y]}\n", r#"{"a": 1, "b": ["x", "y"]}"#),
            ("{\n  \"a\": 1, # why\n  \"b\": {},\n}\n", r#"{"a": 1, "b": {}}"#),
            ("{\"a\": ${x}, \"b\": {{ y }}}", r#"{"a": "${x}", "b": "{{ y }}"}"#),
        ] {
            assert_eq!(read_well(text), plain);
        }
        let (value, found) = read("{\"a\": 1");
        assert!(value.is_none() && found.has_errors());
    }

    #[test]
    fn marks_and_line_breaks_of_other_systems_mean_nothing() {
        assert_eq!(read_well("\u{feff}a: 1\r\nb: x\r\n"), r#"{"a": 1, "b": "x"}"#);
        assert_eq!(read_well("\u{feff}{\"a\": 1}"), r#"{"a": 1}"#);
    }

    #[test]
    fn the_last_of_a_key_that_stands_twice_counts_and_is_told() {
        let (value, found) = read("a: 1\na: 2\n");
        assert_eq!(value.as_deref(), Some(r#"{"a": 2}"#));
        assert_eq!((found.errors(), found.warnings()), (0, 1));
    }

    #[test]
    fn booleans_are_those_of_the_tools_of_aws() {
        assert_eq!(
            read_well("a: [Yes, off, 'Yes', y]"),
            r#"{"a": [true, false, "Yes", "y"]}"#
        );
    }

    #[test]
    fn a_bracket_may_stand_where_its_key_does() {
        assert_eq!(
            read_well("a:\n  b: {\n    c: 1\n  }\n  d: 2\n"),
            r#"{"a": {"b": {"c": 1}, "d": 2}}"#
        );
        assert_eq!(
            read_well("a:\n  b: {\n  \"c\": {\n  \"e\": 1 }\n}\n  d: 2\n"),
            r#"{"a": {"b": {"c": {"e": 1}}, "d": 2}}"#
        );
    }

    #[test]
    fn what_a_tool_fills_in_is_read_without_quotes_too() {
        assert_eq!(
            read_well("{\"a\": ${x}, \"b\": {\"c\": {{ y }}}}"),
            r#"{"a": "${x}", "b": {"c": "{{ y }}"}}"#
        );
        let (value, found) = read("a: {{ host }}/x\n{{ range y }}\nb: 2\n{{ end }}\n");
        assert_eq!(value.as_deref(), Some(r#"{"a": "{{ host }}/x", "b": 2}"#));
        let told: Vec<_> = found.iter().map(|one| one.code).collect();
        assert_eq!(told, [Code::LostPart, Code::LostPart]);
    }

    #[test]
    fn a_text_that_a_tool_has_to_fill_in_first_is_refused_with_its_place() {
        for (text, mark) in [
            ("{\n \"a\": 1\n %{ if x }\n \"b\": 2\n %{ endif }\n}", "%{ if x }"),
            ("a: 1\n{{ range }} b\nb: 2\n", "{{ range }} b"),
            ("a: x ::require::x.json:: y: z\n", "::require::x.json:: y: z"),
        ] {
            let (value, found) = read(text);
            assert_eq!(value, None);
            let one = found.iter().next().expect("a finding");
            let span = one.span.expect("a place");
            assert_eq!((one.code, &text[span.start..span.end]), (Code::ForeignDocument, mark));
        }
    }
}
