//! Holds types against their schemas, by values.
//!
//! API Gateway refuses what does not fit the model of a body, before the service sees it. So what a model refuses, serde
//! has to refuse too; what a schema takes, serde has to take; and what a type writes has to fit what is said of it.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::types::{model, validate};
use serde_json::Value;

use super::models::{Model, Reads};
use super::sample::Sampler;
use super::trace::Names;

/// A type and what its schemas say of it.
pub(super) struct Claim {
    /// The handler that it was found at.
    id: String,
    read: Reads,
    pub(super) taken: Value,
    pub(super) given: Value,
    is_answer: bool,
}

impl Claim {
    /// Of a type that can be read.
    pub(super) fn of(id: &str, model: Model, taken: &Value, given: impl FnOnce() -> Value) -> Option<Self> {
        Some(Claim {
            id: id.to_owned(),
            read: model.read?,
            taken: taken.clone(),
            given: given(),
            is_answer: false,
        })
    }

    /// The same of a type that is answered: nobody asks what it refuses.
    pub(super) fn of_answer(self) -> Self {
        Claim {
            is_answer: true,
            ..self
        }
    }

    fn name(&self) -> String {
        match self.taken["$ref"]
            .as_str()
            .and_then(|reference| reference.rsplit('/').next())
        {
            Some(name) => name.to_owned(),
            None => format!("what `{}` takes", self.id),
        }
    }
}

/// How many values of each type are tried.
const VALUES: usize = 200;

/// What is wrong with types, one sentence each.
pub(super) fn wrong(claims: &[Claim], models: &BTreeMap<String, Value>) -> Vec<String> {
    let gateway = Gateway::of(models);
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for claim in claims {
        if known.insert((claim.taken.to_string(), claim.is_answer)) {
            found.extend(tried(claim, models, &gateway));
        }
    }
    found
}

/// The models as API Gateway has them.
struct Gateway {
    models: BTreeMap<String, Value>,
}

impl Gateway {
    fn of(models: &BTreeMap<String, Value>) -> Self {
        let models = models.iter().map(|(name, schema)| (name.clone(), model(schema).schema));
        Gateway {
            models: models.collect(),
        }
    }

    /// What is wrong with a value.
    fn refuses(&self, schema: &Value, value: &Value) -> Option<String> {
        match validate(schema, &self.models, value) {
            Ok(problems) => problems.first().map(ToString::to_string),
            Err(error) => Some(error.to_string()),
        }
    }
}

fn tried(claim: &Claim, models: &BTreeMap<String, Value>, gateway: &Gateway) -> Vec<String> {
    let (taken, given) = (model(&claim.taken).schema, model(&claim.given).schema);
    let name = claim.name();
    let mut sampler = Sampler::new(models, &name);
    // One sentence of a kind says enough.
    let [mut looser, mut stricter, mut other] = [const { None }; 3];
    let mut seen = BTreeSet::new();
    for _ in 0..VALUES {
        let Some(value) = sampler.value(&claim.taken) else {
            continue;
        };
        // Of a type of few values, all are soon there; changes of them are not.
        let mut changes = vec![sampler.changed(&value)];
        let is_new = seen.insert(value.to_string());
        // What is drawn may miss what takes more to keep, such as `not`.
        if is_new && gateway.refuses(&taken, &value).is_none() {
            match (claim.read.value)(&value) {
                Err(_) if claim.is_answer => {}
                Err(error) => {
                    looser.get_or_insert_with(|| {
                        format!(
                            "  `{name}` ({}): the schema takes `{}`, and serde does not: {error}\n    \
                             help: say it in the schema, or take what the schema says",
                            claim.id,
                            short(&value)
                        )
                    });
                }
                Ok(Some(written)) => {
                    if let Some(problem) = gateway.refuses(&given, &written) {
                        other.get_or_insert_with(|| {
                            format!(
                                "  `{name}` ({}): it is written as `{}`, which does not fit its schema: {problem}",
                                claim.id,
                                short(&written)
                            )
                        });
                    }
                }
                Ok(None) => {}
            }
        }
        if claim.is_answer || stricter.is_some() {
            continue;
        }
        if is_new {
            changes.extend(renamed(&value, &(claim.read.names)(&value)));
        }
        changes.retain(|changed| seen.insert(changed.to_string()));
        stricter = changes.iter().find_map(|changed| {
            let problem = gateway.refuses(&taken, changed)?;
            (claim.read.value)(changed).ok()?;
            Some(format!(
                "  `{name}` ({}): serde takes `{}`, and the schema does not, so that the gateway would refuse it: {problem}\n    \
                 help: say in the schema what serde takes, as with `#[schemars(...)]` beside `#[serde(...)]`",
                claim.id,
                short(changed)
            ))
        });
    }
    [looser, stricter, other].into_iter().flatten().collect()
}

/// A value with the name of one member changed to each of those that are read as well, such as one of `alias`.
fn renamed(value: &Value, names: &Names) -> Vec<Value> {
    let mut found = Vec::new();
    for (pointer, names) in names {
        let Some(Value::Object(members)) = value.pointer(pointer) else {
            continue;
        };
        let others = names.iter().filter(|name| !members.contains_key(**name));
        for other in others {
            for name in members.keys().filter(|name| names.contains(&name.as_str())) {
                let mut members = members.clone();
                let member = members.remove(name).unwrap_or_default();
                members.insert((*other).to_owned(), member);
                let mut value = value.clone();
                if let Some(place) = value.pointer_mut(pointer) {
                    *place = Value::Object(members);
                }
                found.push(value);
            }
        }
    }
    found
}

/// A value, as far as a line shows it.
fn short(value: &Value) -> String {
    const MOST: usize = 200;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
