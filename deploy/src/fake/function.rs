//! The functions that APIs call, and who may call them.

use std::collections::BTreeMap;

use bluegate_core::gateway::{FunctionPolicy, Grant, PRINCIPAL};

use crate::api::{Cause, Operation};

/// Policies by the ARNs of functions. Aliases have policies of their own.
pub(super) type Functions = BTreeMap<String, FunctionPolicy>;

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

impl Lambda {
    fn of(&mut self, operation: Operation, function: &str) -> Result<&mut FunctionPolicy, Cause> {
        if self.denied.contains(&(function.to_owned(), operation)) {
            return Err(Cause::AccessDenied {
                message: "not authorized".into(),
            });
        }
        self.functions.get_mut(function).ok_or_else(|| not_found(function))
    }

    pub(super) fn policy(&mut self, function: &str) -> Result<String, Cause> {
        let policy = self.of(Operation::GetPolicy, function)?.text();
        policy.ok_or_else(|| Cause::NotFound {
            message: "The resource you requested does not exist.".into(),
        })
    }

    pub(super) fn look(&mut self, function: &str) -> Result<(), Cause> {
        self.of(Operation::GetFunctionConfiguration, function).map(drop)
    }

    pub(super) fn add(&mut self, function: &str, id: &str, source: &str) -> Result<(), Cause> {
        let policy = self.of(Operation::AddPermission, function)?;
        Ok(policy.add(function, grant(id, source)).map(drop)?)
    }

    pub(super) fn remove(&mut self, function: &str, id: &str) -> Result<(), Cause> {
        Ok(self.of(Operation::RemovePermission, function)?.remove(id)?)
    }
}

/// That API Gateway may call a function for the calls of an ARN.
pub(super) fn grant<'a>(id: &'a str, source: &'a str) -> Grant<'a> {
    Grant {
        id,
        principal: PRINCIPAL,
        action: "lambda:InvokeFunction",
        source_arn: Some(source),
        source_account: None,
    }
}
