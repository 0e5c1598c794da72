//! The server, with a service behind it.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;

mod wire;

use bluegate_gateway::control::Control;
use bluegate_gateway::edge::{Clock, Server};
use bluegate_gateway::plane::Credential;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;
use wire::{control, request, send};

/// A service that answers one request after the other with what it was sent.
fn echo() -> SocketAddr {
    service(|head| {
        let length = head.len();
        format!("HTTP/1.1 418 x\r\nServer: echo\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{head}")
    })
}

/// A service that answers one request after the other, of which it sees the head.
fn service(answer: impl Fn(&str) -> String + Send + 'static) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).unwrap();
            stream.write_all(answer(&head).as_bytes()).unwrap();
            stream.shutdown(Shutdown::Both).unwrap();
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_goes_through_a_stage_to_the_service_and_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(Control::new(vec![Credential::test()]), Clock::Machine);
    tokio::spawn(Arc::new(server).serve(listener));
    let service = echo();
    tokio::task::spawn_blocking(move || {
        let integration = |uri: String| {
            json!({"responses": {}, "x-amazon-apigateway-integration": {
                "type": "http_proxy", "httpMethod": "GET", "uri": uri,
                "requestParameters": {"integration.request.path.id": "method.request.path.id"}}})
        };
        let document = json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {
            "/books/{id}": {"get": integration(format!("http://{service}/shop/{{id}}"))},
            "/safe": {"get": integration("https://127.0.0.1:1/".to_owned())},
            "/gone": {"get": integration("http://127.0.0.1:1/".to_owned())},
        }});
        let id = control(address, "POST", "/restapis?mode=import", &document)["id"]
            .as_str()
            .unwrap()
            .to_owned();
        control(
            address,
            "POST",
            &format!("/restapis/{id}/deployments"),
            &json!({"stageName": "dev"}),
        );
        let get = |host: &str, target: &str| {
            let mut request = request(address, "GET", target, &Json::Null);
            request.headers.set("Host", host);
            send(address, &request)
        };
        let here = address.to_string();
        let answer = get(&here, &format!("/_aws/execute-api/{id}/dev/books/a%20b?x=1"));
        assert!(answer.starts_with("HTTP/1.1 418"), "{answer}");
        assert!(answer.contains("\r\nx-amzn-remapped-server: echo\r\n"), "{answer}");
        assert!(answer.contains("GET /shop/a%20b?x=1 HTTP/1.1"), "{answer}");
        let answer = get(&format!("{id}.execute-api.localhost:4566"), "/dev/books/7");
        assert!(answer.contains("GET /shop/7 HTTP/1.1"), "{answer}");
        assert!(
            answer.to_lowercase().contains(&format!("\r\nhost: {service}\r\n")),
            "{answer}"
        );
        let unserved = if cfg!(feature = "https") {
            "HTTP/1.1 504"
        } else {
            "HTTP/1.1 501"
        };
        for (target, start) in [
            (format!("/_aws/execute-api/{id}/dev/gone"), "HTTP/1.1 504"),
            (format!("/_aws/execute-api/{id}/dev/safe"), unserved),
            (format!("/_aws/execute-api/{id}/prod/books/7"), "HTTP/1.1 403"),
            ("/_aws/execute-api/nobody/dev/books/7".to_owned(), "HTTP/1.1 404"),
            ("/restapis".to_owned(), "HTTP/1.1 403"),
        ] {
            let answer = get(&here, &target);
            assert!(answer.starts_with(start), "{target}: {answer}");
        }
    })
    .await
    .unwrap();
}

/// A server with a stage `dev` of a document, and how a request to it begins.
async fn served(server: Server, document: Json) -> (SocketAddr, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(Arc::new(server).serve(listener));
    let made = tokio::task::spawn_blocking(move || {
        let id = control(address, "POST", "/restapis?mode=import", &document)["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        let stage = json!({"stageName": "dev"});
        control(address, "POST", &format!("/restapis/{id}/deployments"), &stage);
        id
    });
    (address, made.await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates_see_names_of_headers_as_the_client_spelt_them() {
    let template = "$input.params().header.tEsT-HEADeR|$input.params('test-header')|$input.params().header.X-Api-Key";
    let document = json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/": {"get": {
        "responses": {}, "x-amazon-apigateway-integration": {
            "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": template}}}}}}}});
    let server = Server::new(Control::new(vec![Credential::test()]), Clock::Machine);
    let (address, id) = served(server, document).await;
    tokio::task::spawn_blocking(move || {
        let mut request = request(address, "GET", &format!("/_aws/execute-api/{id}/dev"), &Json::Null);
        request.headers.set("tEsT-HEADeR", "v");
        request.headers.set("x-API-key", "k");
        let answer = send(address, &request);
        assert!(answer.ends_with("\r\n\r\nv|v|k"), "{answer}");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_is_called_unless_its_policy_permits_other_calls_alone() {
    let functions = service(|_| {
        let said = r#"{"statusCode": 201}"#;
        format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{said}",
            said.len()
        )
    });
    let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\
               arn:aws:lambda:us-east-1:000000000000:function:shop/invocations";
    let document = json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/users/{id}": {"get": {
        "responses": {}, "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}}}}});
    let server = Server::new(Control::new(vec![Credential::test()]), Clock::Machine);
    let (address, id) = served(server.with_functions(format!("http://{functions}")), document).await;
    tokio::task::spawn_blocking(move || {
        let get = || {
            let target = format!("/_aws/execute-api/{id}/dev/users/7");
            send(address, &request(address, "GET", &target, &Json::Null))
        };
        let permit = |name: &str, call: &str| {
            let statement = json!({"StatementId": name, "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": format!("arn:aws:execute-api:us-east-1:000000000000:{id}/{call}")});
            let mut request = request(address, "POST", "/2015-03-31/functions/shop/policy", &statement);
            wire::sign_for(&mut request, "lambda");
            let answer = send(address, &request);
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        };
        assert!(get().starts_with("HTTP/1.1 201"), "nobody was permitted anything");
        permit("other", "*/POST/users/*");
        let refused = get();
        assert!(refused.starts_with("HTTP/1.1 500"), "{refused}");
        assert!(
            refused.ends_with("{\"message\": \"Internal server error\"}"),
            "{refused}"
        );
        permit("this", "*/GET/users/*");
        assert!(get().starts_with("HTTP/1.1 201"));
    })
    .await
    .unwrap();
}
