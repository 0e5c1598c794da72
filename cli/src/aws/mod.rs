//! Amazon API Gateway, as far as bluegate uses it.
//!
//! [`ApiGateway`] names every operation that is called, and nothing else: [`Client`] is the one that talks to
//! AWS, [`Retrying`] adds patience to any of them, and tests bring their own.

mod answer;
mod client;
mod connect;
mod error;
mod failure_text;
mod redact;
mod retry;

#[cfg(test)]
pub(crate) mod fake;

use std::future::Future;

pub use client::Client;
pub use connect::{ConnectError, Connection, CredentialsOrigin, Destination, StaticKeys, connect};
pub use error::{CallError, Cause, Operation};
pub use redact::Redactor;
pub use retry::{RetryPolicy, Retrying};

/// A REST API, as far as bluegate reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestApi {
    /// Its id, such as `a1b2c3d4e5`.
    pub id: String,
    /// Its name. Not unique in an account.
    pub name: String,
    /// What API Gateway has to say about a document that it took.
    pub warnings: Vec<String>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<String>,
}

/// An immutable snapshot of an API that stages serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// Its id.
    pub id: String,
}

/// The deployment to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDeployment<'a> {
    /// The API to take the snapshot of.
    pub rest_api_id: &'a str,
    /// The stage that serves it; API Gateway creates a missing one.
    pub stage: &'a str,
    /// What people read in the list of deployments.
    pub description: &'a str,
}

/// The operations of API Gateway that bluegate calls, each named as AWS names it.
///
/// One call is one request: pages, patience and deadlines are the caller's business.
pub trait ApiGateway {
    /// Reads one API.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason, [`Cause::NotFound`] when there is no such API.
    fn get_rest_api(&self, rest_api_id: &str) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Reads one page of the account's APIs in the region.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason.
    fn get_rest_apis(&self, position: Option<&str>) -> impl Future<Output = Result<Page<RestApi>, CallError>>;

    /// Creates a regional API from a document.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason, [`Cause::Refused`] when API Gateway does not take the document.
    fn import_rest_api(&self, document: &str) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Replaces the definition of an API by a document.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason, [`Cause::Refused`] when API Gateway does not take the document.
    fn put_rest_api(&self, rest_api_id: &str, document: &str) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Gives an API another name.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason.
    fn update_rest_api_name(&self, rest_api_id: &str, name: &str) -> impl Future<Output = Result<RestApi, CallError>>;

    /// Takes a snapshot of an API and puts it on a stage.
    ///
    /// # Errors
    ///
    /// [`CallError`] with the reason.
    fn create_deployment(&self, deployment: &NewDeployment<'_>) -> impl Future<Output = Result<Deployment, CallError>>;
}
