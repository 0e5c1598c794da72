use bluegate::routes;

fn main() {
    let app: axum::Router = routes!();
    let _ = app;
}
