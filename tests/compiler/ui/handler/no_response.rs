use bluegate::{resource, routes};

struct Own;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() -> Own {
        Own
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
