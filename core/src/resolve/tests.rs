//! What files mean, and what of them is refused: what the tests of each part share.

use super::*;
use crate::blueprint::{Authorization, Connection, Manners, Segment, Verb};
use crate::{Outcome, Source, read_blueprint};

mod cors;
mod errors;
mod integration;
mod names;
mod paths;
mod prefixes;
mod values;

fn read(blueprint: &str) -> Outcome<Blueprint> {
    let source = Source::new("routes.json", format!("{{\"blueprint\": {blueprint}}}"));
    read_blueprint(&source, Mode::Strict)
}

/// What is found about methods under the prefix `/p`.
fn codes(methods: &str) -> Vec<Code> {
    let blueprint =
        format!(r#"{{"name": "b", "url_prefix": "/p", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    read(&blueprint).diagnostics.iter().map(|found| found.code).collect()
}

fn routes(methods: &str) -> Vec<Route> {
    let blueprint =
        format!(r#"{{"name": "b", "url_prefix": "/p", "resources": [{{"name": "r", "methods": {methods}}}]}}"#);
    read(&blueprint).into_result().expect("no errors").0.routes
}

fn path(path: &str, parameters: &str) -> RoutePath {
    let routes = routes(&format!(
        r#"[{{"path": "{path}", "queryParams": {parameters}, "actions": [{{"type": "GET"}}]}}]"#
    ));
    RoutePath::clone(&routes[0].path)
}

/// The one finding of a method, in words.
fn told(method: &str) -> (Code, String, String) {
    let text = format!(r#"{{"blueprint": {{"name": "b", "resources": [{{"name": "r", "methods": [{method}]}}]}}}}"#);
    let found = crate::read_blueprint(&crate::Source::new("routes.json", text), Mode::Strict).diagnostics;
    let all: Vec<_> = found.iter().collect();
    assert_eq!(all.len(), 1, "{method}: {found:?}");
    (
        all[0].code,
        all[0].message.clone(),
        all[0].help.clone().unwrap_or_default(),
    )
}
