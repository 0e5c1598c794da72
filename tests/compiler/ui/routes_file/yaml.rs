use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./mistake.yaml");
    let _ = app;
}
