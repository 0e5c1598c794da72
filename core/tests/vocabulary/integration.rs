//! Who answers, and how it is called.

use super::*;

#[test]
fn one_of_the_ways_to_answer_stands_on_an_action() {
    refuses(
        "backends: {b: {function: f}}",
        "{type: GET, backend: b, url: \"https://a.example.com\"}",
        Code::KeyConflict,
        "\"https://a.example.com\"",
        "keep one",
    );
    refuses(
        "backends: {b: {timeout: 100}}",
        "{type: GET}",
        Code::BackendUrl,
        "{",
        "one of `url`",
    );
    refuses(
        "backends: {b: {function: f, url: \"http://a.example.com\"}}",
        "{type: GET}",
        Code::BackendUrl,
        "f",
        "one of",
    );
    refuses(
        "backends: {SERVICE: {function: f}}",
        "{type: GET}",
        Code::BackendUrl,
        "SERVICE",
        "another name",
    );
    refuses(
        "",
        "{type: GET, url: a.example.com}",
        Code::BackendUrl,
        "a.example.com",
        "scheme",
    );
    refuses(
        "",
        "{type: GET, url: \"https://${stageVariable.host}/\"}",
        Code::Reference,
        "\"https://${stageVariable.host}/\"",
        "`${stageVariables.host}`",
    );
    refuses(
        "",
        "{type: GET, url: \"https://a.example.com/{user}\"}",
        Code::ForeignPathParameter,
        "\"https://a.example.com/{user}\"",
        "`\"map\"",
    );
    refuses(
        "",
        "{type: GET, function: f, handler: get}",
        Code::UnservedHandler,
        "get",
        "SERVICE",
    );
}

#[test]
fn each_kind_of_backend_becomes_its_integration() {
    let keys = "backends:\n  search: {url: \"https://s.example.com/v2/\", integration: VPC_LINK, vpcLink: abc123, integrationTarget: \"arn:lb\"}\n  \
                login: {function: \"arn:aws:lambda:eu-west-1:123456789012:function:login\", timeout: 5000, role: \"arn:aws:iam::123456789012:role/r\"}";
    let integration = |action: &str| operation(keys, action)[INTEGRATION].clone();
    assert_eq!(
        integration("{type: GET, backend: search}"),
        json!({
            "type": "http_proxy", "httpMethod": "GET", "uri": "https://s.example.com/v2/users/{id}",
            "connectionType": "VPC_LINK", "connectionId": "abc123", "integrationTarget": "arn:lb",
            "requestParameters": {"integration.request.path.id": "method.request.path.id"},
        })
    );
    assert_eq!(
        integration("{type: GET, backend: search, backendPath: /find}")["uri"],
        "https://s.example.com/v2/find"
    );
    assert_eq!(
        integration("{type: GET, backend: search, backendPath: \"\"}")["uri"],
        "https://s.example.com/v2/"
    );
    let login = integration("{type: GET, backend: login}");
    assert_eq!(
        (
            &login["type"],
            &login["httpMethod"],
            &login["timeoutInMillis"],
            &login["credentials"]
        ),
        (
            &json!("aws_proxy"),
            &json!("POST"),
            &json!(5000),
            &json!("arn:aws:iam::123456789012:role/r")
        )
    );
    assert_eq!(
        integration("{type: GET, backend: login, timeout: 100}")["timeoutInMillis"],
        100
    );
    assert_eq!(
        integration(
            "{type: GET, service: {uri: \"arn:aws:apigateway:eu-west-1:s3:path/b/{id}\"}, role: \"arn:aws:iam::*:user/*\"}"
        ),
        json!({
            "type": "aws", "httpMethod": "GET", "uri": "arn:aws:apigateway:eu-west-1:s3:path/b/{id}",
            "credentials": "arn:aws:iam::*:user/*",
            "requestParameters": {"integration.request.path.id": "method.request.path.id"},
            "responses": {"default": {"statusCode": "200"}},
        })
    );
    assert_eq!(
        integration("{type: GET, answer: {status: 201, body: '{}', headers: {X-A: b}}}"),
        json!({
            "type": "mock",
            "requestTemplates": {"application/json": "{\"statusCode\": 201}"},
            "responses": {"default": {
                "statusCode": "201",
                "responseParameters": {"method.response.header.X-A": "'b'"},
                "responseTemplates": {"application/json": "{}"},
            }},
        })
    );
    assert_eq!(
        integration("{type: GET, openapi: {x-amazon-apigateway-integration: null}}"),
        Value::Null
    );
}

#[test]
fn the_network_of_the_defaults_is_that_of_the_service() {
    let keys =
        "backends: {search: {url: \"https://s.example.com\"}}\ndefaults: {integration: VPC_LINK, vpcLink: abc123}";
    let connection = |action: &str| operation(keys, action)[INTEGRATION]["connectionId"].clone();
    assert_eq!(connection("{type: GET}"), "abc123");
    assert_eq!(connection("{type: GET, vpcLink: def456}"), "def456");
    assert_eq!(connection("{type: GET, integration: INTERNET}"), Value::Null);
    assert_eq!(connection("{type: GET, backend: search}"), Value::Null);
}

#[test]
fn a_route_is_served_unless_somebody_else_answers() {
    let keys = "backends: {search: {url: \"https://s.example.com\"}}\ndefaults: {backend: search}";
    let handler = |action: &str| read(keys, action).value.unwrap().routes[0].handler.clone();
    assert_eq!(handler("{type: GET}"), None);
    assert_eq!(handler("{type: GET, backend: SERVICE}").as_deref(), Some("get"));
    assert_eq!(
        handler("{type: GET, backend: SERVICE, handler: show}").as_deref(),
        Some("show")
    );
}

#[test]
fn integration_responses_of_the_file_replace_those_that_are_made() {
    let operation = operation(
        "",
        "{type: GET, proxyIntegration: false, function: f, integrationResponses: {default: {}, '.*Bad.*': {status: 400, map: \
         {header.X-A: header.b}, templates: {application/json: t}, contentHandling: CONVERT_TO_TEXT}}}",
    );
    assert_eq!(
        operation[INTEGRATION]["responses"],
        json!({
            "default": {"statusCode": "200"},
            ".*Bad.*": {
                "statusCode": "400",
                "responseParameters": {"method.response.header.X-A": "integration.response.header.b"},
                "responseTemplates": {"application/json": "t"},
                "contentHandling": "CONVERT_TO_TEXT",
            },
        })
    );
    assert_eq!(
        operation["responses"]["400"],
        json!({"description": "Bad Request", "headers": {"X-A": {"schema": {"type": "string"}}}})
    );
}
