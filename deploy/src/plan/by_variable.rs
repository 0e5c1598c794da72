//! What becomes another thing when variables of a stage have other values. The values are not told.

use std::collections::BTreeSet;

use bluegate_core::gateway::{Definition, Facts, Field};
use bluegate_core::stage_variables;

use crate::api::Texts;

/// Who is asked, and with which roles services are called.
pub(crate) fn asked_by_variables(definition: &Definition, was: &Texts, is: &Texts) -> BTreeSet<String> {
    let authorizers = definition.authorizers.iter().filter_map(|(name, facts)| {
        let variable = other(facts, &[Field::Function], was, is)?;
        Some(format!(
            "the authorizer `{name}` is another function by the stage variable `{variable}`"
        ))
    });
    let routes = definition.routes.iter().filter_map(|(key, facts)| {
        let variable = other(facts, &[Field::Credentials], was, is)?;
        Some(format!(
            "{key} calls its service with another role by the stage variable `{variable}`"
        ))
    });
    authorizers.chain(routes).collect()
}

/// Which services are called.
pub(crate) fn called_by_variables(definition: &Definition, was: &Texts, is: &Texts) -> BTreeSet<String> {
    let fields = [Field::IntegrationUri, Field::VpcLink, Field::IntegrationTarget];
    let routes = definition.routes.iter().filter_map(|(key, facts)| {
        let variable = other(facts, &fields, was, is)?;
        Some(format!(
            "{key} calls another service by the stage variable `{variable}`"
        ))
    });
    routes.collect()
}

/// A variable in one of some facts that has another value than it had.
fn other<'a>(facts: &'a Facts, fields: &[Field], was: &Texts, is: &Texts) -> Option<&'a str> {
    let texts = fields.iter().filter_map(|field| facts.get(field));
    let mut used = texts.flat_map(|text| stage_variables(text));
    used.find(|variable| was.get(*variable).is_some_and(|was| is.get(*variable) != Some(was)))
}
