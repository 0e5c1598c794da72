//! Puts an API on Amazon API Gateway safely.
//!
//! [`api`] is everything that is asked of API Gateway, behind one trait; [`carry`] what an overwrite would reset;
//! [`read`] an API as it is; [`plan`] what a deployment would do; [`deploy`] does it, step by step; [`operate`] is what
//! is done to an API between deployments; [`view`] what people look at.

#![deny(missing_docs)]

pub mod api;
pub mod carry;
pub mod deploy;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
pub mod interrupt;
pub mod operate;
pub mod plan;
pub mod read;
#[cfg(feature = "sdk")]
pub mod sdk;
pub mod view;
