//! Handlers of structs: the compiler sees their types, whatever they are.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::IntoResponse;
use bluegate::{resource, routes};

#[derive(Clone)]
struct Db;

type Many<T> = (T, T);

#[resource(name = "users", handlers(get, post), state = Db)]
#[derive(Debug)]
enum Users {}

impl Users {
    async fn get(
        _: Method,
        _: Uri,
        _: HeaderMap,
        _: Method,
        _: Uri,
        _: HeaderMap,
        _: Method,
        _: Uri,
        _: HeaderMap,
        _: Method,
        _: Uri,
        _: HeaderMap,
        _: Method,
        _: State<Db>,
        _: Option<Path<Many<String>>>,
        _: Request,
    ) -> impl IntoResponse {
    }

    fn post(_: Option<Path<u64>>) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async {})
    }
}

#[test]
fn it_fits() {
    let _: axum::Router<Db> = routes!("./handlers.json");
}
