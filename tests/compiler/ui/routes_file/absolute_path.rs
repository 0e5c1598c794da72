use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("/etc/routes.json");
    let _ = app;
}
