//! Documents that somebody else wrote, as documents of OpenAPI 3.0: what API Gateway makes of Swagger 2.0, of references
//! within a document, and of schemas without a name
//! ([importing](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html)).

use std::fmt;

use serde_json::Value;

use super::document::Document;
use super::swagger;
use crate::source::Source;
use crate::value::read_value;

/// Why a text is no document that API Gateway reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It is no JSON and no YAML.
    Syntax(String),
    /// It is neither OpenAPI 3 nor Swagger 2.0.
    Version(String),
    /// A part of it is none that a document has.
    Shape(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) => write!(f, "it is no JSON and no YAML: {why}"),
            Self::Version(version) if version.is_empty() => f.write_str("it has neither `openapi` nor `swagger`"),
            Self::Version(version) => write!(f, "API Gateway does not read OpenAPI {version}"),
            Self::Shape(why) => write!(f, "it is no OpenAPI document: {why}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// What an import does with the path that all paths of a document stand below
/// ([basePath](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-basePath.html)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BasePath {
    /// It counts for nothing.
    #[default]
    Ignore,
    /// It stands before every path.
    Prepend,
    /// What is behind its first part stands before every path.
    Split,
}

/// What holds things that parts of a document refer to; a schema stays where it is.
const REFERRED: [&str; 5] = [
    "#/components/parameters/",
    "#/components/responses/",
    "#/components/requestBodies/",
    "#/components/headers/",
    "#/components/x-amazon-apigateway-integrations/",
];

/// References that lead to references end here.
const MAX_STEPS: usize = 32;

impl Document {
    /// Reads a document of OpenAPI 3 or Swagger 2.0, as JSON or YAML.
    ///
    /// ```
    /// use bluegate_core::openapi::{BasePath, Document};
    ///
    /// let text = "swagger: '2.0'\ninfo: {title: shop, version: '1'}\nbasePath: /v1\npaths: {/a: {get: {}}}\n";
    /// let document = Document::read(text, BasePath::Prepend).unwrap();
    /// assert!(document.paths.get("/v1/a").is_some());
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadError`] when API Gateway would not read it either.
    pub fn read(text: &str, base_path: BasePath) -> Result<Self, ReadError> {
        let is_json = text.trim_start().starts_with('{');
        if is_json
            && base_path == BasePath::Ignore
            && !REFERRED.iter().any(|place| text.contains(place))
            && let Ok(document) = text.parse::<Self>()
            && document.openapi.starts_with("3.")
        {
            return Ok(document);
        }
        let root = if is_json {
            serde_json::from_str(text).map_err(|error| ReadError::Syntax(error.to_string()))?
        } else {
            let (root, _) = read_value(&Source::new("document.yaml", text))
                .into_result()
                .map_err(|found| {
                    ReadError::Syntax(
                        found
                            .iter()
                            .map(|one| one.message.as_str())
                            .collect::<Vec<_>>()
                            .join("; "),
                    )
                })?;
            root
        };
        let version = |key: &str| match root.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let mut root = match (version("openapi"), version("swagger")) {
            (Some(version), _) if version.starts_with("3.") => root,
            (None, Some(version)) if version.starts_with('2') => swagger::to_openapi(root),
            (version, older) => return Err(ReadError::Version(version.or(older).unwrap_or_default())),
        };
        follow(&mut root);
        below(&mut root, base_path);
        serde_json::from_value(root).map_err(|error| ReadError::Shape(error.to_string()))
    }
}

/// Puts what references within the document lead to in their place.
fn follow(root: &mut Value) {
    let whole = root.clone();
    for key in ["paths", "components"] {
        if let Some(part) = root.get_mut(key) {
            follow_in(part, &whole, 0);
        }
    }
}

fn follow_in(value: &mut Value, whole: &Value, depth: usize) {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str)
        && REFERRED.iter().any(|place| reference.starts_with(place))
        && let Some(target) = whole.pointer(reference.trim_start_matches('#'))
        && depth < MAX_STEPS
    {
        *value = target.clone();
        return follow_in(value, whole, depth + 1);
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| follow_in(item, whole, depth)),
        Value::Object(entries) => entries.values_mut().for_each(|value| follow_in(value, whole, depth)),
        _ => {}
    }
}

fn below(root: &mut Value, base_path: BasePath) {
    let server = root.pointer("/servers/0");
    let base = server.map(base_of).unwrap_or_default();
    let base = base.trim_end_matches('/');
    let before = match base_path {
        BasePath::Ignore => "",
        BasePath::Prepend => base,
        BasePath::Split => base
            .get(1..)
            .and_then(|rest| rest.find('/'))
            .map_or("", |at| &base[at + 1..]),
    };
    if before.is_empty() {
        return;
    }
    let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, item)| match path.starts_with('/') {
            true => (format!("{before}{}", if path == "/" { "" } else { &path }), item),
            false => (path, item),
        })
        .collect();
}

/// The path of a server's URL: what is said of the variable `basePath`, or what stands behind the host.
fn base_of(server: &Value) -> String {
    let variable = server.pointer("/variables/basePath/default").and_then(Value::as_str);
    let url = server.get("url").and_then(Value::as_str).unwrap_or_default();
    let behind = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = behind.find('/').map_or("", |at| &behind[at..]);
    let path = path.replace("{basePath}", variable.unwrap_or_default().trim_start_matches('/'));
    if path == "/" { String::new() } else { path }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gateway::Api;

    fn paths(text: &str, base_path: BasePath) -> Vec<String> {
        let document = Document::read(text, base_path).unwrap();
        let paths = document.paths.iter().map(|(path, _)| path.to_owned());
        paths.collect()
    }

    #[test]
    fn a_base_path_is_ignored_prepended_or_split_as_recorded_of_aws() {
        let oas = |url: &str, base: &str| {
            json!({"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": {"/test": {"get": {}}, "/": {}},
                   "servers": [{"url": url, "variables": {"basePath": {"default": base}}}]})
            .to_string()
        };
        let swagger = r#"{"swagger": "2.0", "basePath": "/base", "paths": {"/test": {"get": {}}}}"#;
        for (text, base_path, expected) in [
            (swagger.to_owned(), BasePath::Ignore, "/test"),
            (swagger.to_owned(), BasePath::Prepend, "/base/test"),
            (swagger.to_owned(), BasePath::Split, "/test"),
            (
                oas("https://a.example/{basePath}", "/a/b/c"),
                BasePath::Split,
                "/b/c/test",
            ),
            (oas("https://a.example/{basePath}", "v1"), BasePath::Prepend, "/v1/test"),
            (oas("https://a.example", ""), BasePath::Prepend, "/test"),
        ] {
            assert!(
                paths(&text, base_path).contains(&expected.to_owned()),
                "{base_path:?} {text}"
            );
        }
    }

    #[test]
    fn swagger_and_openapi_of_the_same_api_are_the_same_api() {
        let swagger = "
swagger: '2.0'
info: {title: shop, version: '1'}
consumes: [application/json]
security: [{key: []}]
securityDefinitions: {key: {type: apiKey, name: x-api-key, in: header}}
parameters: {page: {name: page, in: query, type: string}}
definitions: {Book: {type: object, properties: {author: {$ref: '#/definitions/Author'}}}, Author: {type: string}}
paths:
  /books:
    post:
      operationId: add
      parameters:
        - {$ref: '#/parameters/page'}
        - {name: body, in: body, required: true, schema: {$ref: '#/definitions/Book'}}
      produces: [application/json]
      responses: {'201': {description: made, schema: {$ref: '#/definitions/Book'}, headers: {Location: {type: string}}}}
      x-amazon-apigateway-integration: {type: mock}
";
        let openapi = json!({
            "openapi": "3.0.1", "info": {"title": "shop", "version": "1"},
            "paths": {"/books": {"post": {
                "operationId": "add",
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                "responses": {"201": {"description": "made", "headers": {"Location": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}},
                "security": [{"key": []}],
                "x-amazon-apigateway-integration": {"type": "mock"},
            }}},
            "components": {
                "schemas": {"Book": {"type": "object", "properties": {"author": {"$ref": "#/components/schemas/Author"}}}, "Author": {"type": "string"}},
                "securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
            },
        });
        let [one, other] = [swagger.to_owned(), openapi.to_string()]
            .map(|text| Api::from(&Document::read(&text, BasePath::Ignore).unwrap()));
        assert!(one.resources[1].methods["POST"].api_key_required);
        assert_eq!(one, other);
    }

    #[test]
    fn what_a_document_refers_to_stands_where_it_is_used() {
        let text = json!({
            "openapi": "3.0.1", "info": {"title": "shop", "version": "1"},
            "paths": {"/a/{id}": {"get": {
                "parameters": [{"$ref": "#/components/parameters/id"}],
                "responses": {"200": {"$ref": "#/components/responses/ok"}},
                "x-amazon-apigateway-integration": {"$ref": "#/components/x-amazon-apigateway-integrations/one"},
            }}},
            "components": {
                "parameters": {"id": {"name": "id", "in": "path", "required": true}},
                "responses": {"ok": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}},
                "x-amazon-apigateway-integrations": {"one": {"type": "mock"}},
            },
        });
        let api = Api::from(&Document::read(&text.to_string(), BasePath::Ignore).unwrap());
        let method = &api.resources[2].methods["GET"];
        assert!(method.request_parameters["method.request.path.id"]);
        assert_eq!(method.integration.as_ref().unwrap().kind, "MOCK");
        // A schema without a name has one after the import.
        let name = &method.responses["200"].models["application/json"];
        assert!(name.starts_with("MODEL"), "{name}");
        assert_eq!(api.models[0].name, *name);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            "{",
            "[]",
            "{}",
            "a: [",
            "swagger: '1.2'",
            r#"{"openapi": "3.0.1"}"#,
            r#"{"openapi": "4", "paths": {}}"#,
        ] {
            assert!(Document::read(text, BasePath::Ignore).is_err(), "{text}");
        }
        // References in a circle end.
        let circle = r##"{"openapi": "3.0.1", "info": {}, "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/a"}}}}},
            "components": {"responses": {"a": {"$ref": "#/components/responses/a"}}}}"##;
        assert!(Document::read(circle, BasePath::Ignore).is_ok());
    }
}
