//! A request and its answer.

use std::time::Duration;

use bluegate_core::gateway::{Integration, IntegrationResponse};

use super::access::{Caller, Gate};
use super::context;
use super::encoding::{is_header_value, path_decoded, query_pairs};
use super::failure::Failure;
use super::headers::{self, name_of};
use super::integration::{Call, Outgoing, Set};
use super::log::fill;
use super::mapping::Sources;
use super::message::{Answer, Arrival, Headers, Request};
use super::mock;
use super::parameters::Parameters;
use super::sigv4;
use super::stage::{Route, Stage};
use super::template::{Scope, render};
use super::validation;
use super::value::Value;

/// The largest body of a request, in bytes
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
pub const LARGEST_BODY: usize = 10_485_760;

/// What is next.
#[derive(Debug)]
pub enum Next {
    /// The request is answered.
    Answer(Answer),
    /// The service is called; [`Exchange::finish`] is told what it said.
    Call(Call),
}

/// Why a service gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// No connection was made, or it broke.
    Network(String),
    /// It took too long.
    TimedOut,
    /// Whoever makes the calls cannot make this one.
    NotServed(String),
}

/// A request of a client to a stage, until it is answered.
#[derive(Debug)]
pub struct Exchange<'a> {
    stage: &'a Stage,
    request: Request,
    arrival: Arrival,
    route: Option<Route<'a>>,
    parameters: Parameters,
    context: Value,
    log: Vec<String>,
}

/// The answer to a body that is too large. It is a text, and no gateway response decorates it.
#[must_use]
pub fn too_large() -> Answer {
    Answer {
        status: 413,
        headers: Headers::from_iter([("Content-Type", "text/plain")]),
        body: format!("HTTP content length exceeded {LARGEST_BODY} bytes.").into_bytes(),
    }
}

impl<'a> Exchange<'a> {
    /// A request that came to a stage.
    #[must_use]
    pub fn new(stage: &'a Stage, mut request: Request, arrival: Arrival) -> Self {
        if let Some(method) = request.headers.get("x-http-method-override") {
            request.method = method.to_owned();
        }
        let mut context = context::of(stage, &request, &arrival);
        let route = stage.route(&request.method, &request.path);
        let captures = route.map(|route| route.captures(&request.path)).unwrap_or_default();
        if let Some(route) = &route {
            context.set("resourcePath", route.resource.path.as_str());
            context.set("resourceId", route.resource.id.as_str());
        }
        let parameters = Parameters {
            path: captures
                .into_iter()
                .map(|(name, value)| (name, path_decoded(&value)))
                .collect(),
            query: query_pairs(&request.query),
            headers: request.headers.clone(),
        };
        Self {
            stage,
            request,
            arrival,
            route,
            parameters,
            context,
            log: Vec::new(),
        }
    }

    /// Begins: who may not is told so, and the method says what is next.
    pub fn start(&mut self, gate: &mut Gate) -> Next {
        if self.request.body.len() > LARGEST_BODY {
            return Next::Answer(self.answered(too_large()));
        }
        self.log
            .push(format!("Extended Request Id: {}", self.text("extendedRequestId")));
        match self.next(gate) {
            Ok(next) => next,
            Err(failure) => Next::Answer(self.fail(&failure)),
        }
    }

    fn next(&mut self, gate: &mut Gate) -> Result<Next, Failure> {
        let route = self.route.ok_or_else(|| sigv4::unsigned(&self.request))?;
        self.log
            .push(format!("Starting execution for request: {}", self.text("requestId")));
        let (verb, path) = (&self.request.method, &route.resource.path);
        self.log.push(format!("HTTP Method: {verb}, Resource Path: {path}"));
        let caller = Caller {
            stage: self.stage,
            route,
            request: &self.request,
            arrival: &self.arrival,
        };
        caller.admit(gate, &mut self.context)?;
        let kind = self.request.headers.get("content-type").map_or(JSON, first_media_type);
        validation::check(
            self.stage.api(),
            route.method,
            &self.parameters,
            kind,
            &self.request.body,
        )?;
        let integration = route.method.integration.as_ref();
        let integration =
            integration.ok_or_else(|| Failure::Configuration("No integration defined for method".into()))?;
        match integration.kind.as_str() {
            "MOCK" => self.mock(integration).map(Next::Answer),
            "HTTP" | "HTTP_PROXY" => self.call(route, integration).map(Next::Call),
            kind => Err(Failure::NotServed(format!("{kind} integrations are not served here"))),
        }
    }

    fn mock(&mut self, integration: &'a Integration) -> Result<Answer, Failure> {
        let body = self.request_body(integration)?;
        let status = mock::status(&String::from_utf8_lossy(&body));
        let status = status.ok_or_else(|| Failure::Configuration("Unable to parse statusCode".to_owned()))?;
        self.respond(integration, &status.to_string(), &Headers::default(), &[])
    }

    fn call(&mut self, route: Route<'a>, integration: &'a Integration) -> Result<Call, Failure> {
        let mut set = Set::default();
        for (target, source) in &integration.request_parameters {
            set.add(target, self.sources(None).read(source)?);
        }
        let is_proxy = integration.kind == "HTTP_PROXY";
        let body = if is_proxy {
            self.request.body.clone()
        } else {
            self.request_body(integration)?
        };
        set.override_by(&self.context);
        let outgoing = Outgoing {
            stage: self.stage,
            route,
            request: &self.request,
            arrival: &self.arrival,
            parameters: &self.parameters,
            set,
            body,
            media_type: self.request.headers.get("content-type").unwrap_or(JSON),
        };
        let call = outgoing.call(integration)?;
        let Call {
            scheme,
            authority,
            target,
            ..
        } = &call;
        self.log
            .push(format!("Sending request to {scheme}://{authority}{target}"));
        Ok(call)
    }

    /// What the service said, or why it said nothing, and how long that took.
    pub fn finish(&mut self, said: Result<Answer, Unreachable>, took: Duration) -> Answer {
        let millis = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        let answer = match said {
            Ok(answer) => {
                for name in ["integration.status", "integrationStatus"] {
                    self.context.set(name, i64::from(answer.status));
                }
                for name in ["integration.latency", "integrationLatency"] {
                    self.context.set(name, millis);
                }
                let status = answer.status;
                self.log.push(format!(
                    "Received response. Status: {status}, Integration latency: {millis} ms"
                ));
                self.received(answer)
            }
            Err(Unreachable::Network(why)) => Err(Failure::Network(why)),
            Err(Unreachable::TimedOut) => Err(Failure::TimedOut),
            Err(Unreachable::NotServed(why)) => Err(Failure::NotServed(why)),
        };
        answer.unwrap_or_else(|failure| self.fail(&failure))
    }

    fn received(&mut self, answer: Answer) -> Result<Answer, Failure> {
        let Some(integration) = self.route.and_then(|route| route.method.integration.as_ref()) else {
            return Err(Failure::MissingAuthenticationToken);
        };
        if integration.kind != "HTTP_PROXY" {
            return self.respond(integration, &answer.status.to_string(), &answer.headers, &answer.body);
        }
        let mut passed = Headers::default();
        for (name, value) in answer.headers.iter() {
            if let Some(name) = name_of(name, headers::of(name).answered) {
                passed.add(name, value);
            }
        }
        Ok(self.answered(Answer {
            status: answer.status,
            headers: passed,
            body: self.outgoing_body(answer.body),
        }))
    }

    /// The answer that an integration response makes of what the service said.
    fn respond(
        &mut self,
        integration: &'a Integration,
        status: &str,
        sent: &Headers,
        body: &[u8],
    ) -> Result<Answer, Failure> {
        let (code, response) = select(integration, status)?;
        let mut set = Headers::default();
        for (target, source) in &response.parameters {
            let name = target.strip_prefix("method.response.header.").unwrap_or(target);
            let values = self.sources(Some((sent, body))).read(source)?;
            let value = values.join(",");
            let name = name_of(name, headers::of(name).mapped_answer).filter(|_| !values.is_empty());
            if let Some(name) = name.filter(|_| is_header_value(&value)) {
                set.add(name, value);
            }
        }
        let mut printed = body.to_vec();
        let accepted = self.request.headers.get("accept").map(first_media_type);
        let templates = &response.templates;
        let template = accepted.and_then(|kind| templates.get_key_value(kind));
        let template = template
            .or_else(|| templates.get_key_value(JSON))
            .or_else(|| templates.iter().next());
        if let Some((kind, template)) = template {
            printed = self.render(template, body)?.into_bytes();
            set.set("Content-Type", kind);
        }
        let status = match self.context.at("responseOverride.status").and_then(Value::as_integer) {
            Some(status @ 100..=599) => u16::try_from(status).unwrap_or(500),
            _ => code.parse().unwrap_or(500),
        };
        if let Some(Value::Map(overridden)) = self.context.at("responseOverride.header") {
            for (name, value) in overridden {
                set.set(name, value.to_string());
            }
        }
        if integration.kind == "HTTP" {
            set.set(
                "X-Amzn-Trace-Id",
                self.arrival.trace(self.request.headers.get("x-amzn-trace-id")),
            );
        }
        Ok(self.answered(Answer {
            status,
            headers: set,
            body: self.outgoing_body(printed),
        }))
    }

    /// The body that a request template prints, or the client's own
    /// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
    fn request_body(&mut self, integration: &'a Integration) -> Result<Vec<u8>, Failure> {
        let kind = self.request.headers.get("content-type").map_or(JSON, first_media_type);
        let Some(template) = integration.request_templates.get(kind) else {
            return match integration.passthrough_behavior.as_deref() {
                Some("NEVER") => Err(Failure::UnsupportedMediaType),
                Some("WHEN_NO_TEMPLATES") if !integration.request_templates.is_empty() => {
                    Err(Failure::UnsupportedMediaType)
                }
                _ => Ok(self.request.body.clone()),
            };
        };
        // A template takes text. That preflights of an API that takes all types as bytes fail is known of AWS.
        let is_text = integration.content_handling.as_deref() == Some("CONVERT_TO_TEXT");
        if self.is_binary(kind) && !is_text {
            let why = "Unable to transform request: a template takes text, and the body is binary";
            return Err(Failure::Configuration(why.to_owned()));
        }
        let body = self.request.body.clone();
        let printed = self.render(template, &body)?;
        Ok(if printed.trim().is_empty() {
            b"{}".to_vec()
        } else {
            printed.into_bytes()
        })
    }

    fn render(&mut self, template: &str, body: &[u8]) -> Result<String, Failure> {
        let mut scope = Scope::new(&mut self.context, &self.stage.variables, &self.parameters, body);
        let printed = render(template, &mut scope);
        printed.map_err(|error| Failure::Configuration(format!("Unable to transform: {error}")))
    }

    fn sources<'s>(&'s self, answer: Option<(&'s Headers, &'s [u8])>) -> Sources<'s> {
        Sources {
            parameters: &self.parameters,
            request_body: &self.request.body,
            answer,
            context: &self.context,
            stage_variables: &self.stage.variables,
        }
    }

    fn is_binary(&self, kind: &str) -> bool {
        let mut types = self.stage.binary_media_types.iter();
        types.any(|one| one == "*/*" || one.eq_ignore_ascii_case(kind))
    }

    /// A body on its way out: text, unless the first type that the client accepts is one of those that are bytes,
    /// recorded of AWS.
    fn outgoing_body(&self, body: Vec<u8>) -> Vec<u8> {
        let accepted = self.request.headers.get("accept").map_or("*/*", first_media_type);
        if self.is_binary(accepted) {
            return body;
        }
        String::from_utf8(body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
            .into_bytes()
    }

    /// The gateway's own answer.
    fn fail(&mut self, failure: &Failure) -> Answer {
        let row = failure.row();
        self.log.push(failure.logged());
        self.context.set("error.message", row.message.as_str());
        self.context.set(
            "error.messageString",
            serde_json::Value::from(row.message.as_str()).to_string(),
        );
        self.context.set("error.responseType", row.kind);
        if let Some(text) = failure.validation() {
            self.context.set("error.validationErrorString", text);
        }
        let class = if row.status < 500 { "DEFAULT_4XX" } else { "DEFAULT_5XX" };
        let custom = |kind: &str| {
            let mut responses = self.stage.api().responses.iter();
            responses.find(|response| response.kind == kind && !response.is_default)
        };
        let response = custom(row.kind).or_else(|| custom(class));
        let mut answer = Answer {
            status: row.status,
            headers: Headers::from_iter([("Content-Type", JSON), ("x-amzn-ErrorType", row.error)]),
            body: row.spelling.body(&row.message).into_bytes(),
        };
        let Some(response) = response else {
            return self.answered(answer);
        };
        answer.status = response
            .status_code
            .as_deref()
            .and_then(|code| code.parse().ok())
            .unwrap_or(row.status);
        for (target, source) in &response.parameters {
            let name = target.strip_prefix("gatewayresponse.header.").unwrap_or(target);
            let values = self.sources(None).read(source).unwrap_or_default();
            let value = values.join(",");
            if !values.is_empty() && is_header_value(&value) {
                answer.headers.set(name, value);
            }
        }
        let accepted = self.request.headers.get("accept").map(first_media_type);
        let template = accepted.and_then(|kind| response.templates.get_key_value(kind));
        if let Some((kind, template)) = template.or_else(|| response.templates.get_key_value(JSON)) {
            answer.headers.set("Content-Type", kind);
            answer.body = self.filled(template, "").into_bytes();
        }
        self.answered(answer)
    }

    /// What every answer has.
    fn answered(&mut self, mut answer: Answer) -> Answer {
        if answer.headers.get("content-type").is_none() {
            answer.headers.set("Content-Type", JSON);
        }
        answer.headers.set("x-amzn-RequestId", self.text("requestId"));
        answer.headers.set("x-amz-apigw-id", self.text("extendedRequestId"));
        self.context.set("status", i64::from(answer.status));
        self.context
            .set("responseLength", i64::try_from(answer.body.len()).unwrap_or(i64::MAX));
        self.log
            .push(format!("Method completed with status: {}", answer.status));
        answer
    }

    /// The line of the access log, if the stage has one; how long the request took.
    #[must_use]
    pub fn access_line(&mut self, took: Duration) -> Option<String> {
        self.context
            .set("responseLatency", i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
        let format = self.stage.access_log_format.as_deref()?;
        Some(self.filled(format, "-"))
    }

    /// What happened, in the words of the execution log.
    #[must_use]
    pub fn execution_log(&self) -> &[String] {
        &self.log
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.text("requestId")
    }

    fn filled(&self, text: &str, missing: &str) -> String {
        let value = |name: &str| {
            if let Some(name) = name.strip_prefix("stageVariables.") {
                return self.stage.variables.get(name).cloned();
            }
            let value = self.context.at(name.strip_prefix("context.").unwrap_or(name))?;
            Some(value.to_string())
        };
        fill(text, value, missing)
    }

    fn text(&self, name: &str) -> String {
        self.context
            .at(name)
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned()
    }
}

const JSON: &str = "application/json";

/// The first media type of a header, without its parameters.
fn first_media_type(header: &str) -> &str {
    header.split([',', ';']).next().unwrap_or_default().trim()
}

/// The integration response for a status: the first whose pattern fits, else the one that has none.
fn select<'i>(integration: &'i Integration, status: &str) -> Result<(&'i str, &'i IntegrationResponse), Failure> {
    let mut default = None;
    for (code, response) in &integration.responses {
        let Some(pattern) = response
            .selection_pattern
            .as_deref()
            .filter(|pattern| !pattern.is_empty())
        else {
            default = Some((code.as_str(), response));
            continue;
        };
        let whole = fancy_regex::Regex::new(&format!("^(?:{pattern})$"));
        let whole = whole.map_err(|error| Failure::Configuration(format!("the pattern {pattern}: {error}")))?;
        if whole.is_match(status).unwrap_or(false) {
            return Ok((code, response));
        }
    }
    let none = "No match for output mapping and no default output mapping configured";
    default.ok_or_else(|| Failure::Configuration(none.to_owned()))
}
