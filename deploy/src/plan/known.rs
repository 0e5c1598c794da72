//! What is known of an API and of what is wanted: each fact computed once, for everything that a plan says.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::aws::StageSettings;
use bluegate_core::gateway::{Change, Definition, Exported, Facts, Field, access_only, changes, is_made_up};

use crate::api::{Deployment, GatewayResponse, RestApi};
use crate::carry::{self, Kept, mismatches};
use crate::read::{Reading, served, unmanaged_responses};

use super::action::{Action, CanaryMove, Overwrite, Server};
use super::by_variable::asked_by_variables;
use super::caching::Caching;
use super::drift::{Drift, drift, is_made_of};
use super::guards::{Case, Judged, Policies, judge};
use super::permissions::FunctionPlan;
use super::stage_settings::{Declared as _, stage_variables_of, weaker_elsewhere};
use super::stages::StagePlan;
use super::wanted::{Past, Wanted};

/// What is known.
pub(super) struct Known<'a> {
    reading: &'a Reading,
    wanted: &'a Wanted<'a>,
    /// What the draft does.
    pub(super) draft: Definition,
    /// What it is to do.
    pub(super) desired: Definition,
    /// What the stage serves, as far as the service tells, and as far as it can be compared.
    pub(super) live: Option<Definition>,
    /// The same with all that tells how it is protected.
    served: Option<Definition>,
    exported: Option<Exported>,
    /// What the settings of the API are to be.
    pub(super) expected: RestApi,
    unmanaged: Vec<GatewayResponse>,
    pub(super) kept: Kept,
    pub(super) drift: Drift,
    /// Whether the settings of the API are what they are to be.
    is_settled: bool,
}

impl<'a> Known<'a> {
    pub(super) fn of(reading: &'a Reading, wanted: &'a Wanted<'a>, past: &Past) -> Self {
        let draft = Definition::of(&reading.draft);
        let unmanaged = unmanaged_responses(reading, wanted.document);
        let mut desired = Definition::from(wanted.document);
        // Gateway responses of somebody else are carried over: they are part of what the API will do.
        for response in &unmanaged {
            if let Some(facts) = draft.responses.get(&response.kind) {
                desired.responses.insert(response.kind.clone(), facts.clone());
            }
        }
        let expected = carry::expected(&reading.api, wanted.document, wanted.name);
        desired.has_binary |= !expected.binary_media_types.is_empty() || !reading.api.binary_media_types.is_empty();
        let exported = reading.export.as_deref().and_then(Exported::of);
        Self {
            drift: drift(reading, &draft, past.interrupted),
            served: live(reading, exported.as_ref().map(|exported| &exported.whole)),
            live: live(reading, exported.as_ref().map(|exported| &exported.definition)),
            // What comes back is there as far as the plan is concerned, but has to be put.
            is_settled: past.back.is_empty() && mismatches(&expected, &reading.api).is_empty(),
            kept: Kept::of(&reading.draft, wanted.document),
            reading,
            wanted,
            draft,
            desired,
            exported,
            expected,
            unmanaged,
        }
    }

    /// A definition, as far as what the stage serves can be compared with it.
    pub(super) fn comparable(&self, definition: &Definition) -> Definition {
        match &self.exported {
            Some(_) => definition.only(Field::is_exported),
            None => access_only(definition),
        }
    }

    /// What is left to do when the document is served already; `None` when it is not.
    pub(super) fn served_already(&self, changes_stage: bool) -> Option<Action> {
        let serves = |deployment: Option<&Deployment>| {
            deployment.is_some_and(|one| is_made_of(self.reading, &self.draft, one, self.wanted.digest))
        };
        if !self.is_settled {
            return None;
        }
        if serves(self.reading.served.as_ref()) {
            return Some(if changes_stage {
                Action::StageSettings
            } else {
                Action::Nothing {
                    served_by: Server::Stage,
                }
            });
        }
        let wanted = self.canary()?;
        let canary = self.reading.stage(self.wanted.stage)?.canary.as_ref()?;
        if !serves(self.replaced()) {
            return None;
        }
        Some(if canary.has(wanted.percent) {
            Action::Nothing {
                served_by: Server::Canary,
            }
        } else {
            Action::CanaryPercent(wanted)
        })
    }

    /// The deployment that another one takes the place of: that of the canary when one is wanted and there is one.
    pub(super) fn replaced(&self) -> Option<&'a Deployment> {
        let stage = self.reading.stage(self.wanted.stage)?;
        let canary = stage.canary.as_ref().filter(|_| self.wanted.canary.is_some());
        let id = canary.map_or(&stage.deployment_id, |canary| &canary.deployment_id);
        self.reading.deployments.iter().find(|one| Some(&one.id) == id.as_ref())
    }

    /// The canary that is wanted.
    fn canary(&self) -> Option<CanaryMove> {
        let percent = self.wanted.canary?;
        let stage = self.reading.stage(self.wanted.stage);
        let canary = stage.and_then(|stage| stage.canary.as_ref());
        Some(CanaryMove {
            percent,
            replaces: canary.and_then(|canary| canary.deployment_id.clone()),
        })
    }

    /// What guards say.
    pub(super) fn judged(&self, stage: &StagePlan, permissions: &[FunctionPlan], waiting: &[&'static str]) -> Judged {
        let api = &self.reading.api;
        let normal = |text: &str| bluegate_core::gateway::policy::normalise(text, &api.id);
        let served = self.exported.as_ref().map(|exported| exported.normal_policy(&api.id));
        let next = self.expected.policy.as_deref().map(normal);
        let now = api.policy.as_deref().map(normal);
        let is_ours = self.wanted.document.policy.is_some();
        let of_stage = served.as_ref().map(Option::as_deref);
        let replaced: Vec<_> = match is_ours {
            true => [now.as_deref()].into_iter().chain(of_stage).collect(),
            // One that somebody gave the API takes the place of the one that the stage serves, if it has one.
            false => of_stage.into_iter().filter(Option::is_some).collect(),
        };
        let case = Case {
            draft: Some(&self.draft),
            served: self.served.as_ref(),
            next: Some(&self.desired),
            policy: Some(Policies {
                served: served.as_ref().map(Option::as_deref),
                next: next.as_deref(),
                replaced: &replaced,
            }),
            other_policy: None,
            waiting,
            has_default_address: !self.expected.disable_execute_api_endpoint,
            less: &self.less(),
            loses_edits: self.drift == Drift::Edited,
            canary: match self.wanted.canary {
                None => stage.canary.as_ref().map(|canary| (self.wanted.stage, canary)),
                Some(_) => None,
            },
            surroundings: Some(&self.reading.surroundings),
            permissions,
            impossible: &self.wanted.impossible_functions(self.reading.stage(self.wanted.stage)),
            undefined: &self.wanted.undefined_variables(self.reading.stage(self.wanted.stage)),
            created: None,
        };
        judge(&case, self.wanted.allow)
    }

    /// What is no part of a definition and protects less than before: settings of the API and of the stage, answers that the
    /// stage keeps, and what is another by a variable of the stage.
    pub(super) fn less(&self) -> Vec<String> {
        let stage = self.reading.stage(self.wanted.stage);
        let routes = self
            .draft
            .routes
            .values()
            .chain(self.served.iter().flat_map(|served| served.routes.values()));
        let has_keys = routes.into_iter().any(|facts| facts.contains_key(&Field::ApiKey));
        let settings = carry::weakened(&self.reading.api, &self.expected);
        let settings = settings.filter(|(name, _)| has_keys || *name != carry::KEY_SOURCE);
        let mut less: Vec<String> = settings.map(|(_, what)| what).collect();
        // The settings of the stage are its own, and not those of a canary beside it.
        let declared = Some(self.wanted.stage_settings).filter(|_| self.wanted.canary.is_none());
        let (kept, keeps) = (Caching::of(stage, None), Caching::of(stage, declared));
        let before = [Some(&self.draft), self.served.as_ref()].into_iter().flatten();
        let shared: BTreeSet<String> = before
            .flat_map(|before| kept.shared(before, &keeps, &self.desired))
            .collect();
        less.extend(shared);
        let before = [Some(&self.draft), self.served.as_ref()].into_iter().flatten();
        let nothing = StageSettings::default();
        less.extend(weaker_elsewhere(
            stage,
            declared.unwrap_or(&nothing),
            before,
            &self.desired,
        ));
        if let Some(declared) = declared {
            less.extend(declared.weaker(stage));
            let (was, is) = (
                stage_variables_of(stage, None),
                stage_variables_of(stage, Some(declared)),
            );
            less.extend(asked_by_variables(&self.desired, &was, &is));
        }
        less
    }

    /// Settings of the API that change, gateway responses among them, and authorizers that go.
    pub(super) fn settings(&self) -> Vec<Change> {
        let (api, expected) = (&self.reading.api, &self.expected);
        let mut found = Vec::new();
        let mut compare = |field: &str, from: Option<&str>, to: Option<&str>| {
            if from != to {
                found.push(Change {
                    field: field.to_owned(),
                    from: from.map(str::to_owned),
                    to: to.map(str::to_owned),
                });
            }
        };
        for ((name, from), (_, to)) in carry::told(api).zip(carry::told(expected)) {
            let said = |text| Some(text).filter(|text: &&str| !text.is_empty());
            compare(name, said(&from), said(&to));
        }
        let none = Facts::new();
        let (draft, desired) = (&self.draft, &self.desired);
        for (what, before, after) in [
            ("authorizer", &draft.authorizers, &desired.authorizers),
            ("gateway response", &draft.responses, &desired.responses),
        ] {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let of = |named: &'_ BTreeMap<String, Facts>| named.get(name).unwrap_or(&none).clone();
                for change in changes(&of(before), &of(after)) {
                    let field = format!("{what} {name} {}", change.field);
                    compare(&field, change.from.as_deref(), change.to.as_deref());
                }
            }
        }
        // A schema that stands where it is used gets another name by each put.
        let models = carry::models(&self.reading.draft, self.wanted.document, &self.kept);
        for (name, from, to) in models.into_iter().filter(|(name, ..)| !is_made_up(name)) {
            compare(&format!("model {name}"), from.as_deref(), to.as_deref());
        }
        found
    }

    /// What an overwrite would reset, in words.
    pub(super) fn carried_over(&self) -> Vec<String> {
        let mut all = carry::carried(&self.reading.api, self.wanted.document);
        if !self.unmanaged.is_empty() {
            let kinds: Vec<&str> = self.unmanaged.iter().map(|response| response.kind.as_str()).collect();
            all.push(format!("gateway responses: {}", kinds.join(", ")));
        }
        all.extend(self.kept.carried());
        all
    }

    /// What is put.
    pub(super) fn overwrite(self) -> Box<Overwrite> {
        let canary = self.canary();
        Box::new(Overwrite {
            body: carry::overwriting(self.wanted.document, &self.expected, &self.unmanaged, &self.kept),
            expected: self.expected,
            desired: self.desired,
            kept: self.kept,
            canary,
        })
    }
}

/// What the stage serves. Who may call is known best from the deployment, all else from the export.
fn live(reading: &Reading, exported: Option<&Definition>) -> Option<Definition> {
    let summary = reading.served.as_ref().and_then(served);
    let Some(exported) = exported else { return summary };
    let mut live = exported.clone();
    let Some(summary) = summary else { return Some(live) };
    live.routes.retain(|key, _| summary.routes.contains_key(key));
    for (key, access) in summary.routes {
        let facts = live.routes.entry(key).or_default();
        facts.retain(|field, _| !field.is_access());
        facts.extend(access);
    }
    Some(live)
}
