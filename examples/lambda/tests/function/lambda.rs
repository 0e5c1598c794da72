//! Lambda, as a program sees it
//! ([runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html)).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};

use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyResponse;
use serde_json::Value;

/// The program as Lambda starts it, until the test is over.
pub(crate) struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    /// One that fetches its events at an address.
    pub(crate) fn start(runtime_api: &str, environment: &[(&str, &str)]) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_kiosk"))
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
            .env("AWS_LAMBDA_FUNCTION_NAME", "kiosk")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env_remove("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH")
            .envs(environment.iter().copied())
            .spawn();
        Self(program.expect("the program"))
    }
}

/// Lambda, and the program that it runs.
pub(crate) struct Lambda {
    listener: TcpListener,
    _program: Program,
}

impl Lambda {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, of a function with environment variables.
    pub(crate) fn start_with(environment: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address").to_string();
        Self {
            listener,
            _program: Program::start(&address, environment),
        }
    }

    /// Has an event answered.
    pub(crate) fn invoke(&self, event: &Value) -> ApiGatewayProxyResponse {
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
