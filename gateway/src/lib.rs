//! Amazon API Gateway (REST) on this machine.
//!
//! [`plane`] is what a deployed stage does with a request: pure, without a socket and without a clock. [`control`] is
//! what it is told over HTTP, in AWS's own form, and [`edge`] the server that both stand behind.

#![deny(missing_docs)]

pub mod control;
pub mod edge;
pub mod plane;
