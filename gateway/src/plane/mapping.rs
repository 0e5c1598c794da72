//! Where mappings of parameters read
//! ([request parameters](https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html)).

use bluegate_core::gateway::Texts;

use super::failure::Failure;
use super::headers::Headers;
use super::json_path;
use super::parameters::Parameters;
use super::value::Value;

/// What a mapping can read. `$context` is made for those that read it.
pub(super) struct Sources<'a, C> {
    /// `method.request`
    pub(super) parameters: &'a Parameters,
    pub(super) request_body: &'a [u8],
    /// `integration.response`, once there is one.
    pub(super) answer: Option<(&'a Headers, &'a [u8])>,
    pub(super) context: C,
    pub(super) stage_variables: &'a Texts,
}

impl<'a, C: Fn() -> &'a Value> Sources<'a, C> {
    /// The values of a source; none if there is nothing.
    pub(super) fn read(&self, source: &str) -> Result<Vec<String>, Failure> {
        if let Some(constant) = source.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Ok(vec![constant.to_owned()]);
        }
        if let Some(name) = source.strip_prefix("context.") {
            let value = (self.context)().at(name).filter(|value| **value != Value::Null);
            return Ok(value.map(ToString::to_string).into_iter().collect());
        }
        if let Some(name) = source.strip_prefix("stageVariables.") {
            return Ok(self.stage_variables.get(name).cloned().into_iter().collect());
        }
        if let Some(rest) = source.strip_prefix("method.request.") {
            return self.of_request(rest).ok_or_else(|| unknown(source))?;
        }
        if let (Some(rest), Some(answer)) = (source.strip_prefix("integration.response."), self.answer) {
            return of_answer(rest, answer).ok_or_else(|| unknown(source))?;
        }
        Err(unknown(source))
    }

    fn of_request(&self, source: &str) -> Option<Result<Vec<String>, Failure>> {
        let (place, name) = source.split_once('.').unwrap_or((source, ""));
        let one = |value: Option<&str>| value.map(str::to_owned).into_iter().collect();
        Some(Ok(match place {
            "path" => one(self.parameters.path(name)),
            "querystring" => one(self.parameters.query(name)),
            "multivaluequerystring" => {
                let named = self.parameters.query.iter().filter(|(given, _)| given == name);
                named.map(|(_, value)| value.clone()).collect()
            }
            "header" => one(self.parameters.headers.get(name)),
            "multivalueheader" => self.parameters.headers.all(name).map(str::to_owned).collect(),
            "body" => return Some(of_body(self.request_body, name, &Failure::InvalidJson)),
            _ => return None,
        }))
    }
}

fn of_answer(source: &str, (headers, body): (&Headers, &[u8])) -> Option<Result<Vec<String>, Failure>> {
    let (place, name) = source.split_once('.').unwrap_or((source, ""));
    match place {
        "header" => Some(Ok(headers.get(name).map(str::to_owned).into_iter().collect())),
        "multivalueheader" => Some(Ok(headers.all(name).map(str::to_owned).collect())),
        "body" => {
            let broken = Failure::Configuration("the integration's answer is no JSON".to_owned());
            Some(of_body(body, name, &broken))
        }
        _ => None,
    }
}

/// The whole body, or what stands at a path of it. An empty one is `{}`; one that begins like JSON has to be JSON.
fn of_body(body: &[u8], path: &str, broken: &Failure) -> Result<Vec<String>, Failure> {
    let text = String::from_utf8_lossy(body);
    let text = if text.trim().is_empty() { "{}" } else { &*text };
    if path.is_empty() {
        return Ok(vec![text.to_owned()]);
    }
    let begins = text.trim_start().starts_with(['{', '[', '"']);
    let body = match Value::parse(text) {
        Ok(body) => body,
        Err(_) if begins => return Err(broken.clone()),
        Err(_) => return Ok(Vec::new()),
    };
    match json_path::select(&body, path) {
        Ok(Value::Null) => Ok(Vec::new()),
        Ok(value @ (Value::Map(_) | Value::List(_))) => Ok(vec![value.to_json()]),
        Ok(value) => Ok(vec![value.to_string()]),
        Err(what) => Err(Failure::Configuration(format!("{path}: {what}"))),
    }
}

fn unknown(source: &str) -> Failure {
    Failure::Configuration(format!("Invalid mapping expression specified: {source}"))
}
