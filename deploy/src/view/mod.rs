//! What people and programs look at: how an API stands, what was deployed, what differs. Nothing here calls AWS.

mod compare;
mod history;
mod status;

pub use compare::{Comparison, Side};
pub use history::{Entry, history};
pub use status::{DeadRun, LockStatus, RoutesStatus, StageStatus, Status};
