//! What types of Rust take of a path or a query string.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};
use std::num::{self, Saturating, Wrapping};
use std::rc::Rc;
use std::sync::Arc;

use super::params::{PathParams, Shape, Tuple};
use super::query::QueryValue;
use super::value::{PathValue, Value};

macro_rules! scalars {
    ($($type:ty => $value:expr;)+) => {
        $(
            impl PathValue for $type {
                const VALUE: Value = $value;
            }

            impl PathParams for $type {
                const SHAPE: Shape = Shape::Values(&[<Self as PathValue>::VALUE]);
            }

            impl QueryValue for $type {
                const VALUE: Value = match <Self as PathValue>::VALUE {
                    // What reads query strings for axum and axum-extra knows integers of 64 bits.
                    Value::Integer { name, .. } if size_of::<Self>() > size_of::<u64>() => Value::Nothing { name },
                    value => value,
                };
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
            $(num::$type => match <$integer as PathValue>::VALUE {
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

            impl<T: QueryValue> QueryValue for $type<T> {
                const VALUE: Value = T::VALUE;
            }
        )+
    };
}

#[cfg(feature = "uuid")]
scalars! {
    uuid::Uuid => Value::Uuid;
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

impl PathParams for () {
    const SHAPE: Shape = Shape::Free;
}

impl<T> PathParams for Vec<T> {
    const SHAPE: Shape = Shape::Free;
}

impl<K: Eq + Hash, V, S: BuildHasher> PathParams for HashMap<K, V, S> {
    const SHAPE: Shape = Shape::Free;
}

impl<K: Ord, V> PathParams for BTreeMap<K, V> {
    const SHAPE: Shape = Shape::Free;
}

impl<T: PathValue, const N: usize> PathParams for [T; N] {
    const SHAPE: Shape = Shape::Values(&[T::VALUE; N]);
}

macro_rules! tuples {
    ($($element:ident)+) => {
        tuples!(@one $($element)+);
        tuples!(@less $($element)+);
    };
    (@less $first:ident) => {};
    (@less $first:ident $($element:ident)+) => {
        tuples!($($element)+);
    };
    (@one $($element:ident)+) => {
        impl<$($element: PathValue),+> PathParams for ($($element,)+) {
            const SHAPE: Shape = Shape::Values(&[$($element::VALUE),+]);
        }

        impl<$($element),+> Tuple for ($($element,)+) {
            const LENGTH: usize = [$(stringify!($element)),+].len();
        }
    };
}

tuples!(A B C D E F G H I J K L M N O P);
