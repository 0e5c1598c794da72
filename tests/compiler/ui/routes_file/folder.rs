use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("../routes_file");
    let _ = app;
}
