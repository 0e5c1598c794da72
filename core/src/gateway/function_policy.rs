//! The policy of a Lambda function, statement by statement, as Lambda changes it
//! ([AddPermission](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::patch::Refused;
use super::told::present;

/// Bytes of a policy, at most
/// ([quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)).
const MOST_BYTES: usize = 20_480;

/// Who may call a function: the statements by their ids.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FunctionPolicy(BTreeMap<String, Json>);

/// What somebody is permitted.
#[derive(Debug, Clone, Copy)]
pub struct Grant<'a> {
    /// The id of the statement.
    pub id: &'a str,
    /// `*`, a service such as `apigateway.amazonaws.com`, or an account.
    pub principal: &'a str,
    /// Such as `lambda:InvokeFunction`.
    pub action: &'a str,
    /// The ARN that calls come from.
    pub source_arn: Option<&'a str>,
    /// The account that calls come from.
    pub source_account: Option<&'a str>,
}

impl FunctionPolicy {
    /// The policy as `GetPolicy` gives it; none without a statement.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let statements: Vec<&Json> = self.0.values().collect();
        let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": statements});
        (!statements.is_empty()).then(|| policy.to_string())
    }

    /// Adds a statement about a function, by its ARN; gives it.
    ///
    /// # Errors
    ///
    /// [`Refused::Conflict`] when there is one of the id, [`Refused::BadRequest`] when the policy gets too large.
    pub fn add(&mut self, function: &str, grant: Grant<'_>) -> Result<&Json, Refused> {
        let id = grant.id;
        if self.0.contains_key(id) {
            return Err(Refused::Conflict(format!(
                "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the \
                 existing statement."
            )));
        }
        let principal = match grant.principal {
            "*" => json!("*"),
            service if service.ends_with(".amazonaws.com") => json!({"Service": service}),
            account => json!({"AWS": account}),
        };
        let conditions = [
            ("ArnLike", "AWS:SourceArn", grant.source_arn),
            ("StringEquals", "AWS:SourceAccount", grant.source_account),
        ];
        let conditions = conditions.into_iter().filter(|(.., value)| value.is_some());
        let statement = present(json!({
            "Sid": id,
            "Effect": "Allow",
            "Principal": principal,
            "Action": grant.action,
            "Resource": function,
            "Condition": conditions
                .map(|(operator, key, value)| (operator.to_owned(), json!({key: value})))
                .collect::<Json>(),
        }));
        let mut more = self.clone();
        more.0.insert(id.to_owned(), statement);
        if more.text().is_some_and(|text| text.len() > MOST_BYTES) {
            return Err(Refused::bad_request(format!(
                "The final policy size is bigger than the limit ({MOST_BYTES})."
            )));
        }
        *self = more;
        Ok(&self.0[id])
    }

    /// Removes a statement.
    ///
    /// # Errors
    ///
    /// [`Refused::NotFound`] when there is none of the id.
    pub fn remove(&mut self, id: &str) -> Result<(), Refused> {
        let removed = self.0.remove(id).map(drop);
        removed.ok_or_else(|| Refused::NotFound(format!("Statement {id} is not found in resource policy.")))
    }

    /// The statements by their ids.
    pub fn statements(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(id, statement)| (id.as_str(), statement))
    }
}
