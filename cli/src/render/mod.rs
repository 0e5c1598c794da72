//! What people and machines read.

mod amounts;
mod conceal;
mod condense;
pub(crate) mod event;
mod findings;
mod plan;
mod table;

pub(crate) use amounts::{count, size};
pub(crate) use conceal::conceal;
pub(crate) use findings::{Findings, Report};
pub(crate) use plan::{difference_text, server, text};
pub(crate) use table::{Cell, Table};
