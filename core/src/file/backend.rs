//! Who answers beside the service, and how they are called.

use super::raw::{Amount, FileText};
use super::stage::Entries;
use super::words::{ContentHandlingWord, IntegrationWord, PassthroughWord, TransferWord, VerbWord};
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// How an integration is reached.
    pub struct ReachEntry as "the integration" {
        /// The URL that is called.
        optional url("url"): Spanned<String>,
        /// The Lambda function that is called: its name, `name:alias`, or an ARN.
        optional function("function"): Spanned<String>,
        /// The AWS service that is called.
        optional service("service"): AwsServiceEntry,
        /// Whether the gateway passes requests and responses through untouched. Default: true, but for AWS services.
        optional proxy_integration("proxyIntegration"): bool,
        /// How the certificate of the service is looked at.
        optional tls("tls"): TlsEntry,
        /// The ARN of the role with which a function or an AWS service is called.
        optional role("role"): Spanned<String>,
        /// `STREAM`: answers are passed on while they come. Default: `BUFFERED`.
        optional transfer("transfer"): Spanned<TransferWord>,
    }
}

record! {
    /// Somebody who answers beside the service.
    pub struct BackendEntry as "a backend", shown "url"; with reach: ReachEntry {
        /// Over which network the gateway reaches the service. Default: `INTERNET`.
        optional integration("integration"): Spanned<IntegrationWord>,
        /// The id of the VPC link, when `integration` is `VPC_LINK`.
        optional vpc_link("vpcLink"): Spanned<String>,
        /// The ARN of the load balancer behind a VPC link V2.
        optional integration_target("integrationTarget"): Spanned<String>,
        /// How long an answer may take, in milliseconds, from 50 on. Default: that of the action.
        optional timeout("timeout"): Spanned<Amount>,
    }
}

record! {
    /// A call of an AWS service.
    pub struct AwsServiceEntry as "the service", shown "uri" {
        /// The action or path: `arn:aws:apigateway:REGION:s3:path/BUCKET/KEY`.
        required uri("uri"): Spanned<String>,
        /// The verb of the call. Default: that of the action.
        optional method("method"): Spanned<VerbWord>,
    }
}

record! {
    /// How the certificate of a service is looked at.
    pub struct TlsEntry as "the tls section", short "insecureSkipVerification" {
        /// Whether certificates of authorities that API Gateway does not know will do. Default: false.
        optional insecure_skip_verification("insecureSkipVerification"): bool,
    }
}

record! {
    /// An answer that the gateway gives by itself.
    pub struct AnswerEntry as "the answer", short "status" {
        /// Its status. Default: 200.
        optional status("status"): Spanned<Amount>,
        /// Its headers.
        optional headers("headers"): Entries<String>,
        /// Its body, of the media type `application/json`.
        optional body("body"): Spanned<FileText>,
        /// Its body by media type.
        optional templates("templates"): Entries<FileText>,
    }
}

record! {
    /// What becomes of an answer of the service.
    pub struct IntegrationResponseEntry as "an integration response", short "status" {
        /// The status that callers get. Default: 200.
        optional status("status"): Spanned<Amount>,
        /// Headers that callers get, by `header.X`: `header.Y` of the answer, `body…`, `context.…`, or a text in single
        /// quotes.
        optional map("map"): Entries<String>,
        /// Templates for the body, by media type.
        optional templates("templates"): Entries<FileText>,
        /// Whether bytes become text or text bytes.
        optional content_handling("contentHandling"): Spanned<ContentHandlingWord>,
    }
}

record! {
    /// What becomes of requests and answers on the way.
    pub struct MappingEntry as "the mapping" {
        /// Templates for the body of the request, by media type.
        optional request_templates("requestTemplates"): Entries<FileText>,
        /// What happens to bodies without a template: `WHEN_NO_MATCH` (default), `WHEN_NO_TEMPLATES` or `NEVER` are
        /// passed on.
        optional passthrough("passthrough"): Spanned<PassthroughWord>,
        /// Whether bytes of requests become text or text bytes: `CONVERT_TO_TEXT`, `CONVERT_TO_BINARY`.
        optional content_handling("contentHandling"): Spanned<ContentHandlingWord>,
        /// The parameters that tell kept answers apart, such as `query.page`.
        optional cache_keys("cacheKeys"): Vec<Spanned<String>>,
        /// The cache that answers are kept in. Default: one of the path's own.
        optional cache_namespace("cacheNamespace"): Spanned<String>,
        /// Answers of an integration without proxy, by a regular expression for the status or error, or `default`.
        optional integration_responses("integrationResponses"): Entries<IntegrationResponseEntry>,
    }
}
