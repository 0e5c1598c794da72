//! The words of the format: verbs, networks, authorizations, parameter types.
//!
//! A word that is misspelt is an error everywhere: none of them has a meaning to fall back to.

use crate::blueprint::{Authorization, Verb};
use crate::converter::Converter;
use crate::decode::{Decode, one_of, shortened, unknown_word, wrong_type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::{Node, Value};
use crate::words::words;

/// A word of the routes file. A list of words in its place is shown without its brackets.
fn word(node: &Node<'_>, found: &mut Diagnostics) -> Option<String> {
    if let Value::Array(items) = &node.value
        && let [
            Node {
                value: Value::String(only),
                ..
            },
        ] = items.as_slice()
    {
        let help = format!("write `\"{}\"`, without the square brackets", shortened(only));
        found.push(wrong_type(node, "a string").with_help(help));
        return None;
    }
    String::decode(node, found)
}

/// A verb and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerbWord {
    /// The verb.
    pub verb: Verb,
    /// The file's spelling, such as `get`.
    pub written: String,
}

impl Decode for VerbWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Array(items) = &node.value
            && items.len() > 1
        {
            let help = "write an action for each verb: `{\"type\": \"GET\"}, {\"type\": \"POST\"}`";
            found.push(wrong_type(node, "one verb").with_help(help));
            return None;
        }
        let written = word(node, found)?;
        let verb = Verb::ALL
            .into_iter()
            .find(|verb| verb.as_str().eq_ignore_ascii_case(&written))
            .or_else(|| {
                written
                    .eq_ignore_ascii_case(Verb::Any.document_key())
                    .then_some(Verb::Any)
            });
        let Some(verb) = verb else {
            let known = Verb::ALL.map(Verb::as_str);
            found.push(unknown_word("action type", &written, &known, node.span));
            return None;
        };
        if written != verb.as_str() && written != Verb::Any.document_key() {
            found.push(
                Diagnostic::new(
                    Code::VerbCase,
                    format!("the action type `{written}` is read as `{verb}`"),
                )
                .at(node.span)
                .with_help(format!("write `{verb}`")),
            );
        }
        Some(Self { verb, written })
    }
}

words! {
    /// Over which network the gateway reaches the service.
    pub enum IntegrationWord {
        /// `INTERNET`.
        Internet = "INTERNET",
        /// `VPC_LINK`.
        VpcLink = "VPC_LINK",
    }
}

impl Decode for IntegrationWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let word = word(node, found)?;
        one_of("integration", &word, Self::ALL, Self::as_str, node, found)
    }
}

/// Who may call an action. Absent and `null` are everybody; this is what stands there otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationWord {
    /// `AWS_IAM`.
    AwsIam,
    /// An empty string, which ct-api-gateway-deployer takes for "everybody". Refused unless `--compat`.
    Empty,
}

impl AuthorizationWord {
    /// What it means.
    #[must_use]
    pub fn meaning(self) -> Authorization {
        match self {
            AuthorizationWord::AwsIam => Authorization::AwsIam,
            AuthorizationWord::Empty => Authorization::Public,
        }
    }
}

impl Decode for AuthorizationWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Bool(_) | Value::Object(_) = &node.value {
            let help = "write `\"AWS_IAM\"`, or `null` for a public route";
            found.push(wrong_type(node, "a string").with_help(help));
            return None;
        }
        let word = word(node, found)?;
        match word.as_str() {
            "AWS_IAM" => Some(AuthorizationWord::AwsIam),
            "" => Some(AuthorizationWord::Empty),
            _ => {
                let unknown = unknown_word("authorization", &word, &["AWS_IAM"], node.span);
                let help = unknown.help.clone().unwrap_or_default();
                found.push(unknown.with_help(format!("{help}, and `null` for a public route")));
                None
            }
        }
    }
}

/// A parameter's type and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterType {
    /// What values it takes.
    pub converter: Converter,
    /// The file's spelling, such as `int(min=1)`.
    pub written: String,
}

impl Decode for ParameterType {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let written = word(node, found)?;
        match Converter::parse(&written) {
            Ok(converter) => Some(Self { converter, written }),
            Err(error) => {
                found.push(
                    Diagnostic::new(Code::BadParameterType, error.to_string())
                        .at(node.span)
                        .with_help(error.help()),
                );
                None
            }
        }
    }
}
