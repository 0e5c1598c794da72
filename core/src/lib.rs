//! The core of [bluegate](https://docs.rs/bluegate): the format of routes files, what they mean, what API Gateway
//! and axum would refuse about them, and the OpenAPI document that API Gateway imports.
//!
//! A text becomes a [`RoutesFile`] (what was written) and then a [`Blueprint`] (what it means: one [`Route`] per
//! path and verb). Macros, document and command line all read the blueprint, so none of them can disagree.
//!
//! ```
//! use bluegate_core::{Mode, Source, read_blueprint};
//!
//! let source = Source::new(
//!     "routes.json",
//!     r#"{"blueprint": {"name": "shop", "url_prefix": "/api", "resources": [{
//!         "name": "users",
//!         "methods": [{
//!             "path": "/users",
//!             "pathParams": [{"name": "id", "type": "int"}],
//!             "actions": [{"type": "GET", "handler": "show"}]
//!         }]
//!     }]}}"#,
//! );
//! let (blueprint, warnings) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
//! assert!(warnings.is_empty());
//! let route = &blueprint.routes[0];
//! assert_eq!(route.path.gateway, "/users/{id}");
//! assert_eq!(route.path.service, "/api/users/{id}");
//! assert_eq!(route.handler.as_deref(), Some("show"));
//! ```
//!
//! The crate does no I/O but reading the file it is given and those that it names, and never panics on what is in it.
//!
//! # Features
//!
//! - `yaml` (default): routes files written as YAML.
//! - `openapi` (default): the document and the JSON Schemas. Macros do without, for the sake of build time.
//! - `gateway`: what API Gateway makes of a document.
//! - `types`: what the Rust types of handlers take and give, whether values fit a JSON Schema, and the document for
//!   clients.
//! - `import`: routes files of documents that somebody else wrote.

#![deny(missing_docs)]

#[cfg(feature = "openapi")]
pub mod aws;
mod blueprint;
#[cfg(feature = "types")]
pub mod clients;
mod codes;
#[cfg(feature = "openapi")]
pub mod compat;
mod converter;
mod decode;
mod diagnostic;
mod digest;
mod file;
#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "openapi")]
mod keyword;
pub mod lint;
mod model_reference;
#[cfg(feature = "openapi")]
pub mod openapi;
mod parse;
#[cfg(feature = "openapi")]
mod placeholder;
mod pointer;
mod reference;
pub mod render;
mod resolve;
#[cfg(feature = "openapi")]
pub mod schema;
mod source;
mod span;
mod tree;
#[cfg(feature = "types")]
pub mod types;
#[cfg(feature = "openapi")]
mod value;
#[cfg(feature = "openapi")]
mod variables;
mod words;

#[cfg(feature = "openapi")]
pub use aws::read_aws;
pub use blueprint::*;
pub use converter::{Converter, TypeError};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Note, Outcome, Severity};
pub use digest::file_digest;
pub use file::*;
#[cfg(feature = "openapi")]
pub use keyword::is_keyword;
pub use parse::{parse_routes, read_blueprint, read_routes};
pub use reference::stage_variables;
pub use resolve::{Files, Mode, named_files, resolve};
pub use source::{Source, Syntax};
pub use span::{Location, Span, Spanned};
pub use tree::nearest;
#[cfg(feature = "openapi")]
pub use value::read_value;
#[cfg(feature = "openapi")]
pub use variables::{Placeholders, fill_routes, variables};
