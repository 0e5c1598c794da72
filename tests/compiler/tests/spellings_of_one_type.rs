//! Last arguments of one type, written in several ways.

use axum::Router;
use axum::extract::{Path, State};
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

type Id = u64;
type Shared = State<Db>;

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: State<Db>) {}

    async fn post(_: Shared) {}

    async fn any(_: Path<u64>) {}

    #[handler]
    async fn show(_: State<Db>, _: axum::extract::Path<Id>) {}

    #[cfg(all())]
    #[handler(allow(unrouted))]
    async fn other(_: Path<u64>) {}
}

struct Orders;

#[resource(name = "orders")]
impl Orders {
    async fn get(_: axum::Json<()>) {}
}

#[test]
fn it_fits() {
    let _: Router = routes!("./users.json").with_state(Db);
}
