use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    #[cfg(any())]
    async fn get() {}

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
