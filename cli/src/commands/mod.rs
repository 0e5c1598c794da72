//! One module per command: its arguments, and what it does.

mod api;
pub(crate) mod canary;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod deploy;
mod deployable;
pub(crate) mod destroy;
pub(crate) mod dev;
pub(crate) mod diff;
pub(crate) mod docs;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod generate;
pub(crate) mod history;
pub(crate) mod iam_policy;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod local;
pub(crate) mod plan;
pub(crate) mod rollback;
pub(crate) mod routes;
pub(crate) mod schema;
mod signals;
pub(crate) mod status;
mod watcher;
