use bluegate::{handler, resource};

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    async fn show() {}
}

impl Users {
    #[handler]
    async fn list() {}
}

fn main() {}
