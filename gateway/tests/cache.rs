//! Answers that are kept, and clients that want them fetched again.

use std::sync::Arc;

mod wire;

use bluegate_core::openapi::Document;
use bluegate_gateway::control::Control;
use bluegate_gateway::edge::Server;
use bluegate_gateway::plane::{Caching, Credential, Unpermitted};
use bluegate_gateway::service::{Clock, Gateway};
use bluegate_gateway::testing::TestGateway;
use http::Request;
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use serde_json::{Value as Json, json};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;

/// A method whose answer is another one each time that it is made.
fn fresh(keys: &Json) -> Json {
    json!({"responses": {}, "x-amazon-apigateway-integration": {
        "type": "mock", "cacheKeyParameters": keys, "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
        "requestParameters": {"integration.request.header.x-mapped": "method.request.header.x-key"},
        "responses": {"default": {"statusCode": "200",
            "responseTemplates": {"application/json": "$context.requestId"}}}}})
}

fn document() -> Json {
    json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {
        "/plain/{id}": {"get": fresh(&json!([])), "post": fresh(&json!([]))},
        "/keyed/{id}": {"get": fresh(&json!(["method.request.path.id", "method.request.querystring.q",
            "integration.request.header.x-mapped"]))},
    }})
}

fn gateway(mut caching: Caching) -> Gateway {
    let document: Document = document().to_string().parse().unwrap();
    caching.is_enabled = true;
    Gateway::from_document("dev", &document).with_stage(|stage| {
        stage.caching.insert("*/*".to_owned(), caching);
    })
}

/// A resource policy that allows everybody an action.
fn allow(action: &str) -> String {
    let statement = json!({"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "execute-api:/*"});
    json!({"Statement": [statement]}).to_string()
}

struct Seen {
    status: u16,
    warning: String,
    body: String,
}

/// What a client gets, some seconds after the first.
async fn get(gateway: &Gateway, target: &str, header: (&'static str, &str), seconds: i64) -> Seen {
    let now = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::seconds(seconds);
    let (verb, target) = target.split_once(' ').unwrap_or(("GET", target));
    let request = Request::builder().method(verb).uri(target).header(header.0, header.1);
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    let answer = gateway.clone().with_clock(Clock::Still(now)).answer(request).await;
    let warning = answer
        .headers()
        .get("warning")
        .map(|value| value.to_str().unwrap().to_owned());
    Seen {
        status: answer.status().as_u16(),
        warning: warning.unwrap_or_default(),
        body: String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap(),
    }
}

const NOTHING: (&str, &str) = ("x-nothing", "");
const AGAIN: (&str, &str) = ("cache-control", "no-store, max-age=0");

#[tokio::test]
async fn an_answer_is_kept_until_its_time_is_up_by_what_its_method_says() {
    let gateway = gateway(Caching {
        seconds: 60,
        ..Caching::default()
    });
    let is_same = async |one: &str, other: &str, header, seconds| {
        let first = get(&gateway, one, NOTHING, 0).await;
        let second = get(&gateway, other, header, seconds).await;
        assert_eq!((first.status, second.status), (200, 200));
        first.body == second.body
    };
    // A path parameter is no key unless it is said to be one, as is known of AWS.
    assert!(is_same("/plain/1", "/plain/2?q=1", NOTHING, 59).await);
    assert!(!is_same("/plain/1", "/plain/1", NOTHING, 60).await);
    assert!(!is_same("POST /plain/1", "POST /plain/1", NOTHING, 0).await);
    assert!(is_same("/keyed/1?q=1", "/keyed/1?q=1&other=2", NOTHING, 1).await);
    assert!(!is_same("/keyed/1?q=1", "/keyed/2?q=1", NOTHING, 1).await);
    assert!(!is_same("/keyed/1?q=1", "/keyed/1?q=2", NOTHING, 1).await);
    assert!(!is_same("/keyed/1?q=1", "/keyed/1?q=1", ("x-key", "other"), 1).await);
}

#[tokio::test]
async fn a_client_without_permission_is_refused_warned_or_ignored() {
    for (unpermitted, status, warning) in [
        (Unpermitted::Refused, 403, ""),
        (
            Unpermitted::Warned,
            200,
            "199 Cache-control headers were ignored because the caller was unauthorized.",
        ),
        (Unpermitted::Ignored, 200, ""),
    ] {
        let gateway = gateway(Caching {
            unpermitted,
            ..Caching::default()
        });
        let first = get(&gateway, "/plain/1", NOTHING, 0).await;
        let again = get(&gateway, "/plain/1", AGAIN, 0).await;
        assert_eq!(
            (again.status, again.warning.as_str()),
            (status, warning),
            "{unpermitted:?}"
        );
        assert_eq!(again.body == first.body, status == 200, "{unpermitted:?}");
        if status == 403 {
            let action = "is not authorized to perform: execute-api:InvalidateCache on resource: ";
            assert!(again.body.contains(action), "{}", again.body);
        }
        // Nobody was warned before, nor is after.
        assert_eq!(get(&gateway, "/plain/1", NOTHING, 0).await.body, first.body);
    }
}

#[tokio::test]
async fn a_client_that_may_gets_a_new_answer_which_is_kept_then() {
    let open = gateway(Caching {
        needs_permission: false,
        ..Caching::default()
    });
    let by_policy = |action: &str| {
        let policy = allow(action);
        gateway(Caching::default()).with_stage(|stage| stage.policy = Some(policy))
    };
    for (gateway, may) in [
        (open, true),
        (by_policy("execute-api:*"), true),
        (by_policy("execute-api:Invoke"), false),
    ] {
        let first = get(&gateway, "/plain/1", NOTHING, 0).await.body;
        let again = get(&gateway, "/plain/1", AGAIN, 0).await.body;
        assert_eq!(again != first, may);
        assert_eq!(get(&gateway, "/plain/1", NOTHING, 0).await.body, again);
    }
}

#[tokio::test]
async fn a_signer_and_one_whom_a_function_knows_need_permission_too() {
    const OWN: &str = "arn:aws:iam::000000000000:user/me";
    const OTHER: &str = "arn:aws:iam::111122223333:user/me";
    let secured = |scheme: Json, policy: Option<&str>| {
        let mut document = document();
        document["components"]["securitySchemes"]["one"] = scheme;
        document["paths"]["/plain/{id}"]["get"]["security"] = json!([{"one": []}]);
        let document: Document = document.to_string().parse().unwrap();
        Gateway::from_document("dev", &document).with_stage(|stage| {
            stage.policy = policy.map(allow);
            let caching = Caching {
                is_enabled: true,
                unpermitted: Unpermitted::Refused,
                ..Caching::default()
            };
            stage.caching.insert("*/*".to_owned(), caching);
        })
    };
    let iam =
        json!({"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"});
    for (signer, policy, status) in [
        (OWN, None, 200),
        (OWN, Some("execute-api:Invoke"), 200),
        (OTHER, Some("execute-api:Invoke"), 403),
        (OTHER, Some("execute-api:*"), 200),
    ] {
        let gateway = TestGateway::of(secured(iam.clone(), policy));
        let first = gateway.get("/plain/1").signed_by(signer).await.expect(200);
        let again = gateway.get("/plain/1").signed_by(signer).header(AGAIN.0, AGAIN.1).await;
        assert_eq!(again.status(), status, "{signer} {policy:?}");
        assert_ne!(again.text(), first.text());
    }
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:door/invocations";
    let custom = json!({"type": "apiKey", "name": "X-Auth", "in": "header", "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri}});
    for (action, status) in [("execute-api:Invoke", 403), ("execute-api:*", 200)] {
        let said = json!({"principalId": "me", "policyDocument": {"Statement": [
            {"Effect": "Allow", "Action": action, "Resource": "*"}]}});
        let gateway = secured(custom.clone(), None).function("door", move |_| {
            let said = said.clone();
            async { Ok::<_, String>(said) }
        });
        let gateway = TestGateway::of(gateway);
        gateway.get("/plain/1").header("X-Auth", "t").await.expect(200);
        let again = gateway
            .get("/plain/1")
            .header("X-Auth", "t")
            .header(AGAIN.0, AGAIN.1)
            .await;
        assert_eq!(again.status(), status, "{action}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stage_keeps_answers_while_it_has_a_cache_and_until_that_is_flushed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(Control::new(vec![Credential::test()]), Clock::Machine);
    tokio::spawn(Arc::new(server).serve(listener));
    tokio::task::spawn_blocking(move || {
        let made = wire::control(address, "POST", "/restapis?mode=import", &document());
        let id = made["id"].as_str().unwrap();
        let stage = json!({"stageName": "dev"});
        wire::control(address, "POST", &format!("/restapis/{id}/deployments"), &stage);
        let patch = |path: &str, value: &str| {
            let operations = json!({"patchOperations": [{"op": "replace", "path": path, "value": value}]});
            wire::control(address, "PATCH", &format!("/restapis/{id}/stages/dev"), &operations);
        };
        let get = || {
            let target = format!("/_aws/execute-api/{id}/dev/plain/1");
            let answer = wire::send(address, &wire::request(address, "GET", &target, &Json::Null));
            answer.split_once("\r\n\r\n").unwrap().1.to_owned()
        };
        patch("/*/*/caching/enabled", "true");
        assert_ne!(get(), get());
        patch("/cacheClusterEnabled", "true");
        let kept = get();
        assert_eq!(kept, get());
        wire::control(
            address,
            "DELETE",
            &format!("/restapis/{id}/stages/dev/cache/data"),
            &Json::Null,
        );
        assert_ne!(kept, get());
        patch("/plain~1{id}/GET/caching/enabled", "false");
        assert_ne!(get(), get());
    })
    .await
    .unwrap();
}
