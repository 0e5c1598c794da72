use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./colliding_routes.json");
    let _ = app;
}
