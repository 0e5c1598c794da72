use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::older::mentions;
use super::*;
use crate::types::Validator;

#[test]
fn a_pattern_that_is_none_of_ecma_262_stands_in_no_document() {
    let schema = json!({"type": "string", "pattern": r"^(?:\p{L}|[\w.-])+$"});
    for form in [model, openapi_3_0, openapi_3_1] {
        let converted = form(&schema);
        assert_eq!(converted.schema, json!({"type": "string"}));
        assert_eq!(converted.lost[0].keyword, "pattern");
    }
}

#[test]
fn what_types_say_becomes_a_model_of_draft_4() {
    for (schema, expected) in [
        (json!(true), json!({})),
        (json!({"const": "a"}), json!({"enum": ["a"]})),
        (json!({"required": ["a", "b", "a"]}), json!({"required": ["a", "b"]})),
        (
            json!({"$ref": "#/models/Book"}),
            json!({"$ref": "#/components/schemas/Book"}),
        ),
        (
            json!({"$ref": "#/models/Book", "description": "A book."}),
            json!({"$ref": "#/components/schemas/Book"}),
        ),
        // Options, of a text, of a list of words and of another type.
        (
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"type": "string"}, {"enum": [null]}]}),
        ),
        (
            json!({"type": ["string", "null"], "enum": ["a", "b", null]}),
            json!({"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"enum": [null]}]}),
        ),
        (
            json!({"anyOf": [{"$ref": "#/models/Book"}, {"type": "null"}]}),
            json!({"anyOf": [{"$ref": "#/components/schemas/Book"}, {"enum": [null]}]}),
        ),
        // Numbers.
        (
            json!({"type": "integer", "format": "uint8"}),
            json!({"type": "integer", "minimum": 0, "maximum": 255}),
        ),
        (
            json!({"type": "integer", "format": "int32", "exclusiveMinimum": 0}),
            json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": i32::MAX}),
        ),
        (
            json!({"type": "number", "exclusiveMinimum": 0}),
            json!({"type": "number", "minimum": 0}),
        ),
        // Lists, tuples, sets and maps.
        (json!({"type": "array"}), json!({"type": "array", "items": {}})),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}], "items": false, "minItems": 2}),
            json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "boolean"}]}, "minItems": 2, "maxItems": 2}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "maxItems": 1}),
            json!({"type": "array", "items": {"type": "string"}, "maxItems": 1}),
        ),
        (
            json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true}),
            json!({"type": "array", "items": {"type": "string"}}),
        ),
        (
            json!({"type": "object", "patternProperties": {"^\\d+$": {"type": "string"}}, "additionalProperties": false}),
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ),
        // Enums: externally, adjacently and internally tagged, and untagged.
        (
            json!({"oneOf": [
                {"type": "string", "enum": ["Unit"]},
                {"type": "object", "properties": {"New": {"type": "boolean"}}, "required": ["New"], "additionalProperties": false},
            ]}),
            json!({"anyOf": [
                {"type": "string", "enum": ["Unit"]},
                {"type": "object", "properties": {"New": {"type": "boolean"}}, "required": ["New"], "additionalProperties": false},
            ]}),
        ),
        (
            json!({"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"], "$ref": "#/models/A"}),
            json!({"allOf": [
                {"$ref": "#/components/schemas/A"},
                {"type": "object", "properties": {"kind": {"enum": ["a"]}}, "required": ["kind"]},
            ]}),
        ),
        // Flattened parts.
        (
            json!({"type": "object", "allOf": [{"$ref": "#/models/A"}], "unevaluatedProperties": false}),
            json!({"type": "object", "allOf": [{"$ref": "#/components/schemas/A"}]}),
        ),
        (
            json!({"anyOf": [{"type": "string"}], "oneOf": [{"type": "string"}]}),
            json!({"anyOf": [{"type": "string"}], "allOf": [{"anyOf": [{"type": "string"}]}]}),
        ),
        (
            json!({"type": "string", "pattern": "^a"}),
            json!({"type": "string", "pattern": "^a"}),
        ),
        (
            json!({"type": "string", "pattern": "^\\p{L}"}),
            json!({"type": "string"}),
        ),
        (json!({"not": {"type": "string"}}), json!({"not": {"type": "string"}})),
        (json!({"not": {"type": "string", "format": "date"}}), json!({})),
    ] {
        assert_eq!(model(&schema).schema, expected, "{schema}");
    }
}

#[test]
fn what_a_model_cannot_say_is_told_with_its_place() {
    let schema = json!({"properties": {"at": {"type": ["string", "null"], "format": "date-time"}}});
    let lost = model(&schema).lost;
    let expected = Lost {
        pointer: "/properties/at".to_owned(),
        keyword: "format".to_owned(),
    };
    assert_eq!(lost, [expected]);
    assert!(model(&json!({"type": "integer", "format": "uint8"})).lost.is_empty());
}

#[test]
fn what_types_say_becomes_a_schema_of_openapi_3_0() {
    for (schema, expected) in [
        (
            json!({"type": ["string", "null"], "format": "date", "examples": ["2026-01-01"]}),
            json!({"type": "string", "nullable": true, "format": "date", "example": "2026-01-01"}),
        ),
        (
            json!({"anyOf": [{"$ref": "#/models/A"}, {"type": "null"}]}),
            json!({"anyOf": [
                {"$ref": "#/components/schemas/A"},
                {"type": "string", "nullable": true, "enum": [null]},
            ]}),
        ),
        (
            json!({"type": "number", "exclusiveMinimum": 0, "minimum": -1}),
            json!({"type": "number", "minimum": 0, "exclusiveMinimum": true}),
        ),
        (
            json!({"oneOf": [{"const": 1}, {"const": 2}], "title": "T"}),
            json!({"oneOf": [{"enum": [1]}, {"enum": [2]}], "title": "T"}),
        ),
    ] {
        assert_eq!(openapi_3_0(&schema).schema, expected, "{schema}");
    }
}

#[test]
fn older_drafts_become_openapi_3_1() {
    for (schema, expected) in [
        (
            json!({"type": "string", "nullable": true, "enum": ["a"]}),
            json!({"type": ["string", "null"], "enum": ["a", null]}),
        ),
        (
            json!({"minimum": 0, "exclusiveMinimum": true, "maximum": 9}),
            json!({"exclusiveMinimum": 0, "maximum": 9}),
        ),
        (
            json!({"items": [{"type": "string"}], "additionalItems": false}),
            json!({"prefixItems": [{"type": "string"}], "items": false}),
        ),
        (
            json!({"properties": {"a": {"$ref": "#/models/A", "description": "x"}}}),
            json!({"properties": {"a": {"$ref": "#/components/schemas/A", "description": "x"}}}),
        ),
    ] {
        assert_eq!(openapi_3_1(&schema).schema, expected, "{schema}");
    }
}

/// Schemas of all that a form looks at, which refer to the models `A` and `B`.
fn schemas() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "string", "integer", "number", "boolean", "null", "array", "object",
    ]);
    let leaf = prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({"$ref": "#/models/A"})),
        Just(json!({"$ref": "#/models/B", "description": "b"})),
        values().prop_map(|value| json!({"const": value})),
        prop::collection::vec(values(), 1..4).prop_map(|values| json!({"enum": values})),
        prop::collection::vec(kind.clone(), 1..3).prop_map(|mut kinds| {
            kinds.sort_unstable();
            kinds.dedup();
            json!({"type": kinds})
        }),
        (-3..4_i64, any::<bool>()).prop_map(|(bound, most)| match most {
            true => json!({"type": ["integer", "string"], "exclusiveMaximum": bound}),
            false => json!({"type": "number", "minimum": bound, "exclusiveMinimum": bound - 1}),
        }),
        prop::sample::select(vec!["a", "^a", "(?i)A", "\\p{L}", "b$"]).prop_map(|pattern| json!({"pattern": pattern})),
        Just(json!({"minLength": 1, "maxLength": 1, "type": "string"})),
        Just(json!({"uniqueItems": true, "minItems": 1})),
        Just(json!({"contains": {"type": "string"}})),
        Just(json!({"type": "string", "format": "date"})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (some.clone(), prop::sample::select(vec!["allOf", "anyOf", "oneOf"]))
                .prop_map(|(schemas, keyword)| json!({keyword: schemas})),
            (some.clone(), inner.clone()).prop_map(|(schemas, one)| json!({"oneOf": schemas, "anyOf": [one, true]})),
            inner.clone().prop_map(|schema| json!({"not": schema})),
            inner
                .clone()
                .prop_map(|schema| json!({"if": schema, "then": {"type": "object"}})),
            (some.clone(), inner.clone())
                .prop_map(|(prefix, rest)| json!({"type": "array", "prefixItems": prefix, "items": rest})),
            inner
                .clone()
                .prop_map(|items| json!({"type": ["array", "null"], "items": items})),
            (inner.clone(), inner.clone()).prop_map(|(one, rest)| json!({
                "type": "object", "properties": {"a": one}, "required": ["a"], "additionalProperties": rest,
            })),
            (inner.clone(), inner.clone()).prop_map(|(one, named)| json!({
                "properties": {"a": one}, "patternProperties": {"^b": named}, "additionalProperties": false,
            })),
            inner.clone().prop_map(|part| json!({
                "$ref": "#/models/A", "type": "object", "properties": {"b": part}, "unevaluatedProperties": false,
            })),
            (inner.clone(), inner).prop_map(|(part, all)| json!({
                "type": ["object", "null"], "properties": {"a": part}, "allOf": [all],
            })),
        ]
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..4_i64).prop_map(Value::from),
        Just(json!(0.5)),
        prop::sample::select(vec!["", "a", "A", "ab", "b"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c"]), inner, 0..3).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect()
            }),
        ]
    })
}

/// Whether a schema of draft 2020-12 takes a value, as another implementation sees it.
fn takes(schema: &Value, models: &BTreeMap<String, Value>, value: &Value) -> bool {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "models": models,
    });
    jsonschema::validator_for(&whole).unwrap().is_valid(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_model_is_never_stricter_than_its_schema(
        schema in schemas(),
        a in schemas(),
        b in schemas(),
        some in prop::collection::vec(values(), 12),
    ) {
        // A reference alone may go round in a circle without end.
        let settled = |schema: Value| match mentions(&schema, &["$ref"]) {
            true => json!({"type": ["object", "null"], "properties": {"a": schema}}),
            false => schema,
        };
        let models = BTreeMap::from([("A".to_owned(), settled(a)), ("B".to_owned(), settled(b))]);
        let converted = models.iter().map(|(name, schema)| (name.clone(), model(schema).schema));
        let validator = Validator::new(converted.collect());
        let made = model(&schema).schema;
        for value in some {
            if takes(&schema, &models, &value) {
                let problems = validator.validate(&made, &value).unwrap();
                prop_assert!(problems.is_empty(), "{schema} takes {value}; {made} does not: {problems:?}");
            }
        }
    }
}
