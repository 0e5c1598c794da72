//! Swagger 2.0 and OpenAPI 3.0, one as the other
//! ([Swagger 2.0](https://swagger.io/specification/v2/)).

use serde_json::{Map as Object, Value, json};

use crate::blueprint::Verb;
use crate::model_reference::{OF_DOCUMENT, redirect};

/// Where OpenAPI keeps its schemas.
const DEFINITIONS: &str = "#/definitions/";
const JSON: &str = "application/json";

/// What says of which values a parameter or a header is; it stands beside the name in Swagger.
const SCHEMA_KEYS: [&str; 14] = [
    "type",
    "format",
    "items",
    "enum",
    "default",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "multipleOf",
];

/// A document of Swagger 2.0 as one of OpenAPI 3.0.
pub(super) fn to_openapi(mut root: Value) -> Value {
    let consumes = strings(root.get("consumes"));
    let produces = strings(root.get("produces"));
    for operation in operations(&mut root) {
        operation_to_openapi(operation, &consumes, &produces);
    }
    for item in root
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Object::values_mut)
    {
        for parameter in item
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            schema_apart(parameter);
        }
    }
    let host = root.get("host").and_then(Value::as_str).unwrap_or("localhost");
    let base = root.get("basePath").and_then(Value::as_str).unwrap_or_default();
    let servers =
        json!([{"url": format!("https://{host}/{{basePath}}"), "variables": {"basePath": {"default": base}}}]);
    let mut components = Object::new();
    for (key, kept) in [
        ("definitions", "schemas"),
        ("securityDefinitions", "securitySchemes"),
        ("parameters", "parameters"),
        ("responses", "responses"),
    ] {
        if let Some(mut part) = root.as_object_mut().and_then(|root| root.remove(key)) {
            for entry in part.as_object_mut().into_iter().flat_map(Object::values_mut) {
                match kept {
                    "parameters" => schema_apart(entry),
                    "responses" => response_to_openapi(entry, &produces),
                    _ => {}
                }
            }
            components.insert(kept.to_owned(), part);
        }
    }
    let mut made = Object::new();
    made.insert("openapi".to_owned(), json!("3.0.1"));
    for (key, value) in root.as_object_mut().map(std::mem::take).into_iter().flatten() {
        if !["swagger", "host", "basePath", "schemes", "consumes", "produces"].contains(&key.as_str()) {
            made.insert(key, value);
        }
    }
    made.insert("servers".to_owned(), servers);
    made.insert("components".to_owned(), Value::Object(components));
    let mut made = Value::Object(made);
    let places = [
        (DEFINITIONS, OF_DOCUMENT),
        ("#/parameters/", "#/components/parameters/"),
        ("#/responses/", "#/components/responses/"),
    ];
    redirect(&mut made, &|reference| {
        let mut places = places.iter();
        places.find_map(|(from, to)| Some(format!("{to}{}", reference.strip_prefix(from)?)))
    });
    made
}

fn operation_to_openapi(operation: &mut Value, consumes: &[String], produces: &[String]) {
    let own = |key: &str, shared: &[String]| match operation.get(key) {
        Some(own) => strings(Some(own)),
        None => shared.to_vec(),
    };
    let (consumes, produces) = (own("consumes", consumes), own("produces", produces));
    let mut body = None;
    if let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) {
        parameters.retain_mut(|parameter| match parameter.get("in").and_then(Value::as_str) {
            Some("body") => {
                let schema = parameter.get("schema").cloned().unwrap_or_default();
                let content = content(&schema, &consumes);
                body = Some(json!({"required": parameter.get("required") == Some(&json!(true)), "content": content}));
                false
            }
            // API Gateway takes no forms apart.
            Some("formData") => false,
            _ => {
                schema_apart(parameter);
                true
            }
        });
    }
    let Some(object) = operation.as_object_mut() else {
        return;
    };
    for key in ["consumes", "produces", "schemes"] {
        object.remove(key);
    }
    if let Some(body) = body {
        object.insert("requestBody".to_owned(), body);
    }
    for response in object
        .get_mut("responses")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Object::values_mut)
    {
        response_to_openapi(response, &produces);
    }
}

fn response_to_openapi(response: &mut Value, produces: &[String]) {
    for header in response
        .get_mut("headers")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Object::values_mut)
    {
        schema_apart(header);
    }
    if let Some(schema) = response.as_object_mut().and_then(|response| response.remove("schema")) {
        response["content"] = content(&schema, produces);
    }
}

fn content(schema: &Value, kinds: &[String]) -> Value {
    let kinds = if kinds.is_empty() { &[JSON.to_owned()] } else { kinds };
    let entries = kinds.iter().map(|kind| (kind.clone(), json!({"schema": schema})));
    Value::Object(entries.collect())
}

/// Puts what is said of values into a schema of its own.
fn schema_apart(parameter: &mut Value) {
    let Some(object) = parameter.as_object_mut() else {
        return;
    };
    let schema: Object<String, Value> = SCHEMA_KEYS.iter().filter_map(|key| object.remove_entry(*key)).collect();
    if !schema.is_empty() {
        object.insert("schema".to_owned(), Value::Object(schema));
    }
}

/// A document of OpenAPI 3.0 that an API was described by, as one of Swagger 2.0.
#[must_use]
pub fn to_swagger(mut root: Value) -> Value {
    for operation in operations(&mut root) {
        operation_to_swagger(operation);
    }
    let server = root.pointer("/servers/0").cloned().unwrap_or_default();
    let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let base = server.pointer("/variables/basePath/default").and_then(Value::as_str);
    let mut made = Object::new();
    made.insert("swagger".to_owned(), json!("2.0"));
    made.insert("info".to_owned(), root.get("info").cloned().unwrap_or_default());
    made.insert("host".to_owned(), json!(rest.split('/').next()));
    made.insert(
        "basePath".to_owned(),
        json!(format!("/{}", base.unwrap_or_default().trim_start_matches('/'))),
    );
    made.insert("schemes".to_owned(), json!([scheme]));
    for (key, value) in root.as_object_mut().map(std::mem::take).into_iter().flatten() {
        match key.as_str() {
            "openapi" | "info" | "servers" => {}
            "components" => {
                for (part, kept) in [("securitySchemes", "securityDefinitions"), ("schemas", "definitions")] {
                    if let Some(part) = value.get(part) {
                        made.insert(kept.to_owned(), part.clone());
                    }
                }
            }
            _ => {
                made.insert(key, value);
            }
        }
    }
    let mut made = Value::Object(made);
    redirect(&mut made, &|reference| {
        Some(format!("{DEFINITIONS}{}", reference.strip_prefix(OF_DOCUMENT)?))
    });
    made
}

fn operation_to_swagger(operation: &mut Value) {
    let Some(object) = operation.as_object_mut() else {
        return;
    };
    let mut parameters = object.remove("parameters").unwrap_or_else(|| json!([]));
    for parameter in parameters.as_array_mut().into_iter().flatten() {
        schema_beside(parameter);
        if parameter.get("required").is_none() {
            parameter["required"] = json!(false);
        }
    }
    if let Some(body) = object.remove("requestBody") {
        let (kinds, schema) = kinds(body.get("content"));
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|name| name.rsplit('/').next());
        let parameter = json!({"in": "body", "name": name.unwrap_or("body"), "required": true, "schema": schema});
        if let Some(list) = parameters.as_array_mut() {
            list.push(parameter);
        }
        object.insert("consumes".to_owned(), json!(kinds));
    }
    if parameters.as_array().is_some_and(|list| !list.is_empty()) {
        object.insert("parameters".to_owned(), parameters);
    }
    let mut produced: Vec<String> = Vec::new();
    for response in object
        .get_mut("responses")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Object::values_mut)
    {
        for header in response
            .get_mut("headers")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Object::values_mut)
        {
            schema_beside(header);
        }
        let Some(content) = response.as_object_mut().and_then(|response| response.remove("content")) else {
            continue;
        };
        let (kinds, schema) = kinds(Some(&content));
        if !kinds.is_empty() {
            response["schema"] = schema;
        }
        produced.extend(kinds);
    }
    produced.sort();
    produced.dedup();
    if !produced.is_empty() {
        object.insert("produces".to_owned(), json!(produced));
    }
}

/// The media types of a body, and its schema: Swagger has one for all of them.
fn kinds(content: Option<&Value>) -> (Vec<String>, Value) {
    let entries = content.and_then(Value::as_object).into_iter().flatten();
    let mut schema = Value::Null;
    let kinds = entries.map(|(kind, body)| {
        schema = body.get("schema").cloned().unwrap_or_default();
        kind.clone()
    });
    let kinds: Vec<String> = kinds.collect();
    (kinds, schema)
}

fn schema_beside(parameter: &mut Value) {
    let Some(object) = parameter.as_object_mut() else {
        return;
    };
    if let Some(Value::Object(schema)) = object.remove("schema") {
        object.extend(schema);
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The operations of a document.
fn operations(root: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Object::values_mut);
    let entries = items.filter_map(Value::as_object_mut).flatten();
    entries
        .filter(|(key, value)| Verb::of_document_key(key).is_some() && value.is_object())
        .map(|(_, value)| value)
}
