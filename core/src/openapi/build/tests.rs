use serde_json::{Value, json};

use super::*;
use crate::aws::{Environment, Needs};
use crate::{Mode, Source, read_aws, read_blueprint};

fn aws() -> Target {
    let text = r#"{"region": "eu-west-1", "apiGateway": {"name": "Shop API", "rest_api_id": "abc123", "stage": "v1",
        "baseEndpointURL": "https://backend.example.com/"}}"#;
    let (file, _) = read_aws(&Source::new("aws.config.json", text)).into_result().unwrap();
    Target::of(&Environment::resolve(&file, None, Needs::Nothing).value.unwrap())
}

/// The document of methods under the prefix `/api`.
fn made(methods: &str) -> Value {
    let text = format!(
        r#"{{"blueprint": {{"name": "shop", "url_prefix": "/api", "resources": [{{"name": "r", "methods": {methods}}}]}}}}"#
    );
    let (blueprint, _) = read_blueprint(&Source::new("routes.json", text), Mode::Strict)
        .into_result()
        .unwrap();
    serde_json::to_value(document(&blueprint, &aws())).unwrap()
}

#[test]
fn a_route_reaches_the_path_that_the_service_serves() {
    let document = made(
        r#"[{"path": "/files", "pathParams": [{"name": "name", "type": "path"}],
            "actions": [{"type": "GET"}]}]"#,
    );
    let operation = &document["paths"]["/files/{name+}"]["get"];
    assert_eq!(
        operation["x-amazon-apigateway-integration"],
        json!({
            "type": "http_proxy",
            "httpMethod": "GET",
            "uri": "https://backend.example.com/api/files/{name}",
            "requestParameters": {"integration.request.path.name": "method.request.path.name"},
        })
    );
    assert_eq!(operation["parameters"][0]["name"], "name");
}

#[test]
fn security_is_always_written() {
    let document = made(
        r#"[{"path": "/a", "cors": {"enable": true},
            "actions": [{"type": "GET", "authorization": "AWS_IAM"}, {"type": "POST"}]}]"#,
    );
    let path = &document["paths"]["/a"];
    assert_eq!(path["get"]["security"], json!([{"sigv4": []}]));
    assert_eq!(path["post"]["security"], json!([]));
    assert_eq!(path["options"]["security"], json!([]));
    assert_eq!(
        document["components"]["securitySchemes"]["sigv4"]["x-amazon-apigateway-authtype"],
        "awsSigv4"
    );
}

#[test]
fn a_connection_stands_only_where_it_belongs() {
    let document = made(
        r#"[{"path": "/a", "actions": [
            {"type": "GET", "integration": "VPC_LINK", "vpcLink": "abc123"},
            {"type": "POST", "integration": "INTERNET", "vpcLink": ""}]}]"#,
    );
    let of = |verb: &str| document["paths"]["/a"][verb]["x-amazon-apigateway-integration"].clone();
    assert_eq!(of("get")["connectionType"], "VPC_LINK");
    assert_eq!(of("get")["connectionId"], "abc123");
    assert_eq!(of("post").get("connectionId"), None);
    assert_eq!(of("post").get("connectionType"), None);
}

#[test]
fn a_preflight_names_the_methods_headers_and_parameters_of_its_path() {
    let document = made(
        r#"[{"path": "/a/{id}", "cors": {"enable": true, "allowHeaders": ["X-One", "content-type"]},
             "actions": [{"type": "PUT"}, {"type": "GET"}]},
            {"path": "/a/{id}", "cors": {"enable": true, "allowHeaders": ["X-Two", "x-one"]},
             "actions": [{"type": "PATCH"}]},
            {"path": "/a/{id}", "actions": [{"type": "DELETE"}]}]"#,
    );
    let options = &document["paths"]["/a/{id}"]["options"];
    assert_eq!(options["parameters"][0]["name"], "id");
    // An API with binary types would give its template bytes.
    let integration = &options["x-amazon-apigateway-integration"];
    assert_eq!(integration["contentHandling"], "CONVERT_TO_TEXT");
    let headers = &options["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"];
    assert_eq!(
        headers["method.response.header.Access-Control-Allow-Methods"],
        "'GET,PUT,PATCH,OPTIONS'"
    );
    assert_eq!(
        headers["method.response.header.Access-Control-Allow-Headers"],
        "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-One,X-Two'"
    );
    for response in ["DEFAULT_4XX", "DEFAULT_5XX"] {
        let parameters = &document["x-amazon-apigateway-gateway-responses"][response]["responseParameters"];
        assert_eq!(parameters["gatewayresponse.header.Access-Control-Allow-Origin"], "'*'");
    }
}

#[test]
fn without_cors_nothing_of_it_is_written() {
    let document = made(r#"[{"path": "/a", "actions": [{"type": "GET"}]}]"#);
    assert_eq!(document.get("x-amazon-apigateway-gateway-responses"), None);
    assert_eq!(document.get("components"), None);
    assert!(!document.to_string().contains("Access-Control"));
}

#[test]
fn an_integration_without_proxy_keeps_the_status() {
    let document =
        made(r#"[{"path": "/a", "cors": {"enable": true}, "actions": [{"type": "GET", "proxyIntegration": false}]}]"#);
    let operation = &document["paths"]["/a"]["get"];
    let responses = &operation["x-amazon-apigateway-integration"]["responses"];
    for status in ["201", "404", "503"] {
        assert_eq!(responses[status]["statusCode"], status);
        assert_eq!(
            responses[status]["responseParameters"]["method.response.header.Access-Control-Allow-Origin"],
            "'*'"
        );
        assert!(operation["responses"][status]["headers"]["Access-Control-Allow-Origin"].is_object());
    }
    assert_eq!(responses["default"]["statusCode"], "200");
    let mut statuses: Vec<&str> = responses
        .as_object()
        .unwrap()
        .values()
        .map(|response| response["statusCode"].as_str().unwrap())
        .collect();
    let count = statuses.len();
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(
        statuses.len(),
        count,
        "API Gateway keeps one integration response a status"
    );
    assert!(statuses.iter().all(|status| operation["responses"][status].is_object()));
}

#[test]
fn any_stands_under_the_key_that_api_gateway_knows() {
    let document = made(r#"[{"path": "/a", "cors": {"enable": true}, "actions": [{"type": "ANY"}]}]"#);
    let path = &document["paths"]["/a"];
    assert_eq!(
        path["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]["httpMethod"],
        "ANY"
    );
    let headers = &path["options"]["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"];
    assert_eq!(
        headers["method.response.header.Access-Control-Allow-Methods"],
        "'GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS'"
    );
}

#[test]
fn the_same_file_gives_the_same_bytes_and_another_file_another_version() {
    let one = made(r#"[{"path": "/a", "actions": [{"type": "GET"}]}]"#);
    assert_eq!(one, made(r#"[{"path": "/a", "actions": [{"type": "GET"}]}]"#));
    let other = made(r#"[{"path": "/a", "actions": [{"type": "PUT"}]}]"#);
    assert_ne!(one["info"]["version"], other["info"]["version"]);
}

#[test]
fn the_server_is_where_the_stage_answers() {
    let document = made(r#"[{"path": "/a", "actions": [{"type": "GET"}]}]"#);
    assert_eq!(
        document["servers"][0],
        json!({
            "url": "https://abc123.execute-api.eu-west-1.amazonaws.com/{basePath}",
            "variables": {"basePath": {"default": "v1"}},
        })
    );
    assert_eq!(document["info"]["title"], "Shop API");
}

#[test]
fn ids_of_operations_are_unique() {
    let document = made(
        r#"[{"path": "/a/b", "cors": {"enable": true}, "actions": [{"type": "GET"}]},
            {"path": "/a_b", "cors": {"enable": true}, "actions": [{"type": "GET", "operationId": "options_a_b"}]}]"#,
    );
    let mut ids: Vec<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}
