//! The answer of a request: what becomes of the service's, and the gateway's own.

use std::time::Duration;

use bluegate_core::gateway::{Integration, IntegrationResponse};
use bytes::Bytes;

use super::body::is_too_large;
use super::encoding::is_header_value;
use super::exchange::{Exchange, JSON, Unreachable, first_media_type};
use super::failure::{Failure, Spelling};
use super::header_rules::{self, name_of};
use super::headers::{self, HeaderText, Headers};
use super::limits::LARGEST_BODY;
use super::log::fill;
use super::message::Answer;
use super::value::Value;

impl<'a> Exchange<'a> {
    /// What the service said, or why it said nothing, and how long that took.
    pub fn finish(&mut self, said: Result<Answer, Unreachable>, took: Duration) -> Answer {
        let answer = match said {
            Ok(answer) => {
                self.context.set("integration.status", i64::from(answer.status));
                self.met(answer.status, took);
                self.trace_said(&answer);
                self.received(answer)
            }
            Err(unreachable) => Err(unreachable.failure(Failure::Network)),
        };
        answer.unwrap_or_else(|failure| self.fail(failure))
    }

    /// That something behind the gateway answered, and how long that took.
    pub(super) fn met(&mut self, status: u16, took: Duration) {
        let millis = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
        for name in ["integrationStatus", "integration.integrationStatus"] {
            self.context.set(name, i64::from(status));
        }
        for name in ["integrationLatency", "integration.latency"] {
            self.context.set(name, millis);
        }
        self.note(|_| format!("Received response. Status: {status}, Integration latency: {millis} ms"));
    }

    fn received(&mut self, answer: Answer) -> Result<Answer, Failure> {
        let Some(integration) = self.route.and_then(|route| route.method.integration.as_ref()) else {
            return Err(Failure::NoMethod);
        };
        if is_too_large(&answer.body) {
            return Err(Failure::Malformed(format!(
                "the answer of the service exceeds the allowed maximum of {LARGEST_BODY} bytes"
            )));
        }
        if integration.kind != "HTTP_PROXY" {
            return self.respond(integration, &answer.status.to_string(), &answer.headers, answer.body);
        }
        // The gateway adds as many as 3.
        let mut passed = Vec::with_capacity(answer.headers.lines().len() + 3);
        let lines = answer.headers.lines();
        passed.extend(lines.filter_map(|line| line.fated(line.rule().answered)));
        let body = self.outgoing(answer.body, answer.headers.get("content-type"), None)?;
        Ok(self.integrated(Answer {
            status: answer.status,
            headers: passed.into(),
            body,
        }))
    }

    /// The answer of an integration.
    pub(super) fn integrated(&mut self, answer: Answer) -> Answer {
        self.trace_answer(&answer);
        self.note(|_| "Successfully completed execution".to_owned());
        let answer = self.cached(answer);
        let answer = self.compressed(answer);
        self.answered(answer)
    }

    /// The answer that an integration response makes of what the service said.
    pub(super) fn respond(
        &mut self,
        integration: &'a Integration,
        status: &str,
        sent: &Headers,
        body: Bytes,
    ) -> Result<Answer, Failure> {
        let (code, response) = self.select(integration, status)?;
        let mut set = Headers::default();
        for (target, source) in &response.parameters {
            let name = target.strip_prefix("method.response.header.").unwrap_or(target);
            let values = self.sources(Some((sent, &body))).read(source)?;
            let value = values.join(",");
            let name = name_of(name, header_rules::of(name).mapped_answer).filter(|_| !values.is_empty());
            if let Some(name) = name.filter(|_| is_header_value(&value)) {
                set.add(name, value);
            }
        }
        let handling = response.content_handling.as_deref();
        let mut printed = self.outgoing(body, sent.get("content-type"), handling)?;
        let accepted = self.request.headers.get("accept").map(first_media_type);
        let templates = &response.templates;
        let template = accepted.and_then(|kind| templates.get_key_value(kind));
        let template = template
            .or_else(|| templates.get_key_value(JSON))
            .or_else(|| templates.iter().next());
        if let Some((kind, template)) = template {
            printed = self.render(template, &printed)?.into();
            // A mapping says better what was printed.
            if set.get("content-type").is_none() {
                set.set("Content-Type", kind);
            }
        }
        let status = match self
            .context
            .written("responseOverride.status")
            .and_then(Value::as_integer)
        {
            Some(status @ 100..=599) => u16::try_from(status).unwrap_or(500),
            _ => code.parse().unwrap_or(500),
        };
        if let Some(Value::Map(overridden)) = self.context.written("responseOverride.header") {
            for (name, value) in overridden {
                set.set(name, value.to_string());
            }
        }
        if integration.kind != "MOCK" {
            set.set(
                "X-Amzn-Trace-Id",
                self.arrival.trace(self.request.headers.get("x-amzn-trace-id")),
            );
        }
        Ok(self.integrated(Answer {
            status,
            headers: set,
            body: printed,
        }))
    }

    /// The integration response for a status: the first whose pattern fits, else the one that has none.
    fn select(
        &self,
        integration: &'a Integration,
        status: &str,
    ) -> Result<(&'a str, &'a IntegrationResponse), Failure> {
        let mut default = None;
        for (code, response) in &integration.responses {
            match response.selection_pattern.as_deref() {
                None | Some("") => default = Some((code.as_str(), response)),
                Some(pattern) => {
                    let fits = self.stage.compiled.fits_whole(pattern, status);
                    if fits.map_err(Failure::Configuration)? {
                        return Ok((code, response));
                    }
                }
            }
        }
        let none = "No match for output mapping and no default output mapping configured";
        default.ok_or_else(|| Failure::Configuration(none.to_owned()))
    }

    /// The gateway's own answer.
    pub(super) fn fail(&mut self, failure: Failure) -> Answer {
        let row = failure.row();
        self.log.push(match &failure {
            Failure::Unauthorized(_) | Failure::ExpiredToken => format!("Unauthorized request: {}", self.request_id),
            failure => failure.logged(),
        });
        if row.spelling != Spelling::Null {
            self.context.set("error.message", row.message.as_str());
        }
        self.context.set("error.messageString", row.spelling.text(&row.message));
        self.context.set("error.responseType", row.kind);
        if let Some(text) = failure.validation() {
            self.context.set("error.validationErrorString", text);
        }
        self.failure = Some(failure);
        let class = if row.status < 500 { "DEFAULT_4XX" } else { "DEFAULT_5XX" };
        let custom = |kind: &str| {
            let mut responses = self.stage.api().responses.iter();
            responses.find(|response| response.kind == kind && !response.is_default)
        };
        let response = custom(row.kind).or_else(|| custom(class));
        let mut answer = Answer {
            status: row.status,
            headers: Headers::from_iter([("Content-Type", JSON), ("x-amzn-ErrorType", row.error)]),
            body: row.spelling.body(&row.message).into(),
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
            answer.body = self.filled(template, "").into();
        }
        self.answered(answer)
    }

    /// What every answer has.
    pub(super) fn answered(&mut self, mut answer: Answer) -> Answer {
        if answer.headers.get("content-type").is_none() {
            answer.headers.write(&headers::CONTENT_TYPE, HeaderText::fixed(JSON));
        }
        answer.headers.write(&headers::REQUEST_ID, self.request_id.as_str());
        answer.headers.write(&headers::EXTENDED_ID, self.extended_id.as_str());
        self.context.set("status", i64::from(answer.status));
        self.context
            .set("responseLength", i64::try_from(answer.body.len()).unwrap_or(i64::MAX));
        self.note(|_| format!("Method completed with status: {}", answer.status));
        answer
    }

    pub(super) fn filled(&self, text: &str, missing: &str) -> String {
        let value = |name: &str| {
            if let Some(name) = name.strip_prefix("stageVariables.") {
                return self.stage.variables.get(name).cloned();
            }
            let value = self.context().at(name.strip_prefix("context.").unwrap_or(name))?;
            Some(value.to_string())
        };
        fill(text, value, missing)
    }
}
