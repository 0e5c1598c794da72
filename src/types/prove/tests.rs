use super::super::models::{Names, Schemas, Side};
use super::*;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::super::wire::{Json, Text};

const OF: Of<'static> = Of {
    id: "books::add",
    allows: 0,
};

/// What is found of a type as a body.
fn of<T: JsonSchema + DeserializeOwned + Serialize>() -> Vec<String> {
    tried_as(OF, Model::of::<T>().read_and_written::<T, Json>(), Claim::of_body).wrong
}

/// What is found of a type as a query string.
fn of_query<T: JsonSchema + DeserializeOwned>() -> Vec<String> {
    let claim = |of: Of<'_>, model, taken: &Value, _| Claim::of_query(of, model, taken, false);
    tried_as(OF, Model::of::<T>().read::<T, Text>(), claim).wrong
}

fn tried_as(of: Of<'_>, model: Model, claim: fn(Of<'_>, Model, &Value, Value) -> Claim) -> Tried {
    let (mut taken, mut given) = (Schemas::of(Side::Taken), Schemas::of(Side::Given));
    let mut claim = claim(of, model, &taken.add(model), given.add(model));
    let names = Names::of(&taken.models(), &given.models());
    claim.taken = names.renamed(Side::Taken, &claim.taken);
    claim.given = names.renamed(Side::Given, &claim.given);
    tried(&[claim], &names.models)
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Honest {
    id: u32,
    first_name: String,
    #[serde(default)]
    tags: Vec<String>,
    kind: Option<Kind>,
    small: i8,
    next: Option<Box<Honest>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Kind {
    Round { radius: f32 },
    Square { side: u16, name: Option<String> },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    Number(u64),
    Text(String),
    Both { left: bool, right: (u8, String) },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    #[serde(flatten)]
    either: Honestly,
    other: Option<Either>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Honestly {
    kind: Kind,
}

#[test]
fn types_that_are_as_their_schemas_say_are_left_alone() {
    for found in [
        of::<Honest>(),
        of::<Kind>(),
        of::<Either>(),
        of::<Flat>(),
        of::<Vec<Honest>>(),
    ] {
        assert_eq!(found, Vec::<String>::new());
    }
}

/// An even number, says its `Deserialize`; a number, says its schema.
#[derive(Serialize, JsonSchema)]
struct Even(u32);

impl<'de> Deserialize<'de> for Even {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        if number % 2 == 0 {
            Ok(Even(number))
        } else {
            Err(serde::de::Error::custom("not even"))
        }
    }
}

#[test]
fn a_type_that_takes_less_than_its_schema_is_found() {
    let found = of::<Even>();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("and serde does not: not even"), "{found:?}");
    assert!(found[0].contains("books::add"), "{found:?}");
}

/// A number, says its schema; its `Deserialize` takes texts as well.
#[derive(Serialize, JsonSchema)]
struct Lenient {
    copies: u32,
}

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Copies {
            Number(u32),
            Text(String),
        }
        #[derive(Deserialize)]
        struct Read {
            copies: Copies,
        }
        let copies = match Read::deserialize(deserializer)?.copies {
            Copies::Number(copies) => copies,
            Copies::Text(text) => text.parse().unwrap_or_default(),
        };
        Ok(Lenient { copies })
    }
}

#[test]
fn a_schema_that_takes_less_than_its_type_is_found() {
    let found = of::<Lenient>();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("so that the gateway would refuse it"), "{found:?}");
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Shelf {
    lines: Vec<Aliased>,
}

/// Its schema does not know the other name.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Aliased {
    #[serde(alias = "isbn")]
    book: String,
}

#[test]
fn a_name_that_the_schema_does_not_know_is_found() {
    for found in [of::<Aliased>(), of::<Shelf>()] {
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("{\"isbn\":"), "{found:?}");
    }
}

/// Written as a text, and said to be a number.
#[derive(Deserialize)]
struct Shown(u32);

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl JsonSchema for Shown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Shown".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "format": "uint32", "minimum": 0})
    }
}

#[test]
fn a_type_that_writes_what_its_schema_does_not_say_is_found() {
    let found = of::<Shown>();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("which does not fit its schema"), "{found:?}");
}

#[test]
fn what_is_answered_only_may_be_read_in_any_way() {
    fn answered<T: JsonSchema + DeserializeOwned + Serialize>() -> Vec<String> {
        let claim = |of: Of<'_>, model, taken: &Value, given: Value| Claim::of_answer(of, model, taken, &given);
        tried_as(OF, Model::of::<T>().read_and_written::<T, Json>(), claim).wrong
    }
    assert_eq!(answered::<Lenient>(), Vec::<String>::new());
    assert_eq!(answered::<Even>(), Vec::<String>::new());
    assert_eq!(answered::<Shown>().len(), 1);
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Filter {
    page: u32,
    first_name: Option<String>,
    is_open: Option<bool>,
    #[serde(default)]
    least: f32,
    order: Option<Order>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    Up,
    Down,
}

#[test]
fn a_query_that_is_as_its_schema_says_is_left_alone() {
    assert_eq!(of_query::<Filter>(), Vec::<String>::new());
}

#[test]
fn pairs_of_a_query_have_no_names_that_could_differ() {
    assert_eq!(of_query::<Vec<(String, String)>>(), Vec::<String>::new());
}

#[cfg(feature = "axum-extra")]
#[test]
fn texts_of_a_list_may_be_numbers_to_look_at() {
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only what it takes matters")]
    struct Tagged {
        tag: Vec<String>,
        numbers: Vec<u8>,
    }
    let claim = |of: Of<'_>, model, taken: &Value, _| Claim::of_query(of, model, taken, true);
    let found = tried_as(OF, Model::of::<Tagged>().read::<Tagged, Text>(), claim).wrong;
    assert_eq!(found, Vec::<String>::new());
}

/// axum reads no lists of query strings.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Tags {
    tags: Vec<String>,
}

/// What is flattened is read of texts, and no number is one.
#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Paged {
    #[serde(flatten)]
    page: Page,
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Page {
    number: u32,
}

#[test]
fn a_query_that_axum_does_not_read_is_found() {
    let found = of_query::<Tags>();
    assert!(found[0].contains("the schema takes `tags="), "{found:?}");
    let found = of_query::<Paged>();
    assert!(found[0].contains("the schema takes `number="), "{found:?}");
}

#[derive(Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what it takes matters")]
struct Search {
    #[serde(alias = "q")]
    text: String,
}

#[test]
fn a_parameter_that_callers_may_call_otherwise_is_found() {
    let found = of_query::<Search>();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("serde takes `q="), "{found:?}");
    assert!(found[0].contains("callers would not send it"), "{found:?}");
}

#[test]
fn what_a_handler_allows_is_listed() {
    let allowing = |allows| {
        let model = Model::of::<Lenient>().read_and_written::<Lenient, Json>();
        tried_as(Of { allows, ..OF }, model, Claim::of_body)
    };
    let found = allowing(Declared::STRICTER);
    assert_eq!((found.wrong.len(), found.allowed.len()), (0, 1), "{found:?}");
    let found = allowing(Declared::LOOSER);
    assert_eq!((found.wrong.len(), found.allowed.len()), (1, 0), "{found:?}");
}

/// No text is known that fits it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Coded {
    #[schemars(regex(pattern = "^QX[0-9]{17}$"))]
    code: String,
}

#[test]
fn what_no_values_were_tried_of_is_listed() {
    let found = tried_as(
        OF,
        Model::of::<Coded>().read_and_written::<Coded, Json>(),
        Claim::of_body,
    );
    assert!(found.wrong.is_empty() && found.untried.contains("Coded"), "{found:?}");
    let found = tried_as(OF, Model::of::<Shown>(), Claim::of_body);
    assert!(found.untried.contains("Shown"), "{found:?}");
}

#[derive(crate::Answers)]
#[answer(crate = crate)]
#[expect(dead_code, reason = "only its answers matter")]
enum Error {
    #[answer(404, body = Shown, media = "application/problem+json")]
    Missing,
    #[answer(409, body = Honest)]
    Taken,
}

#[test]
fn bodies_of_derived_answers_are_tried() {
    let mut given = Vec::new();
    <Error as crate::__private::Gives>::given(None, &mut given);
    let claim = |of: Of<'_>, model, taken: &Value, given: Value| Claim::of_answer(of, model, taken, &given);
    let wrong = given.iter().map(|given| {
        let (_, model) = given.body.unwrap();
        tried_as(OF, model.unwrap(), claim).wrong.len()
    });
    assert_eq!(wrong.collect::<Vec<_>>(), [1, 0]);
}

mod differs;
mod odd;
mod spelled;
