use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState<R>(R);

trait Repo: Clone + Send + Sync + 'static {}

struct Users<R>(R);

#[resource(name = "users")]
impl<R: Repo> Users<R> {
    async fn get(_: State<AppState<R>>, _: u64) {}

    async fn post() {}
}

#[derive(Clone)]
struct NoRepo;

fn main() {
    let _: axum::Router<AppState<NoRepo>> = routes!("./users.json");
}
