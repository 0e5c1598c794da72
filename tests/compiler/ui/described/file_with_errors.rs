use bluegate::routes;

routes!(pub struct Api = "./broken.json");

fn main() {
    let _: axum::Router = Api::router().merge(Api::well_known());
    println!("{} {}", Api::DIGEST, Api::ROUTES.len());
}
