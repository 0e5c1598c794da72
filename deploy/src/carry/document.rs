//! The document as it is put: ours or an exported one, with every setting that an overwrite would reset.

use bluegate_core::openapi::Document;
use serde_json::{Map, Value, json};

use crate::api::{GatewayResponse, RestApi};

use super::kept::Kept;
use super::object::member;
use super::settings;

/// The document with the settings of `expected`, and with the gateway responses, models and request validators that
/// somebody else made.
#[must_use]
pub fn overwriting(document: &Document, expected: &RestApi, unmanaged: &[GatewayResponse], kept: &Kept) -> String {
    let mut root = match serde_json::to_value(document) {
        Ok(Value::Object(root)) => root,
        other => {
            debug_assert!(false, "a document is a JSON object and not {other:?}");
            Map::new()
        }
    };
    settings::write(&mut root, expected);
    add_responses(&mut root, unmanaged);
    kept.add_to(&mut root);
    Value::Object(root).to_string()
}

/// An exported document with the settings that the API had, and with its gateway responses unless those of the export
/// are wanted: what a failed deployment puts back.
///
/// # Errors
///
/// When the export is no JSON object.
pub fn restored(
    export: &str,
    before: &RestApi,
    responses: Option<&[GatewayResponse]>,
    kept: &Kept,
) -> Result<String, serde_json::Error> {
    let mut root: Map<String, Value> = serde_json::from_str(export)?;
    settings::write(&mut root, before);
    member(&mut root, "info").entry("version").or_insert_with(|| "1".into());
    if let Some(responses) = responses {
        root.remove(RESPONSES);
        add_responses(&mut root, responses);
    }
    kept.add_to(&mut root);
    Ok(Value::Object(root).to_string())
}

const RESPONSES: &str = "x-amazon-apigateway-gateway-responses";

fn add_responses(root: &mut Map<String, Value>, responses: &[GatewayResponse]) {
    let mut custom = responses.iter().filter(|response| !response.is_default).peekable();
    if custom.peek().is_none() {
        return;
    }
    let all = member(root, RESPONSES);
    for response in custom {
        all.insert(response.kind.clone(), written(response));
    }
}

fn written(response: &GatewayResponse) -> Value {
    let mut members = Map::new();
    // Absent for a whole class, such as `DEFAULT_4XX`, unless somebody gave all of it one status.
    if let Some(status) = &response.status_code {
        members.insert("statusCode".into(), status.clone().into());
    }
    for (name, texts) in [
        ("responseParameters", &response.parameters),
        ("responseTemplates", &response.templates),
    ] {
        if !texts.is_empty() {
            members.insert(name.into(), json!(texts));
        }
    }
    members.into()
}

#[cfg(test)]
mod tests {
    use bluegate_core::openapi::Target;
    use bluegate_core::{Mode, Source, openapi, read_blueprint};

    use super::*;

    fn document() -> Document {
        let action = json!([{"type": "GET"}]);
        let resource = json!({"name": "a", "methods": [{"path": "/a", "actions": action}]});
        let file = json!({"blueprint": {"name": "shop", "resources": [resource]}});
        let source = Source::new("routes.json", file.to_string());
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
        openapi::document(&blueprint, &Target::default())
    }

    fn response(kind: &str, status: Option<&str>) -> GatewayResponse {
        GatewayResponse {
            kind: kind.to_owned(),
            status_code: status.map(str::to_owned),
            ..GatewayResponse::default()
        }
    }

    #[test]
    fn a_status_that_somebody_gave_a_whole_class_is_carried_over() {
        // As recorded of AWS: the class has no status until somebody sets one.
        let theirs = [response("DEFAULT_4XX", Some("444")), response("DEFAULT_5XX", None)];
        let text = overwriting(&document(), &RestApi::default(), &theirs, &Kept::default());
        let root: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            root["x-amazon-apigateway-gateway-responses"],
            json!({"DEFAULT_4XX": {"statusCode": "444"}, "DEFAULT_5XX": {}})
        );
    }

    #[test]
    fn an_export_is_put_back_with_the_gateway_responses_of_the_draft() {
        let export = r#"{"x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": {"statusCode": "404"}}}"#;
        let default = GatewayResponse {
            is_default: true,
            ..response("ACCESS_DENIED", Some("403"))
        };
        let before = [response("THROTTLED", Some("503")), default];
        let text = restored(export, &RestApi::default(), Some(&before), &Kept::default()).unwrap();
        let root: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            root["x-amazon-apigateway-gateway-responses"],
            json!({"THROTTLED": {"statusCode": "503"}})
        );
    }
}
