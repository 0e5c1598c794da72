//! What axum and its companions can do, below a routes file and beside it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Extension, FromRef, Multipart, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum_extra::TypedHeader;
use axum_extra::extract::Query;
use axum_extra::headers::UserAgent;
use bluegate::{resource, routes};
use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

#[derive(Clone)]
struct AppState {
    name: &'static str,
    limit: Limit,
}

#[derive(Clone, Copy)]
struct Limit(usize);

impl FromRef<AppState> for Limit {
    fn from_ref(state: &AppState) -> Limit {
        state.limit
    }
}

#[derive(Clone)]
struct User(String);

#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    tag: Vec<String>,
}

struct Features;

#[resource(name = "features", state = AppState)]
impl Features {
    #[handler]
    async fn parts(State(Limit(limit)): State<Limit>) -> String {
        limit.to_string()
    }

    #[handler]
    async fn whole(State(state): State<AppState>) -> &'static str {
        state.name
    }

    #[handler]
    async fn headers(TypedHeader(agent): TypedHeader<UserAgent>, Query(tags): Query<Tags>) -> String {
        format!("{agent} {}", tags.tag.join("+"))
    }

    #[handler]
    async fn upload(State(Limit(limit)): State<Limit>, mut form: Multipart) -> Result<String, StatusCode> {
        let mut found = String::new();
        while let Some(field) = form.next_field().await.map_err(|_| StatusCode::BAD_REQUEST)? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| StatusCode::BAD_REQUEST)?;
            if bytes.len() > limit {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            found += &format!("{name}={} ", bytes.len());
        }
        Ok(found)
    }

    /// What comes in goes out as it comes, and is never held as a whole.
    #[handler]
    async fn stream(request: Request) -> Body {
        Body::from_stream(request.into_body().into_data_stream())
    }

    #[handler]
    async fn socket(Path(room): Path<u8>, State(state): State<AppState>, upgrade: WebSocketUpgrade) -> Response {
        upgrade.on_upgrade(async move |mut socket| {
            while let Some(Ok(Message::Text(text))) = socket.recv().await {
                let answer = format!("{} {room}: {text}", state.name);
                if socket.send(Message::Text(answer.into())).await.is_err() {
                    break;
                }
            }
        })
    }

    #[handler]
    async fn close(Path(room): Path<u8>) -> String {
        format!("closed {room}")
    }

    #[handler]
    async fn me(
        Extension(User(name)): Extension<User>,
        connection: Option<Extension<ConnectInfo<SocketAddr>>>,
    ) -> String {
        format!("{name} {}", connection.is_some())
    }
}

fn state() -> AppState {
    AppState {
        name: "shop",
        limit: Limit(20),
    }
}

fn app() -> Router {
    routes!("./features/routes.json", AppState)
        .layer(Extension(User("Ann".to_owned())))
        .with_state(state())
}

async fn answer(app: Router, request: Request) -> (u16, String) {
    let response = app.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn asked(app: Router, method: &str, path: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    answer(app, request).await
}

fn ok(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

#[tokio::test]
async fn parts_of_a_state_and_the_whole_of_it_come_in() {
    assert_eq!(asked(app(), "GET", "/api/parts").await, ok("20"));
    assert_eq!(asked(app(), "PUT", "/api/parts").await, ok("shop"));
    assert_eq!(asked(app(), "GET", "/api/me").await, ok("Ann false"));
}

#[tokio::test]
async fn typed_headers_and_repeated_queries_come_in() {
    let request = |agent: Option<&str>| {
        let mut request = Request::get("/api/headers?tag=a&tag=b&other=c");
        if let Some(agent) = agent {
            request = request.header("user-agent", agent);
        }
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(answer(app(), request(Some("curl"))).await, ok("curl a+b"));
    assert_eq!(answer(app(), request(None)).await.0, 400);
}

#[tokio::test]
async fn a_form_comes_in_part_by_part() {
    let form = |content: &str| {
        let body = format!(
            "--line\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.txt\"\r\n\r\n{content}\r\n\
             --line\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n12\r\n--line--\r\n"
        );
        Request::post("/api/files")
            .header("content-type", "multipart/form-data; boundary=line")
            .body(Body::from(body))
            .unwrap()
    };
    assert_eq!(answer(app(), form("one two three")).await, ok("a=13 b=2 "));
    assert_eq!(answer(app(), form(&"long ".repeat(9))).await.0, 413);
    assert_eq!(asked(app(), "POST", "/api/files").await.0, 400);
}

/// Serves on a port of this machine until the test ends.
async fn served(app: Router) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    TcpStream::connect(address).await.unwrap()
}

/// Reads until the text has come.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 1024];
    while !String::from_utf8_lossy(&read).contains(text) {
        let length = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut buffer))
            .await
            .expect("an answer in time")
            .unwrap();
        assert!(length > 0, "closed after {:?}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn a_body_goes_out_while_it_still_comes_in() {
    let mut stream = served(app()).await;
    let head = "POST /api/stream HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(b"5\r\nfirst\r\n").await.unwrap();
    let first = read_until(&mut stream, "first").await;
    assert!(first.starts_with("HTTP/1.1 200"), "{first}");
    stream.write_all(b"6\r\nsecond\r\n0\r\n\r\n").await.unwrap();
    read_until(&mut stream, "second").await;
}

#[tokio::test]
async fn a_connection_becomes_a_web_socket() {
    let mut stream = served(app()).await;
    let head = |room: &str| {
        format!(
            "GET /api/rooms/{room} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
    };
    // The parameter is judged before the connection becomes anything else.
    stream.write_all(head("10").as_bytes()).await.unwrap();
    let refused = read_until(&mut stream, "}\n").await;
    assert!(refused.starts_with("HTTP/1.1 404"), "{refused}");
    stream.write_all(head("7").as_bytes()).await.unwrap();
    let accepted = read_until(&mut stream, "\r\n\r\n").await;
    assert!(accepted.starts_with("HTTP/1.1 101"), "{accepted}");
    // The example of RFC 6455, section 1.3.
    assert!(accepted.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{accepted}");
    // A frame of text whose mask is zero: FIN and opcode, mask bit and length, mask.
    stream.write_all(b"\x81\x82\0\0\0\0hi").await.unwrap();
    read_until(&mut stream, "shop 7: hi").await;
    assert_eq!(asked(app(), "DELETE", "/api/rooms/7").await, ok("closed 7"));
}

#[tokio::test]
async fn what_the_server_knows_of_a_connection_comes_in() {
    let mut stream = served(app()).await;
    stream
        .write_all(b"GET /api/me HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    read_until(&mut stream, "Ann true").await;
}

// What the README shows, from here …
/// The gateway's key comes with every request that it passes on.
async fn through_the_gateway(headers: HeaderMap, request: Request, next: Next) -> Response {
    match headers.get("x-gateway-key") {
        Some(key) if key == "secret" => next.run(request).await,
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| while let Some(Ok(_)) = socket.recv().await {})
}

fn by_hand(state: AppState) -> Router {
    let admin = Router::new()
        .route("/users", get(async |State(state): State<AppState>| state.name))
        .fallback(async || (StatusCode::NOT_FOUND, "no such page"));

    routes!("./features/routes.json", AppState)
        // On all routes of the file. One for a handler or for a resource stands in its attribute.
        .route_layer(middleware::from_fn(through_the_gateway))
        // Routes that the gateway does not have: they are not in the file, and not behind its layers.
        .route("/health", get(async || "ok"))
        .route("/socket", any(socket))
        // Files, and a router of its own below a prefix.
        .nest_service("/static", ServeDir::new("tests/features/static"))
        .nest("/admin", admin)
        // What nothing above answers.
        .fallback(async || (StatusCode::NOT_FOUND, "nothing here"))
        .with_state(state)
}
// … to here.

#[tokio::test]
async fn what_the_file_cannot_say_stands_beside_it() {
    let app = || by_hand(state()).layer(Extension(User("Ann".to_owned())));
    let with_key = |path: &str| {
        Request::get(path)
            .header("x-gateway-key", "secret")
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(answer(app(), with_key("/api/me")).await, ok("Ann false"));
    assert_eq!(asked(app(), "GET", "/api/me").await.0, 403);
    assert_eq!(asked(app(), "GET", "/api/rooms/x").await.0, 403);
    assert_eq!(answer(app(), with_key("/api/rooms/x")).await.0, 404);
    assert_eq!(asked(app(), "GET", "/health").await, ok("ok"));
    assert_eq!(
        asked(app(), "GET", "/static/page.css").await,
        ok("body { color: black }\n")
    );
    assert_eq!(asked(app(), "GET", "/static/none").await.0, 404);
    assert_eq!(asked(app(), "GET", "/admin/users").await, ok("shop"));
    assert_eq!(
        asked(app(), "GET", "/admin/none").await,
        (404, "no such page".to_owned())
    );
    assert_eq!(asked(app(), "GET", "/none").await, (404, "nothing here".to_owned()));
    assert_eq!(asked(app(), "GET", "/socket").await.0, 400);
}

#[test]
fn the_readme_shows_the_code_above() {
    let source = include_str!("features.rs");
    let (_, rest) = source.split_once("// What the README shows, from here …\n").unwrap();
    let (shown, _) = rest.split_once("// … to here.\n").unwrap();
    let readme = include_str!("../../README.md");
    let shown = shown
        .replace("./features/routes.json", "routes.json")
        .replace("tests/features/static", "static");
    assert!(readme.contains(&shown), "the README does not have:\n{shown}");
}
