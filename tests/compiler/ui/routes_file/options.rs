use bluegate::routes;

fn main() {
    let _: axum::Router = routes!("./empty.json", layr = 5);
    let _: axum::Router = routes!("./one.json", layer = 5);
    let _: axum::Router = routes!("./one.json", errors = problem);
    let _: axum::Router = routes!("./one.json", layer = |router| router);
}

async fn problem(error: bluegate::RouteError) -> String {
    error.to_string()
}

struct Users;

#[bluegate::resource("users")]
impl Users {
    async fn get() {}
}
