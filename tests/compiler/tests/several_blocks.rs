//! A resource of several blocks, of several types, in several modules.

use axum::extract::{Path, State};
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

struct Books;

#[resource(name = "books", state = Db)]
impl Books {
    async fn get() {}

    #[handler]
    async fn show(_: Path<u64>) {}
}

mod admin {
    use super::*;

    #[resource(name = "books", part = 2)]
    impl Books {
        #[handler]
        async fn purge(_: State<Db>) {}

        #[handler]
        async fn remove(_: Path<i64>) {}
    }

    async fn add(_: String) {}

    #[resource(name = "books", part = 3, handlers(add = add))]
    struct More;
}

#[test]
fn it_fits() {
    let _: axum::Router<Db> = routes!("./several_blocks.json", Db);
    let resources = bluegate::resources();
    assert_eq!(resources.len(), 1);
    let names: Vec<&str> = resources[0].handlers.iter().map(|handler| handler.name).collect();
    assert_eq!(names, ["get", "show", "purge", "remove", "add"]);
    assert!(resources[0].handlers[2].location.contains(":25:18"), "{resources:?}");
}
