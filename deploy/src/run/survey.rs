//! What is known before the first write.

use crate::api::{ApiGateway, Identity, RestApi};
use crate::plan::{Action, Past, Plan, Wanted};
use crate::read::{
    Needs, ReadError, Reading, find, identify, read, read_brief, read_deployments, read_rest, read_surroundings,
    recover,
};
use crate::transaction::{Caller, Event, RunError, Transaction};

use crate::view::{DeadRun, Entry, Status, history};

use super::{Deploy, Deployer, no_stage};

/// What is known before the first write.
pub(super) struct Survey {
    /// What a deployment would do.
    pub(super) plan: Plan,
    /// The API as it is; `None` for one that is to be created.
    pub(super) reading: Option<Reading>,
}

impl<G: ApiGateway> Deployer<G> {
    /// Reads the API with about ten calls and says what deploying would do; writes nothing.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the API is not found or a call fails.
    pub async fn plan(&self, deploy: &Deploy<'_>, caller: &mut impl Caller) -> Result<Plan, RunError> {
        Ok(self.transaction(caller).survey(deploy).await?.plan)
    }
}

impl<G: ApiGateway> Deployer<G> {
    /// Finds the API.
    ///
    /// # Errors
    ///
    /// [`RunError`] when it is not found or a call fails.
    pub async fn find(&self, caller: &mut impl Caller) -> Result<RestApi, RunError> {
        self.transaction(caller).find_api().await
    }

    /// How the API stands. With the digest of a document, also which stages serve that.
    ///
    /// # Errors
    ///
    /// [`RunError`] when it is not found or a call fails.
    pub async fn status(&self, document: Option<&str>, caller: &mut impl Caller) -> Result<Status, RunError> {
        let run = self.transaction(caller);
        let api = run.find_api().await?;
        let reading = read(run.gateway, api, run.stage, run.service).await?;
        let dead = run.dead_run(&reading.api.id).map(|dead| DeadRun {
            run: dead.run,
            step: dead.step,
        });
        Ok(Status::of(&reading, dead, document, run.now()))
    }

    /// The deployments of the API, newest first, and where each is served.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the API is not found or a call fails.
    pub async fn history(&self, caller: &mut impl Caller) -> Result<(RestApi, Vec<Entry>), RunError> {
        let api = self.find(caller).await?;
        let stages = self.gateway.get_stages(&api.id).await?;
        let deployments = read_deployments(&self.gateway, &api.id).await?;
        Ok((api, history(&deployments, &stages)))
    }
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    pub(super) fn wanted<'a>(&'a self, deploy: &'a Deploy<'_>) -> Wanted<'a> {
        Wanted {
            document: deploy.document,
            digest: &deploy.marker.document,
            name: self.environment.name.as_deref(),
            stage: self.stage,
            place: self.region_and_account(),
            stage_settings: &self.environment.stage_settings,
            canary: deploy.canary,
            allow: deploy.allow,
        }
    }

    /// Reads the API and plans.
    pub(super) async fn survey(&self, deploy: &Deploy<'_>) -> Result<Survey, RunError> {
        self.begin_run();
        let caller = self.identify().await?;
        let wanted = self.wanted(deploy);
        let name = wanted.name.unwrap_or(&deploy.document.info.title);
        let api = match self.find(name).await {
            Ok(api) => api,
            // A canary is beside what a stage serves.
            Err(ReadError::NoSuchName { .. }) if deploy.create && deploy.canary.is_some() => {
                return Err(no_stage(&Reading::default(), wanted.stage));
            }
            Err(ReadError::NoSuchName { .. }) if deploy.create => {
                let needs = Needs {
                    functions: wanted.function_needs(None).functions,
                    ..wanted.needs(None)
                };
                let surroundings = read_surroundings(self.gateway, &needs, self.service).await?;
                return Ok(Survey {
                    plan: Plan::creating(&wanted, &surroundings).called_by(caller),
                    reading: None,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let api = self.found(api).await?;
        let mut reading = read_brief(self.gateway, api, self.stage, self.service).await?;
        if deploy.canary.is_some() && super::serving(&reading, wanted.stage).is_none() {
            return Err(no_stage(&Reading::default(), wanted.stage));
        }
        let functions = wanted.function_needs(Some(&reading));
        if !functions.is_empty() {
            reading.surroundings = read_surroundings(self.gateway, &functions, self.service).await?;
        }
        let mut plan = self.plan(&reading, &wanted);
        let needs = wanted.needs(reading.stage(wanted.stage));
        let is_enough = match plan.action {
            Action::Nothing { .. } => true,
            Action::StageSettings => !needs.log_role,
            Action::CanaryPercent(_) | Action::Replace(_) | Action::Create(_) => false,
        };
        if !is_enough {
            let functions = std::mem::take(&mut reading.surroundings.functions);
            reading = read_rest(self.gateway, reading, self.stage, &needs, self.service).await?;
            reading.surroundings.functions = functions;
            plan = self.plan(&reading, &wanted);
        }
        Ok(Survey {
            plan: plan.called_by(caller),
            reading: Some(reading),
        })
    }

    /// The plan for an API as it was read, with what comes back of what an interrupted run took.
    fn plan(&self, reading: &Reading, wanted: &Wanted<'_>) -> Plan {
        let mut whole = reading.clone();
        let back = match self.left(&reading.api.id) {
            Some(snapshot) => recover(&mut whole, &snapshot),
            None => Vec::new(),
        };
        let interrupted = self.is_interrupted(&reading.api);
        Plan::of(&whole, wanted, &Past { interrupted, back })
    }

    /// Finds the API that the run is about.
    async fn find_api(&self) -> Result<RestApi, RunError> {
        self.begin_run();
        if self.environment.account_id.is_some() {
            self.identify().await?;
        }
        Ok(self.find(self.environment.name.as_deref().unwrap_or_default()).await?)
    }

    /// Finds and reads the API that the run is about.
    pub(super) async fn read_api(&self) -> Result<Reading, RunError> {
        let api = self.found(self.find_api().await?).await?;
        Ok(read(self.gateway, api, self.stage, self.service).await?)
    }

    /// The API that was found, when it is to be read.
    async fn found(&self, api: RestApi) -> Result<RestApi, RunError> {
        let api = self.wait_out_dead_run(api).await?;
        self.tell(&Event::Reading {
            rest_api_id: api.id.clone(),
            name: api.name.clone(),
        });
        Ok(api)
    }

    fn begin_run(&self) {
        self.tell(&Event::Began {
            service: self.service,
            region: self.address.region.clone(),
            endpoint: self.address.endpoint.clone(),
        });
    }

    async fn identify(&self) -> Result<Option<Identity>, RunError> {
        let wanted = self.environment.account_id.as_deref();
        if let Some(account_id) = wanted.map(str::to_owned) {
            self.tell(&Event::CheckingAccount { account_id });
        }
        let identity = identify(self.gateway, wanted).await?;
        if let Some(Identity { account, .. }) = &identity {
            self.set_account(account);
        }
        Ok(identity)
    }

    async fn find(&self, name: &str) -> Result<RestApi, ReadError> {
        let rest_api_id = self.environment.rest_api_id.as_deref();
        self.tell(&Event::Finding {
            rest_api_id: rest_api_id.map(str::to_owned),
            name: name.to_owned(),
        });
        find(self.gateway, rest_api_id, name).await
    }
}
