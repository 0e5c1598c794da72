//! Resources for all states of one kind.

use axum::Router;
use axum::extract::{Path, State};
use bluegate::{resource, routes};

// What the page shows …
pub trait Repo: Clone + Send + Sync + 'static {
    fn title(&self, id: u32) -> Option<String>;
}

#[derive(Clone)]
pub struct AppState<R> {
    pub repo: R,
}

struct Books<R>(R);

#[resource(name = "generic")]
impl<R: Repo> Books<R> {
    async fn get() -> &'static str {
        "[]"
    }

    #[handler]
    async fn show(State(state): State<AppState<R>>, Path(id): Path<u32>) -> String {
        state.repo.title(id).unwrap_or_default()
    }

    async fn put() {}
}

pub fn app<R: Repo>(repo: R) -> Router {
    routes!("./generic.json", AppState<R>).with_state(AppState { repo })
}
// … to here.
