//! A request and its answer.

use std::time::Duration;

use bluegate_core::gateway::Integration;
use bytes::Bytes;
use serde_json::Value as Json;

use super::access::{Caller, Gate};
use super::cache::Caches;
use super::context::Context;
use super::encoding::{path_decoded, query_pairs};
use super::failure::Failure;
use super::headers::Headers;
use super::integration::{Call, Outgoing, Set};
use super::limits::refusal;
use super::log::masked;
use super::mapping::Sources;
use super::message::{Answer, Arrival, Request, is_uuid};
use super::mock;
use super::parameters::Parameters;
use super::policy::{INVALIDATE, Verdict};
use super::question::{Known, Question, Said};
use super::sigv4;
use super::stage::{Route, Stage};
use super::template::Scope;
use super::validation;
use super::value::Value;

/// What the execution log says of a function whose policy does not let an API call it.
const NOT_PERMITTED: &str = "Invalid permissions on Lambda function";

/// How long the ARN of a method may be, in bytes.
const LONGEST_ARN: usize = 1_600;

/// What is next.
#[derive(Debug)]
pub enum Next {
    /// The request is answered.
    Answer(Answer),
    /// The service is called; [`Exchange::finish`] is told what it said.
    Call(Call),
    /// A function is asked who calls; [`Exchange::authorize`] is told what it said.
    Ask(Question),
    /// A function is called; [`Exchange::finish_function`] is told what it said.
    Invoke(Question),
}

/// Why a service gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreachable {
    /// No connection was made, or it broke.
    Network(String),
    /// It took too long.
    TimedOut,
    /// It is a function whose policy does not let this API call it.
    NotPermitted,
    /// Whoever makes the calls cannot make this one.
    NotServed(String),
}

impl Unreachable {
    /// What becomes of a request whose integration it is; without a connection it is another failure of a function than of
    /// a service.
    pub(super) fn failure(self, broken: impl FnOnce(String) -> Failure) -> Failure {
        match self {
            Self::Network(why) => broken(why),
            Self::TimedOut => Failure::TimedOut,
            Self::NotServed(why) => Failure::NotServed(why),
            Self::NotPermitted => Failure::Configuration(NOT_PERMITTED.to_owned()),
        }
    }
}

/// A request of a client to a stage, until it is answered.
#[derive(Debug)]
pub struct Exchange<'a> {
    pub(super) stage: &'a Stage,
    /// The verb that was meant, which a header may say.
    pub(super) verb: String,
    pub(super) request: Request,
    pub(super) arrival: Arrival,
    pub(super) route: Option<Route<'a>>,
    pub(super) parameters: Parameters,
    pub(super) context: Context,
    pub(super) request_id: String,
    pub(super) extended_id: String,
    pub(super) log: Vec<String>,
    is_logged: bool,
    pub(super) caches: Caches,
    pub(super) failure: Option<Failure>,
}

impl<'a> Exchange<'a> {
    /// A request that came to a stage.
    #[must_use]
    pub fn new(stage: &'a Stage, request: Request, arrival: Arrival) -> Self {
        let is_cut = stage.canary.is_some();
        let (stage, is_canary) = stage.chosen(&arrival);
        let overridden = request.headers.get("x-http-method-override");
        let verb = overridden.unwrap_or(&request.method).to_owned();
        let route = stage.route(&verb, &request.path);
        let mut exchange = Self::to(stage, route, verb, request, arrival);
        if is_cut {
            exchange.context.set("isCanaryRequest", is_canary);
        }
        exchange
    }

    /// A request to a method of a resource, whatever its path is: how methods are tried.
    #[must_use]
    pub fn trial(stage: &'a Stage, resource_id: &str, request: Request, arrival: Arrival) -> Self {
        let verb = request.method.clone();
        let resource = stage.api().resources.iter().find(|resource| resource.id == resource_id);
        let route = resource.and_then(|resource| {
            let method = resource.methods.get(&verb)?;
            Some(Route { resource, method })
        });
        Self::to(stage, route, verb, request, arrival)
    }

    fn to(stage: &'a Stage, route: Option<Route<'a>>, verb: String, request: Request, arrival: Arrival) -> Self {
        let captures = route.map(|route| route.captures(&request.path)).unwrap_or_default();
        let parameters = Parameters {
            path: captures
                .into_iter()
                .map(|(name, value)| (name.to_owned(), path_decoded(value)))
                .collect(),
            query: query_pairs(&request.query),
            headers: request.headers.clone(),
        };
        Self {
            request_id: arrival.request_id(request.headers.get("x-amzn-requestid")),
            extended_id: arrival.extended_id(),
            stage,
            verb,
            request,
            arrival,
            route,
            parameters,
            context: Context::default(),
            log: Vec::new(),
            is_logged: true,
            caches: Caches::default(),
            failure: None,
        }
    }

    /// Keeps no execution log, for which nobody asks.
    pub fn keep_no_log(&mut self) {
        self.is_logged = false;
    }

    /// A line of the execution log.
    pub(super) fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.is_logged {
            let line = line(self);
            self.log.push(line);
        }
    }

    /// Begins: who may not is told so, and the method says what is next.
    pub fn start(&mut self, gate: &mut Gate) -> Next {
        if let Some(answer) = refusal(&self.request) {
            return Next::Answer(self.answered(answer));
        }
        self.note(|this| format!("Extended Request Id: {}", this.extended_id));
        let next = self.next(gate);
        next.unwrap_or_else(|failure| Next::Answer(self.fail(failure)))
    }

    /// Begins a trial: nobody is asked who calls.
    pub fn start_trial(&mut self) -> Next {
        let id = self.request_id.clone();
        let (verb, path) = (&self.verb, &self.request.path);
        let lines = [
            format!("Starting execution for request: {id}"),
            format!("HTTP Method: {verb}, Resource Path: {path}"),
        ];
        self.log.extend(lines);
        self.log.extend(self.request_lines());
        let next = self.route.ok_or(Failure::MissingAuthenticationToken).and_then(|route| {
            let integration = self.checked(route)?;
            self.enter(route, integration)
        });
        next.unwrap_or_else(|failure| Next::Answer(self.fail(failure)))
    }

    fn next(&mut self, gate: &mut Gate) -> Result<Next, Failure> {
        let route = self.route.ok_or_else(|| sigv4::unsigned(&self.request))?;
        if self.is_logged {
            self.log_usage();
        }
        self.note(|this| format!("Starting execution for request: {}", this.request_id));
        let path = &route.resource.path;
        self.note(|this| format!("HTTP Method: {}, Resource Path: {path}", this.verb));
        self.trace_request();
        // What can be said of who may call has an end
        // (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html).
        if self.request.path.len() > LONGEST_ARN / 2 && self.method_arn().len() > LONGEST_ARN {
            return Err(Failure::PathTooLong);
        }
        self.unpack()?;
        match route.method.authorization.as_deref() {
            Some("CUSTOM") => {}
            Some("COGNITO_USER_POOLS") => {
                self.bear(gate)?;
                return self.let_in(gate, route, None);
            }
            _ => return self.let_in(gate, route, None),
        }
        match self.consult(&gate.kept)? {
            Known::Answer(answer) => self.let_in(gate, route, Some((&answer, Duration::ZERO))),
            Known::Ask(question) => Ok(Next::Ask(question)),
        }
    }

    /// Goes on with what a function said of the caller, and how long that took.
    pub fn authorize(&mut self, gate: &mut Gate, said: Result<Said, Unreachable>, took: Duration) -> Next {
        let next = match said {
            Ok(said) => self.heard(said, &mut gate.kept),
            Err(Unreachable::NotServed(why)) => Err(Failure::NotServed(why)),
            Err(Unreachable::Network(why)) => Err(Failure::Authorizer(why)),
            Err(Unreachable::TimedOut) => Err(Failure::Authorizer("the function took too long".to_owned())),
            Err(Unreachable::NotPermitted) => Err(Failure::Authorizer(NOT_PERMITTED.to_owned())),
        };
        let route = self.route.ok_or(Failure::NoMethod);
        let next = next.and_then(|answer| self.let_in(gate, route?, Some((&answer, took))));
        next.unwrap_or_else(|failure| Next::Answer(self.fail(failure)))
    }

    /// The answer of an authorizer, the resource policy and the key, and then the method.
    fn let_in(
        &mut self,
        gate: &mut Gate,
        route: Route<'a>,
        answer: Option<(&Json, Duration)>,
    ) -> Result<Next, Failure> {
        if let Some((answer, took)) = answer {
            self.judge(answer, took)?;
        }
        let answer = answer.map(|(answer, _)| answer);
        let named_key = answer
            .and_then(|answer| answer.get("usageIdentifierKey"))
            .and_then(Json::as_str);
        let mut learnt = std::mem::take(&mut self.context);
        let admitted = self.caller(route, named_key).admit(gate, &mut learnt);
        self.context = learnt;
        admitted?;
        let integration = self.checked(route)?;
        if let Some(caching) = self.caching(route) {
            let gate = &*gate;
            let may = |this: &Self| this.may_refresh(gate, route, answer);
            if let Some(kept) = self.kept(&gate.cache, caching, integration, may)? {
                return Ok(Next::Answer(self.integrated(kept)));
            }
        }
        self.enter(route, integration)
    }

    fn caller<'s>(&'s self, route: Route<'s>, named_key: Option<&'s str>) -> Caller<'s> {
        Caller {
            stage: self.stage,
            route,
            verb: &self.verb,
            request: &self.request,
            named_key,
            arrival: &self.arrival,
        }
    }

    /// Whether the client may have an answer fetched again that was kept.
    fn may_refresh(&self, gate: &Gate, route: Route<'a>, answer: Option<&Json>) -> Result<(), Failure> {
        let is_allowed = match answer {
            Some(answer) => Some(self.said(answer, INVALIDATE, &self.method_arn())? == Verdict::Allow),
            None => None,
        };
        self.caller(route, None).may_refresh(gate, is_allowed)
    }

    /// What answers, if the request has what the method requires.
    fn checked(&self, route: Route<'a>) -> Result<&'a Integration, Failure> {
        let kind = self.media_type();
        validation::check(self.stage, route.method, &self.parameters, kind, &self.request.body)?;
        let integration = route.method.integration.as_ref();
        integration.ok_or_else(|| Failure::Configuration("No integration defined for method".into()))
    }

    /// The method.
    fn enter(&mut self, route: Route<'a>, integration: &'a Integration) -> Result<Next, Failure> {
        match integration.kind.as_str() {
            "MOCK" => self.mock(integration).map(Next::Answer),
            "AWS_PROXY" => self.invoke(integration).map(Next::Invoke),
            "AWS" => self.invoke_mapped(integration).map(Next::Invoke),
            "HTTP" | "HTTP_PROXY" => self.call(route, integration).map(Next::Call),
            kind => Err(Failure::NotServed(format!("{kind} integrations are not served here"))),
        }
    }

    fn mock(&mut self, integration: &'a Integration) -> Result<Answer, Failure> {
        let body = self.request_body(integration)?;
        let status = mock::status(&String::from_utf8_lossy(&body));
        let status = status.ok_or_else(|| Failure::Configuration("Unable to parse statusCode".to_owned()))?;
        self.respond(integration, &status.to_string(), &Headers::default(), Bytes::new())
    }

    fn call(&mut self, route: Route<'a>, integration: &'a Integration) -> Result<Call, Failure> {
        let mut set = Set::default();
        for (target, source) in &integration.request_parameters {
            set.add(target, self.sources(None).read(source)?);
        }
        let is_proxy = integration.kind == "HTTP_PROXY";
        let body = if is_proxy {
            // Nobody asks for it any more.
            let body = std::mem::take(&mut self.request.body);
            self.converted(body, integration.content_handling.as_deref())?
        } else {
            self.request_body(integration)?
        };
        set.override_by(&self.context);
        let outgoing = Outgoing {
            stage: self.stage,
            route,
            verb: &self.verb,
            request: &self.request,
            arrival: &self.arrival,
            parameters: &self.parameters,
            set,
            body,
            media_type: self.request.headers.get("content-type").unwrap_or(JSON),
        };
        let call = outgoing.call(integration)?;
        self.trace_call(&call);
        self.note(|_| format!("Sending request to {}://{}{}", call.scheme, call.authority, call.target));
        Ok(call)
    }

    /// The body that a request template prints, or the client's own
    /// ([passthrough](https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html)).
    pub(super) fn request_body(&mut self, integration: &'a Integration) -> Result<Bytes, Failure> {
        let kind = self.media_type();
        let handling = integration.content_handling.as_deref();
        let body = self.converted(self.request.body.clone(), handling)?;
        let Some(template) = integration.request_templates.get(kind) else {
            return match integration.passthrough_behavior.as_deref() {
                Some("NEVER") => Err(Failure::UnsupportedMediaType),
                Some("WHEN_NO_TEMPLATES") if !integration.request_templates.is_empty() => {
                    Err(Failure::UnsupportedMediaType)
                }
                _ => Ok(body),
            };
        };
        // A template takes text. That preflights of an API that takes all types as bytes fail is known of AWS.
        if self.is_binary(kind) && handling != Some("CONVERT_TO_TEXT") {
            let why = "Unable to transform request: a template takes text, and the body is binary";
            return Err(Failure::Configuration(why.to_owned()));
        }
        let printed = self.render(template, &body)?;
        Ok(if printed.trim().is_empty() {
            Bytes::from_static(b"{}")
        } else {
            printed.into()
        })
    }

    pub(super) fn render(&mut self, template: &str, body: &[u8]) -> Result<String, Failure> {
        let template = self.stage.compiled.template(template);
        if let Some(text) = template.as_ref().ok().and_then(|template| template.text()) {
            return Ok(text.to_owned());
        }
        let _ = self.context();
        let mut scope = Scope::new(self.context.made(), &self.stage.variables, &self.parameters, body);
        let printed = template.and_then(|template| template.render(&mut scope));
        printed.map_err(|error| Failure::Configuration(format!("Unable to transform: {error}")))
    }

    pub(super) fn sources<'s>(
        &'s self,
        answer: Option<(&'s Headers, &'s [u8])>,
    ) -> Sources<'s, impl Fn() -> &'s Value> {
        Sources {
            parameters: &self.parameters,
            request_body: &self.request.body,
            answer,
            context: || self.context(),
            stage_variables: &self.stage.variables,
        }
    }

    /// That the usage plan was looked at, which AWS logs first. Of a key its end is shown.
    fn log_usage(&mut self) {
        let key = masked(self.request.headers.get("x-api-key").unwrap_or_default());
        let (id, stage) = (
            self.request_id.clone(),
            format!("{}/{}", self.stage.rest_api_id, self.stage.name),
        );
        self.log.push(format!(
            "Verifying Usage Plan for request: {id}. API Key: {key} API Stage: {stage}"
        ));
        let Some(route) = self
            .route
            .filter(|route| !route.method.api_key_required && key.is_empty())
        else {
            return;
        };
        let method = format!("{} {}", self.verb, route.resource.path);
        self.log.push(format!(
            "API Key {key} authorized because method '{method}' does not require API Key. Request will not contribute \
             to throttle or quota limits"
        ));
        self.log.push(format!(
            "Usage Plan check succeeded for API Key {key} and API Stage {stage}"
        ));
    }

    /// The line of the access log, if the stage has one; how long the request took.
    #[must_use]
    pub fn access_line(&mut self, took: Duration) -> Option<String> {
        let format = self.stage.access_log_format.as_deref()?;
        self.context
            .set("responseLatency", i64::try_from(took.as_millis()).unwrap_or(i64::MAX));
        // Of the id that a client chose and that is no UUID, the access log says this
        // (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html).
        let chosen = self.request.headers.get("x-amzn-requestid");
        if chosen.is_some_and(|chosen| !is_uuid(chosen)) {
            self.context.set("requestId", "UUID_REPLACED_INVALID_REQUEST_ID");
        }
        Some(self.filled(format, "-"))
    }

    /// What happened, in the words of the execution log.
    #[must_use]
    pub fn execution_log(&self) -> &[String] {
        &self.log
    }

    /// Why the gateway answered by itself, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.request_id.clone()
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.context()
            .at(name)
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned()
    }
}

pub(super) const JSON: &str = "application/json";

/// The first media type of a header, without its parameters.
pub(super) fn first_media_type(header: &str) -> &str {
    header.split([',', ';']).next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_fits_into_the_room_that_allocators_have_at_hand() {
        // Up to a kilobyte. How large a type is depends on the compiler and the machine: it keeps nobody from building.
        let size = size_of::<Exchange<'_>>();
        assert!(size <= 1_000, "{size}");
    }
}
