use bluegate::routes;

const ROUTES: &str = "routes.json";

fn main() {
    let app: axum::Router = routes!(ROUTES);
    let _ = app;
}
