//! Whether a value fits a JSON Schema of draft 4, as models of API Gateway have it
//! ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html)).

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use fancy_regex::Regex;
use serde_json::Value as Json;

/// How deep references may lead.
const DEPTH: usize = 64;

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The part of the value: a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)), empty for the whole.
    pub pointer: String,
    /// What is wrong, in the words that AWS has for it where they are known.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(&self.message),
            pointer => write!(f, "{pointer}: {}", self.message),
        }
    }
}

/// A schema that no value can be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError(String);

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

/// Holds values against models, whose patterns it compiles once.
///
/// ```
/// use bluegate_core::types::Validator;
/// use serde_json::json;
///
/// let isbn = json!({"type": "string", "pattern": "^[0-9]{13}$"});
/// let validator = Validator::new([("Isbn".to_owned(), isbn)].into());
/// let list = json!({"type": "array", "items": {"$ref": "#/models/Isbn"}});
/// let problems = validator.validate(&list, &json!(["9780141439587", "x"])).unwrap();
/// assert_eq!(problems[0].pointer, "/1");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Validator {
    models: BTreeMap<String, Json>,
    patterns: BTreeMap<String, Regex>,
}

impl Validator {
    /// Of models by name.
    #[must_use]
    pub fn new(models: BTreeMap<String, Json>) -> Self {
        let mut patterns = BTreeMap::new();
        for schema in models.values() {
            compile(schema, &mut patterns);
        }
        Self { models, patterns }
    }

    /// A model.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Json> {
        self.models.get(name)
    }

    /// What is wrong with a value. References end with the name of a model.
    ///
    /// # Errors
    ///
    /// The schema refers to a model that is not there or to itself without end, or has a pattern that is none.
    pub fn validate(&self, schema: &Json, value: &Json) -> Result<Vec<Problem>, SchemaError> {
        let mut check = Check {
            validator: self,
            root: schema,
            problems: Vec::new(),
            pointer: String::new(),
            depth: 0,
        };
        check.value(value, schema)?;
        Ok(check.problems)
    }

    fn matches(&self, pattern: &str, text: &str) -> Result<bool, SchemaError> {
        let compiled = match self.patterns.get(pattern) {
            Some(compiled) => compiled,
            // Of a schema that is no model, or a pattern that is none.
            None => &regex(pattern)?,
        };
        Ok(compiled.is_match(text).unwrap_or(false))
    }
}

/// Compiles the patterns of a schema, as far as they are some.
fn compile(schema: &Json, to: &mut BTreeMap<String, Regex>) {
    let mut add = |pattern: &str| {
        if let Ok(compiled) = regex(pattern) {
            to.insert(pattern.to_owned(), compiled);
        }
    };
    match schema {
        Json::Object(members) => {
            if let Some(Json::String(pattern)) = members.get("pattern") {
                add(pattern);
            }
            let patterns = members.get("patternProperties").and_then(Json::as_object);
            patterns.into_iter().flatten().for_each(|(pattern, _)| add(pattern));
            members.values().for_each(|schema| compile(schema, to));
        }
        Json::Array(items) => items.iter().for_each(|schema| compile(schema, to)),
        _ => {}
    }
}

struct Check<'a> {
    validator: &'a Validator,
    root: &'a Json,
    problems: Vec<Problem>,
    /// The part of the value that is looked at.
    pointer: String,
    depth: usize,
}

impl<'a> Check<'a> {
    fn fault(&mut self, message: String) {
        let pointer = self.pointer.clone();
        self.problems.push(Problem { pointer, message });
    }

    /// Looks at a member or an item of the value.
    fn inside(&mut self, token: &str, value: &Json, schema: &'a Json) -> Result<(), SchemaError> {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&crate::pointer::escape(token));
        let result = self.value(value, schema);
        self.pointer.truncate(length);
        result
    }

    fn holds(&mut self, value: &Json, schema: &'a Json) -> Result<bool, SchemaError> {
        let before = self.problems.len();
        self.value(value, schema)?;
        let holds = self.problems.len() == before;
        self.problems.truncate(before);
        Ok(holds)
    }

    fn value(&mut self, value: &Json, schema: &'a Json) -> Result<(), SchemaError> {
        if self.depth == DEPTH {
            return Err(SchemaError("the schema refers to itself without end".to_owned()));
        }
        self.depth += 1;
        let result = self.whole(value, schema);
        self.depth -= 1;
        result
    }

    fn whole(&mut self, value: &Json, schema: &'a Json) -> Result<(), SchemaError> {
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let schema = self.referred(reference)?;
            return self.value(value, schema);
        }
        self.kind(value, schema);
        if let Some(allowed) = schema.get("enum").and_then(Json::as_array)
            && !allowed.iter().any(|one| same(one, value))
        {
            self.fault(format!(
                "instance value ({value}) not found in enum (possible values: {})",
                Json::from(allowed.clone())
            ));
        }
        match value {
            Json::Object(_) => self.object(value, schema)?,
            Json::Array(items) => self.list(items, schema)?,
            Json::String(text) => self.text(text, schema)?,
            Json::Number(_) => self.number(value, schema),
            Json::Null | Json::Bool(_) => {}
        }
        self.combined(value, schema)
    }

    /// `#/definitions/x` of the schema itself, or a model by its name: the last part of whatever address it has.
    fn referred(&self, reference: &str) -> Result<&'a Json, SchemaError> {
        if let Some(pointer) = reference.strip_prefix('#')
            && let Some(found) = self.root.pointer(pointer)
        {
            return Ok(found);
        }
        let name = reference.rsplit('/').next().unwrap_or_default();
        self.validator
            .model(name)
            .ok_or_else(|| SchemaError(format!("there is no model {reference}")))
    }

    fn kind(&mut self, value: &Json, schema: &Json) {
        let allowed: Vec<&str> = match schema.get("type") {
            Some(Json::String(kind)) => vec![kind],
            Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
            _ => return,
        };
        // OpenAPI 3.0 has its own word for "or null".
        let is_null = value.is_null() && schema.get("nullable") == Some(&Json::Bool(true));
        let found = kind_of(value);
        if !is_null
            && !allowed
                .iter()
                .any(|kind| *kind == found || *kind == "number" && found == "integer")
        {
            let allowed = Json::from(allowed);
            self.fault(format!(
                "instance type ({found}) does not match any allowed primitive type (allowed: {allowed})"
            ));
        }
    }

    fn object(&mut self, value: &Json, schema: &'a Json) -> Result<(), SchemaError> {
        let Json::Object(object) = value else { return Ok(()) };
        let required = schema.get("required").and_then(Json::as_array).into_iter().flatten();
        let missing: Vec<&str> = required
            .filter_map(Json::as_str)
            .filter(|name| !object.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            self.fault(format!(
                "object has missing required properties ({})",
                Json::from(missing)
            ));
        }
        for (bound, is_within) in [
            (
                "minProperties",
                object.len() as u64 >= count(schema, "minProperties").unwrap_or(0),
            ),
            (
                "maxProperties",
                object.len() as u64 <= count(schema, "maxProperties").unwrap_or(u64::MAX),
            ),
        ] {
            if !is_within {
                self.fault(format!("object has a number of properties that {bound} does not allow"));
            }
        }
        let table = |key: &str| schema.get(key).and_then(Json::as_object);
        let properties = table("properties");
        let patterns = table("patternProperties");
        let mut unknown = Vec::new();
        for (name, member) in object {
            let mut is_known = false;
            if let Some(schema) = properties.and_then(|table| table.get(name)) {
                is_known = true;
                self.inside(name, member, schema)?;
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                if self.validator.matches(pattern, name)? {
                    is_known = true;
                    self.inside(name, member, schema)?;
                }
            }
            if !is_known {
                match schema.get("additionalProperties") {
                    Some(Json::Bool(false)) => unknown.push(name.as_str()),
                    Some(schema @ Json::Object(_)) => self.inside(name, member, schema)?,
                    _ => {}
                }
            }
        }
        if !unknown.is_empty() {
            let unknown = Json::from(unknown);
            self.fault(format!(
                "object instance has properties which are not allowed by the schema: {unknown}"
            ));
        }
        Ok(())
    }

    fn list(&mut self, items: &[Json], schema: &'a Json) -> Result<(), SchemaError> {
        if (items.len() as u64) < count(schema, "minItems").unwrap_or(0)
            || items.len() as u64 > count(schema, "maxItems").unwrap_or(u64::MAX)
        {
            self.fault("array has a number of items that is not allowed".to_owned());
        }
        let is_unique = schema.get("uniqueItems") == Some(&Json::Bool(true));
        if is_unique
            && items
                .iter()
                .enumerate()
                .any(|(at, item)| items[..at].iter().any(|other| same(item, other)))
        {
            self.fault("array must not contain duplicate elements".to_owned());
        }
        match schema.get("items") {
            Some(Json::Array(schemas)) => {
                for (at, (item, schema)) in items.iter().zip(schemas).enumerate() {
                    self.inside(&at.to_string(), item, schema)?;
                }
                let more = items.get(schemas.len()..).unwrap_or_default();
                match schema.get("additionalItems") {
                    Some(Json::Bool(false)) if !more.is_empty() => {
                        self.fault("array has more items than are allowed".to_owned());
                    }
                    Some(schema @ Json::Object(_)) => {
                        for (at, item) in items.iter().enumerate().skip(schemas.len()) {
                            self.inside(&at.to_string(), item, schema)?;
                        }
                    }
                    _ => {}
                }
            }
            Some(schema) => {
                for (at, item) in items.iter().enumerate() {
                    self.inside(&at.to_string(), item, schema)?;
                }
            }
            None => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str, schema: &Json) -> Result<(), SchemaError> {
        let length = text.chars().count() as u64;
        if length < count(schema, "minLength").unwrap_or(0) || length > count(schema, "maxLength").unwrap_or(u64::MAX) {
            self.fault(format!("string {} has a length that is not allowed", Json::from(text)));
        }
        if let Some(pattern) = schema.get("pattern").and_then(Json::as_str)
            && !self.validator.matches(pattern, text)?
        {
            self.fault(format!(
                "ECMA 262 regex {} does not match input string {}",
                Json::from(pattern),
                Json::from(text)
            ));
        }
        Ok(())
    }

    fn number(&mut self, value: &Json, schema: &Json) {
        let number = value.as_f64().unwrap_or_default();
        let bound = |key: &str| schema.get(key).filter(|bound| bound.is_number());
        let is_exclusive = |key: &str| schema.get(key) == Some(&Json::Bool(true));
        if let Some(least) = bound("minimum")
            && is_beyond(value, Ordering::Less, least, is_exclusive("exclusiveMinimum"))
        {
            self.fault(format!(
                "numeric instance is lower than the required minimum (minimum: {least}, found: {value})"
            ));
        }
        if let Some(most) = bound("maximum")
            && is_beyond(value, Ordering::Greater, most, is_exclusive("exclusiveMaximum"))
        {
            self.fault(format!(
                "numeric instance is greater than the required maximum (maximum: {most}, found: {value})"
            ));
        }
        if let Some(unit) = bound("multipleOf").and_then(Json::as_f64).filter(|unit| *unit > 0.) {
            let times = number / unit;
            if (times - times.round()).abs() > 1e-9 {
                self.fault(format!("{value} is no multiple of {unit}"));
            }
        }
    }

    fn combined(&mut self, value: &Json, schema: &'a Json) -> Result<(), SchemaError> {
        let list = |key: &str| schema.get(key).and_then(Json::as_array);
        for schema in list("allOf").into_iter().flatten() {
            self.value(value, schema)?;
        }
        for (key, fits) in [("anyOf", 1..=usize::MAX), ("oneOf", 1..=1)] {
            let Some(schemas) = list(key) else { continue };
            let mut count = 0;
            for schema in schemas {
                count += usize::from(self.holds(value, schema)?);
            }
            if !fits.contains(&count) {
                self.fault(format!("instance matches {count} of the schemas of {key}"));
            }
        }
        if let Some(schema) = schema.get("not")
            && self.holds(value, schema)?
        {
            self.fault("instance matches a schema which it should not".to_owned());
        }
        Ok(())
    }
}

fn regex(pattern: &str) -> Result<Regex, SchemaError> {
    Regex::new(pattern).map_err(|error| SchemaError(format!("the pattern {pattern}: {error}")))
}

/// Whether a number is on the wrong side of a bound. Whole numbers are not rounded.
fn is_beyond(value: &Json, side: Ordering, bound: &Json, is_exclusive: bool) -> bool {
    let whole = |number: &Json| number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    let found = match (whole(value), whole(bound)) {
        (Some(value), Some(bound)) => Some(value.cmp(&bound)),
        _ => value.as_f64().partial_cmp(&bound.as_f64()),
    };
    found == Some(side) || is_exclusive && found == Some(Ordering::Equal)
}

fn count(schema: &Json, key: &str) -> Option<u64> {
    schema.get(key).and_then(Json::as_u64)
}

fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        // A whole number that is too large for 64 bits has become one with a fraction.
        Json::Number(number)
            if number.is_f64() && number.as_f64().is_none_or(|number| number.abs() < 2_f64.powi(63)) =>
        {
            "number"
        }
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// 1 and 1.0 are the same number.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_valid(value: &Json, schema: &Json) -> bool {
        let models = [("Book".to_owned(), json!({"type": "object", "required": ["title"]}))].into();
        Validator::new(models).validate(schema, value).unwrap().is_empty()
    }

    #[test]
    fn values_fit_schemas_of_draft_4_or_not() {
        for (schema, fits, fits_not) in [
            (json!({"type": "number"}), json!(1), json!("1")),
            (json!({"type": "integer"}), json!(1), json!(1.5)),
            (json!({"type": "integer"}), json!(1e30), json!(1e3)),
            (json!({"maximum": i64::MAX}), json!(i64::MAX), json!(1_u64 << 63)),
            (json!({"minimum": i64::MIN}), json!(-0.5), json!(-1e19)),
            (json!({"type": ["string", "null"]}), json!(null), json!(1)),
            (json!({"enum": [1, "a"]}), json!(1.0), json!(2)),
            (json!({"required": ["a"]}), json!({"a": 1}), json!({"b": 1})),
            (
                json!({"properties": {"a": {"type": "string"}}}),
                json!({"a": "x"}),
                json!({"a": 1}),
            ),
            (
                json!({"additionalProperties": false, "properties": {"a": {}}}),
                json!({"a": 1}),
                json!({"b": 1}),
            ),
            (
                json!({"patternProperties": {"^x": {"type": "string"}}}),
                json!({"x1": "a"}),
                json!({"x1": 1}),
            ),
            (json!({"items": {"type": "string"}}), json!(["a"]), json!([1])),
            (
                json!({"items": [{"type": "string"}], "additionalItems": false}),
                json!(["a"]),
                json!(["a", 1]),
            ),
            (json!({"minItems": 1, "maxItems": 2}), json!([1]), json!([])),
            (json!({"uniqueItems": true}), json!([1, 2]), json!([1, 1.0])),
            (json!({"minLength": 2, "maxLength": 3}), json!("äö"), json!("ä")),
            (json!({"pattern": "^a(?!b)"}), json!("ac"), json!("ab")),
            (json!({"minimum": 1, "exclusiveMinimum": true}), json!(2), json!(1)),
            (json!({"maximum": 1}), json!(1), json!(2)),
            (json!({"multipleOf": 0.1}), json!(0.3), json!(0.35)),
            (
                json!({"allOf": [{"type": "object"}, {"required": ["a"]}]}),
                json!({"a": 1}),
                json!({}),
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "number"}]}),
                json!(1),
                json!(null),
            ),
            (
                json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Book"}]}),
                json!(null),
                json!({}),
            ),
            (
                json!({"$ref": "https://apigateway.amazonaws.com/restapis/a/models/Book"}),
                json!({"title": 1}),
                json!({}),
            ),
            (
                json!({"definitions": {"a": {"type": "string"}}, "properties": {"b": {"$ref": "#/definitions/a"}}}),
                json!({"b": "x"}),
                json!({"b": 1}),
            ),
            (json!({"not": {"type": "string"}}), json!(1), json!("a")),
            (json!({"minProperties": 1}), json!({"a": 1}), json!({})),
        ] {
            assert!(is_valid(&fits, &schema), "{schema} should take {fits}");
            assert!(!is_valid(&fits_not, &schema), "{schema} should not take {fits_not}");
        }
    }

    #[test]
    fn a_problem_names_the_part_that_it_is_about() {
        let schema = json!({"properties": {"a/b": {"items": {"type": "string"}}}});
        let problems = Validator::default()
            .validate(&schema, &json!({"a/b": ["x", 1]}))
            .unwrap();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].pointer, "/a~1b/1");
        assert!(problems[0].to_string().starts_with("/a~1b/1: instance type (integer)"));
    }

    #[test]
    fn a_schema_without_end_and_a_model_that_is_not_there_are_errors() {
        let models = [("Loop".to_owned(), json!({"$ref": "#/components/schemas/Loop"}))].into();
        let validator = Validator::new(models);
        for reference in ["#/components/schemas/Loop", "#/components/schemas/None"] {
            let schema = json!({"$ref": reference});
            assert!(validator.validate(&schema, &json!(1)).is_err(), "{reference}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_is_an_error_where_a_value_is_held_against_it() {
        let models = [("Broken".to_owned(), json!({"pattern": "("}))].into();
        let validator = Validator::new(models);
        let schema = json!({"$ref": "#/models/Broken"});
        assert!(validator.validate(&schema, &json!("a")).is_err());
        assert_eq!(validator.validate(&schema, &json!(1)).unwrap(), []);
    }
}
