//! Who may call a route.

use std::fmt;

use crate::file::{Amount, AuthorizerWord};
use crate::span::Span;

/// The word for requests that are signed with AWS credentials.
pub(crate) const SIGNATURE: &str = "AWS_IAM";

/// Who may call a route.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authorization {
    /// Everybody.
    Public,
    /// Callers whose requests are signed with AWS credentials that an IAM policy allows.
    AwsIam,
    /// Callers that an authorizer lets pass, by its name. More than one only stands for documents that ask for several:
    /// API Gateway asks one of them.
    Authorizers(Vec<String>),
}

impl Authorization {
    /// Whether everybody may call.
    #[must_use]
    pub fn is_public(&self) -> bool {
        *self == Authorization::Public
    }
}

impl fmt::Display for Authorization {
    /// As API Gateway spells it, `NONE` or `AWS_IAM`, else the names of authorizers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Authorization::Public => f.write_str("NONE"),
            Authorization::AwsIam => f.write_str(SIGNATURE),
            Authorization::Authorizers(names) => f.write_str(&names.join(" ")),
        }
    }
}

/// Who is asked whether a request may pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorizer {
    /// Its name.
    pub name: String,
    /// What is asked.
    pub kind: AuthorizerWord,
    /// The ARNs of user pools.
    pub user_pools: Vec<String>,
    /// The function that is asked: its name, or an ARN.
    pub function: Option<String>,
    /// The header that holds the token.
    pub header: String,
    /// What a function is asked with, as API Gateway spells it: `method.request.header.X`.
    pub identity: Vec<String>,
    /// A regular expression that tokens have to match.
    pub pattern: Option<String>,
    /// How long an answer is kept, in seconds.
    pub ttl: Amount,
    /// The role with which the function is called.
    pub role: Option<String>,
    /// Where its name stands.
    pub span: Span,
}
