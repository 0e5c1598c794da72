//! Signatures of all kinds, and the file that is made of them.

use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, Form, Path, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{Html, IntoResponse, NoContent, Redirect, Response};
use axum::{Json, response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Answers, TakesBody, TakesHeader, resource};

#[derive(Serialize, Deserialize, JsonSchema)]
struct Book {
    title: String,
    /// Where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<u16>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Nothing tells what it is.
#[derive(Serialize, Deserialize)]
struct Closed {
    id: u32,
}

/// Which ones.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Filter {
    page: u32,
    author: Option<String>,
}

type Page<T> = Json<Vec<T>>;
type Answered<T> = Result<T, Error>;

#[derive(crate::Answers)]
#[answer(crate = crate)]
#[expect(dead_code, reason = "only its answers matter")]
enum Error {
    /// There is no such book.
    #[answer(404, body = String, media = "text/plain")]
    Missing,
    /// There was one.
    #[answer(404)]
    Gone,
    #[answer(503, body = Closed, description = "Later.")]
    Busy,
    #[answer(skip)]
    Never,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        StatusCode::NOT_FOUND.into_response()
    }
}

struct Created<T>(T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

impl<T> Answers for Created<T> {
    type Inner = (StatusCode, Json<T>);
}

/// Extractors of one's own.
macro_rules! extractors {
    ($($name:ident)+) => {
        $(
            struct $name;

            impl<S: Send + Sync> axum::extract::FromRequestParts<S> for $name {
                type Rejection = StatusCode;

                async fn from_request_parts(_: &mut axum::http::request::Parts, _: &S) -> Result<Self, StatusCode> {
                    Ok($name)
                }
            }
        )+
    };
}

extractors!(Tenant Session Clock);

impl TakesHeader for Tenant {
    const NAME: &'static str = "X-Tenant";
}

impl TakesBody for Clock {
    type Inner = ();
}

struct Books;

#[resource(name = "books", crate = crate)]
impl Books {
    /// All books,
    /// page by page.
    ///
    /// The newest first.
    #[handler]
    async fn list(Query(_): Query<Filter>, _: State<()>, _: Tenant) -> Page<Book> {
        Json(Vec::new())
    }

    #[handler(status = 201)]
    async fn add(_: Tenant, Json(book): Json<Book>) -> Result<(StatusCode, Json<Book>), Error> {
        Ok((StatusCode::CREATED, Json(book)))
    }

    #[handler]
    async fn closed(_: Session, Json(closed): Json<Closed>) -> Json<Closed> {
        Json(closed)
    }

    #[handler]
    async fn maybe(book: Option<Json<Book>>) -> Answered<NoContent> {
        drop(book);
        Ok(NoContent)
    }

    #[handler]
    async fn lenient(_: Clock, book: Result<Json<Book>, JsonRejection>) -> Result<StatusCode, StatusCode> {
        drop(book);
        Ok(StatusCode::OK)
    }

    #[handler]
    async fn form(Form(filter): Form<Filter>) -> Result<Redirect, (StatusCode, String)> {
        drop(filter);
        Ok(Redirect::to("/"))
    }

    #[handler]
    async fn text(text: String) -> ([(axum::http::HeaderName, &'static str); 1], String) {
        ([(CONTENT_TYPE, "text/csv")], text)
    }

    #[handler]
    async fn bytes(bytes: Bytes) -> (HeaderMap, HeaderMap, HeaderMap, HeaderMap, HeaderMap, Bytes) {
        let none = HeaderMap::new;
        (none(), none(), none(), none(), none(), bytes)
    }

    #[handler]
    async fn request(_: Method, request: Request) -> impl IntoResponse {
        drop(request);
        Body::empty()
    }

    #[handler]
    async fn page(_: Extension<u8>, Path(id): Path<u32>) -> Html<String> {
        Html(id.to_string())
    }

    #[handler]
    async fn created(Json(book): Json<Vec<Book>>) -> response::Result<Created<Vec<Book>>, Response> {
        Ok(Created(book))
    }

    #[handler]
    async fn nothing() {}
}

async fn listed(_: State<()>, Path(_): Path<u32>, _: Session, Json(book): Json<Book>) -> Result<Json<Book>, Response> {
    Ok(Json(book))
}

#[resource(name = "listed", handlers(post = listed), state = (), crate = crate)]
struct Listed;

trait Repo: Clone + Send + Sync + 'static {}

#[derive(Clone)]
struct Shop<R>(R);

struct Open<R>(R);

#[resource(name = "open", crate = crate)]
impl<R: Repo> Open<R> {
    async fn get(State(_): State<Shop<R>>, Path(id): Path<u32>, Json(_): Json<Book>) -> Json<u32> {
        Json(id)
    }
}

#[test]
fn the_file_of_signatures_of_all_kinds_is_as_it_was() {
    crate::types!("src/types/tests/routes.json");
}

#[test]
fn a_handler_that_is_not_registered_is_named() {
    let root = env!("CARGO_MANIFEST_DIR");
    let told = std::panic::catch_unwind(|| super::stand(root, "src/docs/users.json"));
    let told = told.unwrap_err().downcast::<String>().unwrap();
    assert!(
        told.contains("users.json: users::get, users::post, users::show"),
        "{told}"
    );
    assert!(told.contains("use that_crate as _;"), "{told}");
}

#[test]
fn a_file_that_is_not_there_or_another_one_fails_and_says_how_to_write_it() {
    let folder = std::env::temp_dir().join(format!("bluegate-types-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let routes = include_str!("tests/routes.json");
    std::fs::write(folder.join("routes.json"), routes).unwrap();
    let told = || super::stand::compared(&folder.join("routes.json"), false);
    let missing = told().unwrap_err();
    assert!(missing.contains("there is no"), "{missing}");
    assert!(missing.contains("BLUEGATE_UPDATE=1 cargo test"), "{missing}");
    super::stand::compared(&folder.join("routes.json"), true).unwrap();
    told().unwrap();
    let types = folder.join("routes.types.json");
    let text = std::fs::read_to_string(&types).unwrap();
    std::fs::write(&types, text.replace("\r\n", "\n").replace('\n', "\r\n")).unwrap();
    told().unwrap();
    std::fs::write(&types, text.replace("The newest first.", "The oldest first.")).unwrap();
    let other = told().unwrap_err();
    assert!(
        other.contains("-       \"description\": \"The oldest first.\",\n+       \"description\": \"The newest"),
        "{other}"
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_written_is_read_by_the_command_and_agrees_with_the_routes_file() {
    use bluegate_core::types::{Schemas, Types};
    use bluegate_core::{Mode, Source, read_blueprint};

    let types = Source::new("routes.types.json", include_str!("tests/routes.types.json"));
    let read = Types::read(&types);
    assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
    let routes = Source::new("routes.json", include_str!("tests/routes.json"));
    let (mut blueprint, _) = read_blueprint(&routes, Mode::Strict).into_result().unwrap();
    let merged = read.value.unwrap().merge(&mut blueprint, Schemas::Models);
    assert!(merged.routes.is_empty() && merged.types.is_empty(), "{merged:?}");
}
