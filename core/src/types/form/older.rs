//! What draft 4 and OpenAPI 3.0 take of a schema.

use serde_json::{Value, json};

use super::pattern::is_portable;
use super::{ANNOTATIONS, Convert, Form, NUMBERS, Object, each_once};
use crate::model_reference::{in_document, model_of};
use crate::types::number::Bound;

/// Keywords of values of one type.
const TYPED: [(&str, &[&str]); 5] = [
    ("string", &["minLength", "maxLength", "pattern", "format"]),
    ("integer", NUMERIC),
    ("number", NUMERIC),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "additionalItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
            "propertyNames",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties",
        ],
    ),
];
const NUMERIC: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "format",
];

/// What is not carried over to OpenAPI 3.0: it asks for more than a schema for each part of a value.
const BEYOND: [&str; 14] = [
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "if",
    "then",
    "else",
    "$dynamicRef",
    "$recursiveRef",
];

impl Convert {
    /// Draft 4, or OpenAPI 3.0.
    pub(super) fn older(&mut self, members: &Object) -> Object {
        if let Some(Value::String(reference)) = members.get("$ref") {
            return self.reference(reference, members);
        }
        let is_nullable = members.get("nullable") == Some(&Value::Bool(true));
        let mut kinds: Vec<&str> = match members.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if is_nullable && !kinds.is_empty() {
            kinds.push("null");
        }
        match kinds.as_slice() {
            [] => {
                let mut made = self.typed(members, None);
                self.combined(members, &mut made);
                made
            }
            [kind] if *kind != "null" => {
                let mut made = self.typed(members, Some(kind));
                if made.get("enum") == Some(&json!([])) {
                    // A list of nothing is no schema; values of another type fit as little.
                    made.insert("enum".to_owned(), allowed(members).into_iter().flatten().collect());
                }
                self.combined(members, &mut made);
                made
            }
            kinds => self.one_of_several(members, kinds),
        }
    }

    /// A reference stands alone: what stands beside it is ignored in both forms.
    fn reference(&mut self, reference: &str, members: &Object) -> Object {
        let model = model_of(reference).filter(|model| {
            // A part of a model need not be there in another form.
            self.form != Form::Model || !model.contains('/')
        });
        let Some(target) = model.map(in_document) else {
            self.lose("$ref");
            return Object::new();
        };
        let alone = Object::from_iter([("$ref".to_owned(), Value::String(target))]);
        let says = |keyword: &str| match self.form {
            Form::Model => !ANNOTATIONS.contains(&keyword) && !keyword.starts_with("x-"),
            _ => true,
        };
        let rest: Object = members
            .iter()
            .filter(|(keyword, _)| *keyword != "$ref" && says(keyword))
            .map(|(keyword, value)| (keyword.clone(), value.clone()))
            .collect();
        if rest.is_empty() {
            return alone;
        }
        let mut rest = self.older(&rest);
        if rest.is_empty() {
            return alone;
        }
        let is_said = rest.keys().any(|keyword| !ANNOTATIONS.contains(&keyword.as_str()));
        if is_said {
            Object::from_iter([("allOf".to_owned(), json!([alone, rest]))])
        } else {
            rest.insert("allOf".to_owned(), json!([alone]));
            rest
        }
    }

    /// A value of several types: one schema for each of them, and what holds for all.
    fn one_of_several(&mut self, members: &Object, kinds: &[&str]) -> Object {
        let is_null = kinds.contains(&"null");
        let others: Vec<&str> = kinds.iter().copied().filter(|kind| *kind != "null").collect();
        let mut shared = Object::new();
        self.annotate(members, &mut shared);
        self.combined(members, &mut shared);
        if let (Form::OpenApi30, [kind], true) = (self.form, others.as_slice(), is_null) {
            let mut made = self.typed(members, Some(kind));
            made.append(&mut shared);
            made.insert("nullable".to_owned(), Value::Bool(true));
            if let Some(Value::Array(values)) = made.get_mut("enum")
                && allowed(members).is_none_or(|values| values.contains(&Value::Null))
            {
                values.push(Value::Null);
            }
            return made;
        }
        let mut plain = members.clone();
        plain.retain(|keyword, _| !ANNOTATIONS.contains(&keyword.as_str()));
        let mut forms = Vec::new();
        for kind in others {
            let form = self.typed(&plain, Some(kind));
            // Of the values that are listed, none may be of the type.
            if form.get("enum").is_none_or(|values| *values != json!([])) {
                forms.push(Value::Object(form));
            }
        }
        if is_null && allowed(members).is_none_or(|values| values.contains(&Value::Null)) {
            forms.push(self.null());
        }
        let form = match forms.as_slice() {
            [_] => forms.remove(0),
            _ => json!({"anyOf": forms}),
        };
        if shared.keys().all(|keyword| ANNOTATIONS.contains(&keyword.as_str()))
            && let Value::Object(mut form) = form
        {
            shared.append(&mut form);
        } else if let Value::Array(all) = shared.entry("allOf").or_insert_with(|| json!([])) {
            all.push(form);
        }
        shared
    }

    /// Nothing but null, which is no type of OpenAPI 3.0.
    fn null(&self) -> Value {
        match self.form {
            Form::OpenApi30 => json!({"type": "string", "nullable": true, "enum": [null]}),
            Form::Model | Form::OpenApi31 => json!({"enum": [null]}),
        }
    }

    fn annotate(&self, members: &Object, made: &mut Object) {
        for (keyword, value) in members {
            let keyword = match (self.form, keyword.as_str()) {
                (_, "description") => "description",
                (Form::Model, _) | (_, "$comment") => continue,
                (_, "examples") => {
                    let first = value.as_array().and_then(|examples| examples.first());
                    if let Some(first) = first {
                        made.insert("example".to_owned(), first.clone());
                    }
                    continue;
                }
                (_, keyword) if ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-") => keyword,
                _ => continue,
            };
            made.insert(keyword.to_owned(), value.clone());
        }
    }

    /// What is said of values of a type, or of whichever.
    fn typed(&mut self, members: &Object, kind: Option<&str>) -> Object {
        let mut made = Object::new();
        if let Some(kind) = kind {
            made.insert("type".to_owned(), json!(kind));
        }
        self.annotate(members, &mut made);
        if let Some(values) = allowed(members) {
            let fits = |value: &&Value| kind.is_none_or(|kind| is_of(value, kind));
            made.insert("enum".to_owned(), values.iter().filter(fits).cloned().collect());
        }
        let is_of_kind = |keyword: &str| {
            let Some(kind) = kind else { return true };
            let of = |(of, keywords): &(&str, &[&str])| *of == kind && keywords.contains(&keyword);
            let is_typed = TYPED.iter().any(|(_, keywords)| keywords.contains(&keyword));
            !is_typed || TYPED.iter().any(of)
        };
        for (keyword, value) in members.iter().filter(|(keyword, _)| is_of_kind(keyword)) {
            match keyword.as_str() {
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties"
                | "multipleOf" => {
                    made.insert(keyword.clone(), value.clone());
                }
                "required" if value != &json!([]) => {
                    made.insert(keyword.clone(), each_once(value));
                }
                "pattern" if value.as_str().is_some_and(is_portable) => {
                    made.insert(keyword.clone(), value.clone());
                }
                // Collections that keep a value once take it twice.
                "uniqueItems" if self.form != Form::Model => {
                    made.insert(keyword.clone(), value.clone());
                }
                "format" => match (self.form, kind) {
                    (Form::Model, Some("integer" | "number")) => {
                        if value.as_str().is_some_and(|format| NUMBERS.contains(&format)) {
                            made.insert(keyword.clone(), value.clone());
                        }
                    }
                    (Form::Model, _) => self.lose(keyword),
                    _ => {
                        made.insert(keyword.clone(), value.clone());
                    }
                },
                "pattern" => self.lose(keyword),
                "uniqueItems" if value == &Value::Bool(true) => self.lose(keyword),
                "properties" => {
                    let table = self.table(keyword, value);
                    made.insert(keyword.clone(), table);
                }
                keyword if BEYOND.contains(&keyword) => self.lose(keyword),
                _ => {}
            }
        }
        if kind.is_none_or(|kind| ["integer", "number"].contains(&kind)) {
            self.bounds(members, kind, &mut made);
        }
        if kind.is_none_or(|kind| kind == "object") {
            self.more_properties(members, &mut made);
        }
        if kind.is_none_or(|kind| kind == "array") {
            self.items(members, kind.is_some(), &mut made);
        }
        made
    }

    fn bounds(&mut self, members: &Object, kind: Option<&str>, made: &mut Object) {
        let bounds = self.bounds_of(members, kind == Some("integer"));
        for (bound, inclusive, exclusive) in [
            (bounds.least, "minimum", "exclusiveMinimum"),
            (bounds.most, "maximum", "exclusiveMaximum"),
        ] {
            let Some(Bound { value, is_exclusive }) = bound else {
                continue;
            };
            made.insert(inclusive.to_owned(), Value::Number(value));
            match (is_exclusive, self.form) {
                (false, _) => {}
                // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
                (true, Form::Model) => self.lose(exclusive),
                (true, _) => {
                    made.insert(exclusive.to_owned(), Value::Bool(true));
                }
            }
        }
    }

    /// Properties that are named by a pattern are among those that are not named.
    fn more_properties(&mut self, members: &Object, made: &mut Object) {
        let patterns = members.get("patternProperties").and_then(Value::as_object);
        let others = members.get("additionalProperties");
        let Some(patterns) = patterns.filter(|patterns| !patterns.is_empty()) else {
            match others {
                Some(Value::Bool(false)) => {
                    made.insert("additionalProperties".to_owned(), Value::Bool(false));
                }
                Some(schema @ Value::Object(_)) => {
                    let schema = self.below("additionalProperties", schema);
                    made.insert("additionalProperties".to_owned(), schema);
                }
                _ => {}
            }
            return;
        };
        self.lose("patternProperties");
        let mut forms = Vec::new();
        for (pattern, schema) in patterns {
            let token = crate::pointer::escape(pattern);
            forms.push(self.below(&format!("patternProperties/{token}"), schema));
        }
        match others {
            Some(Value::Bool(false)) => {}
            Some(schema @ Value::Object(_)) => forms.push(self.below("additionalProperties", schema)),
            _ => return,
        }
        made.insert("additionalProperties".to_owned(), any_of(forms));
    }

    /// Tuples are lists of what may stand at any of their places.
    fn items(&mut self, members: &Object, is_array: bool, made: &mut Object) {
        let of_draft_4 = members.get("items").filter(|items| items.is_array());
        let (prefix, rest) = match of_draft_4 {
            Some(prefix) => (Some(prefix), members.get("additionalItems")),
            None => (members.get("prefixItems"), members.get("items")),
        };
        let items = match (prefix, rest) {
            (None, None) => None,
            (None, Some(Value::Bool(false))) => {
                made.insert("maxItems".to_owned(), json!(0));
                None
            }
            (None, Some(items)) => Some(self.below("items", items)),
            (Some(prefix), rest) => {
                self.lose("prefixItems");
                let mut forms = self.schemas("prefixItems", prefix);
                let most = forms.len() as u64;
                let said = members.get("maxItems").and_then(Value::as_u64);
                match rest {
                    _ if said.is_some_and(|said| said <= most) => Some(any_of(forms)),
                    Some(Value::Bool(false)) => {
                        made.insert("maxItems".to_owned(), json!(most));
                        Some(any_of(forms))
                    }
                    Some(rest @ Value::Object(_)) => {
                        forms.push(self.below("items", rest));
                        Some(any_of(forms))
                    }
                    _ => None,
                }
            }
        };
        if items.is_some() || is_array {
            made.insert("items".to_owned(), items.unwrap_or_else(|| json!({})));
        }
    }

    /// What a schema is made of. One of several that fit is as good as another to API Gateway: what is left out of two of
    /// them may have told them apart.
    fn combined(&mut self, members: &Object, made: &mut Object) {
        let mut all = Vec::new();
        if let Some(schemas) = members.get("allOf") {
            all = self.schemas("allOf", schemas);
        }
        let any = members.get("anyOf").map(|any| self.schemas("anyOf", any));
        let one = members.get("oneOf").map(|one| self.schemas("oneOf", one));
        if let Some(any) = any {
            made.insert("anyOf".to_owned(), Value::Array(any));
        }
        match (one, self.form) {
            (None, _) => {}
            (Some(one), Form::Model) if made.contains_key("anyOf") => all.push(json!({"anyOf": one})),
            (Some(one), Form::Model) => {
                made.insert("anyOf".to_owned(), Value::Array(one));
            }
            (Some(one), _) => {
                made.insert("oneOf".to_owned(), Value::Array(one));
            }
        }
        if !all.is_empty() {
            made.insert("allOf".to_owned(), Value::Array(all));
        }
        if let Some(not) = members.get("not") {
            // What takes more refuses less.
            let before = self.lost.len();
            let converted = self.below("not", not);
            let is_exact = self.lost.len() == before && !mentions(not, &["$ref", "oneOf"]);
            self.lost.truncate(before);
            if is_exact || self.form == Form::OpenApi30 {
                made.insert("not".to_owned(), converted);
            } else {
                self.lose("not");
            }
        }
    }
}

/// The values that a schema lists.
fn allowed(members: &Object) -> Option<Vec<Value>> {
    match (members.get("const"), members.get("enum")) {
        (Some(only), _) => Some(vec![only.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

fn any_of(mut forms: Vec<Value>) -> Value {
    forms.dedup();
    if forms.contains(&json!({})) {
        return json!({});
    }
    if forms.len() == 1 {
        return forms.remove(0);
    }
    json!({"anyOf": forms})
}

fn is_of(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || kind == "integer" && !number.is_f64(),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

pub(super) fn mentions(schema: &Value, keywords: &[&str]) -> bool {
    match schema {
        Value::Object(members) => members
            .iter()
            .any(|(keyword, value)| keywords.contains(&keyword.as_str()) || mentions(value, keywords)),
        Value::Array(items) => items.iter().any(|item| mentions(item, keywords)),
        _ => false,
    }
}
