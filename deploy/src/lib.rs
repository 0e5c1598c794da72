//! Puts an API on Amazon API Gateway safely.
//!
//! [`aws`] is everything that is known of API Gateway, behind one trait; [`plan`] is what a deployment would do;
//! [`deploy`] does it, step by step; [`operate`] is what is done to an API between deployments.

#![deny(missing_docs)]

pub mod aws;
pub mod deploy;
pub mod interrupt;
pub mod operate;
pub mod plan;
