//! Which names a type reads, of each part of a value that it is read from.
//!
//! serde asks for a struct by the names of its fields, those of `alias` among them, which no schema has. What is read by
//! way of a buffer, as `flatten` and enums without an outer tag are, asks the buffer, and is not seen.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// The names of fields by the pointer of their object.
pub(super) type Names = BTreeMap<String, &'static [&'static str]>;

/// Reads a value for the names that are asked for.
pub(super) fn names<T: DeserializeOwned>(value: &Value) -> Names {
    let names = RefCell::new(Names::new());
    let traced = Traced {
        value,
        pointer: String::new(),
        names: &names,
    };
    // A value that is refused has told its names up to there.
    drop(T::deserialize(traced));
    names.into_inner()
}

struct Traced<'a> {
    value: &'a Value,
    pointer: String,
    names: &'a RefCell<Names>,
}

impl<'a> Traced<'a> {
    fn inside(&self, token: &str, value: &'a Value) -> Self {
        let token = token.replace('~', "~0").replace('/', "~1");
        Traced {
            value,
            pointer: format!("{}/{token}", self.pointer),
            names: self.names,
        }
    }

    fn members(&self) -> impl Iterator<Item = (String, Traced<'a>)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.clone(), self.inside(name, value)))
    }
}

impl<'de> IntoDeserializer<'de, Error> for Traced<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Traced<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                visitor.visit_seq(SeqDeserializer::new(
                    items.map(|(at, item)| self.inside(&at.to_string(), item)),
                ))
            }
            Value::Object(_) => visitor.visit_map(MapDeserializer::new(self.members())),
            Value::String(text) => visitor.visit_str(text),
            plain => plain.clone().deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.names.borrow_mut().insert(self.pointer.clone(), fields);
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(_) => {
                let members = MapAccessDeserializer::new(MapDeserializer::new(self.members()));
                members.deserialize_enum(name, variants, visitor)
            }
            plain => plain.clone().deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its names matter")]
    struct Order {
        id: u8,
        #[serde(alias = "rows")]
        lines: Vec<Line>,
        kind: Option<Kind>,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its names matter")]
    struct Line {
        #[serde(alias = "isbn")]
        book: String,
    }

    #[derive(Deserialize)]
    #[expect(dead_code, reason = "only its names matter")]
    enum Kind {
        Plain,
        Gift(Line),
    }

    #[test]
    fn names_of_structs_are_found_wherever_they_are_with_those_of_aliases() {
        let value = json!({"id": 1, "lines": [{"book": "x"}], "kind": {"Gift": {"book": "y"}}});
        let found = names::<Order>(&value);
        let shown: Vec<(&str, Vec<&str>)> = found.iter().map(|(at, names)| (at.as_str(), names.to_vec())).collect();
        assert_eq!(
            shown,
            [
                ("", vec!["id", "lines", "rows", "kind"]),
                ("/kind/Gift", vec!["book", "isbn"]),
                ("/lines/0", vec!["book", "isbn"]),
            ]
        );
        assert_eq!(names::<Order>(&json!({"id": 1, "lines": [], "kind": "Plain"})).len(), 1);
    }
}
