//! What answers a request.

use super::{Object, Reader, entries};
use crate::import::api::{Integration, IntegrationResponse, Kind};
use crate::import::item::Item;
use crate::import::plain;
use crate::placeholder::placeholder;
use crate::tree::{Node, Value};

/// How a template of Terraform writes a stage variable of API Gateway.
const ESCAPED: &str = "$${stageVariables.";

impl<'n> Reader<'n> {
    /// The integration of an operation; `None` where none can be read, which has been told.
    pub(super) fn integration(&mut self, node: &'n Node<'static>) -> Option<Integration> {
        let node = self.follow(node);
        if plain::is_function(node) || !matches!(node.value, Value::Object(_)) || super::reference(node).is_some() {
            self.lose(node.span.head(), "the integration is not in this document");
            return None;
        }
        let mut object = Object::of(node);
        let written = object.text("type", self).unwrap_or_default();
        let kind = Kind::ALL.iter().find(|(name, _)| written.eq_ignore_ascii_case(name));
        let Some((_, kind)) = kind else {
            if object.members.is_empty() && written.is_empty() {
                return None;
            }
            let message = format!("there is no integration of the type `{written}`");
            self.refuse(
                node.span.head(),
                &message,
                "write `aws_proxy`, `aws`, `http_proxy`, `http` or `mock`",
            );
            return None;
        };
        let kind = *kind;
        if let Some(subtype) = object.text("integrationSubtype", self) {
            let message =
                format!("the integration `{subtype}` is one of HTTP APIs, and a routes file is about REST APIs");
            let help = "write the integration of a REST API: `type: aws`, with the `uri` of the service's action";
            self.refuse(node.span.head(), &message, help);
            return None;
        }
        let connection = object.text("connectionType", self).unwrap_or_default();
        let connection_id = object.text("connectionId", self);
        let target = object.text("integrationTarget", self);
        let tls = object.take("tlsConfig");
        let written = object.take("timeoutInMillis");
        let written = written.map(|node| plain::scalar(node).unwrap_or_else(|| Item::of(node).compact()));
        let timeout = written
            .clone()
            .filter(|text| text.parse::<u32>().is_ok() || placeholder(text) == Some(text));
        if let Some(text) = written.filter(|_| timeout.is_none()) {
            let message = format!("the `timeoutInMillis` {text} is no number: the default of API Gateway stands there");
            self.lose(node.span.head(), &message);
        }
        let mut uri = object.text("uri", self).unwrap_or_default();
        if kind.is_http() && uri.contains(ESCAPED) {
            uri = uri.replace(ESCAPED, "${stageVariables.");
            let message =
                "the `uri` has a stage variable with two `$`, of which Terraform leaves one: so it comes over";
            self.lose(node.span.head(), message);
        }
        let mut integration = Integration {
            span: node.span.head(),
            kind,
            verb: object.text("httpMethod", self).map(|verb| verb.to_uppercase()),
            uri,
            vpc_link: None,
            target: None,
            role: object.text("credentials", self),
            timeout,
            parameters: self.pairs(object.take("requestParameters")),
            templates: Vec::new(),
            passthrough: None,
            content_handling: object.text("contentHandling", self).map(|word| word.to_uppercase()),
            cache_keys: self.list(object.take("cacheKeyParameters")),
            cache_namespace: object.text("cacheNamespace", self),
            skips_verification: entries(tls)
                .any(|(key, node)| key == "insecureSkipVerification" && super::is_true(node)),
            transfer: object
                .text("responseTransferMode", self)
                .map(|word| word.to_uppercase()),
            responses: Vec::new(),
        };
        if kind.is_http() && connection.eq_ignore_ascii_case("VPC_LINK") {
            integration.vpc_link = connection_id;
            integration.target = target;
        }
        if !kind.is_proxy() {
            integration.templates = self.templates(object.take("requestTemplates"));
            integration.passthrough = object.text("passthroughBehavior", self).map(|word| word.to_uppercase());
            for (pattern, node) in entries(object.take("responses")) {
                let response = self.response(self.follow(node));
                integration.responses.push((pattern.to_owned(), response));
            }
        }
        // Versions of payloads are a matter of HTTP APIs.
        let owner = if kind.is_proxy() {
            "a proxy integration"
        } else {
            "an integration"
        };
        object.leave(owner, self);
        Some(integration)
    }

    fn response(&mut self, node: &'n Node<'static>) -> IntegrationResponse {
        let mut object = Object::of(node);
        let response = IntegrationResponse {
            status: object.text("statusCode", self),
            parameters: self.pairs(object.take("responseParameters")),
            templates: self.templates(object.take("responseTemplates")),
            content_handling: object.text("contentHandling", self).map(|word| word.to_uppercase()),
        };
        object.leave("an integration response", self);
        response
    }
}
