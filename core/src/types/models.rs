//! The schemas of a types file by name, each of them whole.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model_reference::{OF_FILE, model_of, redirect};

/// What a reference to a schema inside of another one begins with.
const INSIDE: &str = "#/$defs/";

/// Models by name. What schemas hold of their own becomes a model like any other.
#[derive(Debug, Clone, Default)]
pub(super) struct Models(pub(super) BTreeMap<String, Value>);

impl Models {
    pub(super) fn of<'a>(models: impl Iterator<Item = (&'a str, Value)>) -> Self {
        let written: Vec<(&str, Value)> = models.collect();
        // A name that is written is never given to a part of another model.
        let names = written.iter().map(|(name, _)| ((*name).to_owned(), Value::Null));
        let mut all = Self(names.collect());
        for (name, schema) in written {
            let schema = all.whole(Some(name), schema);
            all.0.insert(name.to_owned(), schema);
        }
        all
    }

    /// A schema whose parts are models.
    pub(super) fn whole(&mut self, name: Option<&str>, mut schema: Value) -> Value {
        let Value::Object(members) = &mut schema else {
            return schema;
        };
        let mut renamed = BTreeMap::new();
        let inside = match members.remove("$defs") {
            Some(Value::Object(inside)) => inside,
            _ => Map::new(),
        };
        for (part, _) in &inside {
            renamed.insert(format!("{INSIDE}{part}"), self.free(part));
        }
        if let Some(name) = name {
            renamed.insert("#".to_owned(), name.to_owned());
        }
        let target = |reference: &str| renamed.get(reference).map(|name| format!("{OF_FILE}{name}"));
        for (part, mut schema) in inside {
            if let Some(name) = renamed.get(&format!("{INSIDE}{part}")) {
                redirect(&mut schema, &target);
                self.0.insert(name.clone(), schema);
            }
        }
        redirect(&mut schema, &target);
        schema
    }

    /// Adds a schema under a name that is as it is wanted, unless another one has that.
    pub(super) fn add(&mut self, wanted: &str, schema: Value) -> String {
        if self.0.get(wanted) == Some(&schema) {
            return wanted.to_owned();
        }
        let name = self.free(wanted);
        self.0.insert(name.clone(), schema);
        name
    }

    /// A name that no model has, and takes it. Models of API Gateway have letters and digits.
    fn free(&mut self, wanted: &str) -> String {
        let wanted: String = wanted.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut name = wanted.clone();
        let mut number = 1;
        while self.0.contains_key(&name) || name.is_empty() {
            number += 1;
            name = format!("{wanted}{number}");
        }
        self.0.insert(name.clone(), Value::Null);
        name
    }
}

/// The model that a schema is, if it is nothing but a reference to one.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    let members = schema.as_object()?;
    let reference = members.get("$ref")?.as_str()?;
    let name = model_of(reference)?;
    (members.len() == 1).then_some(name)
}

/// The models that a schema needs, those that they need included.
pub(super) fn needed(schema: &Value, models: &BTreeMap<String, Value>, names: &mut Vec<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| needed(item, models, names)),
        Value::Object(members) => {
            for (keyword, value) in members {
                match value {
                    Value::String(reference) if keyword == "$ref" => {
                        let name = model_of(reference);
                        if let Some(name) = name.filter(|name| !names.iter().any(|known| known == name)) {
                            names.push(name.to_owned());
                            if let Some(model) = models.get(name) {
                                needed(model, models, names);
                            }
                        }
                    }
                    _ => needed(value, models, names),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_of_schemas_become_models_with_names_of_their_own() {
        let tree = json!({
            "properties": {"left": {"$ref": "#"}, "leaf": {"$ref": "#/$defs/Leaf"}},
            "$defs": {"Leaf": {"items": {"$ref": "#/$defs/Leaf"}}},
        });
        let models = Models::of([("Leaf", json!({"type": "string"})), ("Tree", tree)].into_iter()).0;
        assert_eq!(models["Leaf"], json!({"type": "string"}));
        assert_eq!(models["Leaf2"], json!({"items": {"$ref": "#/models/Leaf2"}}));
        assert_eq!(
            models["Tree"],
            json!({"properties": {"left": {"$ref": "#/models/Tree"}, "leaf": {"$ref": "#/models/Leaf2"}}})
        );
        let mut names = Vec::new();
        needed(&json!({"items": {"$ref": "#/models/Tree"}}), &models, &mut names);
        assert_eq!(names, ["Tree", "Leaf2"]);
    }
}
