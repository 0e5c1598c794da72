use axum_extra::TypedHeader;
use axum_extra::headers::{Authorization, Cookie, Host, Range, UserAgent, authorization::Bearer};
use bluegate::{TakesHeader, resource, routes};

struct Tenant;

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Tenant {
    type Rejection = ();

    async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> Result<Self, ()> {
        Ok(Tenant)
    }
}

impl TakesHeader for Tenant {
    const NAME: &'static str = "x-tennant";
}

type Agent = TypedHeader<UserAgent>;

struct Books;

#[resource(name = "books")]
impl Books {
    #[handler]
    async fn list(
        _: TypedHeader<Range>,
        _: Tenant,
        _: (Agent, Option<TypedHeader<Host>>),
        // These need not be declared, or are nothing without a header.
        _: TypedHeader<Authorization<Bearer>>,
        _: TypedHeader<Cookie>,
    ) {
    }
}

fn main() {
    let _: axum::Router = routes!("./headers.json");
}
