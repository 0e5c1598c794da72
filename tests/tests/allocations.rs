//! What a request costs in memory: through the router that `routes!` writes it allocates as often as through one that
//! is written by hand.

use allocation_counter::measure;
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use bluegate::{resource, routes};
use tower::ServiceExt as _;

struct Counted;

#[resource(name = "counted")]
impl Counted {
    #[handler]
    async fn plain() -> &'static str {
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

fn by_hand() -> Router {
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

/// As `axum::serve` has them: handlers are bound to the state once, and not at every request.
fn served(router: Router) -> Router {
    router.with_state(())
}

#[test]
fn a_handler_of_one_rule_costs_no_allocation_of_its_own() {
    let (hand, bluegate) = (by_hand(), routes!("tests/allocations/routes.json"));
    for path in [
        "/api/plain",
        "/api/items/1234",
        "/api/codes/550e8400-e29b-41d4-a716-446655440000",
        "/api/three/one/two/three",
    ] {
        assert_eq!(allocations(&bluegate, path), allocations(&hand, path), "{path}");
    }
}

#[test]
fn the_same_holds_for_a_router_that_is_served() {
    let (hand, bluegate) = (served(by_hand()), served(routes!("tests/allocations/routes.json")));
    for path in ["/api/plain", "/api/items/1234", "/api/three/one/two/three"] {
        assert_eq!(allocations(&bluegate, path), allocations(&hand, path), "{path}");
    }
}

#[test]
fn a_handler_of_two_rules_costs_none_either() {
    let (hand, bluegate) = (by_hand(), routes!("tests/allocations/routes.json"));
    for path in ["/api/both", "/api/both/name"] {
        assert_eq!(allocations(&bluegate, path), allocations(&hand, path), "{path}");
    }
}

#[test]
fn a_handler_of_many_rules_carries_its_rule() {
    let (hand, bluegate) = (served(by_hand()), served(routes!("tests/allocations/routes.json")));
    for path in ["/api/many", "/api/many/name", "/api/more/name"] {
        let (bluegate, hand) = (allocations(&bluegate, path), allocations(&hand, path));
        assert!(
            (hand..=hand + 1).contains(&bluegate),
            "{path}: {bluegate} beside {hand}"
        );
    }
}
