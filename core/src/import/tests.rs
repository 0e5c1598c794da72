use super::{Import, check, import};
use crate::diagnostic::{Code, Diagnostics};
use crate::source::Source;

/// What becomes of a document of OpenAPI 3.
fn imported(document: &str) -> (Option<Import>, Diagnostics) {
    let outcome = import(&Source::new("api.yaml", document), None);
    (outcome.value, outcome.diagnostics)
}

fn taken(document: &str) -> Import {
    let (import, found) = imported(document);
    match import {
        Some(import) if !found.has_errors() => import,
        _ => panic!("{found:?}"),
    }
}

fn messages(found: &Diagnostics, code: Code) -> Vec<String> {
    let of_code = found.iter().filter(|one| one.code == code);
    of_code.map(|one| one.message.clone()).collect()
}

/// The document of what was imported.
fn again(import: &Import) -> serde_json::Value {
    let routes = Source::new("routes.json", import.routes_json());
    let document = check::document(import, &routes).expect("a document");
    serde_json::from_str(&document.to_json()).expect("JSON")
}

#[test]
fn a_document_without_a_title_leaves_the_api_the_name_that_it_has() {
    let import = taken(
        "openapi: 3.0.1\npaths:\n  /a:\n    get:\n      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: \
         GET, uri: 'https://a.example.com/a'}\n",
    );
    assert!(import.routes_json().contains(r#""name": "api""#) && import.routes_json().contains(r#""title": """#));
    assert_eq!(again(&import)["info"].get("title"), None);
}

#[test]
fn parameters_of_a_path_that_a_service_gets_as_they_are_stay_so() {
    let document = |mapped: &str| {
        format!(
            "openapi: 3.0.1
info: {{title: shop}}
paths:
  /files/{{folder}}/{{file}}:
    put:
      parameters:
        - {{name: folder, in: path, required: true, schema: {{type: string}}}}
        - {{name: file, in: path, required: true, schema: {{type: string}}}}
      responses: {{'200': {{description: Done}}}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: PUT
        uri: 'arn:aws:apigateway:eu-west-1:s3:path/{{folder}}/{{file}}'
        credentials: 'arn:aws:iam::123456789012:role/files'
        requestParameters: {{{mapped}}}
        responses: {{default: {{statusCode: '200'}}}}
"
        )
    };
    let parameters = |mapped: &str| {
        let import = taken(&document(mapped));
        let integration = "x-amazon-apigateway-integration";
        let document = again(&import);
        let operation = &document["paths"]["/files/{folder}/{file}"]["put"];
        (import, operation[integration]["requestParameters"].clone())
    };
    let (import, made) = parameters("");
    assert_eq!(made, serde_json::json!(null));
    assert!(import.routes_json().contains("openapi"));
    let folder = "integration.request.path.folder: method.request.path.folder";
    let file = "integration.request.path.file: method.request.path.file";
    let (import, made) = parameters(&format!("{folder}, {file}"));
    assert_eq!(made.as_object().map(serde_json::Map::len), Some(2));
    let routes = import.routes_json();
    assert!(!routes.contains("openapi") && !routes.contains("map"), "{routes}");
    let (_, made) = parameters(file);
    assert_eq!(made.as_object().map(serde_json::Map::len), Some(1));
}

#[test]
fn a_fixed_answer_keeps_what_it_is_cached_by() {
    let import = taken(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /a:
    get:
      parameters: [{name: q, in: query, schema: {type: string}}]
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{\"statusCode\": 200}'}
        cacheKeyParameters: [method.request.querystring.q]
        cacheNamespace: words
        responses: {default: {statusCode: '200'}}
",
    );
    let integration = &again(&import)["paths"]["/a"]["get"]["x-amazon-apigateway-integration"];
    assert_eq!(
        integration["cacheKeyParameters"],
        serde_json::json!(["method.request.querystring.q"])
    );
    assert_eq!(integration["cacheNamespace"], "words");
}

#[test]
fn a_path_without_its_slash_is_told_as_lost() {
    let (import, found) = imported(
        "openapi: 3.0.1
info: {title: shop}
paths:
  x-note: {a: 1}
  /a:
    get:
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/a'}
  b/{id}:
    get:
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/b'}
",
    );
    assert!(import.is_some_and(|import| !import.routes_json().contains("example.com/b")));
    let lost = messages(&found, Code::LostPart);
    assert!(lost.len() == 1 && lost[0].contains("write `/b/{id}`"), "{lost:?}");
    assert!(
        messages(&found, Code::IgnoredPart)
            .iter()
            .any(|one| one.contains("`x-note`"))
    );
}

#[test]
fn what_somebody_wrote_in_the_place_of_an_account_waits_for_a_value() {
    let import = taken(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /books:
    get:
      security: [{readers: []}]
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: 'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:ACCOUNT_ID:function:books/invocations'
        credentials: 'arn:aws:iam::ACCOUNT_ID:role'
  /orders:
    post:
      x-amazon-apigateway-integration:
        {type: aws, httpMethod: POST, uri: ./src/orders, responses: {default: {statusCode: '200'}}}
components:
  securitySchemes:
    readers:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:eu-west-1:ACCOUNT_ID:userpool/p']}
",
    );
    let routes = import.routes_json();
    for variable in ["${var.books}", "${var.role}", "${var.orders}", "${var.p}"] {
        assert!(routes.contains(variable), "{variable}: {routes}");
    }
    let again = again(&import).to_string();
    for text in [
        "ACCOUNT_ID:function:books/invocations",
        "\"arn:aws:iam::ACCOUNT_ID:role\"",
        "\"./src/orders\"",
        "ACCOUNT_ID:userpool/p",
    ] {
        assert!(again.contains(text), "{text}: {again}");
    }
}

#[test]
fn a_schema_that_refers_to_nothing_is_said_raw_and_told() {
    let document = "openapi: 3.0.1
info: {title: shop, version: '1'}
paths:
  /books:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewBook'}}}}
      parameters:
        - {name: q, in: query, schema: {$ref: '#/components/schemas/Word'}}
      responses:
        '200': {description: Done, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Empty'}}}}}
        '404': {description: None, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
      x-amazon-apigateway-integration:
        {type: aws, httpMethod: POST, uri: '${books_arn}', responses: {default: {statusCode: '200'}}}
components:
  schemas:
    Book:
      type: object
      properties: {author: {$ref: '#/components/schemas/Author'}, like: {$ref: '#/components/schemas/Book'}}
      allOf: [{$ref: '#/components/schemas/Thing'}, {$ref: '#/components/schemas/Book'}]
";
    let (import, found) = imported(document);
    let import = import.expect("files");
    let told = messages(&found, Code::LostPart);
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(
        told.iter()
            .all(|message| message.contains("is not in this document: what refers to it is said raw"))
    );
    let again = again(&import);
    let operation = &again["paths"]["/books"]["post"];
    let schema = |of: &serde_json::Value| of["content"]["application/json"]["schema"].clone();
    let reference = |name: &str| serde_json::json!({"$ref": format!("#/components/schemas/{name}")});
    assert_eq!(schema(&operation["requestBody"]), reference("NewBook"));
    assert_eq!(schema(&operation["responses"]["200"])["items"], reference("Empty"));
    assert_eq!(schema(&operation["responses"]["404"]), reference("Book"));
    let book = &again["components"]["schemas"]["Book"];
    assert_eq!(book["properties"]["author"], reference("Author"));
    assert_eq!(book["properties"]["like"], reference("Book"));
    assert_eq!(book["allOf"][0], reference("Thing"));
    assert_eq!(book["allOf"][1], reference("Book"));
}

#[test]
fn what_bluegate_wrote_is_read_without_what_it_made_by_itself() {
    let first = taken(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /books:
    get:
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/books'}
    options:
      x-amazon-apigateway-integration:
        type: mock
        responses: {default: {statusCode: '200', responseParameters: {method.response.header.Access-Control-Allow-Origin: \"'*'\"}}}
  /books/{bookId}/files/{file+}:
    get:
      operationId: readFile
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: 'https://a.example.com/books/{bookId}/files/{file}'
        requestParameters:
          integration.request.path.bookId: method.request.path.bookId
          integration.request.path.file: method.request.path.file
",
    );
    let document = again(&first);
    let text = document.to_string();
    assert!(text.contains("get_books") && text.contains("readFile"), "{text}");
    let second = taken(&text);
    assert_eq!(second.routes_json(), first.routes_json());
    assert_eq!(again(&second), document);
    let other = taken(&text.replace(document["info"]["version"].as_str().expect("a version"), "0123456789ab"));
    assert!(other.routes_json().contains(r#""version": "0123456789ab""#));
}

#[test]
fn an_origin_that_a_tool_fills_in_is_no_cors_of_a_path_that_the_service_answers() {
    let document = |uri: &str| {
        format!(
            "openapi: 3.0.1
info: {{title: shop}}
paths:
  /a:
    get:
      x-amazon-apigateway-integration: {{type: http_proxy, httpMethod: GET, uri: '{uri}'}}
    options:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {{application/json: '{{\"statusCode\": 200}}'}}
        responses:
          default:
            statusCode: '200'
            responseParameters: {{method.response.header.Access-Control-Allow-Origin: \"'${{origin}}'\"}}
"
        )
    };
    let served = taken(&document("https://a.example.com/a"));
    let routes = served.routes_json();
    assert!(
        !routes.contains("cors") && routes.contains(r#""type": "OPTIONS""#),
        "{routes}"
    );
    let header = "method.response.header.Access-Control-Allow-Origin";
    let integration = &again(&served)["paths"]["/a"]["options"]["x-amazon-apigateway-integration"];
    let response = &integration["responses"]["default"];
    assert_eq!(response["responseParameters"][header], "'${origin}'");
    let proxied = taken(&document("${backend}/other"));
    assert!(
        proxied.routes_json().contains(r#""origins": ["${var.origin}"]"#),
        "{}",
        proxied.routes_json()
    );
}

#[test]
fn gateway_responses_may_set_what_is_no_header() {
    let import = taken(
        "openapi: 3.0.1
info: {title: shop}
x-amazon-apigateway-gateway-responses:
  UNAUTHORIZED:
    responseParameters:
      gatewayresponse.header.X-A: \"'a'\"
      gatewayresponse.path.PathKey: \"'b'\"
      gatewayresponse.querystring.QueryKey: \"'c'\"
paths:
  /a:
    get:
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/a'}
",
    );
    let parameters = &again(&import)["x-amazon-apigateway-gateway-responses"]["UNAUTHORIZED"]["responseParameters"];
    assert_eq!(parameters["gatewayresponse.path.PathKey"], "'b'");
    assert_eq!(parameters["gatewayresponse.querystring.QueryKey"], "'c'");
}

#[test]
fn an_integration_of_an_http_api_is_refused_by_its_name() {
    let (_, found) = imported(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /a:
    post:
      x-amazon-apigateway-integration:
        {type: aws_proxy, integrationSubtype: SQS-SendMessage, requestParameters: {QueueUrl: q, MessageBody: $request.body}}
",
    );
    let told = messages(&found, Code::ForeignDocument);
    assert_eq!(
        told,
        ["POST /a: the integration `SQS-SendMessage` is one of HTTP APIs, and a routes file is about REST APIs"]
    );
}

#[test]
fn what_is_wrong_with_an_authorizer_is_told_at_its_scheme() {
    let (_, found) = imported(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /a:
    get:
      security: [{pool: []}]
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/a'}
components:
  securitySchemes:
    pool:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer: 
        {type: cognito_user_pools, providerARNs: ['arn:aws:nothing'], authorizerResultTtlInSeconds: 5000}
",
    );
    let error = found.iter().find(|one| one.is_error()).expect("an error");
    assert!(
        error
            .message
            .starts_with("the authorizer `pool`: a routes file cannot say this"),
        "{error:?}"
    );
    assert!(error.span.is_some_and(|span| span.start > 100), "{error:?}");
}

#[test]
fn a_function_that_is_called_with_another_verb_keeps_it() {
    let import = taken(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /a:
    get:
      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: GET, uri: '${a_arn}'}
",
    );
    let again = again(&import);
    assert_eq!(
        again["paths"]["/a"]["get"]["x-amazon-apigateway-integration"]["httpMethod"],
        "GET"
    );
}

#[test]
fn a_parameter_whose_name_api_gateway_refuses_is_left_out_and_told() {
    let (import, found) = imported(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /books:
    get:
      parameters:
        - {name: 'page[size]', in: query, schema: {type: integer}}
        - {name: 'filter:author', in: query, schema: {type: string}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'https://a.example.com/books'}
",
    );
    let routes = import.expect("files").routes_json();
    assert!(
        routes.contains("filter:author") && !routes.contains("page["),
        "{routes}"
    );
    let told = messages(&found, Code::LostPart);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].starts_with("GET /books: API Gateway refuses a parameter of the name `page[size]`"),
        "{told:#?}"
    );
}

#[test]
fn a_model_that_every_api_has_needs_no_schema() {
    let import = taken(
        "openapi: 3.0.1
info: {title: shop}
paths:
  /a:
    get:
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Empty'}}}}}
      x-amazon-apigateway-integration:
        {type: aws, httpMethod: POST, uri: '${a_arn}', responses: {default: {statusCode: '200'}}}
",
    );
    assert!(
        import.routes_json().contains(r#"{"200": {"model": "Empty"}}"#),
        "{}",
        import.routes_json()
    );
    let schema = &again(&import)["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(schema["$ref"], "#/components/schemas/Empty");
    let (_, found) = imported(
        "swagger: '2.0'
info: {title: shop}
paths:
  /a:
    get:
      responses: {'200': {description: OK, schema: {$ref: '#/definitions/Empty'}}}
      x-amazon-apigateway-integration:
        {type: aws, httpMethod: POST, uri: '${a_arn}', responses: {default: {statusCode: '200'}}}
",
    );
    let told = messages(&found, Code::LostPart);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].contains("the model of this name that every API has"),
        "{told:#?}"
    );
}
