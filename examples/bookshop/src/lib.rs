//! A bookshop. Its routes stand in `routes.json`, their handlers here: one module a resource.

mod authors;
mod books;
mod covers;
mod error;
mod health;
mod log;
mod orders;
mod payments;
mod store;

use std::sync::Arc;

use axum::{Router, middleware};
use bluegate::routes;

pub use error::Error;
use store::Store;

/// What handlers share.
#[derive(Debug, Clone)]
struct AppState {
    store: Arc<Store>,
}

/// The service, with a few books on its shelves.
///
/// ```
/// # use tower::ServiceExt as _;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let request = axum::http::Request::get("/api/books/1").body(axum::body::Body::empty()).unwrap();
/// let response = bookshop::app().oneshot(request).await.unwrap();
/// assert_eq!(response.status(), 200);
/// # }
/// ```
pub fn app() -> Router {
    let state = AppState {
        store: Arc::new(Store::stocked()),
    };
    routes!("routes.json", AppState)
        .layer(middleware::from_fn(log::request))
        .with_state(state)
}
