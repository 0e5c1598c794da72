use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}
}

routes!(struct Api = "./users.json");

fn main() {
    let _: axum::Router = Api::router();
}
