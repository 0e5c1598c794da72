//! Values of a schema, the same in every run.

use std::collections::BTreeMap;

use bluegate_core::types::{Validator, model};
use serde_json::{Map, Value, json};

use super::reference::referred;

/// Draws values.
pub(super) struct Sampler<'a> {
    models: &'a BTreeMap<String, Value>,
    state: u64,
    /// Words that fit patterns.
    words: BTreeMap<String, Vec<&'static str>>,
}

/// How deep values go where they may end.
const DEPTH: usize = 6;

/// How deep they go at most.
const DEEPEST: usize = 24;

impl<'a> Sampler<'a> {
    pub(super) fn new(models: &'a BTreeMap<String, Value>, name: &str) -> Self {
        let seed = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Sampler {
            models,
            state: name.bytes().fold(0xcbf2_9ce4_8422_2325, seed),
            words: BTreeMap::new(),
        }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn one<'b, T>(&mut self, of: &'b [T]) -> Option<&'b T> {
        let at = self.below(of.len());
        of.get(at)
    }

    /// A value that a schema takes; nothing where none is known to be one.
    pub(super) fn value(&mut self, schema: &Value) -> Option<Value> {
        self.deep(schema, 0)
    }

    fn deep(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let members = match schema {
            Value::Bool(false) => return None,
            Value::Object(members) => members,
            _ => return Some(self.any()),
        };
        if let Some(value) = members.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = members.get("enum").and_then(Value::as_array) {
            return self.one(values).cloned();
        }
        let mut parts: Vec<Value> = Vec::new();
        if let Some(model) = referred(schema) {
            let models = self.models;
            let schema = models.get(model)?;
            parts.push(self.deep(schema, depth + 1)?);
        }
        for schema in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            parts.push(self.deep(schema, depth + 1)?);
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(schemas) = members.get(key).and_then(Value::as_array) {
                parts.push(self.either(schemas, depth)?);
            }
        }
        let kinds: Vec<&str> = match members.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if members.contains_key("properties") => vec!["object"],
            _ if parts.is_empty() => return Some(self.any()),
            _ => Vec::new(),
        };
        if !kinds.is_empty() {
            // What ends, where it is deep.
            let is_null = depth > DEPTH && kinds.contains(&"null");
            let kind = if is_null { "null" } else { *self.one(&kinds)? };
            parts.push(self.of_kind(kind, members, depth)?);
        }
        together(parts)
    }

    /// A value of one of several schemas: where it is deep, of the first that ends.
    fn either(&mut self, schemas: &[Value], depth: usize) -> Option<Value> {
        let start = self.below(schemas.len());
        let mut ordered: Vec<&Value> = schemas.iter().cycle().skip(start).take(schemas.len()).collect();
        if depth > DEPTH {
            ordered.sort_by_key(|schema| schema["type"] != "null");
        }
        ordered.into_iter().find_map(|schema| self.deep(schema, depth + 1))
    }

    fn of_kind(&mut self, kind: &str, members: &Map<String, Value>, depth: usize) -> Option<Value> {
        match kind {
            "null" => Some(Value::Null),
            "boolean" => Some(json!(self.below(2) == 0)),
            "integer" | "number" => self.number(kind, members),
            "string" => self.text(members).map(Value::String),
            "array" => self.list(members, depth),
            "object" => self.object(members, depth),
            _ => None,
        }
    }

    fn number(&mut self, kind: &str, members: &Map<String, Value>) -> Option<Value> {
        // The model knows the bounds of formats.
        let mut plain = members.clone();
        plain.insert("type".to_owned(), json!(kind));
        let bounds = model(&Value::Object(plain)).schema;
        let [least, most] = [bounds.get("minimum"), bounds.get("maximum")];
        let drawn = self.next();
        let small = json!((drawn >> 8) % 200);
        let mut candidates = vec![small, json!(0), json!(1), json!(-1), json!(-7_000), json!(70_000)];
        candidates.extend(least.into_iter().chain(most).cloned());
        if kind == "number" {
            candidates.extend([json!(0.5), json!(-2.25), json!((drawn >> 40) as f64 / 64.0)]);
        }
        if let Some(unit) = members.get("multipleOf").and_then(Value::as_f64) {
            candidates = candidates
                .iter()
                .filter_map(Value::as_f64)
                .map(|times| json!(times.trunc() * unit))
                .collect();
            if kind == "integer" {
                let whole = candidates
                    .iter()
                    .filter_map(Value::as_f64)
                    .map(|number| json!(number as i64));
                candidates = whole.collect();
            }
        }
        let (least_is_out, most_is_out) = (members.get("exclusiveMinimum"), members.get("exclusiveMaximum"));
        candidates.retain(|value| {
            let is_out = Some(value) == least_is_out || Some(value) == most_is_out;
            !is_out && fits(&bounds, value)
        });
        self.one(&candidates).cloned()
    }

    fn text(&mut self, members: &Map<String, Value>) -> Option<String> {
        if let Some(format) = members.get("format").and_then(Value::as_str) {
            let Some((_, examples)) = FORMATS.iter().find(|(name, _)| *name == format) else {
                return self.example(members);
            };
            return self.one(examples).map(|text| (*text).to_owned());
        }
        if members
            .get("contentEncoding")
            .is_some_and(|encoding| encoding == "base64")
        {
            return self.one(&BASE64).map(|text| (*text).to_owned());
        }
        let count = |key: &str| members.get(key).and_then(Value::as_u64);
        let least = count("minLength").unwrap_or(0) as usize;
        let most = count("maxLength").map_or(least + 12, |most| most as usize).max(least);
        let length = least + self.below((most - least).min(12) + 1);
        let signs: Vec<char> = "abcXYZ019 -_.äß€".chars().collect();
        let drawn: String = (0..length).filter_map(|_| self.one(&signs).copied()).collect();
        let Some(pattern) = members.get("pattern").and_then(Value::as_str) else {
            return Some(drawn);
        };
        let lengths = least..=count("maxLength").map_or(usize::MAX, |most| most as usize);
        let mut words = self.words(pattern);
        words.retain(|word| lengths.contains(&word.chars().count()));
        match self.one(&words) {
            Some(word) => Some((*word).to_owned()),
            None => self.example(members),
        }
    }

    /// A text that the schema itself gives for an example.
    fn example(&mut self, members: &Map<String, Value>) -> Option<String> {
        let schema = Value::Object(members.clone());
        let examples = members.get("examples").and_then(Value::as_array)?.iter();
        let texts: Vec<&str> = examples
            .filter(|example| fits(&schema, example))
            .filter_map(Value::as_str)
            .collect();
        self.one(&texts).map(|text| (*text).to_owned())
    }

    /// The words that fit a pattern.
    fn words(&mut self, pattern: &str) -> Vec<&'static str> {
        if let Some(words) = self.words.get(pattern) {
            return words.clone();
        }
        let schema = json!({"pattern": pattern});
        let words: Vec<&str> = WORDS.into_iter().filter(|word| fits(&schema, &json!(word))).collect();
        self.words.insert(pattern.to_owned(), words.clone());
        words
    }

    fn list(&mut self, members: &Map<String, Value>, depth: usize) -> Option<Value> {
        let count = |key: &str| members.get(key).and_then(Value::as_u64).map(|count| count as usize);
        let prefix = members.get("prefixItems").and_then(Value::as_array);
        let least = count("minItems").unwrap_or(0).max(prefix.map_or(0, Vec::len));
        let most = count("maxItems").unwrap_or(least + 3).max(least);
        let length = if depth > DEPTH {
            least
        } else {
            least + self.below((most - least).min(3) + 1)
        };
        let any = json!({});
        let mut items: Vec<Value> = Vec::new();
        for at in 0..length {
            let schema = prefix
                .and_then(|prefix| prefix.get(at))
                .or(members.get("items"))
                .unwrap_or(&any);
            match self.deep(schema, depth + 1) {
                Some(item) if members.get("uniqueItems") == Some(&json!(true)) && items.contains(&item) => {}
                Some(item) => items.push(item),
                None if items.len() >= least => break,
                None => return None,
            }
        }
        (items.len() >= least).then_some(Value::Array(items))
    }

    fn object(&mut self, members: &Map<String, Value>, depth: usize) -> Option<Value> {
        let required: Vec<&str> = members
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        for (name, schema) in members
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let is_required = required.contains(&name.as_str());
            if !is_required && (depth > DEPTH || self.below(2) == 0) {
                continue;
            }
            match self.deep(schema, depth + 1) {
                Some(value) => object.insert(name.clone(), value),
                None if is_required => return None,
                None => None,
            };
        }
        if depth > DEPTH {
            return Some(Value::Object(object));
        }
        for (pattern, schema) in members
            .get("patternProperties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let words = self.words(pattern);
            if let (Some(name), Some(value)) = (words.first(), self.deep(schema, depth + 1)) {
                object.insert((*name).to_owned(), value);
            }
        }
        match members.get("additionalProperties") {
            Some(Value::Bool(false)) => {}
            Some(schema @ Value::Object(_)) => {
                for name in ["a", "B c"].into_iter().take(self.below(3)) {
                    if let Some(value) = self.deep(schema, depth + 1) {
                        object.insert(name.to_owned(), value);
                    }
                }
            }
            // Others are ignored where nothing is said of them, unless another part of a schema says more.
            _ if members.get("unevaluatedProperties").is_none() && depth == 0 && self.below(8) == 0 => {
                object.insert(UNKNOWN.to_owned(), self.any());
            }
            _ => {}
        }
        Some(Value::Object(object))
    }

    /// Any value.
    fn any(&mut self) -> Value {
        let values = [
            Value::Null,
            json!(true),
            json!(0),
            json!(-3),
            json!(12_345_678_901_u64),
            json!(0.25),
            json!(""),
            json!("text"),
            json!({}),
            json!([]),
        ];
        self.one(&values).cloned().unwrap_or_default()
    }

    /// A value with one change in it. serde reads a struct from a list too, which no schema says and nobody does: an object
    /// stays one.
    pub(super) fn changed(&mut self, value: &Value) -> Value {
        let goes_in = self.below(3) > 0;
        let others = match value {
            Value::Object(members) => {
                let mut members = members.clone();
                let number = self.below(members.len() + usize::from(!goes_in));
                match members
                    .iter()
                    .nth(number)
                    .map(|(name, value)| (name.clone(), value.clone()))
                {
                    Some((name, value)) if goes_in => members.insert(name, self.changed(&value)),
                    Some((name, _)) => members.remove(&name),
                    None => members.insert(UNKNOWN.to_owned(), json!(1)),
                };
                return Value::Object(members);
            }
            Value::Array(items) if goes_in && !items.is_empty() => {
                let mut items = items.clone();
                let number = self.below(items.len());
                items[number] = self.changed(&items[number]);
                return Value::Array(items);
            }
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                let numbers = [number + 0.5, -1.0, 256.0, 70_000.0, 5_000_000_000.0];
                let mut others: Vec<Value> = numbers.into_iter().map(number_of).collect();
                others.extend([json!(number.to_string()), Value::Null]);
                others
            }
            Value::String(text) => vec![
                json!(""),
                json!(text.to_uppercase()),
                json!(format!("{text}x")),
                // Numbers are written in more ways than patterns tell.
                json!(format!("+{text}")),
                json!(format!("{text}e-1")),
                // A small one may be the number of a variant, which nobody writes.
                json!(987_654_321),
                Value::Null,
            ],
            Value::Null | Value::Bool(_) | Value::Array(_) => {
                vec![Value::Null, json!(true), json!(1), json!("true"), json!("")]
            }
        };
        self.one(&others).cloned().unwrap_or_default()
    }
}

/// A number, whole where it is.
pub(super) fn number_of(number: f64) -> Value {
    if number.fract() == 0.0 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// A property that no type has.
pub(super) const UNKNOWN: &str = "bluegateUnknown";

/// Texts that patterns are tried with.
const WORDS: [&str; 13] = [
    "a",
    "A",
    "1",
    "12",
    "123",
    "1234567890",
    "abc",
    "a-b",
    "AB12",
    "a@b.example",
    "2024-02-29",
    "#00ff00",
    "1.2.3",
];

/// Texts of bytes, in either alphabet and with or without signs that fill up.
const BASE64: [&str; 3] = ["", "Ymx1", "AAECAwQF"];

/// Texts of formats. Of one that is not among them nothing is drawn.
const FORMATS: [(&str, &[&str]); 16] = [
    (
        "uuid",
        &[
            "8c9d6b3e-1d5f-4c3b-9a44-0c4f6a3f2b11",
            "00000000-0000-0000-0000-000000000000",
        ],
    ),
    ("date-time", &["2024-02-29T12:30:00Z", "1999-12-31T23:59:59+02:00"]),
    ("date", &["2024-02-29", "1970-01-01"]),
    ("time", &["12:30:00Z"]),
    ("partial-date-time", &["2024-02-29T12:30:00", "1999-12-31T23:59:59.5"]),
    ("partial-time", &["12:30:00", "23:59:59.5"]),
    ("zoned-date-time", &["2024-02-29T12:30:00+00:00[UTC]"]),
    ("duration", &["PT1H", "P1D"]),
    ("email", &["ann@example.com"]),
    ("uri", &["https://example.com/a?b=c", "urn:isbn:0451450523"]),
    ("hostname", &["example.com"]),
    ("ipv4", &["192.0.2.1"]),
    ("ipv6", &["2001:db8::1"]),
    ("ip", &["192.0.2.1", "2001:db8::1"]),
    ("char", &["a", "€"]),
    ("password", &["", "a b", "äß€"]),
];

fn fits(schema: &Value, value: &Value) -> bool {
    Validator::default()
        .validate(schema, value)
        .is_ok_and(|problems| problems.is_empty())
}

/// One value of several parts: objects are merged, of others there is one.
fn together(parts: Vec<Value>) -> Option<Value> {
    let mut parts = parts.into_iter();
    let mut whole = parts.next()?;
    for part in parts {
        match (&mut whole, part) {
            (Value::Object(whole), Value::Object(part)) => whole.extend(part),
            (whole, part) if *whole == part => {}
            _ => return None,
        }
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_their_schema_and_are_the_same_in_every_run() {
        let models = [(
            "Tree".to_owned(),
            json!({"type": "object", "required": ["next", "id"], "additionalProperties": false, "properties": {
                "id": {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255},
                "next": {"anyOf": [{"$ref": "#/models/Tree"}, {"type": "null"}]},
                "names": {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 2},
                "code": {"type": "string", "pattern": "^[0-9]{3}$"},
            }}),
        )]
        .into();
        let schema = json!({"$ref": "#/models/Tree"});
        let draw = || {
            let mut sampler = Sampler::new(&models, "Tree");
            (0..100).map(|_| sampler.value(&schema).unwrap()).collect::<Vec<_>>()
        };
        let drawn = draw();
        let validator = Validator::new(models.clone());
        for value in &drawn {
            assert_eq!(validator.validate(&schema, value).unwrap(), [], "{value}");
        }
        assert!(drawn.iter().any(|value| value["code"] == "123"));
        assert_eq!(drawn, draw());
    }

    #[test]
    fn nothing_is_drawn_of_a_format_that_is_not_known() {
        let models = BTreeMap::new();
        let mut sampler = Sampler::new(&models, "");
        assert_eq!(sampler.value(&json!({"type": "string", "format": "isbn"})), None);
    }
}
