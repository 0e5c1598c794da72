use axum::extract::{Path, State};
use bluegate::{resource, routes};

trait Repo: Clone + Send + Sync + 'static {
    type Id: serde::de::DeserializeOwned + Send + 'static;
}

#[derive(Clone)]
struct Pg;

impl Repo for Pg {
    type Id = u64;
}

struct Users<R>(R);

#[resource(name = "users", state = R)]
impl<R: Repo> Users<R> {
    #[handler]
    async fn wrong_type(_: Path<R::Id>, _: State<R>) {}

    #[handler]
    async fn wrong_count(_: Path<(u64, u64)>) {}

    #[handler]
    async fn wrong_length(_: Option<Path<<Self as Own>::Id>>) {}

    #[handler]
    async fn wrong_field(_: Path<u64>) {}

    #[handler]
    async fn twice(_: Path<R::Id>, _: Path<String>) {}

    #[handler]
    async fn good(_: Path<String>) {}
}

trait Own {
    type Id;
}

impl<R: Repo> Own for Users<R> {
    type Id = R::Id;
}

fn main() {
    let _: axum::Router<Pg> = routes!("./handlers.json");
}
