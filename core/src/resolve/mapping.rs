//! What becomes of requests and answers on the way, in the spelling of API Gateway
//! ([mapping](https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html)).

use super::Resolver;
use crate::blueprint::{IntegrationResponse, Mapping};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Amount, AnswerEntry, Entries, FileText, IntegrationResponseEntry, MappingEntry};
use crate::reference::References;
use crate::span::Spanned;

/// The media type of bodies that are given without one.
pub(super) const JSON: &str = "application/json";

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// From the caller to who answers.
    Request,
    /// Back.
    Response,
    /// From the gateway itself to the caller.
    Gateway,
}

impl Side {
    /// What the short names of places stand for where a value comes from.
    fn from(self) -> &'static str {
        match self {
            Side::Request | Side::Gateway => "method.request",
            Side::Response => "integration.response",
        }
    }

    /// The same where it goes to.
    fn to(self) -> &'static str {
        match self {
            Side::Request => "integration.request",
            Side::Response => "method.response",
            Side::Gateway => "gatewayresponse",
        }
    }
}

/// The places of a request or answer: their short names, and those of API Gateway.
const PLACES: [(&str, &str); 3] = [("header.", "header."), ("query.", "querystring."), ("path.", "path.")];

/// A short name in the spelling of API Gateway; any other text as it is.
fn spelt(text: &str, whose: &str) -> String {
    for (short, long) in PLACES {
        if let Some(name) = text.strip_prefix(short) {
            return format!("{whose}.{long}{name}");
        }
    }
    if text == "body" || text.starts_with("body.") || text.starts_with("body[") {
        return format!("{whose}.{text}");
    }
    text.to_owned()
}

impl Resolver<'_> {
    /// Where a value comes from.
    pub(super) fn source(&mut self, text: &Spanned<String>, side: Side) -> String {
        spelt(text, side.from())
    }

    /// The entries of a `map`.
    pub(super) fn map(&mut self, entries: Option<&Entries<String>>, side: Side) -> Vec<(String, String)> {
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let entries = entries.map(|(to, from)| (spelt(to, side.to()), self.source(from, side)));
        entries.collect()
    }

    /// Headers with their values: a text that is no place and stands in no quotes is one to be sent as it is.
    pub(super) fn header_values(&mut self, entries: Option<&Entries<String>>, side: Side) -> Vec<(String, String)> {
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let entries = entries.map(|(name, value)| {
            let source = self.source(value, side);
            let starts = ["'", "method.", "integration.", "context.", "stageVariables."];
            let is_source = starts.iter().any(|start| source.starts_with(start));
            let value = if is_source { source } else { format!("'{source}'") };
            (format!("{}.header.{}", side.to(), name.value), value)
        });
        entries.collect()
    }

    /// Texts by media type.
    pub(super) fn templates(&mut self, entries: Option<&Entries<FileText>>) -> Vec<(String, String)> {
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let entries = entries.filter_map(|(media, text)| Some((media.value.clone(), self.text(&text.value)?)));
        entries.collect()
    }

    /// What of a mapping is not about reaching somebody.
    pub(super) fn mapping(&mut self, entry: &MappingEntry, mapping: &mut Mapping) {
        mapping.templates = self.templates(entry.request_templates.as_ref());
        mapping.passthrough = entry.passthrough.as_ref().map(|word| word.value);
        mapping.content_handling = entry.content_handling.as_ref().map(|word| word.value);
        mapping.cache_keys = entry
            .cache_keys
            .iter()
            .flatten()
            .map(|key| self.source(key, Side::Request))
            .collect();
        mapping.cache_namespace = entry.cache_namespace.as_ref().map(|name| name.value.clone());
        mapping.responses = entry.integration_responses.as_ref().map(|responses| {
            let responses = responses.iter();
            responses
                .map(|(pattern, response)| (pattern.value.clone(), self.integration_response(response)))
                .collect()
        });
    }

    fn integration_response(&mut self, entry: &IntegrationResponseEntry) -> IntegrationResponse {
        IntegrationResponse {
            status: self.status(entry.status.as_ref()),
            parameters: self.map(entry.map.as_ref(), Side::Response),
            templates: self.templates(entry.templates.as_ref()),
            content_handling: entry.content_handling.as_ref().map(|word| word.value),
        }
    }

    /// An answer of the gateway itself: a mock, whose template says the status that chooses the integration response.
    pub(super) fn answer(&mut self, entry: &AnswerEntry, mapping: &mut Mapping) {
        let status = self.status(entry.status.as_ref());
        if mapping.templates.is_empty() {
            mapping.templates = vec![(JSON.to_owned(), format!("{{\"statusCode\": {status}}}"))];
        }
        if mapping.responses.is_some() {
            return;
        }
        let mut templates = self.templates(entry.templates.as_ref());
        if let Some(body) = &entry.body
            && let Some(body) = self.text(&body.value)
        {
            templates.push((JSON.to_owned(), body));
        }
        let response = IntegrationResponse {
            status,
            parameters: self.header_values(entry.headers.as_ref(), Side::Response),
            templates,
            content_handling: None,
        };
        mapping.responses = Some(vec![("default".to_owned(), response)]);
    }

    /// A number. A text in its place is one variable and nothing else.
    pub(super) fn amount(&mut self, amount: &Spanned<Amount>, key: &str) -> Amount {
        if let Amount::Variable(text) = &amount.value {
            let references = References::of(text);
            if !references.is_whole || references.unfilled.is_empty() {
                self.once(
                    Diagnostic::new(Code::WrongType, format!("`{key}`: expected a number, found a string"))
                        .at(amount.span)
                        .with_help("write it without quotes: `100`, or as one variable: `\"${var.name}\"`"),
                );
            }
        }
        amount.value.clone()
    }

    /// A status as a text. 200 is what API Gateway answers with unless told otherwise.
    fn status(&mut self, status: Option<&Spanned<Amount>>) -> String {
        status.map_or_else(|| "200".to_owned(), |status| self.amount(status, "status").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_become_those_of_api_gateway_and_others_stay() {
        for (text, expected) in [
            ("header.X-User", "method.request.header.X-User"),
            ("query.page", "method.request.querystring.page"),
            ("path.id", "method.request.path.id"),
            ("body", "method.request.body"),
            ("body.user.id", "method.request.body.user.id"),
            ("bodyguard", "bodyguard"),
            ("context.authorizer.claims.sub", "context.authorizer.claims.sub"),
            ("'static'", "'static'"),
            ("method.request.header.X", "method.request.header.X"),
        ] {
            assert_eq!(spelt(text, Side::Request.from()), expected, "{text}");
        }
        assert_eq!(
            spelt("header.X", Side::Response.from()),
            "integration.response.header.X"
        );
        assert_eq!(spelt("header.X", Side::Response.to()), "method.response.header.X");
        assert_eq!(spelt("header.X", Side::Gateway.to()), "gatewayresponse.header.X");
    }
}
