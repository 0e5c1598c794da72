//! Groups of arguments that several commands take.

mod files;
mod guards;
mod output;
mod run;

pub(crate) use files::{AwsArg, Compat, Files, Reading, RoutesArg};
pub(crate) use guards::{DraftGuards, Guards, PolicyGuards, ServedGuards};
pub(crate) use output::{DocumentFormat, Format, Output};
pub(crate) use run::{Calls, CanaryArg, Care, JournalArg, StageArg, region, stage_name};
