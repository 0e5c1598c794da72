//! Amazon API Gateway, as far as bluegate uses it.
//!
//! [`ApiGateway`] names every operation that is called, and nothing else. [`Retrying`] adds patience to whatever
//! answers them.

mod clock;
mod error;
mod gateway;
mod iam;
mod model;
mod operation;
mod pace;
mod redact;
mod retry;

pub use bluegate_core::aws::Request;
pub use bluegate_core::gateway::{
    Access, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse, Model,
    RequestValidator, Resource, Texts,
};
pub use clock::Clock;
pub(crate) use clock::LONGEST_UPDATE;
pub use error::{CallError, Cause};
pub use gateway::ApiGateway;
pub use iam::{Scope, grants, policy, resource, terraform};
pub use model::{Account, Cache, Canary, Deployment, Identity, Page, Patch, PatchOp, Reply, RestApi, Stage, VpcLink};
pub use operation::{Effect, Operation, Purpose};
pub use redact::Redactor;
pub use retry::{RetryPolicy, Retrying};
