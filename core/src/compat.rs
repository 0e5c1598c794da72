//! The document that ct-api-gateway-deployer 1.1.4 writes for the same files, by meaning.
//!
//! It is for teams that switch the tool first and the document later. Nothing of it leads to
//! [`openapi`](crate::openapi): this document has the original's faults on purpose, such as integrations that start
//! with the blueprint's name instead of its prefix.

use std::collections::HashMap;

use crate::aws::Environment;
use crate::blueprint::Authorization;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{
    ActionEntry, AuthorizationWord, AwsFile, CorsEntry, IntegrationWord, MethodEntry, ParameterEntry, RoutesFile,
};
use crate::openapi::{
    Components, Document, Info, Integration, IntegrationResponse, Map, MediaType, Operation, Parameter, PathItem,
    PlainSchema, Response, Schema, Server, ServerVariable,
};
use crate::span::Spanned;

/// The request headers that a preflight allows whatever the file says.
const USUAL_HEADERS: &str = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token";

/// The template that answers get unless `removeDefaultResponseTemplates` is true.
const SAMPLE_TEMPLATE: &str = "#set ($root=$input.path('$')) { \"stage\": \"$root.name\", \"user-id\": \"$root.key\" }";

const EMPTY_SCHEMA: &str = "#/components/schemas/Empty";
const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

/// The original's document.
///
/// `info.version` is the one of the file, else the start of a digest: the original writes the time of day, which no
/// reader can rely on.
///
/// A document is there unless `baseEndpointURL` is missing, which the original needs as well. The texts of the AWS file
/// go into it as they are; what is resolved of them says whether its `basePath` is that of the stage.
#[must_use]
pub fn document(routes: &RoutesFile, aws: &AwsFile, resolved: &Environment) -> Outcome<Document> {
    let mut found = Diagnostics::new();
    let api = &aws.api_gateway;
    let Some(base) = &api.base_endpoint_url else {
        found.push(
            Diagnostic::new(Code::MissingSetting, "the AWS file has no `baseEndpointURL`")
                .at(api.span)
                .with_help("add it: every integration starts with it"),
        );
        return Outcome {
            value: None,
            diagnostics: found,
        };
    };
    let prefixes = routes
        .blueprint
        .resources
        .iter()
        .filter_map(|resource| resource.prefix.as_ref());
    for prefix in prefixes.filter(|prefix| !prefix.trim_end_matches('/').is_empty()) {
        found.push(
            Diagnostic::new(
                Code::UnknownKey,
                "ct-api-gateway-deployer knows no `prefix` of a resource",
            )
            .at(prefix.span)
            .with_help("write it into the paths of the methods, or leave out `--compat`"),
        );
    }
    // An absent text is Python's None, and the document says so.
    let text = |setting: &Option<Spanned<String>>| {
        setting
            .as_ref()
            .map_or_else(|| "None".to_owned(), |setting| setting.value.clone())
    };
    let blueprint = &routes.blueprint;
    let document = Document {
        openapi: "3.0.1".into(),
        info: Info {
            title: text(&api.name),
            ..Info::default()
        },
        servers: vec![Server {
            url: base.value.clone(),
            variables: Map::from_iter([(
                "basePath",
                ServerVariable {
                    default: text(if resolved.is_other_stage { &None } else { &api.base_path }),
                    ..ServerVariable::default()
                },
            )]),
            ..Server::default()
        }],
        paths: paths(routes, &base.value),
        components: Components {
            schemas: Map::from_iter([(
                "Empty",
                Schema::Plain(PlainSchema {
                    title: Some("Empty Schema".into()),
                    kind: Some("object".into()),
                    ..PlainSchema::default()
                }),
            )]),
            security_schemes: crate::openapi::signed_requests(),
            ..Components::default()
        },
        ..Document::default()
    };
    Outcome {
        value: Some(document.versioned(blueprint.version.as_deref())),
        diagnostics: found,
    }
}

/// The paths in the order of the file. Of one verb on one path the last action wins.
fn paths(routes: &RoutesFile, base: &str) -> Map<PathItem> {
    let blueprint = &routes.blueprint;
    let mut paths: Map<PathItem> = Map::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for method in blueprint.resources.iter().flat_map(|resource| &resource.methods) {
        let path = path(method);
        let place = *places.entry(path.clone()).or_insert_with(|| {
            paths.push(path.clone(), PathItem::default());
            paths.len() - 1
        });
        let operations = &mut paths.at(place).operations;
        for action in &method.actions {
            let uri = format!("{base}{}{path}", blueprint.name.value);
            operations.insert(action.verb.written.to_lowercase(), operation(method, action, uri));
        }
        if let Some(cors) = method.cors.as_ref().filter(|cors| cors.enable == Some(true)) {
            operations.insert("options", preflight(cors));
        }
    }
    paths
}

fn parameters(method: &MethodEntry) -> &[ParameterEntry] {
    let list = method.query_params.as_ref().or(method.path_params.as_ref());
    list.map_or(&[], |list| &list.value)
}

/// The path as it is written, and behind it the parameters that are not in it, each behind a slash.
fn path(method: &MethodEntry) -> String {
    let mut path = method.path.value.clone();
    for parameter in parameters(method) {
        let placeholder = format!("{{{}}}", parameter.name.value);
        if !path.contains(&placeholder) {
            path.push('/');
            path.push_str(&placeholder);
        }
    }
    path
}

fn operation(method: &MethodEntry, action: &ActionEntry, uri: String) -> Operation {
    let cors = method.cors.as_ref();
    let crosses_origins = cors.is_some_and(|cors| cors.enable == Some(true));
    let keeps_template = cors.and_then(|cors| cors.remove_default_response_templates) != Some(true);
    let parameters = parameters(method);
    let mut headers = Map::new();
    let mut response_parameters = Map::new();
    if crosses_origins {
        headers.insert(ALLOW_ORIGIN, crate::openapi::text_header());
        response_parameters.insert(crate::openapi::response_header(ALLOW_ORIGIN), "'*'".to_owned());
    }
    let mut response_templates = Map::new();
    if keeps_template {
        response_templates.insert("application/json", SAMPLE_TEMPLATE.into());
    }
    let meaning = action.inherited.authorization.as_ref().map(|word| match word.value {
        AuthorizationWord::AwsIam => Authorization::AwsIam,
        _ => Authorization::Public,
    });
    Operation {
        parameters: parameters
            .iter()
            .map(|parameter| Parameter {
                name: parameter.name.value.clone(),
                location: "path".into(),
                required: true,
                schema: Some(Schema::Plain(PlainSchema::of("string"))),
                ..Parameter::default()
            })
            .collect(),
        security: Some(crate::openapi::security(
            &meaning.unwrap_or(Authorization::Public),
            &[],
            false,
        )),
        responses: Map::from_iter([(
            "200",
            Response {
                description: Some("200 response".into()),
                headers,
                content: empty_content(),
                ..Response::default()
            },
        )]),
        integration: Some(Integration {
            kind: if action.reach.proxy_integration.unwrap_or(true) {
                "HTTP_PROXY"
            } else {
                "HTTP"
            }
            .into(),
            http_method: Some(action.verb.written.clone()),
            uri: Some(uri),
            connection_type: Some(
                action
                    .inherited
                    .integration
                    .as_ref()
                    .map_or(IntegrationWord::Internet, |word| word.value)
                    .as_str()
                    .into(),
            ),
            connection_id: Some(
                action
                    .inherited
                    .vpc_link
                    .as_ref()
                    .map(|link| link.value.clone())
                    .unwrap_or_default(),
            ),
            request_parameters: mappings(parameters),
            responses: Map::from_iter([(
                "default",
                IntegrationResponse {
                    status_code: "200".into(),
                    response_parameters,
                    response_templates,
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Operation::default()
    }
}

fn mappings(parameters: &[ParameterEntry]) -> Map<String> {
    let mut mappings = Map::new();
    for parameter in parameters {
        let name = &parameter.name.value;
        mappings.insert(
            format!("integration.request.path.{name}"),
            format!("method.request.path.{name}"),
        );
    }
    mappings
}

fn preflight(cors: &CorsEntry) -> Operation {
    let mut allowed = USUAL_HEADERS.to_owned();
    for header in cors.allow_headers.iter().flatten() {
        allowed.push(',');
        allowed.push_str(header);
    }
    let values = [
        (ALLOW_ORIGIN, "'*'".to_owned()),
        ("Access-Control-Allow-Methods", "'*'".to_owned()),
        ("Access-Control-Allow-Headers", format!("'{allowed}'")),
    ];
    Operation {
        summary: Some("CORS support".to_owned()),
        description: Some("Enable CORS by returning correct headers".to_owned()),
        tags: vec!["CORS".to_owned()],
        responses: Map::from_iter([(
            "200",
            Response {
                description: Some("Default response for CORS method".into()),
                headers: values
                    .iter()
                    .map(|(header, _)| (*header, crate::openapi::text_header()))
                    .collect(),
                content: empty_content(),
                ..Response::default()
            },
        )]),
        integration: Some(Integration {
            kind: "mock".into(),
            passthrough_behavior: Some("when_no_match".into()),
            request_templates: Map::from_iter([("application/json", "{\"statusCode\": 200}".into())]),
            responses: Map::from_iter([(
                "default",
                IntegrationResponse {
                    status_code: "200".into(),
                    response_parameters: values
                        .into_iter()
                        .map(|(header, value)| (crate::openapi::response_header(header), value))
                        .collect(),
                    ..IntegrationResponse::default()
                },
            )]),
            ..Integration::default()
        }),
        ..Operation::default()
    }
}

fn empty_content() -> Map<MediaType> {
    Map::from_iter([(
        "application/json",
        MediaType {
            schema: Some(Schema::Plain(PlainSchema {
                reference: Some(EMPTY_SCHEMA.into()),
                ..PlainSchema::default()
            })),
            ..MediaType::default()
        },
    )])
}
