use bluegate::routes;

fn main() {
    let _: axum::Router = routes!(concat!(stringify!(routes), ".json"));
    let _: axum::Router = routes!(include_str!("routes.json"));
    let _: axum::Router = routes!(concat!(env!("BLUEGATE_IS_NOT_SET"), "/routes.json"));
}
