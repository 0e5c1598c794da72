//! One request as it may be shown: both sides of the gateway, what became of the headers, and why.

use std::time::SystemTime;

use serde::Serialize;
use serde_json::Value as Json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::secrets::Secrets;
use crate::plane::{Answer, Headers, Question, Why};
use crate::service::Record;

/// As much of a body as is kept, in bytes.
const SHOWN: usize = 16 * 1024;

/// One request, on both sides of the gateway. Secrets are masked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// Its place among the requests that were seen, from 1.
    pub number: u64,
    /// When it was answered, as RFC 3339 writes it.
    pub time: String,
    /// The id of the request, `x-amzn-RequestId`.
    pub id: String,
    /// The id of the API.
    pub api: String,
    /// The name of the stage.
    pub stage: String,
    /// The verb.
    pub verb: String,
    /// The path behind the stage.
    pub path: String,
    /// The query.
    pub query: String,
    /// The path of the route that answered, if one did.
    pub route: Option<String>,
    /// Who called, if that is known.
    pub caller: Option<String>,
    /// The status that the client got.
    pub status: u16,
    /// How long it took, in milliseconds.
    pub millis: f64,
    /// Why the gateway answered by itself, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// The same for machines.
    #[serde(skip_serializing_if = "Json::is_null")]
    pub failure: Json,
    /// What the client sent.
    pub request: Message,
    /// What the function that knows callers was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Message>,
    /// What the service or the function got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<Message>,
    /// What the service said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Message>,
    /// What the client got.
    pub answer: Message,
    /// What became of the request's headers.
    pub request_changes: Vec<Change>,
    /// What became of the answer's headers.
    pub answer_changes: Vec<Change>,
    /// What happened, in the words of the execution log.
    pub log: Vec<String>,
}

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Its first line: verb and URL, a status, or a function.
    pub line: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// The begin of its body, if that is text.
    pub body: Option<String>,
    /// How many bytes the body has.
    pub bytes: usize,
}

/// What became of a header on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The name of the header.
    pub header: String,
    /// What became of it.
    pub what: Became,
    /// Its new name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What became of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It went no farther.
    Dropped,
    /// The gateway made it.
    Added,
    /// It has another value.
    Changed,
    /// It has another name.
    Renamed,
}

impl Trace {
    /// Of a request to a stage.
    pub(super) fn of(number: u64, record: &Record) -> Self {
        let mut secrets = Secrets::of(&record.request, record.identity_headers.iter().cloned());
        for answer in record.said.iter().chain([&record.answer]) {
            secrets.add(&answer.headers);
        }
        let context = |name: &str| {
            let value = record.context.at(name).map(ToString::to_string);
            value.filter(|text| !text.is_empty())
        };
        let query = secrets.text(&record.request.query);
        let mark = if query.is_empty() { "" } else { "?" };
        let line = format!("{} {}{mark}{query}", record.request.method, record.request.sent_path);
        let call = match (&record.call, &record.invoked) {
            (Some(call), _) => {
                let line = format!("{} {}://{}{}", call.method, call.scheme, call.authority, call.target);
                Some(message(&secrets, &line, &call.headers, &call.body))
            }
            (None, Some(question)) => Some(invocation(&secrets, question)),
            (None, None) => None,
        };
        let answered = |answer: &Answer| message(&secrets, &answer.status.to_string(), &answer.headers, &answer.body);
        let why = record.why.clone().map(|mut why| {
            why.sentence = secrets.text(&why.sentence);
            for (_, text) in &mut why.details {
                *text = secrets.text(text);
            }
            why
        });
        let mut failure = serde_json::to_value(&record.failure).unwrap_or_default();
        secrets.blot(&mut failure);
        Self {
            number,
            time: OffsetDateTime::from(SystemTime::now())
                .format(&Rfc3339)
                .unwrap_or_default(),
            id: context("requestId").unwrap_or_default(),
            api: context("apiId").unwrap_or_default(),
            stage: context("stage").unwrap_or_default(),
            verb: context("httpMethod").unwrap_or_default(),
            path: record.request.path.clone(),
            route: context("resourcePath"),
            caller: context("identity.userArn")
                .or_else(|| context("authorizer.principalId"))
                .or_else(|| context("authorizer.claims.sub"))
                .or_else(|| Some(format!("key {}", context("identity.apiKeyId")?))),
            status: record.answer.status,
            millis: record.took.as_secs_f64() * 1_000.,
            why,
            failure,
            request: message(&secrets, &line, &record.request.headers, &record.request.body),
            query,
            asked: record.asked.as_ref().map(|question| invocation(&secrets, question)),
            call,
            said: record.said.as_ref().map(answered),
            answer: answered(&record.answer),
            request_changes: record
                .call
                .as_ref()
                .map(|call| changes(&record.request.headers, &call.headers))
                .unwrap_or_default(),
            answer_changes: record
                .said
                .as_ref()
                .map(|said| changes(&said.headers, &record.answer.headers))
                .unwrap_or_default(),
            log: record.log.iter().map(|line| secrets.text(line)).collect(),
        }
    }
}

pub(super) fn message(secrets: &Secrets, line: &str, headers: &Headers, body: &[u8]) -> Message {
    // What is cut in the middle of a character is text all the same.
    let begin = &body[..body.len().min(SHOWN)];
    let text = match std::str::from_utf8(begin) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&begin[..error.valid_up_to()]).ok(),
        Err(_) => None,
    };
    Message {
        line: secrets.text(line),
        headers: headers
            .iter()
            .map(|(name, value)| (name.to_owned(), secrets.header(name, value)))
            .collect(),
        body: text.map(|text| secrets.text(text)),
        bytes: body.len(),
    }
}

fn invocation(secrets: &Secrets, question: &Question) -> Message {
    let mut event = question.event.clone();
    secrets.blot(&mut event);
    let body = format!("{event:#}");
    Message {
        line: format!("Invoke {}", question.function),
        headers: Vec::new(),
        bytes: body.len(),
        body: Some(body),
    }
}

/// What became of headers, in the order in which they were sent; those that the gateway made stand at the end.
fn changes(before: &Headers, after: &Headers) -> Vec<Change> {
    let change = |header: &str, what, to: Option<&str>| Change {
        header: header.to_owned(),
        what,
        to: to.map(str::to_owned),
    };
    let all = |headers: &Headers, name: &str| headers.all(name).map(str::to_owned).collect::<Vec<String>>();
    let is_first = |headers: &Headers, at: usize, name: &str| {
        headers.iter().position(|(given, _)| given.eq_ignore_ascii_case(name)) == Some(at)
    };
    let mut found = Vec::new();
    let mut renamed = Vec::new();
    for (at, (name, value)) in before.iter().enumerate() {
        if !is_first(before, at, name) {
            continue;
        }
        let new_name = after.iter().find(|(given, _)| {
            given
                .to_lowercase()
                .ends_with(&format!("-remapped-{}", name.to_lowercase()))
        });
        match (all(after, name), new_name) {
            (_, Some((to, new))) if new == value => {
                renamed.push(to.to_lowercase());
                found.push(change(name, Became::Renamed, Some(to)));
            }
            (values, _) if values.is_empty() => found.push(change(name, Became::Dropped, None)),
            (values, _) if values != all(before, name) => found.push(change(name, Became::Changed, None)),
            _ => {}
        }
    }
    for (at, (name, _)) in after.iter().enumerate() {
        let is_new = before.get(name).is_none() && !renamed.contains(&name.to_lowercase());
        if is_new && is_first(after, at, name) {
            found.push(change(name, Became::Added, None));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_each_header_is_told() {
        let before = Headers::from_iter([
            ("Server", "axum"),
            ("Date", "now"),
            ("A", "1"),
            ("a", "2"),
            ("Keep-Alive", "5"),
        ]);
        let after = Headers::from_iter([
            ("x-amzn-Remapped-Server", "axum"),
            ("Date", "then"),
            ("A", "1"),
            ("a", "2"),
            ("x-amz-apigw-id", "id"),
        ]);
        let told: Vec<String> = changes(&before, &after)
            .iter()
            .map(|one| format!("{} {:?} {}", one.header, one.what, one.to.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(
            told,
            [
                "Server Renamed x-amzn-Remapped-Server",
                "Date Changed -",
                "Keep-Alive Dropped -",
                "x-amz-apigw-id Added -",
            ]
        );
    }

    #[test]
    fn a_body_that_is_cut_within_a_character_is_text_and_bytes_are_none() {
        let secrets = Secrets::of(&crate::plane::Request::default(), []);
        let long = format!("a{}", "é".repeat(SHOWN));
        let told = message(&secrets, "", &Headers::default(), long.as_bytes());
        assert_eq!(told.bytes, long.len());
        assert_eq!(told.body.map(|text| text.len()), Some(SHOWN - 1));
        assert_eq!(message(&secrets, "", &Headers::default(), &[0xff, b'a']).body, None);
    }
}
