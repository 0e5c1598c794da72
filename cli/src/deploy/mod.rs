//! A deployment, step by step.
//!
//! Each step is a function over [`ApiGateway`]; [`run`] is their order. Nothing is written before everything
//! that can be known to be wrong is known to be right.

mod describe;
mod invoke_url;
mod locate;
mod publish;
mod put;
mod settings;

use std::fmt;

pub use describe::{Revision, describe};
pub use invoke_url::invoke_url;
pub use locate::{Located, locate};
pub use publish::publish;
pub use put::{Put, put};
pub use settings::{Settings, settings};

use crate::aws::{ApiGateway, CallError};

/// What is to be deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// Where to.
    pub settings: &'a Settings,
    /// The document, as JSON.
    pub document: &'a str,
    /// The title in the document, which API Gateway makes the API's name.
    pub title: &'a str,
    /// What people read in the list of deployments.
    pub description: &'a str,
    /// Whether a missing API is created.
    pub create: bool,
}

/// What a deployment left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// The API's id.
    pub rest_api_id: String,
    /// The API's name.
    pub name: String,
    /// Whether the API is a new one.
    pub created: bool,
    /// The deployment that the stage serves now.
    pub deployment_id: String,
    /// What API Gateway had to say about the document.
    pub warnings: Vec<String>,
}

/// Is told what happens, and asked before the first write.
pub trait Observer {
    /// A step begins: a word such as `Putting`, and what it is done to.
    fn step(&mut self, verb: &str, what: &str);
    /// Something that does not stop the deployment.
    fn warning(&mut self, text: &str);
    /// Whether to go on and write.
    fn confirm(&mut self, question: &str) -> bool;
}

/// Why a deployment ended early, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeployError {
    /// A call failed.
    Call {
        /// Which, and why.
        error: CallError,
        /// What state the API is in.
        state: State,
    },
    /// No API has the name.
    NoSuchName {
        /// The name.
        name: String,
    },
    /// Several APIs have the name.
    AmbiguousName {
        /// The name.
        name: String,
        /// The ids of the APIs.
        ids: Vec<String>,
    },
    /// The person said no.
    Declined,
}

/// What a deployment that failed left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing was written.
    Untouched,
    /// It is not known whether an API was created.
    MaybeCreated,
    /// The API's definition may be the old one, the new one or a part of the new one; stages serve what they did.
    DraftUnknown,
    /// The API's definition is the new one; stages serve what they did.
    DraftReplaced {
        /// The API's id, for one that was just created.
        rest_api_id: String,
    },
    /// The API's definition is the new one; it is not known which one the stage serves.
    StageUnknown,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Untouched => f.write_str("nothing was changed"),
            State::MaybeCreated => {
                f.write_str("it is not known whether the API was created: look for it before the next `--create`")
            }
            State::DraftUnknown => f.write_str(
                "the stage serves what it served before, but the API's definition may be replaced in part: \
                 run the command again",
            ),
            State::DraftReplaced { rest_api_id } => write!(
                f,
                "the definition of the API `{rest_api_id}` is the new one, but the stage serves what it served \
                 before: run the command again"
            ),
            State::StageUnknown => f.write_str(
                "the API's definition is the new one; it is not known whether the stage serves it: \
                 run the command again",
            ),
        }
    }
}

impl fmt::Display for DeployError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeployError::Call { error, state } => write!(f, "{error}; {state}"),
            DeployError::NoSuchName { name } => write!(f, "there is no REST API named `{name}`"),
            DeployError::AmbiguousName { name, ids } => {
                write!(f, "{} REST APIs are named `{name}`: {}", ids.len(), ids.join(", "))
            }
            DeployError::Declined => f.write_str("not confirmed"),
        }
    }
}

impl std::error::Error for DeployError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DeployError::Call { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// Finds or creates the API, puts the document, and makes the stage serve it.
///
/// # Errors
///
/// [`DeployError`], which says what state things were left in.
pub async fn run(
    gateway: &impl ApiGateway,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<Deployed, DeployError> {
    let located = locate(gateway, order, observer).await?;
    if !observer.confirm(&question(&located, order)) {
        return Err(DeployError::Declined);
    }
    let put = put(gateway, &located, order, observer).await?;
    let deployment = publish(gateway, &put, order, observer).await?;
    Ok(Deployed {
        rest_api_id: put.rest_api_id,
        name: put.name,
        created: located == Located::Missing,
        deployment_id: deployment.id,
        warnings: put.warnings,
    })
}

fn question(located: &Located, order: &Order<'_>) -> String {
    let stage = &order.settings.stage;
    match located {
        Located::Existing(api) => format!(
            "replace the definition of the API `{}` ({}) and deploy it to the stage `{stage}`?",
            api.name, api.id
        ),
        Located::Missing => format!(
            "create the API `{}` and deploy it to the stage `{stage}`?",
            order.settings.name.as_deref().unwrap_or(order.title)
        ),
    }
}

#[cfg(test)]
mod tests;
