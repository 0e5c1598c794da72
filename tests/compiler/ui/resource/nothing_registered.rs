use bluegate::routes;

fn main() {
    let _: axum::Router = routes!("./shop.json");
}
