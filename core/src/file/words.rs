//! The words of the format: verbs, networks, authorizations, parameter types.
//!
//! A word that is misspelt is an error everywhere: none of them has a meaning to fall back to.

use crate::blueprint::{Manners, Verb};
use crate::converter::Converter;
use crate::decode::{Decode, one_of, shortened, unknown_word, wrong_type};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Spanned;
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

/// Declares words of the file: what there are, how they are read, and their JSON Schema.
macro_rules! written {
    (
        $(#[$meta:meta])*
        pub enum $name:ident as $what:literal $(, instead $instead:ident)? { $($variant:ident = $word:literal),* $(,)? }
    ) => {
        words! {
            $(#[$meta])*
            pub enum $name { $(#[doc = concat!("`", $word, "`.")] $variant = $word,)* }
        }

        impl Decode for $name {
            fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
                let word = word(node, found)?;
                $(if let Some(help) = $instead(&word) {
                    let message = format!("unknown {} `{word}`", $what);
                    found.push(Diagnostic::new(Code::UnknownValue, message).at(node.span).with_help(help));
                    return None;
                })?
                one_of($what, &word, Self::ALL, Self::as_str, node, found)
            }
        }

        #[cfg(feature = "openapi")]
        impl crate::schema::Describe for $name {
            fn describe() -> serde_json::Value {
                serde_json::json!({"type": "string", "enum": Self::ALL.map(Self::as_str)})
            }
        }
    };
}

written! {
    /// Over which network the gateway reaches the service.
    pub enum IntegrationWord as "integration", instead instead_of_type {
        Internet = "INTERNET",
        VpcLink = "VPC_LINK",
    }
}

/// What says what a type of integration of AWS says
/// ([x-amazon-apigateway-integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html)).
fn instead_of_type(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_uppercase().as_str() {
        "MOCK" => "leave it out: with `answer` the gateway answers by itself",
        "AWS" => {
            "leave it out: `service` names a service of AWS, `function` with `\"proxyIntegration\": false` a function"
        }
        "AWS_PROXY" => "leave it out: `function` names the function",
        "HTTP" => "leave it out, or write `INTERNET`, with `\"proxyIntegration\": false`",
        "HTTP_PROXY" => "leave it out, or write `INTERNET`: it is a proxy unless `proxyIntegration` says otherwise",
        _ => return None,
    })
}

written! {
    /// Who is asked whether a request may pass.
    pub enum AuthorizerWord as "authorizer type" {
        Cognito = "COGNITO",
        Lambda = "LAMBDA",
        LambdaToken = "LAMBDA_TOKEN",
    }
}

written! {
    /// Whether answers are passed on while they come.
    pub enum TransferWord as "transfer" { Buffered = "BUFFERED", Stream = "STREAM" }
}

written! {
    /// Which bodies without a template are passed on.
    pub enum PassthroughWord as "passthrough" {
        WhenNoMatch = "WHEN_NO_MATCH",
        WhenNoTemplates = "WHEN_NO_TEMPLATES",
        Never = "NEVER",
    }
}

written! {
    /// What becomes of bytes and texts.
    pub enum ContentHandlingWord as "contentHandling" {
        ToBinary = "CONVERT_TO_BINARY",
        ToText = "CONVERT_TO_TEXT",
    }
}

written! {
    /// What operation ids are made of where the file says none.
    pub enum OperationIdsWord as "operationIds" { Paths = "paths", Handlers = "handlers" }
}

written! {
    /// Where API keys are looked for.
    pub enum KeySourceWord as "apiKeySource" { Header = "HEADER", Authorizer = "AUTHORIZER" }
}

written! {
    /// Whether callers must come by the name that their certificate is for.
    pub enum AccessModeWord as "accessMode" { Basic = "BASIC", Strict = "STRICT" }
}

words! {
    /// What of a request the gateway checks.
    #[derive(Default)]
    pub enum ValidateWord {
        /// `ALL`, or `true`: body and parameters.
        All = "ALL",
        /// `BODY`.
        Body = "BODY",
        /// `PARAMETERS`.
        Parameters = "PARAMETERS",
        /// `NONE`, or `false`.
        #[default]
        None = "NONE",
    }
}

impl Decode for ValidateWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        if let Value::Bool(yes) = &node.value {
            return Some(if *yes { Self::All } else { Self::None });
        }
        let word = word(node, found)?;
        one_of("validate", &word, Self::ALL, Self::as_str, node, found)
    }
}

impl Decode for Manners {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        let word = word(node, found)?;
        one_of("manners", &word, Manners::ALL, Manners::as_str, node, found)
    }
}

/// Who may call an action, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationWord {
    /// `AWS_IAM`.
    AwsIam,
    /// `NONE`: everybody.
    None,
    /// The names of authorizers, or misspelt words: which of them it is is known with the authorizers.
    Names(Vec<Spanned<String>>),
    /// An empty string, which ct-api-gateway-deployer takes for "everybody". Refused unless `--compat`.
    Empty,
}

impl AuthorizationWord {
    /// The words that are no names of authorizers.
    pub const WORDS: [&'static str; 2] = ["AWS_IAM", "NONE"];
}

impl Decode for AuthorizationWord {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::Bool(_) | Value::Object(_) => {
                let help = "write `\"AWS_IAM\"`, or `null` for a public route";
                found.push(wrong_type(node, "a string").with_help(help));
                return None;
            }
            Value::Array(items) if items.len() > 1 => return Vec::decode(node, found).map(Self::Names),
            _ => {}
        }
        let word = word(node, found)?;
        Some(match word.as_str() {
            "AWS_IAM" => Self::AwsIam,
            "NONE" => Self::None,
            "" => Self::Empty,
            _ => Self::Names(vec![Spanned::new(word, node.span)]),
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, Source, read_blueprint};

    #[test]
    fn a_type_of_integration_of_aws_is_told_what_says_the_same() {
        for (word, help) in [
            ("MOCK", "`answer`"),
            ("aws", "`service`"),
            ("AWS_PROXY", "`function`"),
            ("HTTP", "`INTERNET`"),
            ("HTTP_PROXY", "`INTERNET`"),
            ("VPCLINK", "did you mean `VPC_LINK`?"),
        ] {
            let text = format!(
                r#"{{"blueprint": {{"name": "b", "resources": [{{"name": "r", "methods": [
                    {{"path": "/a", "actions": [{{"type": "GET", "integration": "{word}"}}]}}]}}]}}}}"#
            );
            let found = read_blueprint(&Source::new("routes.json", text), Mode::Strict).diagnostics;
            let all: Vec<&Diagnostic> = found.iter().collect();
            assert_eq!(all.len(), 1, "{word}: {found:?}");
            assert_eq!(all[0].code, Code::UnknownValue, "{word}");
            let said = all[0].help.as_deref().unwrap_or_default();
            assert!(said.contains(help), "{word}: {said}");
        }
    }
}
