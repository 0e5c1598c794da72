//! The document as it is put: ours or an exported one, with every setting that an overwrite would reset.

use std::fmt;

use bluegate_core::Verb;
use bluegate_core::gateway::Api;
use bluegate_core::openapi::{Document, Map, SecurityScheme};

use crate::api::{Authorizer, GatewayResponse, RestApi};

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

/// Why an export cannot be put back.
#[derive(Debug)]
pub enum RestoreError {
    /// It is no document.
    Broken(serde_json::Error),
    /// Neither the export nor the API has an authorizer that methods ask: they would not ask anybody.
    NoAuthorizer {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RestoreError::Broken(error) => write!(f, "what the stage exports is no document: {error}"),
            RestoreError::NoAuthorizer { name } => write!(
                f,
                "what the stage exports asks the authorizer `{name}`, which neither the export nor the API has"
            ),
        }
    }
}

impl std::error::Error for RestoreError {}

/// An exported document with the settings that the API had, and with its gateway responses unless those of the export
/// are wanted: what a failed deployment puts back. Authorizers that the export only names are those of the API.
///
/// # Errors
///
/// [`RestoreError`] when the export is no document, or not all of what it was.
pub fn restored(
    export: &str,
    before: &RestApi,
    authorizers: &[Authorizer],
    responses: Option<&[GatewayResponse]>,
    kept: &Kept,
) -> Result<Document, RestoreError> {
    let mut document: Document = export.parse().map_err(RestoreError::Broken)?;
    settings::write(&mut document, before);
    add_authorizers(&mut document, authorizers)?;
    if document.info.version.is_empty() {
        "1".clone_into(&mut document.info.version);
    }
    if let Some(responses) = responses {
        document.gateway_responses = Map::new();
        add_responses(&mut document, responses);
    }
    kept.add_to(&mut document);
    Ok(document)
}

/// Gives a document, exported of a definition, what exports of emulators leave out: how bodies are converted.
pub fn complete(document: &mut Document, of: &Api) {
    for resource in &of.resources {
        let Some(item) = document.paths.get_mut(&resource.path) else {
            continue;
        };
        for (verb, method) in &resource.methods {
            let verb = Verb::ALL.into_iter().find(|known| known.as_str() == verb);
            let operation = verb.and_then(|verb| item.operations.get_mut(verb.document_key()));
            let integration = operation.and_then(|operation| operation.integration.as_mut());
            if let (Some(exported), Some(told)) = (integration, &method.integration)
                && exported.content_handling.is_none()
            {
                exported.content_handling.clone_from(&told.content_handling);
            }
        }
    }
}

/// Gives each way of proving who calls its authorizer, if it has to have one and has none.
fn add_authorizers(document: &mut Document, authorizers: &[Authorizer]) -> Result<(), RestoreError> {
    let schemes = &document.components.security_schemes;
    let bare = schemes
        .iter()
        .filter(|(_, scheme)| scheme.asks_authorizer() && scheme.authorizer.is_none());
    let bare: Vec<(String, SecurityScheme)> = bare.map(|(name, scheme)| (name.to_owned(), scheme.clone())).collect();
    for (name, mut scheme) in bare {
        let known = authorizers.iter().find(|one| one.name == name);
        scheme.authorizer = match known {
            Some(known) => Some(known.into()),
            None => return Err(RestoreError::NoAuthorizer { name }),
        };
        document.components.security_schemes.insert(name, scheme);
    }
    Ok(())
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
    fn what_an_export_leaves_out_of_its_definition_is_completed() {
        let exported = document();
        let mut of = Api::from(&exported);
        let methods = of.resources.iter_mut().flat_map(|one| one.methods.values_mut());
        for told in methods.filter_map(|method| method.integration.as_mut()) {
            told.content_handling = Some("CONVERT_TO_TEXT".to_owned());
        }
        let mut completed = exported.clone();
        complete(&mut completed, &of);
        assert_ne!(completed, exported);
        assert_eq!(Api::from(&completed), of);
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
        let document = restored(export, &RestApi::default(), &[], Some(&before), &Kept::default()).unwrap();
        let root = serde_json::to_value(document).unwrap();
        assert_eq!(
            root["x-amazon-apigateway-gateway-responses"],
            json!({"THROTTLED": {"statusCode": "503"}})
        );
    }

    #[test]
    fn an_authorizer_that_an_export_only_names_is_that_of_the_api_or_the_export_is_not_put() {
        let export = r#"{"paths": {}, "components": {"securitySchemes": {
            "staff": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"},
            "sigv4": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}
        }}}"#;
        let staff = Authorizer {
            name: "staff".into(),
            kind: "TOKEN".into(),
            auth_type: Some("custom".into()),
            uri: Some("arn:function".into()),
            identity_source: Some("method.request.header.Authorization".into()),
            ttl: Some(60),
            ..Authorizer::default()
        };
        let restored =
            |authorizers: &[Authorizer]| restored(export, &RestApi::default(), authorizers, None, &Kept::default());
        let back = bluegate_core::gateway::Api::from(&restored(std::slice::from_ref(&staff)).unwrap());
        let back = Authorizer {
            id: String::new(),
            ..back.authorizers[0].clone()
        };
        assert_eq!(back, staff);
        assert!(matches!(restored(&[]), Err(RestoreError::NoAuthorizer { name }) if name == "staff"));
    }
}
