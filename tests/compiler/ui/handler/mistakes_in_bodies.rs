use axum::extract::State;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db {
    name: &'static str,
}

struct Users;

// Every mistake is shown where it is made, once.
#[resource(name = "users")]
impl Users {
    async fn get(State(db): State<Db>) -> String {
        let length: usize = db.name;
        db.nam.to_owned() + Self::helpr(length)
    }

    #[handler]
    async fn post(State(db): State<Db>) -> &'static str {
        undefined(db).await
    }

    fn helper(_: usize) -> &'static str {
        "help"
    }
}

fn main() {
    let _: axum::Router = routes!("./users.json", Db).with_state(Db { name: "x" });
}
