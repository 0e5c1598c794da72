//! The resource `magazines`.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse};
use bluegate::resource;
use serde::{Deserialize, Serialize};

use crate::Shelves;

struct Magazines;

#[derive(Serialize, Deserialize)]
struct Magazine {
    name: String,
    tags: BTreeSet<String>,
}

/// What there is to read.
#[resource(name = "magazines")]
impl Magazines {
    /// The magazines that have all the tags of the query, `tag=music&tag=weekly`, and of the headers `Tag`.
    #[handler]
    async fn list(
        State(shelves): State<Shelves>,
        RawQuery(query): RawQuery,
        headers: HeaderMap,
    ) -> Json<Vec<Magazine>> {
        let query = query.unwrap_or_default();
        let of_query = query.split('&').filter_map(|pair| pair.strip_prefix("tag="));
        let of_headers = headers.get_all("tag").into_iter().filter_map(|tag| tag.to_str().ok());
        let wanted: Vec<&str> = of_query.chain(of_headers).collect();
        let stock = shelves.stock();
        let has_all = |tags: &BTreeSet<String>| wanted.iter().all(|tag| tags.contains(*tag));
        let found = stock.magazines.iter().filter(|(_, tags)| has_all(tags));
        let told = found.map(|(name, tags)| Magazine {
            name: name.clone(),
            tags: tags.clone(),
        });
        Json(told.collect())
    }

    /// Adds a magazine, and remembers in two cookies which one and that it was.
    #[handler]
    async fn add(State(shelves): State<Shelves>, Json(new): Json<Magazine>) -> impl IntoResponse {
        let cookies = [
            (SET_COOKIE, format!("last={}", new.name)),
            (SET_COOKIE, "added=yes".to_owned()),
        ];
        shelves.stock().magazines.insert(new.name, new.tags);
        (StatusCode::CREATED, AppendHeaders(cookies))
    }

    /// One magazine.
    #[handler]
    async fn show(State(shelves): State<Shelves>, Path(name): Path<String>) -> Result<Json<Magazine>, StatusCode> {
        let tags = shelves.stock().magazines.get(&name).cloned();
        let tags = tags.ok_or(StatusCode::NOT_FOUND)?;
        Ok(Json(Magazine { name, tags }))
    }

    /// Replaces its tags.
    #[handler]
    async fn replace(
        State(shelves): State<Shelves>,
        Path(name): Path<String>,
        Json(tags): Json<BTreeSet<String>>,
    ) -> StatusCode {
        shelves.stock().magazines.insert(name, tags);
        StatusCode::NO_CONTENT
    }

    /// Adds tags.
    #[handler]
    async fn tag(
        State(shelves): State<Shelves>,
        Path(name): Path<String>,
        Json(mut tags): Json<BTreeSet<String>>,
    ) -> StatusCode {
        match shelves.stock().magazines.get_mut(&name) {
            Some(known) => {
                known.append(&mut tags);
                StatusCode::NO_CONTENT
            }
            None => StatusCode::NOT_FOUND,
        }
    }

    /// Removes it.
    #[handler]
    async fn remove(State(shelves): State<Shelves>, Path(name): Path<String>) -> StatusCode {
        match shelves.stock().magazines.remove(&name) {
            Some(_) => StatusCode::NO_CONTENT,
            None => StatusCode::NOT_FOUND,
        }
    }

    /// Whether it is there.
    #[handler]
    async fn exists(State(shelves): State<Shelves>, Path(name): Path<String>) -> StatusCode {
        match shelves.stock().magazines.contains_key(&name) {
            true => StatusCode::NO_CONTENT,
            false => StatusCode::NOT_FOUND,
        }
    }
}
