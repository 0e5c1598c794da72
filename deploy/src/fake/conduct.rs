//! How the service behaves besides what it knows about APIs.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::api::{Access, Cause, Page, Reply, RestApi};

use super::api::FakeApi;
use super::refusal::refused;

/// Who may call what, by path and verb.
type Summary = BTreeMap<String, BTreeMap<String, Access>>;

/// How a deployment tells who may call what, where it does not tell that as resources do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Telling {
    /// Nothing.
    #[default]
    Nothing,
    /// One path is missing.
    NotAll,
    /// Paths and verbs are spelt otherwise.
    Otherwise,
}

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
    /// What time it is, in seconds since 1970, if it says so.
    pub(super) time: Option<i64>,
    /// Whether nobody gave API Gateway a role that may write logs.
    pub(super) may_not_log: bool,
    /// What the service behind the API answers, by verb and path; 200 otherwise.
    pub(super) answers: BTreeMap<String, u16>,
    /// Which of the next calls of the API are still answered as before.
    pub(super) stale: VecDeque<bool>,
    /// What refuses every call of the API, if it is not its routes.
    pub(super) refuses: Option<String>,
    /// How often deployments still do not tell who may call what as they should.
    pub(super) untold: usize,
    pub(super) telling: Telling,
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

/// What the position of a page of a list begins with that comes the other way round.
const TURNED: &str = "turned ";

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

    /// Whether a call of the API is answered as before.
    pub(super) fn was_stale(&mut self) -> bool {
        self.stale.pop_front().unwrap_or(false)
    }

    /// What a deployment tells of who may call what.
    pub(super) fn tell(&mut self, mut summary: Summary) -> Option<Summary> {
        if self.untold == 0 {
            return Some(summary);
        }
        self.untold -= 1;
        match self.telling {
            Telling::Nothing => return Some(Summary::new()),
            Telling::NotAll => drop(summary.pop_last()),
            Telling::Otherwise => {
                let spelt = |(verb, access): (String, Access)| match verb.as_str() {
                    "ANY" => ("x-amazon-apigateway-any-method".to_owned(), access),
                    verb => (verb.to_lowercase(), access),
                };
                let verbs = |verbs: BTreeMap<String, Access>| verbs.into_iter().map(spelt).collect();
                let paths = summary.into_iter();
                summary = paths
                    .map(|(path, of)| (path.trim_start_matches('/').to_owned(), verbs(of)))
                    .collect();
            }
        }
        Some(summary)
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
        // The pages of one list follow each other, whatever is asked for in between.
        let is_turned = position.map_or_else(|| self.turn(), |text| text.starts_with(TURNED));
        let start = position.and_then(|text| text.trim_start_matches(TURNED).parse().ok());
        let start = start.unwrap_or(0);
        let size = self.page_size.unwrap_or(usize::MAX);
        let mut all: Vec<&T> = all.collect();
        if is_turned {
            all.reverse();
        }
        let mut rest = all.into_iter().skip(start);
        let items: Vec<T> = rest.by_ref().take(size).cloned().collect();
        let mark = if is_turned { TURNED } else { "" };
        let next = rest.next().is_some().then(|| format!("{mark}{}", start + items.len()));
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
            error_type: None,
        }
    }
}
