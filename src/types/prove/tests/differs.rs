//! Types of which schemars says something else than serde does.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use super::*;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Place {
    street: String,
    number: Option<u16>,
}

/// Something is known of it that its schema does not know: `serde takes` more, or `the schema takes` more.
#[track_caller]
fn is_found(found: &[String], side: &str) {
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(side), "{found:#?}");
}

#[test]
fn what_schemars_says_too_strictly_is_found() {
    /// A place that is none counts as left out.
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct FlatOption {
        id: u8,
        #[serde(flatten)]
        place: Option<Place>,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum WithOther {
        A {
            a: u8,
        },
        #[serde(other)]
        Unknown,
    }

    /// serde denies no fields beside the tag of a unit.
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "kind", deny_unknown_fields)]
    enum InternalUnit {
        Unit,
        Named { a: bool },
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Limited {
        #[schemars(length(min = 3), email)]
        mail: String,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Lenient {
        #[serde(deserialize_with = "number_or_text")]
        number: u8,
    }

    fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let text = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
        text.parse().map_err(serde::de::Error::custom)
    }

    is_found(&of::<FlatOption>(), "serde takes");
    is_found(&of::<WithOther>(), "serde takes `{\"kind\":\"Unknownx\"}`");
    is_found(&of::<InternalUnit>(), "serde takes");
    is_found(&of::<Limited>(), "serde takes `{\"mail\":\"\"}`");
    is_found(&of::<Lenient>(), "serde takes");
}

#[test]
fn what_schemars_says_too_loosely_is_found() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Listens {
        at: SocketAddr,
    }

    /// There is no such time.
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct When {
        at: SystemTime,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Takes {
        time: Duration,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(try_from = "u8")]
    struct Odd(u8);

    impl TryFrom<u8> for Odd {
        type Error = &'static str;

        fn try_from(number: u8) -> Result<Self, Self::Error> {
            if number % 2 == 1 {
                Ok(Odd(number))
            } else {
                Err("not odd")
            }
        }
    }

    /// An empty list is none of a `NonEmpty`.
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Shelf {
        #[serde(deserialize_with = "some")]
        books: Vec<u8>,
    }

    fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let list = Vec::deserialize(deserializer)?;
        if list.is_empty() {
            Err(serde::de::Error::custom("nothing"))
        } else {
            Ok(list)
        }
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    enum Size {
        Small(u8),
        Large(u16),
    }

    /// What is beside the tag is one member.
    #[derive(Serialize, Deserialize, JsonSchema)]
    #[serde(tag = "kind")]
    enum Sized {
        Shoe(Size),
    }

    is_found(&of::<Sized>(), "invalid value: map, expected map with a single key");
    is_found(&of::<Listens>(), "the schema takes");
    is_found(&of::<When>(), "overflow deserializing SystemTime");
    is_found(&of::<Takes>(), "overflow deserializing Duration");
    is_found(&of::<Odd>(), "serde does not: not odd");
    is_found(&of::<Shelf>(), "serde does not: nothing");
}
