//! Holds types against their schemas, by values.
//!
//! API Gateway refuses what does not fit the model of a body, before the service sees it. So what a model refuses, serde
//! has to refuse too; what a schema takes, serde has to take; and what a type writes has to fit what is said of it.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::types::{Validator, model};
use serde_json::{Map, Value};

use super::models::{Model, Reads};
use super::reference::{references, referred};
use super::sample::{Sampler, UNKNOWN};
use super::trace::Names;
use super::wire::{query, readings, said_in_text};
use crate::proof::Declared;

/// A handler that types were found at, and what it allows: see the constants of [`Declared`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) id: &'a str,
    pub(super) allows: u8,
}

/// A type and what its schemas say of it.
pub(super) struct Claim {
    id: String,
    allows: u8,
    /// How it is read, where it can be.
    read: Option<Reads>,
    pub(super) taken: Value,
    pub(super) given: Value,
    is_answer: bool,
    /// Whether a text that stands there more than once is a list.
    has_lists: bool,
}

impl Claim {
    fn new(of: Of<'_>, read: Option<Reads>, taken: &Value) -> Self {
        Claim {
            id: of.id.to_owned(),
            allows: of.allows,
            read,
            taken: taken.clone(),
            given: Value::Null,
            is_answer: false,
            has_lists: false,
        }
    }

    /// Of a body, which may be written too.
    pub(super) fn of_body(of: Of<'_>, model: Model, taken: &Value, given: Value) -> Self {
        Claim {
            given,
            ..Claim::new(of, model.read, taken)
        }
    }

    /// Of a query string.
    pub(super) fn of_query(of: Of<'_>, model: Model, taken: &Value, has_lists: bool) -> Self {
        Claim {
            has_lists,
            ..Claim::new(of, model.read, taken)
        }
    }

    /// Of a type that is answered: nobody asks what it refuses.
    pub(super) fn of_answer(of: Of<'_>, model: Model, taken: &Value, given: &Value) -> Self {
        Claim {
            given: given.clone(),
            is_answer: true,
            ..Claim::new(of, model.read, taken)
        }
    }

    /// Of an answer that nothing can be tried of: there are values only where a type can be read.
    pub(super) fn untried(of: Of<'_>, given: &Value) -> Self {
        Claim {
            given: given.clone(),
            is_answer: true,
            ..Claim::new(of, None, &Value::Null)
        }
    }

    fn schema(&self) -> &Value {
        if self.taken.is_null() { &self.given } else { &self.taken }
    }

    fn name(&self) -> String {
        match referred(self.schema()) {
            Some(name) => name.to_owned(),
            None if self.is_answer => format!("what `{}` answers", self.id),
            None => format!("what `{}` takes", self.id),
        }
    }

    /// The models that it is made of, or itself where it is made of none.
    fn models(&self) -> BTreeSet<String> {
        let models = references(self.schema());
        if models.is_empty() {
            [self.name()].into()
        } else {
            models
        }
    }
}

/// How many values of each type are tried.
const VALUES: usize = 200;

/// What came of trying types.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// What is wrong, one sentence each.
    pub(super) wrong: Vec<String>,
    /// What would be, and is allowed.
    pub(super) allowed: BTreeSet<String>,
    /// What no values were tried of.
    pub(super) untried: BTreeSet<String>,
    /// What of that which is allowed was made use of, by handler.
    pub(super) needed: BTreeMap<String, u8>,
}

pub(super) fn tried(claims: &[Claim], models: &BTreeMap<String, Value>) -> Tried {
    let gateway = Gateway::of(models);
    let mut known = BTreeMap::new();
    let mut found = Tried::default();
    for claim in claims {
        let Some(read) = claim.read else {
            found.untried.extend(claim.models());
            continue;
        };
        let key = (
            claim.taken.to_string(),
            claim.is_answer,
            read.is_text,
            claim.has_lists,
            claim.allows,
        );
        let needed = *known.entry(key).or_insert_with(|| {
            let parts = parts(&claim.taken, models);
            let trial = Trial {
                claim,
                read,
                name: claim.name(),
                taken: model(&claim.taken).schema,
                given: model(&claim.given).schema,
                properties: properties(&parts),
                is_open: !read.is_text
                    && parts
                        .iter()
                        .all(|part| !OF_NAMES.iter().any(|key| part.contains_key(*key))),
                gateway: &gateway,
            };
            trial.tried(models, &mut found)
        });
        *found.needed.entry(claim.id.clone()).or_default() |= needed;
    }
    found
}

/// The models as API Gateway has them.
struct Gateway(Validator);

impl Gateway {
    fn of(models: &BTreeMap<String, Value>) -> Self {
        let models = models.iter().map(|(name, schema)| (name.clone(), model(schema).schema));
        Gateway(Validator::new(models.collect()))
    }

    /// What is wrong with a value.
    fn refuses(&self, schema: &Value, value: &Value) -> Option<String> {
        match self.0.validate(schema, value) {
            Ok(problems) => problems.first().map(ToString::to_string),
            Err(error) => Some(error.to_string()),
        }
    }
}

/// A type that is tried.
struct Trial<'a> {
    claim: &'a Claim,
    read: Reads,
    name: String,
    /// What it takes and gives, as API Gateway has it.
    taken: Value,
    given: Value,
    /// The names that its schema knows.
    properties: BTreeSet<String>,
    /// Whether its schema takes other names where the model does.
    is_open: bool,
    gateway: &'a Gateway,
}

impl Trial<'_> {
    /// Tries values, and tells what of that which is allowed was made use of.
    fn tried(&self, models: &BTreeMap<String, Value>, to: &mut Tried) -> u8 {
        let mut sampler = Sampler::new(models, &self.name);
        // One sentence of a kind says enough.
        let [mut looser, mut stricter, mut other] = [const { None }; 3];
        let mut seen = BTreeSet::new();
        let mut is_untried = true;
        for _ in 0..VALUES {
            let Some(value) = sampler.value(&self.claim.taken).map(|value| self.sent(value)) else {
                continue;
            };
            // Pairs without an object have no names.
            if self.read.is_text && !value.is_object() {
                continue;
            }
            // Of a type of few values, all are soon there; changes of them are not.
            let mut changes = vec![self.sent(sampler.changed(&value))];
            let is_new = seen.insert(value.to_string());
            // What is drawn may miss what takes more to keep, such as `not`.
            if is_new && self.refuses(&value).is_none() {
                is_untried = false;
                match self.read(&value) {
                    Err(_) if self.claim.is_answer => {}
                    Err(error) => {
                        looser.get_or_insert_with(|| self.looser(&value, &error));
                    }
                    Ok(written) => {
                        other = other.or_else(|| self.misfit(&written?));
                        looser = looser.or_else(|| self.closed(&value));
                    }
                }
            }
            if self.claim.is_answer || stricter.is_some() {
                continue;
            }
            if is_new {
                changes.extend(renamed(&value, &(self.read.names)(&value), &self.properties));
            }
            changes.retain(|changed| seen.insert(changed.to_string()));
            stricter = changes.iter().find_map(|changed| {
                let problem = self.refuses(changed)?;
                self.read(changed).ok()?;
                Some(self.stricter(changed, &problem))
            });
        }
        if is_untried {
            to.untried.extend(self.claim.models());
        }
        let mut needed = 0;
        for (found, allowance) in [(looser, Declared::LOOSER), (stricter, Declared::STRICTER), (other, 0)] {
            let Some((sentence, help)) = found else { continue };
            if self.claim.allows & allowance == 0 {
                let sentence = format!("  {sentence}{help}");
                // A type that is taken and given is tried as both.
                if !to.wrong.contains(&sentence) {
                    to.wrong.push(sentence);
                }
            } else {
                to.allowed.insert(sentence);
                needed |= allowance;
            }
        }
        needed
    }

    /// A value as it can be sent.
    fn sent(&self, value: Value) -> Value {
        if self.read.is_text { said_in_text(value) } else { value }
    }

    fn read(&self, value: &Value) -> Result<Option<Value>, String> {
        (self.read.value)(value, self.claim.has_lists)
    }

    /// What is wrong with a value that is sent. A text is right if it may mean something that is.
    fn refuses(&self, value: &Value) -> Option<String> {
        let problem = self.gateway.refuses(&self.taken, value)?;
        let may_fit = self.read.is_text
            && readings(value)
                .iter()
                .any(|value| self.gateway.refuses(&self.taken, value).is_none());
        (!may_fit).then_some(problem)
    }

    fn shown(&self, value: &Value) -> String {
        short(&if self.read.is_text {
            query(value)
        } else {
            value.to_string()
        })
    }

    fn looser(&self, value: &Value, error: &str) -> Sentence {
        let (name, id, shown) = (&self.name, &self.claim.id, self.shown(value));
        let sentence = format!("`{name}` ({id}): the schema takes `{shown}`, and serde does not: {error}");
        let help = "\n    help: say it in the schema, or take what the schema says; `allow(looser)` of `#[handler]` \
                    leaves it at that";
        (sentence, help)
    }

    fn stricter(&self, value: &Value, problem: &str) -> Sentence {
        let (name, id, shown) = (&self.name, &self.claim.id, self.shown(value));
        // API Gateway does not look into query strings and forms; callers look into the document.
        let result = if self.read.is_text {
            "callers would not send it"
        } else {
            "the gateway would refuse it"
        };
        let sentence =
            format!("`{name}` ({id}): serde takes `{shown}`, and the schema does not, so that {result}: {problem}");
        let help = "\n    help: say in the schema what serde takes, as with `#[schemars(...)]` beside `#[serde(...)]`; \
                    `allow(stricter)` of `#[handler]` leaves it at that";
        (sentence, help)
    }

    /// What is wrong with a value that is read, if it is not read with one more member, which the schema does not forbid.
    fn closed(&self, value: &Value) -> Option<Sentence> {
        let mut value = value.clone();
        let members = value
            .as_object_mut()
            .filter(|_| self.is_open && !self.claim.is_answer)?;
        members.insert(UNKNOWN.to_owned(), Value::from(1));
        if self.refuses(&value).is_some() {
            return None;
        }
        let error = self.read(&value).err()?;
        Some(self.looser(&value, &error))
    }

    /// What is wrong with what is written of a value.
    fn misfit(&self, written: &Value) -> Option<Sentence> {
        let problem = self.gateway.refuses(&self.given, written)?;
        let (name, id, written) = (&self.name, &self.claim.id, short(&written.to_string()));
        let sentence =
            format!("`{name}` ({id}): it is written as `{written}`, which does not fit its schema: {problem}");
        let help = "\n    help: say in the schema what serde writes, as with `#[schemars(...)]` beside `#[serde(...)]`";
        Some((sentence, help))
    }
}

/// What was found, and what to do about it.
type Sentence = (String, &'static str);

/// The objects that a schema is made of, and those of the models that it refers to.
fn parts<'a>(schema: &'a Value, models: &'a BTreeMap<String, Value>) -> Vec<&'a Map<String, Value>> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        match schema {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                found.push(members);
                open.extend(members.values());
                let model = referred(schema).filter(|model| known.insert(*model));
                open.extend(model.and_then(|model| models.get(model)));
            }
            _ => {}
        }
    }
    found
}

/// The names of the properties of a schema.
fn properties(parts: &[&Map<String, Value>]) -> BTreeSet<String> {
    let tables = parts
        .iter()
        .filter_map(|part| part.get("properties").and_then(Value::as_object));
    tables.flat_map(|table| table.keys().cloned()).collect()
}

/// What a schema says of the names of members, and a model does not.
const OF_NAMES: [&str; 3] = ["patternProperties", "propertyNames", "unevaluatedProperties"];

/// A value with the name of one member changed to each of those that are read as well and that the schema does not know,
/// such as one of `alias`.
fn renamed(value: &Value, names: &Names, properties: &BTreeSet<String>) -> Vec<Value> {
    let mut found = Vec::new();
    for (pointer, names) in names {
        let Some(Value::Object(members)) = value.pointer(pointer) else {
            continue;
        };
        let others = names.iter().filter(|name| !properties.contains(**name));
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

/// A text, as far as a line shows it.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
