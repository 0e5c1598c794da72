//! Who may call the functions of an API: permitted before a stage needs it, taken away when nothing does any more.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::Definition;
use bluegate_core::openapi::Document;

use crate::api::{ApiGateway, CallError, Canary, Cause, Texts};
use crate::plan::{Calls, Invoker, served_calls, stage_variables_of};
use crate::read::{FunctionAccess, Marker, is_missing, lacks_functions, read_function};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, StepError, Transaction, Undo, Warning, until};

use super::align::overridden;
use super::pointer::unless_refused;

/// The policies of functions, as they were read last.
pub(crate) type FunctionPolicies = BTreeMap<String, String>;

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Who calls functions, as they know it. `None` when nobody tells which account this is.
    async fn invoker(&self) -> Option<Invoker> {
        if self.region_and_account().is_none()
            && let Ok(caller) = self.gateway.get_caller_identity().await
        {
            self.set_account(&caller.account);
        }
        let (region, account) = self.region_and_account()?;
        Some(Invoker::new(region, account, self.id(), self.stage))
    }

    /// Permits the calls that a stage is going to make. Gives the policies that are known.
    pub(crate) async fn permit(&self, calls: &Calls) -> Result<FunctionPolicies, StepError> {
        let mut policies = FunctionPolicies::new();
        if calls.is_empty() {
            return Ok(policies);
        }
        let Some(invoker) = self.invoker().await else {
            return Ok(policies);
        };
        for function in calls.functions() {
            if let Some(policy) = self.permit_on(&invoker, function, calls).await? {
                policies.insert(function.clone(), policy);
            }
        }
        Ok(policies)
    }

    /// The same on one function.
    async fn permit_on(&self, invoker: &Invoker, function: &str, calls: &Calls) -> Result<Option<String>, StepError> {
        let lacking = || self.lacks(Lack::Functions, format!("who may call the function `{function}`"));
        let policy = match read_function(self.gateway, function, self.service).await? {
            FunctionAccess::Known(policy) => policy,
            FunctionAccess::Missing => return Err(not_found(function)),
            FunctionAccess::Hidden => {
                if !lacking() {
                    self.warn(Warning::Hidden {
                        function: function.to_owned(),
                        command: invoker.command(function, &invoker.sum_of(calls, function)),
                    });
                }
                return Ok(None);
            }
        };
        let missing = |policy: &str| invoker.missing(function, policy, calls.to(function));
        let added = missing(&policy);
        if added.is_empty() {
            return Ok(Some(policy));
        }
        self.tell(&Event::Permitting {
            function: function.to_owned(),
            calls: added.clone(),
        });
        for call in &added {
            let id = invoker.statement_id(call);
            let undo = Undo::Permission {
                function: function.to_owned(),
                statement_id: id.clone(),
            };
            let source = invoker.source(call);
            let write = self.gateway.add_permission(function, &id, &source);
            match self.apply([undo], write).await {
                // Reading the policy tells whether it is this one.
                Err(error) if matches!(error.cause, Cause::Exists { .. }) => {}
                Err(error) if matches!(error.cause, Cause::AccessDenied { .. }) => {
                    return Err(denied(invoker, function, &missing(&policy)));
                }
                Err(error) if is_missing(&error, self.service) => return Err(not_found(function)),
                Err(error) if lacks_functions(&error, self.service) && lacking() => return Ok(None),
                written => unless_refused(written)?,
            }
        }
        let read = || self.gateway.get_policy(function);
        let seen = until(read, |policy: &String| missing(policy).is_empty()).await?.so();
        seen.map(Some).ok_or_else(|| {
            StepError::Check(format!(
                "the function `{function}` does not permit what was added to its policy: is there a statement {} of \
                 somebody else?",
                invoker.statement_id(&added[0])
            ))
        })
    }

    /// Permits what a stage calls by what it serves by now: an older version may need what was taken away since.
    pub(super) async fn permit_served(&self, export: &str, overrides: Option<&Texts>) -> Result<(), StepError> {
        let served = export.parse::<Document>().unwrap_or_default();
        let variables = stage_variables_of(self.before().reading.stage(self.stage), None);
        let variables = overridden(&variables, overrides);
        let calls = Calls::of(&Definition::from(&served), self.stage, &variables);
        self.permit(&calls).await.map(drop)
    }

    /// The functions that the version before calls and the next one does not, and with `earlier` those that were left
    /// before: the next deployment takes away what permits it.
    pub(crate) fn left_functions(&self, next: &Calls, earlier: bool) -> Vec<String> {
        let served = served_calls(&self.before().reading, self.stage).unwrap_or_default();
        let mut left: BTreeSet<&String> = served.functions().collect();
        let before = self.left_before();
        if earlier {
            left.extend(&before);
        }
        left.retain(|function| next.functions().all(|other| other != *function));
        left.into_iter().cloned().collect()
    }

    /// The functions that the version before the one that is served left.
    fn left_before(&self) -> Vec<String> {
        let served = self.before().reading.served.as_ref();
        served.and_then(Marker::of).map_or_else(Vec::new, |marker| marker.left)
    }

    /// Takes away what this stage was permitted, and what neither the next version needs nor the one before, to which a
    /// rollback goes. What stays the next deployment takes away.
    pub(crate) async fn withdraw(&self, next: &Calls, mut policies: FunctionPolicies) {
        let Some(served) = served_calls(&self.before().reading, self.stage) else {
            return;
        };
        let left = self.left_before();
        if policies.is_empty() && left.is_empty() {
            return;
        }
        let Some(invoker) = self.invoker().await else { return };
        let unread: Vec<String> = left.into_iter().filter(|one| !policies.contains_key(one)).collect();
        for function in unread {
            if let Some(FunctionAccess::Known(policy)) = self.policy_to_withdraw(&function).await {
                policies.insert(function, policy);
            }
        }
        for (function, policy) in &policies {
            self.remove(function, &invoker.stale(function, policy, &[next, &served]))
                .await;
        }
    }

    /// Takes away what permits calls that no version makes any more, since variables of the stage have other values. A
    /// function that an older version calls is looked at by the next deployment.
    pub(crate) async fn withdraw_renamed(&self, versions: &[Definition], was: &Texts, is: &Texts) {
        let calls = |variables: &Texts| -> Vec<Calls> {
            let all = versions.iter().map(|version| Calls::of(version, self.stage, variables));
            all.collect()
        };
        let (then, now) = (calls(was), calls(is));
        let to = |all: &[Calls], function: &str| -> BTreeSet<String> {
            all.iter().flat_map(|calls| calls.to(function)).cloned().collect()
        };
        let left = self.left_before();
        let functions: BTreeSet<&String> = then.iter().flat_map(Calls::functions).collect();
        for function in functions.into_iter().filter(|function| !left.contains(function)) {
            let (gone, needed) = (to(&then, function), to(&now, function));
            if gone.is_subset(&needed) {
                continue;
            }
            let Some(invoker) = self.invoker().await else { return };
            if let Some(FunctionAccess::Known(policy)) = self.policy_to_withdraw(function).await {
                let unneeded = invoker.unneeded(&policy, &gone.iter().collect(), &needed.iter().collect());
                self.remove(function, &unneeded).await;
            }
        }
    }

    /// Takes away what permits functions that a canary alone called which is gone: no other version names them, so that
    /// no deployment would look at them again.
    pub(crate) async fn withdraw_tried(&self, canary: &Canary) {
        let before = self.before();
        let mut variables = stage_variables_of(before.reading.stage(self.stage), None);
        let export = before.exports.get(self.stage);
        let Some(served) = export.and_then(|export| export.parse::<Document>().ok()) else {
            return;
        };
        let served = Calls::of(&Definition::from(&served), self.stage, &variables);
        variables.extend(canary.variable_overrides.clone());
        let tried = Calls::of(&before.reading.definition(), self.stage, &variables);
        let left = self.left_before();
        let alone = tried
            .functions()
            .filter(|function| served.functions().chain(&left).all(|other| other != *function));
        let alone: Vec<&String> = alone.collect();
        if alone.is_empty() {
            return;
        }
        let Some(invoker) = self.invoker().await else { return };
        for function in alone {
            if let Some(FunctionAccess::Known(policy)) = self.policy_to_withdraw(function).await {
                self.remove(function, &invoker.stale(function, &policy, &[])).await;
            }
        }
    }

    /// Takes away all that an API was permitted which is gone.
    pub(crate) async fn withdraw_all(&self) {
        let before = self.before();
        let reading = &before.reading;
        let mut functions: BTreeSet<String> = reading
            .deployments
            .iter()
            .filter_map(Marker::of)
            .flat_map(|marker| marker.left)
            .collect();
        let draft = reading.definition();
        for stage in &reading.stages {
            let variables = stage_variables_of(Some(stage), None);
            let export = before.exports.get(&stage.name);
            let served: Option<Document> = export.and_then(|export| export.parse().ok());
            for definition in served.as_ref().map(Definition::from).iter().chain([&draft]) {
                let calls = Calls::of(definition, &stage.name, &variables);
                functions.extend(calls.functions().cloned());
            }
        }
        if functions.is_empty() {
            return;
        }
        let Some(invoker) = self.invoker().await else {
            for function in functions {
                self.warn(Warning::PermissionStays {
                    function,
                    error: "nobody tells whose account this is".to_owned(),
                });
            }
            return;
        };
        for function in &functions {
            match self.policy_to_withdraw(function).await {
                Some(FunctionAccess::Known(policy)) => self.remove(function, &invoker.all_of_api(&policy)).await,
                // No later run looks at it.
                Some(FunctionAccess::Hidden) if !self.service.tolerates(Lack::Functions) => {
                    self.warn(Warning::PermissionStays {
                        function: function.clone(),
                        error: "who may call it cannot be read (`lambda:GetPolicy`)".to_owned(),
                    });
                }
                _ => {}
            }
        }
    }

    /// Who may call a function that something is taken from, if anybody tells. That it cannot be read stops no run.
    async fn policy_to_withdraw(&self, function: &str) -> Option<FunctionAccess> {
        let read = read_function(self.gateway, function, self.service).await;
        read.inspect_err(|error| self.stays(function, error)).ok()
    }

    /// Takes statements away. They permit calls that nobody makes: what stays stops no run.
    async fn remove(&self, function: &str, statements: &[String]) {
        if statements.is_empty() {
            return;
        }
        self.tell(&Event::Withdrawing {
            function: function.to_owned(),
            statements: statements.to_vec(),
        });
        for id in statements {
            if !self.permission_away(function, id).await {
                return;
            }
        }
    }

    /// Takes a permission away that a run added, and gives whether it is gone.
    pub(super) async fn permission_away(&self, function: &str, statement_id: &str) -> bool {
        match self.gateway.remove_permission(function, statement_id).await {
            Err(error) if !matches!(error.cause, Cause::NotFound { .. }) => {
                self.stays(function, &error);
                false
            }
            _ => true,
        }
    }

    fn stays(&self, function: &str, error: &CallError) {
        self.warn(Warning::PermissionStays {
            function: function.to_owned(),
            error: error.to_string(),
        });
    }
}

fn not_found(function: &str) -> StepError {
    StepError::Check(format!("the function `{function}` is not found"))
}

/// The owner of a function has to permit what this role may not.
fn denied(invoker: &Invoker, function: &str, calls: &[String]) -> StepError {
    let commands: Vec<String> = calls.iter().map(|call| invoker.command(function, call)).collect();
    StepError::Check(format!(
        "AWS denies AddPermission on the function `{function}`: allow `lambda:AddPermission` on it, or let its owner \
         run:\n{}",
        commands.join("\n")
    ))
}
