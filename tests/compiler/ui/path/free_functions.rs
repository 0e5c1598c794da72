use axum::extract::Path;
use bluegate::{resource, routes};

mod books {
    use axum::extract::Path;

    pub async fn list(_: Path<u64>) {}
}

async fn show(_: Path<(String, u64)>) {}

async fn closed() {}

#[resource(name = "users", handlers(wrong_type = books::list, wrong_count = show, wrong_length = closed))]
struct Users;

fn main() {
    let _: axum::Router = routes!("./handlers.json");
}
