//! Resources of a library, and routes files in all places.
#![deny(warnings)]

use library as _;

struct Orders;

#[bluegate::resource(name = "orders")]
impl Orders {
    async fn get() {}
}

fn main() {
    let own: axum::Router = bluegate::routes!("routes.json");
    let of_the_library: axum::Router = bluegate::routes!("../../library/routes.json");
    let beside: axum::Router = bluegate::routes!("./beside.json");
    let absolute: axum::Router = bluegate::routes!(concat!(env!("CARGO_MANIFEST_DIR"), "/routes.json"));
    let made: axum::Router = bluegate::routes!(concat!(env!("OUT_DIR"), "/routes.json"));
    let named: axum::Router = bluegate::routes!(env!("ROUTES_FILE"));
    let _ = (own, of_the_library, beside, absolute, made, named, library::router::<()>());
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_test_has_a_router() {
        let _: axum::Router = bluegate::routes!("routes.json");
    }
}
