//! Layers of handlers, of resources and of a whole file.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::error_handling::HandleErrorLayer;
use axum::extract::{MatchedPath, Path, Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderName};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use bluegate::{resource, routes};
use tokio::sync::Semaphore;
use tower::{ServiceBuilder, ServiceExt as _};

#[derive(Clone)]
struct App {
    name: &'static str,
    arrived: Arc<Semaphore>,
    gate: Arc<Semaphore>,
}

/// A layer that notes its name in the answer; the outermost one comes last.
async fn noted(name: &'static str, mut response: Response) -> Response {
    response
        .headers_mut()
        .append(HeaderName::from_static("x-passed"), HeaderValue::from_static(name));
    response
}

async fn by_the_resource(request: Request, next: Next) -> Response {
    if request.headers().contains_key("x-tired") {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    noted("resource", next.run(request).await).await
}

async fn by_the_handler(path: MatchedPath, request: Request, next: Next) -> Response {
    assert_eq!(path.as_str(), "/api/notes/{id}");
    noted("handler", next.run(request).await).await
}

async fn by_the_file(request: Request, next: Next) -> Response {
    noted("file", next.run(request).await).await
}

/// A function around a `MethodRouter`, which may lay several.
fn both(handler: MethodRouter) -> MethodRouter {
    handler
        .layer(middleware::map_response(async |response| {
            noted("inner", response).await
        }))
        .layer(middleware::map_response(async |response| {
            noted("outer", response).await
        }))
}

/// No more than one request at a time, and none that waits.
fn one_at_a_time(handler: MethodRouter) -> MethodRouter {
    handler.layer(
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(async |_| StatusCode::SERVICE_UNAVAILABLE))
            .load_shed()
            .concurrency_limit(1),
    )
}

struct Notes;

#[resource(name = "notes", layer = middleware::from_fn(by_the_resource))]
impl Notes {
    #[handler]
    async fn list(State(app): State<App>) -> &'static str {
        app.name
    }

    #[handler(layer = both)]
    async fn add(body: String) -> String {
        body
    }

    #[handler(layer = middleware::from_fn(by_the_handler))]
    async fn show(Path(id): Path<u64>, State(app): State<App>) -> String {
        format!("{} {id}", app.name)
    }

    #[handler(layer = one_at_a_time)]
    async fn slow(Path(name): Path<String>, State(app): State<App>) -> String {
        app.arrived.add_permits(1);
        if name == "one" {
            app.gate.acquire().await.unwrap().forget();
        }
        name
    }
}

struct Health;

#[resource(name = "health")]
impl Health {
    async fn get() {}
}

/// A state with a parameter, which blocks and their layers have as well.
#[derive(Clone)]
struct Kept<T>(T);

trait Value: ToString + Clone + Send + Sync + 'static {}

impl Value for u8 {}

async fn of_the_type<T: Value + Default>(request: Request, next: Next) -> Response {
    assert_eq!(T::default().to_string(), "0");
    noted("type", next.run(request).await).await
}

struct Shelves<T>(T);

#[resource(name = "shelves", layer = middleware::from_fn(by_the_resource))]
impl<T: Value + Default> Shelves<T> {
    async fn get() {}

    #[axum::debug_handler]
    #[handler(layer = middleware::from_fn(of_the_type::<T>))]
    async fn show(State(Kept(value)): State<Kept<T>>, Path(id): Path<u64>) -> String {
        value.to_string() + &id.to_string()
    }
}

#[resource(name = "shelves", part = 2, layer = middleware::from_fn(by_the_file))]
impl<T: Value + Default> Shelves<T> {
    #[axum::debug_handler(state = Kept<T>)]
    async fn post(State(Kept(value)): State<Kept<T>>, body: String) -> String {
        value.to_string() + &body
    }
}

async fn count() -> &'static str {
    "2"
}

#[resource(name = "shelves", part = 3, handlers(count = count), layer = both)]
struct Free;

fn state() -> App {
    App {
        name: "notes",
        arrived: Arc::new(Semaphore::new(0)),
        gate: Arc::new(Semaphore::new(0)),
    }
}

fn app() -> Router {
    routes!("./layers/routes.json", App).with_state(state())
}

fn request(method: &str, path: &str) -> Request {
    Request::builder()
        .method(method)
        .uri(path)
        .body(Body::from("body"))
        .unwrap()
}

async fn asked(app: Router, request: Request) -> (StatusCode, Vec<String>, bool, String) {
    let response = app.oneshot(request).await.unwrap();
    let passed = response.headers().get_all("x-passed").iter();
    let passed = passed.map(|name| name.to_str().unwrap().to_owned()).collect();
    let shared = response.headers().contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
    let status = response.status();
    let body = to_bytes(response.into_body(), 1000).await.unwrap();
    (status, passed, shared, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn layers_of_a_resource_and_of_a_handler_stand_around_the_handler() {
    let (status, passed, _, body) = asked(app(), request("GET", "/api/notes")).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "notes"));
    assert_eq!(passed, ["resource"]);
    let (_, passed, _, body) = asked(app(), request("GET", "/api/notes/7")).await;
    assert_eq!(body, "notes 7");
    assert_eq!(passed, ["handler", "resource"]);
    let (_, passed, _, body) = asked(app(), request("POST", "/api/notes")).await;
    assert_eq!(body, "body");
    assert_eq!(passed, ["inner", "outer", "resource"]);
    let (_, passed, ..) = asked(app(), request("GET", "/api/health")).await;
    assert!(passed.is_empty());
}

#[tokio::test]
async fn an_answer_of_a_layer_may_be_read_by_pages_of_other_origins() {
    let mut tired = request("GET", "/api/notes/7");
    tired.headers_mut().insert("x-tired", HeaderValue::from_static("yes"));
    let (status, passed, shared, _) = asked(app(), tired).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(passed.is_empty() && shared);
}

#[tokio::test]
async fn layers_stand_around_handlers_alone() {
    for (method, path) in [
        ("GET", "/api/notes/x"),
        ("PUT", "/api/notes"),
        ("GET", "/api/nothing"),
        ("OPTIONS", "/api/notes"),
    ] {
        let (status, passed, ..) = asked(app(), request(method, path)).await;
        assert!(passed.is_empty(), "{method} {path} {status} {passed:?}");
    }
}

/// What axum does not match as it is goes another way, and no way leads around a layer.
#[tokio::test]
async fn no_spelling_of_a_request_gets_past_a_layer() {
    for (method, path) in [
        ("GET", "/api/notes/%37"),
        ("GET", "/api/notes/7%"),
        ("get", "/api/notes/7"),
        ("head", "/api/notes/7"),
    ] {
        let (status, passed, ..) = asked(app(), request(method, path)).await;
        if status == StatusCode::OK {
            assert_eq!(passed, ["handler", "resource"], "{method} {path}");
        } else {
            assert!(passed.is_empty(), "{method} {path} {status}");
        }
    }
    let (status, ..) = asked(app(), request("GET", "/api/notes/%37")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, ..) = asked(app(), request("get", "/api/notes/7")).await;
    assert_eq!(status, StatusCode::OK);
}

/// A limit counts in the service that the layer made: one for all requests, however they are spelt.
#[tokio::test]
async fn a_layer_is_laid_once_and_not_once_a_request() {
    let state = state();
    let app: Router = routes!("./layers/routes.json", App).with_state(state.clone());
    let first = tokio::spawn(app.clone().oneshot(request("GET", "/api/slow/one")));
    state.arrived.acquire().await.unwrap().forget();
    for path in ["/api/slow/two", "/api/slow/t%77o"] {
        let (status, ..) = asked(app.clone(), request("GET", path)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    state.gate.add_permits(1);
    assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
    let (status, ..) = asked(app, request("GET", "/api/slow/two")).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_layer_of_the_file_stands_around_all_handlers_and_below_the_headers_of_cors() {
    let app: Router =
        routes!("./layers/routes.json", App, layer = middleware::from_fn(by_the_file)).with_state(state());
    let (_, passed, shared, _) = asked(app.clone(), request("GET", "/api/notes/7")).await;
    assert_eq!(passed, ["handler", "resource", "file"]);
    assert!(shared);
    let (_, passed, ..) = asked(app, request("GET", "/api/health")).await;
    assert_eq!(passed, ["file"]);
    let refusing = middleware::map_response(async |_: Response| StatusCode::TOO_MANY_REQUESTS);
    let app: Router = routes!("./layers/routes.json", App, layer = refusing).with_state(state());
    let (status, _, shared, _) = asked(app, request("GET", "/api/health")).await;
    assert!(status == StatusCode::TOO_MANY_REQUESTS && shared);
}

#[tokio::test]
async fn each_block_of_a_resource_has_its_own_layer_and_free_functions_have_that_of_their_list() {
    let app: Router = routes!("./layers/shelves.json", Kept<u8>).with_state(Kept(4));
    for (method, path, expected, layers) in [
        ("GET", "/shelves", "", &["resource"][..]),
        ("GET", "/shelves/7", "47", &["type", "resource"]),
        ("POST", "/shelves", "4body", &["file"]),
        ("GET", "/shelves/count", "2", &["inner", "outer"]),
    ] {
        let (status, passed, _, body) = asked(app.clone(), request(method, path)).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, expected), "{method} {path}");
        assert_eq!(passed, layers, "{method} {path}");
    }
}

/// Two routers of one file share nothing, and each request comes with the state of its own.
#[tokio::test]
async fn each_router_has_layers_and_a_state_of_its_own() {
    let router: Router<App> = routes!("./layers/routes.json", App);
    for name in ["one", "two"] {
        let app = router.clone().with_state(App { name, ..state() });
        let (_, _, _, body) = asked(app, request("GET", "/api/notes/7")).await;
        assert_eq!(body, format!("{name} 7"));
    }
}
