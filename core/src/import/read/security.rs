//! Who may call.

use super::{Object, Reader, entries, extension, items};
use crate::import::api::{Authorizer, AuthorizerKind, Proof, Scheme};
use crate::import::item::Item;
use crate::import::plain;
use crate::tree::{Node, Value};

/// What an operation asks of its callers.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) authorization: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) api_key: bool,
}

impl<'n> Reader<'n> {
    /// The schemes of a document.
    pub(super) fn schemes(&mut self, node: &'n Node<'static>) -> Vec<Scheme> {
        let mut schemes = Vec::new();
        for (name, node) in entries(Some(node)) {
            let node = self.follow(node);
            let mut scheme = Object::of(node);
            let header = scheme.text("name", self).unwrap_or_default();
            let location = scheme.text("in", self).unwrap_or_default();
            let kind = scheme.text("type", self).unwrap_or_default().to_lowercase();
            let auth_type = scheme
                .text(&extension("authtype"), self)
                .unwrap_or_default()
                .to_lowercase();
            let proof = match scheme.take(&extension("authorizer")) {
                Some(details) => self.authorizer(details, header, &auth_type),
                None if auth_type == "awssigv4" => Proof::Signature,
                None if kind == "apikey" && header.eq_ignore_ascii_case("x-api-key") => {
                    if location != "header" {
                        let message =
                            "API keys are looked for in the header `x-api-key`, wherever a scheme says they are";
                        self.ignore(node.span.head(), message);
                    }
                    Proof::ApiKey
                }
                None => {
                    let message = format!("the scheme `{name}` means nothing to API Gateway: it has no authorizer");
                    self.ignore(node.span.head(), &message);
                    Proof::Nothing
                }
            };
            scheme.leave("a security scheme", self);
            schemes.push(Scheme {
                name: name.to_owned(),
                span: node.span.head(),
                proof,
            });
        }
        schemes
    }

    fn authorizer(&mut self, node: &'n Node<'static>, header: String, auth_type: &str) -> Proof {
        let node = self.follow(node);
        let mut details = Object::of(node);
        let kind = details.text("type", self).unwrap_or_default().to_lowercase();
        let pools = self.list(details.take("providerARNs"));
        let uri = details.text("authorizerUri", self).unwrap_or_default();
        let kind = match kind.as_str() {
            "cognito_user_pools" => AuthorizerKind::Cognito { pools },
            "" if !pools.is_empty() || auth_type == "cognito_user_pools" => AuthorizerKind::Cognito { pools },
            "request" => AuthorizerKind::Request { uri },
            "token" => AuthorizerKind::Token { uri },
            "" if !uri.is_empty() => AuthorizerKind::Token { uri },
            other => {
                let message = if plain::is_function(node) {
                    "a function decides about this authorizer".to_owned()
                } else {
                    format!("authorizers of REST APIs have no type `{other}`")
                };
                self.refuse(
                    node.span.head(),
                    &message,
                    "write `token`, `request` or `cognito_user_pools`: nothing may become public because it is not understood",
                );
                return Proof::Nothing;
            }
        };
        let source = details.text("identitySource", self).unwrap_or_default();
        let identity = match kind {
            AuthorizerKind::Request { .. } => {
                let sources = source.split(',').map(|source| source.trim().to_owned());
                sources.filter(|source| !source.is_empty()).collect()
            }
            _ => Vec::new(),
        };
        let authorizer = Authorizer {
            kind,
            header,
            identity,
            pattern: details.text("identityValidationExpression", self),
            ttl: details.text("authorizerResultTtlInSeconds", self),
            role: details.text("authorizerCredentials", self),
        };
        details.leave("an authorizer", self);
        Proof::Authorizer(authorizer)
    }

    /// What a list of requirements asks, and the older extension beside it.
    pub(super) fn asked(
        &mut self,
        requirements: Option<&Node<'static>>,
        older: Option<&Node<'static>>,
        schemes: &[Scheme],
    ) -> Asked {
        let mut asked = Asked::default();
        for requirement in items(requirements) {
            for (name, wanted) in entries(Some(requirement)) {
                let Some(scheme) = schemes.iter().find(|scheme| scheme.name == name) else {
                    let message = format!("no security scheme is called `{name}`, so that it asks for nothing");
                    self.ignore(requirement.span, &message);
                    continue;
                };
                match &scheme.proof {
                    Proof::ApiKey => asked.api_key = true,
                    Proof::Signature => push(&mut asked.authorization, "AWS_IAM"),
                    Proof::Authorizer(authorizer) => {
                        push(&mut asked.authorization, name);
                        let scopes = self.list(Some(wanted));
                        if matches!(authorizer.kind, AuthorizerKind::Cognito { .. }) {
                            scopes.iter().for_each(|scope| push(&mut asked.scopes, scope));
                        } else if !scopes.is_empty() {
                            self.ignore(wanted.span, "only user pools know scopes");
                        }
                    }
                    Proof::Nothing => {}
                }
            }
        }
        let older = older.and_then(|node| match &node.value {
            Value::Object(_) => Item::of(node)
                .get("type")
                .and_then(Item::as_text)
                .map(str::to_uppercase),
            _ => None,
        });
        match older.as_deref() {
            Some("AWS_IAM") => push(&mut asked.authorization, "AWS_IAM"),
            Some("NONE") if !asked.authorization.is_empty() => push(&mut asked.authorization, "NONE"),
            _ => {}
        }
        asked
    }
}

fn push(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|known| known == text) {
        list.push(text.to_owned());
    }
}
