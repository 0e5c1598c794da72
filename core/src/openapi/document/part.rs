//! How the parts of a document are declared.

/// Declares a part of a document: the struct, how it is read and how it is written. A key is
///
/// - `required`: a part without it is none;
/// - `always`: it is written, whatever its value;
/// - `optional`: it is written unless it has its default value;
/// - `list`: the same for a list, which may be null.
///
/// What is `uncounted` is no key. Every part keeps what else was written.
macro_rules! part {
    ($(#[$doc:meta])* pub struct $name:ident { $($fields:tt)* }) => {
        part! { @ [$(#[$doc])* $name] [] $($fields)* }
    };
    (@ $head:tt [$($done:tt)*] $(#[$doc:meta])* required $field:ident($key:literal): $type:ty, $($rest:tt)*) => {
        part! { @ $head [$($done)* $(#[$doc])* #[serde(rename = $key)] pub $field: $type,] $($rest)* }
    };
    (@ $head:tt [$($done:tt)*] $(#[$doc:meta])* always $field:ident($key:literal): $type:ty, $($rest:tt)*) => {
        part! { @ $head [$($done)* $(#[$doc])* #[serde(rename = $key, default)] pub $field: $type,] $($rest)* }
    };
    (@ $head:tt [$($done:tt)*] $(#[$doc:meta])* optional $field:ident($key:literal): $type:ty, $($rest:tt)*) => {
        part! { @ $head [
            $($done)*
            $(#[$doc])*
            #[serde(rename = $key, default, skip_serializing_if = "crate::openapi::document::part::is_default")]
            pub $field: $type,
        ] $($rest)* }
    };
    (@ $head:tt $done:tt $(#[$doc:meta])* list $field:ident($key:literal): $type:ty, $($rest:tt)*) => {
        part! { @ $head $done
            $(#[$doc])*
            #[serde(deserialize_with = "crate::openapi::document::lenient::list")]
            optional $field($key): $type,
            $($rest)*
        }
    };
    (@ $head:tt [$($done:tt)*] $(#[$doc:meta])* uncounted $field:ident: $type:ty, $($rest:tt)*) => {
        part! { @ $head [$($done)* $(#[$doc])* #[serde(skip)] pub(crate) $field: $type,] $($rest)* }
    };
    (@ [$(#[$doc:meta])* $name:ident] [$($fields:tt)*]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($fields)*
            /// What else was written.
            #[serde(flatten, skip_serializing_if = "crate::openapi::document::part::is_default")]
            pub others: $crate::openapi::Others,
        }
    };
}
pub(super) use part;

/// Whether a value says nothing.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
