//! The resource `books`.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use bluegate::{QueryParams, resource};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::AppState;
use crate::error::{Body, Error};
use crate::store::{Book, Description, Genre};

struct Books;

#[derive(Deserialize, JsonSchema, QueryParams)]
struct Filter {
    /// Only the books of this author.
    author: Option<String>,
}

/// What changes about a book; what is left out stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Amendment {
    title: Option<String>,
    author: Option<String>,
    genre: Option<Genre>,
    price: Option<f64>,
}

/// The books of the shop.
#[resource(name = "books")]
impl Books {
    /// All books, or those of one author.
    #[handler]
    async fn list(State(state): State<AppState>, Query(filter): Query<Filter>) -> Json<Vec<Book>> {
        let by_author = |book: &&Book| match &filter.author {
            Some(author) => book.description.author == *author,
            None => true,
        };
        Json(state.store.read().books.values().filter(by_author).cloned().collect())
    }

    /// Adds a book.
    #[handler(status = 201)]
    async fn add(
        State(state): State<AppState>,
        Body(description): Body<Description>,
    ) -> Result<(StatusCode, Json<Book>), Error> {
        Self::check(&description)?;
        let book = state.store.write().add(description);
        Ok((StatusCode::CREATED, Json(book)))
    }

    /// One book.
    #[handler]
    async fn show(State(state): State<AppState>, Path(id): Path<u32>) -> Result<Json<Book>, Error> {
        let book = state.store.read().books.get(&id).cloned();
        book.map(Json).ok_or(Error::NotFound("book"))
    }

    /// Replaces what is known about a book.
    #[handler]
    async fn replace(
        State(state): State<AppState>,
        Path(id): Path<u32>,
        Body(description): Body<Description>,
    ) -> Result<Json<Book>, Error> {
        Self::check(&description)?;
        let mut tables = state.store.write();
        let book = tables.books.get_mut(&id).ok_or(Error::NotFound("book"))?;
        book.description = description;
        Ok(Json(book.clone()))
    }

    /// Changes a part of it.
    #[handler]
    async fn amend(
        State(state): State<AppState>,
        Path(id): Path<u32>,
        Body(amendment): Body<Amendment>,
    ) -> Result<Json<Book>, Error> {
        let mut tables = state.store.write();
        let book = tables.books.get_mut(&id).ok_or(Error::NotFound("book"))?;
        let old = book.description.clone();
        let new = Description {
            title: amendment.title.unwrap_or(old.title),
            author: amendment.author.unwrap_or(old.author),
            genre: amendment.genre.unwrap_or(old.genre),
            price: amendment.price.unwrap_or(old.price),
        };
        Self::check(&new)?;
        book.description = new;
        Ok(Json(book.clone()))
    }

    /// Removes a book that nobody ordered.
    #[handler(status = 204)]
    async fn remove(State(state): State<AppState>, Path(id): Path<u32>) -> Result<StatusCode, Error> {
        let mut tables = state.store.write();
        let ordered = tables
            .orders
            .values()
            .any(|order| order.lines.iter().any(|line| line.book == id));
        if ordered {
            return Err(Error::Conflict("the book is part of an order".to_owned()));
        }
        match tables.books.remove(&id) {
            Some(_) => Ok(StatusCode::NO_CONTENT),
            None => Err(Error::NotFound("book")),
        }
    }

    /// The books of a genre.
    #[handler]
    async fn by_genre(State(state): State<AppState>, Path(genre): Path<Genre>) -> Json<Vec<Book>> {
        let tables = state.store.read();
        let of_genre = tables.books.values().filter(|book| book.description.genre == genre);
        Json(of_genre.cloned().collect())
    }

    /// The books up to a price.
    #[handler]
    async fn up_to(State(state): State<AppState>, Path(price): Path<f64>) -> Json<Vec<Book>> {
        let tables = state.store.read();
        let affordable = tables.books.values().filter(|book| book.description.price <= price);
        Json(affordable.cloned().collect())
    }

    /// What the types of a description cannot say.
    fn check(description: &Description) -> Result<(), Error> {
        let invalid = |why: &str| Err(Error::Invalid(StatusCode::UNPROCESSABLE_ENTITY, why.to_owned()));
        if description.title.trim().is_empty() {
            return invalid("a book has a title");
        }
        if !(0.0..=1000.0).contains(&description.price) {
            return invalid("a book costs something between 0 and 1000");
        }
        Ok(())
    }
}
