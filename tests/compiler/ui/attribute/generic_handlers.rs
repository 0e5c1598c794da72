use axum::extract::{FromRequestParts, State};
use bluegate::resource;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get<T: Clone + Send>(_: State<T>) {}

    async fn post(_: impl FromRequestParts<()>) {}

    async fn put<const N: usize>() -> [u8; N] {
        [0; N]
    }
}

fn main() {}
