//! What a request validator checks
//! ([request validation](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html)).

use bluegate_core::gateway::Method;
use serde_json::Value as Json;

use super::failure::Failure;
use super::parameters::Parameters;
use super::stage::Stage;

/// Refuses a request that lacks parameters, else one whose body is none that the method takes.
pub(super) fn check(
    stage: &Stage,
    method: &Method,
    parameters: &Parameters,
    kind: &str,
    body: &[u8],
) -> Result<(), Failure> {
    let id = method.request_validator_id.as_deref();
    let Some(validator) = stage.api().validators.iter().find(|one| Some(one.id.as_str()) == id) else {
        return Ok(());
    };
    if validator.parameters {
        let missing = missing(method, parameters);
        if !missing.is_empty() {
            return Err(Failure::BadParameters(format!(
                "Missing required request parameters: [{}]",
                missing.join(", ")
            )));
        }
    }
    if validator.body {
        of_body(stage, method, kind, body)
    } else {
        Ok(())
    }
}

/// By name, in the order of the places: header, path, querystring. A blank value is none.
fn missing<'m>(method: &'m Method, parameters: &Parameters) -> Vec<&'m str> {
    let required = method
        .request_parameters
        .iter()
        .filter(|(_, is_required)| **is_required);
    let missing = required.filter_map(|(source, _)| {
        let (place, name) = source.strip_prefix("method.request.")?.split_once('.')?;
        let value = match place {
            "header" => parameters.headers.get(name),
            "path" => parameters.path(name.trim_end_matches('+')),
            _ => parameters.query(name),
        };
        value.is_none_or(|value| value.trim().is_empty()).then_some(name)
    });
    missing.collect()
}

fn of_body(stage: &Stage, method: &Method, kind: &str, body: &[u8]) -> Result<(), Failure> {
    let models = &method.request_models;
    let Some(name) = models.get(kind).or_else(|| models.get("$default")) else {
        return Ok(());
    };
    let configuration = |what: String| Failure::Configuration(format!("the model {name}: {what}"));
    let validator = stage.compiled.validator();
    // `Empty` and `Error` are there from the start, and `Empty` takes everything.
    let Some(schema) = validator.model(name) else {
        return Ok(());
    };
    let body = if body.is_empty() { b"{}" } else { body };
    let value: Json = serde_json::from_slice(body).map_err(|_| Failure::BadBody("[the body is no JSON]".to_owned()))?;
    let problems = validator
        .validate(schema, &value)
        .map_err(|error| configuration(error.to_string()))?;
    if problems.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = problems.into_iter().map(|problem| problem.message).collect();
    Err(Failure::BadBody(format!("[{}]", messages.join(", "))))
}
