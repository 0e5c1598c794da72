//! Puts an API on Amazon API Gateway safely.
//!
//! [`Deployer`] plans, deploys, goes back, promotes and aborts canaries, and deletes; whatever it begins is done as a
//! whole or undone, and told in [`Event`]s. Below it, [`api`] is everything that is asked of API Gateway, behind one
//! trait; [`carry`] what an overwrite would reset; [`read`] an API as it is; [`plan`] what a deployment would do;
//! [`view`] what people look at.

#![deny(missing_docs)]

pub mod api;
pub mod carry;
#[cfg(any(test, feature = "fake"))]
pub mod fake;
pub mod interrupt;
pub mod plan;
pub mod read;
mod run;
#[cfg(feature = "sdk")]
pub mod sdk;
pub mod service;
mod steps;
#[cfg(test)]
mod tests;
mod transaction;
pub mod view;

pub use run::{
    Abort, Deploy, Deployed, Deployer, Destroyed, Ended, Ending, Promote, Rollback, RolledBack, Version, Whole,
};
pub use transaction::{
    Address, Caller, Content, DeploymentLabel, Event, Intent, Journal, JournalError, Question, RunError, Running,
    State, Undo, Untried, Warning,
};

#[cfg(feature = "sdk")]
impl From<&sdk::Destination> for Address {
    fn from(at: &sdk::Destination) -> Self {
        Self {
            service: at.service,
            region: at.region.clone(),
            endpoint: at.endpoint.clone(),
        }
    }
}
