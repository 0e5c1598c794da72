//! A routes file and an AWS file as a person would write them for an API.

mod action;
mod blueprint;
mod contract;
mod inherit;
mod missing;
mod names;
mod reach;
mod tree;

use std::collections::BTreeSet;

use super::api::{Api, Operation};
use super::item::{Entries, Item};
use super::preflight::{self, Preflight};
use super::variables::Variables;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

pub(super) use blueprint::authorizer_names;
use reach::{Backend, Reach};
use tree::Tree;

/// The two files.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) routes: Item,
    /// Without anything to say there is none.
    pub(super) aws: Option<Item>,
}

/// Writes the files of an API. `filled` are names of placeholders that a tool is known to fill in.
pub(super) fn draft(api: &Api, filled: &BTreeSet<String>, found: &mut Diagnostics) -> Draft {
    let plan = Plan::of(api);
    let mut blueprint = plan.settings(api, found);
    blueprint.fill("backends", plan.backends());
    let tree = Tree::of(&plan);
    blueprint.fill("defaults", tree.defaults());
    blueprint.put("resources", tree.resources(api, found));
    plan.shapes(&mut blueprint, api);
    let mut routes = Item::Map(vec![("blueprint".into(), blueprint.item())]);
    let mut variables = Variables::with_open(plan.open_pools(api, found));
    variables.replace(&mut routes, filled);
    let mut gateway = Entries::default();
    match &plan.service {
        Some(Backend::Http { base, .. }) => gateway.put("baseEndpointURL", Item::text(reach::split(base).0)),
        Some(Backend::Function { function, .. }) => gateway.put("function", Item::text(function)),
        _ => {}
    }
    gateway.fill("endpoint", blueprint::endpoint(api));
    let variables = variables.item();
    let has_aws = !gateway.0.is_empty() || !variables.is_empty();
    let mut aws = Entries::default();
    aws.put("apiGateway", gateway.item());
    aws.fill("variables", variables);
    Draft {
        routes,
        aws: has_aws.then(|| aws.item()),
    }
}

/// What stands where.
struct Plan<'a> {
    actions: Vec<Action<'a>>,
    /// What each path allows to other origins.
    preflights: Vec<(&'a str, Item)>,
    /// What serves the routes unless they say otherwise.
    service: Option<Backend>,
    /// The backends that have a name.
    named: Vec<(String, Reach)>,
    /// The name of each authorizer in the document and here.
    authorizers: Vec<(&'a str, String)>,
    has_binary: bool,
}

/// An operation that becomes an action.
struct Action<'a> {
    operation: &'a Operation,
    reach: Option<Reach>,
    place: Reached,
}

/// Where an action says how its backend is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// Nowhere: the service itself.
    Service,
    /// At the blueprint.
    Named(usize),
    /// At the action.
    Inline,
    /// Nowhere: there is nothing to reach.
    Nothing,
}

impl<'a> Plan<'a> {
    fn of(api: &'a Api) -> Self {
        let mut plan = Self {
            actions: Vec::new(),
            preflights: Vec::new(),
            service: None,
            named: Vec::new(),
            authorizers: blueprint::authorizer_names(api),
            has_binary: !api.binary_media_types.is_empty(),
        };
        let mut preflights = Vec::new();
        for operation in &api.operations {
            if let Some(cors) = cors(operation, api) {
                preflights.push((operation, cors));
                continue;
            }
            let reach = operation
                .integration
                .as_ref()
                .map(|integration| Reach::of(operation, integration));
            let place = match &reach {
                None => Reached::Nothing,
                Some(reach) if reach.backend == Backend::Mock => Reached::Nothing,
                Some(_) => Reached::Inline,
            };
            plan.actions.push(Action {
                operation,
                reach,
                place,
            });
        }
        plan.choose_service();
        for (operation, cors) in preflights {
            // The service sends what `cors` says, and is built before variables have values.
            if plan.serves(&operation.path) && preflight::is_filled(operation) {
                plan.actions.push(Action {
                    operation,
                    reach: operation
                        .integration
                        .as_ref()
                        .map(|integration| Reach::of(operation, integration)),
                    place: Reached::Nothing,
                });
            } else {
                plan.preflights.push((&operation.path, cors));
            }
        }
        plan.choose_names();
        plan
    }

    /// Whether the service answers on a path.
    fn serves(&self, path: &str) -> bool {
        let mut actions = self.actions.iter();
        actions.any(|action| action.place == Reached::Service && action.operation.path == path)
    }

    /// The service itself is the server that most routes call by their own path, else the only function there is.
    fn choose_service(&mut self) {
        let bases = self.actions.iter().filter_map(|action| {
            let reach = action.reach.as_ref().filter(|reach| reach.path.is_none())?;
            match &reach.backend {
                Backend::Http {
                    base, vpc_link, target, ..
                } if is_endpoint(base) => Some((base, vpc_link, target)),
                _ => None,
            }
        });
        let bases: Vec<_> = bases.collect();
        let most = bases
            .iter()
            .enumerate()
            .max_by_key(|(index, base)| (bases.iter().filter(|other| other == base).count(), usize::MAX - index));
        if let Some((_, (base, vpc_link, target))) = most {
            self.service = Some(Backend::Http {
                base: (*base).clone(),
                vpc_link: (*vpc_link).clone(),
                target: (*target).clone(),
                is_proxy: true,
                skips_verification: false,
            });
        } else {
            let mut reaches = self.actions.iter().filter_map(|action| action.reach.as_ref());
            let first = reaches.next().map(|reach| reach.backend.clone());
            // The function that runs the service is called with the verb that functions take.
            let is_usual = |action: &Action<'_>| action.reach.as_ref().is_none_or(|reach| reach.verb.is_none());
            if let Some(Backend::Function { is_proxy: true, .. }) = first
                && reaches.all(|reach| Some(&reach.backend) == first.as_ref())
                && self.actions.iter().all(is_usual)
            {
                self.service = first;
            }
        }
        for action in &mut self.actions {
            let Some(reach) = &action.reach else { continue };
            let is_service = match (&self.service, &reach.backend) {
                (
                    Some(Backend::Http {
                        base, vpc_link, target, ..
                    }),
                    Backend::Http {
                        base: own,
                        vpc_link: own_link,
                        target: own_target,
                        ..
                    },
                ) => (base, vpc_link, target) == (own, own_link, own_target) && reach.path.is_none(),
                (Some(service), own) => service == own,
                (None, _) => false,
            };
            if is_service {
                action.place = Reached::Service;
            }
        }
    }

    /// Backends that several routes have get a name.
    fn choose_names(&mut self) {
        for index in 0..self.actions.len() {
            let action = &self.actions[index];
            let Some(reach) = &action.reach else { continue };
            if action.place != Reached::Inline {
                continue;
            }
            let inline = |other: &Action<'_>| other.place == Reached::Inline;
            let shares = |other: &Action<'_>| other.reach.as_ref().is_some_and(|other| other.shares(reach));
            if self
                .actions
                .iter()
                .filter(|other| inline(other) && shares(other))
                .count()
                < 2
            {
                continue;
            }
            let name = match &reach.backend {
                Backend::Http { base, .. } => names::server(base),
                Backend::Function { function, .. } => names::function(function),
                Backend::Service { uri, .. } => names::function(uri),
                Backend::Mock => continue,
            };
            let name = names::unique(&name, |name| {
                self.named.iter().any(|(taken, _)| taken == name) || name == "SERVICE"
            });
            let reach = reach.clone();
            let number = self.named.len();
            for other in &mut self.actions {
                let shares = other.reach.as_ref().is_some_and(|other| other.shares(&reach));
                if other.place == Reached::Inline && shares {
                    other.place = Reached::Named(number);
                }
            }
            self.named.push((name, reach));
        }
    }

    /// The backends by name.
    fn backends(&self) -> Item {
        let entries = self.named.iter().map(|(name, reach)| {
            let mut backend = Entries::default();
            reach.write(&mut backend, false);
            (name.clone(), backend.item())
        });
        Item::Map(entries.collect())
    }
}

/// Whether a URL can stand in the AWS file: it has a scheme, and nothing but stage variables to be filled in.
fn is_endpoint(base: &str) -> bool {
    let text = Item::Map(vec![(
        "apiGateway".into(),
        Item::Map(vec![("baseEndpointURL".into(), Item::text(base))]),
    )]);
    let source = crate::Source::new("aws.config.json", text.to_json());
    let read = crate::read_aws(&source);
    read.value.is_some_and(|file| {
        let resolved = crate::aws::Environment::resolve(&file, None, crate::aws::Needs::Nothing);
        !read.diagnostics.has_errors() && !resolved.diagnostics.has_errors()
    })
}

/// The key `cors` of a path whose preflight says nothing more than it can say.
fn cors(operation: &Operation, api: &Api) -> Option<Item> {
    let preflight = Preflight::of(operation).filter(|preflight| preflight.is_plain(operation))?;
    let others = api.operations.iter().filter(|other| other.path == operation.path);
    let verbs: Vec<_> = others
        .map(|other| other.verb)
        .filter(|verb| *verb != operation.verb)
        .collect();
    if verbs.is_empty() || preflight::checks(operation) != super::api::Checks::default() {
        return None;
    }
    let mut cors = Entries::default();
    cors.put("enable", Item::Bool(true));
    let origin = preflight.origin.as_deref().unwrap_or("*");
    cors.put("origins", (origin != "*").then(|| Item::texts([origin])));
    cors.put("credentials", preflight.credentials.then_some(Item::Bool(true)));
    if preflight.allowed(&verbs) != preflight::needed(&verbs) {
        let listed = preflight.verbs().into_iter().filter(|verb| verb != "*");
        cors.put("allowMethods", Item::texts(listed));
    }
    let usual = crate::blueprint::USUAL_HEADERS;
    let allows = |usual: &str| {
        preflight
            .headers
            .iter()
            .any(|header| usual.eq_ignore_ascii_case(header))
    };
    let has_usual = usual.iter().all(|usual| allows(usual));
    let own = preflight
        .headers
        .iter()
        .filter(|header| !has_usual || !usual.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
    cors.put("usualHeaders", (!has_usual).then_some(Item::Bool(false)));
    cors.fill("allowHeaders", Item::texts(own.cloned()));
    cors.fill("exposeHeaders", Item::texts(preflight.exposed.clone()));
    cors.put("maxAge", preflight.max_age.as_deref().map(Item::number));
    Some(cors.item())
}

/// Tells that something does not come over.
fn lose(found: &mut Diagnostics, span: crate::Span, message: impl Into<String>) {
    found.push(Diagnostic::new(Code::LostPart, message).at(span));
}

/// Tells that something means nothing to API Gateway and is left out.
fn ignore(found: &mut Diagnostics, span: crate::Span, message: impl Into<String>) {
    found.push(Diagnostic::new(Code::IgnoredPart, message).at(span));
}
