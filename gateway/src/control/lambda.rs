//! Who may call functions, as Lambda is told and asked
//! ([AddPermission](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)). Every function is there: what
//! answers it is another's business.

use std::collections::BTreeMap;

use bluegate_core::aws::{invocation_uri, invoked_function, parts_of_function};
use serde_json::{Value as Json, json};

use super::state::{Control, present};
use super::{Answered, Call, Refusal, empty, not_offered, reply};

/// What the paths of Lambda's API begin with.
pub(super) const ROOT: &str = "/2015-03-31/functions/";

/// The statements of functions, by the ARN of the function with its alias or version, and by their ids.
pub(super) type Permissions = BTreeMap<String, BTreeMap<String, Json>>;

fn not_found(message: impl Into<String>) -> Refusal {
    Refusal {
        status: 404,
        error: "ResourceNotFoundException",
        message: message.into(),
    }
}

/// The ARN of a function that is named by its name or by an ARN, as this caller calls it.
fn arn(call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let uri = invocation_uri(name, Some(call.region), Some(call.caller.account()));
    let arn = invoked_function(&uri, &BTreeMap::new());
    let arn = arn.ok_or_else(|| Refusal::bad_request(format!("{name} names no function")))?;
    Ok(match call.query("Qualifier") {
        Some(qualifier) => format!("{}:{qualifier}", parts_of_function(&arn).0),
        None => arn,
    })
}

impl Control {
    /// A call below [`ROOT`], which the path begins with.
    pub(super) fn lambda(&mut self, call: &Call<'_>, verb: &str, path: &[&str]) -> Answered {
        let [_, _, name, rest @ ..] = path else {
            return Err(not_offered(verb, path));
        };
        let arn = arn(call, name)?;
        match (verb, rest) {
            ("GET", []) => Ok(reply(200, json!({"Configuration": told(&arn)}))),
            ("GET", ["configuration"]) => Ok(reply(200, told(&arn))),
            ("GET", ["policy"]) => self.get_policy(&arn),
            ("POST", ["policy"]) => self.add_permission(call, &arn),
            ("DELETE", ["policy", statement]) => self.remove_permission(&arn, statement),
            _ => Err(not_offered(verb, path)),
        }
    }

    fn get_policy(&self, arn: &str) -> Answered {
        let statements = self.permissions.get(arn).filter(|all| !all.is_empty());
        let statements = statements.ok_or_else(|| not_found("The resource you requested does not exist."))?;
        let statements: Vec<&Json> = statements.values().collect();
        let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": statements});
        Ok(reply(200, json!({"Policy": policy.to_string()})))
    }

    fn add_permission(&mut self, call: &Call<'_>, arn: &str) -> Answered {
        let body = call.json()?;
        let text = |key: &str| {
            let text = body.get(key).and_then(Json::as_str);
            text.ok_or_else(|| Refusal::bad_request(format!("{key} is missing")))
        };
        let (id, principal) = (text("StatementId")?, text("Principal")?);
        let principal = match principal {
            "*" => json!("*"),
            service if service.ends_with(".amazonaws.com") => json!({"Service": service}),
            account => json!({"AWS": account}),
        };
        let condition = |operator: &str, key: &str, name: &str| {
            let value = body.get(name).filter(|value| !value.is_null());
            value.map(|value| (operator.to_owned(), json!({key: value})))
        };
        let conditions = [
            condition("ArnLike", "AWS:SourceArn", "SourceArn"),
            condition("StringEquals", "AWS:SourceAccount", "SourceAccount"),
        ];
        let statement = present([
            ("Sid", json!(id)),
            ("Effect", json!("Allow")),
            ("Principal", principal),
            ("Action", json!(text("Action")?)),
            ("Resource", json!(arn)),
            ("Condition", conditions.into_iter().flatten().collect()),
        ]);
        let statements = self.permissions.entry(arn.to_owned()).or_default();
        if statements.contains_key(id) {
            return Err(Refusal {
                status: 409,
                error: "ResourceConflictException",
                message: format!(
                    "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the \
                     existing statement."
                ),
            });
        }
        statements.insert(id.to_owned(), statement.clone());
        Ok(reply(201, json!({"Statement": statement.to_string()})))
    }

    fn remove_permission(&mut self, arn: &str, id: &str) -> Answered {
        let removed = self.permissions.get_mut(arn).and_then(|all| all.remove(id));
        removed.map(|_| empty(204)).ok_or_else(|| {
            let message = format!("Statement {id} is not found in resource policy.");
            not_found(message)
        })
    }
}

fn told(arn: &str) -> Json {
    let name = arn.split(':').nth(6).unwrap_or_default();
    json!({"FunctionName": name, "FunctionArn": arn, "State": "Active"})
}
