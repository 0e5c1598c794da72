//! Undoing what was done: the list of what was applied, backwards.

use crate::api::ApiGateway;
use crate::transaction::{Caller, Event, State, Transaction, Undo, backwards};

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Undoes what was done, and says what state that left.
    pub(crate) async fn undo(&self) -> State {
        let applied = self.applied();
        if applied.is_empty() {
            return State::Untouched;
        }
        self.clock.begin_undo();
        self.tell(&Event::Undoing);
        let mut has_settings = true;
        let mut has_pointer = false;
        let mut draft = None;
        for undo in backwards(&applied) {
            match undo {
                Undo::Pointer { stage, .. } => {
                    if self.point_back(stage).await.is_err() {
                        // What the stage may serve must not go.
                        let is_made = |one: &Undo| matches!(one, Undo::Deployment { .. });
                        return if applied.iter().any(is_made) {
                            State::StageUnknown
                        } else {
                            State::PointerUnknown
                        };
                    }
                    has_pointer = true;
                }
                Undo::Settings { stage } => has_settings = self.settings_back(stage).await.is_ok(),
                Undo::Stage { name, deployment_id } => {
                    if self.stage_away(name, deployment_id).await.is_err() {
                        return State::StageUnknown;
                    }
                }
                Undo::Permission { function, statement_id } => {
                    self.permission_away(function, statement_id).await;
                }
                Undo::Deployment { id } => self.deployment_away(id).await,
                Undo::Draft => draft = Some(self.draft_back().await),
                Undo::Created { rest_api_id } => {
                    draft = Some(State::DraftReplaced {
                        rest_api_id: rest_api_id.clone(),
                    });
                }
                // An API cannot be put back.
                Undo::Deleted => return State::MaybeDeleted,
            }
        }
        match draft {
            Some(State::Restored) | None if !has_settings => State::SettingsUnknown,
            Some(state) => state,
            None if has_pointer => State::Returned,
            None => State::SettingsRestored,
        }
    }
}
