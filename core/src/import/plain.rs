//! A document without what its tools wrote around it: merge keys of YAML are written out, and functions of
//! CloudFormation that make a text are the text with its placeholders.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::span::Span;
use crate::tree::{Member, Node, Value};

/// What is said of a node when it is told to people: a function of CloudFormation that is no text.
pub(super) const CONDITIONAL: &str = "Fn::";

/// Makes documents plain.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The names of placeholders that functions of CloudFormation fill in.
    pub(super) names: BTreeSet<String>,
    /// What was written without quotes where a text stands now, by the place of its quote.
    pub(super) unfilled: BTreeMap<usize, String>,
}

impl Plain {
    /// The node without merge keys and functions that make a text.
    pub(super) fn node(&mut self, node: &Node<'_>) -> Node<'static> {
        let value = match &node.value {
            Value::Null => Value::Null,
            Value::Bool(yes) => Value::Bool(*yes),
            Value::Number(digits) => Value::Number(Cow::Owned(digits.to_string())),
            Value::String(text) => Value::String(self.written(node.span, text)),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.node(item)).collect()),
            Value::Object(members) => self.object(members),
        };
        Node { span: node.span, value }
    }

    /// What was written for a text.
    fn written(&self, span: Span, text: &str) -> Cow<'static, str> {
        let unfilled = self.unfilled.get(&span.start).map(String::as_str);
        Cow::Owned(unfilled.unwrap_or(text).to_owned())
    }

    fn object(&mut self, members: &[Member<'_>]) -> Value<'static> {
        let mut plain: Vec<Member<'static>> = Vec::with_capacity(members.len());
        let mut merged = Vec::new();
        for member in members {
            let node = self.node(&member.node);
            if member.key == "<<" {
                merged.push(node);
                continue;
            }
            let member = Member {
                key: self.written(member.key_span, &member.key),
                key_span: member.key_span,
                node,
            };
            // Of a key that stands twice the last one counts.
            match plain.iter_mut().find(|other| other.key == member.key) {
                Some(other) => *other = member,
                None => plain.push(member),
            }
        }
        for node in merged {
            merge(&mut plain, node);
        }
        if let [only] = plain.as_mut_slice()
            && let Some(function) = function(&only.key)
        {
            if let Some(text) = self.text(function, &only.node) {
                return Value::String(Cow::Owned(text));
            }
            if only.key.starts_with('!') {
                only.key = Cow::Owned(format!("{CONDITIONAL}{function}"));
            }
        }
        Value::Object(plain)
    }

    /// The text that a function makes of its argument, with a placeholder for each thing that it looks up.
    fn text(&mut self, function: &str, argument: &Node<'_>) -> Option<String> {
        match (function, &argument.value) {
            ("Ref" | "GetAtt", Value::String(name)) => Some(self.placeholder(name)),
            ("GetAtt", Value::Array(parts)) => {
                let parts: Option<Vec<String>> = parts.iter().map(scalar).collect();
                Some(self.placeholder(&parts?.join(".")))
            }
            ("Sub", Value::Array(parts)) => match parts.as_slice() {
                [text] => self.substituted(&scalar(text)?, &[]),
                [text, names] => match &names.value {
                    Value::Object(names) => self.substituted(&scalar(text)?, names),
                    _ => None,
                },
                _ => None,
            },
            ("Sub", _) => self.substituted(&scalar(argument)?, &[]),
            ("Join", Value::Array(parts)) => match parts.as_slice() {
                [between, parts] => match &parts.value {
                    Value::Array(parts) => {
                        let parts: Option<Vec<String>> = parts.iter().map(scalar).collect();
                        Some(parts?.join(&scalar(between)?))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    fn placeholder(&mut self, name: &str) -> String {
        self.names.insert(name.to_owned());
        format!("${{{name}}}")
    }

    fn substituted(&mut self, text: &str, names: &[Member<'_>]) -> Option<String> {
        let mut text = text.to_owned();
        for member in names {
            text = text.replace(&format!("${{{}}}", member.key), &scalar(&member.node)?);
        }
        let mut rest = text.as_str();
        while let Some(at) = rest.find("${") {
            rest = &rest[at + 2..];
            let end = rest.find('}').unwrap_or(rest.len());
            if !rest.starts_with('!') && !rest[..end].starts_with("stageVariables.") {
                self.names.insert(rest[..end].to_owned());
            }
        }
        Some(text.replace("${!", "${"))
    }
}

/// The name of a function of CloudFormation, in whichever way it is written.
fn function(key: &str) -> Option<&str> {
    match key {
        "Ref" | "!Ref" => Some("Ref"),
        _ => key.strip_prefix(CONDITIONAL).or_else(|| key.strip_prefix('!')),
    }
}

/// Whether a node is a function whose value is known when its stack is.
pub(super) fn is_function(node: &Node<'_>) -> bool {
    matches!(&node.value, Value::Object(members)
        if matches!(members.as_slice(), [only] if only.key == "Ref" || only.key.starts_with(CONDITIONAL)))
}

/// What a scalar is as a text.
pub(super) fn scalar(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Number(digits) => {
            // `200.0` is what some writers make of 200.
            let whole = digits.strip_suffix(".0").unwrap_or(digits);
            Some(whole.to_owned())
        }
        _ => None,
    }
}

/// Adds what stands under a merge key, where it is not there yet
/// ([merge keys](https://yaml.org/type/merge.html)).
fn merge(members: &mut Vec<Member<'static>>, node: Node<'static>) {
    match node.value {
        Value::Object(merged) => {
            for member in merged {
                if !members.iter().any(|other| other.key == member.key) {
                    members.push(member);
                }
            }
        }
        Value::Array(nodes) => nodes.into_iter().for_each(|node| merge(members, node)),
        _ => {}
    }
}
