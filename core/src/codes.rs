//! The stable codes of all findings, each with a page that `bluegate explain` prints.

use std::fmt;
use std::str::FromStr;

use crate::words::words;

words! {
    /// How bad it is.
    pub enum Severity {
        /// It works, but not as the file suggests.
        Warning = "warning",
        /// Nothing is built, written or deployed from this file.
        Error = "error",
    }
}

macro_rules! codes {
    ($($variant:ident = $text:literal, $severity:ident, $title:literal;)*) => {
        /// The stable code of a rule, `BG` and four digits.
        ///
        /// `BG00xx` is about the file as text, `BG01xx` about what API Gateway and axum take,
        /// `BG02xx` about the AWS file, `BG03xx` about documents that are imported, `BG04xx` about types of handlers.
        ///
        /// ```
        /// use bluegate_core::Code;
        ///
        /// let code: Code = "bg0101".parse().unwrap();
        /// assert_eq!(code.as_str(), "BG0101");
        /// assert!(code.explanation().contains("BG0101"));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code as it is printed.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text,)* }
            }

            /// What the rule is about, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }

            /// How bad a finding of this rule is unless something says otherwise.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The rule's page, as Markdown.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self {
                    $(Code::$variant => include_str!(concat!("../explain/", $text, ".md")),)*
                }
            }
        }
    };
}

codes! {
    Unreadable = "BG0001", Error, "The file cannot be read";
    BadSyntax = "BG0002", Error, "The text is not JSON or YAML";
    TooLarge = "BG0003", Error, "The file is too large or nested too deeply";
    UnknownKey = "BG0004", Error, "A key that the format does not have";
    DuplicateKey = "BG0005", Error, "A key stands twice in one object";
    MissingKey = "BG0006", Error, "A key that must be there is missing";
    WrongType = "BG0007", Error, "A value of the wrong type";
    UnknownValue = "BG0008", Error, "A word that is none of the known ones";
    BadParameterType = "BG0009", Error, "A parameter type that does not exist or has wrong arguments";
    KeyConflict = "BG0010", Error, "Two keys that exclude each other";
    VerbCase = "BG0011", Warning, "A verb that is not in capitals";
    AnotherFile = "BG0012", Error, "A file of another kind";
    Reference = "BG0013", Error, "A reference that nothing fills in";
    UnsetVariable = "BG0014", Error, "A variable without a value";
    OriginalLacks = "BG0015", Error, "A part of the file that --compat cannot write";
    UnusedValue = "BG0016", Warning, "A value that no variable takes";
    PathCharacter = "BG0101", Error, "A character that API Gateway refuses in a path";
    PartialSegment = "BG0102", Error, "A parameter that is only part of a path segment";
    PathStart = "BG0103", Error, "A path that does not start with a slash or has an empty segment";
    ForeignParameter = "BG0104", Error, "A parameter in the syntax of another framework";
    GreedyNotLast = "BG0105", Error, "A greedy parameter that is not the last segment";
    RepeatedParameter = "BG0106", Error, "A parameter that stands twice in one path";
    ParameterName = "BG0107", Error, "A parameter name that API Gateway refuses";
    SiblingParameters = "BG0108", Error, "Parameters with different names at the same place of a path";
    DuplicateRoute = "BG0109", Error, "The same verb on the same path twice";
    TrailingSlash = "BG0110", Warning, "A trailing slash that API Gateway cannot express";
    ReservedPath = "BG0111", Warning, "A path that API Gateway keeps for itself";
    TooManyResources = "BG0112", Warning, "More resources than an API may have";
    DocumentTooLarge = "BG0113", Error, "A document larger than API Gateway takes";
    HeaderName = "BG0114", Error, "A header name that is none";
    EmptyHeaderName = "BG0115", Warning, "An empty header name";
    MissingVpcLink = "BG0116", Error, "VPC_LINK without vpcLink";
    UnusedVpcLink = "BG0117", Warning, "A vpcLink that nothing uses";
    VpcLinkId = "BG0118", Error, "A vpcLink that is no identifier of one";
    OwnPreflight = "BG0119", Warning, "An OPTIONS action where CORS already answers";
    HandlerName = "BG0120", Error, "A handler that is no Rust identifier";
    OperationId = "BG0121", Error, "An operationId that is not unique or not usable in a URL";
    NoRoutes = "BG0122", Error, "A file without any route";
    MethodWithoutActions = "BG0123", Warning, "A path without actions";
    EmptyName = "BG0124", Error, "A name that is empty";
    GreedyBecomesSegment = "BG0125", Warning, "A path parameter that takes one segment only";
    MixedConverters = "BG0126", Warning, "One parameter with two types";
    DeepPath = "BG0127", Error, "A path that is too long";
    DroppedQuery = "BG0128", Warning, "A query string that does not reach the service";
    ForeignPathParameter = "BG0129", Error, "A path parameter that the path does not have";
    AppendedParameter = "BG0130", Warning, "A parameter that lengthens its path";
    Authorizer = "BG0131", Error, "An authorizer that API Gateway refuses";
    Scopes = "BG0132", Error, "Scopes that nobody asks for";
    Model = "BG0133", Error, "A model that API Gateway refuses";
    Timeout = "BG0134", Error, "A timeout that API Gateway does not take";
    UnservedHandler = "BG0135", Error, "A handler of a route that somebody else answers";
    ApiSetting = "BG0136", Error, "A setting that no API can have";
    Mapping = "BG0137", Error, "A mapping that API Gateway does not know";
    Status = "BG0138", Error, "A status that is none";
    CorsOrigin = "BG0139", Error, "Origins that browsers do not take";
    BackendUrl = "BG0140", Error, "A backend that cannot be called";
    RawAccess = "BG0141", Error, "A raw part that says who may call";
    MixedCors = "BG0142", Warning, "Two ways of cross-origin access on one path";
    SharedStatus = "BG0143", Warning, "Two integration responses with one status";
    UndeclaredStatus = "BG0144", Warning, "A status that no answer of the route has";
    TemplateSize = "BG0145", Error, "A template larger than API Gateway takes";
    Quota = "BG0146", Warning, "More of something than an API may have";
    Streaming = "BG0147", Error, "A streamed answer that is worked on";
    UnnamedOrigin = "BG0148", Warning, "An answer that cannot name the origin that asked";
    Arn = "BG0149", Error, "A name that nothing on AWS has";
    Pattern = "BG0150", Error, "A regular expression that is none";
    LostKeyword = "BG0151", Warning, "A part of a model that API Gateway does not read";
    IgnoredKey = "BG0152", Warning, "A key that does nothing where it stands";
    StageName = "BG0201", Error, "A stage name that API Gateway refuses";
    EndpointUrl = "BG0202", Error, "A baseEndpointURL that is no URL";
    Region = "BG0203", Error, "A region that is none";
    HalfCredentials = "BG0204", Error, "Half of a pair of credentials";
    RestApiId = "BG0205", Warning, "A rest_api_id that is none";
    MissingSetting = "BG0206", Error, "A setting that deploying needs";
    ReadableCredentials = "BG0207", Warning, "Credentials in a file that others can read";
    BasePath = "BG0208", Warning, "A basePath that is not the stage";
    AccountId = "BG0209", Error, "An account_id that is none";
    StageSetting = "BG0210", Error, "A setting that no stage can have";
    SmokeRequest = "BG0211", Error, "A smoke request that cannot be made";
    UndefinedVariable = "BG0212", Warning, "A stage variable that no stage declares";
    UndeclaredStage = "BG0213", Error, "A stage that the file does not declare";
    UnknownMethod = "BG0214", Error, "Settings of a method that the API has not";
    UnreachableBackend = "BG0215", Warning, "A backend that API Gateway cannot reach";
    ForeignDocument = "BG0301", Error, "A document that cannot be imported";
    LostPart = "BG0302", Warning, "A part of a document that does not come over";
    IgnoredPart = "BG0303", Warning, "A part of a document that API Gateway ignores";
    StaleTypes = "BG0401", Warning, "A types file that is not that of the service";
    TypesConflict = "BG0402", Error, "Types that contradict the routes file";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No rule has this code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode(String);

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no code `{}`", self.0)
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Code::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_that_says_what_why_and_how() {
        for code in Code::ALL {
            let page = code.explanation();
            assert!(page.starts_with(&format!("# {code}: ")), "{code}");
            for part in ["## What is wrong", "## Why", "## What to do"] {
                assert!(page.contains(part), "{code} lacks `{part}`");
            }
        }
    }

    #[test]
    fn codes_are_unique_and_in_order() {
        let texts: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let mut sorted = texts.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(texts, sorted);
    }
}
