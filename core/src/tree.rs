//! A file as a tree in which every value knows where it was written.

mod json;
mod suggest;
#[cfg(feature = "yaml")]
mod yaml;

pub use suggest::nearest;

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::pointer::escape;
use crate::source::{Source, Syntax};
use crate::span::Span;

/// Values nested deeper than this are refused: no file of bluegate's needs more than nine levels.
pub(crate) const MAX_DEPTH: usize = 64;

/// After this many errors of syntax the rest of a file says nothing more.
pub(crate) const MAX_SYNTAX_ERRORS: usize = 20;

/// A value and its place. Text is borrowed from the file where it stands there as it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    pub(crate) span: Span,
    pub(crate) value: Value<'a>,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A number, as it was written.
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

/// A key of an object with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) key_span: Span,
    pub(crate) node: Node<'a>,
}

impl Node<'_> {
    /// The same without a text that it borrows from.
    pub(crate) fn into_owned(self) -> Node<'static> {
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(yes) => Value::Bool(yes),
            Value::Number(number) => Value::Number(Cow::Owned(number.into_owned())),
            Value::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Value::Array(items) => Value::Array(items.into_iter().map(Node::into_owned).collect()),
            Value::Object(members) => {
                let members = members.into_iter().map(|member| Member {
                    key: Cow::Owned(member.key.into_owned()),
                    key_span: member.key_span,
                    node: member.node.into_owned(),
                });
                Value::Object(members.collect())
            }
        };
        Node { span: self.span, value }
    }
}

impl Value<'_> {
    /// The type with its article, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

/// What becomes of the tags that programs give to values of YAML, such as `!Sub` of CloudFormation.
#[cfg(feature = "yaml")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tags {
    /// The value is what stands behind the tag.
    Dropped,
    /// The value is an object with the tag as its only key. The file is YAML 1.1, as programs of AWS read it.
    #[cfg_attr(not(feature = "import"), allow(dead_code))]
    Kept,
}

/// Reads a text. The tree is there when something could be made of the text, even if there are errors.
pub(crate) fn parse<'a>(source: &'a Source, found: &mut Diagnostics) -> Option<Node<'a>> {
    match source.syntax() {
        Syntax::Json => json::parse(source.text(), found),
        #[cfg(feature = "yaml")]
        Syntax::Yaml => yaml::parse(source.text(), Tags::Dropped, found),
        #[cfg(not(feature = "yaml"))]
        Syntax::Yaml => {
            found.push(
                Diagnostic::new(Code::Unreadable, "this build does not read YAML")
                    .with_help("switch on the feature `yaml`, or write the file as JSON"),
            );
            None
        }
    }
}

/// Reads a text that was written for other programs: JSON whatever its file is called, and YAML with its tags.
#[cfg(feature = "import")]
pub(crate) fn parse_foreign<'a>(text: &'a str, found: &mut Diagnostics) -> Option<Node<'a>> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') && !start.starts_with("{{") {
        return json::parse(text, found);
    }
    yaml::parse(text, Tags::Kept, found)
}

/// Reads YAML in braces, which is nearly JSON: keys without quotes, a comma at the end. `None` unless it has no fault.
#[cfg(feature = "import")]
pub(crate) fn parse_flow(text: &str) -> Option<Node<'_>> {
    let mut found = Diagnostics::new();
    let root = yaml::parse(text, Tags::Kept, &mut found)?;
    (matches!(root.value, Value::Object(_)) && !found.has_errors()).then_some(root)
}

/// Calls a function with each text and its place.
pub(crate) fn each_text(node: &Node<'_>, each: &mut impl FnMut(&str, Span)) {
    match &node.value {
        Value::String(text) => each(text, node.span),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, each)),
        Value::Object(members) => members.iter().for_each(|member| each_text(&member.node, each)),
        _ => {}
    }
}

/// The JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) of the innermost value around a span.
pub(crate) fn pointer_at(root: &Node<'_>, span: Span) -> String {
    let mut pointer = String::new();
    let mut node = root;
    loop {
        let inner = match &node.value {
            Value::Array(items) => around(items, span, |item| item.span.start, |item| item.span.contains(span))
                .map(|index| (index.to_string(), &items[index])),
            Value::Object(members) => around(
                members,
                span,
                |member| member.key_span.start,
                |member| member.key_span.contains(span) || member.node.span.contains(span),
            )
            .map(|index| (escape(&members[index].key), &members[index].node)),
            _ => None,
        };
        let Some((token, child)) = inner else {
            return pointer;
        };
        pointer.push('/');
        pointer.push_str(&token);
        node = child;
    }
}

/// The index of the entry that holds a span. Entries stand in the order of the file, so that halving finds it, unless
/// an alias of YAML repeats something from elsewhere.
fn around<T>(entries: &[T], span: Span, start: impl Fn(&T) -> usize, holds: impl Fn(&T) -> bool) -> Option<usize> {
    let before = entries.partition_point(|entry| start(entry) <= span.start);
    match before.checked_sub(1) {
        Some(index) if holds(&entries[index]) => Some(index),
        _ => entries.iter().position(holds),
    }
}

/// Objects up to this size are searched key by key: cheaper than a map for the few keys of the format.
const FEW_KEYS: usize = 16;

/// Refuses a key that stands twice in one object.
fn check_duplicates(members: &[Member<'_>], found: &mut Diagnostics) {
    let mut refuse = |member: &Member<'_>, first: Span| {
        found.push(
            Diagnostic::new(
                Code::DuplicateKey,
                format!("the key `{}` stands twice in this object", member.key),
            )
            .at(member.key_span)
            .with_note("the first one is here", first)
            .with_help("remove one of the two"),
        );
    };
    if members.len() <= FEW_KEYS {
        for (number, member) in members.iter().enumerate() {
            if let Some(first) = members[..number].iter().find(|other| other.key == member.key) {
                refuse(member, first.key_span);
            }
        }
        return;
    }
    let mut seen = HashMap::with_capacity(members.len());
    for member in members {
        match seen.entry(&*member.key) {
            Entry::Vacant(entry) => {
                entry.insert(member.key_span);
            }
            Entry::Occupied(first) => refuse(member, *first.get()),
        }
    }
}

/// What to do about a file without anything in it.
const EMPTY_HELP: &str = "`bluegate init` writes files to begin with";

/// The finding for a value that is nested too deeply.
fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        format!("values are nested deeper than {MAX_DEPTH} levels"),
    )
    .at(span)
    .with_help("look for brackets that are never closed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_leads_to_the_innermost_value() {
        let source = Source::new("a.json", r#"{"a/b": [1, {"c": true}]}"#);
        let mut found = Diagnostics::new();
        let root = parse(&source, &mut found).unwrap();
        let at = source.text().find("true").unwrap();
        assert_eq!(pointer_at(&root, Span::new(at, at + 4)), "/a~1b/1/c");
        assert_eq!(pointer_at(&root, Span::new(0, 1)), "");
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_at_the_second() {
        let source = Source::new("a.json", r#"{"a": 1, "b": 2, "a": 3}"#);
        let mut found = Diagnostics::new();
        parse(&source, &mut found);
        let first = found.iter().next().unwrap();
        assert_eq!(first.code, Code::DuplicateKey);
        assert_eq!(first.span.unwrap().start, 17);
    }
}
