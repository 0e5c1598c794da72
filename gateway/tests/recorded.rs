//! What AWS answered, recorded by the authors of LocalStack (Apache-2.0): their requests, the answers of AWS.
//!
//! Of those recordings, these are the answers of stages that a gateway without AWS services can give. What is not here:
//! answers of functions that run on AWS (their events and answers are tests of the plane), of S3 and of Step Functions,
//! and the headers of CloudFront, which edge-optimised endpoints add.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::routing::any;
use bluegate_gateway::plane::{Canary, Stage};
use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::TestGateway;
use serde_json::{Map, Value, json};

/// Where a recording is held.
enum Held {
    /// By a test of this file.
    Here(&'static str),
    /// By a case of `data-plane-cases.json`.
    Case(&'static str),
    /// In a part, for a reason.
    InPart(&'static str, &'static str),
}

/// All the recordings that have answers of a stage, by their names and those of their answers.
const RECORDINGS: [(&str, Held); 26] = {
    use Held::{Case, Here, InPart};
    const MOCK: Held = Here("overrides_of_a_mock_hold_for_its_answer");
    const TEMPLATES: Held = Here("templates_print_what_they_printed");
    const AWS: Held = InPart(
        "what_may_never_be_mapped_fails_for_functions",
        "what else the functions saw and said is tested with the plane's functions: they ran on AWS",
    );
    [
        (
            "test_invoking_canary_deployment",
            Here("a_canary_has_its_own_variables"),
        ),
        (
            "test_api_gateway_request_validator missing-all",
            Case("validator-parameters-listed-in-order"),
        ),
        (
            "test_api_gateway_request_validator missing-qs",
            Case("validator-one-query-missing"),
        ),
        (
            "test_api_gateway_request_validator missing-headers",
            Here("parameters_that_are_missing_are_told"),
        ),
        (
            "test_api_gateway_request_validator invalid-body",
            Case("validator-body-invalid"),
        ),
        ("test_routing_not_found not-found", Case("route-unknown-path")),
        ("test_routing_not_found wrong-method", Case("route-wrong-method")),
        (
            "test_invocation_trace_id",
            Here("a_trace_is_told_to_clients_of_http_and_functions_alone"),
        ),
        (
            "test_api_gateway_request_validator_with_ref_models",
            Here("bodies_are_held_against_models_that_refer_to_each_other"),
        ),
        (
            "test_api_gateway_request_validator_with_ref_one_ofmodels",
            Here("bodies_are_held_against_models_that_refer_to_each_other"),
        ),
        ("test_input_path_template_formatting", TEMPLATES),
        ("test_input_body_formatting", TEMPLATES),
        (
            "test_http_integration_with_lambda[HTTP]",
            Here("services_get_and_clients_see_what_was_sent"),
        ),
        (
            "test_http_integration_with_lambda[HTTP_PROXY]",
            Here("services_get_and_clients_see_what_was_sent"),
        ),
        (
            "test_http_integration_invoke_status_code_passthrough",
            Here("statuses_of_services_are_passed_or_chosen_by_pattern"),
        ),
        ("test_http_integration_method", Case("integration-method-wins")),
        (
            "test_http_proxy_integration_request_data_mappings",
            Case("proxy-query-is-merged"),
        ),
        (
            "test_import_with_stage_variables get-resp",
            Here("stage_variables_are_in_hosts_and_paths"),
        ),
        (
            "test_import_with_stage_variables get-error",
            Case("stage-variable-missing-host"),
        ),
        (
            "test_apigateway_header_remapping_http no-param",
            Here("headers_of_requests_arrive_that_arrived"),
        ),
        (
            "test_apigateway_header_remapping_http full",
            Here("mapped_headers_of_requests_arrive_that_arrived"),
        ),
        ("test_apigateway_header_remapping_aws[AWS]", AWS),
        ("test_apigateway_header_remapping_aws[AWS_PROXY]", AWS),
        (
            "test_integration_mock_with_request_overrides_in_response_template",
            MOCK,
        ),
        ("test_integration_mock_with_response_override_in_request_template", MOCK),
        ("test_integration_mock_with_vtl_map_assignation", MOCK),
    ]
};

#[test]
fn every_recording_of_a_stage_is_held() {
    let cases: Value = serde_json::from_str(include_str!("data-plane-cases.json")).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    let is_test = |name: &str| include_str!("recorded.rs").contains(&format!("fn {name}("));
    for (recording, held) in RECORDINGS {
        let is_held = match held {
            Held::Here(test) => is_test(test),
            Held::Case(id) => cases.iter().any(|case| case["id"] == id),
            Held::InPart(test, why) => is_test(test) && !why.is_empty(),
        };
        assert!(is_held, "{recording}");
    }
}

/// A gateway of one method for all paths of one segment, in front of a service that answers like that of the recordings.
fn gateway(integration: &Value, more: &Value) -> TestGateway {
    TestGateway::of(in_front(integration, more))
}

fn in_front(integration: &Value, more: &Value) -> Gateway {
    let mut document = json!({"openapi": "3.0.1"});
    document["paths"]["/{path}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"] =
        integration.clone();
    for (key, value) in more.as_object().unwrap() {
        document[key] = value.clone();
    }
    let service = Router::new().fallback(any(async |uri: Uri, body: Bytes| {
        let status = uri.path().strip_prefix("/status/").and_then(|code| code.parse().ok());
        let mut headers = HeaderMap::new();
        headers.insert("server", HeaderValue::from_static("gunicorn/19.9.0"));
        headers.insert("date", HeaderValue::from_static("Tue, 10 Dec 2024 00:00:00 GMT"));
        headers.insert("connection", HeaderValue::from_static("keep-alive"));
        headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
        headers.insert("access-control-allow-credentials", HeaderValue::from_static("true"));
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("content-length", HeaderValue::from(body.len()));
        (StatusCode::from_u16(status.unwrap_or(200)).unwrap(), headers, body)
    }));
    let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
    gateway.backend_at("service.test", service)
}

/// What a template prints of a body, in a MOCK integration's answer to a request with that body.
async fn printed(template: &str, body: &str) -> String {
    let integration = json!({"type": "http", "httpMethod": "POST", "uri": "http://service.test/",
        "requestTemplates": {"application/json": template}, "responses": {"default": {"statusCode": "200"}}});
    let answer = gateway(&integration, &json!({}))
        .post("/x")
        .body(body)
        .await
        .expect(200);
    String::from_utf8(answer.service().body().to_vec()).unwrap()
}

#[tokio::test]
async fn templates_print_what_they_printed() {
    let is_empty = "#set($result = $input.path('$.json'))\
                    {\"body\": $result, \"nested\": $result.nested, \
                    \"isNull\": \"#if( $result == $null )true#{else}false#end\", \
                    \"isEmptyString\": \"#if( $result == \"\" )true#{else}false#end\"}";
    let message = "Action=SendMessage&MessageBody=$input.body";
    let encoded = "EncodedBody=$util.urlEncode($input.body)&EncodedBodyAccess=$util.urlEncode($input.body.testAccess)";
    for (recording, template, body, text) in [
        (
            "dict-response",
            "$input.path('$.json')",
            r#"{"json": {"foo": "bar"}}"#,
            "{foo=bar}",
        ),
        (
            "json-list",
            "$input.path('$.json')",
            r#"{"json": [{"foo": "bar"}]}"#,
            r#"[{"foo":"bar"}]"#,
        ),
        (
            "nested-dict",
            "$input.path('$.json').nested",
            r#"{"json": {"nested": {"foo": "bar"}}}"#,
            "{foo=bar}",
        ),
        (
            "nested-list",
            "$input.path('$.json').nested",
            r#"{"json": {"nested": [{"foo": "bar"}]}}"#,
            r#"[{"foo":"bar"}]"#,
        ),
        (
            "dict-in-list",
            "$input.path('$.json')[0]",
            r#"{"json": [{"foo": "bar"}]}"#,
            "{foo=bar}",
        ),
        (
            "dict-with-nested-list",
            "$input.path('$.json')",
            r#"{"json": {"foo": [{"nested": "bar"}]}}"#,
            r#"{foo=[{"nested":"bar"}]}"#,
        ),
        (
            "bigger-dict",
            "$input.path('$.json')",
            r#"{"json": {"bigger": "dict", "to": "test", "with": "separators"}}"#,
            "{bigger=dict, to=test, with=separators}",
        ),
        (
            "to-string",
            "$input.path('$.json').toString()",
            r#"{"json": {"foo": "bar"}}"#,
            "{foo=bar}",
        ),
        (
            "list-to-string",
            "$input.path('$.json').toString()",
            r#"{"json": {"list": [{"foo": "bar"}]}}"#,
            r#"{list=[{"foo":"bar"}]}"#,
        ),
        (
            "empty-body",
            is_empty,
            "",
            r#"{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}"#,
        ),
        (
            "nested-empty-list",
            is_empty,
            r#"{"json": []}"#,
            r#"{"body": [], "nested": , "isNull": "false", "isEmptyString": "false"}"#,
        ),
        (
            "nested-null-list",
            is_empty,
            r#"{"json": null}"#,
            r#"{"body": , "nested": , "isNull": "true", "isEmptyString": "true"}"#,
        ),
        (
            "list-with-nested-list",
            "$input.path('$.json')[0].nested",
            r#"{"json": [{"nested": [{"foo": "bar"}]}]}"#,
            r#"[{"foo":"bar"}]"#,
        ),
        ("response-raw-body empty", "$input.body", "", "{}"),
        (
            "response-raw-body json",
            "$input.body",
            r#"{"some": "value"}"#,
            r#"{"some": "value"}"#,
        ),
        (
            "response-raw-body text",
            "$input.body",
            "some raw data",
            "some raw data",
        ),
        (
            "response-str-body-input empty",
            message,
            "",
            "Action=SendMessage&MessageBody={}",
        ),
        (
            "response-str-body-input text",
            message,
            "some raw data",
            "Action=SendMessage&MessageBody=some raw data",
        ),
        (
            "response-body-attr-access",
            "$input.body.testAccess",
            r#"{"some": "value"}"#,
            "{}",
        ),
        (
            "response-url-encode empty",
            encoded,
            "",
            "EncodedBody=%7B%7D&EncodedBodyAccess=",
        ),
        (
            "response-url-encode json",
            encoded,
            r#"{"some": "value"}"#,
            "EncodedBody=%7B%22some%22%3A+%22value%22%7D&EncodedBodyAccess=",
        ),
        (
            "response-url-encode text",
            encoded,
            "some raw data",
            "EncodedBody=some+raw+data&EncodedBodyAccess=",
        ),
    ] {
        assert_eq!(printed(template, body).await, text, "{recording}");
    }
    // The same behind the service, and on both sides of it.
    for (body, text) in [("", "{}"), ("some raw data", "some raw data")] {
        for (request, times) in [
            (Map::new(), 1),
            (Map::from_iter([("application/json".to_owned(), json!(message))]), 2),
        ] {
            let integration = json!({"type": "http", "httpMethod": "POST", "uri": "http://service.test/",
                "requestTemplates": request, "responses": {"default": {"statusCode": "200",
                    "responseTemplates": {"application/json": message}}}});
            let answer = gateway(&integration, &json!({}))
                .post("/x")
                .body(body)
                .await
                .expect(200);
            assert_eq!(answer.text(), "Action=SendMessage&MessageBody=".repeat(times) + text);
        }
    }
}

#[tokio::test]
async fn overrides_of_a_mock_hold_for_its_answer() {
    let mock = |request: &str, response: Option<&str>| {
        let mut integration = json!({"type": "mock", "requestTemplates": {"application/json": request},
            "responses": {"default": {"statusCode": "200"}}});
        if let Some(response) = response {
            integration["responses"]["default"]["responseTemplates"] = json!({"application/json": response});
        }
        gateway(&integration, &json!({}))
    };
    let request = "#set($context.responseOverride.header.foo = \"bar\")#set($context.responseOverride.status = 444)\
                   #set($context.responseOverride.custom = \"is also passed around\"){\"statusCode\": 200}";
    let response = r#"{"statusOverride": "$context.responseOverride.status", "fooHeader":
        "$context.responseOverride.header.foo", "custom": "$context.responseOverride.custom"}"#;
    let answer = mock(request, Some(response)).get("/x").await.expect(444);
    assert_eq!(answer.header("foo"), Some("bar"));
    assert_eq!(
        answer.json::<Value>(),
        json!({"custom": "is also passed around", "fooHeader": "bar", "statusOverride": "444"})
    );
    assert_eq!(mock(request, None).get("/x").await.expect(444).text(), "");

    let request = "#set($context.requestOverride.path.testPath = $input.params('path')){\"statusCode\": 200}";
    let response = "#if($context.requestOverride.path.testPath == 'path1')path was path one\
                    #elseif($context.requestOverride.path.testPath == 'path2')path was path two\
                    #{else}this is the else clause#end";
    for (path, text) in [
        ("/path1", "path was path one"),
        ("/path2", "path was path two"),
        ("/other", "this is the else clause"),
    ] {
        assert_eq!(mock(request, Some(response)).get(path).await.expect(200).text(), text);
    }

    let request = "#set($m = {})#set($m.foo = \"bar\")#set($void = $m.put(\"put\", \"putBar\"))#set($m[\"n\"] = {})\
                   #set($m.n.foo = \"nestedFoo\")#set($context.responseOverride.map = $m){\"statusCode\": 200}";
    let response = r#"{"value": "$context.responseOverride.map.foo", "value2": "$context.responseOverride.map.put", "value3":
        "$context.responseOverride.map.n.foo"}"#;
    let answer = mock(request, Some(response)).get("/x").await.expect(200);
    assert_eq!(
        answer.json::<Value>(),
        json!({"value": "bar", "value2": "putBar", "value3": "nestedFoo"})
    );
}

#[tokio::test]
async fn statuses_of_services_are_passed_or_chosen_by_pattern() {
    for (kind, responses, status) in [
        ("http_proxy", json!({}), 400),
        ("http", json!({"default": {"statusCode": "200"}}), 200),
        (
            "http",
            json!({"default": {"statusCode": "200"}, "4\\d{2}": {"statusCode": "422"}}),
            422,
        ),
    ] {
        let integration = json!({"type": kind, "httpMethod": "GET", "uri": "http://service.test/status/400",
            "responses": responses});
        gateway(&integration, &json!({})).get("/x").await.expect(status);
    }
}

#[tokio::test]
async fn bodies_are_held_against_models_that_refer_to_each_other() {
    let model = |name: &str| format!("#/components/schemas/{name}");
    let number = json!({"type": "number"});
    let schemas = json!({
        "testSchema": {"type": "object", "properties": {"a": number, "b": number}, "required": ["a", "b"]},
        "testSchemaList": {"type": "array", "items": {"$ref": model("testSchema")}},
        "StatusModel": {"type": "object", "properties": {"Status": {"type": "string"}, "Order": {"type": "integer"}},
            "required": ["Status", "Order"]},
        "TestModel": {"type": "object", "required": ["status"],
            "properties": {"status": {"oneOf": [{"type": "null"}, {"$ref": model("StatusModel")}]}}},
    });
    for (name, body, is_taken) in [
        ("testSchemaList", json!([{"a": 1, "b": 2}]), true),
        ("testSchemaList", json!([{"a": 1}]), false),
        ("TestModel", json!({"status": null}), true),
        ("TestModel", json!({"status": {"Status": "done", "Order": 1}}), true),
        ("TestModel", json!({}), false),
        ("TestModel", json!({"status": {"Status": "done"}}), false),
    ] {
        let document = json!({
            "openapi": "3.0.1", "components": {"schemas": schemas},
            "x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": true}},
            "paths": {"/x": {"post": {
                "x-amazon-apigateway-request-validator": "body",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": model(name)}}}},
                "x-amazon-apigateway-integration": {"type": "mock",
                    "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                    "responses": {"default": {"statusCode": "200"}}}}}},
        });
        let gateway = TestGateway::of(Gateway::from_document("dev", &document.to_string().parse().unwrap()));
        let answer = gateway.post("/x").json(&body).await;
        assert_eq!(answer.status(), if is_taken { 200 } else { 400 }, "{name} {body}");
        assert!(is_taken || answer.text() == r#"{"message": "Invalid request body"}"#);
    }
}

/// What the client of the recordings sends.
const SENT: [(&str, &str); 25] = [
    ("Accept", "application/json"),
    ("Accept-Charset", "UTF-8"),
    ("Accept-Encoding", "br"),
    ("Age", "request_Age"),
    ("Authorization", "Unauthorized"),
    ("Connection", "keep-alive"),
    ("Content-Encoding", "deflate"),
    ("Content-MD5", "request_Content-MD5"),
    ("Content-Type", "application/json"),
    ("Date", "request_date"),
    ("Expect", "100-continue"),
    ("Max-Forwards", "1"),
    ("Pragma", "cache"),
    ("Proxy-Authenticate", "request_Proxy-Authenticate"),
    ("Range", "bytes=500-999"),
    ("Referer", "https://example.com/"),
    ("Server", "https://example.com/"),
    ("TE", "deflate"),
    ("Trailer", "Expires"),
    ("Upgrade", "HTTP/2.0"),
    ("User-Agent", "localStack/0.0"),
    ("Via", "1.0 client"),
    ("Warn", "299 localStack/0.0"),
    ("WWW-Authenticate", "Basic"),
    ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793"),
];

/// What the integrations of the recordings set, and whether it arrives.
const MAPPED: [(&str, &str, bool); 24] = [
    ("Accept", "text/html", true),
    ("Accept-Charset", "UTF-16", true),
    ("Accept-Encoding", "zstd", true),
    ("Age", "request_params_age", true),
    ("Authorization", "request_params_authorization", true),
    ("Connection", "close", false),
    ("Content-Encoding", "compress", true),
    ("Content-MD5", "request_params_Content-MD5", true),
    ("Content-Type", "application/json", true),
    ("Date", "request_params_date", true),
    ("Expect", "200-continue", false),
    ("Max-Forwards", "2", true),
    ("Pragma", "no-cache", true),
    ("Proxy-Authenticate", "Basic", false),
    ("Range", "bytes=0-499", true),
    ("Referer", "https://example.com/page", true),
    ("Server", "https://example.com/page", true),
    ("TE", "deflate", false),
    ("Trailer", "user-agent", true),
    ("Upgrade", "HTTP/2.0", true),
    ("User-Agent", "Override-Agent", true),
    ("Via", "1.1 example", false),
    ("Warn", "110 anderson/1.3.37 \"Response is stale\"", true),
    ("WWW-Authenticate", "Basic YWxhZGRpbjpvcGVuc2VzYW1l", true),
];

/// What the answers of the recordings set, and what becomes of it.
const ANSWERED: [(&str, &[&str]); 3] = [
    (
        "",
        &[
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
            "Age",
            "Content-Encoding",
            "Content-Type",
            "Pragma",
            "Range",
            "Referer",
            "TE",
            "Via",
            "Warn",
        ],
    ),
    (
        "x-amzn-Remapped-",
        &[
            "Authorization",
            "Connection",
            "Content-Length",
            "Content-MD5",
            "Date",
            "Expect",
            "Host",
            "Max-Forwards",
            "Proxy-Authenticate",
            "Server",
            "Trailer",
            "Upgrade",
            "User-Agent",
            "WWW-Authenticate",
        ],
    ),
    ("none", &["Transfer-Encoding"]),
];

/// Names and values, without those that every recording hides.
fn names(headers: &HeaderMap) -> Vec<String> {
    let hidden = ["x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
    let mut names: Vec<String> = headers.keys().map(HeaderName::to_string).collect();
    names.retain(|name| !hidden.contains(&name.as_str()));
    names.sort();
    names
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn headers_of_requests_arrive_that_arrived() {
    let common = ["content-length", "host", "x-amzn-apigateway-api-id", "x-amzn-trace-id"];
    let proxied = [
        "accept",
        "accept-charset",
        "accept-encoding",
        "age",
        "authorization",
        "content-type",
        "date",
        "pragma",
        "range",
        "referer",
        "user-agent",
        "warn",
    ];
    for (kind, arriving) in [("http", &["accept", "user-agent"][..]), ("http_proxy", &proxied)] {
        let integration = json!({"type": kind, "httpMethod": "GET", "uri": "http://service.test/",
            "responses": {"default": {"statusCode": "200"}}});
        let gateway = gateway(&integration, &json!({}));
        let request = SENT
            .iter()
            .fold(gateway.get("/x"), |request, (name, value)| request.header(name, value));
        let answer = request.await.expect(200);
        assert_eq!(
            names(answer.service().headers()),
            sorted(&[arriving, &common[..]].concat()),
            "{kind}"
        );
        if kind == "http" {
            assert_eq!(answer.service().headers()["user-agent"], "AmazonAPIGateway_local00000");
        }
    }
}

#[tokio::test]
async fn mapped_headers_of_requests_arrive_that_arrived() {
    let mapped: Map<String, Value> = MAPPED
        .iter()
        .map(|(name, value, _)| {
            (
                format!("integration.request.header.{name}"),
                json!(format!("'{value}'")),
            )
        })
        .collect();
    for kind in ["http", "http_proxy"] {
        let integration = json!({"type": kind, "httpMethod": "GET", "uri": "http://service.test/",
            "requestParameters": mapped, "responses": {"default": {"statusCode": "200"}}});
        let gateway = gateway(&integration, &json!({}));
        let request = SENT
            .iter()
            .fold(gateway.get("/x"), |request, (name, value)| request.header(name, value));
        let answer = request.await.expect(200);
        for (name, value, is_there) in MAPPED {
            let found = answer
                .service()
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap());
            assert_eq!(found, is_there.then_some(value), "{kind} {name}");
        }
    }
    for name in ["Content-Length", "Transfer-Encoding"] {
        let integration = json!({"type": "http_proxy", "httpMethod": "GET", "uri": "http://service.test/",
            "requestParameters": {format!("integration.request.header.{name}"): "'1'"}});
        let answer = gateway(&integration, &json!({})).get("/x").await.expect(500);
        assert_eq!(answer.text(), r#"{"message": "Internal server error"}"#);
    }
}

#[tokio::test]
async fn headers_of_answers_go_by_the_names_that_they_had() {
    let constants = ANSWERED.iter().flat_map(|(_, names)| *names);
    let parameters: Map<String, Value> = constants
        .map(|name| {
            (
                format!("method.response.header.{name}"),
                json!(format!("'response_param_{name}'")),
            )
        })
        .collect();
    let integration = json!({"type": "http", "httpMethod": "GET", "uri": "http://service.test/",
        "responses": {"default": {"statusCode": "200", "responseParameters": parameters}}});
    let answer = gateway(&integration, &json!({})).get("/x").await.expect(200);
    for (prefix, names) in ANSWERED {
        for name in names {
            let value = format!("response_param_{name}");
            let found = answer.header(&format!("{prefix}{name}"));
            assert_eq!(found, (prefix != "none").then_some(value.as_str()), "{prefix}{name}");
        }
    }
    let integration = json!({"type": "http_proxy", "httpMethod": "GET", "uri": "http://service.test/"});
    let answer = gateway(&integration, &json!({})).get("/x").await.expect(200);
    assert_eq!(
        names(answer.headers()),
        sorted(&[
            "Access-Control-Allow-Credentials",
            "Access-Control-Allow-Origin",
            "Content-Type",
            "x-amz-apigw-id",
            "x-amzn-Remapped-Connection",
            "x-amzn-Remapped-Content-Length",
            "x-amzn-Remapped-Date",
            "x-amzn-Remapped-Server",
            "x-amzn-RequestId",
        ])
    );
}

#[tokio::test]
async fn a_trace_is_told_to_clients_of_http_and_functions_alone() {
    for (integration, is_told) in [
        (
            json!({"type": "http", "httpMethod": "GET", "uri": "http://service.test/",
            "responses": {"default": {"statusCode": "200"}}}),
            true,
        ),
        (
            json!({"type": "http_proxy", "httpMethod": "GET", "uri": "http://service.test/"}),
            false,
        ),
        (
            json!({"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {"statusCode": "200"}}}),
            false,
        ),
    ] {
        let answer = gateway(&integration, &json!({})).get("/x").await.expect(200);
        assert_eq!(answer.header("x-amzn-trace-id").is_some(), is_told, "{integration}");
    }
}

#[tokio::test]
async fn a_canary_has_its_own_variables() {
    let told = r#"{"message": "MESSAGE", "variable": "$stageVariables.testVar", "nonExistingDefault":
        "$stageVariables.noStageVar", "nonOverridden": "$stageVariables.defaultVar", "isCanary":
        "$context.isCanaryRequest"}"#;
    let stage = |message: &str, variables: &[(&str, &str)]| {
        let document = json!({"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": {
            "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {"statusCode": "200",
                "responseTemplates": {"application/json": told.replace("MESSAGE", message)}}}}}}}});
        let mut stage = Stage::of("abc", "dev", &document.to_string().parse().unwrap());
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        stage.variables = variables.collect();
        stage
    };
    let overridden = [
        ("testVar", "canary"),
        ("defaultVar", "default"),
        ("noStageVar", "canary"),
    ];
    for (percent, expected) in [
        (
            0.,
            json!({"message": "default deployment", "variable": "default", "nonExistingDefault": "",
                "nonOverridden": "default", "isCanary": "false"}),
        ),
        (
            100.,
            json!({"message": "canary deployment", "variable": "canary", "nonExistingDefault": "canary",
                "nonOverridden": "default", "isCanary": "true"}),
        ),
    ] {
        let mut main = stage(
            "default deployment",
            &[("testVar", "default"), ("defaultVar", "default")],
        );
        let canary = stage("canary deployment", &overridden);
        main.canary = Some(Box::new(Canary { percent, stage: canary }));
        let answer = TestGateway::of(Gateway::new(main)).get("/x").await.expect(200);
        assert_eq!(answer.json::<Value>(), expected);
    }
}

#[tokio::test]
async fn parameters_that_are_missing_are_told() {
    let parameter = |place: &str, name: &str| json!({"in": place, "name": name, "required": true});
    let document = json!({"openapi": "3.0.1",
        "x-amazon-apigateway-request-validators": {"all": {"validateRequestParameters": true}},
        "paths": {"/{issuer}": {"get": {"x-amazon-apigateway-request-validator": "all",
            "parameters": [parameter("header", "x-header-param"), parameter("path", "issuer"), parameter("query", "qs1")],
            "x-amazon-apigateway-integration": {"type": "mock",
                "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
                "responses": {"default": {"statusCode": "200"}}}}}}});
    let gateway = TestGateway::of(Gateway::from_document("dev", &document.to_string().parse().unwrap()));
    let answer = gateway.get("/one?qs1=test").await.expect(400);
    assert_eq!(
        answer.text(),
        r#"{"message": "Missing required request parameters: [x-header-param]"}"#
    );
}

#[tokio::test]
async fn services_get_and_clients_see_what_was_sent() {
    for (kind, kept) in [("http", None), ("http_proxy", Some("*"))] {
        let integration = json!({"type": kind, "httpMethod": "POST", "uri": "http://service.test/",
            "responses": {"default": {"statusCode": "200"}}});
        let gateway = gateway(&integration, &json!({}));
        let request = gateway.post("/x").header("accept", "application/xml");
        let request = request
            .header("user-agent", "test/integration")
            .json(&json!({"message": "hello world"}));
        let answer = request.await.expect(200);
        let sent = answer.service();
        let header = |name: &str| sent.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(sent.body().as_ref(), br#"{"message":"hello world"}"#);
        let (accept, agent) = match kept {
            None => ("application/json", "AmazonAPIGateway_local00000"),
            Some(_) => ("application/xml", "test/integration"),
        };
        assert_eq!(header("accept").as_deref(), Some(accept));
        assert_eq!(header("user-agent").as_deref(), Some(agent));
        assert_eq!(header("content-type").as_deref(), Some("application/json"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("access-control-allow-origin"), kept, "{kind}");
        assert_eq!(
            answer.header("x-amzn-remapped-date").is_some(),
            kept.is_some(),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn stage_variables_are_in_hosts_and_paths() {
    let integration = json!({"type": "http_proxy", "httpMethod": "POST",
        "uri": "http://${stageVariables.host}/${stageVariables.path}"});
    let gateway = in_front(&integration, &json!({})).with_stage(|stage| {
        let variables = [("host", "service.test"), ("path", "test-path")];
        stage.variables = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    });
    let answer = TestGateway::of(gateway).get("/x?qs_key=qs_value").await.expect(200);
    let sent = answer.service();
    assert_eq!(
        (sent.method().as_str(), sent.uri().to_string()),
        ("POST", "/test-path?qs_key=qs_value".to_owned())
    );
}

#[tokio::test]
async fn what_may_never_be_mapped_fails_for_functions() {
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:f/invocations";
    let never = [
        "Authorization",
        "Connection",
        "Content-Length",
        "Expect",
        "Proxy-Authenticate",
        "TE",
        "Transfer-Encoding",
    ];
    for kind in ["aws", "aws_proxy"] {
        for (name, status) in never.iter().map(|name| (*name, 500)).chain([("Accept", 200)]) {
            let document = json!({"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": {
                "type": kind, "httpMethod": "POST", "uri": uri, "responses": {"default": {"statusCode": "200"}},
                "requestParameters": {format!("integration.request.header.{name}"): "'1'"}}}}}});
            let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
            let gateway = gateway.function("f", async |_| Ok::<_, String>(json!({"statusCode": 200})));
            TestGateway::of(gateway).get("/x").await.expect(status);
        }
    }
}
