use axum::routing::MethodRouter;
use bluegate::resource;

#[derive(Clone)]
struct AppState;

struct Users;

#[resource(name = "users", state = AppState, layer = limited)]
impl Users {
    async fn get() {}
}

fn limited(router: MethodRouter<AppState>) -> MethodRouter<AppState> {
    router
}

fn main() {}
