//! Whether two schemas can mean the same.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model_reference::model_of;

/// How deep schemas are looked into.
const DEPTH: usize = 16;

/// A schema and the models that it refers to.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) schema: &'a Value,
    pub(super) models: &'a BTreeMap<String, Value>,
}

/// Kinds of values, a bit each.
type Kinds = u8;
const ALL: Kinds = 0b111_1111;
const NUMBERS: Kinds = 0b000_1100;

/// The part of a value for which a schema of the routes file and that of a type have no value in common, as a JSON pointer.
/// A member that the one must have and the type does not know is such a part. `None`: nothing tells them apart.
pub(super) fn apart(one: Side<'_>, other: Side<'_>) -> Option<String> {
    let mut pointer = String::new();
    inside(one, other, &mut pointer, 0).then_some(pointer)
}

/// A member that a type needs, and that a schema of the routes file has among its properties and not in its list of what is
/// required.
pub(super) fn optional<'a>(said: Side<'_>, typed: Side<'a>) -> Option<&'a str> {
    let (said, typed) = (said.resolved()?, typed.resolved()?);
    said.schema.get("required")?;
    let known = said.schema.get("properties")?;
    let mut needed = typed.required();
    needed.find(|name| known.get(name).is_some() && said.required().all(|said| said != *name))
}

fn inside(one: Side<'_>, other: Side<'_>, pointer: &mut String, depth: usize) -> bool {
    let (Some(one), Some(other)) = (one.resolved(), other.resolved()) else {
        return false;
    };
    if one.kinds(0) & other.kinds(0) == 0 {
        return true;
    }
    if depth == DEPTH {
        return false;
    }
    let length = pointer.len();
    let mut differ = |token: &str, one: &Value, other: &Value, left: Side<'_>, right: Side<'_>| {
        pointer.push('/');
        pointer.push_str(token);
        let one = Side { schema: one, ..left };
        let other = Side { schema: other, ..right };
        let are_apart = inside(one, other, pointer, depth + 1);
        if !are_apart {
            pointer.truncate(length);
        }
        are_apart
    };
    let table = |side: Side<'_>| side.schema.get("properties").and_then(Value::as_object).cloned();
    if let (Some(mine), Some(theirs)) = (table(one), table(other)) {
        for (name, property) in &mine {
            if let Some(counterpart) = theirs.get(name)
                && differ(name, property, counterpart, one, other)
            {
                return true;
            }
        }
    }
    if let (Some(mine @ Value::Object(_)), Some(theirs @ Value::Object(_))) =
        (one.schema.get("items"), other.schema.get("items"))
        && differ("items", mine, theirs, one, other)
    {
        return true;
    }
    let unknown = one.required().find(|name| other.lacks(name, true));
    if let Some(name) = unknown.or_else(|| other.required().find(|name| one.lacks(name, false))) {
        pointer.push('/');
        pointer.push_str(name);
        return true;
    }
    false
}

impl<'a> Side<'a> {
    /// What a reference leads to. `None`: to something that is not known.
    fn resolved(self) -> Option<Side<'a>> {
        let mut side = self;
        for _ in 0..DEPTH {
            let Some(reference) = side.schema.get("$ref").and_then(Value::as_str) else {
                return Some(side);
            };
            side.schema = side.models.get(model_of(reference)?)?;
        }
        None
    }

    /// The kinds of values that may fit.
    fn kinds(self, depth: usize) -> Kinds {
        let Some(side) = self.resolved().filter(|_| depth < DEPTH) else {
            return ALL;
        };
        let Value::Object(members) = side.schema else {
            return if side.schema == &Value::Bool(false) { 0 } else { ALL };
        };
        let below = |schema| side.with(schema).kinds(depth + 1);
        let mut kinds = match members.get("type") {
            Some(Value::String(kind)) => named(kind),
            Some(Value::Array(kinds)) => kinds
                .iter()
                .filter_map(Value::as_str)
                .fold(0, |all, kind| all | named(kind)),
            _ => ALL,
        };
        if members.get("nullable") == Some(&Value::Bool(true)) {
            kinds |= named("null");
        }
        if let Some(only) = members.get("const") {
            kinds &= of(only);
        }
        if let Some(Value::Array(values)) = members.get("enum") {
            kinds &= values.iter().fold(0, |all, value| all | of(value));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(Value::Array(schemas)) = members.get(keyword) {
                kinds &= schemas.iter().fold(0, |all, schema| all | below(schema));
            }
        }
        if let Some(Value::Array(schemas)) = members.get("allOf") {
            kinds &= schemas.iter().fold(ALL, |all, schema| all & below(schema));
        }
        kinds
    }

    /// The members that objects must have.
    fn required(self) -> impl Iterator<Item = &'a str> {
        let names = self.schema.get("required").and_then(Value::as_array);
        names.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether no object has a member: its properties are known, and others are forbidden or, where the schema `is_read` of a
    /// type, ignored.
    fn lacks(self, name: &str, is_read: bool) -> bool {
        const ELSEWHERE: [&str; 6] = [
            "patternProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "if",
            "unevaluatedProperties",
        ];
        let Value::Object(members) = self.schema else {
            return false;
        };
        let is_closed = match members.get("additionalProperties") {
            Some(others) => others == &Value::Bool(false),
            None => is_read,
        };
        let known = members.get("properties").and_then(Value::as_object);
        is_closed
            && known.is_some_and(|known| !known.contains_key(name))
            && !ELSEWHERE.iter().any(|key| members.contains_key(*key))
    }

    fn with(self, schema: &'a Value) -> Self {
        Self { schema, ..self }
    }
}

fn named(kind: &str) -> Kinds {
    match kind {
        "null" => 0b000_0001,
        "boolean" => 0b000_0010,
        "integer" => 0b000_0100,
        "number" => NUMBERS,
        "string" => 0b001_0000,
        "array" => 0b010_0000,
        "object" => 0b100_0000,
        _ => ALL,
    }
}

fn of(value: &Value) -> Kinds {
    match value {
        Value::Null => named("null"),
        Value::Bool(_) => named("boolean"),
        Value::Number(_) => NUMBERS,
        Value::String(_) => named("string"),
        Value::Array(_) => named("array"),
        Value::Object(_) => named("object"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemas_are_apart_where_no_value_fits_both() {
        let models = BTreeMap::from([(
            "Book".to_owned(),
            json!({"type": "object", "properties": {"year": {"type": "integer"}}}),
        )]);
        for (one, other, expected) in [
            (
                json!({"type": "string"}),
                json!({"type": "string", "minLength": 1}),
                None,
            ),
            (json!({"type": "string"}), json!({"type": "integer"}), Some("")),
            (json!({"type": "number"}), json!({"type": "integer"}), None),
            (json!({"type": "string"}), json!({"enum": ["a"]}), None),
            (json!({"type": "string"}), json!({"const": 1}), Some("")),
            (
                json!({"type": "string"}),
                json!({"anyOf": [{"type": "null"}, {"type": "string"}]}),
                None,
            ),
            (json!({"$ref": "#/models/Book"}), json!({"type": "array"}), Some("")),
            (
                json!({"$ref": "#/models/Book"}),
                json!({"properties": {"year": {"type": "string"}}}),
                Some("/year"),
            ),
            (
                json!({"items": {"$ref": "#/components/schemas/Book"}}),
                json!({"items": {"type": "boolean"}}),
                Some("/items"),
            ),
            (json!({"$ref": "#/models/Unknown"}), json!({"type": "string"}), None),
            (
                json!({"required": ["isbn"]}),
                json!({"$ref": "#/models/Book"}),
                Some("/isbn"),
            ),
            (
                json!({"items": {"properties": {}, "additionalProperties": false}}),
                json!({"items": {"required": ["title"]}}),
                Some("/items/title"),
            ),
            (json!({"properties": {}}), json!({"required": ["title"]}), None),
            (
                json!({"required": ["isbn"]}),
                json!({"properties": {}, "additionalProperties": {"type": "string"}}),
                None,
            ),
            (
                json!({"required": ["isbn"]}),
                json!({"properties": {}, "anyOf": [{"properties": {"isbn": {}}}]}),
                None,
            ),
            (json!({}), json!({"type": "string"}), None),
        ] {
            let side = |schema| Side {
                schema,
                models: &models,
            };
            assert_eq!(apart(side(&one), side(&other)).as_deref(), expected, "{one} {other}");
        }
    }
}
