use bluegate::{resource, routes};

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get() {
        let rc = std::rc::Rc::new(1);
        std::future::ready(()).await;
        drop(rc);
    }

    async fn post() {}
}

fn main() {
    let _: axum::Router = routes!("./users.json");
}
