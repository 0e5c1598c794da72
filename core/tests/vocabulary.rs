//! Who may call, who answers, what is mapped, taken and given: what of it is refused, and what becomes of the rest.

use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{Blueprint, Code, Diagnostics, Files, Mode, Outcome, Source, read_blueprint, read_routes};
use serde_json::{Value, json};

/// A file with keys of the blueprint, and actions on `/users/{id}`.
fn file(keys: &str, actions: &str) -> Source {
    let text = format!(
        "blueprint:\n  name: shop\n{}  resources:\n    - name: users\n      methods:\n        - path: /users/{{id}}\n          \
         actions: [{actions}]\n",
        keys.lines().map(|line| format!("  {line}\n")).collect::<String>()
    );
    Source::new("routes.yaml", text)
}

fn read(keys: &str, actions: &str) -> Outcome<Blueprint> {
    read_blueprint(&file(keys, actions), Mode::Strict)
}

/// The document of a file without findings.
fn document(keys: &str, actions: &str) -> Value {
    let outcome = read(keys, actions);
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    let document = openapi::document(&outcome.value.expect("a blueprint"), &Target::default());
    serde_json::to_value(&document).expect("JSON")
}

/// The only operation of a document.
fn operation(keys: &str, action: &str) -> Value {
    document(keys, action)["paths"]["/users/{id}"]["get"].clone()
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";

/// What is found, with the text from where each finding is.
fn found(source: &Source, diagnostics: &Diagnostics) -> Vec<(Code, String, String)> {
    let diagnostics = diagnostics.iter().map(|one| {
        let span = one.span.expect("a place");
        let text = &source.text()[span.start..];
        (one.code, text.to_owned(), one.help.clone().unwrap_or_default())
    });
    diagnostics.collect()
}

fn refuses(keys: &str, actions: &str, code: Code, at: &str, help: &str) {
    let source = file(keys, actions);
    let all = found(&source, &read_blueprint(&source, Mode::Strict).diagnostics);
    let [(known, text, told)] = all.as_slice() else {
        panic!("{keys} {actions}: {all:?}");
    };
    assert_eq!(*known, code, "{keys} {actions}");
    assert!(text.starts_with(at), "{keys} {actions}: {text}");
    assert!(told.contains(help), "{keys} {actions}: {told}");
}

const MEMBERS: &str = "authorizers: {members: {type: COGNITO, userPools: [\"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a\"]}}";

#[test]
fn an_authorizer_has_what_its_type_needs_and_nothing_else() {
    for (entry, at, help) in [
        ("{type: COGNITO}", "{", "userPools"),
        ("{type: LAMBDA, identity: [header.X]}", "{", "function"),
        (
            "{type: LAMBDA_TOKEN, function: a, identity: [header.X]}",
            "[header.X]",
            "`LAMBDA`",
        ),
        (
            "{type: LAMBDA, function: a, identity: [header.X], pattern: x}",
            "x",
            "`COGNITO` or `LAMBDA_TOKEN`",
        ),
        (
            "{type: COGNITO, userPools: [\"${var.pool}\"], role: \"${var.role}\"}",
            "\"${var.role}\"",
            "remove it",
        ),
        ("{type: LAMBDA, function: a}", "{", "`\"ttl\": 0`"),
        ("{type: LAMBDA_TOKEN, function: a, ttl: 3601}", "3601", "3600"),
        (
            "{type: LAMBDA, function: a, identity: [X-Token]}",
            "X-Token",
            "`header.X`",
        ),
    ] {
        refuses(
            &format!("authorizers: {{a: {entry}}}"),
            "{type: GET}",
            Code::Authorizer,
            at,
            help,
        );
    }
    for name in ["sigv4", "api_key", "NONE", "AWS_IAM"] {
        let keys = format!("authorizers: {{{name}: {{type: LAMBDA_TOKEN, function: a}}}}");
        refuses(&keys, "{type: GET}", Code::Authorizer, name, "another name");
    }
    for entry in [
        "{type: LAMBDA, function: a, ttl: 0}",
        "{type: LAMBDA, function: a, identity: [query.k, context.identity.sourceIp, stageVariables.s], ttl: 3600}",
        "{type: LAMBDA_TOKEN, function: \"${var.f}\", ttl: \"${var.t}\", pattern: x, role: \"${var.r}\"}",
    ] {
        let keys = format!("authorizers: {{a: {entry}}}");
        assert!(read(&keys, "{type: GET}").diagnostics.is_empty(), "{entry}");
    }
}

#[test]
fn what_is_named_on_aws_and_what_is_matched_can_be_read() {
    let authorizer = |entry: &str| format!("authorizers: {{a: {entry}}}");
    for (entry, code, at, help) in [
        (
            "{type: COGNITO, userPools: [eu-west-1_a]}",
            Code::Arn,
            "eu-west-1_a",
            "userpool/",
        ),
        ("{type: LAMBDA_TOKEN, function: a b}", Code::Arn, "a b", "`name:alias`"),
        (
            "{type: LAMBDA_TOKEN, function: a, role: r}",
            Code::Arn,
            "r}",
            "role/name",
        ),
        (
            "{type: LAMBDA_TOKEN, function: a, pattern: \"(a\"}",
            Code::Pattern,
            "\"(a\"",
            "parentheses",
        ),
    ] {
        refuses(&authorizer(entry), "{type: GET}", code, at, help);
    }
    for (action, code, at) in [
        ("{type: GET, function: \"https://f.example.com\"}", Code::Arn, "\"https"),
        ("{type: GET, function: f, role: r}", Code::Arn, "r}"),
        (
            "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {}, \"*.bad\": {status: 500}}}",
            Code::Pattern,
            "\"*.bad\"",
        ),
    ] {
        refuses("", action, code, at, "write");
    }
    refuses(
        "backends: {b: {function: \"arn:f\"}}",
        "{type: GET}",
        Code::Arn,
        "\"arn:f\"",
        "write",
    );
    for action in [
        "{type: GET, function: \"arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f\", role: \"${stageVariables.r}\"}",
        "{type: GET, function: \"f:${stageVariables.alias}\", role: \"arn:aws:iam::${var.account}:role/r\"}",
        "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {}, \".*bad\": {status: 500}}}",
    ] {
        let found = read("", action).diagnostics;
        assert!(found.is_empty(), "{action}: {found:?}");
    }
}

#[test]
fn a_misspelt_name_is_told_with_the_one_that_is_meant_and_opens_no_route() {
    refuses(
        MEMBERS,
        "{type: GET, authorization: member}",
        Code::UnknownValue,
        "member",
        "`members`",
    );
    assert!(
        read(MEMBERS, "{type: GET, authorization: member}")
            .value
            .unwrap()
            .routes
            .is_empty()
    );
    refuses(
        MEMBERS,
        "{type: GET, authorization: [members, NONE]}",
        Code::UnknownValue,
        "NONE",
        "AWS_IAM",
    );
    refuses(
        "backends: {search: {url: \"https://a.example.com\"}}",
        "{type: GET, backend: serch}",
        Code::UnknownValue,
        "serch",
        "`search`",
    );
    refuses(
        "models: {Book: {type: object}}",
        "{type: GET, body: Bok}",
        Code::UnknownValue,
        "Bok",
        "`Book`",
    );
    refuses(
        "",
        "{type: GET, answers: {200: {model: Book}}}",
        Code::UnknownValue,
        "Book",
        "declare it in `models`",
    );
    refuses(
        "models: {Book: {properties: {a: {$ref: \"#/models/Author\"}}}}",
        "{type: GET}",
        Code::UnknownValue,
        "\"#/models/Author\"",
        "`Book`",
    );
    refuses(
        "gatewayResponses: {BAD_REQUEST: {}}",
        "{type: GET}",
        Code::UnknownValue,
        "BAD_REQUEST",
        "BAD_REQUEST_BODY",
    );
}

#[test]
fn the_nearest_place_says_who_may_call() {
    let keys = format!("{MEMBERS}\ndefaults: {{authorization: members, scopes: [a], apiKey: true}}");
    let security = |action: &str| operation(&keys, action)["security"].clone();
    assert_eq!(security("{type: GET}"), json!([{"members": ["a"], "api_key": []}]));
    assert_eq!(
        security("{type: GET, authorization: null}"),
        json!([{"members": ["a"], "api_key": []}])
    );
    assert_eq!(
        security("{type: GET, scopes: [b, c]}"),
        json!([{"members": ["b", "c"], "api_key": []}])
    );
    assert_eq!(
        security("{type: GET, authorization: AWS_IAM}"),
        json!([{"sigv4": [], "api_key": []}])
    );
    assert_eq!(security("{type: GET, authorization: NONE, apiKey: false}"), json!([]));
    assert_eq!(security("{type: GET, authorization: NONE}"), json!([{"api_key": []}]));
}

#[test]
fn scopes_without_a_user_pool_are_refused_where_they_stand() {
    refuses(MEMBERS, "{type: GET, scopes: [a]}", Code::Scopes, "[a]", "COGNITO");
    refuses(
        MEMBERS,
        "{type: GET, authorization: AWS_IAM, scopes: [a]}",
        Code::Scopes,
        "[a]",
        "COGNITO",
    );
}

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
fn what_is_mapped_comes_from_somewhere_and_goes_somewhere() {
    refuses(
        "",
        "{type: GET, map: {header.X: fixed}}",
        Code::Mapping,
        "fixed",
        "`'fixed'`",
    );
    refuses(
        "",
        "{type: GET, map: {cookie.X: header.X}}",
        Code::Mapping,
        "cookie.X",
        "`header.X`",
    );
    refuses(
        "",
        "{type: GET, map: {header.X: header.}}",
        Code::Mapping,
        "header.",
        "`header.X`",
    );
    refuses(
        "",
        "{type: GET, function: f, proxyIntegration: false, integrationResponses: {default: {map: {header.X: path.id}}}}",
        Code::Mapping,
        "path.id",
        "'path.id'",
    );
    let map = "{header.A: query.q, query.b: context.requestId, path.id: path.id, header.C: body.user, header.D: body, \
               header.E: \"${var.e}\", integration.request.header.F: \"'x'\", header.G: stageVariables.g}";
    let integration = operation("", &format!("{{type: GET, map: {map}}}"))[INTEGRATION].clone();
    assert_eq!(
        integration["requestParameters"],
        json!({
            "integration.request.path.id": "method.request.path.id",
            "integration.request.header.A": "method.request.querystring.q",
            "integration.request.querystring.b": "context.requestId",
            "integration.request.header.C": "method.request.body.user",
            "integration.request.header.D": "method.request.body",
            "integration.request.header.E": "${var.e}",
            "integration.request.header.F": "'x'",
            "integration.request.header.G": "stageVariables.g",
        })
    );
}

#[test]
fn what_a_mapping_reads_is_declared() {
    let declared = |action: &str| {
        let operation = operation("", action);
        let parameters = operation["parameters"].as_array().unwrap().clone();
        let names = parameters
            .iter()
            .map(|one| format!("{} {}", one["in"], one["name"]).replace('"', ""));
        names.collect::<Vec<String>>()
    };
    assert_eq!(
        declared("{type: GET, map: {header.A: header.X-Token, header.B: query.q}, cacheKeys: [query.page]}"),
        ["path id", "header X-Token", "query q", "query page"]
    );
    assert_eq!(
        declared("{type: GET, headers: [{name: x-token}], map: {header.A: header.X-Token}}"),
        ["path id", "header x-token"]
    );
}

#[test]
fn numbers_have_their_bounds() {
    refuses("", "{type: GET, timeout: 49}", Code::Timeout, "49", "between");
    refuses("", "{type: GET, timeout: 300001}", Code::Timeout, "300001", "between");
    refuses(
        "",
        "{type: GET, timeout: \"soon\"}",
        Code::WrongType,
        "\"soon\"",
        "`\"${var.name}\"`",
    );
    let long = read("", "{type: GET, timeout: 60000}").diagnostics;
    assert_eq!((long.errors(), long.warnings()), (0, 1));
    refuses("", "{type: GET, answer: {status: 99}}", Code::Status, "99", "599");
    refuses(
        "",
        "{type: GET, answers: {4XX: {}}}",
        Code::Status,
        "4XX",
        "three digits",
    );
    refuses(
        "minimumCompressionSize: 10485761",
        "{type: GET}",
        Code::ApiSetting,
        "10485761",
        "10485760",
    );
    refuses(
        "binaryMediaTypes: [png]",
        "{type: GET}",
        Code::ApiSetting,
        "png",
        "`image/png`",
    );
    for action in [
        "{type: GET, timeout: 50}",
        "{type: GET, timeout: \"${var.t}\"}",
        "{type: GET, answers: {default: {}}}",
    ] {
        assert!(read("", action).diagnostics.is_empty(), "{action}");
    }
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
fn what_is_taken_and_given_stands_in_the_document() {
    let keys = "models:\n  Book: {type: object, properties: {next: {$ref: \"#/models/Book\"}}}";
    let whole = document(
        keys,
        "{type: GET, validate: true, query: [{name: q, type: int, required: true, description: d}], body: {text/csv: Book}, \
         answers: {200: {model: Book, headers: [X-Total]}, 404: {description: None.}}}",
    );
    let operation = &whole["paths"]["/users/{id}"]["get"];
    let reference = json!({"schema": {"$ref": "#/components/schemas/Book"}});
    assert_eq!(
        operation["parameters"][1],
        json!({"name": "q", "in": "query", "required": true, "description": "d",
               "schema": {"type": "integer", "format": "int64", "minimum": 0}})
    );
    assert_eq!(operation["requestBody"], json!({"content": {"text/csv": reference}}));
    assert_eq!(
        operation["responses"],
        json!({
            "200": {"description": "OK", "headers": {"X-Total": {"schema": {"type": "string"}}},
                    "content": {"application/json": reference}},
            "404": {"description": "None."},
        })
    );
    assert_eq!(operation["x-amazon-apigateway-request-validator"], "all");
    assert_eq!(
        whole["x-amazon-apigateway-request-validators"],
        json!({"all": {"validateRequestBody": true, "validateRequestParameters": true}})
    );
    assert_eq!(
        whole["components"]["schemas"]["Book"]["properties"]["next"],
        json!({"$ref": "#/components/schemas/Book"})
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

#[test]
fn what_is_said_raw_is_applied_last_and_says_nothing_of_who_may_call() {
    let keys = "openapi: {info: {x-owner: me}, tags: [{name: t}]}";
    let whole = document(keys, "{type: GET, openapi: {externalDocs: {url: u}, summary: null}}");
    assert_eq!(whole["info"]["x-owner"], "me");
    assert_eq!(
        whole["paths"]["/users/{id}"]["get"]["externalDocs"],
        json!({"url": "u"})
    );
    assert_eq!(whole["paths"]["/users/{id}"]["get"]["summary"], Value::Null);
    refuses(
        "",
        "{type: GET, openapi: {security: []}}",
        Code::RawAccess,
        "security",
        "`authorization`",
    );
    refuses(
        "openapi: {components: {securitySchemes: null}}",
        "{type: GET}",
        Code::RawAccess,
        "securitySchemes",
        "`authorization`",
    );
    // It takes all schemes away.
    refuses(
        "openapi: {components: null}",
        "{type: GET}",
        Code::RawAccess,
        "components",
        "`authorization`",
    );
    refuses(
        "openapi: {paths: {/x: {}}}",
        "{type: GET}",
        Code::RawAccess,
        "paths",
        "an action",
    );
    refuses(
        "openapi: {x-amazon-apigateway-api-key-source: AUTHORIZER}",
        "{type: GET}",
        Code::RawAccess,
        "x-amazon",
        "`apiKeySource`",
    );
}

#[test]
fn what_the_gateway_answers_itself_is_the_files() {
    let keys = "gatewayResponses:\n  UNAUTHORIZED: {status: 403, headers: {X-A: b, X-B: header.c}, templates: {application/json: t}}\n  \
                DEFAULT_4XX: {}\ndefaults: {cors: {enable: true}}";
    let whole = document(keys, "{type: GET}");
    let allowed = json!({"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}});
    assert_eq!(
        whole["x-amazon-apigateway-gateway-responses"],
        json!({
            "DEFAULT_5XX": allowed,
            "UNAUTHORIZED": {
                "statusCode": "403",
                "responseParameters": {
                    "gatewayresponse.header.X-A": "'b'",
                    "gatewayresponse.header.X-B": "method.request.header.c",
                },
                "responseTemplates": {"application/json": "t"},
            },
        })
    );
}

#[test]
fn a_preflight_names_the_origin_that_asks() {
    let preflight = |cors: &str| {
        let refusals = "gatewayResponses: {DEFAULT_4XX: {}, DEFAULT_5XX: {}}";
        let whole = document(&format!("{refusals}\ndefaults: {{cors: {cors}}}"), "{type: GET}");
        whole["paths"]["/users/{id}"]["options"][INTEGRATION]["responses"]["default"].clone()
    };
    let header =
        |response: &Value, name: &str| response["responseParameters"][format!("method.response.header.{name}")].clone();
    let one = preflight(
        "{enable: true, origins: [\"https://a.example.com\"], credentials: true, maxAge: 60, allowMethods: [PUT]}",
    );
    assert_eq!(header(&one, "Access-Control-Allow-Origin"), "'https://a.example.com'");
    assert_eq!(header(&one, "Access-Control-Allow-Credentials"), "'true'");
    assert_eq!(header(&one, "Access-Control-Max-Age"), "'60'");
    assert_eq!(header(&one, "Access-Control-Allow-Methods"), "'PUT,OPTIONS'");
    assert_eq!(one["responseTemplates"], Value::Null);
    let two = preflight("{enable: true, origins: [\"https://a.example.com\", \"https://b.example.com:8443\"]}");
    assert_eq!(header(&two, "Vary"), "'Origin'");
    let template = two["responseTemplates"]["application/json"].as_str().unwrap();
    assert!(
        template.contains("$origin == \"https://b.example.com:8443\""),
        "{template}"
    );
    refuses(
        "defaults: {cors: {enable: true, credentials: true}}",
        "{type: GET}",
        Code::CorsOrigin,
        "true",
        "origins",
    );
    refuses(
        "defaults: {cors: {enable: true, origins: [\"https://a.example.com/\"]}}",
        "{type: GET}",
        Code::CorsOrigin,
        "\"https://a.example.com/\"",
        "no slash",
    );
}

#[test]
fn the_original_is_given_nothing_that_it_would_leave_out_of_who_may_call() {
    for (keys, action, at) in [
        (MEMBERS, "{type: GET, authorization: members}", "members"),
        ("defaults: {authorization: AWS_IAM}", "{type: GET}", "AWS_IAM"),
        ("", "{type: GET, apiKey: true}", "true"),
        ("", "{type: GET, function: f}", "f"),
        ("policy: {Version: \"2012-10-17\"}", "{type: GET}", "{"),
    ] {
        let source = file(keys, action);
        let all = found(&source, &read_blueprint(&source, Mode::Compat).diagnostics);
        assert!(
            all.iter()
                .any(|(code, text, _)| *code == Code::OriginalLacks && text.starts_with(at)),
            "{keys} {action}: {all:?}"
        );
    }
    let readers = file(
        "",
        "{type: GET, deprecated: true, query: [{name: q}], answers: {200: {}}}",
    );
    assert!(read_blueprint(&readers, Mode::Compat).diagnostics.is_empty());
}

#[test]
fn texts_and_models_stand_in_files_beside_the_routes_file() {
    let folder = std::env::temp_dir().join(format!("bluegate-vocabulary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("body.json"), "{\"v\": \"${var.kept}\"}").unwrap();
    std::fs::write(folder.join("book.yaml"), "type: object\n").unwrap();
    std::fs::write(folder.join("broken.json"), "{\n  \"a\"").unwrap();
    let files = Files::beside(&folder.join("routes.yaml"));
    let read = |keys: &str, action: &str| read_routes(&file(keys, action), Mode::Strict, &files);
    let (value, _) = read(
        "models: {Book: {file: book.yaml}}",
        "{type: GET, answer: {body: {file: body.json}}}",
    )
    .into_result()
    .unwrap();
    let made: Document = openapi::document(&value.1, &Target::default());
    let made = serde_json::to_value(&made).unwrap();
    assert_eq!(made["components"]["schemas"]["Book"], json!({"type": "object"}));
    let templates = &made["paths"]["/users/{id}"]["get"][INTEGRATION]["responses"]["default"]["responseTemplates"];
    assert_eq!(templates["application/json"], "{\"v\": \"${var.kept}\"}");
    let lost = read("", "{type: GET, answer: {body: {file: none.json}}}").diagnostics;
    assert_eq!(lost.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::Unreadable]);
    let broken = read("models: {Book: {file: broken.json}}", "{type: GET}").diagnostics;
    let first = broken.iter().next().unwrap();
    assert!(first.message.contains("broken.json:"), "{}", first.message);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_handed_on_as_it_is_is_an_object() {
    let braces = "put it in braces";
    for (keys, action, at, help) in [
        ("", "{type: GET, openapi: x}", "x}", braces),
        ("openapi: [x]", "{type: GET}", "[x]", braces),
        (
            "",
            "{type: GET, query: [{name: q, schema: integer}]}",
            "integer}",
            braces,
        ),
        (
            "",
            "{type: GET, answers: {200: {headers: {X-Total: integer}}}}",
            "integer}",
            braces,
        ),
        (
            "models: {Book: object}",
            "{type: GET}",
            "object}",
            "{\"type\": \"object\"}",
        ),
        (
            "",
            "{type: GET, answer: {body: {version: 1}}}",
            "{version: 1}",
            "write the text itself, in quotes",
        ),
    ] {
        refuses(keys, action, Code::WrongType, at, help);
    }
    for unseen in [
        "policy: \"${stageVariables.policy}\"",
        "models: {Book: {file: book.json}}",
    ] {
        document(unseen, "{type: GET}");
    }
}

#[test]
fn what_api_gateway_does_not_read_of_a_model_is_told_with_its_place() {
    let all = |schema: &str| {
        let source = file(&format!("models: {{Book: {schema}}}"), "{type: POST, body: Book}");
        let outcome = read_blueprint(&source, Mode::Strict);
        assert!(outcome.value.is_some());
        let found = found(&source, &outcome.diagnostics);
        assert!(found.iter().all(|(code, ..)| *code == Code::LostKeyword), "{found:?}");
        let messages: Vec<String> = outcome.diagnostics.iter().map(|one| one.message.clone()).collect();
        let told = found.into_iter().zip(messages);
        told.map(|((_, at, help), message)| (at, help, message))
            .collect::<Vec<_>>()
    };
    for (schema, at, help, message) in [
        ("{const: 1}", "const", "`\"enum\": […]`", "`const`"),
        ("{nullable: true}", "nullable", "anyOf", "leaves it out"),
        ("{exclusiveMinimum: 1}", "exclusiveMinimum", "`minimum`", "refuses"),
        ("{propertis: {}}", "propertis", "`properties`", "no keyword `propertis`"),
        ("{colour: red}", "colour", "remove it", "no keyword `colour`"),
        ("{type: int}", "int}", "integer", "`int` is no type"),
        ("{type: [string, nul]}", "nul]", "`null`", "/type: `nul`"),
        (
            "{required: true}",
            "true}",
            "draft 4",
            "/required: expected a list of names",
        ),
        ("{required: [1]}", "[1]", "draft 4", "a list of names"),
        ("{properties: [a]}", "[a]", "draft 4", "by name"),
        ("{minLength: -1}", "-1", "draft 4", "a whole number"),
        ("{minimum: \"1\"}", "\"1\"", "draft 4", "a number"),
        ("{items: true}", "true", "draft 4", "a JSON Schema"),
        ("{properties: {a: 1}}", "1", "`{}`", "/properties/a: expected"),
        (
            "{properties: {a/b: {items: {if: {}}}}}",
            "if",
            "`oneOf`",
            "/properties/a~1b/items: ",
        ),
        ("{allOf: [{}, {examples: []}]}", "examples", "remove it", "/allOf/1: "),
        (
            "{$ref: \"common.json#/Address\"}",
            "\"common",
            "#/models/NAME",
            "is no model",
        ),
        ("{$ref: \"#/definitions/A\"}", "\"#/def", "#/models/NAME", "is no model"),
        (
            "{$schema: \"https://json-schema.org/draft/2020-12/schema\"}",
            "\"https",
            "draft-04",
            "draft 4",
        ),
    ] {
        let told = all(schema);
        let [(place, found_help, found_message)] = told.as_slice() else {
            panic!("{schema}: {told:?}");
        };
        assert!(place.starts_with(at), "{schema}: {place}");
        assert!(found_help.contains(help), "{schema}: {found_help}");
        assert!(found_message.contains(message), "{schema}: {found_message}");
    }
    // Once a keyword, however often it stands there.
    let many = all("{example: 1, properties: {a: {example: 2}, b: {example: 3}}}");
    assert_eq!(many.len(), 1, "{many:?}");
    for fine in [
        "{$schema: \"http://json-schema.org/draft-04/schema#\", id: x, title: t, description: d, default: null}",
        "{type: [string, \"null\"], enum: [a, null], pattern: a, minLength: 1, maxLength: 2, format: date}",
        "{type: number, minimum: 1.5, maximum: 2, exclusiveMaximum: true, multipleOf: 2, x-mine: 1}",
        "{type: array, items: [{}, {}], additionalItems: false, minItems: 1, maxItems: 2, uniqueItems: true}",
        "{properties: {const: {}, if: {}, example: {type: string}}, required: [const], additionalProperties: {}}",
        "{patternProperties: {a: {}}, minProperties: 1, maxProperties: 2, dependencies: {a: [b], c: {}}}",
        "{allOf: [{}], anyOf: [{}], oneOf: [{}], not: {}}",
        "{enum: [{const: 1}], default: {nullable: 1}}",
        "{type: object, properties: {next: {$ref: \"#/models/Book\"}}}",
        "{$ref: \"https://apigateway.amazonaws.com/restapis/${var.api}/models/Book\"}",
    ] {
        assert_eq!(all(fine), [], "{fine}");
    }
    let inline = read(
        "",
        "{type: POST, body: {const: 1}, answers: {200: {model: {nullable: true}}}}",
    );
    let codes: Vec<Code> = inline.diagnostics.iter().map(|one| one.code).collect();
    assert_eq!(codes, [Code::LostKeyword, Code::LostKeyword]);
}

#[test]
fn a_variable_in_a_key_is_told_for_nothing_is_filled_in_there() {
    refuses(
        "",
        "{type: GET, map: {\"header.X-${var.name}\": \"'${var.value}'\"}}",
        Code::Reference,
        "\"header.X-${var.name}",
        "in its value",
    );
    let keys = "models: {Book: {properties: {\"${stageVariables.name}\": {}}}}";
    assert!(read(keys, "{type: POST, body: Book}").diagnostics.is_empty());
}

#[test]
fn a_policy_in_a_text_is_read_once_it_is_known() {
    let policy = r#"policy: '{"Version": "2012-10-17", "Statement": []}'"#;
    let made = document(policy, "{type: GET}");
    assert_eq!(made["x-amazon-apigateway-policy"]["Version"], "2012-10-17");
    for text in ["open", "'[]'"] {
        refuses(
            &format!("policy: {text}"),
            "{type: GET}",
            Code::ApiSetting,
            text,
            "{\"file\"",
        );
    }
}

#[test]
fn a_fixed_answer_names_the_origin_that_asks() {
    let answered = |cors: &str, action: &str| {
        let keys = format!("defaults: {{cors: {{enable: true, {cors}}}}}");
        let whole = read(&keys, action).value.expect("a blueprint");
        let made = serde_json::to_value(openapi::document(&whole, &Target::default())).unwrap();
        let operation = &made["paths"]["/users/{id}"]["get"];
        let answer = operation[INTEGRATION]["responses"]["default"].clone();
        let declared = operation["responses"][answer["statusCode"].as_str().unwrap()]["headers"].clone();
        let parameters = answer["responseParameters"].as_object().cloned().unwrap_or_default();
        for name in parameters.keys() {
            let header = name.strip_prefix("method.response.header.").unwrap();
            assert!(declared.get(header).is_some(), "{header}: {declared}");
        }
        (Value::Object(parameters), answer["responseTemplates"].clone())
    };
    let (parameters, templates) = answered("", "{type: GET, answer: {body: b}}");
    assert_eq!(
        parameters,
        json!({"method.response.header.Access-Control-Allow-Origin": "'*'"})
    );
    assert_eq!(templates, json!({"application/json": "b"}));
    let one = "origins: [\"https://a.example\"], credentials: true, exposeHeaders: [X-Total, ETag]";
    for action in [
        "{type: GET, answer: {status: 201}}",
        "{type: GET, url: \"https://b.example\", proxyIntegration: false}",
        "{type: GET, function: f, proxyIntegration: false}",
    ] {
        let (parameters, templates) = answered(one, action);
        let expected = json!({
            "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
            "method.response.header.Access-Control-Allow-Credentials": "'true'",
            "method.response.header.Access-Control-Expose-Headers": "'X-Total,ETag'",
        });
        assert_eq!(parameters, expected, "{action}");
        assert_eq!(templates, Value::Null, "{action}");
    }
    let several = "origins: [\"https://a.example\", \"https://b.example\"]";
    let (parameters, templates) = answered(several, "{type: GET, answer: {body: b, templates: {text/plain: t}}}");
    let expected = json!({
        "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
        "method.response.header.Vary": "'Origin'",
    });
    assert_eq!(parameters, expected);
    for (media, body) in [("application/json", "b"), ("text/plain", "t")] {
        let text = templates[media].as_str().unwrap();
        assert!(text.contains("$origin == \"https://b.example\""), "{text}");
        assert!(text.ends_with(&format!("#end\n{body}")), "{text}");
    }
    let (_, templates) = answered(several, "{type: GET, answer: {status: 204}}");
    assert!(templates["application/json"].as_str().unwrap().ends_with("#end\n"));
    // What the answer says itself stays.
    let own = "{type: GET, answer: {headers: {access-control-allow-origin: \"https://c.example\"}}}";
    let (parameters, templates) = answered(several, own);
    assert_eq!(
        parameters,
        json!({"method.response.header.access-control-allow-origin": "'https://c.example'"})
    );
    assert_eq!(templates, Value::Null);
}

#[test]
fn refusals_that_can_name_no_origin_are_told_until_the_file_says_what_they_name() {
    let told = |origins: &str, more: &str| {
        let keys = format!("{more}\ndefaults: {{cors: {{enable: true, origins: {origins}}}}}");
        let found = read(&keys, "{type: GET}").diagnostics;
        found.iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let several = "[\"https://a.example\", \"https://b.example\"]";
    assert_eq!(told(several, ""), [Code::UnnamedOrigin]);
    assert_eq!(
        told(several, "gatewayResponses: {DEFAULT_4XX: {}}"),
        [Code::UnnamedOrigin]
    );
    assert_eq!(
        told(several, "gatewayResponses: {DEFAULT_4XX: {}, DEFAULT_5XX: {}}"),
        []
    );
    assert_eq!(told("[\"https://a.example\"]", ""), []);
    assert_eq!(told("[\"*\"]", ""), []);
}

#[test]
fn a_key_that_does_nothing_is_told_and_one_that_does_is_not() {
    let url = "url: \"https://a.example\"";
    for (action, at) in [
        ("{type: GET, backendPath: /x}", "/x"),
        ("{type: GET, answer: {}, timeout: 500}", "500"),
        ("{type: GET, answer: {}, transfer: BUFFERED}", "BUFFERED"),
        ("{type: GET, function: f, tls: {}}", "{}"),
        ("{type: GET, function: f, integration: INTERNET}", "INTERNET"),
        (
            "{type: GET, URL, requestTemplates: {application/json: x}}",
            "application/json",
        ),
        ("{type: GET, integrationResponses: {default: {}}}", "default"),
    ] {
        refuses("", &action.replace("URL", url), Code::IgnoredKey, at, "");
    }
    for action in [
        "{type: GET, backend: b, backendPath: /x, timeout: 500, tls: {}}",
        "{type: GET, answer: {}, requestTemplates: {application/json: x}, integrationResponses: {default: {}}}",
        "{type: GET, URL, proxyIntegration: false, requestTemplates: {application/json: x}}",
        "{type: GET, URL, integration: VPC_LINK, vpcLink: abc123, transfer: STREAM}",
        "{type: GET, function: f, timeout: 500, transfer: STREAM}",
    ] {
        let found = read(
            "backends: {b: {url: \"https://b.example\"}}",
            &action.replace("URL", url),
        )
        .diagnostics;
        assert!(found.is_empty(), "{action}: {found:?}");
    }
    refuses(
        "defaults: {cors: {origins: [\"https://a.example\"]}}",
        "{type: GET}",
        Code::IgnoredKey,
        "{",
        "`\"enable\": true`",
    );
    let off = "defaults: {cors: {enable: false, origins: [\"https://a.example\"]}}";
    assert!(read(off, "{type: GET}").diagnostics.is_empty());
    // What is inherited is about the others.
    let found = read("defaults: {timeout: 500}", "{type: GET, answer: {}}").diagnostics;
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn what_is_said_twice_or_of_a_parameter_that_there_is_not_is_refused() {
    for (action, code, at) in [
        (
            "{type: GET, query: [{name: q, type: int, schema: {type: string}}]}",
            Code::KeyConflict,
            "{type: string}",
        ),
        (
            "{type: GET, headers: [{name: X-A}, {name: x-a}]}",
            Code::RepeatedParameter,
            "x-a",
        ),
        (
            "{type: GET, answers: {200: {model: {}, content: {application/json: {}}}}}",
            Code::KeyConflict,
            "application/json",
        ),
        (
            "{type: GET, cacheKeys: [path.other]}",
            Code::ForeignPathParameter,
            "path.other",
        ),
    ] {
        refuses("", action, code, at, "");
    }
    for action in [
        "{type: GET, query: [{name: q}, {name: Q}], cacheKeys: [path.id, query.q]}",
        "{type: GET, answers: {200: {model: {}, content: {text/csv: {}}}}}",
    ] {
        assert!(read("", action).diagnostics.is_empty(), "{action}");
    }
}

#[test]
fn an_origin_is_written_as_browsers_send_it() {
    for (origin, help) in [
        ("https://Shop.example", "`https://shop.example`"),
        ("https://shop.example:443", "`https://shop.example`"),
        ("http://shop.example:80", "`http://shop.example`"),
    ] {
        let keys = format!("defaults: {{cors: {{enable: true, origins: [\"{origin}\"]}}}}");
        refuses(&keys, "{type: GET}", Code::CorsOrigin, &format!("\"{origin}"), help);
        assert!(!read(&keys, "{type: GET}").diagnostics.has_errors());
    }
    for origin in ["http://shop.example:443", "https://shop.example:8443", "*", "null"] {
        let keys = format!("defaults: {{cors: {{enable: true, origins: [\"{origin}\"]}}}}");
        assert!(read(&keys, "{type: GET}").diagnostics.is_empty(), "{origin}");
    }
    // One that is named twice is one.
    let twice = "defaults: {cors: {enable: true, origins: [\"https://a.example\", \"https://a.example\"]}}";
    assert!(read(twice, "{type: GET}").diagnostics.is_empty());
}
