use bluegate::{resource, routes};

#[derive(Clone)]
struct AppState;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}
}

fn main() {
    let state = AppState;
    let _ = routes!("./one.json", state);
}
