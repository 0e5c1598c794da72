//! Who may call functions, as Lambda is told and asked
//! ([AddPermission](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)). Every function is there: what
//! answers it is another's business.

use std::collections::BTreeMap;

use bluegate_core::aws::{invocation_uri, invoked_function, parts_of_function};
use serde_json::{Value as Json, json};

use super::call::Call;
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
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
        let statements = self.permissions.get(&arn(call)?).filter(|all| !all.is_empty());
        let statements = statements.ok_or_else(|| not_found("The resource you requested does not exist."))?;
        let statements: Vec<&Json> = statements.values().collect();
        let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": statements});
        Ok(reply(200, json!({"Policy": policy.to_string()})))
    }

    pub(super) fn add_permission(&mut self, call: &Call<'_>) -> Answered {
        let arn = arn(call)?;
        let body = call.input()?;
        let text = |key: &str| call.required(&body, key);
        let (id, principal) = (text("StatementId")?, text("Principal")?);
        let principal = match principal.as_str() {
            "*" => json!("*"),
            service if service.ends_with(".amazonaws.com") => json!({"Service": service}),
            account => json!({"AWS": account}),
        };
        let condition = |operator: &str, key: &str, name: &str| {
            let value = body.get(name);
            value.map(|value| (operator.to_owned(), json!({key: value})))
        };
        let conditions = [
            condition("ArnLike", "AWS:SourceArn", "SourceArn"),
            condition("StringEquals", "AWS:SourceAccount", "SourceAccount"),
        ];
        let statement = present(json!({
            "Sid": id,
            "Effect": "Allow",
            "Principal": principal,
            "Action": text("Action")?,
            "Resource": arn,
            "Condition": conditions.into_iter().flatten().collect::<Json>(),
        }));
        let statements = self.permissions.entry(arn.clone()).or_default();
        if statements.contains_key(&id) {
            let why = format!(
                "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the \
                     existing statement."
            );
            return Err(Refusal::new(409, "ResourceConflictException", why));
        }
        statements.insert(id, statement.clone());
        self.changed.insert(Place::Function(arn));
        Ok(reply(201, json!({"Statement": statement.to_string()})))
    }

    pub(super) fn remove_permission(&mut self, call: &Call<'_>) -> Answered {
        let (arn, id) = (arn(call)?, call.part(1));
        let removed = self.permissions.get_mut(&arn).and_then(|all| all.remove(id));
        removed.ok_or_else(|| not_found(format!("Statement {id} is not found in resource policy.")))?;
        self.changed.insert(Place::Function(arn));
        Ok(empty(204))
    }
}

fn told(arn: &str) -> Json {
    let name = arn.split(':').nth(6).unwrap_or_default();
    json!({"FunctionName": name, "FunctionArn": arn, "State": "Active"})
}
