use bluegate::{handler, resource};

#[resource(name = "users")]
struct Users;

impl Users {
    #[handler]
    async fn show() {}

    #[handler]
    async fn list() {}
}

fn main() {}
