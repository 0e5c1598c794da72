//! What answers where no handler does.

use axum::body::{Body, to_bytes};
use axum::extract::Path;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CONTENT_TYPE, HeaderMap};
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::{Json, Router};
use bluegate::{RouteError, resource, routes};
use serde_json::json;
use tower::ServiceExt as _;

struct Things;

#[resource(name = "things")]
impl Things {
    async fn get(Path(id): Path<u8>) -> Result<String, Error> {
        if id == 0 { Err(Error::Gone) } else { Ok(id.to_string()) }
    }

    async fn post() {}
}

// What the page shows, from here …
/// An error of the API.
enum Error {
    Gone,
    Route(RouteError),
}

impl IntoResponse for Error {
    fn into_response(self) -> axum::response::Response {
        let (status, title, instance) = match self {
            Error::Gone => (StatusCode::GONE, "it is gone".to_owned(), None),
            Error::Route(error) => {
                let path = error.request().uri.path().to_owned();
                (error.status(), error.to_string(), Some(path))
            }
        };
        let body = json!({"status": status.as_u16(), "title": title, "instance": instance});
        (status, [(CONTENT_TYPE, "application/problem+json")], Json(body)).into_response()
    }
}

fn app() -> Router {
    routes!("./errors/routes.json", errors = Error::Route)
}
// … to here.

async fn asked(app: Router, method: &str, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let (parts, body) = app.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 1000).await.unwrap();
    (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_function_of_the_service_answers_what_no_handler_does() {
    for (method, path, status, allow) in [
        ("GET", "/api/nothing", 404, None),
        ("GET", "/api/things/x", 404, None),
        ("GET", "/api/things/10", 404, None),
        ("DELETE", "/api/things/1", 405, Some("GET, HEAD, OPTIONS")),
        ("get", "/elsewhere", 404, None),
    ] {
        let (found, headers, body) = asked(app(), method, path).await;
        assert_eq!(found, status, "{method} {path}");
        assert_eq!(headers[CONTENT_TYPE], "application/problem+json");
        assert!(body.contains(&format!("\"instance\":\"{path}\"")), "{body}");
        assert!(body.contains(&format!("\"status\":{status}")), "{body}");
        assert_eq!(headers.get(ALLOW).map(|allow| allow.to_str().unwrap()), allow);
    }
    let (status, _, body) = asked(app(), "GET", "/api/things/0").await;
    assert!(status == StatusCode::GONE && body.contains("it is gone"));
    assert_eq!(asked(app(), "GET", "/api/things/1").await.2, "1");
}

#[tokio::test]
async fn pages_of_other_origins_may_read_it_where_the_file_says_so() {
    let shared = async |method, path| {
        asked(app(), method, path)
            .await
            .1
            .contains_key(ACCESS_CONTROL_ALLOW_ORIGIN)
    };
    assert!(shared("DELETE", "/api/things/1").await);
    assert!(shared("GET", "/api/things/10").await);
    assert!(!shared("DELETE", "/api/things/").await);
    assert!(!shared("GET", "/api/nothing").await);
}

#[tokio::test]
async fn a_response_without_a_status_has_that_of_the_error() {
    let app: Router = routes!("./errors/routes.json", errors = |error: RouteError| error.to_string());
    let (status, _, body) = asked(app.clone(), "PUT", "/api/things/1").await;
    assert_eq!(
        (status.as_u16(), body.as_str()),
        (405, "no route with this path has this method")
    );
    let (status, _, body) = asked(app, "PUT", "/api").await;
    assert_eq!((status.as_u16(), body.as_str()), (404, "no route has this path"));
    let app: Router = routes!("./errors/routes.json", errors = |_| StatusCode::IM_A_TEAPOT);
    assert_eq!(asked(app, "PUT", "/api").await.0, StatusCode::IM_A_TEAPOT);
}

#[tokio::test]
async fn a_fallback_still_answers_what_no_route_has() {
    let app: Router = app().fallback(async || (StatusCode::NOT_FOUND, "page"));
    assert_eq!(asked(app.clone(), "GET", "/index.html").await.2, "page");
    assert_eq!(
        asked(app.clone(), "PUT", "/api/things/1").await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(
        asked(app, "GET", "/api/things/x").await.1[CONTENT_TYPE],
        "application/problem+json"
    );
}

#[tokio::test]
async fn a_redirect_is_no_error() {
    let (status, _, body) = asked(app(), "POST", "/api/things").await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(body, "{\"message\": \"The requested URL has moved.\"}\n");
}

/// Two files with errors of their own make one service.
#[tokio::test]
async fn routers_with_errors_can_be_merged() {
    let other: Router = Router::new().nest("/v2", app());
    let app = other.merge(app());
    assert_eq!(asked(app.clone(), "GET", "/v2/api/things/1").await.2, "1");
    assert!(asked(app, "GET", "/nothing").await.2.contains("instance"));
}

#[test]
fn the_page_shows_the_code_above() {
    let source = include_str!("errors.rs");
    let (_, rest) = source.split_once("// What the page shows, from here …\n").unwrap();
    let (shown, _) = rest.split_once("// … to here.\n").unwrap();
    let page = include_str!("../../docs/errors.md");
    let shown = shown.replace("./errors/routes.json", "routes.json");
    assert!(page.contains(&shown), "the page does not have:\n{shown}");
}
