//! From a method to the service behind it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use bluegate_core::gateway::{self, Integration, Texts};
use bytes::Bytes;

use super::context::Context;
use super::encoding::{is_header_value, path_encoded, query_encoded};
use super::failure::Failure;
use super::header_rules::{self, Mapped};
use super::headers::{self, HeaderText, Headers, Line};
use super::message::{Arrival, Request};
use super::parameters::Parameters;
use super::stage::{Route, Stage};
use super::value::Value;

/// How long whatever answers may take unless an integration says otherwise, and the function of an authorizer
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
pub(crate) const TIMEOUT: Duration = Duration::from_millis(gateway::TIMEOUT.unsigned_abs() as u64);

/// A call of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The verb.
    pub method: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Host and port.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// The headers, `Host` and `Content-Length` included.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
    /// How long it may take; of an answer that is passed on as it comes, until it begins.
    pub timeout: Duration,
    /// Whether the body of the answer is passed on as it comes
    /// ([streaming](https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html)).
    pub is_streamed: bool,
    /// Whether any certificate of the service will do.
    pub skips_verification: bool,
}

/// What a mapping set: the last part of its target, and the values.
#[derive(Debug, Default)]
pub(super) struct Set {
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
}

impl Set {
    /// Of `integration.request.PLACE.NAME`.
    pub(super) fn add(&mut self, target: &str, values: Vec<String>) {
        let mut parts = target.splitn(4, '.').skip(2);
        let (Some(place), Some(name)) = (parts.next(), parts.next()) else {
            return;
        };
        match place {
            "path" => self
                .path
                .extend(values.into_iter().map(|value| (name.to_owned(), value))),
            "querystring" => self
                .query
                .extend(values.into_iter().map(|value| (name.to_owned(), value))),
            "header" if !values.is_empty() => self.headers.push((name.to_owned(), values.join(","))),
            _ => {}
        }
    }

    /// What a template overrides
    /// ([overrides](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html)).
    pub(super) fn override_by(&mut self, context: &Context) {
        let named = |place: &str| match context.written(&format!("requestOverride.{place}")) {
            Some(Value::Map(entries)) => entries
                .iter()
                .map(|(name, value)| (name.clone(), value.to_string()))
                .collect(),
            _ => Vec::<(String, String)>::new(),
        };
        for (place, set) in [
            ("path", &mut self.path),
            ("querystring", &mut self.query),
            ("header", &mut self.headers),
        ] {
            for (name, value) in named(place) {
                set.retain(|(given, _)| *given != name);
                set.push((name, value));
            }
        }
    }
}

/// What a call is made of.
pub(super) struct Outgoing<'a> {
    pub(super) stage: &'a Stage,
    pub(super) route: Route<'a>,
    pub(super) verb: &'a str,
    pub(super) request: &'a Request,
    pub(super) arrival: &'a Arrival,
    pub(super) parameters: &'a Parameters,
    pub(super) set: Set,
    pub(super) body: Bytes,
    pub(super) media_type: &'a str,
}

impl Outgoing<'_> {
    pub(super) fn call(self, integration: &Integration) -> Result<Call, Failure> {
        let is_proxy = integration.kind == "HTTP_PROXY";
        let uri = with_variables(integration.uri.as_deref().unwrap_or_default(), &self.stage.variables);
        let (scheme, rest) = uri.split_once("://").ok_or_else(invalid_endpoint)?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (mut scheme, mut authority) = (scheme.to_owned(), authority.to_owned());
        if integration.connection_type.as_deref() == Some("VPC_LINK")
            && let Some((to_scheme, to)) = self.stage.vpc_links.as_deref().and_then(|url| url.split_once("://"))
        {
            (scheme, authority) = (to_scheme.to_owned(), to.trim_end_matches('/').to_owned());
        }
        if authority.contains('{') {
            let mut with_values = String::new();
            fill(&mut with_values, &authority, &self.set.path, |text| [text].into_iter());
            authority = with_values;
        }
        if authority.split(':').next().unwrap_or_default().is_empty() || !["http", "https"].contains(&scheme.as_str()) {
            return Err(invalid_endpoint());
        }
        let target = self.target(path, is_proxy);
        let headers = self.headers(&authority, is_proxy)?;
        let method = match integration.http_method.as_deref() {
            None | Some("ANY" | "") => self.verb.to_owned(),
            Some(method) => method.to_owned(),
        };
        Ok(Call {
            method,
            scheme,
            authority,
            target,
            headers,
            body: self.body,
            timeout: patience(integration),
            is_streamed: is_proxy && integration.response_transfer_mode.as_deref() == Some("STREAM"),
            skips_verification: integration.skips_verification,
        })
    }

    /// The query of the URI, then the client's, then what was mapped; equal names stand beside each other, recorded of
    /// AWS.
    fn target(&self, uri: &str, is_proxy: bool) -> String {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let mut target = String::with_capacity(uri.len() + self.request.query.len() + 32);
        fill(&mut target, path, &self.set.path, path_encoded);
        if !target.starts_with('/') {
            target.insert(0, '/');
        }
        let end = target.len();
        fill(&mut target, query, &self.set.path, query_encoded);
        if target.len() > end {
            target.insert(end, '?');
        }
        let sent = if is_proxy {
            self.parameters.query.as_slice()
        } else {
            &[]
        };
        for (name, value) in sent.iter().chain(&self.set.query) {
            target.push(if target.len() == end { '?' } else { '&' });
            target.extend(query_encoded(name));
            target.push('=');
            target.extend(query_encoded(value));
        }
        target
    }

    fn headers(&self, authority: &str, is_proxy: bool) -> Result<Headers, Failure> {
        const JSON: HeaderText = HeaderText::fixed("application/json");
        let client = &self.request.headers;
        // The gateway adds as many as 7, in the place of the client's `Host` among others.
        let mut lines = Vec::with_capacity(client.lines().len() + 6);
        if is_proxy {
            let passed = client
                .lines()
                .filter(|line| line.rule().is_proxied && !self.route.is_signature(line));
            lines.extend(passed.cloned());
            lines.extend(forwarded(client, self.arrival));
        } else {
            lines.push(Line::of(&headers::ACCEPT, JSON));
            let agent = format!("AmazonAPIGateway_{}", self.stage.rest_api_id);
            lines.push(Line::of(&headers::USER_AGENT, agent));
            if !self.body.is_empty() {
                lines.push(Line::of(&headers::CONTENT_TYPE, self.media_type));
            }
        }
        lines.push(Line::of(&headers::HOST, authority));
        // No mapping sets these.
        lines.push(Line::of(&headers::API_ID, &self.stage.rest_api_id));
        lines.push(Line::of(
            &headers::TRACE_ID,
            self.arrival.trace(client.get("x-amzn-trace-id")),
        ));
        lines.push(Line::of(&headers::CONTENT_LENGTH, self.body.len().to_string()));
        let mut sent = Headers::from(lines);
        for (name, value) in &self.set.headers {
            match header_rules::of(name).mapped {
                Mapped::Pass if is_header_value(value) => sent.set(name, value),
                Mapped::Drop => {}
                Mapped::Pass | Mapped::Fail => {
                    return Err(Failure::Configuration(format!("Invalid value of the header {name}")));
                }
            }
        }
        Ok(sent)
    }
}

/// How long whatever answers may take.
pub(super) fn patience(integration: &Integration) -> Duration {
    let millis = integration
        .timeout_in_millis
        .and_then(|millis| u64::try_from(millis).ok());
    millis.map_or(TIMEOUT, Duration::from_millis)
}

/// Where a request came from, for a service or a function.
pub(super) fn forwarded(client: &Headers, arrival: &Arrival) -> [Line; 3] {
    // As if TLS ended here, which services look at.
    const PORT: HeaderText = HeaderText::fixed("443");
    const PROTO: HeaderText = HeaderText::fixed("https");
    let mut forwarded = String::new();
    for sent in client.all("x-forwarded-for") {
        forwarded.push_str(sent);
        forwarded.push_str(", ");
    }
    let _ = write!(forwarded, "{}", arrival.source);
    [
        Line::of(&headers::FORWARDED_FOR, forwarded),
        Line::of(&headers::FORWARDED_PORT, PORT),
        Line::of(&headers::FORWARDED_PROTO, PROTO),
    ]
}

fn invalid_endpoint() -> Failure {
    Failure::Configuration("Invalid endpoint address".to_owned())
}

/// `${stageVariables.NAME}` filled in; nothing for one that is not set.
pub(super) fn with_variables<'u>(uri: &'u str, variables: &Texts) -> Cow<'u, str> {
    const START: &str = "${stageVariables.";
    let mut filled = String::new();
    let mut rest = uri;
    while let Some((before, behind)) = rest.split_once(START) {
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(variables.get(name).map_or("", String::as_str));
        rest = after;
    }
    match rest.len() == uri.len() {
        true => Cow::Borrowed(uri),
        false => Cow::Owned(filled + rest),
    }
}

/// Adds a text with `{name}` filled in. A name that no mapping sets stays.
fn fill<'v, E: Iterator<Item = &'v str>>(
    filled: &mut String,
    text: &str,
    values: &'v [(String, String)],
    encode: impl Fn(&'v str) -> E,
) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let found = behind.split_once('}').and_then(|(name, after)| {
            let value = values.iter().rev().find(|(given, _)| given == name)?;
            Some((&value.1, after))
        });
        match found {
            Some((value, after)) => {
                filled.extend(encode(value));
                rest = after;
            }
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;
    use time::OffsetDateTime;

    use crate::plane::{Arrival, Exchange, Gate, Headers, Next, Request, Stage};

    fn stage() -> Stage {
        let document: Document = serde_json::from_value(serde_json::json!({"paths": {"/{proxy+}": {
            "x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {
                "type": "http_proxy", "httpMethod": "ANY", "uri": "http://127.0.0.1/x/{proxy}?p={proxy}",
                "requestParameters": {
                    "integration.request.path.proxy": "method.request.path.proxy",
                    "integration.request.querystring.q": "method.request.header.q",
                    "integration.request.header.h": "method.request.querystring.h",
                },
            }},
        }}}))
        .unwrap();
        Stage::new("abc", "dev", Api::from(&document))
    }

    fn call(path: &str, query: &str, header: &str) -> Next {
        let request = Request {
            method: "GET".into(),
            path: path.into(),
            query: query.into(),
            headers: Headers::from_iter([("Q", header)]),
            ..Request::default()
        };
        let arrival = Arrival {
            time: OffsetDateTime::UNIX_EPOCH,
            source: Ipv4Addr::LOCALHOST.into(),
            seed: 7,
        };
        Exchange::new(&stage(), request, arrival).start(&mut Gate::default())
    }

    #[test]
    fn an_encoded_slash_arrives_as_a_slash_and_an_encoded_percent_sign_stays_encoded() {
        for (path, target) in [
            ("/a%2Fb", "/x/a/b?p=a%2Fb"),
            ("/a%252Fb", "/x/a%252Fb?p=a%252Fb"),
            ("/a%20b", "/x/a%20b?p=a%20b"),
            ("/a;v=1", "/x/a;v=1?p=a%3Bv%3D1"),
        ] {
            let Next::Call(call) = call(path, "", "") else {
                panic!("{path}")
            };
            assert_eq!(call.target.trim_end_matches("&q="), target, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_sent_becomes_a_request_that_can_be_sent(path in "/\\PC{1,20}", query in "\\PC{0,20}", header in "\\PC{0,9}") {
            match call(&path, &query, &header) {
                Next::Call(call) => {
                    proptest::prop_assert!(call.target.parse::<http::uri::PathAndQuery>().is_ok(), "{}", call.target);
                    proptest::prop_assert!(!call.target.contains(' '));
                    for (_, value) in call.headers.iter() {
                        proptest::prop_assert!(http::HeaderValue::from_bytes(value.as_bytes()).is_ok());
                    }
                }
                Next::Answer(answer) => proptest::prop_assert!(answer.status >= 400),
                Next::Ask(_) | Next::Invoke(_) => proptest::prop_assert!(false),
            }
        }
    }
}
