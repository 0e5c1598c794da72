//! Lines of the execution log that show what is sent, for methods whose data is traced, in the words recorded of AWS
//! ([logging](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)).

use serde_json::json;

use super::exchange::Exchange;
use super::integration::Call;
use super::log::masked;
use super::message::Answer;
use super::question::{Question, Said};

/// What is a secret, and shows its end only.
const SECRETS: [&str; 2] = ["authorization", "x-api-key"];

impl Exchange<'_> {
    /// Adds lines, if the stage traces the data of the method.
    fn trace<const N: usize>(&mut self, lines: impl FnOnce(&Self) -> [String; N]) {
        let traced = &self.stage.traced;
        let own = || traced.get(&self.route?.name(&self.verb));
        if !traced.is_empty() && own().or_else(|| traced.get("*/*")) == Some(&true) {
            for line in lines(self) {
                self.note(|_| line);
            }
        }
    }

    pub(super) fn trace_request(&mut self) {
        self.trace(Self::request_lines);
    }

    /// What the client sent.
    pub(super) fn request_lines(&self) -> [String; 4] {
        let pairs = |list: &[(String, String)]| shown(list.iter().map(|(name, value)| (&**name, &**value)));
        [
            format!("Method request path: {}", pairs(&self.parameters.path)),
            format!("Method request query string: {}", pairs(&self.parameters.query)),
            format!("Method request headers: {}", shown(self.request.headers.iter())),
            format!(
                "Method request body before transformations: {}",
                text(&self.request.body)
            ),
        ]
    }

    /// What the service is sent.
    pub(super) fn trace_call(&mut self, call: &Call) {
        self.trace(|_| {
            [
                format!(
                    "Endpoint request URI: {}://{}{}",
                    call.scheme, call.authority, call.target
                ),
                format!("Endpoint request headers: {}", shown(call.headers.iter())),
                format!("Endpoint request body after transformations: {}", text(&call.body)),
            ]
        });
    }

    /// What a function is sent, and that it is sent.
    pub(super) fn trace_invocation(&mut self, question: Question) -> Question {
        let Question { function, event, .. } = &question;
        let region = function.split(':').nth(3).unwrap_or_default();
        let uri = format!("https://lambda.{region}.amazonaws.com/2015-03-31/functions/{function}/invocations");
        self.trace(|_| {
            [
                format!("Endpoint request URI: {uri}"),
                "Endpoint request headers: {}".to_owned(),
                format!("Endpoint request body after transformations: {event}"),
            ]
        });
        self.note(|_| format!("Sending request to {uri}"));
        question
    }

    /// What a function said, as Lambda tells it.
    pub(super) fn trace_returned(&mut self, said: &Said) {
        self.trace(|_| {
            let body = match said {
                Said::Answer(answer) => answer.to_string(),
                Said::Error(message) => json!({"errorMessage": message}).to_string(),
            };
            [
                "Endpoint response headers: {}".to_owned(),
                format!("Endpoint response body before transformations: {body}"),
            ]
        });
    }

    /// What the service said.
    pub(super) fn trace_said(&mut self, answer: &Answer) {
        self.trace(|_| {
            [
                format!("Endpoint response headers: {}", shown(answer.headers.iter())),
                format!("Endpoint response body before transformations: {}", text(&answer.body)),
            ]
        });
    }

    /// What the client gets.
    pub(super) fn trace_answer(&mut self, answer: &Answer) {
        self.trace(|_| {
            [
                format!("Method response body after transformations: {}", text(&answer.body)),
                format!("Method response headers: {}", shown(answer.headers.iter())),
            ]
        });
    }
}

fn text(body: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(body)
}

fn shown<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> = pairs
        .map(
            |(name, value)| match SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
                true => format!("{name}={}", masked(value)),
                false => format!("{name}={value}"),
            },
        )
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use bluegate_core::gateway::Api;
    use bluegate_core::openapi::Document;
    use serde_json::{Value as Json, json};
    use time::OffsetDateTime;

    use crate::plane::{Answer, Arrival, Exchange, Gate, Headers, Next, Request, Said, Stage};

    fn stage(paths: &Json) -> Stage {
        let document: Document = serde_json::from_value(json!({"paths": paths})).unwrap();
        Stage::new("abc", "dev", Api::from(&document))
    }

    fn arrival() -> Arrival {
        Arrival {
            time: OffsetDateTime::UNIX_EPOCH,
            source: Ipv4Addr::LOCALHOST.into(),
            seed: 7,
        }
    }

    fn log(traced: &[(&str, bool)]) -> Vec<String> {
        let mut stage = stage(&json!({"/a/{id}": {"post": {
            "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "POST", "uri": "http://service/x"},
        }}}));
        stage.traced = traced
            .iter()
            .map(|(method, yes)| ((*method).to_owned(), *yes))
            .collect();
        let request = Request {
            method: "POST".into(),
            path: "/a/7".into(),
            query: "q=1".into(),
            headers: Headers::from_iter([("Authorization", "Bearer 0123456789"), ("A", "b")]),
            body: "sent".into(),
            ..Request::default()
        };
        let mut exchange = Exchange::new(&stage, request, arrival());
        assert!(matches!(exchange.start(&mut Gate::default()), Next::Call(_)));
        let said = Answer {
            status: 200,
            headers: Headers::from_iter([("C", "d")]),
            body: "said".into(),
        };
        exchange.finish(Ok(said), Duration::from_millis(4));
        exchange.execution_log().to_vec()
    }

    #[test]
    fn what_a_function_is_sent_and_says_is_logged() {
        let arn = "arn:aws:lambda:eu-west-1:000000000000:function:f";
        let uri = format!("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{arn}/invocations");
        let mut stage = stage(&json!({"/a": {"get": {
            "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri},
        }}}));
        stage.traced = [("*/*".to_owned(), true)].into();
        let request = Request {
            method: "GET".into(),
            path: "/a".into(),
            ..Request::default()
        };
        let mut exchange = Exchange::new(&stage, request, arrival());
        assert!(matches!(exchange.start(&mut Gate::default()), Next::Invoke(_)));
        let said = Said::Answer(json!({"statusCode": 201}));
        exchange.finish_function(Ok(said), Duration::from_millis(4));
        let log = exchange.execution_log().join("\n");
        let url = format!("https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/{arn}/invocations");
        let mut rest = log.as_str();
        for line in [
            format!("Endpoint request URI: {url}"),
            "Endpoint request body after transformations: {".to_owned(),
            format!("Sending request to {url}"),
            "Received response. Status: 200, Integration latency: 4 ms".to_owned(),
            "Endpoint response body before transformations: {\"statusCode\":201}".to_owned(),
            "Method completed with status: 201".to_owned(),
        ] {
            let at = rest
                .find(&line)
                .unwrap_or_else(|| panic!("{line} is not in its place in {log}"));
            rest = &rest[at..];
        }
    }

    #[test]
    fn a_traced_method_logs_what_is_sent_and_hides_secrets() {
        let plain = log(&[("*/*", true), ("/a/{id}/POST", false)]);
        assert_eq!(plain, log(&[]));
        let traced = log(&[("*/*", true)]);
        let added: Vec<&String> = traced.iter().filter(|line| !plain.contains(line)).collect();
        for (line, start) in added.iter().zip([
            "Method request path: {id=7}",
            "Method request query string: {q=1}",
            "Method request headers: {Authorization=***********456789, A=b}",
            "Method request body before transformations: sent",
            "Endpoint request URI: http://service/x?q=1",
            "Endpoint request headers: {Authorization=***********456789, A=b, ",
            "Endpoint request body after transformations: sent",
            "Endpoint response headers: {C=d}",
            "Endpoint response body before transformations: said",
            "Method response body after transformations: said",
            "Method response headers: {C=d}",
        ]) {
            assert!(line.starts_with(start), "{line}: {start}");
        }
        assert_eq!(added.len(), 11);
        let ends = ["Successfully completed execution", "Method completed with status: 200"];
        assert_eq!(traced[traced.len() - 2..], ends);
    }
}
