use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./no_such_file.json");
    let _ = app;
}
