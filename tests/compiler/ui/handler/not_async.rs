use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    #[handler]
    fn get() -> &'static str {
        ""
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
