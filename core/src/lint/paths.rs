//! Rules about the paths of an API taken together.

use std::collections::{HashMap, HashSet};

use crate::blueprint::{Blueprint, Parameter, Route, RoutePath, Segment, Verb};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// The same verb on the same path twice: API Gateway keeps the last one, axum's router panics.
pub(super) fn duplicate_routes(blueprint: &Blueprint, found: &mut Diagnostics) {
    let mut first: HashMap<(&str, Verb), &Route> = HashMap::with_capacity(blueprint.routes.len());
    for route in &blueprint.routes {
        let key = (route.path.gateway.as_str(), route.verb);
        let Some(other) = first.get(&key) else {
            first.insert(key, route);
            continue;
        };
        found.push(
            Diagnostic::new(
                Code::DuplicateRoute,
                format!("`{} {}` is declared twice", route.verb, route.path.gateway),
            )
            .at(route.span)
            .with_note(
                format!(
                    "the first one is here, in the resource `{}`",
                    blueprint.resources[other.resource].name
                ),
                other.span,
            )
            .with_help("remove one of the two"),
        );
    }
}

/// Two names for the parameter at one place: "A sibling of this resource already has a variable path part".
pub(super) fn sibling_parameters(blueprint: &Blueprint, found: &mut Diagnostics) {
    // The parameter that was first at each place, by the path before it.
    let mut first: HashMap<String, (&Parameter, &RoutePath)> = HashMap::new();
    let mut reported: HashSet<(String, &str, bool)> = HashSet::new();
    for path in &blueprint.paths {
        let mut before = String::new();
        for segment in &path.segments {
            match segment {
                Segment::Literal(text) => {
                    before.push('/');
                    before.push_str(text);
                }
                Segment::Parameter(parameter) => {
                    let (other, other_path) = *first.entry(before.clone()).or_insert((parameter, path));
                    let same = other.name == parameter.name && other.greedy == parameter.greedy;
                    if !same && reported.insert((before.clone(), parameter.name.as_str(), parameter.greedy)) {
                        found.push(sibling(&before, (other, other_path), (parameter, path)));
                    }
                    // One name a place from here on, so that one slip is one finding.
                    before.push_str("/{}");
                }
            }
        }
    }
}

fn sibling(before: &str, first: (&Parameter, &RoutePath), second: (&Parameter, &RoutePath)) -> Diagnostic {
    let shown = |parameter: &Parameter| {
        let plus = if parameter.greedy { "+" } else { "" };
        format!("{{{}{plus}}}", parameter.name)
    };
    let (one, other) = (shown(first.0), shown(second.0));
    let place = if before.is_empty() { "/" } else { before };
    Diagnostic::new(
        Code::SiblingParameters,
        format!("`{one}` and `{other}` stand at the same place, behind `{place}`"),
    )
    .at(second.1.span)
    .with_note(format!("`{one}` stands here, in `{}`", first.1.gateway), first.1.span)
    .with_help(if first.0.greedy == second.0.greedy {
        format!("API Gateway takes one name a place: write `{one}` in both")
    } else {
        "API Gateway takes either one segment or the rest of the path at one place: choose one".to_owned()
    })
}

/// A parameter of one path with two types: each holds for its verbs, which is rarely meant.
pub(super) fn mixed_converters(blueprint: &Blueprint, found: &mut Diagnostics) {
    let mut first: HashMap<(&str, &str), &Parameter> = HashMap::new();
    for route in &blueprint.routes {
        for parameter in route.path.parameters() {
            let other = *first
                .entry((route.path.gateway.as_str(), parameter.name.as_str()))
                .or_insert(parameter);
            // The actions of one method share its parameters.
            if other.converter != parameter.converter && other.span != parameter.span {
                first.insert((&route.path.gateway, &parameter.name), parameter);
                found.push(
                    Diagnostic::new(
                        Code::MixedConverters,
                        format!(
                            "`{}` of `{}` is `{}` for some verbs and `{}` for others",
                            parameter.name,
                            route.path.gateway,
                            other.converter.name(),
                            parameter.converter.name()
                        ),
                    )
                    .at(parameter.span)
                    .with_note("the other type is here", other.span)
                    .with_help("give the parameter one type"),
                );
            }
        }
    }
}

/// `/ping` and `/sping` answer API Gateway's own health checks (developer guide, known issues).
pub(super) fn reserved_paths(blueprint: &Blueprint, found: &mut Diagnostics) {
    let mut seen: Vec<&str> = Vec::new();
    for route in &blueprint.routes {
        let path = route.path.gateway.as_str();
        if matches!(path, "/ping" | "/sping") && !seen.contains(&path) {
            seen.push(path);
            found.push(
                Diagnostic::new(
                    Code::ReservedPath,
                    format!("API Gateway keeps `{path}` for its own health checks"),
                )
                .at(route.path.span)
                .with_help("with a custom domain name the route is never reached: give it another path"),
            );
        }
    }
}
