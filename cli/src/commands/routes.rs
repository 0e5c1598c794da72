//! `bluegate routes`.

use anstyle::{AnsiColor, Style};
use bluegate_core::{
    Amount, Authorization, Backend, Blueprint, Connection, Manners, ParameterForm, RequestParameter, Route,
    ValidateWord, Verb,
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::{Files, Format, Output, Reading};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::inputs::Unset;
use crate::render::{Cell, Table, count};
use crate::terminal::Terminal;

/// Show the routes of a routes file as they will be
///
/// One line per verb and path: the path on the gateway, the path of the service, the types of its parameters, the
/// handler that serves it, who may call it, and how the gateway reaches the service.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(EXAMPLES, "shown", "errors in a file, or a file that cannot be read", &[Exit::Usage]))]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate routes
  bluegate routes --routes api/routes.json | grep AWS_IAM
  bluegate routes --format json | jq '.routes[].gateway_path'

A table that is not shown on a terminal is never cut.";

#[derive(Debug, Serialize)]
pub(super) struct Listing<'a> {
    name: &'a str,
    manners: &'static str,
    routes: Vec<Entry<'a>>,
    preflights: Vec<PreflightEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    verb: &'static str,
    gateway_path: &'a str,
    service_path: &'a str,
    axum_path: &'a str,
    parameters: Vec<ParameterEntry<'a>>,
    resource: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    handler: Option<&'a str>,
    authorization: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    scopes: &'a [String],
    api_key: bool,
    integration: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    backend: Option<&'a str>,
    connection: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpc_link: Option<&'a str>,
    /// The role with which a function or an AWS service is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    /// How long an answer may take, in milliseconds, if the file says it; a text is a variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Value>,
    #[serde(skip_serializing_if = "is_false")]
    streams: bool,
    /// What who answers gets, and where it comes from, as API Gateway spells them.
    #[serde(skip_serializing_if = "Map::is_empty")]
    map: Map<String, Value>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    cache_keys: &'a [String],
    cors: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    query: Vec<RequestEntry<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<RequestEntry<'a>>,
    /// What of requests the gateway checks, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    validate: Option<&'static str>,
    /// The media types of the bodies that it takes, as far as they are declared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    takes: Vec<&'a str>,
    /// The statuses of its answers, as far as they are declared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answers: Vec<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    deprecated: bool,
    #[serde(skip_serializing_if = "is_false")]
    internal: bool,
    operation_id: &'a str,
    pointer: &'a str,
}

/// A parameter of the query string, or a header of requests.
#[derive(Debug, Serialize)]
struct RequestEntry<'a> {
    name: &'a str,
    /// Nothing where the file has a schema.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    required: bool,
}

/// A parameter of the path, with its type as a routes file spells it.
#[derive(Debug, Serialize)]
struct ParameterEntry<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Serialize)]
struct PreflightEntry<'a> {
    gateway_path: &'a str,
    verbs: Vec<&'static str>,
    allow_headers: &'a [String],
    /// Who may call; nothing where all may.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    origins: &'a [String],
    #[serde(skip_serializing_if = "is_false")]
    credentials: bool,
    /// How long browsers may keep the answer, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(yes: &bool) -> bool {
    !yes
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let inputs = args.files.read(Reading::for_readers(Unset::Stays), false, terminal)?;
    terminal.stop_at_errors(&inputs.findings)?;
    let Some(blueprint) = &inputs.blueprint else {
        return Err(Stop::Findings(Box::new(inputs.findings)));
    };
    args.output
        .print_table(&table(blueprint), &listing(blueprint), terminal)?;
    if args.output.format == Format::Text {
        terminal.note(&summary(blueprint));
    }
    Ok(Exit::Done)
}

fn summary(blueprint: &Blueprint) -> String {
    let mut routes = count(blueprint.routes.len(), "route");
    if blueprint.manners != Manners::default() {
        routes += &format!(" with the manners of {}", blueprint.manners.as_str());
    }
    match blueprint.preflights.len() {
        0 => routes,
        preflights => format!(
            "{routes}, and {} that the gateway answers",
            count(preflights, "CORS preflight")
        ),
    }
}

fn resource<'a>(blueprint: &'a Blueprint, route: &Route) -> &'a str {
    blueprint
        .resources
        .get(route.resource)
        .map_or("", |resource| resource.name.as_str())
}

pub(super) fn listing(blueprint: &Blueprint) -> Listing<'_> {
    let entry = |route| entry(blueprint, route);
    Listing {
        name: &blueprint.name,
        manners: blueprint.manners.as_str(),
        routes: blueprint.routes.iter().map(entry).collect(),
        preflights: blueprint
            .preflights
            .iter()
            .map(|preflight| PreflightEntry {
                gateway_path: &preflight.path.gateway,
                verbs: preflight.verbs.iter().map(|verb| verb.as_str()).collect(),
                allow_headers: &preflight.allow_headers,
                origins: &preflight.cors.origins,
                credentials: preflight.cors.credentials,
                max_age: preflight.cors.max_age,
            })
            .collect(),
    }
}

fn first<T>(entries: &[(String, T)]) -> Vec<&str> {
    entries.iter().map(|(name, _)| name.as_str()).collect()
}

fn request_entry(parameter: &RequestParameter) -> RequestEntry<'_> {
    RequestEntry {
        name: &parameter.name,
        kind: match &parameter.form {
            ParameterForm::Typed(converter) => Some(converter.to_string()),
            ParameterForm::Schema(_) => None,
        },
        required: parameter.required,
    }
}

fn amount(amount: &Amount) -> Value {
    amount.number().map_or_else(|| amount.to_string().into(), Value::from)
}

fn entry<'a>(blueprint: &'a Blueprint, route: &'a Route) -> Entry<'a> {
    let contract = route.contract.as_deref();
    let mapping = route.integration.mapping.as_deref();
    let validate = contract.map_or(ValidateWord::None, |contract| contract.validate);
    let mapped = mapping.iter().flat_map(|mapping| &mapping.parameters);
    Entry {
        verb: route.verb.as_str(),
        gateway_path: &route.path.gateway,
        service_path: &route.path.service,
        axum_path: &route.path.axum,
        parameters: parameters(route).collect(),
        resource: resource(blueprint, route),
        handler: route.handler.as_deref(),
        authorization: route.authorization.to_string(),
        scopes: &route.scopes,
        api_key: route.api_key,
        integration: kind(route),
        backend: answerer(route),
        connection: route.integration.connection.as_str(),
        vpc_link: match &route.integration.connection {
            Connection::VpcLink { id, .. } => Some(id),
            Connection::Internet => None,
        },
        role: mapping.and_then(|mapping| mapping.role.as_deref()),
        timeout: mapping.and_then(|mapping| mapping.timeout.as_ref()).map(amount),
        streams: mapping.is_some_and(|mapping| mapping.streams),
        map: mapped.map(|(to, from)| (to.clone(), from.as_str().into())).collect(),
        cache_keys: mapping.map_or(&[], |mapping| &mapping.cache_keys),
        cors: route.cors.is_some(),
        query: contract.map_or_else(Vec::new, |contract| contract.query.iter().map(request_entry).collect()),
        headers: contract.map_or_else(Vec::new, |contract| {
            contract.headers.iter().map(request_entry).collect()
        }),
        validate: (validate != ValidateWord::None).then(|| validate.as_str()),
        takes: contract.map_or_else(Vec::new, |contract| first(&contract.bodies)),
        answers: contract.map_or_else(Vec::new, |contract| first(&contract.answers)),
        deprecated: contract.is_some_and(|contract| contract.deprecated),
        internal: route.docs.is_internal,
        operation_id: &route.docs.operation_id,
        pointer: &route.pointer,
    }
}

fn parameters(route: &Route) -> impl Iterator<Item = ParameterEntry<'_>> {
    route.path.parameters().map(|parameter| ParameterEntry {
        name: &parameter.name,
        kind: parameter.converter.to_string(),
    })
}

/// As API Gateway spells it. Where the service runs is not known here: it is taken for one that is called by its URL.
fn kind(route: &Route) -> &'static str {
    let proxy = route.integration.proxy;
    match &route.integration.backend {
        Backend::Service | Backend::Http { .. } if proxy => "HTTP_PROXY",
        Backend::Service | Backend::Http { .. } => "HTTP",
        Backend::Function(_) if proxy => "AWS_PROXY",
        Backend::Function(_) | Backend::AwsService { .. } => "AWS",
        Backend::Answer => "MOCK",
        Backend::Nobody => "-",
    }
}

/// Who answers, if it is somebody else than the service or the gateway.
fn answerer(route: &Route) -> Option<&str> {
    match &route.integration.backend {
        Backend::Service | Backend::Answer | Backend::Nobody => None,
        Backend::Http { url: name } | Backend::Function(name) | Backend::AwsService { uri: name } => Some(name),
    }
}

/// Who may call, in one cell.
fn access(route: &Route) -> String {
    let mut text = route.authorization.to_string();
    if !route.scopes.is_empty() {
        text.push_str(&format!(" ({})", route.scopes.join(", ")));
    }
    if route.api_key {
        text.push_str(" + KEY");
    }
    text
}

pub(super) fn table(blueprint: &Blueprint) -> Table {
    let mut table = Table::new(&[
        "VERB",
        "GATEWAY",
        "SERVICE",
        "PARAMETERS",
        "HANDLER",
        "AUTH",
        "INTEGRATION",
    ]);
    let dim = Style::new().dimmed();
    for route in &blueprint.routes {
        let parameters: Vec<String> = parameters(route)
            .map(|parameter| format!("{}: {}", parameter.name, parameter.kind))
            .collect();
        let (service, handler) = match &route.handler {
            Some(handler) => (
                route.path.service.as_str(),
                format!("{}::{handler}", resource(blueprint, route)),
            ),
            None => ("-", "-".to_owned()),
        };
        let reach = match (answerer(route), &route.integration.connection) {
            (Some(name), Connection::Internet) => format!(" {name}"),
            (Some(name), Connection::VpcLink { id, .. }) => format!(" VPC_LINK {id} {name}"),
            (None, Connection::VpcLink { id, .. }) => format!(" VPC_LINK {id}"),
            (None, Connection::Internet) if route.handler.is_some() => " INTERNET".to_owned(),
            (None, Connection::Internet) => String::new(),
        };
        table.row(vec![
            Cell::new(route.verb.as_str()).styled(verb_style(route.verb)),
            Cell::new(&route.path.gateway),
            Cell::new(service).styled(dim),
            Cell::new(parameters.join(", ")),
            Cell::new(handler),
            Cell::new(access(route)).styled(match route.authorization {
                Authorization::Public if !route.api_key => AnsiColor::Yellow.on_default(),
                _ => AnsiColor::Green.on_default(),
            }),
            Cell::new(format!("{}{reach}", kind(route))).styled(dim),
        ]);
    }
    table
}

fn verb_style(verb: Verb) -> Style {
    let color = match verb {
        Verb::Get | Verb::Head | Verb::Options => AnsiColor::Blue,
        Verb::Post | Verb::Put | Verb::Patch => AnsiColor::Green,
        Verb::Delete => AnsiColor::Red,
        Verb::Any => AnsiColor::Magenta,
    };
    color.on_default().bold()
}
