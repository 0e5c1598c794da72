//! The control plane: what API Gateway is told over HTTP
//! ([REST API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html)), and who calls.
//!
//! [`Control`] holds the APIs, their stages, keys and plans. It answers one request after the other and does no I/O. What
//! it offers stands in one table, `operations`; a file beside it has the operations of a kind of thing.

mod account;
mod apis;
mod associations;
mod authorizers;
mod call;
mod certificates;
mod deployments;
mod documentation;
mod documents;
mod domains;
mod inputs;
mod integrations;
mod keys;
mod lambda;
mod links;
mod mappings;
mod methods;
mod models;
mod operations;
mod pages;
mod patch;
mod place;
mod plans;
mod records;
mod reply;
mod resources;
mod responses;
mod sdks;
mod served;
mod shapes;
mod stages;
mod state;
mod tags;
mod told;
mod trial;
mod usage;
mod validators;

pub use operations::Outcome;
pub use records::{Record, RecordError};
pub use reply::Reply;
pub use state::{Control, RestApi};
pub use trial::{Trial, Tried};
