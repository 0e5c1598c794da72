use axum::extract::State;
use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(State(db): State<String>) -> String {
        let x = ;
        db.
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router<String> = routes!("./users.json");
}
