use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() -> u64 {
        1
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
