//! What is said once for the whole API.

use super::reach::{self, short_source};
use super::{Plan, lose, missing, names};
use crate::diagnostic::Diagnostics;
use crate::import::api::{Api, Authorizer, AuthorizerKind, GatewayResponse, Pairs, Proof};
use crate::import::item::{Entries, Item};

/// Names of schemes that are bluegate's own.
const TAKEN: [&str; 4] = ["sigv4", "api_key", "AWS_IAM", "NONE"];

/// The gateway responses that stand for all others of their class.
const DEFAULTS: [&str; 2] = ["DEFAULT_4XX", "DEFAULT_5XX"];

/// How long the answers of authorizers are kept unless something is said, in seconds.
const TTL: &str = "300";

/// The authorizers of a document, by the names they have there and get here.
pub(in crate::import) fn authorizer_names(api: &Api) -> Vec<(&str, String)> {
    let mut made: Vec<(&str, String)> = Vec::new();
    for scheme in &api.schemes {
        if matches!(scheme.proof, Proof::Authorizer(_)) {
            let fits = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
            let name = scheme.name.trim_matches(|c| !fits(c));
            let name = name.replace(|c| !fits(c), "_");
            let name = if name.is_empty() { "authorizer".to_owned() } else { name };
            let is_taken =
                |name: &str| TAKEN.contains(&name) || name == "NONE" || made.iter().any(|(_, taken)| taken == name);
            let name = names::unique(&name, is_taken);
            made.push((&scheme.name, name));
        }
    }
    made
}

impl Plan<'_> {
    /// The keys of the blueprint before its backends.
    pub(super) fn settings(&self, api: &Api, found: &mut Diagnostics) -> Entries {
        let mut blueprint = Entries::default();
        let name = names::api(&api.title);
        blueprint.put("name", Item::text(&name));
        // Without one the API keeps the name that it has.
        blueprint.text("title", Some(api.title.as_str()).filter(|title| *title != name));
        if let Some(super::Backend::Http { base, .. }) = &self.service {
            blueprint.text(
                "url_prefix",
                Some(reach::split(base).1).filter(|prefix| !prefix.is_empty()),
            );
        }
        blueprint.text("description", api.description.as_deref());
        blueprint.text("version", api.version.as_deref());
        let authorizers = api.schemes.iter().filter_map(|scheme| match &scheme.proof {
            Proof::Authorizer(authorizer) => {
                let (_, name) = self.authorizers.iter().find(|(known, _)| *known == scheme.name)?;
                Some((name.clone(), authorizer_item(name, authorizer)))
            }
            _ => None,
        });
        blueprint.fill("authorizers", Item::Map(authorizers.collect()));
        blueprint.fill("binaryMediaTypes", Item::texts(api.binary_media_types.clone()));
        blueprint.put(
            "minimumCompressionSize",
            api.minimum_compression_size.as_deref().map(Item::number),
        );
        let source = api.api_key_source.as_deref().map(str::to_uppercase);
        blueprint.text("apiKeySource", source.as_deref().filter(|source| *source != "HEADER"));
        if let Some((name, _)) = self.authorizers.iter().find(|(known, name)| known != name) {
            let scheme = api.schemes.iter().find(|scheme| scheme.name == *name);
            let message = format!("the authorizer `{name}` gets another name: its own cannot stand in a routes file");
            super::ignore(found, scheme.map(|scheme| scheme.span).unwrap_or_default(), message);
        }
        blueprint
    }

    /// Placeholders for user pools that the document does not name.
    pub(super) fn open_pools(&self, api: &Api, found: &mut Diagnostics) -> Vec<String> {
        let mut open = Vec::new();
        for scheme in &api.schemes {
            let Proof::Authorizer(authorizer) = &scheme.proof else {
                continue;
            };
            let name = self.authorizers.iter().find(|(known, _)| *known == scheme.name);
            if let (AuthorizerKind::Cognito { pools }, Some((_, name))) = (&authorizer.kind, name)
                && pools.is_empty()
            {
                let message = format!("the authorizer `{name}` has no user pools: a variable waits for the ARN of one");
                lose(found, scheme.span, message);
                open.push(open_pool(name));
            }
        }
        open
    }

    /// What is long and looked up: it stands behind the routes.
    pub(super) fn shapes(&self, blueprint: &mut Entries, api: &Api) {
        let responses = api.gateway_responses.iter();
        let responses = responses.map(|(kind, response)| (kind.clone(), response_item(response)));
        let mut responses: Vec<(String, Item)> = responses.collect();
        if !self.preflights.is_empty() {
            // Those that CORS would add: they are not the API's yet.
            for kind in DEFAULTS {
                if !responses.iter().any(|(known, _)| known == kind) {
                    responses.push((kind.to_owned(), Item::Map(Vec::new())));
                }
            }
            // What CORS writes by itself.
            let is_open = |(_, cors): &(&str, Item)| cors.get("origins").is_none();
            let is_made = self.preflights.iter().any(is_open);
            responses.retain(|(kind, response)| {
                !is_made
                    || !DEFAULTS.contains(&kind.as_str())
                    || response.compact() != "{\"headers\": {\"Access-Control-Allow-Origin\": \"'*'\"}}"
            });
        }
        blueprint.fill("gatewayResponses", Item::Map(responses));
        blueprint.put("policy", api.policy.clone());
        let (mut models, mut patches) = (Vec::new(), Entries::default());
        for (name, schema) in &api.models {
            let (schema, patch) = missing::split(schema);
            models.push((name.clone(), schema));
            patches.put(name, patch);
        }
        blueprint.fill("models", Item::Map(models));
        let mut raw = Entries(api.raw.clone());
        if !patches.0.is_empty() {
            let schemas = Item::Map(vec![("schemas".into(), patches.item())]);
            raw.put("components", schemas);
        }
        blueprint.fill("openapi", raw.item());
    }
}

/// What stands for a user pool that nobody named.
fn open_pool(authorizer: &str) -> String {
    format!("${{{authorizer}.userPool}}")
}

fn authorizer_item(name: &str, authorizer: &Authorizer) -> Item {
    let mut entries = Entries::default();
    let header = || Some(authorizer.header.as_str()).filter(|name| !name.eq_ignore_ascii_case("Authorization"));
    match &authorizer.kind {
        AuthorizerKind::Cognito { pools } => {
            entries.put("type", Item::text("COGNITO"));
            // Somebody adds them when the API is deployed.
            let unknown = [open_pool(name)];
            let pools = if pools.is_empty() { &unknown[..] } else { pools };
            entries.put("userPools", Item::texts(pools));
            entries.text("header", header());
        }
        AuthorizerKind::Token { uri } => {
            entries.put("type", Item::text("LAMBDA_TOKEN"));
            entries.put("function", Item::text(reach::function(uri)));
            entries.text("header", header());
        }
        AuthorizerKind::Request { uri } => {
            entries.put("type", Item::text("LAMBDA"));
            entries.put("function", Item::text(reach::function(uri)));
            entries.put(
                "identity",
                Item::texts(authorizer.identity.iter().map(|source| short_source(source))),
            );
        }
    }
    if !matches!(authorizer.kind, AuthorizerKind::Request { .. }) {
        entries.text("pattern", authorizer.pattern.as_deref());
    }
    let ttl = authorizer.ttl.as_deref().filter(|ttl| *ttl != TTL);
    entries.put("ttl", ttl.map(Item::number));
    entries.text("role", authorizer.role.as_deref());
    entries.item()
}

fn response_item(response: &GatewayResponse) -> Item {
    let mut entries = Entries::default();
    entries.put("status", response.status.as_deref().map(Item::number));
    let (mut headers, mut others) = (Vec::new(), Vec::new());
    for (name, value) in &response.parameters {
        let header = name
            .get(..HEADER.len())
            .filter(|start| start.eq_ignore_ascii_case(HEADER))
            .map(|_| &name[HEADER.len()..]);
        match header {
            Some(header) => headers.push((header.to_owned(), Item::text(value))),
            None => others.push((name.clone(), Item::text(value))),
        }
    }
    entries.fill("headers", Item::Map(headers));
    entries.fill("parameters", Item::Map(others));
    entries.fill("templates", templates(&response.templates));
    entries.item()
}

const HEADER: &str = "gatewayresponse.header.";

/// Templates by media type.
pub(super) fn templates(pairs: &Pairs) -> Item {
    let entries = pairs.iter().map(|(media, text)| (media.clone(), Item::text(text)));
    Item::Map(entries.collect())
}

/// How the API is reached, for the AWS file.
pub(super) fn endpoint(api: &Api) -> Item {
    let mut entries = Entries::default();
    let endpoint = &api.endpoint;
    entries.put(
        "disableExecuteApiEndpoint",
        endpoint.is_disabled.then_some(Item::Bool(true)),
    );
    entries.fill("vpcEndpointIds", Item::texts(endpoint.vpc_endpoint_ids.clone()));
    entries.text("securityPolicy", api.security_policy.as_deref());
    entries.text("accessMode", api.access_mode.as_deref());
    entries.item()
}
