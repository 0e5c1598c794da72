use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./not_json.json");
    let _ = app;
}
