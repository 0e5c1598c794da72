//! What the types of handlers take and give, as a file that stands beside the routes file.
//!
//! `ask` is what the code of `#[resource]` asks the compiler, `body` and `answer` are what is known of extractors and
//! answers, `found` is what was found of one handler, `file` makes the file of all, `prove` holds types against their
//! schemas by values as they travel on the `wire`, and `stand` compares the file with that on the disk.

mod allowance;
mod answer;
mod ask;
mod body;
mod diff;
mod file;
mod found;
mod models;
mod prove;
mod reference;
mod sample;
mod stand;
#[cfg(test)]
mod tests;
mod trace;
#[cfg(feature = "utoipa")]
mod utoipa;
mod wire;

/// The examples of the pages compile.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../docs/aide.md")]
    struct Aide;

    #[doc = include_str!("../docs/types.md")]
    struct Types;

    #[doc = include_str!("../docs/utoipa.md")]
    struct Utoipa;
}

pub use answer::{Answers, Given, Gives};
pub use ask::{Tell1, Tell2, Tell3, Tell4, Tell5, Tell6, Tell7, Untyped, contents, signature};
pub use body::TakesBody;
pub use found::{Found, Typed, TypedHandler};
pub use models::Model;
pub use stand::stand;

/// Compares what the types of handlers take and give with the file beside a routes file, in a test:
///
/// ```no_run
/// #[test]
/// fn the_types_file_is_up_to_date() {
///     bluegate::types!("routes.json");
/// }
/// ```
///
/// The file is `routes.types.json`. `BLUEGATE_UPDATE=1 cargo test` writes it. The path is that of the routes file, from
/// the folder of the crate's `Cargo.toml` on.
///
/// Beside that it holds types against their schemas: values that a schema takes are read by serde, values that a model of
/// API Gateway refuses are not, and what a type writes fits the schema of its answers.
///
/// # Panics
///
/// When the file is another one or is not there, when a handler of the routes file is not registered in this program, and
/// when a type is not as its schema says.
#[macro_export]
macro_rules! types {
    ($routes:expr $(,)?) => {
        $crate::__private::stand(::core::env!("CARGO_MANIFEST_DIR"), $routes)
    };
}
