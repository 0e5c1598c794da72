//! What operations take besides ids, which may be any texts: a row for each, as the model of the service has it. How a
//! call is held against its row stands in `shapes`.

use bluegate_core::GATEWAY_RESPONSES;
use bluegate_core::gateway::settings::{ACCESS_MODES, ADDRESSES, KEY_SOURCES, KINDS as ENDPOINTS};
use bluegate_core::gateway::stage::CACHE_SIZES;

use super::patch::Op;
use super::shapes::{Member, Shape, Statuses, may, must, path, query};
use super::{authorizers, documentation, domains, integrations};

use Shape::{Entries, Flag, List, OneOf, Real, Structure, Text, Whole};

const TEXTS: Shape = List(&Text);
const NAMED: Shape = Entries(&Text);
const FLAGS: Shape = Entries(&Flag);
const LISTS: Shape = Entries(&TEXTS);

const STATUS: Shape = Shape::Status(Statuses::One);
const MODE: Member = query(may("mode", OneOf(&["merge", "overwrite"])));
const OWNER: Member = query(may("resourceOwner", OneOf(&["SELF", "OTHER_ACCOUNTS"])));
const SECURITY_POLICY: Member = may("securityPolicy", OneOf(&domains::SECURITY_POLICIES));
const ACCESS_MODE: Member = may("endpointAccessMode", OneOf(&ACCESS_MODES));
const ENDPOINT: Member = may(
    "endpointConfiguration",
    Structure(&[
        may("types", List(&OneOf(&ENDPOINTS))),
        may("ipAddressType", OneOf(&ADDRESSES)),
        may("vpcEndpointIds", TEXTS),
    ]),
);
const CANARY: Member = may(
    "canarySettings",
    Structure(&[
        may("percentTraffic", Real),
        may("deploymentId", Text),
        may("stageVariableOverrides", NAMED),
        may("useStageCache", Flag),
    ]),
);
const CACHE_SIZE: Member = may("cacheClusterSize", OneOf(&CACHE_SIZES));
const CONTENT_HANDLING: Member = may("contentHandling", OneOf(&integrations::CONTENT_HANDLINGS));
const THROTTLE: Shape = Structure(&[may("burstLimit", Whole), may("rateLimit", Real)]);
const STATUS_AT_END: Member = path(3, "statusCode", STATUS);
const RESPONSE_TYPE: Member = path(1, "responseType", OneOf(&RESPONSE_TYPES));
const TAGS: Member = may("tags", NAMED);

const RESPONSE_TYPES: [&str; GATEWAY_RESPONSES.len()] = {
    let mut names = [""; GATEWAY_RESPONSES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = GATEWAY_RESPONSES[at].0;
        at += 1;
    }
    names
};

const OPS: [&str; Op::NAMES.len()] = {
    let mut names = [""; Op::NAMES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = Op::NAMES[at].0;
        at += 1;
    }
    names
};

/// What every operation takes that changes something by a patch.
const PATCH: Member = may(
    "patchOperations",
    List(&Structure(&[
        must("op", OneOf(&OPS)),
        may("path", Text),
        may("value", Text),
        may("from", Text),
    ])),
);

/// What an operation takes.
pub(super) fn of(operation: &str) -> impl Iterator<Item = &'static Member> + Clone {
    let row = INPUTS.iter().find(|(name, _)| *name == operation);
    let patch = operation.starts_with("Update").then_some(&PATCH);
    let members = row.into_iter().flat_map(|(_, members)| *members);
    patch.into_iter().chain(members)
}

/// Members of the body first, and those that the query or the path has behind them.
const INPUTS: &[(&str, &[Member])] = &[
    (
        "CreateApiKey",
        &[
            may("name", Text),
            may("description", Text),
            may("enabled", Flag),
            may("generateDistinctId", Flag),
            may("value", Text),
            may(
                "stageKeys",
                List(&Structure(&[may("restApiId", Text), may("stageName", Text)])),
            ),
            may("customerId", Text),
            TAGS,
        ],
    ),
    ("ImportApiKeys", &[query(must("format", OneOf(&["csv"])))]),
    (
        "CreateAuthorizer",
        &[
            must("name", Text),
            must("type", OneOf(&authorizers::KINDS)),
            may("providerARNs", TEXTS),
            may("authType", Text),
            may("authorizerUri", Text),
            may("authorizerCredentials", Text),
            may("identitySource", Text),
            may("identityValidationExpression", Text),
            may("authorizerResultTtlInSeconds", Whole),
            may("jwtConfiguration", Structure(&[])),
        ],
    ),
    (
        "CreateBasePathMapping",
        &[may("basePath", Text), must("restApiId", Text), may("stage", Text)],
    ),
    (
        "CreateDeployment",
        &[
            may("stageName", Text),
            may("stageDescription", Text),
            may("description", Text),
            may("cacheClusterEnabled", Flag),
            CACHE_SIZE,
            may("variables", NAMED),
            CANARY,
            may("tracingEnabled", Flag),
        ],
    ),
    (
        "CreateDocumentationPart",
        &[
            must(
                "location",
                Structure(&[
                    must("type", OneOf(&documentation::KINDS)),
                    may("path", Text),
                    may("method", Text),
                    may("statusCode", Shape::Status(Statuses::Any)),
                    may("name", Text),
                ]),
            ),
            must("properties", Text),
        ],
    ),
    (
        "GetDocumentationParts",
        &[
            query(may("type", OneOf(&documentation::KINDS))),
            query(may("locationStatus", OneOf(&["DOCUMENTED", "UNDOCUMENTED"]))),
        ],
    ),
    ("ImportDocumentationParts", &[MODE]),
    (
        "CreateDocumentationVersion",
        &[
            must("documentationVersion", Text),
            may("stageName", Text),
            may("description", Text),
        ],
    ),
    (
        "CreateDomainName",
        &[
            must("domainName", Text),
            may("certificateName", Text),
            may("certificateBody", Text),
            may("certificatePrivateKey", Text),
            may("certificateChain", Text),
            may("certificateArn", Text),
            may("regionalCertificateName", Text),
            may("regionalCertificateArn", Text),
            ENDPOINT,
            TAGS,
            SECURITY_POLICY,
            ACCESS_MODE,
            may(
                "mutualTlsAuthentication",
                Structure(&[may("truststoreUri", Text), may("truststoreVersion", Text)]),
            ),
            may("ownershipVerificationCertificateArn", Text),
            may("policy", Text),
            may("routingMode", OneOf(&domains::ROUTING_MODES)),
        ],
    ),
    ("GetDomainNames", &[OWNER]),
    (
        "CreateDomainNameAccessAssociation",
        &[
            must("domainNameArn", Text),
            must("accessAssociationSourceType", OneOf(&["VPCE"])),
            must("accessAssociationSource", Text),
            TAGS,
        ],
    ),
    ("GetDomainNameAccessAssociations", &[OWNER]),
    (
        "RejectDomainNameAccessAssociation",
        &[
            query(must("domainNameAccessAssociationArn", Text)),
            query(must("domainNameArn", Text)),
        ],
    ),
    ("GenerateClientCertificate", &[may("description", Text), TAGS]),
    (
        "CreateModel",
        &[
            must("name", Text),
            may("description", Text),
            may("schema", Text),
            must("contentType", Text),
        ],
    ),
    (
        "CreateRequestValidator",
        &[
            may("name", Text),
            may("validateRequestBody", Flag),
            may("validateRequestParameters", Flag),
        ],
    ),
    ("CreateResource", &[must("pathPart", Text)]),
    (
        "CreateRestApi",
        &[
            must("name", Text),
            may("description", Text),
            may("version", Text),
            may("cloneFrom", Text),
            may("binaryMediaTypes", TEXTS),
            may("minimumCompressionSize", Whole),
            may("apiKeySource", OneOf(&KEY_SOURCES)),
            ENDPOINT,
            may("policy", Text),
            TAGS,
            may("disableExecuteApiEndpoint", Flag),
            SECURITY_POLICY,
            ACCESS_MODE,
        ],
    ),
    ("PutRestApi", &[MODE]),
    (
        "CreateStage",
        &[
            must("stageName", Text),
            must("deploymentId", Text),
            may("description", Text),
            may("cacheClusterEnabled", Flag),
            CACHE_SIZE,
            may("variables", NAMED),
            may("documentationVersion", Text),
            CANARY,
            may("tracingEnabled", Flag),
            TAGS,
        ],
    ),
    (
        "CreateUsagePlan",
        &[
            must("name", Text),
            may("description", Text),
            may(
                "apiStages",
                List(&Structure(&[
                    may("apiId", Text),
                    may("stage", Text),
                    may("throttle", Entries(&THROTTLE)),
                ])),
            ),
            may("throttle", THROTTLE),
            may(
                "quota",
                Structure(&[
                    may("limit", Whole),
                    may("offset", Whole),
                    may("period", OneOf(&["DAY", "WEEK", "MONTH"])),
                ]),
            ),
            TAGS,
        ],
    ),
    (
        "GetUsage",
        &[query(must("startDate", Text)), query(must("endDate", Text))],
    ),
    ("CreateUsagePlanKey", &[must("keyId", Text), must("keyType", Text)]),
    (
        "CreateVpcLink",
        &[
            must("name", Text),
            may("description", Text),
            must("targetArns", TEXTS),
            TAGS,
        ],
    ),
    (
        "PutGatewayResponse",
        &[
            may("statusCode", STATUS),
            may("responseParameters", NAMED),
            may("responseTemplates", NAMED),
            RESPONSE_TYPE,
        ],
    ),
    ("GetGatewayResponse", &[RESPONSE_TYPE]),
    ("UpdateGatewayResponse", &[RESPONSE_TYPE]),
    ("DeleteGatewayResponse", &[RESPONSE_TYPE]),
    (
        "PutIntegration",
        &[
            must("type", OneOf(&integrations::KINDS)),
            may("httpMethod", Text),
            may("integrationHttpMethod", Text),
            may("uri", Text),
            may("connectionType", OneOf(&integrations::CONNECTIONS)),
            may("connectionId", Text),
            may("credentials", Text),
            may("requestParameters", NAMED),
            may("requestTemplates", NAMED),
            may("passthroughBehavior", Text),
            may("cacheNamespace", Text),
            may("cacheKeyParameters", TEXTS),
            CONTENT_HANDLING,
            may("timeoutInMillis", Whole),
            may("tlsConfig", Structure(&[may("insecureSkipVerification", Flag)])),
            may("responseTransferMode", OneOf(&integrations::TRANSFERS)),
            may("integrationTarget", Text),
        ],
    ),
    ("GetIntegrationResponse", &[STATUS_AT_END]),
    (
        "PutIntegrationResponse",
        &[
            may("selectionPattern", Text),
            may("responseParameters", NAMED),
            may("responseTemplates", NAMED),
            CONTENT_HANDLING,
            STATUS_AT_END,
        ],
    ),
    ("UpdateIntegrationResponse", &[STATUS_AT_END]),
    ("DeleteIntegrationResponse", &[STATUS_AT_END]),
    (
        "PutMethod",
        &[
            must("authorizationType", Text),
            may("authorizerId", Text),
            may("apiKeyRequired", Flag),
            may("operationName", Text),
            may("requestParameters", FLAGS),
            may("requestModels", NAMED),
            may("requestValidatorId", Text),
            may("authorizationScopes", TEXTS),
        ],
    ),
    ("GetMethodResponse", &[STATUS_AT_END]),
    (
        "PutMethodResponse",
        &[
            may("responseParameters", FLAGS),
            may("responseModels", NAMED),
            STATUS_AT_END,
        ],
    ),
    ("UpdateMethodResponse", &[STATUS_AT_END]),
    ("DeleteMethodResponse", &[STATUS_AT_END]),
    (
        "AddPermission",
        &[
            must("StatementId", Text),
            must("Action", Text),
            must("Principal", Text),
            may("SourceArn", Text),
            may("SourceAccount", Text),
        ],
    ),
    ("TagResource", &[must("tags", NAMED)]),
    ("UntagResource", &[query(must("tagKeys", Text))]),
    (
        "TestInvokeAuthorizer",
        &[
            may("headers", NAMED),
            may("multiValueHeaders", LISTS),
            may("pathWithQueryString", Text),
            may("body", Text),
            may("stageVariables", NAMED),
            may("additionalContext", NAMED),
        ],
    ),
    (
        "TestInvokeMethod",
        &[
            may("pathWithQueryString", Text),
            may("body", Text),
            may("headers", NAMED),
            may("multiValueHeaders", LISTS),
            may("clientCertificateId", Text),
            may("stageVariables", NAMED),
        ],
    ),
];
