use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    #[handler]
    async fn join() {}
}

fn main() {
    let _: axum::Router = routes!("./somebody_else_answers.json");
}
