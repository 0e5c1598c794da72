//! Tests of what both macros write.

mod editors;
mod page;
