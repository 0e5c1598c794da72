//! What API Gateway answers with, as far as bluegate reads it. All of it can be written to a journal.

use std::collections::BTreeMap;

use bluegate_core::gateway::{Access, Texts};
use serde::{Deserialize, Serialize};

/// A REST API with its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestApi {
    /// Its id, such as `a1b2c3d4e5`.
    pub id: String,
    /// Its name. Not unique in an account.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What API Gateway has to say about a document that it took.
    pub warnings: Vec<String>,
    /// Media types that are passed on as bytes.
    pub binary_media_types: Vec<String>,
    /// From how many bytes on answers are compressed.
    pub minimum_compression_size: Option<i32>,
    /// Where API keys are looked for: `HEADER` or `AUTHORIZER`.
    pub api_key_source: Option<String>,
    /// `REGIONAL`, `EDGE` or `PRIVATE`.
    pub endpoint_types: Vec<String>,
    /// The VPC endpoints of a private API.
    pub vpc_endpoint_ids: Vec<String>,
    /// `ipv4` or `dualstack`: how callers may reach it.
    #[serde(default)]
    pub ip_address_type: Option<String>,
    /// The resource policy, as API Gateway writes it.
    pub policy: Option<String>,
    /// Whether the default address is switched off.
    pub disable_execute_api_endpoint: bool,
    /// Which versions of TLS callers may use, by the name of a policy.
    #[serde(default)]
    pub security_policy: Option<String>,
    /// `BASIC` or `STRICT`: whether callers must come by the name that their certificate is for.
    #[serde(default)]
    pub endpoint_access_mode: Option<String>,
    /// The tags.
    pub tags: Texts,
    /// `AVAILABLE`, `UPDATING`, `PENDING` or `FAILED`; absent where the service does not say.
    pub status: Option<String>,
    /// Why the status is what it is.
    pub status_message: Option<String>,
    /// When the service said so, by its own clock, in seconds since 1970.
    #[serde(skip)]
    pub answered: Option<i64>,
}

impl RestApi {
    /// Whether no change of it is on its way, as far as the service tells.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        matches!(self.status.as_deref(), None | Some("AVAILABLE" | "FAILED"))
    }

    /// Whether it is reached from VPCs alone.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.endpoint_types.iter().any(|kind| kind == "PRIVATE")
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<String>,
}

/// A stage of an API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// The deployment that it serves.
    pub deployment_id: Option<String>,
    /// The deployment that a part of the traffic goes to.
    pub canary: Option<Canary>,
    /// Its cache.
    #[serde(default)]
    pub cache: Cache,
    /// Its variables.
    pub variables: Texts,
    /// What it is for.
    pub description: Option<String>,
    /// All its settings, by the names of their patches.
    #[serde(default)]
    pub settings: Texts,
    /// Its tags.
    #[serde(default)]
    pub tags: Texts,
    /// When it was changed last, in seconds since 1970.
    #[serde(default)]
    pub updated: Option<i64>,
}

impl Stage {
    /// Whether it serves a deployment, to all that does not go to its canary.
    #[must_use]
    pub fn serves(&self, deployment_id: &str) -> bool {
        self.deployment_id.as_deref() == Some(deployment_id)
    }
}

/// The cache of a stage. Making and deleting one takes minutes, and so does another size, for which one is deleted and
/// another one made ([caching](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cache {
    /// There is none.
    #[default]
    Off,
    /// It is being made, and billed.
    Coming,
    /// There is one.
    On,
    /// It is being deleted.
    Going,
}

impl Cache {
    /// Whether there is one, or will be.
    #[must_use]
    pub fn is_on(self) -> bool {
        matches!(self, Cache::On | Cache::Coming)
    }

    /// Whether API Gateway is at it.
    #[must_use]
    pub fn is_moving(self) -> bool {
        matches!(self, Cache::Coming | Cache::Going)
    }
}

/// A part of the traffic of a stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Canary {
    /// The deployment that it goes to.
    pub deployment_id: Option<String>,
    /// How many percent.
    pub percent: f64,
    /// The stage's variables that are others for that part.
    #[serde(default)]
    pub variable_overrides: Texts,
    /// Whether it uses the cache of the stage.
    #[serde(default)]
    pub use_stage_cache: bool,
}

impl Canary {
    /// Whether it has so many percent of the traffic: API Gateway keeps two digits behind the point.
    #[must_use]
    pub fn has(&self, percent: f64) -> bool {
        (self.percent - percent).abs() < 0.005
    }
}

/// An immutable snapshot of an API that stages serve.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// What its maker wrote about it.
    pub description: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created: Option<i64>,
    /// Who may call what, by path and verb. Read for one deployment at a time.
    pub summary: Option<BTreeMap<String, BTreeMap<String, Access>>>,
}

/// A link into a VPC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VpcLink {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// `AVAILABLE`, `PENDING`, `DELETING` or `FAILED`.
    pub status: Option<String>,
}

/// The settings of an account in a region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The role with which API Gateway writes logs; `None` when nobody gave it one.
    pub log_role: Option<String>,
}

/// An answer of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, its first megabyte.
    pub body: String,
    /// Whether API Gateway had a hand in it.
    pub from_gateway: bool,
    /// Why API Gateway refuses the request itself, such as `MissingAuthenticationTokenException`.
    pub error_type: Option<String>,
}

/// Who calls, as STS says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The account, twelve digits.
    pub account: String,
    /// The user or the session of a role.
    pub arn: String,
}

/// A change of one setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// What is done.
    pub op: PatchOp,
    /// The setting, as a JSON pointer.
    pub path: String,
    /// Its new value; for a copy the setting that it is taken from.
    pub value: Option<String>,
}

/// What a [`Patch`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PatchOp {
    /// Adds to a list.
    Add,
    /// Replaces a value.
    Replace,
    /// Removes from a list.
    Remove,
    /// Takes the value of another setting.
    Copy,
}

impl Patch {
    /// Gives a setting another value.
    #[must_use]
    pub fn replace(path: &str, value: &str) -> Self {
        Self {
            op: PatchOp::Replace,
            path: path.to_owned(),
            value: Some(value.to_owned()),
        }
    }

    /// Takes a setting away.
    #[must_use]
    pub fn remove(path: &str) -> Self {
        Self {
            op: PatchOp::Remove,
            path: path.to_owned(),
            value: None,
        }
    }

    /// Gives a setting the value of another one.
    #[must_use]
    pub fn copy(from: &str, path: &str) -> Self {
        Self {
            op: PatchOp::Copy,
            path: path.to_owned(),
            value: Some(from.to_owned()),
        }
    }
}
