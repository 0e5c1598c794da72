//! Handlers that are functions of any place: of a module, of another type, generic ones, and of an `impl` block besides.

use axum::extract::{Path, State};
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

mod books {
    use axum::extract::{Path, State};

    use super::Db;

    pub async fn list(_: State<Db>) -> &'static str {
        "[]"
    }

    pub async fn show<T: Default>(_: Path<u64>) -> String
    where
        T: ToString,
    {
        T::default().to_string()
    }
}

#[axum::debug_handler]
async fn put(_: Path<i64>, _: String) {}

struct Shelf<T>(T);

trait Emptied {
    async fn empty(_: Path<i32>) {}
}

impl Emptied for Shelf<u8> {}

#[resource(
    name = "books",
    handlers(get = books::list, show = crate::books::show::<u8>, put = put, r#type = <Shelf<u8> as Emptied>::empty, post),
    state = Db
)]
struct Books;

impl Books {
    async fn post() {}
}

struct Films;

#[resource(name = "films", handlers(list = books::list))]
impl Films {
    #[handler]
    async fn show(_: State<Db>, _: Path<u32>) {}
}

#[test]
fn it_fits() {
    let _: axum::Router<Db> = routes!("./free_functions.json");
}
