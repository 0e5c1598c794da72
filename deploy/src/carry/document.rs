//! The document as it is put: ours or an exported one, with every setting that an overwrite would reset.

use bluegate_core::openapi::{Document, Map};

use crate::api::{GatewayResponse, RestApi};

use super::kept::Kept;
use super::settings;

/// The document with the settings of `expected`, and with the gateway responses, models and request validators that
/// somebody else made.
#[must_use]
pub fn overwriting(document: &Document, expected: &RestApi, unmanaged: &[GatewayResponse], kept: &Kept) -> String {
    let mut document = document.clone();
    settings::write(&mut document, expected);
    add_responses(&mut document, unmanaged);
    kept.add_to(&mut document);
    document.to_json()
}

/// An exported document with the settings that the API had, and with its gateway responses unless those of the export
/// are wanted: what a failed deployment puts back.
///
/// # Errors
///
/// When the export is no document.
pub fn restored(
    export: &str,
    before: &RestApi,
    responses: Option<&[GatewayResponse]>,
    kept: &Kept,
) -> Result<String, serde_json::Error> {
    let mut document: Document = export.parse()?;
    settings::write(&mut document, before);
    if document.info.version.is_empty() {
        "1".clone_into(&mut document.info.version);
    }
    if let Some(responses) = responses {
        document.gateway_responses = Map::new();
        add_responses(&mut document, responses);
    }
    kept.add_to(&mut document);
    Ok(document.to_json())
}

fn add_responses(document: &mut Document, responses: &[GatewayResponse]) {
    for response in responses.iter().filter(|response| !response.is_default) {
        document
            .gateway_responses
            .insert(response.kind.clone(), response.into());
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::openapi::Target;
    use bluegate_core::{Mode, Source, openapi, read_blueprint};
    use serde_json::{Value, json};

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
        let export =
            r#"{"paths": {}, "x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": {"statusCode": "404"}}}"#;
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
