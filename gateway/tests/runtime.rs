//! A function that is a process: it fetches its events.

use bluegate_gateway::edge::Runtime;
use bluegate_gateway::service::Gateway;
use bluegate_gateway::testing::TestGateway;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// Serves one event as a runtime does: fetches it, and says what `answer` makes of it.
async fn serve(api: String, answer: impl Fn(&Value) -> (&'static str, Value)) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let base = format!("http://{api}/2018-06-01/runtime/invocation");
    let next = client.get(format!("{base}/next").parse().unwrap()).await.unwrap();
    assert!(
        next.headers()["lambda-runtime-deadline-ms"]
            .to_str()
            .unwrap()
            .parse::<u64>()
            .is_ok()
    );
    let id = next.headers()["lambda-runtime-aws-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let event: Value = serde_json::from_slice(&next.into_body().collect().await.unwrap().to_bytes()).unwrap();
    let (what, body) = answer(&event);
    let post = |id: &str| {
        let request = Request::post(format!("{base}/{id}/{what}"));
        client.request(request.body(Full::from(body.to_string())).unwrap())
    };
    assert_eq!(post(&id).await.unwrap().status(), 202);
    // It is told once.
    assert_eq!(post(&id).await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_process_fetches_events_and_answers_them() {
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:shop/invocations";
    let document = json!({"openapi": "3.0.1", "paths": {"/{proxy+}": {"x-amazon-apigateway-any-method": {
        "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}}}}});
    let runtime = Runtime::listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let api = runtime.address().to_string();
    let gateway = Gateway::from_document("dev", &document.to_string().parse().unwrap());
    let gateway = TestGateway::of(gateway.function("shop", move |event| {
        let runtime = runtime.clone();
        async move { runtime.invoke(event).await }
    }));
    let process = serve(api.clone(), |event| {
        ("response", json!({"statusCode": 201, "body": event["path"]}))
    });
    let (answer, ()) = tokio::join!(async { gateway.post("/books").await }, process);
    assert_eq!((answer.status(), answer.text()), (201, "/books"));
    let process = serve(api, |_| ("error", json!({"errorMessage": "no", "errorType": "Oh"})));
    let (answer, ()) = tokio::join!(async { gateway.get("/books").await }, process);
    assert_eq!(
        (answer.status(), answer.text()),
        (502, r#"{"message": "Internal server error"}"#)
    );
}
