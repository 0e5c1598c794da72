//! What people and machines read.

mod conceal;
mod findings;
mod table;

pub(crate) use conceal::conceal;
pub(crate) use findings::{Findings, Report, count};
pub(crate) use table::{Cell, Table};
