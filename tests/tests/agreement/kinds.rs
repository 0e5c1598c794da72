//! What the service takes and gives.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Book {
    title: String,
    page_count: Option<u16>,
    #[serde(default)]
    tags: Vec<String>,
    genre: Genre,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Genre {
    Fiction,
    NonFiction,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Event {
    Nothing,
    Added { book: Book, by_whom: Option<String> },
    Removed(u32),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub(crate) enum Shape {
    Dot,
    Circle { radius: f64 },
    Box { width: u8, height: u8 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "is")]
pub(crate) enum Adjacent {
    Nothing,
    Number(i32),
    Book(Box<Book>),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Flag(bool),
    Text(String),
    Named { name: String, shape: Shape },
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Flat {
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    shape: Shape,
    at: i64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Place {
    street: String,
    number: Option<u16>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Numbers {
    small: i8,
    large: u64,
    real: f64,
    maybe: Option<f64>,
    flags: [bool; 2],
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct Maps {
    counts: BTreeMap<String, u8>,
    places: BTreeMap<String, Option<Place>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tree {
    name: String,
    children: Vec<Tree>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Words {
    first: String,
    others: Vec<Option<String>>,
    nested: Option<Box<Words>>,
}
