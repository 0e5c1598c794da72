//! Values that are handed on as they are, and texts that may stand in files of their own.

use crate::decode::{Decode, unknown_word, wrong_type};
use crate::diagnostic::Diagnostics;
use crate::span::{Span, Spanned};
use crate::tree::{Node, Value};

/// An object that is handed on as it is, such as a JSON Schema, with its places.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw(pub(crate) Node<'static>);

impl Raw {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// The characters of its compact JSON.
    pub(crate) fn characters(&self) -> usize {
        characters(&self.0)
    }

    /// The last of some keys that lead into it, and where it stands. A key in front of it that holds no object says what
    /// becomes of it, too: in a merge patch, it goes.
    pub(crate) fn key_at(&self, path: &[&str]) -> Option<(String, Span)> {
        let mut node = &self.0;
        let mut last = None;
        for key in path {
            let Value::Object(members) = &node.value else { break };
            let member = members.iter().find(|member| member.key == *key)?;
            last = Some((member.key.clone().into_owned(), member.key_span));
            node = &member.node;
        }
        last
    }

    /// The value of a key, if it is an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Node<'static>> {
        member(&self.0, key)
    }
}

fn characters(node: &Node<'_>) -> usize {
    let quoted = |text: &str| text.chars().count() + text.matches(['"', '\\', '\n']).count() + 2;
    // With the brackets, and what stands between its parts.
    match &node.value {
        Value::Null => 4,
        Value::Bool(yes) => yes.to_string().len(),
        Value::Number(digits) => digits.len(),
        Value::String(text) => quoted(text),
        Value::Array(items) => items.iter().map(|item| characters(item) + 1).sum::<usize>().max(1) + 1,
        Value::Object(members) => {
            let members = members.iter().map(|one| quoted(&one.key) + characters(&one.node) + 2);
            members.sum::<usize>().max(1) + 1
        }
    }
}

fn member<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    match &node.value {
        Value::Object(members) => members
            .iter()
            .find(|member| member.key == key)
            .map(|member| &member.node),
        _ => None,
    }
}

impl Decode for Raw {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Object(_) = &node.value {
            return Some(Self(node.clone().into_owned()));
        }
        found.push(wrong_type(node, "an object").with_help("put it in braces: `{ … }`"));
        None
    }
}

/// A number, or a variable of the file that stands for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// The number.
    Of(u32),
    /// `${var.NAME}`, or what it was filled with.
    Variable(String),
}

impl Amount {
    /// The number, if it is one.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Of(number) => Some(*number),
            Self::Variable(text) => text.parse().ok(),
        }
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Of(number) => number.fmt(f),
            Self::Variable(text) => f.write_str(text),
        }
    }
}

impl Decode for Amount {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            // Whether it is a variable is looked at where it is known whether they are filled in.
            Value::String(text) => Some(Self::Variable(text.clone().into_owned())),
            _ => u32::decode(node, found).map(Self::Of),
        }
    }
}

/// A text: written here, or in a file beside the routes file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileText {
    /// Written here.
    Here(String),
    /// In a file, by its path relative to the routes file.
    In(Spanned<String>),
}

/// The key under which the path of a file stands.
pub(crate) const FILE: &str = "file";

/// The path of a file, if an object names one and nothing else.
fn file(node: &Node<'_>, found: &mut Diagnostics) -> Option<Spanned<String>> {
    let path = member(node, FILE)?;
    match &node.value {
        Value::Object(members) if members.len() == 1 => Spanned::decode(path, found),
        _ => None,
    }
}

impl Decode for FileText {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let Value::Object(members) = &node.value else {
            return String::decode(node, found).map(Self::Here);
        };
        if members.iter().all(|member| member.key != FILE) {
            let help = "write the text itself, in quotes, or `{\"file\": \"path\"}`";
            found.push(wrong_type(node, "a text").with_help(help));
            return None;
        }
        for member in members.iter().filter(|member| member.key != FILE) {
            found.push(unknown_word("key", &member.key, &[FILE], member.key_span));
        }
        file(node, found).map(Self::In)
    }
}

/// A value: written here, or in a file beside the routes file.
#[derive(Debug, Clone, PartialEq)]
pub enum FileValue {
    /// Written here.
    Here(Raw),
    /// In a file of JSON or YAML, by its path relative to the routes file.
    In(Spanned<String>),
}

impl Decode for FileValue {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Object(members) = &node.value
            && let [only] = members.as_slice()
            && only.key == FILE
            && let Value::String(_) = &only.node.value
        {
            return file(node, found).map(Self::In);
        }
        match &node.value {
            // A text that stands for it, such as a variable.
            Value::String(_) => Some(Self::Here(Raw(node.clone().into_owned()))),
            _ => Raw::decode(node, found).map(Self::Here),
        }
    }
}

/// A policy: a value, or a text that is its JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyValue(pub FileValue);

impl Decode for PolicyValue {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        FileValue::decode(node, found).map(Self)
    }
}

/// The form of a body: the name of a model, or a JSON Schema.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelWord {
    /// One of the blueprint's `models`.
    Named(Spanned<String>),
    /// A JSON Schema that stands where it is needed.
    Inline(Raw),
}

impl Decode for ModelWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::String(_) => Spanned::decode(node, found).map(Self::Named),
            Value::Object(_) => Raw::decode(node, found).map(Self::Inline),
            _ => {
                let help = "write the name of a model, or a JSON Schema: `{\"type\": \"object\", … }`";
                found.push(wrong_type(node, "a model").with_help(help));
                None
            }
        }
    }
}

/// What bodies there are, by media type.
#[derive(Debug, Clone, PartialEq)]
pub struct Bodies(pub Vec<(Spanned<String>, ModelWord)>);

/// The media type of a body that is given without one.
const JSON: &str = "application/json";

impl Decode for Bodies {
    /// Media types have a slash, and keywords of JSON Schema have none.
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Object(members) = &node.value
            && !members.is_empty()
            && members.iter().all(|member| member.key.contains('/'))
        {
            let bodies = members.iter().filter_map(|member| {
                let media = Spanned::new(member.key.clone().into_owned(), member.key_span);
                Some((media, ModelWord::decode(&member.node, found)?))
            });
            return Some(Self(bodies.collect()));
        }
        let model = ModelWord::decode(node, found)?;
        Some(Self(vec![(Spanned::new(JSON.to_owned(), node.span), model)]))
    }
}

/// Headers of an answer: their names, or their forms by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeaderList(pub Vec<(Spanned<String>, Option<Raw>)>);

impl Decode for HeaderList {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Object(members) = &node.value {
            let headers = members.iter().map(|member| {
                let name = Spanned::new(member.key.clone().into_owned(), member.key_span);
                (name, Raw::decode(&member.node, found))
            });
            return Some(Self(headers.collect()));
        }
        let names = Vec::<Spanned<String>>::decode(node, found)?;
        Some(Self(names.into_iter().map(|name| (name, None)).collect()))
    }
}
