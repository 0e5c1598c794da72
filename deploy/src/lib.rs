//! Puts an API on Amazon API Gateway safely.
//!
//! [`api`] is everything that is asked of API Gateway, behind one trait; [`plan`] is what a deployment would do;
//! [`deploy`] does it, step by step; [`operate`] is what is done to an API between deployments.

#![deny(missing_docs)]

pub mod api;
pub mod deploy;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
pub mod interrupt;
pub mod operate;
pub mod plan;
#[cfg(feature = "sdk")]
pub mod sdk;
