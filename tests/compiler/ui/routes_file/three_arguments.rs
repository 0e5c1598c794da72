use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./broken.json", (), ());
    let _ = app;
}
