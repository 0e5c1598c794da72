//! The files as they are written, optional keys and all. What they mean is in [`crate::resolve`].

mod authorizer;
mod aws;
mod backend;
mod contract;
mod cors;
mod raw;
mod routes;
mod smoke;
mod stage;
mod words;

pub use authorizer::{AuthorizerEntry, InheritedEntry};
pub use aws::{ApiGatewayEntry, AwsFile, ByStage, CredentialsEntry, EndpointEntry, Secret};
pub use backend::{
    AnswerEntry, AwsServiceEntry, BackendEntry, IntegrationResponseEntry, MappingEntry, ReachEntry, TlsEntry,
};
pub use contract::{ContractEntry, DeclaredAnswerEntry, GatewayResponseEntry, RequestParameterEntry};
pub use cors::CorsEntry;
pub(crate) use raw::FILE;
pub use raw::{Amount, Bodies, FileText, FileValue, HeaderList, ModelWord, PolicyValue, Raw};
pub use routes::{
    ActionEntry, BlueprintEntry, DefaultsEntry, MethodEntry, ParameterEntry, ResourceEntry, RoutesFile, ServiceEntry,
};
pub use smoke::SmokeEntry;
pub use stage::{
    AccessLogEntry, CacheEntry, Entries, Limit, LogLevel, LoggingEntry, MethodSettingsEntry, StageEntry,
    ThrottlingEntry,
};
pub use words::{
    AccessModeWord, AuthorizationWord, AuthorizerWord, ContentHandlingWord, IntegrationWord, KeySourceWord,
    OperationIdsWord, ParameterType, PassthroughWord, TransferWord, ValidateWord, VerbWord,
};
