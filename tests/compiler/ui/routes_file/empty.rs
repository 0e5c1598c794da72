use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./empty.json");
    let _ = app;
}
