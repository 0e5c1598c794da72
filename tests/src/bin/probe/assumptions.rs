//! The assumptions, by what they are about. A question stands below its row.

mod cache;
mod deployments;
mod document;
mod errors;
mod functions;
mod live;
mod lock;
mod put;
mod reading;
mod settings;
mod stages;

use crate::assumption::Assumption;

/// The groups, in the order in which they are asked and shown.
pub(crate) const GROUPS: [(&str, &[Assumption]); 11] = [
    ("Putting a document", put::ROWS),
    ("The document", document::ROWS),
    ("Settings of an API", settings::ROWS),
    ("Reading", reading::ROWS),
    ("Deployments", deployments::ROWS),
    ("Stages", stages::ROWS),
    ("The cache of a stage", cache::ROWS),
    ("Trying methods, and what is live", live::ROWS),
    ("Who may call functions", functions::ROWS),
    ("Tags and the lock", lock::ROWS),
    ("Failures and quotas", errors::ROWS),
];
