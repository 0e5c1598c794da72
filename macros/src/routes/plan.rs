//! From a blueprint to what axum has to be told: which rules, under which paths, in which order.

use std::collections::{HashMap, HashSet};

use bluegate_core::{Blueprint, Converter, Location, Parameter, Route, RoutePath, Source, Verb};

/// The routes of a file, by resource.
pub(super) struct Plan<'a> {
    pub(super) resources: Vec<Resource<'a>>,
    /// Paths without routes of their own that redirect to themselves with a slash at the end.
    pub(super) bare: Vec<String>,
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
    pub(super) cors: bool,
    /// Whether no rule before it has its path.
    pub(super) owns: bool,
    /// The same for its path with, or without, a slash at the end.
    pub(super) owns_other: bool,
    pub(super) parameters: Vec<Placed<'a>>,
    pub(super) actions: Vec<Action<'a>>,
}

/// A parameter and the bytes between it and the one before it.
pub(super) struct Placed<'a> {
    pub(super) skip: usize,
    pub(super) parameter: &'a Parameter,
}

/// A verb, or ANY, and its handler.
pub(super) struct Action<'a> {
    pub(super) handler: &'a str,
    pub(super) verbs: u16,
    pub(super) location: Location,
}

/// The bit of a verb, as `bluegate` numbers them; that of ANY only marks it.
fn bit(verb: Verb) -> u16 {
    match verb {
        Verb::Get => 1,
        Verb::Head => 1 << 1,
        Verb::Post => 1 << 2,
        Verb::Put => 1 << 3,
        Verb::Patch => 1 << 4,
        Verb::Delete => 1 << 5,
        Verb::Options => 1 << 6,
        Verb::Any => 1 << 7,
    }
}

/// Every verb but ANY.
const ALL: u16 = (1 << 7) - 1;

impl<'a> Plan<'a> {
    pub(super) fn new(blueprint: &'a Blueprint, source: &Source) -> Self {
        let mut named: HashMap<&str, u16> = HashMap::new();
        for route in &blueprint.routes {
            *named.entry(&route.path.gateway).or_default() |= bit(route.verb);
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
        let mut rules: HashMap<(usize, &str, bool, bool, String), usize> = HashMap::new();
        for route in &blueprint.routes {
            let verbs = match route.verb {
                // Every verb that the path does not name itself.
                Verb::Any => bit(Verb::Any) | ALL & !named[route.path.gateway.as_str()],
                verb => bit(verb),
            };
            let action = Action {
                handler: &route.handler,
                verbs,
                location: source.location(route.span.start),
            };
            let list = &mut resources[route.resource].rules;
            let index = *rules.entry(key(route)).or_insert_with(|| {
                list.push(Rule::new(route));
                list.len() - 1
            });
            list[index].actions.push(action);
        }
        let bare = settle(&mut resources);
        Plan { resources, bare }
    }
}

/// Routes that are one rule share it: actions of one method of the file, and of two that say the same.
fn key(route: &Route) -> (usize, &str, bool, bool, String) {
    let kinds: String = route
        .path
        .parameters()
        .map(|parameter| format!("{:?};", parameter.converter))
        .collect();
    (
        route.resource,
        &route.path.axum,
        route.strict_slashes,
        route.cors.is_some(),
        kinds,
    )
}

/// Finds out which rule is the first with its path, and which paths redirect.
fn settle(resources: &mut [Resource<'_>]) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::new();
    for rule in resources.iter_mut().flat_map(|resource| &mut resource.rules) {
        // In the order in which they are handed to axum.
        if let Some(other) = rule.other_path() {
            rule.owns_other = known.insert(other);
        }
        rule.owns = known.insert(rule.path.axum.clone());
    }
    let mut bare = Vec::new();
    for rule in resources.iter().flat_map(|resource| &resource.rules) {
        if rule.strict && rule.path.axum.len() > 1 && rule.path.axum.ends_with('/') {
            let path = rule.path.axum.trim_end_matches('/').to_owned();
            if known.insert(path.clone()) {
                bare.push(path);
            }
        }
    }
    bare
}

impl<'a> Rule<'a> {
    fn new(route: &'a Route) -> Self {
        Rule {
            path: &route.path,
            strict: route.strict_slashes,
            cors: route.cors.is_some(),
            owns: false,
            owns_other: false,
            parameters: placed(&route.path),
            actions: Vec::new(),
        }
    }

    /// The path with a slash more or less at its end, when both are served.
    pub(super) fn other_path(&self) -> Option<String> {
        let path = &self.path.axum;
        let greedy = self.parameters.last().is_some_and(|placed| placed.parameter.greedy);
        if self.strict || greedy || path == "/" {
            return None;
        }
        Some(match path.strip_suffix('/') {
            Some(bare) => bare.to_owned(),
            None => format!("{path}/"),
        })
    }

    /// The flags of the rule as `bluegate` numbers them.
    pub(super) fn flags(&self) -> u8 {
        u8::from(self.strict)
            | u8::from(self.cors) << 1
            | u8::from(self.owns) << 2
            | u8::from(self.owns_other) << 3
            | u8::from(self.other_path().is_some()) << 4
            | u8::from(self.only_text()) << 5
    }

    /// Whether every parameter takes whatever axum takes for one.
    fn only_text(&self) -> bool {
        self.parameters
            .iter()
            .all(|placed| converter(placed.parameter) == Converter::ANY_STRING)
    }
}

fn placed(path: &RoutePath) -> Vec<Placed<'_>> {
    let mut parameters = path.parameters();
    let mut placed = Vec::new();
    let mut skip = 0;
    for segment in path.axum.split('/').skip(1) {
        skip += 1;
        if segment.starts_with('{')
            && let Some(parameter) = parameters.next()
        {
            placed.push(Placed { skip, parameter });
            skip = 0;
        } else {
            skip += segment.len();
        }
    }
    placed
}

/// The converter of a parameter; a `path` in the middle of a path takes one segment.
pub(super) fn converter(parameter: &Parameter) -> Converter {
    match &parameter.converter {
        Converter::Path if !parameter.greedy => Converter::ANY_STRING,
        converter => converter.clone(),
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::{Mode, read_blueprint};

    use super::*;

    const ROUTES: &str = r#"{"blueprint": {"name": "shop", "url_prefix": "/api", "resources": [
  {"name": "books", "methods": [
    {"path": "/books", "actions": [{"type": "GET"}, {"type": "ANY", "handler": "rest"}]},
    {"path": "/books/{id}/pages/{page}", "pathParams": [{"name": "id", "type": "int"}], "actions": [{"type": "GET"}]},
    {"path": "/books", "actions": [{"type": "PUT"}]},
    {"path": "/shelf/", "actions": [{"type": "GET"}]},
    {"path": "/shelf", "actions": [{"type": "POST"}]},
    {"path": "/door/", "actions": [{"type": "GET"}]}
  ]},
  {"name": "loose", "axum": {"strictSlashes": false}, "methods": [
    {"path": "/books", "actions": [{"type": "DELETE"}]},
    {"path": "/files/{path+}", "actions": [{"type": "GET"}]},
    {"path": "/files", "cors": {"enable": true}, "actions": [{"type": "GET"}]},
    {"path": "/", "actions": [{"type": "GET"}]}
  ]}
]}}"#;

    fn with_plan(check: impl FnOnce(&Plan<'_>)) {
        let source = Source::new("routes.json", ROUTES);
        let outcome = read_blueprint(&source, Mode::Strict);
        let (blueprint, _) = outcome
            .into_result()
            .map_err(|found| bluegate_core::render::diagnostics(&source, &found, Default::default()))
            .unwrap();
        check(&Plan::new(&blueprint, &source));
    }

    fn paths<'p>(resource: &'p Resource<'_>) -> Vec<&'p str> {
        resource.rules.iter().map(|rule| rule.path.axum.as_str()).collect()
    }

    #[test]
    fn what_the_file_says_twice_about_a_path_is_one_rule() {
        with_plan(|plan| {
            assert_eq!(
                paths(&plan.resources[0]),
                [
                    "/api/books",
                    "/api/books/{id}/pages/{page}",
                    "/api/shelf/",
                    "/api/shelf",
                    "/api/door/"
                ]
            );
            let actions: Vec<&str> = plan.resources[0].rules[0]
                .actions
                .iter()
                .map(|action| action.handler)
                .collect();
            assert_eq!(actions, ["get", "rest", "put"]);
        });
    }

    #[test]
    fn any_is_every_verb_that_the_path_does_not_name_in_any_resource() {
        with_plan(|plan| {
            let any = &plan.resources[0].rules[0].actions[1];
            let named = bit(Verb::Get) | bit(Verb::Put) | bit(Verb::Delete);
            assert_eq!(any.verbs, bit(Verb::Any) | ALL & !named);
        });
    }

    #[test]
    fn parameters_are_found_by_the_bytes_before_them() {
        with_plan(|plan| {
            let skips: Vec<usize> = plan.resources[0].rules[1]
                .parameters
                .iter()
                .map(|placed| placed.skip)
                .collect();
            assert_eq!(skips, ["/api/books/".len(), "/pages/".len()]);
        });
    }

    #[test]
    fn a_path_has_one_owner() {
        with_plan(|plan| {
            let [books, loose] = &plan.resources[..] else { panic!() };
            assert!(books.rules.iter().all(|rule| rule.owns));
            let flags: Vec<(bool, bool)> = loose.rules.iter().map(|rule| (rule.owns, rule.owns_other)).collect();
            assert_eq!(flags, [(false, true), (true, false), (true, true), (true, true)]);
        });
    }

    #[test]
    fn loose_paths_have_two_forms_unless_they_are_greedy() {
        with_plan(|plan| {
            let others: Vec<Option<String>> = plan.resources[1].rules.iter().map(Rule::other_path).collect();
            let some = |path: &str| Some(path.to_owned());
            assert_eq!(others, [some("/api/books/"), None, some("/api/files/"), some("/api")]);
            assert!(plan.resources[0].rules.iter().all(|rule| rule.other_path().is_none()));
        });
    }

    #[test]
    fn strict_paths_with_a_slash_redirect_where_nothing_else_is() {
        with_plan(|plan| assert_eq!(plan.bare, ["/api/door"]));
    }

    #[test]
    fn places_are_those_of_the_file() {
        with_plan(|plan| {
            let place = plan.resources[0].rules[0].actions[1].location;
            assert_eq!(place.to_string(), "3:53");
            assert_eq!(plan.resources[1].location.to_string(), "10:12");
        });
    }
}
