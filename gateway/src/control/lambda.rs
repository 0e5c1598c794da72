//! Who may call functions, as Lambda is told and asked
//! ([AddPermission](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)). Every function is there: what
//! answers it is another's business.

use std::collections::BTreeMap;

use bluegate_core::aws::{invocation_uri, invoked_function, parts_of_function};
use bluegate_core::gateway::patch::Refused;
use bluegate_core::gateway::{FunctionPolicy, Grant, Permission};
use serde_json::{Value as Json, json};

use super::call::Call;
use super::place::Place;
use super::reply::{Answered, Refusal, empty, reply};
use super::state::Control;

/// What the paths of Lambda's API begin with.
pub(super) const ROOT: &str = "/2015-03-31/functions/";

fn not_found(message: impl Into<String>) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", message)
}

/// The ARN of the function that the path names by its name or by an ARN, as this caller calls it.
fn arn(call: &Call<'_>) -> Result<String, Refusal> {
    let name = call.part(0);
    let uri = invocation_uri(name, Some(call.region), Some(call.caller.account()));
    let arn = invoked_function(&uri, &BTreeMap::new());
    let arn = arn.ok_or_else(|| Refusal::bad_request(format!("{name} names no function")))?;
    Ok(match call.query("Qualifier") {
        Some(qualifier) => format!("{}:{qualifier}", parts_of_function(&arn).0),
        None => arn,
    })
}

impl Control {
    #[expect(clippy::unused_self, reason = "the table of operations calls all of them alike")]
    pub(super) fn get_function(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, json!({"Configuration": told(&arn(call)?)})))
    }

    #[expect(clippy::unused_self, reason = "the table of operations calls all of them alike")]
    pub(super) fn get_function_configuration(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, told(&arn(call)?)))
    }

    pub(super) fn get_policy(&mut self, call: &Call<'_>) -> Answered {
        let policy = self.permissions.get(&arn(call)?).and_then(FunctionPolicy::text);
        let policy = policy.ok_or_else(|| not_found("The resource you requested does not exist."))?;
        Ok(reply(200, json!({"Policy": policy})))
    }

    pub(super) fn add_permission(&mut self, call: &Call<'_>) -> Answered {
        let arn = arn(call)?;
        let body = call.input()?;
        let text = |key: &str| body.given(key);
        let (source_arn, source_account) = (body.word("SourceArn")?, body.word("SourceAccount")?);
        let grant = Grant {
            id: &text("StatementId")?,
            principal: &text("Principal")?,
            action: &text("Action")?,
            source_arn: source_arn.as_deref(),
            source_account: source_account.as_deref(),
        };
        let policy = self.permissions.entry(arn.clone()).or_default();
        let statement = policy.add(&arn, grant).map_err(refused)?.to_string();
        self.changed.insert(Place::Function(arn));
        Ok(reply(201, json!({"Statement": statement})))
    }

    /// Whether a function may be called, by its ARN and that of the call. One that nobody was permitted to call is open
    /// to all: it may be a process or a closure, which needs no policy.
    pub(crate) fn permits(&self, function: &str, source: &str) -> bool {
        let policy = self.permissions.get(function).and_then(FunctionPolicy::text);
        policy.is_none_or(|policy| {
            let mut permissions = Permission::all(&policy).into_iter();
            permissions.any(|permission| permission.permits(source))
        })
    }

    pub(super) fn remove_permission(&mut self, call: &Call<'_>) -> Answered {
        let arn = arn(call)?;
        let policy = self.permissions.entry(arn.clone()).or_default();
        policy.remove(call.part(1)).map_err(refused)?;
        self.changed.insert(Place::Function(arn));
        Ok(empty(204))
    }
}

/// Lambda's names for it.
fn refused(refused: Refused) -> Refusal {
    match refused {
        Refused::BadRequest(why) => Refusal::new(400, "PolicyLengthExceededException", why),
        Refused::NotFound(why) => not_found(why),
        Refused::Conflict(why) => Refusal::new(409, "ResourceConflictException", why),
    }
}

fn told(arn: &str) -> Json {
    let name = arn.split(':').nth(6).unwrap_or_default();
    json!({"FunctionName": name, "FunctionArn": arn, "State": "Active"})
}
