use bluegate::routes;

fn main() {
    let app: axum::Router = routes!("./several_mistakes.json");
    let _ = app;
}
