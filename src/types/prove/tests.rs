use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::super::models::{Names, Schemas, Side};
use super::*;

/// What is wrong with a type as a body.
fn of<T: JsonSchema + DeserializeOwned + Serialize>() -> Vec<String> {
    let (mut taken, mut given) = (Schemas::of(Side::Taken), Schemas::of(Side::Given));
    let model = Model::of::<T>().read_and_written::<T>();
    let schema = taken.add(model);
    let mut claim = Claim::of("books::add", model, &schema, || given.add(model)).unwrap();
    let names = Names::of(&taken.models(), &given.models());
    claim.taken = names.renamed(Side::Taken, &claim.taken);
    claim.given = names.renamed(Side::Given, &claim.given);
    wrong(&[claim], &names.models)
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
        let schema = json!(schemars::schema_for!(T));
        let claim = Claim::of("books::get", Model::of::<T>().read_and_written::<T>(), &schema, || {
            schema.clone()
        });
        wrong(&[claim.unwrap().of_answer()], &BTreeMap::new())
    }
    assert_eq!(answered::<Lenient>(), Vec::<String>::new());
    assert_eq!(answered::<Even>(), Vec::<String>::new());
    assert_eq!(answered::<Shown>().len(), 1);
}
