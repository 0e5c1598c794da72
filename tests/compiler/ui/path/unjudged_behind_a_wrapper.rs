use axum::extract::Path;
use bluegate::{resource, routes};

use axum::extract::rejection::PathRejection;
use axum_extra::extract::WithRejection;

struct Refused;

impl From<PathRejection> for Refused {
    fn from(_: PathRejection) -> Self {
        Refused
    }
}

impl axum::response::IntoResponse for Refused {
    fn into_response(self) -> axum::response::Response {
        ().into_response()
    }
}

struct Users;

#[resource(name = "users")]
impl Users {
    async fn get(_: WithRejection<Path<(u64, u64)>, Refused>) {}
}

fn main() {
    let _: axum::Router = routes!("./two.json");
}
