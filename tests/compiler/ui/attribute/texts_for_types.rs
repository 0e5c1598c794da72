use bluegate::{resource, routes};

struct Users;

#[resource(name = "users", state = "Db")]
impl Users {
    #[handler("get")]
    async fn get() {}
}

struct Orders;

#[resource(name = "orders", crate = "gate")]
impl Orders {
    #[handler("get")]
    async fn get() {}
}

struct Invoices;

#[resource(name = "invoices")]
impl Invoices {
    #[handler("get")]
    async fn get() {}
}

fn main() {
    let _ = routes!("../resource/shop.json", "App");
}
