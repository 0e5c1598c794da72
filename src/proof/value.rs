//! Which values of a routes file a type can hold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::{self, Saturating, Wrapping};
use std::rc::Rc;
use std::sync::Arc;

use super::path::{PathParams, Shape};
use crate::value::Kind;

/// What a type that takes one parameter can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing is known.
    Unknown,
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
    /// Nothing that stands in one segment of a path, as axum reads it.
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
    /// The type, as messages show it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Value::Unknown => "_",
            Value::Text => "String",
            Value::Integer { name, .. } | Value::Float { name } | Value::Nothing { name } => name,
            Value::Bool => "bool",
            Value::Char => "char",
        }
    }

    /// Why it cannot hold the values of a parameter. Integers without bounds in the file fit every integer: a number
    /// that is too large for the handler's type is the client's mistake.
    pub(super) const fn misfit(self, kind: Kind) -> Option<Reason> {
        match (self, kind) {
            (Value::Unknown | Value::Text, _) | (Value::Float { .. }, Kind::Int { .. } | Kind::Float { .. }) => None,
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
            Value::Unknown | Value::Text => true,
            Value::Integer { min, max, .. } => match i128::from_str_radix(text, 10) {
                Ok(number) => number >= min && number <= max,
                Err(_) => false,
            },
            Value::Nothing { .. } => false,
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

macro_rules! scalars {
    ($($type:ty => $value:expr;)+) => {
        $(
            impl PathValue for $type {
                const VALUE: Value = $value;
            }

            impl PathParams for $type {
                const SHAPE: Shape = Shape::Values(&[$value]);
            }
        )+
    };
}

macro_rules! integers {
    ($($type:ident)+) => {
        scalars! {
            $($type => Value::Integer {
                name: stringify!($type),
                min: $type::MIN as i128,
                max: if $type::MAX as u128 > i128::MAX as u128 { i128::MAX } else { $type::MAX as i128 },
            };)+
        }
    };
}

integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

/// Integers without the zero. Of those with a sign only the ends are compared.
macro_rules! without_zero {
    ($($type:ident of $integer:ident)+) => {
        scalars! {
            $(num::$type => match $integer::VALUE {
                Value::Integer { min: 0, max, .. } => Value::Integer { name: stringify!($type), min: 1, max },
                Value::Integer { min, max, .. } => Value::Integer { name: stringify!($type), min, max },
                other => other,
            };)+
        }
    };
}

without_zero! {
    NonZeroU8 of u8 NonZeroU16 of u16 NonZeroU32 of u32 NonZeroU64 of u64 NonZeroU128 of u128 NonZeroUsize of usize
    NonZeroI8 of i8 NonZeroI16 of i16 NonZeroI32 of i32 NonZeroI64 of i64 NonZeroI128 of i128 NonZeroIsize of isize
}

scalars! {
    f32 => Value::Float { name: "f32" };
    f64 => Value::Float { name: "f64" };
    bool => Value::Bool;
    char => Value::Char;
    String => Value::Text;
    Box<str> => Value::Text;
    Arc<str> => Value::Text;
    Rc<str> => Value::Text;
    Cow<'_, str> => Value::Text;
}

/// Types around one that serde reads as that one.
macro_rules! around {
    ($($type:ident)+) => {
        $(
            impl<T: PathValue> PathValue for $type<T> {
                const VALUE: Value = T::VALUE;
            }

            impl<T: PathParams> PathParams for $type<T> {
                const SHAPE: Shape = T::SHAPE;
            }
        )+
    };
}

around!(Box Wrapping Saturating);

// Only as a part of a tuple or a struct: axum refuses a `Path` of an `Option`.
impl<T: PathValue> PathValue for Option<T> {
    const VALUE: Value = T::VALUE;
}

impl<T> PathParams for Option<T> {
    const SHAPE: Shape = Shape::Values(&[Value::Nothing { name: "Option<_>" }]);
}

/// What axum reads from all parameters of a path at once, if at all, and from none of them alone. A pair is another
/// thing: it takes the name of a parameter and its value.
macro_rules! nothings {
    ($(($($generics:tt)*) $type:ty, $name:literal;)+) => {
        $(
            impl<$($generics)*> PathValue for $type {
                const VALUE: Value = Value::Nothing { name: $name };
            }
        )+
    };
}

nothings! {
    (T) Vec<T>, "Vec<_>";
    (K, V, S) HashMap<K, V, S>, "HashMap<_, _>";
    (K, V) BTreeMap<K, V>, "BTreeMap<_, _>";
    (T) HashSet<T>, "HashSet<_>";
    (T) BTreeSet<T>, "BTreeSet<_>";
    (A) (A,), "(_,)";
    (A, B, C) (A, B, C), "(_, _, _)";
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Kind = int(false, 0, None, None);

    const fn int(signed: bool, digits: u32, min: Option<i64>, max: Option<i64>) -> Kind {
        Kind::Int {
            signed,
            digits,
            min,
            max,
        }
    }

    fn holds<T: PathValue>(kind: Kind) -> bool {
        T::VALUE.misfit(kind).is_none()
    }

    #[test]
    fn text_holds_everything_and_numbers_hold_no_text() {
        let texts = [
            Kind::Text,
            Kind::Uuid,
            Kind::Rest,
            Kind::Length { min: 2, max: 9 },
            Kind::Any(&["red"]),
        ];
        for kind in texts {
            assert!(holds::<String>(kind) && holds::<Cow<'_, str>>(kind), "{kind:?}");
            assert!(!holds::<u64>(kind) && !holds::<f64>(kind), "{kind:?}");
            assert!(!holds::<bool>(kind) && !holds::<char>(kind), "{kind:?}");
        }
        assert!(holds::<String>(PLAIN));
    }

    #[test]
    fn what_serde_reads_as_another_type_holds_what_that_one_does() {
        assert!(holds::<Box<u64>>(PLAIN) && holds::<Wrapping<i8>>(PLAIN) && holds::<Saturating<u128>>(PLAIN));
        assert!(!holds::<Box<u64>>(Kind::Text) && !holds::<Wrapping<u64>>(Kind::Uuid));
        assert!(!holds::<num::NonZeroI16>(Kind::Text) && !holds::<num::NonZeroU128>(Kind::Text));
        assert!(!holds::<num::NonZeroI8>(int(false, 0, None, Some(300))));
    }

    #[test]
    fn a_type_without_zero_holds_no_declared_zero() {
        let declared = int(false, 0, Some(0), Some(255));
        assert_eq!(num::NonZeroU8::VALUE.misfit(declared), Some(Reason::Below(1)));
        assert_eq!(num::NonZeroU8::VALUE.name(), "NonZeroU8");
        assert!(holds::<num::NonZeroU8>(int(false, 0, Some(1), Some(255))));
        assert!(holds::<num::NonZeroU8>(int(false, 0, None, Some(255))) && holds::<num::NonZeroU64>(PLAIN));
        assert!(!holds::<num::NonZeroU64>(int(true, 0, None, None)));
        assert!(!holds::<num::NonZeroU64>(int(false, 0, None, Some(0))));
        assert!(holds::<num::NonZeroI8>(int(true, 0, Some(-5), Some(5))));
    }

    #[test]
    fn an_int_without_bounds_fits_every_integer_that_has_its_sign() {
        assert!(holds::<u8>(PLAIN) && holds::<u64>(PLAIN) && holds::<i64>(PLAIN) && holds::<f64>(PLAIN));
        let signed = int(true, 0, None, None);
        assert!(holds::<i8>(signed) && !holds::<u64>(signed));
        assert!(holds::<u64>(int(true, 0, Some(0), None)));
        assert!(!holds::<bool>(PLAIN) && !holds::<char>(PLAIN));
    }

    #[test]
    fn declared_bounds_have_to_fit() {
        assert!(holds::<u8>(int(false, 0, Some(1), Some(255))) && holds::<u16>(int(false, 0, None, Some(300))));
        assert_eq!(
            u8::VALUE.misfit(int(false, 0, None, Some(300))),
            Some(Reason::Above(255))
        );
        assert_eq!(
            u8::VALUE.misfit(int(false, 0, Some(300), None)),
            Some(Reason::Above(255))
        );
        assert_eq!(
            i8::VALUE.misfit(int(true, 0, Some(-200), Some(0))),
            Some(Reason::Below(-128))
        );
        assert_eq!(
            u32::VALUE.misfit(int(true, 0, Some(-1), Some(5))),
            Some(Reason::Below(0))
        );
        // Without `signed` there is no minus sign, whatever the bound says.
        assert!(holds::<u32>(int(false, 0, Some(-1), Some(5))));
        assert!(
            holds::<u128>(int(false, 0, Some(0), Some(i64::MAX))) && holds::<u64>(int(false, 0, None, Some(i64::MAX)))
        );
    }

    #[test]
    fn digits_are_a_bound() {
        assert!(holds::<u8>(int(false, 2, None, None)) && !holds::<u8>(int(false, 3, None, None)));
        assert!(holds::<u8>(int(false, 3, None, Some(200))));
        assert!(holds::<char>(int(false, 1, None, None)) && !holds::<u64>(int(false, 4000, None, None)));
    }

    #[test]
    fn what_one_segment_cannot_be_holds_no_parameter() {
        for kind in [PLAIN, Kind::Text, Kind::Any(&["1"])] {
            assert!(!holds::<Vec<u64>>(kind) && !holds::<(u64,)>(kind) && !holds::<Option<HashSet<u64>>>(kind));
        }
        assert!(matches!(
            <Option<u64> as PathParams>::SHAPE,
            Shape::Values([Value::Nothing { .. }])
        ));
    }

    #[test]
    fn floats_are_no_integers() {
        let float = Kind::Float {
            signed: false,
            min: None,
            max: None,
        };
        assert!(holds::<f32>(float) && holds::<String>(float) && !holds::<u64>(float));
    }

    #[test]
    fn a_choice_of_texts_is_read_text_by_text() {
        assert!(holds::<bool>(Kind::Any(&["true", "false"])) && !holds::<bool>(Kind::Any(&["true", "no"])));
        assert!(holds::<u8>(Kind::Any(&["1", "255"])) && !holds::<u8>(Kind::Any(&["1", "256"])));
        assert!(holds::<f64>(Kind::Any(&["1", "-2.5"])) && !holds::<f64>(Kind::Any(&["1", "1.2.3"])));
        assert!(holds::<char>(Kind::Any(&["a", "\u{e9}"])) && !holds::<char>(Kind::Any(&["a", "bc"])));
    }
}
