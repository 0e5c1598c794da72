//! A service of a hundred routes behind its gateway, asked by schemathesis: what the gateway lets through fits the types of
//! the service, and what fits the document for clients passes the gateway.
//!
//! `EXAMPLES=200 cargo test -p bluegate-tests --test agreement` asks each operation so many times, and all of them.

#[path = "agreement/kinds.rs"]
mod kinds;

use std::path::Path;

use axum::extract::{Path as Segment, Query};
use axum::http::StatusCode;
use axum::{Json, Router};
use bluegate::{QueryParams, resource};
use bluegate_core::types::{Schemas, Types, beside};
use bluegate_core::{Mode, Source, clients, openapi, read_blueprint};
use bluegate_gateway::service::Gateway;
use bluegate_tests::schemathesis::Schemathesis;
use kinds::{Adjacent, Book, Event, Flat, Maps, Numbers, Shape, Tree, Untagged, Words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema, QueryParams)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Page {
    number: Option<u32>,
}

/// A change of something.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change<T> {
    to: Option<T>,
    why: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

macro_rules! resources {
    ($($name:literal $resource:ident $body:ty;)+) => {
        $(
            struct $resource;

            #[resource(name = $name)]
            impl $resource {
                #[handler]
                async fn list(Query(_): Query<Page>) -> Json<Vec<$body>> {
                    Json(Vec::new())
                }

                #[handler]
                async fn add(Json(body): Json<$body>) -> Json<$body> {
                    Json(body)
                }

                #[handler]
                async fn replace_all(Json(bodies): Json<Vec<$body>>) -> Json<Vec<$body>> {
                    Json(bodies)
                }

                #[handler]
                async fn change_all(Json(changes): Json<Vec<Change<$body>>>) -> Json<usize> {
                    Json(changes.len())
                }

                #[handler(status = 204)]
                async fn clear() -> StatusCode {
                    StatusCode::NO_CONTENT
                }

                #[handler]
                async fn show(Segment(_): Segment<u32>) -> Result<Json<$body>, StatusCode> {
                    Err(StatusCode::NOT_FOUND)
                }

                #[handler]
                async fn replace(Segment(_): Segment<u32>, Json(body): Json<$body>) -> Json<$body> {
                    Json(body)
                }

                #[handler]
                async fn change(Segment(_): Segment<u32>, Json(change): Json<Change<$body>>) -> Json<Change<$body>> {
                    Json(change)
                }

                #[handler]
                async fn beside(Segment(_): Segment<u32>, Json(body): Json<OneOrMany<$body>>) -> Json<OneOrMany<$body>> {
                    Json(body)
                }

                #[handler(status = 204)]
                async fn remove(Segment(_): Segment<u32>) -> StatusCode {
                    StatusCode::NO_CONTENT
                }
            }
        )+
    };
}

resources! {
    "adjacent" AdjacentThings Adjacent;
    "books" Books Book;
    "events" Events Event;
    "flat" FlatThings Flat;
    "maps" MapThings Maps;
    "numbers" NumberThings Numbers;
    "shapes" Shapes Shape;
    "trees" Trees Tree;
    "untagged" UntaggedThings Untagged;
    "words" WordThings Words;
}

const ROUTES: &str = "tests/agreement/routes.json";

fn app() -> Router {
    bluegate::routes!("tests/agreement/routes.json")
}

/// The document for clients.
fn document() -> String {
    let routes = Path::new(env!("CARGO_MANIFEST_DIR")).join(ROUTES);
    let source = Source::read(&routes).expect("the routes");
    let (mut blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
    assert_eq!(blueprint.routes.len(), 100);
    let types = Source::read(&beside(&routes)).expect("the types");
    let types = Types::read(&types).value.expect("types");
    let merged = types.merge(&mut blueprint, Schemas::Whole);
    assert!(merged.routes.is_empty() && merged.types.is_empty(), "{merged:?}");
    clients::document(&blueprint, &openapi::Target::default(), clients::Edition::V3_0).to_json()
}

#[test]
fn the_types_of_the_service_are_those_of_the_file() {
    bluegate::types!("tests/agreement/routes.json");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_lets_through_fits_the_service() {
    let routes = Path::new(env!("CARGO_MANIFEST_DIR")).join(ROUTES);
    let gateway = Gateway::from_routes(&routes).unwrap_or_else(|found| panic!("{found}"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let service = Router::new().fallback_service(gateway.backend(app()));
    let server = tokio::spawn(axum::serve(listener, service).into_future());
    let asked = tokio::task::spawn_blocking(move || Schemathesis::sampled().ask(&document(), &url));
    let answers = asked.await.expect("it ran").unwrap_or_else(|found| panic!("{found}"));
    server.abort();
    for (who, mode) in [("gateway 400", "negative"), ("service", "positive")] {
        let is_one = |answer: &String| answer.starts_with(who) && answer.ends_with(mode);
        assert!(answers.keys().any(is_one), "{answers:?}");
    }
}
