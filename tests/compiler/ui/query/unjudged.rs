use axum::extract::{Query, State};
use axum_extra::extract::{OptionalQuery, WithRejection};
use bluegate::{resource, routes};
use serde::Deserialize;

/// serde knows its fields, and nobody else.
#[derive(Deserialize)]
struct Filter {
    #[allow(unused)]
    pgae: Option<u32>,
}

/// Not seen by its spelling.
type Filtered = Query<Filter>;

pub trait Repo: Clone + Send + Sync + 'static {
    type Filter: serde::de::DeserializeOwned + Send;
}

struct Books<R>(R);

#[resource(name = "books", state = R)]
impl<R: Repo> Books<R> {
    #[handler]
    async fn list(_: State<R>, _: Query<R::Filter>) {}

    #[handler]
    async fn find(_: (Filtered, OptionalQuery<Filter>), _: WithRejection<Query<Filter>, Never>) {}
}

pub struct Never;

impl From<axum::extract::rejection::QueryRejection> for Never {
    fn from(_: axum::extract::rejection::QueryRejection) -> Self {
        Never
    }
}

impl axum::response::IntoResponse for Never {
    fn into_response(self) -> axum::response::Response {
        ().into_response()
    }
}

#[derive(Clone)]
struct Db;

impl Repo for Db {
    type Filter = Filter;
}

fn main() {
    let _: axum::Router<Db> = routes!("./two.json", Db);
}
