//! Routers that the macros make, as axum's users use them.

#[path = "macros/rebuild.rs"]
mod rebuild;

use axum::body::{Body, to_bytes};
use axum::extract::{Extension, FromRef, MatchedPath, OriginalUri, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, patch, put};
use axum::{Json, Router};
use bluegate::{resource, routes};
use tower::ServiceExt as _;

#[derive(Clone)]
struct AppState {
    shop: Shop,
}

#[derive(Clone)]
struct Shop(&'static str);

impl FromRef<AppState> for Shop {
    fn from_ref(state: &AppState) -> Shop {
        state.shop.clone()
    }
}

mod articles {
    use super::*;

    /// Private to its module, as handlers often are.
    struct Articles;

    /// What the shop sells.
    #[resource(name = "macros: articles", state = AppState)]
    impl Articles {
        /// All of them.
        async fn get(State(shop): State<Shop>) -> String {
            format!("articles of {}", shop.0)
        }

        async fn post(State(_): State<Shop>, Json(name): Json<String>) -> (StatusCode, String) {
            (StatusCode::CREATED, name)
        }

        #[handler]
        async fn show(Path(id): Path<u8>, headers: HeaderMap) -> Response {
            if headers.contains_key("own-cors") {
                return [("access-control-allow-origin", "https://shop.example")].into_response();
            }
            format!("article {id}").into_response()
        }

        async fn put(Path(id): Path<u8>, State(state): State<AppState>) -> String {
            format!("{} puts {id}", state.shop.0)
        }
    }
}

struct Plain;

#[resource(name = "macros: plain")]
impl Plain {
    async fn get() -> &'static str {
        "plain"
    }

    async fn any(method: Method) -> String {
        format!("any: {method}")
    }

    async fn delete(
        Path(name): Path<String>,
        matched: MatchedPath,
        OriginalUri(original): OriginalUri,
        uri: Uri,
        user: Option<Extension<User>>,
    ) -> String {
        let user = user.map_or("nobody", |Extension(User(name))| name);
        format!("{name} {} {original} {uri} {user}", matched.as_str())
    }

    #[handler]
    async fn file(Path(path): Path<String>) -> String {
        path
    }

    #[handler]
    async fn folder() -> &'static str {
        "folder"
    }
}

#[derive(Clone)]
struct User(&'static str);

#[resource(name = "macros: second", handlers(clear, get))]
enum Second {}

impl Second {
    async fn clear() -> StatusCode {
        StatusCode::NO_CONTENT
    }

    async fn get() -> &'static str {
        "fixed"
    }
}

struct Other;

#[resource(name = "macros: other")]
impl Other {
    async fn get() -> &'static str {
        "things"
    }

    #[handler]
    async fn show(Path(id): Path<String>) -> String {
        id
    }
}

fn shop() -> Router<AppState> {
    routes!("./macros/shop.json")
}

/// Its handlers ask nothing of a state.
fn other<S: Clone + Send + Sync + 'static>() -> Router<S> {
    routes!("./macros/other.yaml")
}

fn state() -> AppState {
    AppState { shop: Shop("Jo") }
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(router: &Router, request: Request) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap(),
    }
}

async fn send(router: &Router, method: &str, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "shop.example")
        .body(Body::empty())
        .unwrap();
    ask(router, request).await
}

async fn body(router: &Router, method: &str, path: &str) -> String {
    let answer = send(router, method, path).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    answer.body
}

async fn status(router: &Router, method: &str, path: &str) -> u16 {
    send(router, method, path).await.status
}

#[tokio::test]
async fn handlers_take_the_state_and_parts_of_it() {
    let router = shop().with_state(state());
    assert_eq!(body(&router, "GET", "/shop/articles").await, "articles of Jo");
    assert_eq!(body(&router, "GET", "/shop/articles/7").await, "article 7");
    assert_eq!(body(&router, "PUT", "/shop/articles/7").await, "Jo puts 7");
    assert_eq!(status(&router, "DELETE", "/shop/articles").await, 204);
}

#[tokio::test]
async fn the_state_may_be_named_or_found_by_inference() {
    let named: Router = routes!("./macros/shop.json", AppState).with_state(state());
    let inferred: Router = routes!("./macros/shop.json").with_state(state());
    for router in [named, inferred] {
        assert_eq!(body(&router, "GET", "/shop/articles").await, "articles of Jo");
    }
    let none: Router = routes!("./macros/other.yaml");
    let any: Router = other::<AppState>().with_state(state());
    for router in [none, any, other()] {
        assert_eq!(body(&router, "GET", "/other/things").await, "things");
    }
}

#[tokio::test]
async fn a_path_starts_at_the_manifest_unless_it_starts_with_a_dot() {
    let router: Router = routes!("tests/macros/other.yaml");
    assert_eq!(body(&router, "GET", "/other/things/x").await, "x");
}

#[tokio::test]
async fn two_routers_merge() {
    let shop: Router<AppState> = shop();
    let other: Router<AppState> = routes!("./macros/other.yaml");
    let by_hand = Router::new()
        .route("/shop/plain/{name}", patch(async || "by hand"))
        .route("/by/hand", any(async || "too"));
    for router in [
        shop.clone().merge(other.clone()).merge(by_hand.clone()),
        by_hand.merge(other).merge(shop),
    ] {
        let router = router.with_state(state());
        assert_eq!(body(&router, "GET", "/shop/articles/7").await, "article 7");
        assert_eq!(body(&router, "GET", "/other/things/").await, "things");
        assert_eq!(body(&router, "PATCH", "/shop/plain/x").await, "by hand");
        assert_eq!(body(&router, "GET", "/by/hand").await, "too");
        assert_eq!(status(&router, "GET", "/nope").await, 404);
        assert_eq!(status(&router, "POST", "/other/things").await, 405);
    }
}

#[tokio::test]
async fn a_nested_router_answers_and_redirects_below_its_prefix() {
    let inner: Router = shop().with_state(state());
    let router = Router::new().nest("/v2/{tenant}", Router::new()).nest("/v1", inner);
    assert_eq!(body(&router, "GET", "/v1/shop/articles/7").await, "article 7");
    assert_eq!(status(&router, "GET", "/v1/shop/articles/x").await, 404);
    assert_eq!(status(&router, "PATCH", "/v1/shop/articles").await, 405);
    let answer = send(&router, "GET", "/v1/shop/folder?q=1").await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, "/v1/shop/folder/?q=1")
    );
    let answer = send(&router, "GET", "/v1/shop/files//a/b").await;
    assert_eq!((answer.status, answer.header("location")), (308, "/v1/shop/files/a/b"));
    assert_eq!(body(&router, "GET", "/v1/shop/files/a%2Fb").await, "a/b");
}

#[tokio::test]
async fn a_fallback_of_the_users_wins() {
    let fallback = async || (StatusCode::IM_A_TEAPOT, "mine");
    let after = shop().fallback(fallback).with_state(state());
    let before = Router::new().fallback(fallback).merge(shop()).with_state(state());
    for router in [after, before] {
        assert_eq!(status(&router, "GET", "/nope").await, 418);
        assert_eq!(status(&router, "GET", "/shop/articles/x").await, 404);
        assert_eq!(body(&router, "GET", "/shop/articles/7").await, "article 7");
    }
}

#[tokio::test]
async fn unknown_paths_are_answered_with_json() {
    let router = shop().with_state(state());
    for path in ["/nope", "/shop/articles/x", "/shop/articles/100", "/shop/plain/a%2Fb"] {
        let answer = send(&router, "GET", path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (404, "application/json"),
            "{path}"
        );
        assert_eq!(answer.header("allow"), "", "{path}");
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(body["message"].is_string(), "{path}");
    }
}

/// axum shows no handler what else its path has, so that `Allow` is the file's.
#[tokio::test]
async fn a_verb_that_the_file_lacks_is_served_by_hand_and_allow_lists_the_files() {
    let by_hand = || Router::new().route("/shop/articles", put(async || "by hand"));
    let after = shop().route("/shop/articles", put(async || "by hand"));
    for router in [after, shop().merge(by_hand()), by_hand().merge(shop())] {
        let router = router.with_state(state());
        assert_eq!(body(&router, "PUT", "/shop/articles").await, "by hand");
        for (method, expected) in [("PATCH", 405), ("OPTIONS", 200)] {
            let answer = send(&router, method, "/shop/articles").await;
            assert_eq!(
                (answer.status, answer.header("allow")),
                (expected, "GET, HEAD, POST, DELETE, OPTIONS"),
                "{method}"
            );
        }
    }
}

/// Refuses requests without a key, as an application's own authentication would.
async fn with_key(request: Request, next: Next) -> Response {
    if request.headers().contains_key("key") {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

#[tokio::test]
async fn no_spelling_of_a_path_gets_around_a_route_layer() {
    let router = shop().route_layer(middleware::from_fn(with_key)).with_state(state());
    for (method, path) in [
        ("GET", "/shop/articles"),
        ("get", "/shop/articles"),
        ("GET", "/shop/articles/%37"),
        ("GET", "/shop/articles/%D9%A7"),
        ("PATCH", "/shop/articles"),
        ("DELETE", "/shop/plain/fixed"),
    ] {
        assert_eq!(status(&router, method, path).await, 401, "{method} {path}");
    }
    for path in ["//shop/articles", "/shop/%61rticles", "/shop%2Farticles"] {
        let answer = send(&router, "GET", path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (308, "/shop/articles"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_layers_put_into_a_request_reaches_handlers_that_were_found_late() {
    let router = shop().layer(Extension(User("Ann"))).with_state(state());
    let plain = body(&router, "DELETE", "/shop/plain/x?q").await;
    assert_eq!(plain, "x /shop/plain/{name} /shop/plain/x?q /shop/plain/x?q Ann");
    // By its verb, by its spelling, and by a path that a fixed one hides.
    let small = body(&router, "delete", "/shop/plain/x?q").await;
    assert_eq!(small, plain);
    let broken = body(&router, "DELETE", "/shop/plain/%FF?q").await;
    assert_eq!(
        broken,
        "\u{fffd} /shop/plain/{name} /shop/plain/%FF?q /shop/plain/%EF%BF%BD?q Ann"
    );
    let hidden = body(&router, "DELETE", "/shop/plain/fixed").await;
    assert_eq!(
        hidden,
        "fixed /shop/plain/{name} /shop/plain/fixed /shop/plain/fixed Ann"
    );
}

#[tokio::test]
async fn digits_of_other_scripts_reach_handlers_as_numbers() {
    let router = shop().with_state(state());
    assert_eq!(body(&router, "GET", "/shop/articles/%D9%A1%D9%A7").await, "article 17");
}

#[tokio::test]
async fn any_answers_the_verbs_that_the_path_does_not_name() {
    let router = shop().with_state(state());
    assert_eq!(body(&router, "GET", "/shop/plain").await, "plain");
    for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        assert_eq!(body(&router, method, "/shop/plain").await, format!("any: {method}"));
    }
    assert_eq!(body(&router, "put", "/shop/plain").await, "any: PUT");
    let answer = send(&router, "TRACE", "/shop/plain").await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
    );
}

#[tokio::test]
async fn verbs_of_several_resources_on_one_path_are_counted_together() {
    let router = shop().with_state(state());
    let answer = send(&router, "PATCH", "/shop/articles").await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (405, "GET, HEAD, POST, DELETE, OPTIONS")
    );
    let answer = send(&router, "OPTIONS", "/shop/articles").await;
    assert_eq!(
        (answer.status, answer.header("allow")),
        (200, "GET, HEAD, POST, DELETE, OPTIONS")
    );
    assert_eq!(answer.body, "");
}

#[tokio::test]
async fn head_is_answered_by_get_without_its_body() {
    let router = shop().with_state(state());
    for method in ["HEAD", "GET"] {
        let answer = send(&router, method, "/shop/articles").await;
        assert_eq!((answer.status, answer.header("content-length")), (200, "14"));
        assert_eq!(answer.body.is_empty(), method == "HEAD");
    }
    // A server does not know `head` as a request whose response has no body.
    let answer = send(&router, "head", "/shop/articles").await;
    assert_eq!(
        (answer.status, answer.body.len(), answer.header("content-length")),
        (200, 14, "14")
    );
}

const ORIGIN: &str = "access-control-allow-origin";

#[tokio::test]
async fn routes_with_cors_let_every_origin_read_every_answer() {
    let router = shop().with_state(state());
    for (method, path, expected) in [
        ("GET", "/shop/articles", 200),
        ("HEAD", "/shop/articles/7", 200),
        ("POST", "/shop/articles", 415),
        ("GET", "/shop/articles/x", 404),
        ("GET", "/shop/articles/100", 404),
        ("PATCH", "/shop/articles", 405),
        ("OPTIONS", "/shop/articles", 200),
        ("get", "/shop/articles/7", 200),
    ] {
        let answer = send(&router, method, path).await;
        assert_eq!(
            (answer.status, answer.header(ORIGIN)),
            (expected, "*"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_handler_decides_about_its_own_cors_header() {
    let router = shop().with_state(state());
    let request = Request::get("/shop/articles/7")
        .header("own-cors", "")
        .body(Body::empty())
        .unwrap();
    let answer = ask(&router, request).await;
    assert_eq!(answer.header(ORIGIN), "https://shop.example");
    assert_eq!(answer.headers.get_all(ORIGIN).iter().count(), 1);
}

#[tokio::test]
async fn routes_without_cors_send_no_cors_header() {
    let router = shop().with_state(state());
    for (method, path) in [
        ("PUT", "/shop/articles/7"),
        ("GET", "/shop/plain"),
        ("DELETE", "/shop/plain/x"),
        ("POST", "/shop/plain/x"),
        ("DELETE", "/shop/articles"),
        ("GET", "/nope"),
    ] {
        let answer = send(&router, method, path).await;
        assert_eq!(answer.header(ORIGIN), "", "{method} {path}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_is_redirected_to_or_refused_where_it_is_strict() {
    let router = shop().with_state(state());
    assert_eq!(body(&router, "GET", "/shop/folder/").await, "folder");
    let answer = send(&router, "GET", "/shop/folder").await;
    assert_eq!((answer.status, answer.header("location")), (308, "/shop/folder/"));
    assert_eq!(status(&router, "POST", "/shop/folder").await, 404);
    assert_eq!(status(&router, "GET", "/shop/articles/").await, 404);
}

#[tokio::test]
async fn a_redirect_is_a_path_whatever_the_host_is() {
    let router = shop().with_state(state());
    for host in ["shop.example", "internal:8080", "a b", "user@host", ""] {
        let request = Request::get("/shop/folder")
            .header("host", host)
            .body(Body::empty())
            .unwrap();
        assert_eq!(
            ask(&router, request).await.header("location"),
            "/shop/folder/",
            "{host:?}"
        );
    }
    let absolute = Request::get("http://other.example/shop/folder?q=1").body(Body::empty());
    let answer = ask(&router, absolute.unwrap()).await;
    assert_eq!(answer.header("location"), "/shop/folder/?q=1");
}

/// `//host/` and `/\host/` are other servers to a browser.
#[tokio::test]
async fn no_redirect_leads_to_another_host() {
    let inner: Router = shop().with_state(state());
    let router = Router::new().nest("/{a}/{b}", inner);
    for (path, location) in [
        ("//evil.example/shop/folder", "/.//evil.example/shop/folder/"),
        ("/\\evil.example/x/shop/folder", "/%5Cevil.example/x/shop/folder/"),
    ] {
        let answer = send(&router, "GET", path).await;
        assert_eq!((answer.status, answer.header("location")), (308, location), "{path}");
    }
}

#[tokio::test]
async fn a_router_serves_again_after_it_was_built_twice() {
    let first: Router = routes!("./macros/other.yaml");
    let build = || -> Router { routes!("./macros/other.yaml") };
    for router in [first, build(), build()] {
        let router = Router::new().route("/x", get(async || "x")).merge(router);
        assert_eq!(body(&router, "GET", "/other/things/5").await, "5");
        assert_eq!(body(&router, "GET", "/x").await, "x");
    }
}

#[test]
fn resources_are_listed_by_name_with_their_documentation() {
    let resources = bluegate::resources();
    let names: Vec<&str> = resources.iter().map(|resource| resource.name).collect();
    assert_eq!(
        names,
        ["macros: articles", "macros: other", "macros: plain", "macros: second"]
    );
    let articles = resources[0];
    assert_eq!(articles.type_name, "macros::articles::Articles");
    assert_eq!(articles.summary, "What the shop sells.");
    assert!(articles.location.contains("macros.rs:"), "{}", articles.location);
    let handlers: Vec<(&str, &str)> = articles
        .handlers
        .iter()
        .map(|handler| (handler.name, handler.summary))
        .collect();
    assert_eq!(
        handlers,
        [("get", "All of them."), ("post", ""), ("show", ""), ("put", "")]
    );
    let second: Vec<&str> = resources[3].handlers.iter().map(|handler| handler.name).collect();
    assert_eq!(second, ["clear", "get"]);
}

#[tokio::test]
async fn the_router_that_is_merged_last_answers_what_no_router_knows() {
    let shop = shop();
    let other: Router<AppState> = routes!("./macros/other.yaml");
    let by_hand = Router::new().route("/by/hand", any(async || "too"));
    let last = by_hand.clone().merge(other.clone()).merge(shop.clone());
    let first = shop.clone().merge(other).merge(by_hand);
    let routed = shop.route("/by/hand", any(async || "too"));
    for (router, of_shop) in [(last, 308), (routed, 308), (first, 404)] {
        let router = router.with_state(state());
        assert_eq!(status(&router, "GET", "/by/hand").await, 200);
        assert_eq!(status(&router, "GET", "/shop/articles").await, 200);
        for (path, expected) in [
            ("//shop/articles", of_shop),
            ("/shop//articles", of_shop),
            ("//other/things", 404),
            ("//by/hand", 404),
        ] {
            assert_eq!(status(&router, "GET", path).await, expected, "{path}");
        }
        let unknown = send(&router, "GET", "/nope").await;
        assert_eq!(unknown.header("content-type") == "application/json", of_shop == 308);
    }
}
