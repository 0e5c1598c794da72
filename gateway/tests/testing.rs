//! A service behind its gateway, in this process.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::{any, get};
use bluegate_core::openapi::Document;
use bluegate_gateway::plane::{Period, Quota, Throttle, UsagePlan};
use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::TestGateway;
use serde_json::{Value, json};

fn service() -> Router {
    let echo = async |uri: Uri, headers: HeaderMap, body: Bytes| {
        let agent = headers
            .get("user-agent")
            .map(|agent| agent.to_str().unwrap().to_owned());
        axum::Json(json!({"uri": uri.to_string(), "agent": agent, "body": body.len()}))
    };
    Router::new()
        .route("/api/gone", get(async || (StatusCode::GONE, "gone")))
        .fallback(any(echo))
}

fn document(method: &Value, more: &Value) -> Document {
    let mut method = method.clone();
    method["x-amazon-apigateway-integration"] = json!({
        "type": "http_proxy", "httpMethod": "ANY", "uri": "https://${stageVariables.backend}/api/{proxy}",
        "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
    });
    let mut document = json!({"openapi": "3.0.1", "paths": {"/{proxy+}": {"x-amazon-apigateway-any-method": method}},
        "components": {"securitySchemes": {
            "sigv4": {"type": "apiKey", "name": "Authorization", "in": "header",
                      "x-amazon-apigateway-authtype": "awsSigv4"},
            "key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}});
    for (key, value) in more.as_object().unwrap() {
        document[key] = value.clone();
    }
    document.to_string().parse().unwrap()
}

fn gateway(method: &Value, more: &Value) -> TestGateway {
    TestGateway::of(Gateway::from_document("dev", &document(method, more)).backend(service()))
}

#[tokio::test]
async fn both_sides_of_the_gateway_are_told() {
    let gateway = gateway(&json!({}), &json!({}));
    let answer = gateway
        .post("/a%20b?x=1")
        .header("User-Agent", "me")
        .body("four")
        .from([10, 0, 0, 7])
        .await
        .expect(200);
    assert_eq!(
        answer.json::<Value>(),
        json!({"uri": "/api/a%20b?x=1", "agent": "me", "body": 4})
    );
    let seen = answer.service();
    assert_eq!((seen.method().as_str(), seen.body().as_ref()), ("POST", &b"four"[..]));
    assert_eq!(seen.headers()["x-forwarded-for"], "10.0.0.7");
    assert!(
        answer
            .log()
            .iter()
            .any(|line| line == "Method completed with status: 200")
    );
    let gone = gateway.get("/gone").await.expect(410);
    assert_eq!(gone.text(), "gone");
    let head = gateway.head("/a").await.expect(200);
    assert_eq!(head.bytes(), b"");
}

#[tokio::test]
async fn a_signer_is_let_in_and_seen_by_its_arn() {
    let policy = json!({"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "execute-api:Invoke", "Resource": "execute-api:/dev/GET/*"}});
    let more = json!({"x-amazon-apigateway-policy": policy});
    let gateway = gateway(&json!({"security": [{"sigv4": []}]}), &more);
    let reader = "arn:aws:iam::111122223333:role/reader";
    gateway.get("/books").await.expect(403);
    let answer = gateway.get("/books?b=2&a=%20").signed_by(reader).await.expect(200);
    assert!(!answer.service().headers().contains_key("authorization"));
    // A moment long ago signs and is answered at that moment.
    gateway
        .get("/books")
        .signed_by(reader)
        .at("2001-01-01T00:00:00Z")
        .await
        .expect(200);
    let refused = gateway.post("/books").signed_by(reader).await.expect(403);
    assert!(refused.text().contains(reader), "{}", refused.text());
    assert!(!refused.has_reached_service());
    gateway
        .post("/books")
        .signed_by("arn:aws:iam::000000000000:user/me")
        .await
        .expect(200);
}

#[tokio::test]
async fn a_key_is_in_a_plan_and_time_passes_as_the_test_says() {
    let plan = UsagePlan {
        quota: Some(Quota {
            limit: 3,
            offset: 0,
            period: Period::Day,
        }),
        throttle: Some(Throttle { rate: 1., burst: 2 }),
        ..UsagePlan::default()
    };
    let gateway = gateway(&json!({"security": [{"key": []}]}), &json!({})).with_plan("partner", plan);
    gateway.get("/a").await.expect(403);
    gateway.get("/a").header("x-api-key", "unknown").await.expect(403);
    let mut statuses = Vec::new();
    for moment in ["10:00:00", "10:00:00", "10:00:00", "10:00:01", "10:00:09"] {
        let moment = format!("2026-11-28T{moment}Z");
        statuses.push(gateway.get("/a").with_key("partner").at(&moment).await.status());
    }
    assert_eq!(statuses, [200, 200, 429, 200, 429]);
    gateway
        .get("/a")
        .with_key("partner")
        .at("2026-11-29T00:00:00Z")
        .await
        .expect(200);
    gateway.get("/a").with_key("without limits").await.expect(200);
}

#[tokio::test]
async fn a_function_that_says_who_calls_is_a_closure() {
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:login/invocations";
    let more = json!({"components": {"securitySchemes": {"login": {
        "type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri,
            "identitySource": "method.request.header.Authorization"}}}}});
    let document = document(&json!({"security": [{"login": []}]}), &more);
    let gateway = Gateway::from_document("dev", &document).backend(service());
    let gateway = TestGateway::of(gateway.function("login", async |event: Value| {
        if event["authorizationToken"] != "Bearer good" {
            return Err("Unauthorized");
        }
        let allow = json!({"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]});
        Ok(json!({"principalId": "me", "policyDocument": {"Statement": allow}}))
    }));
    gateway.get("/a").await.expect(401);
    let refused = gateway.get("/a").bearer("bad").await.expect(401);
    assert_eq!(refused.authorizer_event().unwrap()["authorizationToken"], "Bearer bad");
    let answer = gateway.get("/a").bearer("good").await.expect(200);
    assert_eq!(answer.service().headers()["authorization"], "Bearer good");
}

#[tokio::test]
async fn it_is_a_service_that_answers_below_a_base_path() {
    use tower::ServiceExt as _;
    let document = document(&json!({}), &json!({}));
    for (base_path, path, status) in [
        ("", "/a", 200),
        ("dev", "/dev/a", 200),
        ("dev", "/a", 403),
        ("shop/v1", "/shop/v1/a", 200),
    ] {
        let gateway = Gateway::from_document("dev", &document)
            .backend(service())
            .under(base_path);
        let request = http::Request::get(path).body(axum::body::Body::empty()).unwrap();
        assert_eq!(
            gateway.oneshot(request).await.unwrap().status(),
            status,
            "{base_path} {path}"
        );
    }
}

#[tokio::test]
#[should_panic(expected = "the method needs a signature (AWS_IAM), and there is none")]
async fn an_answer_that_was_not_expected_says_why() {
    let gateway = gateway(&json!({"security": [{"sigv4": []}]}), &json!({}));
    gateway.get("/a").await.expect(200);
}

#[cfg(feature = "cognito")]
#[tokio::test]
async fn a_token_of_a_pool_is_made_for_the_request() {
    use bluegate_gateway::plane::Token;
    let pool = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_shop";
    let more = json!({"components": {"securitySchemes": {"pool": {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [pool]}}}}});
    let gateway = gateway(&json!({"security": [{"pool": ["shop/read"]}]}), &more);
    gateway.get("/a").await.expect(401);
    let refused = gateway.get("/a").with_token(Token::of("me")).await.expect(401);
    assert!(
        refused.why().unwrap().sentence.contains("takes an access token"),
        "{:?}",
        refused.why()
    );
    let reader = Token::of("me").scope("shop/read");
    gateway
        .get("/a")
        .with_token(reader.clone())
        .at("2001-01-01T00:00:00Z")
        .await
        .expect(200);
    gateway.get("/a").with_token(reader.seconds(0)).await.expect(401);
}
