//! The fields of the facts about an API.

use std::fmt;

use serde::{Serialize, Serializer};

/// What a fact is about.
///
/// [`Display`](fmt::Display) gives it in words, which may change; a digest is made of the codes, which do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Whether a method needs an API key.
    ApiKey,
    /// The VPC link of an integration.
    VpcLink,
    /// A header of an answer: the status and the header.
    Answer(String, String),
    /// Whether the answer makes text of bytes, or bytes of text.
    AnswerContentHandling(String),
    /// The template of an answer: the status and the media type.
    AnswerTemplate(String, String),
    /// Which answers of the service become one of this status.
    Answers(String),
    /// Who may call a method.
    Authorization,
    /// The authorizer that a method asks.
    Authorizer,
    /// The model of a body of this media type, or the body of a gateway response.
    Body(String),
    /// A parameter that tells kept answers apart.
    CacheKey(String),
    /// The cache that answers are kept in.
    CacheNamespace,
    /// Whether any certificate of the service will do.
    CertificateCheck,
    /// What of a request a validator checks: `body` or `parameters`.
    Checks(String),
    /// How an integration reaches the service.
    Connection,
    /// Whether an integration makes text of bytes, or bytes of text.
    ContentHandling,
    /// The role with which an integration calls.
    Credentials,
    /// An answer of this status that a method declares.
    Declares(String),
    /// The function that an authorizer is.
    Function,
    /// A header of a gateway response.
    Header(String),
    /// How long the answer of an authorizer holds.
    Holds,
    /// What the caller's proof must look like before an authorizer is asked.
    IdentityPattern,
    /// Where an authorizer finds the caller's proof.
    IdentitySource,
    /// The kind of an integration.
    Integration,
    /// The load balancer behind the VPC link.
    IntegrationTarget,
    /// The URL of the service.
    IntegrationUri,
    /// The verb towards the service.
    IntegrationVerb,
    /// A parameter towards the service.
    Parameter(String),
    /// What happens to bodies without a template.
    Passthrough,
    /// A user pool of an authorizer.
    Provider(String),
    /// What of a request is checked.
    RequestValidator,
    /// Whether answers are passed on while they come.
    ResponseTransfer,
    /// The scopes that a token needs.
    Scopes,
    /// The status of a gateway response.
    Status,
    /// A parameter that a method takes.
    Takes(String),
    /// The template for bodies of this media type.
    Template(String),
    /// How long the service may take.
    Timeout,
    /// The kind of an authorizer.
    Type,
}

impl Field {
    /// Whether it decides who may call.
    #[must_use]
    pub fn is_access(&self) -> bool {
        matches!(self, Self::Authorization | Self::ApiKey)
    }

    /// Whether it decides who answers.
    #[must_use]
    pub fn is_answerer(&self) -> bool {
        matches!(
            self,
            Self::Integration | Self::IntegrationVerb | Self::IntegrationUri | Self::Connection | Self::VpcLink
        )
    }

    /// Whether it is read back of an export as it was written. API Gateway spells the other fields in its own way.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        self.is_access() || self.is_answerer() || *self == Self::Credentials
    }

    /// Whether a method with another value is another method: who may call, who answers, and what with.
    #[must_use]
    pub fn is_essential(&self) -> bool {
        self.is_access() || self.is_answerer() || matches!(self, Self::Parameter(_) | Self::IntegrationTarget)
    }

    /// Whether it is a header of this name that the gateway sets.
    #[must_use]
    pub fn sets_header(&self, name: &str) -> bool {
        let (Self::Answer(_, parameter) | Self::Header(parameter)) = self else {
            return false;
        };
        // `method.response.header.Vary`, `gatewayresponse.header.Vary`
        let header = parameter.rsplit_once(".header.").map_or("", |(_, header)| header);
        header.eq_ignore_ascii_case(name)
    }

    /// Its name in a digest, its name in words, and what it is about. A name in a digest is never given another
    /// meaning.
    fn spelt(&self) -> (&'static str, &'static str, [&str; 2]) {
        match self {
            Self::ApiKey => ("api-key", "API key", ["", ""]),
            Self::VpcLink => ("vpc-link", "VPC link", ["", ""]),
            Self::Answer(status, header) => ("answer", "answer", [status, header]),
            Self::AnswerContentHandling(status) => ("answer-content-handling", "answer content handling", [status, ""]),
            Self::AnswerTemplate(status, kind) => ("answer-template", "answer", [status, kind]),
            Self::Answers(status) => ("answers", "answers", [status, ""]),
            Self::Authorization => ("authorization", "authorization", ["", ""]),
            Self::Authorizer => ("authorizer", "authorizer", ["", ""]),
            Self::Body(kind) => ("body", "body", [kind, ""]),
            Self::CacheKey(name) => ("cache-key", "cache key", [name, ""]),
            Self::CacheNamespace => ("cache-namespace", "cache namespace", ["", ""]),
            Self::CertificateCheck => ("certificate-check", "certificate check", ["", ""]),
            Self::Checks(what) => ("checks", "checks", [what, ""]),
            Self::Connection => ("connection", "connection", ["", ""]),
            Self::ContentHandling => ("content-handling", "content handling", ["", ""]),
            Self::Credentials => ("credentials", "credentials", ["", ""]),
            Self::Declares(status) => ("declares", "declares", [status, ""]),
            Self::Function => ("function", "function", ["", ""]),
            Self::Header(name) => ("header", "header", [name, ""]),
            Self::Holds => ("holds", "answer holds for", ["", ""]),
            Self::IdentityPattern => ("identity-pattern", "identity pattern", ["", ""]),
            Self::IdentitySource => ("identity-source", "identity source", ["", ""]),
            Self::Integration => ("integration", "integration", ["", ""]),
            Self::IntegrationTarget => ("integration-target", "integration target", ["", ""]),
            Self::IntegrationUri => ("integration-uri", "integration URI", ["", ""]),
            Self::IntegrationVerb => ("integration-verb", "integration verb", ["", ""]),
            Self::Parameter(name) => ("parameter", "parameter", [name, ""]),
            Self::Passthrough => ("passthrough", "passthrough", ["", ""]),
            Self::Provider(arn) => ("provider", "provider", [arn, ""]),
            Self::RequestValidator => ("request-validator", "request validator", ["", ""]),
            Self::ResponseTransfer => ("response-transfer", "response transfer", ["", ""]),
            Self::Scopes => ("scopes", "scopes", ["", ""]),
            Self::Status => ("status", "status", ["", ""]),
            Self::Takes(name) => ("takes", "takes", [name, ""]),
            Self::Template(kind) => ("template", "template", [kind, ""]),
            Self::Timeout => ("timeout", "timeout", ["", ""]),
            Self::Type => ("type", "type", ["", ""]),
        }
    }

    /// What a digest knows it by.
    pub(super) fn code(&self) -> [&str; 3] {
        let (code, _, [about, detail]) = self.spelt();
        [code, about, detail]
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, word, about) = self.spelt();
        f.write_str(word)?;
        if let Self::AnswerTemplate(status, kind) = self {
            return write!(f, " {status} template {kind}");
        }
        about
            .into_iter()
            .filter(|about| !about.is_empty())
            .try_for_each(|about| write!(f, " {about}"))
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
