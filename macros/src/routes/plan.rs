//! From a blueprint to what a router has to be told: which rules, under which paths, in which order.

use std::collections::{HashMap, HashSet};

use bluegate_core::{
    Blueprint, Contract, Cors, Location, Manners, Parameter, Preflight, Route, RoutePath, Source, Verb,
};

/// The routes of a file, by resource.
pub(super) struct Plan<'a> {
    pub(super) resources: Vec<Resource<'a>>,
    /// How requests are answered that no handler answers.
    pub(super) manners: Manners,
    /// With the manners of Flask: paths without routes of their own that redirect to themselves with a slash at the end.
    pub(super) bare: Vec<&'a str>,
    /// The paths whose preflights the gateway answers, as axum spells them, each with that answer.
    pub(super) preflights: Vec<(&'a str, &'a Preflight)>,
}

/// A resource and its rules.
pub(super) struct Resource<'a> {
    pub(super) name: &'a str,
    pub(super) location: Location,
    pub(super) rules: Vec<Rule<'a>>,
}

/// The routes of one resource under one path.
pub(super) struct Rule<'a> {
    pub(super) path: &'a RoutePath,
    pub(super) strict: bool,
    pub(super) cors: Option<&'a Cors>,
    /// Whether no rule before it has its path.
    pub(super) owns: bool,
    /// Its other paths, where a slash at the end does not matter, and the same for them.
    pub(super) others: Vec<(&'a str, bool)>,
    pub(super) actions: Vec<Action<'a>>,
}

/// A verb, or ANY, and its handler.
pub(super) struct Action<'a> {
    pub(super) handler: &'a str,
    pub(super) verb: Verb,
    /// The verbs that ANY leaves to others.
    pub(super) but: Vec<Verb>,
    pub(super) location: Location,
    /// What it declares of the query string or of headers.
    pub(super) contract: Option<&'a Contract>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(blueprint: &'a Blueprint, source: &Source) -> Self {
        let mut named: HashMap<&str, Vec<Verb>> = HashMap::new();
        for route in &blueprint.routes {
            named.entry(&route.path.gateway).or_default().push(route.verb);
        }
        let mut resources: Vec<Resource<'a>> = blueprint
            .resources
            .iter()
            .map(|resource| Resource {
                name: &resource.name,
                location: source.location(resource.span.start),
                rules: Vec::new(),
            })
            .collect();
        for route in &blueprint.routes {
            // What somebody else answers is none of the router's.
            let Some(handler) = &route.handler else { continue };
            let is_any = route.verb == Verb::Any;
            let others = named[route.path.gateway.as_str()]
                .iter()
                .filter(|verb| is_any && **verb != Verb::Any);
            let action = Action {
                handler,
                verb: route.verb,
                but: others.copied().collect(),
                location: source.location(route.span.start),
                contract: route.contract.as_deref().filter(|contract| declares(contract)),
            };
            let rules = &mut resources[route.resource].rules;
            let index = rules.iter().position(|rule| rule.has(route)).unwrap_or_else(|| {
                rules.push(Rule::new(route));
                rules.len() - 1
            });
            rules[index].actions.push(action);
        }
        resources.retain(|resource| !resource.rules.is_empty());
        let bare = settle(&mut resources);
        Plan {
            preflights: preflights(&resources, blueprint),
            resources,
            manners: blueprint.manners,
            bare,
        }
    }
}

/// Whether something is declared that the proof compares.
fn declares(contract: &Contract) -> bool {
    !contract.query.is_empty() || !contract.headers.is_empty()
}

/// Finds out which rule is the first with its path, and which paths redirect.
fn settle<'a>(resources: &mut [Resource<'a>]) -> Vec<&'a str> {
    let mut known: HashSet<&str> = HashSet::new();
    for rule in resources.iter_mut().flat_map(|resource| &mut resource.rules) {
        // In the order in which they are handed to axum.
        for (other, owns) in &mut rule.others {
            *owns = known.insert(other);
        }
        rule.owns = known.insert(&rule.path.axum);
    }
    let strict = resources
        .iter()
        .flat_map(|resource| &resource.rules)
        .filter(|rule| rule.strict);
    let bare = strict
        .filter(|rule| rule.path.trailing_slash)
        .filter_map(|rule| rule.path.axum_loose.first());
    bare.map(String::as_str).filter(|path| known.insert(path)).collect()
}

fn preflights<'a>(resources: &[Resource<'a>], blueprint: &'a Blueprint) -> Vec<(&'a str, &'a Preflight)> {
    let answers = blueprint.preflights.iter();
    let answers: HashMap<&str, &Preflight> = answers.map(|answer| (answer.path.gateway.as_str(), answer)).collect();
    let mut found = Vec::new();
    for rule in resources.iter().flat_map(|resource| &resource.rules) {
        let Some(answer) = answers.get(rule.path.gateway.as_str()) else {
            continue;
        };
        let paths = rule
            .others
            .iter()
            .copied()
            .chain([(rule.path.axum.as_str(), rule.owns)]);
        found.extend(paths.filter(|(_, owns)| *owns).map(|(path, _)| (path, *answer)));
    }
    found
}

impl<'a> Rule<'a> {
    fn new(route: &'a Route) -> Self {
        let loose: &[String] = if route.strict_slashes {
            &[]
        } else {
            &route.path.axum_loose
        };
        Rule {
            path: &route.path,
            strict: route.strict_slashes,
            cors: route.cors.as_deref(),
            owns: false,
            others: loose.iter().map(|path| (path.as_str(), false)).collect(),
            actions: Vec::new(),
        }
    }

    /// Whether a route of its resource is one of it: actions of one method of the file, and of two that say the same.
    fn has(&self, route: &Route) -> bool {
        let converters = |path: &'a RoutePath| path.parameters().map(|parameter| &parameter.converter);
        self.path.axum == route.path.axum
            && self.strict == route.strict_slashes
            && sent(self.cors) == sent(route.cors.as_deref())
            && converters(self.path).eq(route.path.parameters().map(|parameter| &parameter.converter))
    }

    /// Who may read its answers, where that is not every origin without more.
    pub(super) fn restricted(&self) -> Option<&'a Cors> {
        self.cors
            .filter(|cors| !cors.origins.is_empty() || !cors.expose_headers.is_empty())
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &'a Parameter> {
        self.path.parameters()
    }
}

/// What of cross-origin access the service sends.
pub(super) fn sent(cors: Option<&Cors>) -> Option<(&[String], bool, &[String])> {
    cors.map(|cors| (&*cors.origins, cors.credentials, &*cors.expose_headers))
}

#[cfg(test)]
mod tests;
