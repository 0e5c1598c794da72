//! What API Gateway makes of any document: one that it exported, or one on disk
//! ([extensions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html)).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::definition::Definition;
use super::model::{Api, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, Resource, Texts};

/// The facts of a document of OpenAPI 3. What is not understood is no fact.
///
/// ```
/// use bluegate_core::gateway::imported;
///
/// let document = serde_json::json!({"openapi": "3.0.1", "paths": {"/a": {"get": {"responses": {}}}}});
/// assert_eq!(imported(&document).routes.len(), 1);
/// ```
#[must_use]
pub fn imported(document: &Value) -> Definition {
    let resources: Vec<Resource> = entries(document.get("paths"))
        .map(|(path, item)| resource(document, path, item))
        .collect();
    let responses: Vec<GatewayResponse> = entries(document.get("x-amazon-apigateway-gateway-responses"))
        .map(|(kind, response)| GatewayResponse {
            kind: kind.clone(),
            status_code: text(response, "statusCode"),
            parameters: texts(response.get("responseParameters")),
            templates: texts(response.get("responseTemplates")),
            is_default: false,
        })
        .collect();
    let authorizers = entries(document.pointer("/components/securitySchemes"))
        .filter_map(|(name, scheme)| authorizer(name, scheme))
        .collect();
    Definition::of(&Api {
        resources,
        authorizers,
        responses,
        ..Api::default()
    })
}

/// The resource policy of a document.
#[must_use]
pub fn imported_policy(document: &Value) -> Option<String> {
    match document.get("x-amazon-apigateway-policy")? {
        Value::String(text) => Some(text.clone()),
        policy => Some(policy.to_string()),
    }
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn text(value: &Value, key: &str) -> Option<String> {
    let text = value.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn texts(value: Option<&Value>) -> Texts {
    entries(value)
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The keys of a path that are methods, as API Gateway names them.
fn verb(key: &str) -> Option<String> {
    match key {
        "x-amazon-apigateway-any-method" => Some("ANY".to_owned()),
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" => Some(key.to_uppercase()),
        _ => None,
    }
}

fn resource(document: &Value, path: &str, item: &Value) -> Resource {
    let methods = entries(Some(item)).filter_map(|(key, operation)| {
        let shared = items(item.get("parameters"));
        Some((verb(key)?, method(document, operation, shared)))
    });
    Resource {
        id: String::new(),
        path: path.to_owned(),
        methods: methods.collect(),
    }
}

fn method<'a>(document: &Value, operation: &'a Value, shared: impl Iterator<Item = &'a Value>) -> Method {
    let parameters = shared.chain(items(operation.get("parameters"))).filter_map(parameter);
    let answers = entries(operation.get("responses")).map(|(status, answer)| {
        let names = entries(answer.get("headers")).map(|(name, _)| format!("method.response.header.{name}"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        (status.clone(), names)
    });
    let mut method = Method {
        authorization: Some("NONE".to_owned()),
        request_validator_id: text(operation, "x-amazon-apigateway-request-validator")
            .or_else(|| text(document, "x-amazon-apigateway-request-validator")),
        request_parameters: parameters.collect(),
        request_models: entries(operation.pointer("/requestBody/content"))
            .filter_map(|(kind, body)| Some((kind.clone(), model(body)?)))
            .collect(),
        responses: answers.collect(),
        integration: operation.get("x-amazon-apigateway-integration").map(integration),
        ..Method::default()
    };
    for (name, scopes) in items(operation.get("security")).flat_map(|one| entries(Some(one))) {
        let Some(scheme) = document
            .pointer("/components/securitySchemes")
            .and_then(|all| all.get(name))
        else {
            continue;
        };
        secure(&mut method, name, scheme, scopes);
    }
    if let Some(kind) = operation
        .get("x-amazon-apigateway-auth")
        .and_then(|auth| text(auth, "type"))
    {
        method.authorization = Some(kind.to_uppercase());
    }
    method
}

fn secure(method: &mut Method, name: &str, scheme: &Value, scopes: &Value) {
    let kind = text(scheme, "x-amazon-apigateway-authtype").map(|kind| kind.to_lowercase());
    match (kind.as_deref(), authorizer(name, scheme)) {
        (Some("awssigv4"), _) => method.authorization = Some("AWS_IAM".to_owned()),
        (_, Some(authorizer)) => {
            let is_pool = authorizer.kind == "COGNITO_USER_POOLS";
            method.authorization = Some(if is_pool { "COGNITO_USER_POOLS" } else { "CUSTOM" }.to_owned());
            method.authorizer_id = Some(name.to_owned());
            let scopes = items(Some(scopes)).filter_map(Value::as_str);
            method.authorization_scopes = scopes.map(str::to_owned).collect();
        }
        (None, None) => method.api_key_required = true,
        (Some(other), None) => method.authorization = Some(other.to_uppercase()),
    }
}

fn authorizer(name: &str, scheme: &Value) -> Option<Authorizer> {
    let details = scheme.get("x-amazon-apigateway-authorizer")?;
    let kind = text(details, "type")?.to_uppercase();
    let header = || {
        let header = text(scheme, "name")?;
        (kind != "REQUEST").then(|| format!("method.request.header.{header}"))
    };
    Some(Authorizer {
        uri: text(details, "authorizerUri"),
        provider_arns: items(details.get("providerARNs"))
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        identity_source: text(details, "identitySource").or_else(header),
        name: name.to_owned(),
        kind,
        ..Authorizer::default()
    })
}

fn parameter(value: &Value) -> Option<(String, bool)> {
    let place = match value.get("in")?.as_str()? {
        "query" => "querystring",
        place @ ("path" | "header") => place,
        // Cookies are not taken, bodies are models.
        _ => return None,
    };
    let required = value.get("required").and_then(Value::as_bool).unwrap_or_default();
    let name = value.get("name")?.as_str()?;
    Some((format!("method.request.{place}.{name}"), required || place == "path"))
}

fn model(body: &Value) -> Option<String> {
    let reference = body.pointer("/schema/$ref")?.as_str()?;
    Some(reference.rsplit('/').next().unwrap_or(reference).to_owned())
}

fn integration(value: &Value) -> Integration {
    // API Gateway keeps one answer per status: the last one of the document.
    let responses: BTreeMap<String, IntegrationResponse> = entries(value.get("responses"))
        .map(|(pattern, answer)| {
            let response = IntegrationResponse {
                selection_pattern: (pattern != "default").then(|| pattern.clone()),
                parameters: texts(answer.get("responseParameters")),
                templates: texts(answer.get("responseTemplates")),
            };
            (text(answer, "statusCode").unwrap_or_default(), response)
        })
        .collect();
    let upper = |key: &str| text(value, key).map(|text| text.to_uppercase());
    Integration {
        kind: upper("type").unwrap_or_default(),
        http_method: text(value, "httpMethod"),
        uri: text(value, "uri"),
        connection_type: upper("connectionType"),
        connection_id: text(value, "connectionId"),
        credentials: text(value, "credentials"),
        request_parameters: texts(value.get("requestParameters")),
        request_templates: texts(value.get("requestTemplates")),
        passthrough_behavior: upper("passthroughBehavior"),
        content_handling: text(value, "contentHandling"),
        timeout_in_millis: value
            .get("timeoutInMillis")
            .and_then(Value::as_i64)
            .and_then(|time| i32::try_from(time).ok()),
        responses,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gateway::{Difference, Field, Key, desired};
    use crate::openapi::{self, Target};
    use crate::{Mode, Source, read_blueprint};

    #[test]
    fn our_own_document_means_what_it_was_made_of() {
        let text = json!({"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
            {"path": "/users/{id}", "pathParams": [{"name": "id", "type": "int"}], "cors": {"enable": true},
             "actions": [{"type": "GET", "authorization": "AWS_IAM"},
                         {"type": "PUT", "integration": "VPC_LINK", "vpcLink": "abc123"}]},
            {"path": "/all", "actions": [{"type": "ANY"}]},
        ]}]}});
        let source = Source::new("routes.json", text.to_string());
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
        let document = openapi::document(&blueprint, &Target::default());
        let read: Value = serde_json::from_str(&document.to_json()).unwrap();
        let (ours, theirs) = (desired(&document), imported(&read));
        assert_eq!(Difference::between(&ours, &theirs), Difference::default());
        assert_eq!(ours, theirs);
        assert_eq!(ours.routes.len(), 4);
    }

    #[test]
    fn who_may_call_is_read_from_every_kind_of_scheme() {
        let function = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations";
        let document = json!({
            "paths": {"/a": {
                "get": {"security": [{"sigv4": []}, {"api_key": []}]},
                "post": {"security": [{"staff": []}]},
                "put": {"security": [{"pool": ["a/read", "a/write"]}]},
                "delete": {"x-amazon-apigateway-auth": {"type": "NONE"}},
                "parameters": [],
            }},
            "components": {"securitySchemes": {
                "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                          "x-amazon-apigateway-authtype": "awsSigv4"},
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "staff": {"type": "apiKey", "name": "Token", "in": "header", "x-amazon-apigateway-authtype": "custom",
                          "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": function}},
                "pool": {"type": "apiKey", "name": "Authorization", "in": "header",
                         "x-amazon-apigateway-authtype": "cognito_user_pools",
                         "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["arn:p"]}},
            }},
        });
        let definition = imported(&document);
        let of = |verb: &str, field: Field| {
            let key = Key {
                path: "/a".into(),
                verb: verb.into(),
            };
            definition.routes[&key].get(&field).cloned().unwrap_or_default()
        };
        assert_eq!(
            (of("GET", Field::Authorization), of("GET", Field::ApiKey)),
            ("AWS_IAM".into(), "required".into())
        );
        assert_eq!(
            (of("POST", Field::Authorization), of("POST", Field::Authorizer)),
            ("CUSTOM".into(), "staff".into())
        );
        assert_eq!(of("PUT", Field::Authorization), "COGNITO_USER_POOLS");
        assert_eq!(of("PUT", Field::Scopes), "a/read a/write");
        assert_eq!(of("DELETE", Field::Authorization), "NONE");
        assert_eq!(definition.authorizers.len(), 2);
        assert_eq!(
            definition.authorizers["staff"][&Field::IdentitySource],
            "method.request.header.Token"
        );
    }

    #[test]
    fn an_export_as_recorded_of_aws_has_no_facts_that_are_defaults() {
        let document = json!({"openapi": "3.0.1", "paths": {"/pets/{petId}": {"get": {
            "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "200 response", "content": {}}},
            "x-amazon-apigateway-integration": {
                "httpMethod": "GET",
                "uri": "http://petstore-demo-endpoint.execute-api.com/petstore/pets/{id}",
                "responses": {"default": {"statusCode": "200"}},
                "requestParameters": {"integration.request.path.id": "method.request.path.petId"},
                "passthroughBehavior": "when_no_match",
                "type": "http",
            },
        }}}, "components": {}});
        let definition = imported(&document);
        let facts = definition.routes.values().next().unwrap();
        let fields: Vec<String> = facts.keys().map(ToString::to_string).collect();
        assert_eq!(
            fields,
            [
                "answers 200",
                "authorization",
                "declares 200",
                "integration",
                "integration URI",
                "integration verb",
                "parameter integration.request.path.id",
                "takes method.request.path.petId"
            ]
        );
    }
}
