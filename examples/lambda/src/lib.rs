//! A kiosk. Its routes stand in `routes.json`, their handlers here; API Gateway calls it as a Lambda function.

mod covers;
mod gateway;
mod magazines;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use bluegate::routes;
use lambda_http::tower::ServiceBuilder;
use lambda_http::{Adapter, lambda_runtime};

/// What handlers share. Each instance of a function has its own: what is to last belongs into a database.
#[derive(Debug, Clone, Default)]
struct Shelves(Arc<Mutex<Stock>>);

#[derive(Debug, Default)]
struct Stock {
    /// Magazines by name, with their tags.
    magazines: BTreeMap<String, BTreeSet<String>>,
    /// Pictures by path.
    covers: BTreeMap<String, Bytes>,
}

impl Shelves {
    fn stock(&self) -> MutexGuard<'_, Stock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The service, as axum serves it anywhere.
pub fn app() -> Router {
    routes!("routes.json", Shelves).with_state(Shelves::default())
}

/// The service, as API Gateway calls it: answers one event of Lambda after the other.
///
/// # Errors
///
/// Those of [`lambda_http::run`].
pub async fn run() -> Result<(), lambda_http::Error> {
    let service = ServiceBuilder::new()
        .map_request(gateway::with_all_headers)
        .layer_fn(Adapter::from)
        .map_request(gateway::at_route)
        .service(app());
    lambda_runtime::run(service).await
}
