//! Whatever is deployed and whatever is sent: something well formed is answered, and nothing panics.

use std::time::Duration;

use bluegate_core::openapi::Document;
use bluegate_gateway::plane::{
    Answer, Arrival, Credential, Exchange, Gate, Headers, Next, Request, Said, Stage, Unreachable,
};
use hyper::body::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Texts that are nearly right, and some that are not at all.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("{\"statusCode\": 200}".to_owned()),
        Just("$input.json('$.a')$input.path('$.b[0]')$util.escapeJavaScript($input.body)".to_owned()),
        Just("#foreach($x in $input.path('$'))$x#end#if($context.stage)1#else 2".to_owned()),
        Just("#set($context.responseOverride.status = $input.path('$.s'))$m.put('a', 1)".to_owned()),
        Just("method.request.header.A".to_owned()),
        Just("method.request.body.a".to_owned()),
        Just("integration.response.body.a[0]".to_owned()),
        Just("context.requestId".to_owned()),
        Just("'constant'".to_owned()),
        Just("[(".to_owned()),
        Just("4\\d{2}".to_owned()),
        "[ -~]{0,20}",
        "\\PC{0,12}",
    ]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(words)
}

fn response() -> impl Strategy<Value = Value> {
    (
        text(),
        text(),
        text(),
        word(&["200", "404", "0", "x", "1000"]),
        word(&["CONVERT_TO_TEXT", "CONVERT_TO_BINARY", ""]),
    )
        .prop_map(|(name, source, template, status, handling)| {
            json!({
                "statusCode": status,
                "contentHandling": handling,
                "responseParameters": {format!("method.response.header.{name}"): source},
                "responseTemplates": {"application/json": template},
            })
        })
}

fn integration() -> impl Strategy<Value = Value> {
    let kinds = word(&["http", "http_proxy", "mock", "aws", "aws_proxy", "other"]);
    let uris = prop_oneof![
        Just("http://service/a/{id}?q={id}".to_owned()),
        Just("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations".to_owned()),
        Just("http://${stageVariables.host}/{id".to_owned()),
        text(),
    ];
    let handling = word(&["CONVERT_TO_TEXT", "CONVERT_TO_BINARY", ""]);
    let behaviour = word(&["NEVER", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", ""]);
    let mode = word(&["STREAM", "BUFFERED"]);
    let mapping = (word(&["path", "querystring", "header", "elsewhere"]), text(), text());
    let responses = (text(), response(), response());
    (kinds, uris, handling, behaviour, mode, mapping, text(), responses).prop_map(
        |(kind, uri, handling, behaviour, mode, (place, name, source), template, (pattern, default, other))| {
            json!({
                "type": kind, "uri": uri, "httpMethod": "POST", "contentHandling": handling,
                "passthroughBehavior": behaviour, "responseTransferMode": mode,
                "requestParameters": {format!("integration.request.{place}.{name}"): source},
                "requestTemplates": {"application/json": template},
                "responses": {"default": default, pattern: other},
            })
        },
    )
}

fn document() -> impl Strategy<Value = Value> {
    let authorizer = (word(&["token", "request", "cognito_user_pools"]), text(), text());
    let security = word(&["none", "sigv4", "key", "function"]);
    let policy = prop::option::of(prop_oneof![
        Just(json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}})),
        text().prop_map(|text| json!({"Statement": [{"Effect": text, "Condition": {"StringLike": {text: "a"}}}]})),
    ]);
    let answer = (text(), text());
    (integration(), security, authorizer, policy, answer, any::<bool>(), 0..3_u32).prop_map(
        |(integration, security, (kind, source, pattern), policy, (name, template), is_binary, compression)| {
            let security = if security == "none" { json!([]) } else { json!([{security: []}]) };
            let mut document = json!({
                "openapi": "3.0.1",
                "paths": {"/a/{id}": {"x-amazon-apigateway-any-method": {
                    "security": security, "x-amazon-apigateway-integration": integration}}},
                "components": {"securitySchemes": {
                    "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                        "x-amazon-apigateway-authtype": "awsSigv4"},
                    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                    "function": {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authtype": kind,
                        "x-amazon-apigateway-authorizer": {"type": kind, "identitySource": source,
                            "identityValidationExpression": pattern, "providerARNs": [pattern],
                            "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"}}}},
                "x-amazon-apigateway-binary-media-types": if is_binary { json!(["*/*"]) } else { json!([]) },
                "x-amazon-apigateway-minimum-compression-size": compression,
                "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {
                    "responseParameters": {format!("gatewayresponse.header.{name}"): "'x'"},
                    "responseTemplates": {"application/json": template}}},
            });
            if let Some(policy) = policy {
                document["x-amazon-apigateway-policy"] = policy;
            }
            document
        },
    )
}

fn headers() -> impl Strategy<Value = Headers> {
    let names = word(&[
        "A",
        "Authorization",
        "Content-Type",
        "Content-Encoding",
        "Accept",
        "Accept-Encoding",
        "X-Amz-Date",
        "Host",
        "X-HTTP-Method-Override",
        "x-api-key",
        "x-amzn-RequestId",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
    ]);
    let values = prop_oneof![
        Just("application/json".to_owned()),
        Just("gzip".to_owned()),
        Just("Bearer a.b.c".to_owned()),
        Just("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0".to_owned()),
        "\\PC{0,20}",
    ];
    prop::collection::vec((names, values), 0..6).prop_map(|headers| headers.into_iter().collect())
}

fn body() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        Just(Bytes::from_static(br#"{"a": [1, {"b": "x"}], "b": ["y"], "s": 404}"#)),
        Just(Bytes::from_static(b"[1, 2")),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Bytes::from),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let paths = prop_oneof![Just("/a/7".to_owned()), Just("/a/%2F%".to_owned()), "/\\PC{0,20}"];
    (
        word(&["GET", "POST", "HEAD", "BREW"]),
        paths,
        "\\PC{0,20}",
        headers(),
        body(),
    )
        .prop_map(|(method, path, query, headers, body)| Request {
            method: method.to_owned(),
            sent_path: format!("/dev{path}"),
            path,
            query,
            headers,
            body,
        })
}

/// What services and functions say.
fn said() -> impl Strategy<Value = (Result<Answer, Unreachable>, Result<Said, Unreachable>)> {
    let answer = (0..1_000_u16, headers(), body()).prop_map(|(status, headers, body)| Answer { status, headers, body });
    let told = prop_oneof![
        Just(json!({"statusCode": 200, "body": "x", "isBase64Encoded": true})),
        Just(json!({"statusCode": "no", "headers": [1]})),
        Just(
            json!({"principalId": "me", "policyDocument": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}})
        ),
        text().prop_map(Value::from),
        Just(Value::Null),
    ];
    let failed = prop_oneof![
        Just(Unreachable::TimedOut),
        Just(Unreachable::Network("gone".into())),
        Just(Unreachable::NotServed("no".into())),
    ];
    let function = prop_oneof![told.prop_map(Said::Answer), text().prop_map(Said::Error)];
    (
        prop_oneof![3 => answer.prop_map(Ok), 1 => failed.clone().prop_map(Err)],
        prop_oneof![3 => function.prop_map(Ok), 1 => failed.prop_map(Err)],
    )
}

fn is_well_formed(answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert!(answer.headers.get("x-amzn-RequestId").is_some_and(|id| id.len() == 36));
    prop_assert!(answer.headers.get("content-type").is_some());
    for (_, value) in answer.headers.iter() {
        prop_assert!(http::HeaderValue::from_bytes(value.as_bytes()).is_ok(), "{value:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_request_to_every_document_is_answered(
        document in document(),
        request in request(),
        (said, told) in said(),
        seed in any::<u128>(),
    ) {
        let document: Document = document.to_string().parse().unwrap();
        let mut stage = Stage::of("abc", "dev", &document);
        stage.access_log_format = Some("$context.requestId $context.error.message $context.authorizer.principalId".into());
        let mut gate = Gate { credentials: vec![Credential::test()], ..Gate::default() };
        let arrival = Arrival { time: time::OffsetDateTime::UNIX_EPOCH, source: [127, 0, 0, 1].into(), seed };
        let mut exchange = Exchange::new(&stage, request, arrival);
        let mut next = exchange.start(&mut gate);
        if let Next::Ask(_) = next {
            next = exchange.authorize(&mut gate, told.clone(), Duration::ZERO);
        }
        let answer = match next {
            Next::Answer(answer) => answer,
            Next::Call(call) => {
                prop_assert!(call.target.parse::<http::uri::PathAndQuery>().is_ok(), "{}", call.target);
                exchange.finish(said, Duration::ZERO)
            }
            Next::Invoke(_) => exchange.finish_function(told, Duration::ZERO),
            Next::Ask(_) => return Err(TestCaseError::fail("a function is asked once")),
        };
        is_well_formed(&answer)?;
        prop_assert!(exchange.access_line(Duration::ZERO).is_some());
        let _ = exchange.why();
    }
}
