use bluegate::{resource, routes};

async fn list(id: u64) -> String {
    id.to_string()
}

fn show() {}

#[resource(name = "users", handlers(get = list, post = show))]
struct Users;

fn main() {
    let _: axum::Router = routes!("./users.json");
}
