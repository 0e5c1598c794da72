//! The function as Lambda runs it: the program asks a Lambda for events, and answers them.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};

use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyResponse;
use lambda_http::aws_lambda_events::encodings::Body;
use serde_json::{Value, json};

/// Lambda, and the program that it runs, until the test is over
/// ([runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)).
struct Lambda {
    listener: TcpListener,
    program: Child,
}

impl Drop for Lambda {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

impl Lambda {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        let program = Command::new(env!("CARGO_BIN_EXE_kiosk"))
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "kiosk")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env_remove("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH")
            .spawn()
            .expect("the program");
        Self { listener, program }
    }

    /// Has an event answered.
    fn invoke(&self, event: &Value) -> ApiGatewayProxyResponse {
        loop {
            let (stream, _) = self.listener.accept().expect("a connection");
            let (target, body) = read(&stream);
            if target.ends_with("/invocation/next") {
                let head = "Lambda-Runtime-Aws-Request-Id: r1\r\nLambda-Runtime-Deadline-Ms: 9999999999999\r\n\
                            Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:kiosk\r\n";
                answer(&stream, "200 OK", head, &event.to_string());
                continue;
            }
            answer(&stream, "202 Accepted", "", "{}");
            assert!(target.ends_with("/invocation/r1/response"), "{target}: {body}");
            return serde_json::from_str(&body).expect("an answer that API Gateway understands");
        }
    }
}

/// The target and the body of a request.
fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).expect("a line");
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body).expect("a body");
    (first.split(' ').nth(1).expect("a target").to_owned(), body)
}

fn answer(mut stream: &TcpStream, status: &str, head: &str, body: &str) {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{head}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).expect("a program that listens");
}

/// An event in the form in which API Gateway sends it, of a call of the stage `dev` by its default address.
fn event(name: &str) -> Value {
    let path = format!("{}/tests/events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("an event")).expect("JSON")
}

/// The same call of a magazine with another verb and another body.
fn on_magazine(verb: &str, body: &Value) -> Value {
    let mut event = event("show");
    event["httpMethod"] = json!(verb);
    event["requestContext"]["httpMethod"] = json!(verb);
    if !body.is_null() {
        event["body"] = json!(body.to_string());
        event["headers"]["Content-Type"] = json!("application/json");
        event["multiValueHeaders"]["Content-Type"] = json!(["application/json"]);
    }
    event
}

fn text(answer: &ApiGatewayProxyResponse) -> &str {
    match &answer.body {
        Some(Body::Text(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_verb_comes_to_its_handler() {
    let lambda = Lambda::start();
    let status = |event: &Value| lambda.invoke(event).status_code;
    assert_eq!(status(&event("show")), 404);
    assert_eq!(status(&event("add")), 201);
    assert_eq!(status(&on_magazine("HEAD", &Value::Null)), 204);
    assert_eq!(status(&on_magazine("PATCH", &json!(["weekly"]))), 204);
    let shown = lambda.invoke(&event("show"));
    assert_eq!(text(&shown), r#"{"name":"Ding & Dong 100%","tags":["music","weekly"]}"#);
    assert_eq!(status(&on_magazine("PUT", &json!(["monthly"]))), 204);
    assert_eq!(
        text(&lambda.invoke(&event("show"))),
        r#"{"name":"Ding & Dong 100%","tags":["monthly"]}"#
    );
    assert_eq!(status(&on_magazine("DELETE", &Value::Null)), 204);
    assert_eq!(status(&event("show")), 404);
}

#[test]
fn what_comes_several_times_comes_through() {
    let lambda = Lambda::start();
    let added = lambda.invoke(&event("add"));
    let cookies: Vec<_> = added.multi_value_headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["last=Ding & Dong 100%", "added=yes"]);
    assert_eq!(text(&lambda.invoke(&event("list"))), "[]", "it has one of both tags");
    lambda.invoke(&on_magazine("PATCH", &json!(["weekly"])));
    assert!(text(&lambda.invoke(&event("list"))).contains("Ding & Dong 100%"));
}

#[test]
fn bytes_stay_bytes_both_ways() {
    let lambda = Lambda::start();
    let put = event("put-cover");
    assert_eq!(lambda.invoke(&put).status_code, 201);
    let cover = lambda.invoke(&event("get-cover"));
    assert!(cover.is_base64_encoded);
    assert_eq!(cover.multi_value_headers["content-type"], "image/png");
    let told = serde_json::to_value(&cover).expect("JSON");
    assert_eq!(told["body"], put["body"]);
}

#[test]
fn a_custom_domain_with_a_base_path_comes_to_the_same_routes() {
    let lambda = Lambda::start();
    lambda.invoke(&event("add"));
    let mut show = event("show");
    show["path"] = json!("/kiosk/v1/magazines/Ding%20%26%20Dong%20100%25");
    show["requestContext"]["path"] = show["path"].clone();
    show["requestContext"]["domainName"] = json!("api.example.com");
    assert_eq!(lambda.invoke(&show).status_code, 200);
    let mut cover = event("put-cover");
    cover["path"] = json!("/kiosk/v1/covers/2026/11/ding.png");
    assert_eq!(lambda.invoke(&cover).status_code, 201);
    assert_eq!(lambda.invoke(&event("get-cover")).status_code, 200);
}

#[test]
fn what_no_route_answers_the_service_answers() {
    let lambda = Lambda::start();
    assert_eq!(lambda.invoke(&event("missing")).status_code, 404);
    let refused = lambda.invoke(&on_magazine("POST", &Value::Null));
    assert_eq!(refused.status_code, 405);
    assert!(refused.multi_value_headers.contains_key("allow"));
}
