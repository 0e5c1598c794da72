//! What the client makes of answers that the real API Gateway gave.

use std::collections::BTreeMap;

use bluegate_core::gateway::Api;
use bluegate_core::openapi::{Document, Target};
use bluegate_core::{Mode, Source, openapi, read_blueprint};
use serde_json::{Value, json};

use super::stand_in;
use crate::api::*;
use crate::read::{Reading, unmanaged_responses};
use crate::sdk::Client;

fn page<T>(page: Page<T>) -> Vec<T> {
    page.items
}

/// Makes the call and gives what came of it, as JSON.
async fn call(client: &Client, operation: &str) -> Result<Value, CallError> {
    let value = |value: Result<Value, serde_json::Error>| value.expect("data");
    let patch = [Patch::replace("/description", "x")];
    macro_rules! one {
        ($call:expr) => {
            $call.await.map(|answer| value(serde_json::to_value(answer)))
        };
    }
    macro_rules! list {
        ($call:expr) => {
            $call
                .await
                .map(|answer| json!({ "items": value(serde_json::to_value(page(answer))) }))
        };
    }
    match operation {
        "GetRestApi" => one!(client.get_rest_api("a")),
        "UpdateRestApi" => one!(client.update_rest_api("a", &patch)),
        "PutRestApi" => one!(client.put_rest_api("a", "{}", true)),
        "ImportRestApi" => one!(client.import_rest_api("{}", true)),
        "GetResources" => list!(client.get_resources("a", None)),
        "GetAuthorizers" => list!(client.get_authorizers("a", None)),
        "GetModels" => list!(client.get_models("a", None)),
        "GetRequestValidators" => list!(client.get_request_validators("a", None)),
        "GetGatewayResponses" => list!(client.get_gateway_responses("a", None)),
        "GetStages" => client
            .get_stages("a")
            .await
            .map(|stages| json!({ "items": value(serde_json::to_value(stages)) })),
        "GetStage" => one!(client.get_stage("a", "s")),
        "CreateStage" => one!(client.create_stage("a", "s", "d", &Texts::new())),
        "UpdateStage" => one!(client.update_stage("a", "s", &patch)),
        "CreateDeployment" => one!(client.create_deployment("a", "d")),
        "GetDeployment" => one!(client.get_deployment("a", "d")),
        "GetDeployments" => list!(client.get_deployments("a", None)),
        "DeleteDeployment" => one!(client.delete_deployment("a", "d")),
        "GetExport" => client
            .get_export("a", "s")
            .await
            .map(|text| json!({ "export": serde_json::from_str::<Value>(&text).expect("JSON") })),
        other => panic!("{other} is not in the table"),
    }
}

/// Every field of `means` is in `made`; whatever else there is does not matter.
fn check(made: &Value, means: &Value, what: &str) {
    match means {
        Value::Object(fields) => {
            for (key, field) in fields {
                check(&made[key], field, &format!("{what}: {key}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(made.as_array().map(Vec::len), Some(items.len()), "{what}: {made}");
            for (number, item) in items.iter().enumerate() {
                check(&made[number], item, &format!("{what}: {number}"));
            }
        }
        means => assert_eq!(made, means, "{what}"),
    }
}

/// What the plan makes of the resources and gateway responses of a draft.
fn check_plan(made: &Value, means: &Value, what: &str) {
    let of = |key: &str| -> Value {
        if key == what_key(means) {
            made["items"].clone()
        } else {
            json!([])
        }
    };
    let reading = Reading {
        draft: Api {
            resources: serde_json::from_value(of("facts")).expect("resources"),
            responses: serde_json::from_value(of("customised")).expect("gateway responses"),
            ..Api::default()
        },
        ..Reading::default()
    };
    let definition = reading.definition();
    for (verb, facts) in means["facts"].as_object().into_iter().flatten() {
        let found = definition.routes.iter().find(|(key, _)| key.verb == *verb);
        let (key, found) = found.unwrap_or_else(|| panic!("{what}: {verb} is missing"));
        assert_eq!(key.path, means["path"], "{what}");
        let found: BTreeMap<String, &String> = found.iter().map(|(field, value)| (field.to_string(), value)).collect();
        for (field, value) in facts.as_object().expect("facts") {
            assert_eq!(
                found.get(field).map(|value| value.as_str()),
                value.as_str(),
                "{what}: {verb}: {field}"
            );
        }
        for field in means["no_facts"].as_array().expect("a list") {
            let field = field.as_str().expect("a field");
            assert!(
                !found.contains_key(field),
                "{what}: {verb}: the default of {field} is no fact"
            );
        }
    }
    if let Some(customised) = means["customised"].as_object() {
        let carried = unmanaged_responses(&reading, &document());
        let carried: serde_json::Map<String, Value> = carried
            .into_iter()
            .map(|one| (one.kind, one.status_code.into()))
            .collect();
        assert_eq!(&carried, customised, "{what}");
        assert_eq!(definition.responses.len(), customised.len(), "{what}");
    }
}

/// A document that knows of no gateway response.
fn document() -> Document {
    let resource = json!({"name": "a", "methods": [{"path": "/a", "actions": [{"type": "GET"}]}]});
    let file = json!({"blueprint": {"name": "shop", "resources": [resource]}});
    let source = Source::new("routes.json", file.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    openapi::document(&blueprint, &Target::default())
}

fn what_key(means: &Value) -> &'static str {
    if means.get("facts").is_some() {
        "facts"
    } else {
        "customised"
    }
}

#[tokio::test]
async fn every_recorded_answer_means_what_it_should() {
    let text = include_str!("../../../tests/recordings/aws.json");
    let recordings: Vec<Value> = serde_json::from_str(text).expect("the recordings");
    assert_eq!(recordings.len(), 43);
    for recording in &recordings {
        let operation = recording["operation"].as_str().expect("an operation");
        let what = format!("{operation} ({})", recording["recorded"].as_str().expect("a source"));
        let status = recording["status"].as_u64().expect("a status");
        let (client, _) = stand_in(status, recording["code"].as_str(), recording["answer"].to_string());
        let means = &recording["means"];
        match (call(&client, operation).await, means["cause"].as_str()) {
            (Ok(made), None) if means.get("facts").is_some() || means.get("customised").is_some() => {
                check_plan(&made, means, &what);
            }
            (Ok(made), None) => check(&made, means, &what),
            (Err(error), Some(kind)) => {
                assert_eq!(error.cause.kind(), kind, "{what}");
                let said = match &error.cause {
                    Cause::NotFound { message } | Cause::Refused { message } => message,
                    other => panic!("{what}: {other:?}"),
                };
                assert_eq!(*said, recording["answer"]["message"], "{what}");
            }
            (answer, _) => panic!("{what}: {answer:?}"),
        }
    }
}
