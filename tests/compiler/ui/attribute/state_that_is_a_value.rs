use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState;

struct Users;

#[resource(name = "users", state = AppState::new())]
impl Users {
    async fn get() {}
}

fn main() {
    let _ = routes!("../routes_file/one.json", state = AppState);
}
