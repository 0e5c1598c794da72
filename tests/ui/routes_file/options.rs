use bluegate::routes;

fn main() {
    let _: axum::Router = routes!("./empty.json", layr = 5);
    let _: axum::Router = routes!("./one.json", layer = 5);
    let _: axum::Router = routes!("./one.json", layer = |router| router);
}

struct Users;

#[bluegate::resource("users")]
impl Users {
    async fn get() {}
}
