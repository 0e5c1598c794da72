use axum::extract::State;
use bluegate::resource;

#[derive(Clone)]
struct AppState<R>(R);

struct Users<R>(R);

#[resource(name = "users")]
impl<R: Send + Sync + 'static> Users<R> {
    async fn get(_: State<AppState<R>>) {}
}

fn main() {}
