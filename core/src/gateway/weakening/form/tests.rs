use proptest::prelude::*;

use super::*;

fn more(was: &Json, is: &Json) -> bool {
    let models = BTreeMap::new();
    takes_more(Form::new(was, &models), Form::new(is, &models))
}

#[test]
fn a_form_that_takes_more_is_told_from_one_that_takes_less() {
    let closed = |properties: Json| json!({"type": "object", "properties": properties, "additionalProperties": false});
    let open = |properties: Json| json!({"type": "object", "properties": properties});
    for (tight, loose) in [
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"type": "string"}), json!({"type": ["string", "null"]})),
        (json!({"type": "string"}), json!({"type": "string", "nullable": true})),
        (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]})),
        (json!({"enum": ["a"]}), json!({"type": "string"})),
        (json!({"required": ["a", "b"]}), json!({"required": ["b"]})),
        (json!({"minLength": 2}), json!({"minLength": 1})),
        (json!({"maxLength": 2}), json!({})),
        (json!({"maxItems": 2}), json!({"maxItems": 3})),
        (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"minimum": 1})),
        (json!({"maximum": 1}), json!({"maximum": 1.5})),
        (json!({"uniqueItems": true}), json!({"uniqueItems": false})),
        (json!({"pattern": "^a$"}), json!({})),
        (json!({"format": "email"}), json!({})),
        (json!({"format": "email"}), json!({"format": "uri"})),
        (closed(json!({})), closed(json!({"a": {}}))),
        (closed(json!({"a": {}})), open(json!({"a": {}}))),
        (open(json!({"a": {"type": "string"}})), open(json!({}))),
        (closed(json!({})), open(json!({"a": {"type": "string"}}))),
        (
            json!({"additionalProperties": {"type": "string"}}),
            json!({"properties": {"a": {"type": "integer"}},
            "additionalProperties": {"type": ["string", "integer"]}}),
        ),
        (json!({"items": {"type": "string"}}), json!({"items": {}})),
        (
            json!({"allOf": [{"type": "string"}, {"minLength": 1}]}),
            json!({"type": "string"}),
        ),
        (
            json!({"type": "string"}),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ),
        (
            json!({"anyOf": [{"type": "string"}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ),
    ] {
        assert!(more(&tight, &loose), "{tight} to {loose}");
        assert!(!more(&tight, &tight), "{tight}");
        assert!(!more(&loose, &loose), "{loose}");
    }
    for (before, after) in [
        (open(json!({})), open(json!({"a": {"type": "string"}}))),
        (open(json!({})), closed(json!({"a": {"type": "string"}}))),
        (json!({"format": "int32"}), json!({"format": "int64"})),
        (json!({}), json!({"format": "email"})),
        (
            json!({"type": "number"}),
            json!({"type": "integer", "description": "d"}),
        ),
        (
            json!({"type": "string"}),
            json!({"allOf": [{"type": "string"}, {"minLength": 1}]}),
        ),
        (json!({"title": "a", "format": "date"}), json!({"title": "b"})),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
            json!({"type": "string"}),
        ),
    ] {
        assert!(!more(&before, &after), "{before} to {after}");
    }
}

#[test]
fn a_model_that_takes_more_is_found_where_another_refers_to_it() {
    let book = |title: Json| json!({"type": "object", "properties": {"title": title, "next": {"$ref": "#/components/schemas/Book"}}});
    let models = |title: Json| BTreeMap::from([("Book".to_owned(), book(title))]);
    let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Book"}});
    let (tight, loose) = (models(json!({"maxLength": 9})), models(json!({})));
    let more = |was, is| takes_more(Form::new(&list, was), Form::new(&list, is));
    assert!(more(&tight, &loose));
    assert!(!more(&loose, &tight));
    assert!(!more(&tight, &tight));
}

fn schema() -> impl Strategy<Value = Json> {
    let kind = prop_oneof![
        Just(json!("string")),
        Just(json!("integer")),
        Just(json!("number")),
        Just(json!("object")),
        Just(json!("array")),
        Just(json!(["string", "null"])),
    ];
    let keyword = prop_oneof![
        4 => kind.prop_map(|kind| ("type", kind)),
        1 => Just(("nullable", json!(true))),
        1 => Just(("enum", json!(["a", 1]))),
        1 => Just(("enum", json!(["a", 1, null]))),
        1 => (0..3).prop_map(|number| ("minLength", json!(number))),
        1 => (0..3).prop_map(|number| ("maxLength", json!(number))),
        1 => (0..3).prop_map(|number| ("minimum", json!(number))),
        1 => (0..3).prop_map(|number| ("maximum", json!(number))),
        1 => any::<bool>().prop_map(|yes| ("exclusiveMinimum", json!(yes))),
        1 => any::<bool>().prop_map(|yes| ("exclusiveMaximum", json!(yes))),
        1 => (0..3).prop_map(|number| ("minItems", json!(number))),
        1 => (0..2).prop_map(|number| ("maxProperties", json!(number))),
        1 => any::<bool>().prop_map(|yes| ("uniqueItems", json!(yes))),
        2 => any::<bool>().prop_map(|yes| ("additionalProperties", json!(yes))),
        1 => Just(("required", json!(["a"]))),
        1 => Just(("required", json!(["a", "b"]))),
        1 => Just(("patternProperties", json!({"^a": {"type": "string"}}))),
        1 => Just(("pattern", json!("^a"))),
    ];
    let leaf = proptest::collection::vec(keyword, 0..4).prop_map(|pairs| {
        let pairs = pairs.into_iter().map(|(key, value)| (key.to_owned(), value));
        Json::Object(pairs.collect())
    });
    leaf.prop_recursive(3, 12, 3, |inner| {
        let list = proptest::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            (inner.clone(), inner.clone(), proptest::option::of(inner.clone())).prop_map(|(mut whole, a, more)| {
                whole["properties"] = json!({"a": a});
                if let Some(more) = more {
                    whole["additionalProperties"] = more;
                }
                whole
            }),
            (inner.clone(), inner.clone()).prop_map(|(mut whole, items)| {
                whole["items"] = items;
                whole
            }),
            (
                inner.clone(),
                prop_oneof![Just("allOf"), Just("anyOf"), Just("oneOf")],
                list
            )
                .prop_map(|(mut whole, key, parts)| {
                    whole[key] = json!(parts);
                    whole
                }),
            (inner.clone(), inner).prop_map(|(mut whole, not)| {
                whole["not"] = not;
                whole
            }),
        ]
    })
}

/// A schema, and the same with one keyword more, less or other.
fn pair() -> impl Strategy<Value = (Json, Json)> {
    (schema(), schema(), 0..4usize, any::<bool>()).prop_map(|(one, other, at, adds)| {
        let mut changed = one.clone();
        let members = changed.as_object_mut().unwrap();
        if adds {
            members.extend(other.as_object().unwrap().clone().into_iter().take(1));
        } else if let Some(key) = members.keys().nth(at % members.len().max(1)).cloned() {
            members.remove(&key);
        }
        (one, changed)
    })
}

#[cfg(feature = "types")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("SCHEMAS").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
    ))]

    #[test]
    fn what_takes_a_value_that_was_refused_takes_more((one, other) in pair()) {
        let validator = crate::types::Validator::default();
        let takes = |schema: &Json, value: &Json| validator.validate(schema, value).is_ok_and(|wrong| wrong.is_empty());
        let mut values = vec![json!(null), json!(true), json!(""), json!("a"), json!("bb"), json!("ccc"), json!(0), json!(1),
            json!(2), json!(1.5), json!(-1), json!([]), json!({})];
        let leaves = values.clone();
        for leaf in &leaves {
            values.extend([json!([leaf]), json!([leaf, leaf]), json!({"a": leaf}), json!({"b": leaf}),
                json!({"a": leaf, "b": 1}), json!({"a": {"a": leaf}}), json!({"ab": leaf})]);
        }
        for (was, is) in [(&one, &other), (&other, &one)] {
            if !more(was, is) {
                for value in &values {
                    prop_assert!(takes(was, value) || !takes(is, value), "{value} by {is}, and not by {was}");
                }
            }
        }
    }
}

#[test]
fn models_that_go_round_in_circles_of_any_length_are_held_against_each_other() {
    let circle = |name: &str, length: usize, last: Json| -> BTreeMap<String, Json> {
        let all = (0..length).map(|number| {
            let next = format!("#/components/schemas/{name}{}", (number + 1) % length);
            let kind = if number + 1 == length {
                last.clone()
            } else {
                json!("object")
            };
            (
                format!("{name}{number}"),
                json!({"type": kind, "properties": {"next": {"$ref": next}}}),
            )
        });
        all.collect()
    };
    let within = |was: usize, is: usize, last: Json| {
        let (was, is) = (circle("A", was, json!("object")), circle("B", is, last));
        !takes_more(Form::new(&was["A0"], &was), Form::new(&is["B0"], &is))
    };
    assert!(within(2, 3, json!("object")));
    assert!(!within(2, 3, json!(["object", "null"])));
    // More than anybody has patience for: taken for more.
    assert!(!within(149, 151, json!("object")));
    let long = circle("A", 5000, json!("object"));
    assert!(!takes_more(
        Form::new(&long["A0"], &long),
        Form::new(&long["A0"], &long)
    ));
}
