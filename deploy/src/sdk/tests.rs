//! What the client sends, and what it makes of answers.

mod raw;
mod recorded;
mod sent;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_apigateway::config::{Credentials, SharedCredentialsProvider};
use bluegate_core::aws::Service;

use super::credentials::Renewed;
use super::http::http_client;
use super::invoke::Invoker;
use super::{Client, CredentialsOrigin, Destination};
use crate::api::Redactor;

/// A client of what stands in for AWS, which gives every call the same answer; and the first lines of the requests.
fn stand_in(status: u64, code: Option<&str>, body: String) -> (Client, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("a bound port"));
    let code = code.map_or_else(String::new, |code| format!("x-amzn-ErrorType: {code}\r\n"));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let mut first = String::new();
            reader.read_line(&mut first).expect("a line");
            lines.lock().unwrap().push(first);
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a line");
                let lower = line.to_ascii_lowercase();
                if let Some(value) = lower.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            reader.take(length).read_to_end(&mut Vec::new()).expect("a body");
            let head = format!(
                "HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n{code}Content-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                body.len()
            );
            let answer = [head.as_bytes(), body.as_bytes()].concat();
            (&stream).write_all(&answer).expect("a client that listens");
        }
    });
    let credentials = Credentials::new("AKIAEXAMPLE", "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(&endpoint)
        .http_client(http_client())
        .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
        .build();
    let destination = Destination {
        region: "eu-west-1".into(),
        endpoint: Some(endpoint),
        credentials: CredentialsOrigin::DefaultChain,
        account_id: None,
        service: Service::Emulator,
    };
    let provider = SharedCredentialsProvider::new(credentials.clone());
    let invoker = Invoker::new(provider.clone(), Region::new("eu-west-1"));
    let renewed = Renewed::new(provider, credentials, Redactor::default());
    let client = Client::new(&config, destination, renewed, invoker);
    (client, asked)
}
