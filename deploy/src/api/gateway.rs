//! The port: what is asked of API Gateway, one method a call.

use std::future::Future;

use bluegate_core::aws::Request;
use bluegate_core::gateway::{Authorizer, GatewayResponse, Model, RequestValidator, Resource, Texts};

use super::error::CallError;
use super::model::{Account, Deployment, Identity, Page, Patch, Reply, RestApi, Stage, VpcLink};
use super::operation::operations;

macro_rules! port {
    ($(
        #[doc = $doc:literal]
        $name:ident $row:tt
        $(fn $method:ident($($api:ident)?; $($argument:ident: $type:ty),*) -> $answer:ty;)+
    )+) => {
        /// The operations of API Gateway and Lambda that bluegate calls, each named as AWS names it.
        ///
        /// One call is one request: pages, patience and deadlines are the caller's business. Its futures are [`Send`],
        /// so that a program with several threads may deploy.
        ///
        /// # Errors
        ///
        /// All of them fail with a [`CallError`] that has the reason, among them
        /// [`NotFound`](crate::api::Cause::NotFound) when there is no such thing, and
        /// [`Refused`](crate::api::Cause::Refused) when API Gateway does not take what it is given.
        pub trait ApiGateway: Send + Sync {
            $($(
                #[doc = $doc]
                fn $method(
                    &self $(, $api: &str)? $(, $argument: $type)*
                ) -> impl Future<Output = Result<$answer, CallError>> + Send;
            )+)+
        }
    };
}
operations!(port);
