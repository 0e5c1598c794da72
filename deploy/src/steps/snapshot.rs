//! What is told of a deployment, held against what it should be.
//!
//! Of `GetDeployment` nobody says that it tells all of an API at once, nor how it spells routes: only what it tells of a
//! route that is known decides by itself.

use bluegate_core::gateway::{Changed, Definition, Difference, Facts, Field, NONE, access_only};

use crate::api::ApiGateway;
use crate::read::{is_left_out, read_draft};
use crate::transaction::{Caller, StepError, Transaction, until};

use super::draft::{deviates, first};

/// What is told of who may call what, held against what should be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// It is so, or nothing is told.
    So,
    /// It differs in what may not be told yet, or is spelt otherwise.
    Unclear(String),
    /// A route lets others in.
    Open(String),
}

impl Told {
    pub(super) fn of(told: Option<&Definition>, wanted: &Definition) -> Self {
        let Some(told) = told else { return Told::So };
        let wanted = access_only(wanted);
        let mut difference = Difference::between(&access_only(told), &wanted);
        let Some(any) = first(&difference) else {
            return Told::So;
        };
        let is_open = |one: &Changed| {
            let facts = |definition: &Definition| definition.routes.get(&one.route).cloned().unwrap_or_default();
            is_weaker(&facts(told), &facts(&wanted))
        };
        difference.changed.retain(is_open);
        let open = Difference {
            changed: difference.changed,
            ..Difference::default()
        };
        first(&open).map_or(Told::Unclear(any), Told::Open)
    }
}

/// Whether a route asks less of its callers than it should, or something else.
fn is_weaker(told: &Facts, wanted: &Facts) -> bool {
    let who = |facts: &Facts| facts.get(&Field::Authorization).cloned().filter(|who| who != NONE);
    who(wanted).is_some_and(|wanted| who(told) != Some(wanted))
        || wanted.contains_key(&Field::ApiKey) && !told.contains_key(&Field::ApiKey)
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Looks at what else tells of a deployment that does not tell clearly: the export of the stage that serves it, or
    /// the draft that it was made of.
    pub(crate) async fn clear_up(&self, stage: Option<&str>, wanted: &Definition) -> Result<(), StepError> {
        let id = self.id();
        let exported = match stage {
            Some(stage) => self.exported_access(stage, wanted).await?,
            None => None,
        };
        let wrong = match exported {
            Some(exported) => first(&Difference::between(&exported, &access_only(wanted))),
            None => deviates(
                &Definition::of(&read_draft(self.gateway, id, self.service).await?),
                wanted,
            ),
        };
        match wrong {
            Some(wrong) => Err(StepError::Check(format!(
                "what is deployed is not what was put: {wrong}"
            ))),
            None => Ok(()),
        }
    }

    /// Who may call what by the export of a stage. `None` when it cannot be exported.
    async fn exported_access(&self, stage: &str, wanted: &Definition) -> Result<Option<Definition>, StepError> {
        let access = |export: &String| access_only(&Definition::from(&export.parse().unwrap_or_default()));
        let read = || self.gateway.get_export(self.id(), stage);
        let is_so = |export: &String| access(export) == access_only(wanted);
        match until(read, is_so).await.and_then(|seen| seen.last()) {
            Ok(export) => Ok(Some(access(&export))),
            Err(StepError::Call(error)) if is_left_out(&error, self.service) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::api::Access;

    use super::*;

    fn definition(routes: &[(&str, &str, &str, bool)]) -> Definition {
        let mut paths: BTreeMap<String, BTreeMap<String, Access>> = BTreeMap::new();
        for (verb, path, authorization, api_key_required) in routes {
            let access = Access {
                authorization: Some((*authorization).to_owned()),
                api_key_required: *api_key_required,
            };
            paths
                .entry((*path).to_owned())
                .or_default()
                .insert((*verb).to_owned(), access);
        }
        Definition::of_access(&paths)
    }

    #[test]
    fn only_a_known_route_that_lets_others_in_decides_by_itself() {
        let wanted = definition(&[("GET", "/a", "AWS_IAM", false), ("ANY", "/", "NONE", true)]);
        let told = |routes: &[(&str, &str, &str, bool)]| Told::of(Some(&definition(routes)), &wanted);
        let root = ("ANY", "/", "NONE", true);
        assert_eq!(told(&[("GET", "/a", "AWS_IAM", false), root]), Told::So);
        assert_eq!(Told::of(None, &wanted), Told::So);
        for (spelling, path) in [("any", ""), ("x-amazon-apigateway-any-method", "/")] {
            let root = (spelling, path, "NONE", true);
            assert_eq!(told(&[("get", "a", "AWS_IAM", false), root]), Told::So, "{spelling}");
        }
        for open in ["NONE", "CUSTOM"] {
            let found = told(&[("GET", "/a", open, false), root]);
            assert_eq!(
                found,
                Told::Open(format!("the authorization of GET /a is {open} and not AWS_IAM"))
            );
        }
        let found = told(&[("GET", "/a", "AWS_IAM", false), ("ANY", "/", "NONE", false)]);
        assert!(matches!(&found, Told::Open(_)), "{found:?}");
        for unclear in [
            told(&[root]),
            told(&[("GET", "/a", "AWS_IAM", false), root, ("GET", "/b", "NONE", false)]),
            told(&[("GET", "/a", "AWS_IAM", false), ("ANY", "/", "AWS_IAM", true)]),
        ] {
            assert!(matches!(&unclear, Told::Unclear(_)), "{unclear:?}");
        }
    }
}
