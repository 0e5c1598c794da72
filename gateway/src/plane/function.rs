//! Functions behind `AWS_PROXY`
//! ([proxy integration](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html)).

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bluegate_core::aws::written_function;
use bluegate_core::gateway::{Integration, Key, call_of};
use serde_json::{Value as Json, json};

use super::exchange::{Exchange, Unreachable};
use super::failure::Failure;
use super::header_rules;
use super::headers::{self, Headers, Line};
use super::integration::{forwarded, patience, with_variables};
use super::message::Answer;
use super::question::{Question, Said};

/// What no mapping may set for a function: each call fails, recorded of AWS.
const NEVER_MAPPED: [&str; 7] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "proxy-authenticate",
    "te",
    "transfer-encoding",
];

/// What goes to functions and not to services.
const TOLD: [&str; 3] = ["host", "via", "content-encoding"];

impl<'a> Exchange<'a> {
    /// The call of the function that an integration names.
    pub(super) fn invoke(&mut self, integration: &Integration) -> Result<Question, Failure> {
        if integration.http_method.as_deref() != Some("POST") {
            return Err(Failure::Configuration("functions are called by POST".to_owned()));
        }
        let question = Question {
            function: self.called_function(integration)?,
            caller: self.source_arn(),
            event: self.event(),
            timeout: patience(integration),
        };
        Ok(self.trace_invocation(question))
    }

    /// The call of a function that gets what a template prints.
    pub(super) fn invoke_mapped(&mut self, integration: &'a Integration) -> Result<Question, Failure> {
        let function = self.called_function(integration)?;
        let body = self.request_body(integration)?;
        let body = if body.trim_ascii().is_empty() { b"{}" } else { &*body };
        let event = serde_json::from_slice(body)
            .map_err(|error| Failure::Configuration(format!("Could not parse request body into json: {error}")))?;
        let caller = self.source_arn();
        Ok(self.trace_invocation(Question {
            function,
            caller,
            event,
            timeout: patience(integration),
        }))
    }

    /// The ARN that a function's policy may be about: of the method, with `*` for what stands in its path.
    fn source_arn(&self) -> String {
        let path = self.route.map_or("", |route| &route.resource.path);
        let key = Key {
            path: path.to_owned(),
            verb: self.verb.clone(),
        };
        self.stage.arn_of(&call_of(&self.stage.name, &key))
    }

    fn called_function(&self, integration: &Integration) -> Result<String, Failure> {
        let targets = integration.request_parameters.keys();
        let mut headers = targets.filter_map(|target| target.strip_prefix("integration.request.header."));
        let is_never = |name: &&str| NEVER_MAPPED.iter().any(|never| never.eq_ignore_ascii_case(name));
        if let Some(name) = headers.find(is_never) {
            return Err(Failure::Configuration(format!("Invalid value of the header {name}")));
        }
        let uri = with_variables(integration.uri.as_deref().unwrap_or_default(), &self.stage.variables);
        let not_here = || Failure::NotServed(format!("AWS services are not here, and {uri} is one"));
        written_function(&uri).map(str::to_owned).ok_or_else(not_here)
    }

    /// The request, as a function is told of it. Maps without entries are null, recorded of AWS.
    fn event(&self) -> Json {
        let client = &self.request.headers;
        let passed = client.lines().filter(|line| {
            let is_told = line.rule().is_proxied || TOLD.iter().any(|told| line.is(told));
            is_told && !self.route.is_some_and(|route| route.is_signature(line))
        });
        let trace = self.arrival.trace(client.get("x-amzn-trace-id"));
        let own = forwarded(client, &self.arrival).into_iter();
        let own = own.chain([Line::of(&headers::TRACE_ID, trace)]);
        let told = Headers::from(passed.cloned().chain(own).collect::<Vec<_>>());
        let told: Vec<(&str, &str)> = told.iter().collect();
        let query = self.parameters.query.iter();
        let query: Vec<(&str, &str)> = query.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        // A function is told path parameters as they were sent.
        let path = self
            .route
            .map(|route| route.captures(&self.request.path))
            .unwrap_or_default();
        let path: BTreeMap<&str, &str> = path.into_iter().collect();
        let body = &self.request.body;
        let is_binary = self.is_binary(self.media_type());
        json!({
            "resource": self.text("resourcePath"),
            "path": self.request.path,
            "httpMethod": self.verb,
            "headers": or_null(last_values(&told)),
            "multiValueHeaders": or_null(all_values(&told)),
            "queryStringParameters": or_null(last_values(&query)),
            "multiValueQueryStringParameters": or_null(all_values(&query)),
            "pathParameters": or_null(path),
            "stageVariables": or_null(self.stage.variables.clone()),
            "requestContext": self.context(),
            "body": match &**body {
                [] => Json::Null,
                body if is_binary => json!(STANDARD.encode(body)),
                body => json!(String::from_utf8_lossy(body)),
            },
            "isBase64Encoded": is_binary && !body.is_empty(),
        })
    }

    /// What the function said, and how long that took.
    pub fn finish_function(&mut self, said: Result<Said, Unreachable>, took: Duration) -> Answer {
        let answer = match said {
            Ok(said) => {
                // Lambda answers 200 whatever became of the function.
                self.met(200, took);
                self.trace_returned(&said);
                self.told_by_function(said)
            }
            Err(unreachable) => Err(unreachable.failure(Failure::Function)),
        };
        answer.unwrap_or_else(|failure| self.fail(failure))
    }

    fn told_by_function(&mut self, said: Said) -> Result<Answer, Failure> {
        let integration = self.route.and_then(|route| route.method.integration.as_ref());
        let mapped = integration.filter(|integration| integration.kind == "AWS");
        match (said, mapped) {
            // Patterns are about the message of an error; what is none has the empty one.
            (Said::Answer(answer), Some(mapped)) => {
                self.respond(mapped, "", &Headers::default(), answer.to_string().into())
            }
            (Said::Error(message), Some(mapped)) => {
                let body = json!({"errorMessage": message}).to_string();
                self.respond(mapped, &message, &Headers::default(), body.into())
            }
            (Said::Answer(answer), None) => self.of_function(&answer),
            (Said::Error(message), None) => {
                let error = format!("Lambda Customer Function Error:{message}");
                self.context.set("integration.error", error);
                Err(Failure::Function(message))
            }
        }
    }

    fn of_function(&mut self, answer: &Json) -> Result<Answer, Failure> {
        const KEYS: [&str; 5] = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];
        let malformed = |what: &str| Failure::Malformed(format!("Malformed Lambda proxy response: {what}"));
        let entries = answer.as_object().ok_or_else(|| malformed("no object"))?;
        if let Some(key) = entries.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(malformed(key));
        }
        let status = match &answer["statusCode"] {
            Json::Null => Some(200),
            Json::String(text) => text.parse().ok(),
            value => value.as_u64().and_then(|status| u16::try_from(status).ok()),
        };
        let status = status
            .filter(|status| (100..=599).contains(status))
            .ok_or_else(|| malformed("statusCode"))?;
        let mut passed = Headers::default();
        let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut add = |name: &str, value: &Json| {
            if let Some(name) = header_rules::name_of(name, header_rules::of(name).answered) {
                passed.add(name, text(value));
            }
        };
        // The lists come first, recorded of AWS.
        for (name, values) in answer["multiValueHeaders"].as_object().into_iter().flatten() {
            for value in values.as_array().ok_or_else(|| malformed("multiValueHeaders"))? {
                add(name, value);
            }
        }
        for (name, value) in answer["headers"].as_object().into_iter().flatten() {
            add(name, value);
        }
        passed.set(
            "X-Amzn-Trace-Id",
            self.arrival.trace(self.request.headers.get("x-amzn-trace-id")),
        );
        let body = match &answer["body"] {
            Json::Null => String::new(),
            Json::String(body) => body.clone(),
            _ => return Err(malformed("body")),
        };
        let is_encoded = answer["isBase64Encoded"] == true && self.takes_bytes();
        let body = match is_encoded {
            true => STANDARD
                .decode(body)
                .map_err(|_| Failure::Configuration("the body is no Base64".to_owned()))?,
            false => body.into_bytes(),
        };
        self.context.set("integration.status", i64::from(status));
        Ok(self.integrated(Answer {
            status,
            headers: passed,
            body: body.into(),
        }))
    }
}

fn or_null<K, V: serde::Serialize>(map: BTreeMap<K, V>) -> Json
where
    BTreeMap<K, V>: serde::Serialize,
{
    if map.is_empty() { Json::Null } else { json!(map) }
}

/// The last value of each name.
pub(super) fn last_values<'a>(pairs: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, &'a str> {
    pairs.iter().copied().collect()
}

/// All values of each name, in their order.
pub(super) fn all_values<'a>(pairs: &[(&'a str, &'a str)]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs {
        values.entry(name).or_default().push(value);
    }
    values
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;

    use super::*;
    use crate::plane::{Arrival, Gate, Next, Request, Stage};

    /// The event that the function gets, and the answer that its answer makes.
    fn exchange(query: &str, said: Said) -> (Json, Answer) {
        let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:f/invocations";
        let document: Document = serde_json::from_value(json!({"paths": {"/{proxy+}": {
            "x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {
                "type": "aws_proxy", "httpMethod": "POST", "uri": uri}},
        }}}))
        .unwrap();
        let stage = Stage::new("abc", "dev", Api::from(&document));
        let request = Request {
            method: "GET".into(),
            path: "/a%2Bb/".into(),
            query: query.into(),
            headers: Headers::from_iter([("A", "1"), ("A", "2"), ("Connection", "close")]),
            ..Request::default()
        };
        let arrival = Arrival {
            time: time::OffsetDateTime::UNIX_EPOCH,
            source: "127.0.0.1".parse().unwrap(),
            seed: 1,
        };
        let mut exchange = Exchange::new(&stage, request, arrival);
        let Next::Invoke(question) = exchange.start(&mut Gate::default()) else {
            panic!("no call")
        };
        assert_eq!(question.function, "arn:f");
        let answer = exchange.finish_function(Ok(said), Duration::ZERO);
        (question.event, answer)
    }

    #[test]
    fn a_function_is_told_of_the_request_as_recorded_of_aws() {
        let (event, _) = exchange("x=1&x=2&empty=", Said::Answer(json!({})));
        assert_eq!(event["pathParameters"], json!({"proxy": "a%2Bb"}));
        assert_eq!(
            (&event["path"], &event["resource"]),
            (&json!("/a%2Bb/"), &json!("/{proxy+}"))
        );
        assert_eq!(event["queryStringParameters"], json!({"x": "2", "empty": ""}));
        assert_eq!(
            event["multiValueQueryStringParameters"],
            json!({"x": ["1", "2"], "empty": [""]})
        );
        assert_eq!(
            (&event["headers"]["A"], &event["multiValueHeaders"]["A"]),
            (&json!("2"), &json!(["1", "2"]))
        );
        assert_eq!(
            (
                &event["headers"]["Connection"],
                &event["body"],
                &event["stageVariables"]
            ),
            (&Json::Null, &Json::Null, &Json::Null)
        );
        assert_eq!(
            exchange("", Said::Answer(json!({}))).0["queryStringParameters"],
            Json::Null
        );
    }

    #[test]
    fn answers_of_functions_are_taken_and_refused_as_recorded_of_aws() {
        for (said, status) in [
            (json!({"statusCode": 201, "body": "x"}), 201),
            (json!({"statusCode": "201"}), 201),
            (json!({"headers": {"a": "b"}}), 200),
            (json!({"statusCode": "no"}), 502),
            (json!({"statusCode": 200, "unheard": 1}), 502),
            (json!({"multiValueHeaders": {"a": "b"}}), 502),
            (json!("text"), 502),
        ] {
            assert_eq!(exchange("", Said::Answer(said.clone())).1.status, status, "{said}");
        }
        let failed = exchange("", Said::Error("boom".into())).1;
        assert_eq!((failed.status, failed.body.len()), (502, 36));
        let said = json!({"headers": {"t": "solo", "flag": true}, "multiValueHeaders": {"t": ["multi"]}});
        let answer = exchange("", Said::Answer(said)).1;
        assert_eq!(answer.headers.all("t").collect::<Vec<_>>(), ["multi", "solo"]);
        assert_eq!(answer.headers.get("flag"), Some("true"));
        assert_eq!(answer.headers.get("content-type"), Some("application/json"));
    }
}
