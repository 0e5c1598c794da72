//! What the Rust types of handlers take and give: `routes.types.json`, which stands beside a routes file.
//!
//! A test of the service writes the file; what it says becomes part of the [`Blueprint`](crate::Blueprint) before anything
//! is made of that. Its schemas are JSON Schema 2020-12. API Gateway and older tools take less: [`model`] and
//! [`openapi_3_0`] make of a schema what they take, never stricter than it, and a [`Validator`] holds a value against
//! the former.

mod agree;
mod file;
mod form;
mod merge;
mod models;
mod number;
mod schema;

use std::path::{Path, PathBuf};

pub use file::{AnswerTypes, BodyTypes, HandlerTypes, ParameterTypes, TypesFile};
pub use form::{Converted, Lost, model, openapi_3_0, openapi_3_1};
pub use merge::{Merged, Schemas, Unchecked, is_json};
pub use schema::{Problem, SchemaError, Validator};

use crate::diagnostic::{Code, Diagnostic, Outcome};
use crate::parse::parse;
use crate::source::Source;

/// The form of types files that is read.
pub const VERSION: u32 = 1;

/// The types file beside a routes file: `routes.types.json` beside `routes.json` and `routes.yaml`.
///
/// ```
/// use std::path::Path;
///
/// let path = bluegate_core::types::beside(Path::new("api/routes.yaml"));
/// assert_eq!(path, Path::new("api/routes.types.json"));
/// ```
#[must_use]
pub fn beside(routes: &Path) -> PathBuf {
    routes.with_extension("types.json")
}

/// A types file and its text, which findings about it name places of.
#[derive(Debug, Clone)]
pub struct Types {
    /// What stands in it.
    pub file: TypesFile,
    source: Source,
}

impl Types {
    /// Reads a types file, with all that is wrong with it.
    #[must_use]
    pub fn read(source: &Source) -> Outcome<Self> {
        let Outcome { value, mut diagnostics } = parse::<TypesFile>(source);
        if let Some(file) = &value
            && file.types.value != VERSION
        {
            let message = format!("the form {} of types files is not known", file.types.value);
            diagnostics.push(
                Diagnostic::new(Code::UnknownValue, message)
                    .at(file.types.span)
                    .with_help(format!("write it with the version of bluegate that reads it: {WRITE}")),
            );
        }
        let source = source.clone();
        Outcome {
            value: value.map(|file| Self { file, source }),
            diagnostics: diagnostics.finish(),
        }
    }
}

/// What writes the file.
const WRITE: &str = "`BLUEGATE_UPDATE=1 cargo test`";
