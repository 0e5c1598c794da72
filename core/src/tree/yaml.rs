//! YAML 1.2 with places, core schema: `true`, `false`, `null`, `~`, numbers and text.
//!
//! Anchors and aliases work, within a budget: an alias is a copy, and copies of copies can fill any memory.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use super::{EMPTY_HELP, MAX_DEPTH, Member, Node, Tags, Value, check_duplicates, too_deep};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;

/// Values in one file, copies by alias included.
const MAX_NODES: usize = 2_000_000;

/// What the scanner says of lists in lists beyond what it counts.
const TOO_DEEP: &str = "recursion limit exceeded";

/// The rest of the file cannot be read, and why has been said.
struct GiveUp;

pub(super) fn parse<'a>(text: &'a str, tags: Tags, found: &mut Diagnostics) -> Option<Node<'a>> {
    let stripped = text.trim_start_matches('\u{feff}');
    let mut reader = Reader {
        events: Parser::new_from_str(stripped),
        offsets: Offsets::new(stripped, text.len() - stripped.len()),
        anchors: HashMap::new(),
        nodes: 0,
        last: Span::default(),
        tags,
        found,
    };
    reader.document().ok().flatten()
}

/// Byte offsets of the character offsets that the scanner counts in. Markers come in order, mostly.
struct Offsets<'a> {
    text: &'a str,
    shift: usize,
    ascii: bool,
    characters: usize,
    bytes: usize,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str, shift: usize) -> Self {
        Self {
            text,
            shift,
            ascii: text.is_ascii(),
            characters: 0,
            bytes: 0,
        }
    }

    fn byte(&mut self, marker: Marker) -> usize {
        let wanted = marker.index();
        if self.ascii {
            return self.shift + wanted.min(self.text.len());
        }
        if wanted < self.characters {
            self.characters = 0;
            self.bytes = 0;
        }
        let skipped: usize = self.text[self.bytes..]
            .chars()
            .take(wanted - self.characters)
            .map(char::len_utf8)
            .sum();
        self.bytes += skipped;
        self.characters = wanted;
        self.shift + self.bytes
    }
}

struct Reader<'a, 'f> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    offsets: Offsets<'a>,
    /// What each anchor stands for, and how deep it is nested.
    anchors: HashMap<usize, (Node<'a>, usize)>,
    nodes: usize,
    last: Span,
    tags: Tags,
    found: &'f mut Diagnostics,
}

/// A collection that is being read.
struct Open<'a> {
    start: usize,
    anchor: usize,
    tag: Option<Cow<'a, Tag>>,
    entries: Entries<'a>,
}

enum Entries<'a> {
    List(Vec<Node<'a>>),
    /// With the key whose value comes next.
    Map(Vec<Member<'a>>, Option<(Cow<'a, str>, Span)>),
}

impl<'a> Reader<'a, '_> {
    fn document(&mut self) -> Result<Option<Node<'a>>, GiveUp> {
        let mut root = None;
        let mut open: Vec<Open<'a>> = Vec::new();
        let mut documents = 0;
        while let Some((event, span)) = self.next()? {
            let node = match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        self.refuse(
                            Code::BadSyntax,
                            "the file holds more than one document",
                            "keep one",
                            span,
                        );
                        return Err(GiveUp);
                    }
                    continue;
                }
                Event::SequenceStart(anchor, tag) => {
                    self.descend(&open, span)?;
                    open.push(Open {
                        start: span.start,
                        anchor,
                        tag,
                        entries: Entries::List(Vec::new()),
                    });
                    continue;
                }
                Event::MappingStart(anchor, tag) => {
                    self.descend(&open, span)?;
                    open.push(Open {
                        start: span.start,
                        anchor,
                        tag,
                        entries: Entries::Map(Vec::new(), None),
                    });
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Some(closed) = open.pop() else { continue };
                    self.close(closed)
                }
                Event::Scalar(text, style, anchor, tag) => {
                    // What a tag of a program stands before is text for that program.
                    let is_text = tag.as_ref().is_some_and(|tag| tag.suffix == "str" || self.keeps(tag));
                    let value = if style == ScalarStyle::Plain && !is_text {
                        match self.tags {
                            Tags::Dropped => plain(text),
                            Tags::Kept => plain_1_1(text),
                        }
                    } else {
                        Value::String(text)
                    };
                    let node = self.tagged(Node { span, value }, tag);
                    self.remember(anchor, &node);
                    node
                }
                Event::Alias(anchor) => self.alias(anchor, open.len(), span)?,
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => continue,
            };
            self.nodes += 1;
            match open.last_mut().map(|open| &mut open.entries) {
                None => root = Some(node),
                Some(Entries::List(items)) => items.push(node),
                Some(Entries::Map(members, key)) => match key.take() {
                    Some((key, key_span)) => members.push(Member { key, key_span, node }),
                    None => match key_text(&node) {
                        Some(text) => *key = Some((text, node.span)),
                        None => {
                            self.refuse(Code::BadSyntax, "a key must be plain text", "write `key: value`", span);
                            return Err(GiveUp);
                        }
                    },
                },
            }
        }
        if root.is_none() {
            self.refuse(Code::BadSyntax, "the file is empty", EMPTY_HELP, Span::default());
        }
        Ok(root)
    }

    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, GiveUp> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok((event, span))) => {
                let start = self.offsets.byte(span.start);
                let end = self.offsets.byte(span.end).max(start);
                self.last = Span::new(start, end);
                Ok(Some((event, self.last)))
            }
            Some(Err(error)) => {
                self.syntax_error(&error);
                Err(GiveUp)
            }
        }
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let at = self.offsets.byte(*error.marker());
        if error.info() == TOO_DEEP {
            return self.found.push(too_deep(Span::new(at, at)));
        }
        self.refuse(
            Code::BadSyntax,
            &format!("this is not YAML: {}", error.info()),
            "check the indentation and the quotes; text with `: `, `#`, `{` or `[` needs quotes",
            Span::new(at, at),
        );
    }

    fn refuse(&mut self, code: Code, message: &str, help: &str, span: Span) {
        self.found.push(Diagnostic::new(code, message).at(span).with_help(help));
    }

    fn descend(&mut self, open: &[Open<'a>], span: Span) -> Result<(), GiveUp> {
        if open.len() == MAX_DEPTH {
            self.found.push(too_deep(span));
            return Err(GiveUp);
        }
        Ok(())
    }

    fn close(&mut self, closed: Open<'a>) -> Node<'a> {
        let (last, value) = match closed.entries {
            Entries::List(items) => (items.last().map(|item| item.span), Value::Array(items)),
            Entries::Map(members, _) => {
                check_duplicates(&members, self.found);
                (members.last().map(|member| member.node.span), Value::Object(members))
            }
        };
        // The end event of a block collection stands at what follows it: the last value is where it ends.
        let end = last.unwrap_or(self.last).end.max(closed.start);
        let span = Span::new(closed.start, end);
        let node = self.tagged(Node { span, value }, closed.tag);
        self.remember(closed.anchor, &node);
        node
    }

    /// Whether a tag is one of a program's own, such as `!Sub`, and wanted.
    fn keeps(&self, tag: &Tag) -> bool {
        self.tags == Tags::Kept && tag.handle == "!" && !tag.suffix.is_empty()
    }

    /// A value behind a tag of a program as an object of one key: `!Sub x` is `{"!Sub": "x"}`.
    fn tagged(&self, node: Node<'a>, tag: Option<Cow<'a, Tag>>) -> Node<'a> {
        match tag {
            Some(tag) if self.keeps(&tag) => Node {
                span: node.span,
                value: Value::Object(vec![Member {
                    key: Cow::Owned(format!("!{}", tag.suffix)),
                    key_span: node.span,
                    node,
                }]),
            },
            _ => node,
        }
    }

    fn remember(&mut self, anchor: usize, node: &Node<'a>) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), height(node)));
        }
    }

    fn alias(&mut self, anchor: usize, depth: usize, span: Span) -> Result<Node<'a>, GiveUp> {
        let Some((node, height)) = self.anchors.get(&anchor) else {
            self.refuse(
                Code::BadSyntax,
                "this alias refers to a value that holds it",
                "write the value out",
                span,
            );
            return Err(GiveUp);
        };
        if depth + height > MAX_DEPTH {
            self.found.push(too_deep(span));
            return Err(GiveUp);
        }
        self.nodes += count(node);
        if self.nodes > MAX_NODES {
            self.refuse(
                Code::TooLarge,
                "aliases multiply the file beyond what an API can need",
                "write the values out",
                span,
            );
            return Err(GiveUp);
        }
        let mut copy = node.clone();
        copy.span = span;
        Ok(copy)
    }
}

/// How many collections stand in each other, at most.
fn height(node: &Node<'_>) -> usize {
    match &node.value {
        Value::Array(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        Value::Object(members) => 1 + members.iter().map(|member| height(&member.node)).max().unwrap_or(0),
        _ => 0,
    }
}

fn count(node: &Node<'_>) -> usize {
    match &node.value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(members) => 1 + members.iter().map(|member| count(&member.node)).sum::<usize>(),
        _ => 1,
    }
}

/// What a plain scalar means in the core schema ([YAML 1.2.2, 10.3.2](https://yaml.org/spec/1.2.2/#1032-tag-resolution)).
fn plain(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(&text) => Value::Number(text),
        _ => Value::String(text),
    }
}

/// The same in YAML 1.1 ([booleans](https://yaml.org/type/bool.html)), which the tools of AWS read: a text that was not
/// meant to be a boolean has been one so far.
fn plain_1_1(text: Cow<'_, str>) -> Value<'_> {
    match &*text {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => Value::Bool(false),
        _ => plain(text),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']);
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}

fn key_text<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Value::Null => Some(Cow::Borrowed("")),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<Node<'_>>, Diagnostics) {
        let mut found = Diagnostics::new();
        let node = parse(text, Tags::Dropped, &mut found);
        (node, found)
    }

    fn member<'n, 'a>(node: &'n Node<'a>, key: &str) -> &'n Node<'a> {
        let Value::Object(members) = &node.value else {
            panic!("no object: {node:?}")
        };
        &members.iter().find(|member| member.key == key).unwrap().node
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let (node, found) = read("a: true\nb: ~\nc: 12\nd: yes\ne: \"true\"\nf: 1.2.3\ng: !!str 5\nh:\n");
        assert!(found.is_empty(), "{found:?}");
        let node = node.unwrap();
        assert_eq!(member(&node, "a").value, Value::Bool(true));
        assert_eq!(member(&node, "b").value, Value::Null);
        assert_eq!(member(&node, "c").value, Value::Number("12".into()));
        assert_eq!(member(&node, "d").value, Value::String("yes".into()));
        assert_eq!(member(&node, "e").value, Value::String("true".into()));
        assert_eq!(member(&node, "f").value, Value::String("1.2.3".into()));
        assert_eq!(member(&node, "g").value, Value::String("5".into()));
        assert_eq!(member(&node, "h").value, Value::Null);
    }

    #[test]
    fn places_are_byte_offsets_also_behind_other_letters() {
        let text = "\u{feff}# é\nkey: válue\nnext: x\n";
        let (node, _) = read(text);
        let span = member(&node.unwrap(), "next").span;
        assert_eq!(&text[span.start..span.end], "x");
    }

    #[test]
    fn an_alias_is_a_copy_at_its_own_place() {
        let text = "a: &one [1, 2]\nb: *one\n";
        let (node, found) = read(text);
        assert!(found.is_empty());
        let node = node.unwrap();
        assert_eq!(member(&node, "a").value, member(&node, "b").value);
        assert_eq!(member(&node, "b").span.start, text.find('*').unwrap());
    }

    #[test]
    fn copies_of_copies_end_at_the_budget() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
        }
        let (_, found) = read(&text);
        assert!(found.iter().any(|found| found.code == Code::TooLarge));
    }

    #[test]
    fn aliases_do_not_nest_deeper_than_values() {
        let mut text = String::from("a0: &a0 x\n");
        for level in 1..2000 {
            let (open, close) = ("[".repeat(40), "]".repeat(40));
            text.push_str(&format!("a{level}: &a{level} {open}*a{}{close}\n", level - 1));
        }
        let (_, found) = read(&text);
        assert_eq!(found.iter().next().unwrap().code, Code::TooLarge);
    }

    #[test]
    fn hopeless_texts_are_refused_with_a_place() {
        for text in [
            "",
            "# only a comment\n",
            "a: [1",
            "a: b: c",
            "a: \"x",
            "? [a]\n: 1",
            "--- 1\n--- 2\n",
            "a: *nope",
        ] {
            let (_, found) = read(text);
            assert!(found.has_errors(), "{text:?} passed");
            assert!(found.iter().all(|found| found.span.is_some()), "{text:?}");
        }
    }

    #[test]
    fn deep_nesting_ends_before_the_stack_does() {
        for text in ["[".repeat(20_000), "{a: ".repeat(20_000), "- ".repeat(20_000)] {
            let (_, found) = read(&text);
            assert_eq!(found.iter().next().unwrap().code, Code::TooLarge, "{}", &text[..4]);
        }
    }
}
