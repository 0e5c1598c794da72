//! What an emulator may lack. Nothing but this knows it.

use bluegate_core::aws::Service;
use serde::Serialize;

/// What a service may not do as AWS does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// It has no list of something: that counts as empty.
    Lists,
    /// It exports nothing, the draft, or a document without integrations.
    Exports,
    /// It takes a part of a document only.
    Definition,
    /// It does not tell who may call what of a deployment, or deploys something else.
    Access,
    /// It does not set all settings of an API or of a stage.
    Settings,
    /// It has no tags, so that nothing can be locked.
    Tags,
    /// It does not try methods of the draft, or answers otherwise than a stage.
    Trials,
    /// It lets requests without a signature pass.
    Authorization,
    /// What it warns about is nothing that AWS would warn about.
    Warnings,
    /// It has no functions, or does not tell who may call them.
    Functions,
    /// Its reads are never older than the write before them, and need no waiting.
    Lag,
}

/// What is tolerated of whom.
pub trait Tolerates {
    /// Whether the service may lack that.
    fn tolerates(self, lack: Lack) -> bool;
}

impl Tolerates for Service {
    fn tolerates(self, lack: Lack) -> bool {
        match (self, lack) {
            (Service::Aws, _) => false,
            (
                Service::Emulator,
                Lack::Lists
                | Lack::Exports
                | Lack::Definition
                | Lack::Access
                | Lack::Settings
                | Lack::Tags
                | Lack::Trials
                | Lack::Authorization
                | Lack::Warnings
                | Lack::Functions
                | Lack::Lag,
            ) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aws_lacks_nothing() {
        for lack in [Lack::Lists, Lack::Tags, Lack::Authorization, Lack::Warnings, Lack::Lag] {
            assert!(!Service::Aws.tolerates(lack), "{lack:?}");
            assert!(Service::Emulator.tolerates(lack), "{lack:?}");
        }
    }
}
