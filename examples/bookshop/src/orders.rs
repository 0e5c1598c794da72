//! The resource `orders`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bluegate::resource;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use crate::AppState;
use crate::error::{Body, Error};
use crate::store::{Line, Order, Progress};

struct Orders;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    lines: Vec<Line>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Step {
    progress: Progress,
}

/// Who wants which books.
#[resource(name = "orders")]
impl Orders {
    /// All orders.
    async fn get(State(state): State<AppState>) -> Json<Vec<Order>> {
        Json(state.store.read().orders.values().cloned().collect())
    }

    /// Orders books.
    #[handler(status = 201)]
    async fn post(
        State(state): State<AppState>,
        Body(wanted): Body<Wanted>,
    ) -> Result<(StatusCode, Json<Order>), Error> {
        let invalid = |why: &str| Error::Invalid(StatusCode::UNPROCESSABLE_ENTITY, why.to_owned());
        if wanted.lines.is_empty() || wanted.lines.len() > 100 {
            return Err(invalid("an order has 1 to 100 lines"));
        }
        let mut tables = state.store.write();
        for line in &wanted.lines {
            if line.copies == 0 {
                return Err(invalid("a line has at least one copy"));
            }
            if !tables.books.contains_key(&line.book) {
                return Err(Error::Conflict(format!("there is no book {}", line.book)));
            }
        }
        let order = Order {
            id: Uuid::new_v4(),
            progress: Progress::Open,
            lines: wanted.lines,
        };
        tables.orders.insert(order.id, order.clone());
        Ok((StatusCode::CREATED, Json(order)))
    }

    /// One order.
    #[handler]
    async fn show(State(state): State<AppState>, Path(id): Path<Uuid>) -> Result<Json<Order>, Error> {
        let order = state.store.read().orders.get(&id).cloned();
        order.map(Json).ok_or(Error::NotFound("order"))
    }

    /// Says where an order is.
    async fn patch(
        State(state): State<AppState>,
        Path(id): Path<Uuid>,
        Body(step): Body<Step>,
    ) -> Result<Json<Order>, Error> {
        let mut tables = state.store.write();
        let order = tables.orders.get_mut(&id).ok_or(Error::NotFound("order"))?;
        order.progress = step.progress;
        Ok(Json(order.clone()))
    }

    /// Cancels an order that is not sent yet.
    #[handler(status = 204)]
    async fn delete(State(state): State<AppState>, Path(id): Path<Uuid>) -> Result<StatusCode, Error> {
        let mut tables = state.store.write();
        let order = tables.orders.get(&id).ok_or(Error::NotFound("order"))?;
        if order.progress != Progress::Open {
            return Err(Error::Conflict("the order is on its way".to_owned()));
        }
        tables.orders.remove(&id);
        Ok(StatusCode::NO_CONTENT)
    }

    /// One line of an order, counted from 1.
    #[handler]
    async fn line(State(state): State<AppState>, Path((id, line)): Path<(Uuid, usize)>) -> Result<Json<Line>, Error> {
        let tables = state.store.read();
        let order = tables.orders.get(&id).ok_or(Error::NotFound("order"))?;
        let line = order.lines.get(line.saturating_sub(1)).ok_or(Error::NotFound("line"))?;
        Ok(Json(line.clone()))
    }
}
