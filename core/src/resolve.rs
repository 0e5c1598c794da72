//! What a routes file means: defaults applied, paths composed, parameters typed, handlers named.
//!
//! This is the only place that joins a path or applies a default.

mod docs;
mod foreign;
mod path;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::blueprint::{
    Authorization, Blueprint, Connection, Cors, Integration, Preflight, Resource, Route, RoutePath, Verb,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{ActionEntry, AuthorizationWord, CorsEntry, IntegrationWord, MethodEntry, ResourceEntry, RoutesFile};
use crate::lint;
use crate::reference::References;
use crate::span::{Span, Spanned};

/// How strictly a file is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As API Gateway and axum need it.
    #[default]
    Strict,
    /// As ct-api-gateway-deployer took it: what only API Gateway or axum would refuse is a warning.
    Compat,
}

/// Computes the [`Blueprint`] of a routes file and checks it against what API Gateway and axum take.
///
/// The blueprint is there even if there are errors; it then lacks what the errors are about.
#[must_use]
pub fn resolve(file: &RoutesFile, mode: Mode) -> Outcome<Blueprint> {
    resolve_after(file, mode, false)
}

/// The same for a file that is known to have errors already: it may lack what they are about.
pub(crate) fn resolve_after(file: &RoutesFile, mode: Mode, incomplete: bool) -> Outcome<Blueprint> {
    let mut found = Diagnostics::new();
    let blueprint = Resolver {
        mode,
        incomplete,
        found: &mut found,
        prefix: String::new(),
        prefix_segments: 0,
        without_proxy: Vec::new(),
    }
    .blueprint(file);
    lint::check(&blueprint, file.blueprint.name.span, incomplete, &mut found);
    if mode == Mode::Compat {
        found = lint::tolerate_as_the_original(&found);
    }
    Outcome {
        value: Some(blueprint),
        diagnostics: found.finish(),
    }
}

struct Resolver<'a> {
    mode: Mode,
    /// Entries with errors were left out: an empty list need not be empty in the file.
    incomplete: bool,
    found: &'a mut Diagnostics,
    prefix: String,
    prefix_segments: usize,
    /// The actions whose integrations are no proxies.
    without_proxy: Vec<Span>,
}

/// The keys of a method without which its path is not known.
const PARAMETERS: [&str; 2] = ["pathParams", "queryParams"];

impl Resolver<'_> {
    fn blueprint(mut self, file: &RoutesFile) -> Blueprint {
        let entry = &file.blueprint;
        if entry.name.trim().is_empty() && !entry.faulty.contains(&"name") {
            self.found.push(
                Diagnostic::new(Code::EmptyName, "the blueprint's name is empty")
                    .at(entry.name.span)
                    .with_help("give the API a name, such as `\"name\": \"shop\"`"),
            );
        }
        if let Some(written) = &entry.url_prefix {
            let segments = path::prefix(written, self.found);
            self.prefix_segments = segments.len();
            for segment in segments {
                self.prefix.push('/');
                self.prefix.push_str(&segment);
            }
        }
        let is_seed = entry.resources.iter().any(|entry| entry.flask.is_some());
        let mut resources: Vec<Resource> = Vec::new();
        let mut by_name: HashMap<String, usize> = HashMap::new();
        let mut routes = Vec::new();
        let mut methods: Vec<(Arc<RoutePath>, Option<Arc<Cors>>)> = Vec::new();
        for (number, entry) in entry.resources.iter().enumerate() {
            let resource = self.resource(entry, &mut resources, &mut by_name);
            let strict_slashes = self.strict_slashes(entry);
            for (method_number, method) in entry.methods.iter().enumerate() {
                let path = path::compose(method, &self.prefix, self.prefix_segments, is_seed, self.found)
                    .filter(|_| !PARAMETERS.iter().any(|key| method.faulty.contains(key)))
                    .map(Arc::new);
                let cors = method.cors.as_ref().and_then(|cors| self.cors(cors)).map(Arc::new);
                if let Some(path) = &path {
                    methods.push((Arc::clone(path), cors.clone()));
                }
                self.actions(method, |resolver, action_number, action| {
                    // Everything is looked at, whatever is wrong around it: one run tells all.
                    let handler = resolver.handler(action);
                    let authorization = resolver.authorization(action);
                    let integration = resolver.integration(action);
                    routes.push(Route {
                        resource: resource?,
                        verb: action.verb.verb,
                        handler: handler?,
                        path: Arc::clone(path.as_ref()?),
                        strict_slashes,
                        authorization,
                        cors: cors.clone(),
                        integration: integration?,
                        docs: docs::written(action),
                        span: action.span,
                        pointer: format!(
                            "/blueprint/resources/{number}/methods/{method_number}/actions/{action_number}"
                        ),
                    });
                    Some(())
                });
            }
        }
        self.dropped_queries();
        docs::complete(&mut routes, &entry.resources, self.found);
        let preflights = self.preflights(&methods, &routes);
        Blueprint {
            name: entry.name.value.clone(),
            title: entry.title.clone(),
            description: entry.description.clone(),
            version: entry.version.clone(),
            url_prefix: self.prefix,
            resources,
            paths: methods.into_iter().map(|(path, _)| path).collect(),
            routes,
            preflights,
        }
    }

    /// The index of the resource that an entry belongs to. Entries of one name are one resource.
    fn resource(
        &mut self,
        entry: &ResourceEntry,
        resources: &mut Vec<Resource>,
        by_name: &mut HashMap<String, usize>,
    ) -> Option<usize> {
        let class = entry
            .axum
            .as_ref()
            .or(entry.flask.as_ref())
            .and_then(|service| service.resource_class.as_ref());
        let Some(name) = entry.name.as_ref().or(class) else {
            if ["name", "axum", "flask"].iter().any(|key| entry.faulty.contains(key)) {
                return None;
            }
            self.found.push(
                Diagnostic::new(Code::MissingKey, "a resource has no `name`")
                    .at(entry.span.head())
                    .with_help("add `\"name\": …`: the name that `#[resource(name = \"…\")]` repeats"),
            );
            return None;
        };
        if name.trim().is_empty() {
            self.found.push(
                Diagnostic::new(Code::EmptyName, "the resource's name is empty")
                    .at(name.span)
                    .with_help("give it the name that `#[resource(name = \"…\")]` repeats"),
            );
            return None;
        }
        Some(*by_name.entry(name.value.clone()).or_insert_with(|| {
            resources.push(Resource {
                name: name.value.clone(),
                span: name.span,
            });
            resources.len() - 1
        }))
    }

    fn strict_slashes(&mut self, entry: &ResourceEntry) -> bool {
        if let (Some(axum), Some(flask)) = (&entry.axum, &entry.flask) {
            self.found.push(
                Diagnostic::new(Code::KeyConflict, "a resource has both `axum` and `flask`")
                    .at(flask.span.head())
                    .with_note("the other one is here", axum.span.head())
                    .with_help("keep one: they are two names for the same section"),
            );
        }
        entry
            .axum
            .as_ref()
            .or(entry.flask.as_ref())
            .and_then(|service| service.strict_slashes)
            .unwrap_or(true)
    }

    /// Runs through the actions of a method and says so when there are none.
    fn actions(&mut self, method: &MethodEntry, mut each: impl FnMut(&mut Self, usize, &ActionEntry) -> Option<()>) {
        if method.actions.is_empty() && !self.incomplete {
            self.found.push(
                Diagnostic::new(
                    Code::MethodWithoutActions,
                    format!("the path `{}` has no actions: nothing answers it", method.path.value),
                )
                .at(method.path.span)
                .with_help("add an action, such as `{\"type\": \"GET\"}`, or remove the path"),
            );
        }
        for (number, action) in method.actions.iter().enumerate() {
            // A refused action was reported; the others still count.
            let _ = each(self, number, action);
        }
    }

    fn handler(&mut self, action: &ActionEntry) -> Option<String> {
        let Some(handler) = &action.handler else {
            return Some(action.verb.verb.lower().to_owned());
        };
        if is_identifier(handler) {
            return Some(handler.value.clone());
        }
        self.found.push(
            Diagnostic::new(
                Code::HandlerName,
                format!(
                    "the handler `{}` is no name of a Rust method",
                    crate::decode::shortened(handler)
                ),
            )
            .at(handler.span)
            .with_help("write the method's name alone, such as `\"list\"`"),
        );
        None
    }

    fn authorization(&mut self, action: &ActionEntry) -> Authorization {
        let Some(word) = &action.authorization else {
            return Authorization::Public;
        };
        if word.value == AuthorizationWord::Empty {
            // An empty word says neither "signed" nor "public": nobody may guess which one is meant.
            let unclear = Diagnostic::new(Code::UnknownValue, "the authorization is empty")
                .at(word.span)
                .with_help("write `\"AWS_IAM\"`, or `null` for a public route");
            self.found.push(if self.mode == Mode::Compat {
                unclear.as_warning()
            } else {
                unclear
            });
        }
        word.value.meaning()
    }

    fn integration(&mut self, action: &ActionEntry) -> Option<Integration> {
        let proxy = action.proxy_integration.unwrap_or(true);
        if !proxy {
            self.without_proxy.push(action.span);
        }
        let link = action.vpc_link.as_ref().filter(|link| !link.is_empty());
        if ["integration", "vpcLink"].iter().any(|key| action.faulty.contains(key)) {
            return None;
        }
        let word = action.integration.as_ref().map(|word| (word.value, word.span));
        let connection = match (word, link) {
            (Some((IntegrationWord::VpcLink, span)), None) => {
                self.found.push(
                    Diagnostic::new(
                        Code::MissingVpcLink,
                        "the integration is `VPC_LINK`, but `vpcLink` is missing",
                    )
                    .at(span)
                    .with_help("add `\"vpcLink\": \"<id of the VPC link>\"`, or write `\"INTERNET\"`"),
                );
                return None;
            }
            (Some((IntegrationWord::VpcLink, _)), Some(link)) => {
                self.link(link);
                Connection::VpcLink { id: link.value.clone() }
            }
            (_, link) => {
                if let Some(link) = link {
                    self.found.push(
                        Diagnostic::new(
                            Code::UnusedVpcLink,
                            "`vpcLink` is ignored: the integration is `INTERNET`",
                        )
                        .at(link.span)
                        .with_help("write `\"integration\": \"VPC_LINK\"`, or remove `vpcLink`"),
                    );
                }
                Connection::Internet
            }
        };
        Some(Integration { connection, proxy })
    }

    /// One finding for all of them: it is mostly a decision about the whole API.
    fn dropped_queries(&mut self) {
        let Some((first, others)) = self.without_proxy.split_first() else {
            return;
        };
        let message = "without a proxy integration neither the query string nor headers of a request reach the service";
        let mut found = Diagnostic::new(Code::DroppedQuery, message)
            .at(*first)
            .with_help("remove `\"proxyIntegration\": false` unless the handlers need nothing but path and body");
        if let Some(last) = others.last() {
            found = found.with_note(format!("so it is with {} more, down to this one", others.len()), *last);
        }
        self.found.push(found);
    }

    /// The id of a link, or a stage variable that holds it.
    fn link(&mut self, link: &Spanned<String>) {
        let references = References::of(link);
        let flaws = references.flaws.iter().map(|flaw| {
            let code = if flaw.is_bare { Code::VpcLinkId } else { Code::Reference };
            Diagnostic::new(code, format!("`vpcLink` {}", flaw.message)).with_help(flaw.help.clone())
        });
        let mut found: Vec<Diagnostic> = flaws.collect();
        if found.is_empty() && !references.is_whole && !is_link_id(link) {
            let shown = crate::decode::shortened(link);
            let (what, help) = if is_id_of_ec2(link) {
                (
                    "the id of something else than a VPC link",
                    "`aws apigateway get-vpc-links` shows the ids of links, such as `abc123`",
                )
            } else {
                (
                    "no id of a VPC link",
                    "write the link's id, such as `abc123`, or `${stageVariables.name}`",
                )
            };
            found.push(Diagnostic::new(Code::VpcLinkId, format!("`{shown}` is {what}")).with_help(help));
        }
        for one in found {
            self.found.push(one.at(link.span));
        }
    }

    fn cors(&mut self, entry: &CorsEntry) -> Option<Cors> {
        if entry.enable != Some(true) && !entry.faulty.contains(&"enable") {
            return None;
        }
        let mut allow_headers: Vec<String> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for header in entry.allow_headers.iter().flatten() {
            if header.trim().is_empty() {
                self.found.push(
                    Diagnostic::new(Code::EmptyHeaderName, "an empty header name is left out")
                        .at(header.span)
                        .with_help("write an empty list: `\"allowHeaders\": []`"),
                );
                continue;
            }
            if !is_header_name(header) {
                self.found.push(
                    Diagnostic::new(
                        Code::HeaderName,
                        format!("`{}` is no header name", crate::decode::shortened(header)),
                    )
                    .at(header.span)
                    .with_help("a header name is made of letters, digits and `-`, one name an entry"),
                );
                continue;
            }
            if known.insert(header.to_ascii_lowercase()) {
                allow_headers.push(header.value.clone());
            }
        }
        Some(Cors { allow_headers })
    }

    /// One preflight a path: methods of the file that share a path share what their preflight allows.
    fn preflights(&mut self, methods: &[(Arc<RoutePath>, Option<Arc<Cors>>)], routes: &[Route]) -> Vec<Preflight> {
        let mut by_path: HashMap<&str, usize> = HashMap::new();
        let mut preflights: Vec<Preflight> = Vec::new();
        let mut known: HashSet<(usize, String)> = HashSet::new();
        for (path, cors) in methods {
            let Some(cors) = cors else { continue };
            let index = *by_path.entry(&path.gateway).or_insert_with(|| {
                preflights.push(Preflight {
                    path: Arc::clone(path),
                    verbs: Vec::new(),
                    allow_headers: Vec::new(),
                });
                preflights.len() - 1
            });
            for header in &cors.allow_headers {
                if known.insert((index, header.to_ascii_lowercase())) {
                    preflights[index].allow_headers.push(header.clone());
                }
            }
        }
        let mut own = vec![false; preflights.len()];
        for route in routes {
            let Some(&index) = by_path.get(route.path.gateway.as_str()) else {
                continue;
            };
            if route.verb == Verb::Options {
                own[index] = true;
                let path = &route.path.gateway;
                let (message, help) = match route.authorization {
                    // https://fetch.spec.whatwg.org/#cors-preflight-fetch: without credentials.
                    Authorization::AwsIam => (
                        format!(
                            "the OPTIONS action of `{path}` wants signed requests, but browsers do not sign preflights"
                        ),
                        "every preflight is answered with 403: remove the action to let the gateway answer, or its \
                         `authorization`",
                    ),
                    Authorization::Public => (
                        format!("the OPTIONS action answers the CORS preflight of `{path}`"),
                        "its handler has to send the CORS headers; remove the action to let the gateway answer",
                    ),
                };
                let found = Diagnostic::new(Code::OwnPreflight, message);
                self.found.push(found.at(route.span).with_help(help));
            } else if route.cors.is_some() {
                preflights[index].verbs.push(route.verb);
            }
        }
        let mut kept = own.iter();
        preflights.retain(|_| !kept.next().copied().unwrap_or(false));
        for preflight in &mut preflights {
            let any = preflight.verbs.contains(&Verb::Any);
            let named = std::mem::take(&mut preflight.verbs);
            preflight.verbs = Verb::ALL
                .into_iter()
                .filter(|verb| *verb != Verb::Any && (any || *verb == Verb::Options || named.contains(verb)))
                .collect();
        }
        preflights
    }
}

/// A name that a Rust method can have, raw identifiers included, without their `r#`.
fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|c| c == '_' || c.is_alphanumeric())
        && !matches!(text, "_" | "self" | "Self" | "super" | "crate")
}

/// A token ([RFC 9110, 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)) that cannot end the quoted
/// string in which API Gateway takes header values.
fn is_header_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&*+-.^_`|~".contains(&byte))
}

fn is_link_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.bytes().all(fits) && !is_id_of_ec2(text)
}

/// Whether a text is an id as EC2 and load balancers have them: words and 8 or 17 hexadecimal digits, such as
/// `vpc-0a1b2c3d4e5f67890` or `vpce-svc-0a1b2c3d`
/// ([resource ids](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html)). Ids of VPC links have no `-`.
fn is_id_of_ec2(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(words, digits)| {
        words
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
            && matches!(digits.len(), 8 | 17)
            && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests;
