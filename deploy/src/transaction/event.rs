//! What happens, told as it happens.

use bluegate_core::aws::Service;
use serde::Serialize;

use crate::plan::Plan;
use crate::service::Lack;

/// Whoever has something done: is told what happens, and asked before the first write.
///
/// ```
/// use bluegate_deploy::{Caller, Event};
///
/// // A closure is told all of it, and says yes to every question.
/// fn told(caller: &mut impl Caller) {}
/// told(&mut |event: &Event| println!("{event:?}"));
/// ```
pub trait Caller: Send {
    /// Something happens.
    fn event(&mut self, event: &Event);

    /// Whether to go on and write.
    fn confirm(&mut self, question: &Question) -> bool;

    /// The name of the API, typed by somebody who wants it deleted. `None` when nobody can be asked.
    fn name_of(&mut self, question: &Question) -> Option<String> {
        let _ = question;
        None
    }
}

impl<F: FnMut(&Event) + Send> Caller for F {
    fn event(&mut self, event: &Event) {
        self(event);
    }

    fn confirm(&mut self, _: &Question) -> bool {
        true
    }
}

/// What is asked before the first write.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The API's id; `None` for one that is to be created.
    pub rest_api_id: Option<String>,
    /// Its name.
    pub name: String,
    /// What is to be done to it.
    pub intent: Intent,
}

/// What is to be done to an API.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// It is created and deployed.
    Create {
        /// To this stage.
        stage: String,
    },
    /// Its definition is replaced and deployed.
    Deploy {
        /// To this stage.
        stage: String,
        /// For so many percent of the stage's traffic.
        canary: Option<f64>,
    },
    /// The stage's canary gets another part of the traffic.
    Send {
        /// The stage.
        stage: String,
        /// How many percent.
        percent: f64,
    },
    /// A stage moves to another deployment.
    Move {
        /// The stage.
        stage: String,
        /// What it serves.
        from: String,
        /// What it is to serve.
        to: DeploymentLabel,
    },
    /// The draft is made what a stage serves.
    Align {
        /// The stage.
        stage: String,
        /// What it serves.
        deployment_id: String,
    },
    /// The canary becomes what the stage serves.
    Promote {
        /// The stage.
        stage: String,
        /// What it serves.
        from: String,
        /// What the canary serves.
        canary: DeploymentLabel,
    },
    /// The canary goes.
    Abort {
        /// The stage.
        stage: String,
        /// What it serves.
        serves: String,
        /// What the canary serves.
        canary: DeploymentLabel,
    },
    /// The API is deleted, for ever.
    Destroy,
}

/// A deployment, and what people know it by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeploymentLabel {
    /// Its id.
    pub id: String,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// The commit of its routes file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// What the draft becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// The document of the routes file.
    Document,
    /// What a stage serves.
    Served,
}

/// Something that happens: a step that begins, or something worth knowing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The run begins.
    Began {
        /// What answers.
        service: Service,
        /// The region.
        region: String,
        /// What is called instead of AWS's own endpoint.
        #[serde(skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
    },
    /// Whose credentials these are is held against the account of the AWS file.
    CheckingAccount {
        /// The account.
        account_id: String,
    },
    /// The API is looked for, by its id or by its name.
    Finding {
        /// The id.
        rest_api_id: Option<String>,
        /// The name.
        name: String,
    },
    /// Until reads show all that an interrupted run wrote.
    WaitingForReads,
    /// Somebody else's update of the API is in progress, which is waited for.
    UpdatedBySomebody,
    /// An update of the API takes its time: API Gateway takes no other change meanwhile.
    Updating {
        /// For so many seconds.
        seconds: u64,
    },
    /// The API is read.
    Reading {
        /// Its id.
        rest_api_id: String,
        /// Its name.
        name: String,
    },
    /// What a deployment does is known.
    Planned {
        /// That.
        plan: Box<Plan>,
    },
    /// What changes for callers when a stage serves another deployment is known.
    Compared {
        /// What it will serve.
        to: DeploymentLabel,
        /// Whether the stage moves to it; otherwise it is the canary that becomes the stage's.
        back: bool,
        /// How many routes come.
        added: usize,
        /// How many go.
        removed: usize,
        /// How many have another authorization.
        changed: usize,
    },
    /// There is nothing to do.
    Unchanged {
        /// The stage.
        stage: String,
        /// What it serves.
        deployment_id: String,
    },
    /// The journal gets what there is.
    Keeping,
    /// An API is created.
    CreatingApi {
        /// Its name.
        name: String,
    },
    /// It is there.
    CreatedApi {
        /// Its id.
        rest_api_id: String,
    },
    /// What a stage serves is read, to become the draft.
    Exporting {
        /// The stage.
        stage: String,
    },
    /// The definition of the API is replaced.
    Putting {
        /// The API's id.
        rest_api_id: String,
        /// By what.
        content: Content,
    },
    /// The draft is read back.
    CheckingDraft {
        /// What it should be.
        content: Content,
    },
    /// Settings of the API that the put reset are set again.
    Repairing {
        /// Their names.
        settings: Vec<&'static str>,
    },
    /// A request is made on the draft.
    Trying {
        /// The request.
        request: String,
    },
    /// A deployment is made.
    CreatingDeployment,
    /// API Gateway is permitted to call a function.
    Permitting {
        /// The function, by its ARN.
        function: String,
        /// For which calls, as their ARNs end: stage, verb and path.
        calls: Vec<String>,
    },
    /// What permits calls of a function that nobody makes any more is taken away.
    Withdrawing {
        /// The function, by its ARN.
        function: String,
        /// The ids of the statements.
        statements: Vec<String>,
    },
    /// The stage is made to serve it.
    Deploying {
        /// The deployment.
        deployment_id: String,
        /// The stage.
        stage: String,
    },
    /// The stage moves to another deployment.
    Moving {
        /// The stage.
        stage: String,
        /// The deployment.
        deployment_id: String,
    },
    /// A canary gets another part of the traffic.
    Sending {
        /// The stage.
        stage: String,
        /// What the canary serves.
        deployment_id: String,
        /// How many percent.
        percent: f64,
    },
    /// The canary becomes what the stage serves.
    Promoting {
        /// The stage.
        stage: String,
    },
    /// The canary goes.
    RemovingCanary {
        /// The stage.
        stage: String,
    },
    /// The stage gets what the file declares of it.
    Configuring {
        /// The stage.
        stage: String,
    },
    /// A request is made as callers make it.
    Requesting {
        /// The request.
        request: String,
    },
    /// A request without a signature is made, which must be refused.
    RequestingUnsigned {
        /// The request.
        request: String,
    },
    /// The API is deleted.
    Deleting {
        /// Its id.
        rest_api_id: String,
        /// Its name.
        name: String,
    },
    /// What was done is undone.
    Undoing,
    /// Something that does not stop the run, and that somebody should know of.
    Warning(Warning),
}

/// Why API Gateway's test of methods tells nothing of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Untried {
    /// It does not know the verb of a method that answers every verb.
    AnyMethod,
    /// It sends everything as JSON.
    ContentType,
    /// It leaves out whoever decides who may call, and what they tell the service.
    Authorizer,
    /// It calls as a stage of its own, which functions do not permit.
    Function,
}

/// Something that does not stop a run, and that somebody should know of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
pub enum Warning {
    /// API Gateway warns about the document.
    Document {
        /// Its words.
        message: String,
    },
    /// Something that matters for security.
    Security {
        /// What.
        what: String,
    },
    /// The service does not tell who may call what, so that no guard can look at it.
    Unguarded,
    /// A stage goes with its API.
    StageGoes {
        /// The stage.
        stage: String,
        /// What it serves.
        deployment_id: Option<String>,
    },
    /// A stage cannot be exported: a failure could not put the draft back from it.
    NotKept {
        /// The stage.
        stage: String,
    },
    /// The put lost something that somebody made.
    Lost {
        /// What.
        what: String,
    },
    /// Settings of the API may be lost.
    NotRepaired {
        /// Why.
        reason: String,
    },
    /// The API cannot be locked.
    Unlocked,
    /// The clock of this machine is wrong.
    Clock {
        /// So many seconds AWS's clock is ahead of it.
        ahead: i64,
    },
    /// A tag of the API stays.
    TagStays {
        /// The tag.
        tag: &'static str,
        /// Whether it expires.
        expires: bool,
        /// Why.
        error: String,
    },
    /// A tag of the API is not set, so that the next run may ask for more than it has to.
    NotTagged {
        /// The tag.
        tag: &'static str,
        /// Why.
        error: String,
    },
    /// The journal cannot be written.
    Journal {
        /// Why.
        error: String,
    },
    /// The cache of the stage is not there yet, or not gone yet.
    CacheTakesTime {
        /// The stage.
        stage: String,
        /// Whether it is being made, and billed from now on; otherwise it is being deleted.
        is_made: bool,
    },
    /// A cache of the stage is not emptied.
    NotFlushed {
        /// Which.
        cache: &'static str,
        /// Why.
        error: String,
    },
    /// A deployment stays that no stage serves.
    DeploymentStays {
        /// Which.
        deployment_id: String,
        /// Whether it is one of this run, which was undone.
        ours: bool,
        /// Why.
        error: String,
    },
    /// A function permits calls that nobody makes any more.
    PermissionStays {
        /// The function, by its ARN.
        function: String,
        /// Why.
        error: String,
    },
    /// Nobody tells whether API Gateway may call a function.
    Hidden {
        /// The function, by its ARN.
        function: String,
        /// What its owner runs to permit it.
        command: String,
    },
    /// AWS does not tell clearly who may call what of a deployment: what a stage exports decides, or else the draft.
    Unclear {
        /// The deployment.
        deployment_id: String,
        /// What it tells, or does not.
        what: String,
    },
    /// The role may not try methods.
    NotTried,
    /// A request is made after the deployment only.
    TriedLater {
        /// The request.
        request: String,
        /// Why API Gateway's test of methods tells nothing of it.
        reason: Untried,
    },
    /// A request is not made, since nobody knows where to.
    NotRequested {
        /// The request.
        request: String,
    },
    /// Nobody knows whether a request without a signature is refused.
    Unproved {
        /// The request.
        request: String,
        /// What came of it.
        reason: String,
    },
    /// The emulator does not do something that AWS does.
    Lacking {
        /// What.
        lack: Lack,
        /// In words.
        what: String,
    },
}
