//! What a template can see.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bluegate_core::gateway::Texts;

use super::syntax::Node;
use crate::plane::Value;
use crate::plane::parameters::Parameters;

/// How many bytes a template may print, and keep in its variables: those of the largest body.
pub(super) const BYTES: usize = 10 * 1024 * 1024;

/// What a template can see, and what it keeps.
pub(in crate::plane) struct Scope<'a> {
    /// `$context`. What a template sets of it holds for the answer.
    pub(in crate::plane) context: &'a mut Value,
    /// `$stageVariables`
    pub(in crate::plane) stage_variables: &'a Texts,
    /// `$input.params()`
    pub(in crate::plane) parameters: &'a Parameters,
    body: &'a [u8],
    pub(super) variables: BTreeMap<String, Value>,
    pub(super) defined: BTreeMap<String, Vec<Node>>,
}

impl<'a> Scope<'a> {
    pub(in crate::plane) fn new(
        context: &'a mut Value,
        stage_variables: &'a Texts,
        parameters: &'a Parameters,
        body: &'a [u8],
    ) -> Self {
        Self {
            context,
            stage_variables,
            parameters,
            body,
            variables: BTreeMap::new(),
            defined: BTreeMap::new(),
        }
    }

    /// `$input.body`: `{}` for none, recorded of AWS.
    pub(super) fn body(&self) -> Cow<'a, str> {
        match self.body {
            [] => "{}".into(),
            body => String::from_utf8_lossy(body),
        }
    }

    pub(super) fn stage_variables(&self) -> Value {
        let variables = self.stage_variables.iter();
        variables.map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
