//! What a request costs in memory: through the router that `routes!` writes it allocates no more than through one that is
//! written by hand.

use std::sync::Arc;

use allocation_counter::measure;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::routing::get;
use bluegate::{resource, routes};
use tower::ServiceExt as _;

/// As most services have one.
#[derive(Clone)]
struct App(#[allow(dead_code)] Arc<str>);

struct Counted;

#[resource(name = "counted")]
impl Counted {
    #[handler]
    async fn plain(_: State<App>) -> &'static str {
        "plain"
    }

    #[handler]
    async fn item(Path(id): Path<u64>) -> StatusCode {
        if id == 0 { StatusCode::CREATED } else { StatusCode::OK }
    }

    #[handler]
    async fn code(Path(code): Path<String>) -> String {
        code
    }

    #[handler]
    async fn three(Path((a, _, _)): Path<(String, String, String)>) -> String {
        a
    }

    #[handler]
    async fn both(name: Option<Path<String>>) -> StatusCode {
        if name.is_some() {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        }
    }

    #[handler]
    async fn many(name: Option<Path<String>>) -> StatusCode {
        if name.is_some() {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        }
    }
}

fn by_hand() -> Router<App> {
    Router::new()
        .route("/api/plain", get(Counted::plain))
        .route("/api/items/{id}", get(Counted::item))
        .route("/api/codes/{code}", get(Counted::code))
        .route("/api/three/{a}/{b}/{c}", get(Counted::three))
        .route("/api/both", get(Counted::both))
        .route("/api/both/{name}", get(Counted::both))
        .route("/api/many", get(Counted::many))
        .route("/api/many/{name}", get(Counted::many))
        .route("/api/more/{name}", get(Counted::many))
}

/// The allocations of a request, after a first one that builds what is built once.
fn allocations(router: &Router, path: &str) -> u64 {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        panic!("a runtime without I/O needs nothing of the system");
    };
    let send = || {
        let Ok(request) = Request::builder().uri(path).body(Body::empty()) else {
            panic!("{path}");
        };
        let response = runtime.block_on(router.clone().oneshot(request));
        assert!(response.is_ok_and(|response| response.status().is_success()), "{path}");
    };
    send();
    measure(send).count_total
}

fn served(router: Router<App>) -> Router {
    router.with_state(App("shop".into()))
}

#[test]
fn a_handler_costs_no_allocation_more_than_by_hand() {
    let (hand, bluegate) = (served(by_hand()), served(routes!("tests/allocations/routes.json")));
    for path in [
        "/api/plain",
        "/api/items/1234",
        "/api/codes/550e8400-e29b-41d4-a716-446655440000",
        "/api/three/one/two/three",
        "/api/both",
        "/api/both/name",
        "/api/many",
        "/api/many/name",
        "/api/more/name",
    ] {
        assert_eq!(allocations(&bluegate, path), allocations(&hand, path), "{path}");
    }
}

struct Stateless;

#[resource(name = "counted without a state")]
impl Stateless {
    async fn get(Path(id): Path<u64>) -> StatusCode {
        Counted::item(Path(id)).await
    }
}

/// axum has nothing to copy of a handler by hand then, and of ours its rule.
#[test]
fn without_a_state_it_is_one() {
    let hand: Router = Router::new().route("/api/items/{id}", get(Stateless::get));
    let bluegate = routes!("tests/allocations/stateless.json");
    let path = "/api/items/1234";
    assert_eq!(allocations(&bluegate, path), allocations(&hand, path) + 1);
}
