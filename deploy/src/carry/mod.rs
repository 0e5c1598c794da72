//! What an overwrite of an API would reset, and how it is carried over: settings, and the parts of somebody else that
//! routes files know nothing of.

mod document;
mod kept;
pub(crate) mod settings;

pub use document::{RestoreError, complete, overwriting, restored};
pub use kept::{Kept, models};
pub use settings::{
    ADDRESS, KEY_SOURCE, Mismatch, POLICY, carried, expected, imprint, mismatches, recover, takes_long, told, waiting,
    weakened,
};
