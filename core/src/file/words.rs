//! The words of the format: verbs, networks, authorizations, parameter types.
//!
//! A word that is misspelt is an error everywhere: none of them has a meaning to fall back to.

use crate::blueprint::{Authorization, Verb};
use crate::converter::Converter;
use crate::decode::{Decode, unknown_word};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::tree::Node;

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
        let written = String::decode(node, found)?;
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

/// Over which network the gateway reaches the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntegrationWord {
    /// `INTERNET`.
    Internet,
    /// `VPC_LINK`.
    VpcLink,
}

impl IntegrationWord {
    /// The words of the file.
    pub const WORDS: [&'static str; 2] = ["INTERNET", "VPC_LINK"];
}

impl Decode for IntegrationWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let word = String::decode(node, found)?;
        match word.as_str() {
            "INTERNET" => Some(IntegrationWord::Internet),
            "VPC_LINK" => Some(IntegrationWord::VpcLink),
            _ => {
                found.push(unknown_word("integration", &word, &Self::WORDS, node.span));
                None
            }
        }
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
        let word = String::decode(node, found)?;
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
        let written = String::decode(node, found)?;
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
