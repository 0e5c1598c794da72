//! Bounds of numbers, as the drafts of JSON Schema and the formats of Rust's types spell them.

use serde_json::{Map, Number, Value};

/// The bounds of a schema.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: Option<Bound>,
    pub(super) most: Option<Bound>,
}

/// One bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bound {
    pub(super) value: Number,
    /// Whether the bound itself is out of bounds.
    pub(super) is_exclusive: bool,
}

impl Bounds {
    /// Those that a schema says, in whichever draft: `exclusiveMinimum` is a number or, up to draft 4, a boolean.
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        Self {
            least: bound(schema, "minimum", "exclusiveMinimum", |one, other| one > other),
            most: bound(schema, "maximum", "exclusiveMaximum", |one, other| one < other),
        }
    }

    /// The same for whole numbers of a format, such as `int32`: what is said counts if it is there.
    pub(super) fn of_integer(schema: &Map<String, Value>) -> Self {
        let said = Self::of(schema);
        let format = schema.get("format").and_then(Value::as_str).and_then(limits);
        let inclusive = |value: Number| Bound {
            value,
            is_exclusive: false,
        };
        Self {
            least: said
                .least
                .map(|bound| bound.whole(1))
                .or_else(|| format.as_ref().map(|(least, _)| inclusive(least.clone()))),
            most: said
                .most
                .map(|bound| bound.whole(-1))
                .or_else(|| format.map(|(_, most)| inclusive(most))),
        }
    }
}

impl Bound {
    /// The nearest whole number that is within the bound, if it is known exactly.
    fn whole(self, step: i64) -> Self {
        match self.value.as_i64().and_then(|value| value.checked_add(step)) {
            Some(next) if self.is_exclusive => Self {
                value: next.into(),
                is_exclusive: false,
            },
            _ => self,
        }
    }
}

fn bound(
    schema: &Map<String, Value>,
    inclusive: &str,
    exclusive: &str,
    is_nearer: fn(f64, f64) -> bool,
) -> Option<Bound> {
    let number = |key: &str| match schema.get(key) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    };
    let is_exclusive = schema.get(exclusive) == Some(&Value::Bool(true));
    let said = number(inclusive).map(|value| Bound { value, is_exclusive });
    let without = number(exclusive).map(|value| Bound {
        value,
        is_exclusive: true,
    });
    match (said, without) {
        (Some(said), Some(without)) => {
            let nearer = is_nearer(
                said.value.as_f64().unwrap_or_default(),
                without.value.as_f64().unwrap_or_default(),
            );
            Some(if nearer { said } else { without })
        }
        (said, without) => said.or(without),
    }
}

/// The numbers of a type of Rust's, by the format that schemas of it have.
fn limits(format: &str) -> Option<(Number, Number)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0.into(), u8::MAX.into()),
        "uint16" => (0.into(), u16::MAX.into()),
        "uint32" => (0.into(), u32::MAX.into()),
        "uint64" | "uint" => (0.into(), u64::MAX.into()),
        _ => return None,
    })
}
