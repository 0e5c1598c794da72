use bluegate::{resource, routes};

struct Db;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {}

    async fn post() {}
}

fn main() {
    let _ = routes!("./users.json", Db);
}
