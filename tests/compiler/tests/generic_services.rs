//! Resources of all states of one kind, and routers of one of them or of all.

use axum::extract::{FromRef, FromRequestParts, Path, State};
use axum::http::request::Parts;
use bluegate::{resource, routes};

trait Repo: Clone + Send + Sync + 'static {
    type Id: serde::de::DeserializeOwned + Send + 'static;
}

#[derive(Clone)]
struct Postgres;

impl Repo for Postgres {
    type Id = u64;
}

#[derive(Clone)]
struct Memory;

impl Repo for Memory {
    type Id = u32;
}

#[derive(Clone)]
struct AppState<R, const N: usize> {
    repo: R,
}

struct Session<R>(R);

impl<R: Repo, const N: usize> FromRequestParts<AppState<R, N>> for Session<R> {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, state: &AppState<R, N>) -> Result<Self, ()> {
        Ok(Session(state.repo.clone()))
    }
}

struct Pages(usize);

impl<R, const N: usize> FromRef<AppState<R, N>> for Pages {
    fn from_ref(_: &AppState<R, N>) -> Self {
        Pages(N)
    }
}

struct Books<R>(std::marker::PhantomData<R>);

#[resource(name = "books")]
impl<R: Repo, const N: usize> Books<[R; N]>
where
    R::Id: std::fmt::Display,
    Vec<[R; N]>: Clone,
{
    async fn get(_: State<AppState<R, N>>) -> &'static str {
        "[]"
    }

    async fn post(session: Session<R>, _: String) {
        drop(session.0);
    }

    #[handler(allow(unjudged))]
    async fn show(Path(id): Path<R::Id>) -> String {
        id.to_string()
    }

    async fn put(_: Path<i64>, _: State<AppState<R, N>>) -> Result<(), String> {
        Ok(())
    }
}

struct Films;

#[resource(name = "films", state = AppState<Postgres, 3>)]
impl Films {
    async fn get(State(pages): State<Pages>) -> String {
        pages.0.to_string()
    }
}

#[test]
fn it_fits() {
    let _: axum::Router<AppState<Postgres, 3>> = routes!("./generic_services.json");
    let _: [axum::Router; 2] = [of(Memory), of(Postgres)];
    let open: Vec<&str> = bluegate::unjudged().iter().map(|open| open.argument).collect();
    assert_eq!(open, ["Session<R>", "Path<R::Id>"]);
}

fn of<R: Repo<Id: std::fmt::Display>>(repo: R) -> axum::Router {
    routes!("./handlers.json", AppState<R, 1>).with_state(AppState { repo })
}

struct Users<R>(R);

#[resource(name = "users")]
impl<R: Repo> Users<R> {
    async fn get(_: State<AppState<R, 1>>) {}

    async fn post(_: String) {}
}
