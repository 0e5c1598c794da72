//! Names and texts that are spelled in several ways.

use super::*;

#[derive(Serialize, Deserialize, JsonSchema)]
struct Größe {
    breite: u8,
    maß: Option<Längenmaß>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Längenmaß {
    Meter,
    Fuß(u8),
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct 本 {
    題名: String,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename = "A thing/of 100% ~!")]
struct Renamed {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    size: Größe,
    book: 本,
}

#[test]
fn names_of_types_may_have_any_signs() {
    for (name, tried) in [
        (
            "Größe",
            tried_as(
                OF,
                Model::of::<Größe>().read_and_written::<Größe, Json>(),
                Claim::of_body,
            ),
        ),
        (
            "本",
            tried_as(OF, Model::of::<本>().read_and_written::<本, Json>(), Claim::of_body),
        ),
        (
            "Renamed",
            tried_as(
                OF,
                Model::of::<Renamed>().read_and_written::<Renamed, Json>(),
                Claim::of_body,
            ),
        ),
    ] {
        assert!(tried.wrong.is_empty() && tried.untried.is_empty(), "{name}: {tried:#?}");
    }
}

#[test]
fn bytes_are_tried_in_their_encoding() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Picture {
        #[serde(deserialize_with = "letters")]
        #[schemars(extend("contentEncoding" = "base64"))]
        bytes: String,
    }

    fn letters<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() % 4 == 0 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(text)
        } else {
            Err(serde::de::Error::custom("no base64"))
        }
    }

    assert_eq!(of::<Picture>(), Vec::<String>::new());
}

#[test]
fn a_number_that_is_written_in_a_way_that_its_pattern_does_not_know_is_found() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Copies {
        #[serde(deserialize_with = "number")]
        #[schemars(with = "String", regex(pattern = r"^\d+$"))]
        number: u32,
    }

    fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = String::deserialize(deserializer)?;
        // `+1` is one too.
        text.parse().map_err(serde::de::Error::custom)
    }

    let found = tried_as(OF, Model::of::<Copies>().read::<Copies, Json>(), Claim::of_body).wrong;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("serde takes `{\"number\":\"+1"), "{found:#?}");
}
