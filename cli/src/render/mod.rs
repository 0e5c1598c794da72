//! What people and machines read.

mod findings;
mod table;

pub(crate) use findings::{Findings, Report, count};
pub(crate) use table::{Cell, Table};
