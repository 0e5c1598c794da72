//! How the service behaves besides what it knows about APIs.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::api::{Cause, Page, Reply, RestApi};

use super::api::FakeApi;
use super::refusal::refused;

#[derive(Debug, Default)]
pub(super) struct Conduct {
    /// What imports and puts warn about.
    pub(super) warnings: Vec<String>,
    /// How much stands on one page.
    pub(super) page_size: Option<usize>,
    /// How long an update takes that a put, an import or a patch begins.
    pub(super) update_takes: Duration,
    /// How long one takes that is about TLS.
    pub(super) tls_takes: Duration,
    /// How long a cache takes to come, or to go.
    pub(super) cache_takes: Duration,
    /// Why the next update fails.
    pub(super) fails: Option<String>,
    /// Whether puts ignore the policies of a document.
    pub(super) drops_policy: bool,
    /// Whether the next deployment forgets who may call what.
    pub(super) opens_deployments: bool,
    /// The states of the VPC links that there are.
    pub(super) links: BTreeMap<String, String>,
    /// What the service behind the API answers, by verb and path; 200 otherwise.
    pub(super) answers: BTreeMap<String, u16>,
    /// How many calls of the API are still answered as if nothing had been deployed.
    pub(super) staleness: usize,
    /// Whether unsigned calls pass.
    pub(super) is_open: bool,
    /// What a proxy in front of the API answers every call with, if there is one.
    pub(super) proxy: Option<u16>,
    /// The account that calls, if it is not 111111111111.
    pub(super) account: Option<String>,
    /// Whether exports spell what has no effect otherwise than it was put.
    pub(super) spells_exports_otherwise: bool,
    /// Which way lists and exports come, if not always the same: it turns from call to call.
    pub(super) turns: Option<bool>,
}

impl Conduct {
    /// Refuses a document that it warns about, if it is to.
    pub(super) fn judge(&self, fail_on_warnings: bool) -> Result<(), Cause> {
        if !fail_on_warnings || self.warnings.is_empty() {
            return Ok(());
        }
        let lines = self.warnings.join("\n\t");
        Err(refused(&format!("Warnings found during import:\n\t{lines}")))
    }

    /// What a put or an import answers with.
    pub(super) fn took(&mut self, api: &mut FakeApi, before: &RestApi) -> RestApi {
        RestApi {
            warnings: self.warnings.clone(),
            ..self.update(api, before)
        }
    }

    /// Begins the update to what an API is to be, which may take a while.
    pub(super) fn update(&mut self, api: &mut FakeApi, before: &RestApi) -> RestApi {
        let tls = |api: &RestApi| {
            let policy = api.security_policy.clone().unwrap_or_else(|| "TLS_1_0".to_owned());
            (policy, api.endpoint_access_mode.clone())
        };
        let takes = if tls(&api.api) == tls(before) {
            self.update_takes
        } else {
            self.update_takes.max(self.tls_takes)
        };
        api.updating_for(takes);
        api.failed = self.fails.take();
        api.told()
    }

    /// Whether a call of the API is answered as if nothing had been deployed.
    pub(super) fn was_stale(&mut self) -> bool {
        let left = self.staleness;
        self.staleness = left.saturating_sub(1);
        left > 0
    }

    /// Whether an answer comes the other way round than the one before.
    pub(super) fn turn(&mut self) -> bool {
        self.turns = self.turns.map(|turned| !turned);
        self.turns == Some(true)
    }

    /// A list as it comes this time.
    pub(super) fn turned<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        if self.turn() {
            all.reverse();
        }
        all
    }

    /// The page that begins at a position.
    pub(super) fn page<'a, T: Clone + 'a>(
        &mut self,
        all: impl Iterator<Item = &'a T>,
        position: Option<&str>,
    ) -> Page<T> {
        let start = position.and_then(|text| text.parse().ok()).unwrap_or(0);
        let size = self.page_size.unwrap_or(usize::MAX);
        let mut rest = self.turned(all.collect()).into_iter().skip(start);
        let items: Vec<T> = rest.by_ref().take(size).cloned().collect();
        let next = rest.next().is_some().then(|| (start + items.len()).to_string());
        Page { items, next }
    }

    /// What the service behind the API answers.
    pub(super) fn service(&self, verb: &str, path: &str) -> Reply {
        let path = path.split('?').next().unwrap_or_default();
        let status = self.answers.get(&format!("{verb} {path}")).copied();
        Reply {
            status: status.unwrap_or(200),
            body: format!("{{\"path\": \"{path}\"}}"),
            from_gateway: true,
        }
    }
}
