//! What a gateway refuses of bodies whose form is that of a Rust type: what serde refuses, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::Api;
use bluegate_core::openapi::{Target, document};
use bluegate_core::types::{Schemas, Types};
use bluegate_core::{Mode, Source, read_blueprint};
use bluegate_gateway::plane::{Arrival, Exchange, Gate, Headers, Next, Request, Stage};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only whether it can be read matters")]
struct Book {
    title: String,
    year: Option<i32>,
    cover: Cover,
    #[serde(default)]
    tags: BTreeSet<String>,
    #[serde(default)]
    size: (u8, u8),
    #[serde(default)]
    prices: BTreeMap<String, f64>,
    #[serde(default)]
    parts: Vec<Book>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(dead_code, reason = "only whether it can be read matters")]
enum Cover {
    Hard,
    Paper { pages: u16 },
}

/// As a service writes it of these types.
fn types() -> Json {
    json!({
        "types": 1,
        "handlers": {"books::post": {"body": {"content": {"application/json": {"$ref": "#/models/Book"}}}}},
        "models": {
            "Book": {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "year": {"type": ["integer", "null"], "format": "int32"},
                    "cover": {"$ref": "#/models/Cover"},
                    "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "default": []},
                    "size": {
                        "type": "array", "maxItems": 2, "minItems": 2, "default": [0, 0],
                        "prefixItems": [
                            {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255},
                            {"type": "integer", "format": "uint8", "minimum": 0, "maximum": 255},
                        ],
                    },
                    "prices": {"type": "object", "additionalProperties": {"type": "number", "format": "double"}},
                    "parts": {"type": "array", "items": {"$ref": "#/models/Book"}},
                },
                "required": ["title", "cover"],
                "additionalProperties": false,
            },
            "Cover": {"oneOf": [
                {"type": "object", "properties": {"kind": {"type": "string", "const": "hard"}}, "required": ["kind"]},
                {
                    "type": "object",
                    "properties": {
                        "kind": {"type": "string", "const": "paper"},
                        "pages": {"type": "integer", "format": "uint16", "minimum": 0, "maximum": 65535},
                    },
                    "required": ["kind", "pages"],
                },
            ]},
        },
    })
}

fn stage() -> Stage {
    let routes = r#"{"blueprint": {"name": "shop", "resources": [{"name": "books", "methods": [
        {"path": "/books", "actions": [{"type": "POST", "validate": true}]}]}]}}"#;
    let (mut blueprint, _) = read_blueprint(&Source::new("routes.json", routes), Mode::Strict)
        .into_result()
        .unwrap();
    let source = Source::new("routes.types.json", types().to_string());
    let merged = Types::read(&source)
        .value
        .unwrap()
        .merge(&mut blueprint, Schemas::Models);
    assert!(merged.types.is_empty() && merged.routes.is_empty(), "{merged:?}");
    let document = document(&blueprint, &Target::default());
    let mut stage = Stage::new("abcde12345", "dev", Api::from(&document));
    stage
        .variables
        .insert("backend".to_owned(), "127.0.0.1:3000".to_owned());
    stage
}

/// Whether the service is called.
fn is_passed_on(stage: &Stage, body: &Json) -> bool {
    let request = Request {
        method: "POST".into(),
        sent_path: "/dev/books".into(),
        path: "/books".into(),
        query: String::new(),
        headers: Headers::from_iter([("Host", "127.0.0.1:4566"), ("Content-Type", "application/json")]),
        body: body.to_string().into(),
    };
    let arrival = Arrival {
        time: OffsetDateTime::UNIX_EPOCH,
        source: "127.0.0.1".parse().unwrap(),
        seed: 1,
    };
    match Exchange::new(stage, request, arrival).start(&mut Gate::default()) {
        Next::Call(_) => true,
        Next::Answer(answer) => {
            assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&answer.body));
            false
        }
        Next::Ask(_) | Next::Invoke(_) => panic!("there is no function"),
    }
}

#[test]
fn a_gateway_refuses_of_bodies_what_serde_refuses() {
    let stage = stage();
    let whole = json!({"title": "Emma", "cover": {"kind": "hard"}});
    let with = |key: &str, value: Json| {
        let mut book = whole.clone();
        book[key] = value;
        book
    };
    let mut taken = 0;
    for body in [
        whole.clone(),
        json!({}),
        json!([]),
        json!(null),
        json!({"title": "Emma"}),
        with("title", json!(1)),
        with("titel", json!("Emma")),
        with("year", json!(null)),
        with("year", json!(-400)),
        with("year", json!(3_000_000_000_u32)),
        with("year", json!("1815")),
        with("cover", json!({"kind": "soft"})),
        with("cover", json!({"kind": "paper"})),
        with("cover", json!({"kind": "paper", "pages": 300})),
        with("cover", json!({"kind": "paper", "pages": 65_536})),
        with("cover", json!("hard")),
        with("tags", json!(["a", "a"])),
        with("tags", json!(["a", 1])),
        with("size", json!([1, 2])),
        with("size", json!([1])),
        with("size", json!([1, 2, 3])),
        with("size", json!([1, 256])),
        with("prices", json!({"eur": 1, "usd": 1.5})),
        with("prices", json!({"eur": "1"})),
        with("parts", json!([whole.clone()])),
        with("parts", json!([{"title": "Emma"}])),
    ] {
        let is_taken = serde_json::from_value::<Book>(body.clone()).is_ok();
        assert_eq!(is_passed_on(&stage, &body), is_taken, "{body}");
        taken += usize::from(is_taken);
    }
    assert_eq!(taken, 8);
}
