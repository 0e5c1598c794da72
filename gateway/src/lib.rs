//! Amazon API Gateway (REST) on this machine.
//!
//! [`plane`] is what a deployed stage does with a request: pure, without a socket and without a clock. [`control`] is
//! what it is told over HTTP, in AWS's own form. [`service`] is a stage as a tower service, in front of an axum router or
//! whatever else answers behind it, [`testing`] the same for tests, and [`edge`] the server that all of it stands behind.
//!
//! # Features
//!
//! - `cognito`: tokens of Cognito user pools.
//! - `https`: services behind TLS.

#![deny(missing_docs)]

pub mod console;
pub mod control;
pub mod edge;
pub mod plane;
pub mod service;
pub mod testing;
