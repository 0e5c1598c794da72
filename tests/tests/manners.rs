//! With axum's manners a router answers as one that is written by hand.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, HeaderMap};
use axum::http::{Request, StatusCode};
use axum::routing::{MethodFilter, get, on, put};
use bluegate::{RouteError, resource, routes};
use tower::ServiceExt as _;

struct Plain;

#[resource(name = "plain")]
impl Plain {
    #[handler]
    async fn text() -> &'static str {
        "text"
    }

    #[handler]
    async fn number(Path(id): Path<u64>) -> String {
        id.to_string()
    }

    #[handler]
    async fn rest(Path(name): Path<String>) -> String {
        name
    }
}

struct Loose;

#[resource(name = "loose")]
impl Loose {
    async fn get() -> &'static str {
        "loose"
    }
}

struct Bounded;

#[resource(name = "bounded")]
impl Bounded {
    async fn get(Path((id, word)): Path<(u64, String)>) -> String {
        format!("{id} {word}")
    }

    async fn put(Path((id, word)): Path<(u64, String)>) -> String {
        format!("{id} {word}")
    }
}

fn app() -> Router {
    routes!("./manners/routes.json")
}

fn by_hand() -> Router {
    let any = [
        MethodFilter::GET,
        MethodFilter::HEAD,
        MethodFilter::POST,
        MethodFilter::PUT,
        MethodFilter::PATCH,
        MethodFilter::DELETE,
        MethodFilter::OPTIONS,
    ];
    let any = any.into_iter().reduce(MethodFilter::or).unwrap();
    Router::new()
        .route("/api/users", get(Plain::text).post(Plain::text))
        .route("/api/users/me", put(Plain::text))
        .route("/api/users/{id}", get(Plain::number))
        .route("/api/slash/", get(Plain::text))
        .route("/api/files/{*name}", get(Plain::rest))
        .route("/api/any", on(any, Plain::text))
        .route("/api/loose", get(Loose::get))
        .route("/api/loose/", get(Loose::get))
        .route("/api/bounded/{id}/{word}", get(Bounded::get).put(Bounded::put))
}

async fn asked(app: Router, method: &str, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 1000).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn every_answer_is_that_of_the_router_by_hand() {
    let methods = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "get", "ODD"];
    let paths = [
        "/api/users",
        "/api/users/",
        "//api/users",
        "/api//users",
        "/api/%75sers",
        "/api/users?a=b",
        "/api/users/me",
        "/api/users/7",
        "/api/users/%37",
        "/api/users/007",
        "/api/users/+7",
        "/api/users/x",
        "/api/users/99999999999999999999",
        "/api/users/7/",
        "/api/users/%ff",
        "/api/slash",
        "/api/slash/",
        "/api/slash//",
        "/api/files",
        "/api/files/",
        "/api/files/a",
        "/api/files/a//b/",
        "/api/files/a%2Fb",
        "/api/any",
        "/api/loose",
        "/api/loose/",
        "/api/bounded/7/red",
        "/api/bounded/x/red",
        "/api/none",
        "/",
        "/%2e%2e/",
    ];
    for method in methods {
        for path in paths {
            let (status, mut headers, body) = asked(app(), method, path).await;
            let hand = asked(by_hand(), method, path).await;
            let may_be_shared = path.starts_with("/api/files/a") || path.starts_with("/api/bounded");
            if headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN).is_some() {
                assert!(may_be_shared, "{method} {path}");
            }
            assert_eq!((status, headers, body), hand, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_the_file_does_not_permit_is_refused_before_the_handler() {
    for path in ["/api/bounded/10/red", "/api/bounded/9/blue", "/api/bounded/9/%62lue"] {
        let (status, _, body) = asked(app(), "GET", path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
        assert!(body.starts_with("Invalid URL: "), "{body}");
        assert_eq!(asked(app(), "PUT", path).await.0, StatusCode::OK, "{path}");
    }
    assert_eq!(asked(app(), "GET", "/api/bounded/9/gr%65en").await.2, "9 green");
    assert_eq!(asked(app(), "GET", "/api/users/-7").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_header_of_cors_is_on_every_answer_of_its_path() {
    let shared = async |method, path| {
        asked(app(), method, path)
            .await
            .1
            .contains_key(ACCESS_CONTROL_ALLOW_ORIGIN)
    };
    assert!(shared("GET", "/api/files/a").await);
    assert!(shared("DELETE", "/api/files/a").await);
    assert!(shared("DELETE", "/api/bounded/1/red").await);
    assert!(shared("PUT", "/api/bounded/1/red").await);
    assert!(!shared("GET", "/api/bounded/1/red").await);
    assert!(!shared("DELETE", "/api/users").await);
    assert!(!shared("GET", "/api/none").await);
}

#[tokio::test]
async fn fallbacks_of_axum_answer_what_no_handler_does() {
    let app = || {
        app()
            .fallback(async || (StatusCode::NOT_FOUND, "page"))
            .method_not_allowed_fallback(async || (StatusCode::METHOD_NOT_ALLOWED, "method"))
    };
    assert_eq!(asked(app(), "GET", "/none").await.2, "page");
    for path in ["/api/users", "/api/files/a", "/api/bounded/1/red"] {
        let (status, headers, body) = asked(app(), "DELETE", path).await;
        assert_eq!((status.as_u16(), body.as_str()), (405, "method"), "{path}");
        assert!(headers.contains_key(ALLOW), "{path}");
    }
}

#[tokio::test]
async fn a_function_of_the_service_answers_in_place_of_axum_and_fallbacks_win_over_it() {
    let app = || -> Router { routes!("./manners/routes.json", errors = |error: RouteError| error.to_string()) };
    for (method, path, status, told) in [
        ("GET", "/none", 404, "no route has this path"),
        ("DELETE", "/api/users", 405, "no route with this path has this method"),
        ("DELETE", "/api/files/a", 405, "no route with this path has this method"),
        (
            "GET",
            "/api/bounded/10/red",
            400,
            "the route does not take a value of this path",
        ),
    ] {
        let (found, headers, body) = asked(app(), method, path).await;
        assert_eq!((found.as_u16(), body.as_str()), (status, told), "{method} {path}");
        assert_eq!(headers.contains_key(ALLOW), status == 405, "{method} {path}");
    }
    // What an extractor refuses is the extractor's.
    assert!(
        asked(app(), "GET", "/api/users/x")
            .await
            .2
            .starts_with("Invalid URL: Cannot parse")
    );
    let app = || {
        app()
            .method_not_allowed_fallback(async || "method")
            .fallback(async || "page")
    };
    assert_eq!(asked(app(), "DELETE", "/api/users").await.2, "method");
    assert_eq!(asked(app(), "DELETE", "/none").await.2, "page");
}

#[tokio::test]
async fn a_verb_that_is_added_by_hand_is_in_allow() {
    let app = app().route("/api/users", put(async || "put"));
    assert_eq!(asked(app.clone(), "PUT", "/api/users").await.2, "put");
    let (_, headers, _) = asked(app, "DELETE", "/api/users").await;
    assert_eq!(headers[ALLOW], "GET,HEAD,POST,PUT");
}
