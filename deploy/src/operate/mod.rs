//! What is done to an API between deployments: looking at it, going back, trying a version on a part of the traffic.
//!
//! What only looks is pure where it can be, over a [`Reading`](crate::plan::Reading); what writes takes the lock and
//! the journal of a deployment, and undoes what fails.

mod canary;
mod destroy;
mod level;
mod rollback;

pub use canary::{EndCanary, Ended, Ending, end_canary};
pub use destroy::{Destroy, Destroyed, destroy};
pub use rollback::{Rollback, RolledBack, rollback};

pub use crate::read::moment;
pub use crate::view::*;
