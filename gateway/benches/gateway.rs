//! What a request costs: the time of the processor, which a busy machine does not stretch as much as that of the clock.
//!
//! `cargo bench -p bluegate-gateway`. Each figure is the least of some runs; those that are compared are made in turn.
//! With the address and port of a LocalStack in `LOCALSTACK` and the id of its process in `LOCALSTACK_PID`, also what it and
//! the gateway do when they are kept busy.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bluegate_core::openapi::Document;
use bluegate_gateway::plane::Stage;
use bluegate_gateway::service::Gateway;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use serde_json::json;
use tokio::net::TcpListener;

const RUNS: usize = 5;
const CONNECTIONS: u32 = 8;

fn main() {
    let own = in_process();
    println!("in process, of the gateway's own: {own:.1} µs a request");
    let (bare, gateway) = proxied();
    println!("a bare proxy of hyper: {bare:.1} µs a request");
    println!(
        "the gateway, HTTP_PROXY: {gateway:.1} µs a request, {:.2} times the bare proxy",
        gateway / bare
    );
    println!("import of 1,000 routes: {:.1} ms", import());
    if let Ok(localstack) = std::env::var("LOCALSTACK") {
        throughput(&localstack);
    }
}

/// The processor's time of this thread.
fn spent() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_THREAD).expect("a kernel that counts");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.try_into().expect("time that passes"))
}

fn least(run: impl Fn() -> f64) -> f64 {
    (0..RUNS).map(|_| run()).fold(f64::INFINITY, f64::min)
}

fn document(service: &str) -> Document {
    let document = json!({"openapi": "3.0.1", "paths": {"/books/{id}": {"get": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": format!("{service}/books/{{id}}"),
            "requestParameters": {"integration.request.path.id": "method.request.path.id"}}}},
        "/mock": {"get": {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock",
            "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "responses": {"default": {"statusCode": "200",
            "responseTemplates": {"application/json": "{}"}}}}}}}});
    document.to_string().parse().expect("a document")
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// A request with the headers that a browser sends.
fn request(host: &str) -> http::request::Builder {
    Request::get("/books/7?page=2")
        .header("host", host)
        .header("accept", "application/json, text/plain, */*")
        .header("accept-encoding", "gzip, deflate, br")
        .header("accept-language", "en")
        .header("user-agent", "Mozilla/5.0")
        .header("cookie", "session=0123456789")
}

/// Microseconds that the gateway adds to a service in the same process.
fn in_process() -> f64 {
    const REQUESTS: u32 = 20_000;
    let service =
        tower::service_fn(|_: Request<Full<Bytes>>| async { Ok::<_, Infallible>(Response::new(Full::from("{}"))) });
    let gateway = Gateway::from_document("dev", &document("http://service")).backend(service);
    least(|| {
        block_on(async {
            let began = spent();
            for _ in 0..REQUESTS {
                let request = request("shop.example")
                    .body(Full::<Bytes>::default())
                    .expect("a request");
                let answer = gateway.answer(request).await;
                assert_eq!(answer.into_body().collect().await.expect("a body").to_bytes(), "{}");
            }
            (spent() - began).as_secs_f64() * 1e6 / f64::from(REQUESTS)
        })
    })
}

/// Serves connections one beside the other, on this thread.
async fn serve<F, R, B>(listener: TcpListener, answer: F)
where
    F: Fn(Request<Incoming>) -> R + Clone + Send + 'static,
    R: Future<Output = Response<B>> + Send + 'static,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).expect("a socket");
        let answer = answer.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let answer = answer(request);
                async move { Ok::<_, Infallible>(answer.await) }
            });
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// A thread with a server on it, which says what it spent when it is asked for `/spent`.
fn server<F, R, B>(answer: impl FnOnce() -> F + Send + 'static) -> SocketAddr
where
    F: Fn(Request<Incoming>) -> R + Clone + Send + 'static,
    R: Future<Output = Response<B>> + Send + 'static,
    B: hyper::body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            sender
                .send(listener.local_addr().expect("an address"))
                .expect("somebody who waits");
            let answer = answer();
            serve(listener, move |request: Request<Incoming>| {
                let asked = (request.uri().path() == "/spent").then(spent);
                let answered = asked.is_none().then(|| answer(request));
                async move {
                    let body = match (asked, answered) {
                        (Some(spent), _) => return Response::new(Full::from(spent.as_micros().to_string()).boxed()),
                        (None, Some(answered)) => answered.await,
                        (None, None) => unreachable!("one of both"),
                    };
                    let (head, body) = body.into_parts();
                    let body = body.collect().await.map(|whole| whole.to_bytes()).unwrap_or_default();
                    Response::from_parts(head, Full::new(body).boxed())
                }
            })
            .await;
        });
    });
    receiver.recv().expect("an address")
}

fn service() -> SocketAddr {
    server(|| |_: Request<Incoming>| async { Response::new(Full::from("{}")) })
}

fn bare_proxy(service: SocketAddr) -> SocketAddr {
    server(move || {
        let client = client();
        move |mut request: Request<Incoming>| {
            let client = client.clone();
            let target = request.uri().path_and_query();
            let target = target.map_or("/", |target| target.as_str()).to_owned();
            *request.uri_mut() = format!("http://{service}{target}").parse().expect("a URL");
            request.headers_mut().remove("host");
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.expect("a body").to_bytes();
                let request = Request::from_parts(head, Full::new(body));
                client.request(request).await.expect("an answer")
            }
        }
    })
}

fn gateway(service: SocketAddr) -> SocketAddr {
    server(move || {
        let gateway = Gateway::from_document("dev", &document(&format!("http://{service}")));
        move |request: Request<Incoming>| {
            let gateway = gateway.clone();
            async move { gateway.answer(request).await }
        }
    })
}

/// Microseconds that a bare proxy and the gateway spend on a request.
fn proxied() -> (f64, f64) {
    // Many short runs: on a busy machine some of them are left alone.
    const RUNS: usize = 40;
    const REQUESTS: u32 = 800;
    let service = service();
    let proxies = [bare_proxy(service), gateway(service)];
    let mut least = [f64::INFINITY; 2];
    for _ in 0..RUNS {
        for (address, least) in proxies.iter().zip(&mut least) {
            let told = || {
                let asked = block_on(ask(Request::get(format!("http://{address}/spent")), Full::default()));
                asked.parse::<f64>().expect("a number")
            };
            let began = told();
            send(&format!("http://{address}/books/7?page=2"), REQUESTS);
            *least = least.min((told() - began) / f64::from(REQUESTS));
        }
    }
    (least[0], least[1])
}

/// Sends requests over some connections, and waits for all answers.
fn send(url: &str, requests: u32) {
    block_on(async {
        let clients = (0..CONNECTIONS).map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move {
                let client = client();
                for _ in 0..requests / CONNECTIONS {
                    let host = url.split('/').nth(2).unwrap_or_default();
                    let request = request(host).uri(&url).body(Full::default());
                    let answer = client.request(request.expect("a request")).await.expect("an answer");
                    assert_eq!(answer.status(), 200);
                    answer.into_body().collect().await.expect("a body");
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.expect("a client");
        }
    });
}

async fn ask(request: http::request::Builder, body: Full<Bytes>) -> String {
    let answer = client().request(request.body(body).expect("a request")).await;
    let body = answer.expect("an answer").into_body().collect().await;
    String::from_utf8_lossy(&body.expect("a body").to_bytes()).into_owned()
}

/// What a client gets of a server that it keeps busy.
struct Busy {
    /// Requests in a second.
    rate: f64,
    /// Microseconds of the server's processor per request, if that is known.
    cost: Option<f64>,
}

/// What the gateway and a LocalStack do in front of the same service, on a method of each kind.
fn throughput(localstack: &str) {
    let localstack = localstack.trim_start_matches("http://").trim_end_matches('/');
    let localstack: SocketAddr = localstack.parse().expect("an address and a port");
    let service = service();
    let gateway = gateway(service);
    let of_control = |path: &str| {
        let authorization = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request, \
                             SignedHeaders=host, Signature=none";
        Request::post(format!("http://{localstack}{path}"))
            .header("authorization", authorization)
            .header("content-type", "application/json")
    };
    let id = block_on(async {
        let mut document = document(&format!("http://{service}"));
        document.info.title = "bench".to_owned();
        let document = serde_json::to_string(&document).expect("a document");
        let made = ask(of_control("/restapis?mode=import"), Full::from(document)).await;
        let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
        let id = made["id"].as_str().expect("an id").to_owned();
        let stage = json!({"stageName": "dev"}).to_string();
        ask(of_control(&format!("/restapis/{id}/deployments")), Full::from(stage)).await;
        id
    });
    let process = std::env::var("LOCALSTACK_PID").ok();
    for (kind, path) in [("HTTP_PROXY", "/books/7?page=2"), ("MOCK", "/mock")] {
        let own = || {
            let told = block_on(ask(Request::get(format!("http://{gateway}/spent")), Full::default()));
            told.parse().ok()
        };
        let ours = busy(gateway, path, 40_000, own);
        let target = format!("/_aws/execute-api/{id}/dev{path}");
        let theirs = busy(localstack, &target, 400, || process_spent(process.as_deref()?));
        let cost = |busy: &Busy| {
            busy.cost
                .map_or_else(|| "unknown".to_owned(), |cost| format!("{cost:.1} µs"))
        };
        println!(
            "{kind}, requests in a second: LocalStack {:.0}, the gateway {:.0}, {:.0} times as many; of the processor \
             per request: {}, {}",
            theirs.rate,
            ours.rate,
            ours.rate / theirs.rate,
            cost(&theirs),
            cost(&ours),
        );
    }
}

/// Keeps a server busy, whose processor's time in microseconds `spent` tells: clients that write several requests before
/// they read, and read no more of an answer than they must.
fn busy(server: SocketAddr, target: &str, requests: u32, spent: impl Fn() -> Option<f64>) -> Busy {
    const CLIENTS: u32 = 4;
    const AT_ONCE: u32 = 10;
    let request = format!("GET {target} HTTP/1.1\r\nHost: {server}\r\nAccept: */*\r\n\r\n").repeat(AT_ONCE as usize);
    let mut best = Busy { rate: 0., cost: None };
    for _ in 0..3 {
        let (before, began) = (spent(), Instant::now());
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    let mut stream = std::net::TcpStream::connect(server).expect("a server");
                    for _ in 0..requests / CLIENTS / AT_ONCE {
                        stream.write_all(request.as_bytes()).expect("a server that listens");
                        read_answers(&mut stream, AT_ONCE);
                    }
                });
            }
        });
        let count = f64::from(requests);
        let rate = count / began.elapsed().as_secs_f64();
        let cost = before.zip(spent()).map(|(before, after)| (after - before) / count);
        let least = [best.cost, cost].into_iter().flatten().reduce(f64::min);
        best = Busy {
            rate: rate.max(best.rate),
            cost: least,
        };
    }
    best
}

fn read_answers(stream: &mut std::net::TcpStream, mut count: u32) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while count > 0 {
        let read = stream.read(&mut buffer).expect("an answer");
        assert_ne!(read, 0, "the server hung up");
        bytes.extend_from_slice(&buffer[..read]);
        while let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            assert!(head.starts_with("http/1.1 200"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|length| length.parse().ok()).expect("a length");
            if bytes.len() < end + 4 + length {
                break;
            }
            bytes.drain(..end + 4 + length);
            count -= 1;
        }
    }
}

/// Microseconds of the processor that a process has taken, by its id.
fn process_spent(id: &str) -> Option<f64> {
    // Of a kernel that counts in hundredths of a second, as Linux tells programs.
    const TICK: f64 = 1e4;
    let told = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let behind: Vec<&str> = told.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| behind.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) * TICK)
}

fn client() -> Client<HttpConnector, Full<Bytes>> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

/// Milliseconds from the text of a document to a stage that answers.
fn import() -> f64 {
    let mut text = String::from(r#"{"openapi": "3.0.1", "paths": {"#);
    for at in 0..1_000 {
        let comma = if at == 0 { "" } else { "," };
        let uri = format!("http://service/r{at}/{{id}}");
        let _ = write!(
            text,
            r#"{comma}"/r{at}/{{id}}": {{"get": {{"x-amazon-apigateway-integration": {{"type": "http_proxy",
            "httpMethod": "GET", "uri": "{uri}", "requestParameters":
            {{"integration.request.path.id": "method.request.path.id"}}}}}}, "options": {{
            "x-amazon-apigateway-integration": {{"type": "mock",
            "requestTemplates": {{"application/json": "{{\"statusCode\": 200}}"}},
            "responses": {{"default": {{"statusCode": "200", "responseParameters":
            {{"method.response.header.Access-Control-Allow-Origin": "'*'"}}}}}}}}}}}}"#
        );
    }
    text.push_str("}}");
    least(|| {
        let began = spent();
        let document: Document = text.parse().expect("a document");
        let stage = Stage::of("abc", "dev", &document);
        assert!(stage.api().resources.len() > 2_000);
        (spent() - began).as_secs_f64() * 1e3
    })
}
