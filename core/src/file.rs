//! The files as they are written, optional keys and all. What they mean is in [`crate::resolve`].

mod aws;
mod routes;
mod smoke;
mod stage;
mod words;

pub use aws::{ApiGatewayEntry, AwsFile, CredentialsEntry, Secret};
pub use routes::{
    ActionEntry, BlueprintEntry, CorsEntry, MethodEntry, ParameterEntry, ResourceEntry, RoutesFile, ServiceEntry,
};
pub use smoke::SmokeEntry;
pub use stage::{
    AccessLogEntry, CacheEntry, Entries, Limit, LogLevel, LoggingEntry, MethodSettingsEntry, StageEntry,
    ThrottlingEntry,
};
pub use words::{AuthorizationWord, IntegrationWord, ParameterType, VerbWord};
