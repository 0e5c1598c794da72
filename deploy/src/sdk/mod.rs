//! Amazon API Gateway through AWS's SDK: the only place that knows it.

mod classify;
mod client;
mod connect;
mod convert;
mod credentials;
mod date;
mod destination;
mod http;
mod invoke;
mod raw;
mod stage_settings;
#[cfg(test)]
mod tests;

pub use client::Client;
pub use connect::{ConnectError, connect, connect_at};
pub use destination::{CredentialsOrigin, Destination};
pub use raw::Answer;
