use axum::extract::Path;
use bluegate::{resource, routes};

const SIZE: usize = 1;

type Page<const N: usize> = [u8; N];

macro_rules! bytes {
    () => {
        Vec<u8>
    };
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: Path<[u64; const { SIZE + 1 }]>) -> Page<{ SIZE + 1 }> {
        [0; 2]
    }

    // No action routes to these two.
    async fn post() -> Page<{ SIZE }> {
        [0]
    }

    async fn put() -> bytes! {} {
        Vec::new()
    }
}

fn main() {
    let _: axum::Router = routes!("./string.json");
}
