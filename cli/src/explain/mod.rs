//! What a failure means to the person who made it, and what to do about it.

mod call;
mod run;

pub(crate) use call::{explain_call, explain_connection};
pub(crate) use run::stop;
