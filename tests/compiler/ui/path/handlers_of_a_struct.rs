use axum::extract::{Path, State};
use axum::http::HeaderMap;
use bluegate::{resource, routes};

type Id<T> = Path<T>;

#[derive(serde::Deserialize)]
struct Own;

/// Only the names of its handlers stand here.
#[resource(name = "users", handlers(wrong_type, wrong_count, wrong_length, wrong_field, twice, good), state = u8)]
struct Users;

#[derive(serde::Deserialize, bluegate::PathParams)]
struct Place {
    #[allow(unused)]
    shop: String,
}

impl Users {
    async fn wrong_type(_: HeaderMap, _: State<u8>, _: Id<u64>) {}

    async fn wrong_count(_: Path<(String, u64)>) {}

    fn wrong_length(_: Option<Path<(Own, Own)>>) -> impl Future<Output = ()> + Send {
        async {}
    }

    async fn wrong_field(_: Path<Place>, _: String) {}

    async fn twice(_: Path<String>, _: Path<Own>) {}

    async fn good(_: Path<String>, _: HeaderMap, _: String) {}
}

fn main() {
    let _: axum::Router<u8> = routes!("./handlers.json");
}
