//! Schemas of types, by name.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::reference::{REFERENCE, decoded, map_references, references};
use super::trace;
use super::wire::Wire;

/// A type whose schema is known, and what can be done with its values.
#[derive(Debug, Clone, Copy)]
pub struct Model {
    schema: fn(&mut SchemaGenerator) -> Schema,
    pub(super) read: Option<Reads>,
}

/// How a type is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reads {
    /// Reads a value, and writes what was read if the type can be written. See [`Wire::read`] for the other argument.
    pub(super) value: fn(&Value, bool) -> Result<Option<Value>, String>,
    /// The names that it asks for.
    pub(super) names: fn(&Value) -> trace::Names,
    /// Whether it is read from names and texts.
    pub(super) is_text: bool,
}

impl Model {
    pub(super) fn of<T: JsonSchema>() -> Self {
        Model {
            schema: |generator| generator.subschema_for::<T>(),
            read: None,
        }
    }

    #[cfg(feature = "utoipa")]
    pub(super) fn of_utoipa<T: ::utoipa::ToSchema>() -> Self {
        Model {
            schema: super::utoipa::schema::<T>,
            read: None,
        }
    }

    pub(super) fn read<T: DeserializeOwned, W: Wire>(self) -> Self {
        Model {
            read: Some(Reads {
                value: |value, has_lists| W::read::<T>(value, has_lists).map(|_| None),
                names: trace::names::<T>,
                is_text: W::IS_TEXT,
            }),
            ..self
        }
    }

    pub(super) fn read_and_written<T: DeserializeOwned + Serialize, W: Wire>(self) -> Self {
        // Nobody writes what came in a query string or a form.
        if W::IS_TEXT {
            return self.read::<T, W>();
        }
        let write = |value: &Value, has_lists| {
            let read = W::read::<T>(value, has_lists)?;
            // What serde does not write, such as a variant with `skip_serializing`, is never answered.
            Ok(serde_json::to_value(read).ok())
        };
        Model {
            read: Some(Reads {
                value: write,
                names: trace::names::<T>,
                is_text: false,
            }),
            ..self
        }
    }
}

/// Whether a type is read or written: its schemas may differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Taken,
    Given,
}

/// The schemas of one side.
pub(super) struct Schemas(SchemaGenerator);

impl Schemas {
    pub(super) fn of(side: Side) -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/models".into();
            settings.meta_schema = None;
        });
        let settings = match side {
            Side::Taken => settings.for_deserialize(),
            Side::Given => settings.for_serialize(),
        };
        Schemas(settings.into_generator())
    }

    /// The schema of a type: mostly a reference to a model.
    pub(super) fn add(&mut self, model: Model) -> Value {
        let schema = decoded(&(model.schema)(&mut self.0).to_value());
        // What takes everything says nothing.
        if schema == Value::Bool(true) {
            Value::Object(Map::new())
        } else {
            schema
        }
    }

    /// The models that were referred to so far.
    pub(super) fn models(&mut self) -> BTreeMap<String, Value> {
        let named = self.0.definitions().iter();
        named.map(|(name, schema)| (name.clone(), decoded(schema))).collect()
    }
}

/// The models of both sides under names that API Gateway takes, one name a schema.
pub(super) struct Names {
    /// The new names of what is taken and given.
    taken: BTreeMap<String, String>,
    given: BTreeMap<String, String>,
    pub(super) models: BTreeMap<String, Value>,
}

impl Names {
    pub(super) fn of(taken: &BTreeMap<String, Value>, given: &BTreeMap<String, Value>) -> Self {
        // What is given is another model if it says something else than what is taken, or refers to one that does.
        let mut others: BTreeSet<&String> = given
            .iter()
            .filter(|(name, schema)| taken.get(*name).is_some_and(|taken| taken != *schema))
            .map(|(name, _)| name)
            .collect();
        loop {
            let refers = |schema: &Value| others.iter().any(|other| references(schema).contains(other.as_str()));
            let more: Vec<&String> = given
                .iter()
                .filter(|(name, schema)| taken.contains_key(*name) && !others.contains(name) && refers(schema))
                .map(|(name, _)| name)
                .collect();
            if more.is_empty() {
                break;
            }
            others.extend(more);
        }
        let mut names = Names {
            taken: BTreeMap::new(),
            given: BTreeMap::new(),
            models: BTreeMap::new(),
        };
        let mut used = BTreeSet::new();
        for name in taken.keys() {
            names.taken.insert(name.clone(), unused(&plain(name), &mut used));
        }
        for name in given.keys() {
            let new = match names.taken.get(name) {
                Some(same) if !others.contains(name) => same.clone(),
                Some(_) => unused(&format!("{}Answer", plain(name)), &mut used),
                None => unused(&plain(name), &mut used),
            };
            names.given.insert(name.clone(), new);
        }
        for (side, schemas) in [(Side::Taken, taken), (Side::Given, given)] {
            for (name, schema) in schemas {
                let new = names.side(side)[name].clone();
                names.models.insert(new, names.renamed(side, schema));
            }
        }
        names
    }

    fn side(&self, side: Side) -> &BTreeMap<String, String> {
        match side {
            Side::Taken => &self.taken,
            Side::Given => &self.given,
        }
    }

    /// A schema with the new names.
    pub(super) fn renamed(&self, side: Side, schema: &Value) -> Value {
        let names = self.side(side);
        map_references(schema, REFERENCE, &|name| {
            names.get(name).cloned().unwrap_or_else(|| name.to_owned())
        })
    }

    /// Leaves the models that something refers to.
    pub(super) fn reachable(&self, from: &Value) -> BTreeMap<String, Value> {
        let mut reached: BTreeMap<String, Value> = BTreeMap::new();
        let mut open: Vec<String> = references(from).into_iter().collect();
        while let Some(name) = open.pop() {
            let Some(schema) = self.models.get(&name) else { continue };
            if reached.insert(name, schema.clone()).is_none() {
                open.extend(references(schema));
            }
        }
        reached
    }
}

/// `PageOfBook` of `Page_of_Book`: API Gateway takes letters and digits.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    let mut is_start = false;
    for sign in name.chars() {
        if !sign.is_ascii_alphanumeric() {
            is_start = true;
        } else if std::mem::take(&mut is_start) {
            plain.extend(sign.to_uppercase());
        } else {
            plain.push(sign);
        }
    }
    if plain.is_empty() { "Model".to_owned() } else { plain }
}

fn unused(name: &str, used: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    let found = names.find(|name| !used.contains(name)).unwrap_or_default();
    used.insert(found.clone());
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn models(models: &Value) -> BTreeMap<String, Value> {
        models.as_object().unwrap().clone().into_iter().collect()
    }

    #[test]
    fn what_is_given_has_a_name_of_its_own_where_it_differs_or_refers_to_what_does() {
        let taken = models(&json!({
            "Book": {"properties": {"genre": {"$ref": "#/models/Genre"}}},
            "Genre": {"enum": ["a"]},
            "Same": {"type": "string"},
        }));
        let mut given = taken.clone();
        given.insert("Genre".to_owned(), json!({"enum": ["a", "b"]}));
        let names = Names::of(&taken, &given);
        let found: Vec<&str> = names.models.keys().map(String::as_str).collect();
        assert_eq!(found, ["Book", "BookAnswer", "Genre", "GenreAnswer", "Same"]);
        assert_eq!(
            names.models["BookAnswer"],
            json!({"properties": {"genre": {"$ref": "#/models/GenreAnswer"}}})
        );
    }

    #[test]
    fn names_are_letters_and_digits_and_each_is_there_once() {
        let taken = models(&json!({"Page_of_Book": {"type": "object"}, "PageOfBook": {"type": "array"}, "_": {}}));
        let names = Names::of(&taken, &BTreeMap::new());
        let found: Vec<&str> = names.models.keys().map(String::as_str).collect();
        assert_eq!(found, ["Model", "PageOfBook", "PageOfBook2"]);
    }
}
