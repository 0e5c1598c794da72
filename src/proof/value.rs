//! Which values of a routes file a type can hold.

use super::text::same;
use crate::table::Kind;

/// What a type that takes one parameter can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing is known.
    Unknown,
    /// Whatever a function of its own makes of it.
    Own,
    /// Any text.
    Text,
    /// Whole numbers.
    Integer {
        /// The type.
        name: &'static str,
        /// The least one.
        min: i128,
        /// The greatest one; those of `u128` that are greater are not told apart.
        max: i128,
    },
    /// Numbers with a fraction.
    Float {
        /// The type.
        name: &'static str,
    },
    /// `true` and `false`.
    Bool,
    /// One character.
    Char,
    /// UUIDs.
    Uuid,
    /// One of some words, as an enum.
    Words {
        /// The type.
        name: &'static str,
        /// The words.
        words: &'static [&'static str],
    },
    /// Several of one name in a query string.
    List(&'static Value),
    /// Nothing that stands in one segment of a path or in one parameter of a query string, as axum reads it.
    Nothing {
        /// The type.
        name: &'static str,
    },
}

/// Why a type cannot hold a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The parameter is something else.
    Type,
    /// Values of the parameter are below the least that the type holds.
    Below(i128),
    /// Values of the parameter are above the greatest that the type holds.
    Above(i128),
}

impl Value {
    /// Whether it cannot be compared with parameters.
    #[cfg(feature = "registry")]
    pub(super) fn is_open(self) -> bool {
        match self {
            Value::List(value) => value.is_open(),
            value => matches!(value, Value::Unknown | Value::Own),
        }
    }

    /// The type, as messages show it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Value::Unknown | Value::Own => "_",
            Value::Text => "String",
            Value::Integer { name, .. }
            | Value::Float { name }
            | Value::Nothing { name }
            | Value::Words { name, .. } => name,
            Value::Bool => "bool",
            Value::Char => "char",
            Value::Uuid => "Uuid",
            Value::List(_) => "Vec<_>",
        }
    }

    /// Why it cannot hold the values of a parameter. Integers without bounds in the file fit every integer: a number
    /// that is too large for the handler's type is the client's mistake.
    pub(super) const fn misfit(self, kind: Kind) -> Option<Reason> {
        match (self, kind) {
            (Value::Unknown | Value::Own | Value::Text, _)
            | (Value::Float { .. }, Kind::Int { .. } | Kind::Float { .. }) => None,
            (
                Value::Integer { min, max, .. },
                Kind::Int {
                    signed,
                    digits,
                    min: least,
                    max: greatest,
                },
            ) => {
                // A zero that the file only does not forbid is the client's mistake, like a number that is too large.
                let is_zero_left = min == 1 && least.is_none();
                let (least, greatest) = reach(signed, digits, least, greatest);
                match (least, greatest) {
                    (Some(least), _) if least < min && !(least == 0 && is_zero_left) => Some(Reason::Below(min)),
                    (Some(least), _) if least > max => Some(Reason::Above(max)),
                    (_, Some(greatest)) if greatest > max => Some(Reason::Above(max)),
                    (_, Some(greatest)) if greatest < min => Some(Reason::Below(min)),
                    _ => None,
                }
            }
            (Value::Uuid, Kind::Uuid) => None,
            (Value::Char, Kind::Length { min: 1, max: 1 } | Kind::Int { digits: 1, .. }) => None,
            (
                Value::Char,
                Kind::Int {
                    signed: false,
                    max: Some(..=9),
                    ..
                },
            ) => None,
            (value, Kind::Any(texts)) => {
                let mut number = 0;
                while number < texts.len() {
                    if !value.reads(texts[number]) {
                        return Some(Reason::Type);
                    }
                    number += 1;
                }
                None
            }
            _ => Some(Reason::Type),
        }
    }

    /// Whether a text of the file is one of its values.
    const fn reads(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Value::Unknown | Value::Own | Value::Text => true,
            Value::Integer { min, max, .. } => match i128::from_str_radix(text, 10) {
                Ok(number) => number >= min && number <= max,
                Err(_) => false,
            },
            Value::Nothing { .. } | Value::List(_) | Value::Uuid => false,
            Value::Words { words, .. } => {
                let mut at = 0;
                while at < words.len() && !same(words[at], text) {
                    at += 1;
                }
                at < words.len()
            }
            Value::Float { .. } => is_decimal(bytes),
            Value::Bool => matches!(bytes, b"true" | b"false"),
            Value::Char => {
                let mut characters = 0;
                let mut at = 0;
                while at < bytes.len() {
                    // Every byte but those that continue a character.
                    if bytes[at] & 0b1100_0000 != 0b1000_0000 {
                        characters += 1;
                    }
                    at += 1;
                }
                characters == 1
            }
        }
    }
}

/// The least and the greatest number that a file declares for an `int`.
const fn reach(signed: bool, digits: u32, min: Option<i64>, max: Option<i64>) -> (Option<i128>, Option<i128>) {
    let least = match min {
        Some(min) if signed || min > 0 => Some(min as i128),
        _ if !signed => Some(0),
        // Any number may have a minus sign; how far down it goes is not said.
        _ => Some(-1),
    };
    let by_digits = match digits {
        0 => None,
        digits => Some(match 10i128.checked_pow(digits) {
            Some(power) => power - 1,
            None => i128::MAX,
        }),
    };
    let greatest = match (max, by_digits) {
        (Some(max), Some(by_digits)) if by_digits < max as i128 => Some(by_digits),
        (Some(max), _) => Some(max as i128),
        (None, by_digits) => by_digits,
    };
    (least, greatest)
}

/// Whether a text is digits with at most one point and perhaps a minus sign.
const fn is_decimal(text: &[u8]) -> bool {
    let mut digits = 0;
    let mut points = 0;
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'0'..=b'9' => digits += 1,
            b'.' => points += 1,
            b'-' if at == 0 => {}
            _ => return false,
        }
        at += 1;
    }
    digits > 0 && points <= 1
}

/// A type that takes one parameter and whose values are known.
pub trait PathValue {
    /// What it holds.
    const VALUE: Value;
}

#[cfg(test)]
mod tests;
