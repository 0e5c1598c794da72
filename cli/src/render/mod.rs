//! What people and machines read.

mod conceal;
mod condense;
mod findings;
mod plan;
mod table;

pub(crate) use conceal::conceal;
pub(crate) use findings::{Findings, Report, count};
pub(crate) use plan::{difference_text, server, text};
pub(crate) use table::{Cell, Table};
