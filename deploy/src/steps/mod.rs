//! The steps of a run, each with its undo beside it.

mod align;
mod canary;
mod deployment;
mod draft;
mod permission;
mod pointer;
mod smoke;
mod snapshot;
mod stage;
mod trial;
mod undo;

pub(crate) use align::{Served, by_overrides, overridden};
pub(crate) use draft::Warnings;
