//! What the Rust types of handlers take and give: `routes.types.json`, which stands beside a routes file.
//!
//! Its schemas are JSON Schema 2020-12, as a service writes them of its types. API Gateway and older tools take less:
//! [`model`] and [`openapi_3_0`] make of a schema what they take, never stricter than it, and [`validate`] holds a value
//! against the former.

mod form;
mod number;
mod schema;

pub use form::{Converted, Lost, model, openapi_3_0, openapi_3_1};
pub use schema::{Problem, SchemaError, validate};
