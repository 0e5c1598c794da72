//! What API Gateway's quotas say about a deployment
//! ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).

use bluegate_core::gateway::policy;
use bluegate_core::lint::{MAX_DOCUMENT_BYTES, MAX_POLICY, MAX_RESOURCES, count_resources};
use bluegate_core::openapi::Document;
use serde::Serialize;

use crate::read::Reading;

/// Calls of every deployment: finding, reading twice, reading back, and the writes.
const CALLS: usize = 36;
/// Ten calls a second, and the five seconds that a deployment keeps from the next.
const SECONDS: usize = 9;

/// What there is of what is limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Resources: paths, and the paths on the way to them.
    pub resources: usize,
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Characters of the resource policy.
    pub policy_characters: usize,
    /// About how many calls a deployment takes.
    pub calls: usize,
    /// About how many seconds it takes under the account's quotas.
    pub seconds: usize,
    /// What goes beyond a limit.
    pub exceeded: Vec<String>,
}

impl Limits {
    /// Of a document for an API.
    #[must_use]
    pub fn of(document: &Document, reading: Option<&Reading>) -> Self {
        let resources = count_resources(document.paths.iter().map(|(path, _)| path));
        let policy = reading.and_then(|reading| reading.api.policy.as_deref());
        let policy_characters = policy.map_or(0, |text| {
            policy::parse(text).map_or_else(|| text.chars().count(), |policy| policy.to_string().chars().count())
        });
        let mut exceeded = Vec::new();
        let mut check = |what: &str, value: usize, limit: usize| {
            if value > limit {
                exceeded.push(format!("{value} {what}: the quota is {limit} unless AWS raised it"));
            }
        };
        check("resources", resources, MAX_RESOURCES);
        check("characters of resource policy", policy_characters, MAX_POLICY);
        let document_bytes = document.json_bytes();
        check("bytes of document", document_bytes, MAX_DOCUMENT_BYTES);
        Self {
            resources,
            document_bytes,
            policy_characters,
            calls: CALLS,
            seconds: SECONDS,
            exceeded,
        }
    }
}
