//! The draft: making it a document, making sure that it is, and making it again what it was.

use std::future::Future;
use std::time::Duration;

use bluegate_core::gateway::{Api, Definition, Difference, Field};
use tokio::time::Instant;

use crate::api::{ApiGateway, CallError, Cause, RestApi};
use crate::carry::{Kept, RestoreError, complete, mismatches, restored, takes_long};
use crate::plan::is_draft_of;
use crate::read::read_draft;
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Before, Caller, Event, MOST_READS, Put, State, StepError, Transaction, Undo, Warning, until};

/// A put that was not answered is over by then, one way or the other: API Gateway answers within 29 seconds.
const LONGEST_PUT: Duration = Duration::from_secs(30);

/// What becomes of a document that API Gateway warns about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Warnings<'a> {
    /// Whether it is not taken.
    pub(crate) are_refused: bool,
    /// Warnings that are taken for granted, or parts of them.
    pub(crate) allowed: &'a [String],
}

impl Warnings<'_> {
    /// Whether a refusal is one of warnings, and all of them are allowed.
    fn allow(&self, refusal: &Cause) -> bool {
        let warnings = refusal.warnings();
        let is_allowed = |warning: &&str| self.allowed.iter().any(|allowed| warning.contains(allowed.as_str()));
        !warnings.is_empty() && warnings.iter().all(is_allowed)
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Replaces the definition of the API, and gives what the API is then.
    pub(crate) async fn put(&self, body: &str, warnings: Warnings<'_>) -> Result<RestApi, StepError> {
        let id = self.id();
        self.begin().await?;
        let give = |fail| self.gateway.put_rest_api(id, body, fail);
        self.set_put(Put::Begun(Instant::now()));
        let put = self.apply([Undo::Draft], self.give(give, warnings)).await;
        match &put {
            Ok(_) => self.set_put(Put::Done),
            Err(error) if error.earlier || is_unanswered(&error.cause) => {}
            Err(_) => self.set_put(Put::Failed),
        }
        Ok(put?)
    }

    /// Gives API Gateway a document, with warnings only that are allowed.
    pub(crate) async fn give<F: Future<Output = Result<RestApi, CallError>>>(
        &self,
        give: impl Fn(bool) -> F,
        warnings: Warnings<'_>,
    ) -> Result<RestApi, CallError> {
        let taken = match give(warnings.are_refused).await {
            Err(error) if warnings.allow(&error.cause) => give(false).await?,
            answer => answer?,
        };
        for message in taken.warnings.iter().cloned() {
            self.warn(Warning::Document { message });
        }
        Ok(taken)
    }

    /// Reads the draft back until it is what is wanted, puts settings right that the put reset, and gives what is
    /// there.
    ///
    /// `put` is what the put answered: reads may be older, and show settings that are gone. `was` is the draft before.
    pub(crate) async fn verify(
        &self,
        put: RestApi,
        expected: &RestApi,
        wanted: &Definition,
        was: Option<&Definition>,
    ) -> Result<(RestApi, Api), StepError> {
        let changed = [expected, &self.before().reading.api].map(|api| mismatches(api, &put));
        if changed.iter().flatten().any(|one| takes_long(one.setting)) {
            self.expect_long_update();
        }
        self.settle(&expected.id, Some(&put)).await?;
        if !self.service.tolerates(Lack::Lag) {
            self.repair(expected, put).await?;
        }
        let read = || self.read_repaired(expected);
        let is_so = |(_, draft): &(RestApi, Api)| {
            let draft = Definition::of(draft);
            let is_fresh = || was.is_none_or(|was| is_fresh(&draft, wanted, was));
            self.service.tolerates(Lack::Lag) || deviates(&draft, wanted).is_none() && is_fresh()
        };
        // What is so at last may have been older than the put, or is spelt in API Gateway's own way.
        let read = until(read, is_so).await?.last()?;
        match deviates(&Definition::of(&read.1), wanted) {
            None => Ok(read),
            Some(wrong) if self.lacks(Lack::Definition, &wrong) => Ok(read),
            Some(wrong) => Err(StepError::Check(format!("the draft is not what was put: {wrong}"))),
        }
    }

    async fn read_repaired(&self, expected: &RestApi) -> Result<(RestApi, Api), StepError> {
        let api = self.settle(&expected.id, None).await?;
        let api = self.repair(expected, api).await?;
        let draft = read_draft(self.gateway, &api.id, self.service).await?;
        Ok((api, draft))
    }

    /// Puts settings right, and gives the API as it is then.
    async fn repair(&self, expected: &RestApi, mut api: RestApi) -> Result<RestApi, StepError> {
        for _ in 0..MOST_READS {
            let found = mismatches(expected, &api);
            if found.is_empty() {
                return Ok(api);
            }
            let settings: Vec<&'static str> = found.iter().map(|one| one.setting).collect();
            let names = settings.join(", ");
            self.tell(&Event::Repairing { settings });
            let patches: Vec<_> = found.iter().flat_map(|one| one.patches.clone()).collect();
            match self.gateway.update_rest_api(&expected.id, &patches).await {
                Err(error)
                    if matches!(error.cause, Cause::Refused { .. } | Cause::Garbled { .. })
                        && self.lacks(Lack::Settings, &names) =>
                {
                    return Ok(api);
                }
                // A read may be older than this answer.
                patched => api = patched?,
            }
            self.settle(&expected.id, Some(&api)).await?;
            if self.service.tolerates(Lack::Settings) {
                return Ok(api);
            }
        }
        match mismatches(expected, &api).first() {
            None => Ok(api),
            Some(one) => Err(StepError::Check(format!("the {} cannot be put right", one.setting))),
        }
    }

    /// Makes the draft what it was before the run, and says how far it is that.
    pub(super) async fn draft_back(&self) -> State {
        self.outwait_put().await;
        let before = self.before();
        let Some(source) = Source::of(before, self.stage) else {
            // Nothing was served before: there is nothing to put back but the settings.
            let repaired = match self.settle(self.id(), None).await {
                Ok(api) => self.repair(&before.reading.api, api).await.map(drop),
                Err(error) => Err(error),
            };
            if let Err(error) = repaired {
                let reason = error.to_string();
                self.warn(Warning::NotRepaired { reason });
            }
            return match self.put_state() {
                Put::Done => State::DraftReplaced {
                    rest_api_id: self.id().to_owned(),
                },
                Put::Begun(_) | Put::Failed => State::DraftUnknown,
            };
        };
        match self.put_back(&source).await {
            Ok(draft) if source.is_back(&draft, before) => State::Restored,
            Ok(_) => State::DraftServed {
                stage: source.stage.to_owned(),
            },
            Err(_) => State::DraftUnknown,
        }
    }

    async fn put_back(&self, source: &Source<'_>) -> Result<Definition, StepError> {
        let reading = &self.before().reading;
        let broken = |error: RestoreError| StepError::Check(error.to_string());
        let responses = Some(&reading.draft.responses[..]);
        let kept = Kept::all(&reading.draft);
        let mut document = restored(
            source.export,
            &reading.api,
            &reading.draft.authorizers,
            responses,
            &kept,
        )
        .map_err(broken)?;
        if source.is_the_draft {
            complete(&mut document, &reading.draft);
        }
        let put = self
            .gateway
            .put_rest_api(&reading.api.id, &document.to_json(), false)
            .await?;
        let (_, draft) = self
            .verify(put, &reading.api, &Definition::from(&document), None)
            .await?;
        Ok(Definition::of(&draft))
    }

    /// Two puts at a time would mix: one that was not answered is waited for.
    async fn outwait_put(&self) {
        if let Put::Begun(began) = self.put_state() {
            let left = LONGEST_PUT.saturating_sub(began.elapsed());
            self.clock.grant(left);
            tokio::time::sleep(left).await;
        }
        let _ = self.settle(self.id(), Some(&self.before().reading.api)).await;
    }
}

/// The document that the draft is put back from.
struct Source<'a> {
    /// What exported it; nothing of a draft without methods.
    stage: &'a str,
    export: &'a str,
    /// Whether the deployment of that stage says that it was made of this draft.
    is_the_draft: bool,
}

impl<'a> Source<'a> {
    /// What stages serve of the draft: any of them, for a draft may be what another stage than that of this run was
    /// deployed from. If nobody serves it, what the stage of this run serves is the safest that there is.
    fn of(before: &'a Before, of_run: &str) -> Option<Self> {
        const EMPTY: &str = r#"{"openapi": "3.0.1", "info": {"title": "", "version": "1"}, "paths": {}}"#;
        let reading = &before.reading;
        if reading
            .draft
            .resources
            .iter()
            .all(|resource| resource.methods.is_empty())
        {
            return Some(Self {
                stage: "",
                export: EMPTY,
                is_the_draft: true,
            });
        }
        let draft = reading.definition();
        let says_so = |stage: &str| {
            let id = reading.stage(stage)?.deployment_id.as_ref()?;
            is_draft_of(reading, &draft, reading.deployments.iter().find(|one| one.id == *id)?)
        };
        let is_same = |export: &str| {
            let document = export.parse();
            document.is_ok_and(|document| deviates(&Definition::from(&document), &draft).is_none())
        };
        let exports = || before.exports.iter();
        let told = exports().find(|(stage, _)| says_so(stage) == Some(true));
        let (stage, export) = told
            .or_else(|| exports().find(|(_, export)| is_same(export)))
            .or_else(|| before.exports.get_key_value(of_run))
            .or_else(|| exports().next())?;
        Some(Self {
            stage,
            export,
            is_the_draft: told.is_some(),
        })
    }

    /// Whether a draft is what it was before.
    fn is_back(&self, draft: &Definition, before: &Before) -> bool {
        let was = before.reading.definition();
        draft.routes == was.routes || self.is_the_draft && deviates(draft, &was).is_none()
    }
}

/// Whether nobody knows if API Gateway is still at it.
fn is_unanswered(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::TimedOut | Cause::DeadlinePassed | Cause::Unreachable { .. }
    )
}

/// Whether a draft that is as it should be in what matters was surely read after the put.
fn is_fresh(draft: &Definition, wanted: &Definition, was: &Definition) -> bool {
    let is_new = essential(draft).routes != essential(was).routes;
    let has_responses = |(kind, facts): (&String, &_)| draft.responses.get(kind) == Some(facts);
    (is_new || draft.routes == wanted.routes) && wanted.responses.iter().all(has_responses)
}

/// The facts that matter. Fields that API Gateway may spell in its own way are left out.
fn essential(definition: &Definition) -> Definition {
    definition.only(Field::is_essential)
}

/// What matters and is not as it is wanted.
pub(super) fn deviates(draft: &Definition, wanted: &Definition) -> Option<String> {
    let mut authorizers = wanted.authorizers.keys();
    let missing = authorizers.find(|name| !draft.authorizers.contains_key(*name));
    first(&Difference::between(&essential(draft), &essential(wanted)))
        .or_else(|| missing.map(|name| format!("the authorizer `{name}` is missing")))
}

/// The first thing that differs, in words.
pub(super) fn first(difference: &Difference) -> Option<String> {
    if let Some(route) = difference.added.first() {
        return Some(format!("{route} is missing"));
    }
    if let Some(route) = difference.removed.first() {
        return Some(format!("{route} is there"));
    }
    let changed = difference.changed.first()?;
    let change = changed.changes.first()?;
    Some(format!(
        "the {} of {} is {} and not {}",
        change.field,
        changed.route,
        change.from.as_deref().unwrap_or("absent"),
        change.to.as_deref().unwrap_or("absent")
    ))
}
