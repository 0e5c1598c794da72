use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() -> Result<String, std::io::Error> {
        Ok(String::new())
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
