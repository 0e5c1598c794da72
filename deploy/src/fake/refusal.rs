//! What API Gateway says when it refuses, as recorded of it.

use bluegate_core::gateway::patch::Refused;

use crate::api::{Cause, Operation};

pub(super) fn refused(message: &str) -> Cause {
    Cause::Refused {
        message: message.into(),
    }
}

/// Of several kinds of things: `REST API`, `stage`, `Deployment`.
pub(super) fn not_found(what: &str) -> Cause {
    Cause::NotFound {
        message: format!("Invalid {what} identifier specified"),
    }
}

/// While an update is not done.
pub(super) fn busy(operation: Operation) -> Cause {
    let message = match operation {
        Operation::CreateDeployment => "You cannot deploy a RestApi while the apiStatus is UPDATING or FAILED.",
        _ => {
            "There is already an update in progress. Please wait until the current update finishes before making \
             another request."
        }
    };
    Cause::Busy {
        message: message.into(),
    }
}

impl From<Refused> for Cause {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::BadRequest(_) => Self::Refused { message },
            Refused::NotFound(_) => Self::NotFound { message },
            Refused::Conflict(_) => Self::Exists { message },
        }
    }
}
