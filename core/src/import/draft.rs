//! A routes file and an AWS file as a person would write them for an API.

mod action;
mod blueprint;
mod inherit;
mod names;
mod reach;

use std::collections::BTreeSet;

use super::api::{Api, Operation};
use super::item::{Entries, Item};
use super::preflight::{self, Preflight};
use super::variables::Variables;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

use inherit::{Place, Values};
use reach::{Backend, Reach};

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
    let tree = plan.tree(api, found);
    blueprint.fill("defaults", tree.defaults);
    blueprint.put("resources", tree.resources);
    Plan::shapes(&mut blueprint, api);
    let mut routes = Item::Map(vec![("blueprint".into(), blueprint.item())]);
    let mut variables = Variables::default();
    variables.replace(&mut routes, filled);
    let mut gateway = Entries::default();
    match &plan.service {
        Some(Backend::Http { base, .. }) => gateway.put("baseEndpointURL", Item::text(base)),
        Some(Backend::Function { function, .. }) => gateway.put("function", Item::text(function)),
        _ => {}
    }
    gateway.fill("endpoint", blueprint::endpoint(api, found));
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
        for operation in &api.operations {
            if let Some(cors) = cors(operation, api) {
                plan.preflights.push((&operation.path, cors));
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
        plan.choose_names();
        plan
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
            if let Some(Backend::Function { is_proxy: true, .. }) = first
                && reaches.all(|reach| Some(&reach.backend) == first.as_ref())
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

    /// The resources with their methods and actions, and what holds for most of them.
    fn tree(&self, api: &Api, found: &mut Diagnostics) -> Tree {
        let operations: Vec<&Operation> = self.actions.iter().map(|action| action.operation).collect();
        let names = names::resources(&operations);
        let mut resources: Vec<Group<'_>> = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            let path = operations[index].path.as_str();
            let number = resources
                .iter()
                .position(|group| group.name == name)
                .unwrap_or_else(|| {
                    resources.push(Group {
                        name,
                        methods: Vec::new(),
                    });
                    resources.len() - 1
                });
            let methods = &mut resources[number].methods;
            match methods.iter_mut().find(|(known, _)| *known == path) {
                Some((_, actions)) => actions.push(index),
                None => methods.push((path, vec![index])),
            }
        }
        let mut own: Vec<Vec<(&'static str, Item)>> = vec![Vec::new(); 1];
        own.resize(1 + resources.len(), Vec::new());
        let mut of_methods: Vec<Vec<Vec<(&'static str, Item)>>> = resources
            .iter()
            .map(|group| vec![Vec::new(); group.methods.len()])
            .collect();
        let mut of_actions: Vec<Vec<(&'static str, Item)>> = vec![Vec::new(); self.actions.len()];
        for key in action::INHERITED {
            let mut values = Values::new();
            let leaf = |value| Place {
                value,
                ..Place::default()
            };
            let mut root = Place::default();
            for group in &resources {
                let mut resource = Place::default();
                for (path, actions) in &group.methods {
                    if key.name == "cors" {
                        let cors = self.preflights.iter().find(|(known, _)| known == path);
                        let cors = cors.map(|(_, cors)| cors.clone());
                        resource.below.push(leaf(Some(values.number(cors))));
                        continue;
                    }
                    let below = actions.iter().map(|index| {
                        let value = self.inherited(key.name, &self.actions[*index]);
                        leaf(value.map(|value| values.number(value)))
                    });
                    resource.below.push(Place {
                        below: below.collect(),
                        ..Place::default()
                    });
                }
                root.below.push(resource);
            }
            let none = (key.none)();
            values.place(&mut root, none.is_some());
            let item = |written: Option<usize>| written.and_then(|number| values.item(number, none.as_ref()));
            let put = |list: &mut Vec<(&'static str, Item)>, written| {
                list.extend(item(written).map(|item| (key.name, item)));
            };
            put(&mut own[0], root.written);
            for (number, group) in resources.iter().enumerate() {
                let place = &root.below[number];
                put(&mut own[1 + number], place.written);
                for (method, (_, actions)) in group.methods.iter().enumerate() {
                    let place = &place.below[method];
                    put(&mut of_methods[number][method], place.written);
                    for (place, index) in place.below.iter().zip(actions) {
                        put(&mut of_actions[*index], place.written);
                    }
                }
            }
        }
        let items = resources.iter().enumerate().map(|(number, group)| {
            let members: Vec<usize> = group.methods.iter().flat_map(|(_, actions)| actions.clone()).collect();
            let members: Vec<&Operation> = members.iter().map(|index| operations[*index]).collect();
            let handlers = names::handlers(&members);
            let mut handlers = handlers.into_iter();
            let mut resource = Entries::default();
            resource.put("name", Item::text(&group.name));
            extend(&mut resource, &own[1 + number]);
            let methods = group.methods.iter().enumerate().map(|(method, (path, actions))| {
                let mut entries = Entries::default();
                entries.put("path", Item::text(*path));
                let members: Vec<&Operation> = actions.iter().map(|index| operations[*index]).collect();
                entries.fill("pathParams", action::path_parameters(&members, found));
                extend(&mut entries, &of_methods[number][method]);
                let actions = actions.iter().map(|index| {
                    let handler = handlers.next().unwrap_or_default();
                    self.action(&self.actions[*index], &handler, &of_actions[*index], api, found)
                });
                entries.put("actions", Item::List(actions.collect()));
                entries.item()
            });
            resource.put("methods", Item::List(methods.collect()));
            resource.item()
        });
        let resources = Item::List(items.collect());
        let mut defaults = Entries::default();
        extend(&mut defaults, &own[0]);
        Tree {
            defaults: defaults.item(),
            resources,
        }
    }
}

/// What of the routes file is made of the operations.
struct Tree {
    defaults: Item,
    resources: Item,
}

/// The paths of one resource, each with the numbers of its actions.
struct Group<'a> {
    name: String,
    methods: Vec<(&'a str, Vec<usize>)>,
}

fn extend(entries: &mut Entries, keys: &[(&'static str, Item)]) {
    for (key, item) in keys {
        entries.put(key, item.clone());
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
    let usual = crate::openapi::USUAL_HEADERS;
    let own = preflight
        .headers
        .iter()
        .filter(|header| !usual.iter().any(|usual| usual.eq_ignore_ascii_case(header)));
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
