//! What people and machines read.

mod amounts;
mod conceal;
mod condense;
mod difference;
pub(crate) mod event;
mod findings;
mod plan;
mod status;
mod table;

pub(crate) use amounts::{count, size};
pub(crate) use conceal::conceal;
pub(crate) use difference::{changed, comparison_text};
pub(crate) use findings::{Findings, Report};
pub(crate) use plan::{plan_text, server};
pub(crate) use status::status_text;
pub(crate) use table::{Cell, Table, printable};
