//! Values for the variables of a routes file.

use std::collections::BTreeMap;

use bluegate_core::aws::Environment;
use bluegate_core::{Code, Diagnostic, Spanned, nearest};

/// What becomes of a variable that has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unset {
    /// It stays as it is written, and nobody minds.
    #[default]
    Stays,
    /// It stays as it is written, which gets a warning when there is an AWS file.
    Warns,
    /// It is an error.
    Fails,
}

/// Where values come from, the strongest first: the command line, the environment, the AWS file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    /// Those of the command line.
    pub(crate) given: BTreeMap<String, String>,
    pub(crate) unset: Unset,
}

/// The environment variable that holds a value.
pub(crate) fn in_environment(name: &str) -> String {
    format!("BLUEGATE_VAR_{name}")
}

impl Variables {
    /// The values of those of some variables that have one.
    pub(super) fn values(
        &self,
        environment: Option<&Environment>,
        names: &[Spanned<String>],
    ) -> BTreeMap<String, String> {
        let value = |name: &str| {
            let given = self.given.get(name).cloned();
            let given = given.or_else(|| std::env::var(in_environment(name)).ok());
            given.or_else(|| environment?.variables.get(name).cloned())
        };
        let names = names.iter();
        names
            .filter_map(|name| Some((name.value.clone(), value(name)?)))
            .collect()
    }

    /// What there is to say of values of the command line that none of some variables takes.
    pub(super) fn unused(&self, names: &[Spanned<String>]) -> impl Iterator<Item = Diagnostic> {
        let known = || names.iter().map(|name| name.value.as_str());
        let unused = self
            .given
            .keys()
            .filter(move |given| known().all(|name| name != *given));
        unused.map(move |given| {
            let help = match nearest(given, known()) {
                Some(near) => format!("did you mean `--var {near}=…`?"),
                None if names.is_empty() => "the file has no `${var.NAME}`: leave the option out".to_owned(),
                None => {
                    let names: Vec<String> = known().map(|name| format!("`{name}`")).collect();
                    format!("the variables of the file are {}", names.join(", "))
                }
            };
            Diagnostic::new(
                Code::UnusedValue,
                format!("`--var {given}`: the routes file has no such variable"),
            )
            .with_help(help)
        })
    }

    /// What there is to say of a variable without a value.
    pub(super) fn unset(&self, name: &Spanned<String>, has_aws: bool) -> Option<Diagnostic> {
        let found = Diagnostic::new(Code::UnsetVariable, format!("the variable `{}` has no value", name.value))
            .at(name.span)
            .with_help(format!(
                "give it one: `\"variables\": {{\"{0}\": \"…\"}}` in the AWS file, `--var {0}=…`, or {1} in the environment",
                name.value,
                in_environment(&name.value)
            ));
        match self.unset {
            Unset::Stays => None,
            Unset::Warns => has_aws.then(|| found.as_warning()),
            Unset::Fails => Some(found),
        }
    }
}
