//! A value whose keys keep their order, and how it is written.

use crate::tree::{Node, Value};

/// A value of JSON as somebody wrote it: keys in their order, numbers in their digits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Item>),
    Map(Vec<(String, Item)>),
}

/// Longer collections are written line by line.
const LINE: usize = 110;

impl Item {
    /// The value of a node without its places.
    pub(super) fn of(node: &Node<'_>) -> Self {
        match &node.value {
            Value::Null => Item::Null,
            Value::Bool(yes) => Item::Bool(*yes),
            // What is no number of JSON, such as an octal one of YAML, is text.
            Value::Number(digits) if digits.parse::<serde_json::Number>().is_ok() => Item::Number(digits.to_string()),
            Value::Number(text) | Value::String(text) => Item::Text(text.to_string()),
            Value::Array(items) => Item::List(items.iter().map(Item::of).collect()),
            Value::Object(members) => {
                let entries = members
                    .iter()
                    .map(|member| (member.key.to_string(), Item::of(&member.node)));
                Item::Map(entries.collect())
            }
        }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Item::Text(text.into())
    }

    pub(super) fn texts(texts: impl IntoIterator<Item: Into<String>>) -> Self {
        Item::List(texts.into_iter().map(Item::text).collect())
    }

    /// A number where the text is one, else the text: what stands for a number may be a placeholder.
    pub(super) fn number(text: &str) -> Self {
        match text.parse::<u64>() {
            Ok(number) => Item::Number(number.to_string()),
            Err(_) => Item::text(text),
        }
    }

    /// What stands under a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        match self {
            Item::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The keys and values of a map.
    pub(super) fn into_entries(self) -> Vec<(String, Item)> {
        match self {
            Item::Map(entries) => entries,
            _ => Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Item::Null => true,
            Item::List(items) => items.is_empty(),
            Item::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// On one line.
    pub(super) fn compact(&self) -> String {
        let mut text = String::new();
        self.write_flow(&mut text);
        text
    }

    /// As JSON for people: what fits on a line stands on a line.
    pub(super) fn to_json(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text.push('\n');
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        let before = text.len() - text.rfind('\n').map_or(0, |at| at + 1);
        let flow = self.compact();
        if before + flow.len() <= LINE {
            text.push_str(&flow);
            return;
        }
        let indent = |text: &mut String, depth: usize| {
            text.push('\n');
            text.extend(std::iter::repeat_n("  ", depth));
        };
        match self {
            Item::List(items) if !items.is_empty() => {
                text.push('[');
                for (number, item) in items.iter().enumerate() {
                    text.push_str(if number > 0 { "," } else { "" });
                    indent(text, depth + 1);
                    item.write(text, depth + 1);
                }
                indent(text, depth);
                text.push(']');
            }
            Item::Map(entries) if !entries.is_empty() => {
                text.push('{');
                for (number, (key, item)) in entries.iter().enumerate() {
                    text.push_str(if number > 0 { "," } else { "" });
                    indent(text, depth + 1);
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    item.write(text, depth + 1);
                }
                indent(text, depth);
                text.push('}');
            }
            _ => text.push_str(&flow),
        }
    }

    fn write_flow(&self, text: &mut String) {
        match self {
            Item::Null => text.push_str("null"),
            Item::Bool(yes) => text.push_str(if *yes { "true" } else { "false" }),
            Item::Number(digits) => text.push_str(digits),
            Item::Text(words) => text.push_str(&quoted(words)),
            Item::List(items) => {
                text.push('[');
                for (number, item) in items.iter().enumerate() {
                    text.push_str(if number > 0 { ", " } else { "" });
                    item.write_flow(text);
                }
                text.push(']');
            }
            Item::Map(entries) => {
                text.push('{');
                for (number, (key, item)) in entries.iter().enumerate() {
                    text.push_str(if number > 0 { ", " } else { "" });
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    item.write_flow(text);
                }
                text.push('}');
            }
        }
    }
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A map that is put together, without what is not there.
#[derive(Debug, Default)]
pub(super) struct Entries(pub(super) Vec<(String, Item)>);

impl Entries {
    pub(super) fn put(&mut self, key: &str, value: impl Into<Option<Item>>) {
        if let Some(value) = value.into() {
            self.0.push((key.to_owned(), value));
        }
    }

    /// The same, unless it is empty.
    pub(super) fn fill(&mut self, key: &str, value: Item) {
        if !value.is_empty() {
            self.put(key, value);
        }
    }

    pub(super) fn text(&mut self, key: &str, value: Option<&str>) {
        self.put(key, value.map(Item::text));
    }

    /// Adds keys that are there.
    pub(super) fn extend(&mut self, keys: &[(&'static str, Item)]) {
        self.0
            .extend(keys.iter().map(|(key, item)| ((*key).to_owned(), item.clone())));
    }

    pub(super) fn item(self) -> Item {
        Item::Map(self.0)
    }
}

impl From<serde_json::Value> for Item {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Item::Null,
            Value::Bool(yes) => Item::Bool(yes),
            Value::Number(number) => Item::Number(number.to_string()),
            Value::String(text) => Item::Text(text),
            Value::Array(items) => Item::List(items.into_iter().map(Item::from).collect()),
            Value::Object(entries) => Item::Map(entries.into_iter().map(|(key, value)| (key, value.into())).collect()),
        }
    }
}
