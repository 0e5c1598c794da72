//! What becomes of requests and answers on the way, in the spelling of API Gateway
//! ([mapping](https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html)).

use super::{Known, Resolver, is_header_name};
use crate::blueprint::{ALLOW_ORIGIN, Cors, IntegrationResponse, Mapping};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{Amount, AnswerEntry, Entries, FileText, IntegrationResponseEntry, MappingEntry};
use crate::reference::References;
use crate::span::{Span, Spanned};

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
    pub(super) fn from(self) -> &'static str {
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
pub(super) fn spelt(text: &str, whose: &str) -> String {
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

/// Whether a text begins as one of some sources does, with a name behind it. A variable of the file may stand for any.
pub(super) fn is_source(text: &str, starts: &[&str]) -> bool {
    let begins = |start: &&str| text.strip_prefix(*start).is_some_and(|name| !name.is_empty());
    starts.iter().any(begins) || !References::of(text).unfilled.is_empty()
}

impl Side {
    /// What sources begin with
    /// ([sources](https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html)).
    fn sources(self) -> &'static [&'static str] {
        match self {
            Side::Request | Side::Gateway => &[
                "method.request.header.",
                "method.request.querystring.",
                "method.request.path.",
                "method.request.multivalueheader.",
                "method.request.multivaluequerystring.",
                "method.request.body",
                "context.",
                "stageVariables.",
            ],
            Side::Response => &[
                "integration.response.header.",
                "integration.response.multivalueheader.",
                "integration.response.body",
                "context.",
                "stageVariables.",
            ],
        }
    }

    /// What targets begin with.
    fn targets(self) -> &'static [&'static str] {
        match self {
            Side::Request => &[
                "integration.request.header.",
                "integration.request.querystring.",
                "integration.request.path.",
            ],
            Side::Response => &["method.response.header."],
            Side::Gateway => &[
                "gatewayresponse.header.",
                "gatewayresponse.querystring.",
                "gatewayresponse.path.",
            ],
        }
    }
}

/// Whether a text stands in single quotes: it is sent as it is.
fn is_fixed(text: &str) -> bool {
    text.len() > 1 && text.starts_with('\'') && text.ends_with('\'')
}

/// Adds a header that pages of other origins need to those of an answer. What the file says of it holds; `Vary` says both.
fn add_header(parameters: &mut Vec<(String, String)>, header: &str, value: &str) {
    let to = format!("{}.header.{header}", Side::Response.to());
    let said = parameters.iter_mut().find(|(said, _)| said.eq_ignore_ascii_case(&to));
    let Some((_, said)) = said else {
        parameters.push((to, format!("'{value}'")));
        return;
    };
    if header == "Vary" && is_fixed(said) {
        let mut names: Vec<&str> = said[1..said.len() - 1].split(',').map(str::trim).collect();
        names.retain(|name| !name.is_empty());
        if !names
            .iter()
            .any(|name| *name == "*" || name.eq_ignore_ascii_case(value))
        {
            names.push(value);
            *said = format!("'{}'", names.join(", "));
        }
    }
}

impl Resolver<'_> {
    /// Where a value comes from.
    pub(super) fn source(&mut self, text: &Spanned<String>, side: Side) -> String {
        let source = spelt(text, side.from());
        let is_body = source == format!("{}.body", side.from());
        if !is_fixed(&source) && !is_body && !is_source(&source, side.sources()) {
            let shown = shortened(text);
            self.tell(
                Code::Mapping,
                text.span,
                format!("`{shown}` is no place that a value can come from"),
                format!(
                    "write `header.X`, `query.X`, `path.X`, `body.X`, `context.X` or `stageVariables.X`; a text that is sent \
                     as it is stands in single quotes: `'{shown}'`"
                ),
            );
        }
        source
    }

    /// The entries of a `map`.
    pub(super) fn map(&mut self, entries: Option<&Entries<String>>, side: Side) -> Vec<(String, String)> {
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let mut map = Vec::new();
        for (to, from) in entries {
            let target = spelt(to, side.to());
            if !is_source(&target, side.targets()) {
                let known: Vec<String> = side.targets().iter().map(|target| format!("`{target}X`")).collect();
                self.tell(
                    Code::Mapping,
                    to.span,
                    format!("`{}` is no place that a value can go to", shortened(to)),
                    format!("write {}, or `header.X` for short", known.join(", ")),
                );
            }
            map.push((target, self.source(from, side)));
        }
        map
    }

    /// Headers with their values: a text that is no place and stands in no quotes is one to be sent as it is.
    pub(super) fn header_values(&mut self, entries: Option<&Entries<String>>, side: Side) -> Vec<(String, String)> {
        let entries = entries.iter().flat_map(|entries| entries.iter());
        let entries = entries.map(|(name, value)| {
            let source = spelt(value, side.from());
            let is_sent = is_fixed(&source) || !References::of(&source).unfilled.is_empty();
            let value = if is_sent || is_source(&source, side.sources()) {
                source
            } else {
                format!("'{source}'")
            };
            if !is_header_name(name) {
                self.header_name(name);
            }
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
                .map(|(pattern, response)| {
                    if pattern.value != "default" {
                        self.check_pattern(pattern);
                    }
                    (pattern.value.clone(), self.integration_response(response))
                })
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
    pub(super) fn answer(
        &mut self,
        entry: &AnswerEntry,
        has_templates: bool,
        cors: Option<&Cors>,
        mapping: &mut Mapping,
    ) {
        let status = self.status(entry.status.as_ref());
        if !has_templates {
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
        let mut response = IntegrationResponse {
            status,
            parameters: self.header_values(entry.headers.as_ref(), Side::Response),
            templates,
            content_handling: None,
        };
        // An answer that names an origin itself is left as it is.
        let names_origin = response
            .headers()
            .any(|header| header.eq_ignore_ascii_case(ALLOW_ORIGIN));
        if let Some(cors) = cors.filter(|_| !names_origin) {
            for (header, value) in cors.answer_headers() {
                add_header(&mut response.parameters, header, &value);
            }
            if let Some(template) = cors.origin_template() {
                if response.templates.is_empty() {
                    response.templates.push((JSON.to_owned(), String::new()));
                }
                for (_, text) in &mut response.templates {
                    text.insert_str(0, &template);
                }
            }
        }
        mapping.responses = Some(vec![("default".to_owned(), response)]);
    }

    pub(super) fn header_name(&mut self, name: &Spanned<String>) {
        self.tell(
            Code::HeaderName,
            name.span,
            format!("`{}` is no header name", shortened(name)),
            "a header name is made of letters, digits and `-`, one name an entry",
        );
    }

    /// A number. A text in its place is one variable and nothing else.
    pub(super) fn amount(&mut self, amount: &Spanned<Amount>, key: &str) -> Amount {
        if let Amount::Variable(text) = &amount.value {
            let references = References::of(text);
            let is_variable = references.is_whole && !references.unfilled.is_empty();
            let is_filled = self.known == Known::Filled && amount.number().is_some();
            if !is_variable && !is_filled {
                self.once(
                    Diagnostic::new(Code::WrongType, format!("`{key}`: expected a number, found a string"))
                        .at(amount.span)
                        .with_help("write it without quotes: `100`, or as one variable: `\"${var.name}\"`"),
                );
            }
        }
        amount.value.clone()
    }

    pub(super) fn not_a_status(&mut self, written: &str, span: Span) {
        self.tell(
            Code::Status,
            span,
            format!("`{}` is no status", shortened(written)),
            "write three digits, from 100 to 599",
        );
    }

    /// A status as a text. 200 is what API Gateway answers with unless told otherwise.
    pub(super) fn status(&mut self, status: Option<&Spanned<Amount>>) -> String {
        let Some(status) = status else {
            return "200".to_owned();
        };
        if status.number().is_some_and(|number| !(100..600).contains(&number)) {
            self.not_a_status(&status.value.to_string(), status.span);
        }
        self.amount(status, "status").to_string()
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
