//! An API Gateway in memory that fails when it is told to, for tests of whatever deploys.
//!
//! It answers as API Gateway does where a deployment depends on it: an overwrite resets every setting that the document
//! does not carry, an update that is not done refuses the next one, stages serve snapshots, a served deployment cannot
//! be deleted, and a call that nobody routes is forbidden. What becomes of documents and patches stands in
//! `bluegate_core::gateway`, as for the gateway on this machine: there is one API Gateway, not two.
//!
//! ```
//! use bluegate_deploy::api::{ApiGateway as _, Cause, Operation};
//! use bluegate_deploy::fake::{Fake, Fault};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let fake = Fake::with_api("abc123", "Shop");
//! fake.fail_next(Operation::PutRestApi, Fault::After(Cause::TimedOut));
//! let document = r#"{"openapi": "3.0.1", "info": {"title": "Shop"}, "paths": {"/users": {"get": {"responses": {}}}}}"#;
//! let lost = fake.put_rest_api("abc123", document, true).await.unwrap_err();
//! assert!(lost.is_ambiguous());
//! assert_eq!(fake.api("abc123").document.as_deref(), Some(document));
//! # });
//! ```

mod api;
mod cache;
mod calls;
mod conduct;
mod control;
mod function;
mod import;
mod past;
mod refusal;
mod script;
mod service;
mod told;

pub use api::{FakeApi, Snapshot};
pub use conduct::Telling;
pub use script::Fault;
pub use service::Fake;

#[cfg(test)]
mod tests;
