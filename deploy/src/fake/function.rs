//! The functions that APIs call, and who may call them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::api::{Cause, Operation};

use super::refusal::refused;

/// Functions by their ARNs: for each the statements of its policy by their ids. Aliases have policies of their own.
pub(super) type Functions = BTreeMap<String, BTreeMap<String, Value>>;

/// Bytes of a policy.
const MOST_BYTES: usize = 20_480;

/// What there is, and who may be asked about it.
#[derive(Debug, Default)]
pub(super) struct Lambda {
    pub(super) functions: Functions,
    /// Functions of which some operations are denied.
    pub(super) denied: Vec<(String, Operation)>,
}

fn not_found(function: &str) -> Cause {
    Cause::NotFound {
        message: format!("Function not found: {function}"),
    }
}

/// As `GetPolicy` gives it.
fn policy(statements: &BTreeMap<String, Value>) -> String {
    let statements: Vec<&Value> = statements.values().collect();
    json!({"Version": "2012-10-17", "Id": "default", "Statement": statements}).to_string()
}

impl Lambda {
    fn of(&mut self, operation: Operation, function: &str) -> Result<&mut BTreeMap<String, Value>, Cause> {
        if self.denied.contains(&(function.to_owned(), operation)) {
            return Err(Cause::AccessDenied {
                message: "not authorized".into(),
            });
        }
        self.functions.get_mut(function).ok_or_else(|| not_found(function))
    }

    pub(super) fn policy(&mut self, function: &str) -> Result<String, Cause> {
        let statements = self.of(Operation::GetPolicy, function)?;
        match statements.is_empty() {
            true => Err(Cause::NotFound {
                message: "The resource you requested does not exist.".into(),
            }),
            false => Ok(policy(statements)),
        }
    }

    pub(super) fn look(&mut self, function: &str) -> Result<(), Cause> {
        self.of(Operation::GetFunctionConfiguration, function).map(drop)
    }

    pub(super) fn add(&mut self, function: &str, id: &str, source: &str) -> Result<(), Cause> {
        let statements = self.of(Operation::AddPermission, function)?;
        if statements.contains_key(id) {
            return Err(Cause::Exists {
                message: format!("The statement id ({id}) provided already exists."),
            });
        }
        let mut more = statements.clone();
        more.insert(id.to_owned(), statement(function, id, source));
        if policy(&more).len() > MOST_BYTES {
            return Err(refused("The final policy size is bigger than the limit (20480)."));
        }
        *statements = more;
        Ok(())
    }

    pub(super) fn remove(&mut self, function: &str, id: &str) -> Result<(), Cause> {
        let statements = self.of(Operation::RemovePermission, function)?;
        let removed = statements.remove(id).map(drop);
        removed.ok_or_else(|| Cause::NotFound {
            message: format!("Statement {id} is not found in resource policy."),
        })
    }
}

/// A statement that lets API Gateway call a function for the calls of an ARN.
pub(super) fn statement(function: &str, id: &str, source: &str) -> Value {
    json!({
        "Sid": id,
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": function,
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    })
}
