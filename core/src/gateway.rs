//! What API Gateway makes of a document: the parts of an API, what they do, and what differs between two of them.

mod definition;
mod describe;
mod difference;
mod draft;
mod effect;
mod export;
mod exposure;
mod field;
mod function_policy;
mod import;
mod kept;
mod model;
mod origin;
pub mod patch;
mod permission;
pub mod policy;
mod route;
pub mod settings;
pub mod stage;
pub mod told;
mod weakening;

pub use definition::{Definition, Facts, Key, NONE, response_digest, short_digest, sorted_json};
pub use difference::{Change, Changed, Difference, access_only, changes};
pub use draft::{AUTHORIZER_TTL, DEFAULT_BODY, Identified, TIMEOUT};
#[cfg(feature = "import")]
pub(crate) use effect::{NAMED_VERBS, status_of};
pub use export::Exported;
pub use exposure::{exposed, open_backends, replaced};
pub use field::Field;
pub use function_policy::{FunctionPolicy, Grant};
pub use kept::shared_answers;
pub use model::{
    Access, Api, Authorizer, GatewayResponse, Integration, IntegrationResponse, Method, MethodResponse, Model,
    RequestValidator, Resource, Texts, is_made_up,
};
pub use origin::{open_credentials, weakened_origins, widened_origins};
pub use permission::{PRINCIPAL, Permission, call_of, includes};
pub use route::{Router, VERBS};
pub use weakening::{is_looser_authorizer, names_variable, weakened};
