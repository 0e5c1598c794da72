//! Routes that somebody else answers need no handler, and pages of other origins read what the file lets them.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, HeaderMap,
    HeaderName, ORIGIN, VARY,
};
use axum::http::{Request, StatusCode};
use bluegate::{resource, routes};
use tower::ServiceExt as _;

struct Books;

#[resource(name = "books")]
impl Books {
    async fn get() -> &'static str {
        "all"
    }

    #[handler]
    async fn show(Path(id): Path<u64>) -> String {
        id.to_string()
    }

    #[handler]
    async fn open() -> &'static str {
        "open"
    }
}

async fn answer(method: &str, path: &str, origin: Option<&str>) -> (StatusCode, HeaderMap) {
    let router: Router = routes!("tests/served/routes.yaml");
    let mut request = Request::builder().method(method).uri(path);
    if let Some(origin) = origin {
        request = request.header(ORIGIN, origin);
    }
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (response.status(), response.headers().clone())
}

#[tokio::test]
async fn what_somebody_else_answers_the_router_does_not() {
    for (method, path, status) in [
        ("GET", "/books", 200),
        ("POST", "/books", 405),
        ("GET", "/books/7", 200),
        ("GET", "/books/search", 404),
        ("GET", "/version", 404),
    ] {
        assert_eq!(answer(method, path, None).await.0, status, "{method} {path}");
    }
}

#[tokio::test]
async fn answers_name_the_origins_of_the_file() {
    const SHOP: &str = "https://shop.example.com";
    const DESK: &str = "https://desk.example.com";
    const OTHER: &str = "https://other.example.com";
    for (method, path, asking, named) in [
        ("GET", "/books", Some(OTHER), Some(SHOP)),
        ("GET", "/books", None, Some(SHOP)),
        ("DELETE", "/books", Some(SHOP), Some(SHOP)),
        ("GET", "/books/7", Some(DESK), Some(DESK)),
        ("GET", "/books/7", Some(SHOP), Some(SHOP)),
        ("GET", "/books/x", Some(DESK), Some(DESK)),
        ("GET", "/books/7", Some(OTHER), None),
        ("GET", "/books/7", None, None),
        ("GET", "/open", Some(OTHER), Some("*")),
        ("GET", "/open", None, Some("*")),
    ] {
        let (_, headers) = answer(method, path, asking).await;
        let header = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap());
        let told = format!("{method} {path} from {asking:?}");
        assert_eq!(header(ACCESS_CONTROL_ALLOW_ORIGIN), named, "{told}");
        let credentials = named.filter(|named| *named != "*").map(|_| "true");
        assert_eq!(header(ACCESS_CONTROL_ALLOW_CREDENTIALS), credentials, "{told}");
        let several = path.starts_with("/books/").then_some("Origin");
        assert_eq!(header(VARY), several, "{told}");
        let exposed = (path == "/books").then_some("X-Total, ETag");
        assert_eq!(header(ACCESS_CONTROL_EXPOSE_HEADERS), exposed, "{told}");
    }
}
