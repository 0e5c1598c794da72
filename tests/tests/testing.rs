//! What the page about testing shows.

use axum::extract::{Path, State};

#[derive(Clone)]
struct AppState {
    name: &'static str,
}

struct Greetings;

#[bluegate::resource("greetings")]
impl Greetings {
    async fn get(Path(id): Path<u64>, State(state): State<AppState>) -> String {
        format!("{} {id}", state.name)
    }
}

// What the page shows, from here …
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tower::ServiceExt as _;

fn app() -> Router {
    bluegate::routes!("./testing/routes.json", AppState).with_state(AppState { name: "hello" })
}

async fn asked(request: Request<Body>) -> (StatusCode, String) {
    let response = app().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_greeting_has_its_number() {
    let request = Request::get("/api/greetings/7").body(Body::empty()).unwrap();
    assert_eq!(asked(request).await, (StatusCode::OK, "hello 7".to_owned()));
    let request = Request::get("/api/greetings/x").body(Body::empty()).unwrap();
    assert_eq!(asked(request).await.0, StatusCode::NOT_FOUND);
}
// … to here.

#[test]
fn every_resource_is_routed_and_every_argument_judged() {
    bluegate::assert_resources_are_routed();
    assert_eq!(bluegate::unjudged(), []);
}

#[test]
fn the_page_shows_the_code_above() {
    let source = include_str!("testing.rs");
    let (_, rest) = source.split_once("// What the page shows, from here …\n").unwrap();
    let (shown, _) = rest.split_once("// … to here.\n").unwrap();
    let page = include_str!("../../docs/testing.md");
    let shown = shown.replace("./testing/routes.json", "routes.json");
    assert!(page.contains(&shown), "the page does not have:\n{shown}");
}
