//! A deployment to an API that there is not yet.

use std::collections::BTreeMap;

use crate::api::{ApiGateway, Operation, RestApi};
use crate::plan::{Became, Overwrite, Part};
use crate::read::{Reading, all_named};
use crate::transaction::{Before, Caller, Event, RunError, State, StepError, Transaction, Undo, until};

use super::{Deploy, Deployed};

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Creates the API and deploys to it. Two runs that do so at the same time must not end with two APIs of one name.
    pub(super) async fn create(&self, overwrite: &Overwrite, deploy: &Deploy<'_>) -> Result<Deployed, RunError> {
        let name = &overwrite.expected.name;
        // Since the plan, somebody may have been asked, and another run may have been quicker.
        if !all_named(self.gateway, name).await?.is_empty() {
            return Err(RunError::changed(Part::Api, name, Became::Added));
        }
        self.prepare_journal()?;
        self.tell(&Event::CreatingApi { name: name.clone() });
        let import = |fail| self.gateway.import_rest_api(&overwrite.body, fail);
        let made = self.give(import, self.warnings(deploy)).await.map_err(|error| {
            let state = if error.is_ambiguous() {
                State::MaybeCreated
            } else {
                State::Untouched
            };
            RunError::Call { error, state }
        })?;
        let rest_api_id = made.id.clone();
        self.tell(&Event::CreatedApi {
            rest_api_id: rest_api_id.clone(),
        });
        let mut overwrite = overwrite.clone();
        overwrite.expected.id.clone_from(&made.id);
        let source = &mut overwrite.expected.api_key_source;
        *source = source.take().or_else(|| made.api_key_source.clone());
        self.begin_with(Before {
            reading: Reading {
                api: overwrite.expected.clone(),
                ..Reading::default()
            },
            exports: BTreeMap::new(),
        });
        // Without a journal nobody is told of a run that dies now, but the API is there by now.
        let _ = self.open_journal(&rest_api_id);
        self.did([Undo::Created {
            rest_api_id: rest_api_id.clone(),
        }]);
        let warnings = made.warnings.clone();
        let work = async {
            self.stay_the_only_one(&made).await?;
            // Nobody can have locked it for long: it is a moment old, and a read might not show it yet.
            self.take(&rest_api_id).await?;
            self.publish(made, &overwrite, deploy).await
        };
        let deployment_id = self.undone(work).await;
        self.clock.begin_undo();
        self.release(&rest_api_id, false).await;
        let deployment_id = deployment_id?;
        self.end_journal();
        Ok(Deployed {
            created: true,
            warnings,
            ..Deployed::to(&overwrite.expected, &deployment_id)
        })
    }

    /// Deletes the API of this run again unless it is the only one of its name. Of several that were created at the
    /// same time the one with the first id stays if the others go, as they do when their runs see it in time; otherwise
    /// it goes too, for an API that stays may be in use already.
    async fn stay_the_only_one(&self, made: &RestApi) -> Result<(), StepError> {
        let read = || all_named(self.gateway, &made.name);
        let is_other = |other: &RestApi| other.id != made.id;
        let is_first = |others: &Vec<RestApi>| others.iter().all(|other| other.id >= made.id);
        let is_decided = |named: &Vec<RestApi>| !named.iter().any(is_other) || !is_first(named);
        let named = until(read, is_decided).await?.last()?;
        if !named.iter().any(is_other) {
            return Ok(());
        }
        self.clock.begin_undo();
        // The quota is one for all who use the account.
        self.clock.grant(3 * Operation::DeleteRestApi.interval());
        self.tell(&Event::Undoing);
        self.gateway.delete_rest_api(&made.id).await?;
        self.keep();
        Err(RunError::CreatedMeanwhile {
            name: made.name.clone(),
        }
        .into())
    }
}
