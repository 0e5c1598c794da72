//! An AWS file held against a routes file: what neither of them shows alone.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Backend, Blueprint, Connection, Route, Verb};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::file::{AwsFile, Entries, SmokeEntry, StageEntry};
use crate::gateway::{Definition, Key, Router};
use crate::openapi::Document;
use crate::reference::References;
use crate::span::{Span, Spanned};
use crate::tree::nearest;

use super::place::out_of_reach;
use super::set;
use super::stage::is_method;

/// Findings about two files that belong together.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// About the AWS file.
    pub aws: Diagnostics,
    /// About the routes file.
    pub routes: Diagnostics,
}

/// Holds an AWS file against the blueprint of a routes file without errors: settings of methods that the API has not,
/// smoke requests that no route answers, stage variables that no stage declares, a service that cannot be reached.
/// Methods are those of the document, if it is one that is not made of the blueprint.
///
/// ```
/// use bluegate_core::{Code, Mode, Source, aws, read_aws, read_blueprint};
///
/// let routes = Source::new("routes.json", r#"{"blueprint": {"name": "shop", "resources": [{"name": "users",
///     "methods": [{"path": "/users/{id}", "actions": [{"type": "GET"}]}]}]}}"#);
/// let file = Source::new("aws.config.json", r#"{"apiGateway": {"stages": {"dev": {
///     "methods": {"GET /users/{user}": {"throttling": {"rateLimit": 5}}}}}}}"#).secret();
/// let blueprint = read_blueprint(&routes, Mode::Strict).value.unwrap();
/// let found = aws::pair(&read_aws(&file).value.unwrap(), &blueprint, None);
/// let first = found.aws.iter().next().unwrap();
/// assert_eq!(first.code, Code::UnknownMethod);
/// assert_eq!(first.help.as_deref(), Some("did you mean `GET /users/{id}`?"));
/// ```
#[must_use]
pub fn pair(file: &AwsFile, blueprint: &Blueprint, document: Option<&Document>) -> Pair {
    let mut found = Pair::default();
    let definition = document.map(Definition::from);
    // Few files have something to hold against them.
    let methods = LazyCell::new(|| match &definition {
        Some(definition) => Methods::of_definition(definition, &blueprint.url_prefix),
        None => Methods::of(blueprint),
    });
    let api = &file.api_gateway;
    for (name, stage) in api.stages.iter().flat_map(Entries::iter) {
        for (method, _) in stage.methods.iter().flat_map(Entries::iter) {
            methods.check_setting(name, method, &mut found.aws);
        }
    }
    for smoke in api.smoke.iter().flatten() {
        methods.check_smoke(smoke, &mut found.aws);
    }
    if let Some(stages) = &api.stages
        && !api.faulty.contains(&"stages")
    {
        check_variables(file, stages, blueprint, &mut found);
    }
    let is_called_over_the_internet =
        |route: &Route| route.handler.is_some() && route.integration.connection == Connection::Internet;
    if let Some(url) = set(api.base_endpoint_url.as_ref())
        && file.emulator != Some(true)
        && blueprint.routes.iter().any(is_called_over_the_internet)
        && let Some(reason) = out_of_reach(url, set(api.rest_api_id.as_ref()).map(|id| id.as_str()))
    {
        found.aws.push(
            Diagnostic::new(Code::UnreachableBackend, format!("`baseEndpointURL` {reason}"))
                .at(url.span)
                .with_help("give the service a public address, or reach it through a VPC link"),
        );
    }
    found.aws = found.aws.finish();
    found.routes = found.routes.finish();
    found
}

/// The methods that the API will have.
struct Methods<'a> {
    prefix: &'a str,
    /// Their verbs, by paths on the gateway.
    by_path: BTreeMap<&'a str, BTreeSet<&'static str>>,
    router: Router<()>,
}

impl<'a> Methods<'a> {
    fn of(blueprint: &'a Blueprint) -> Self {
        let routes = blueprint.routes.iter();
        let routes = routes.map(|route| (route.path.gateway.as_str(), route.verb.as_str()));
        let preflights = blueprint.preflights.iter();
        let preflights = preflights.map(|one| (one.path.gateway.as_str(), Verb::Options.as_str()));
        Self::collect(routes.chain(preflights), &blueprint.url_prefix)
    }

    fn of_definition(definition: &'a Definition, prefix: &'a str) -> Self {
        let verb = |key: &Key| Verb::ALL.map(Verb::as_str).into_iter().find(|verb| *verb == key.verb);
        let keys = definition.routes.keys();
        Self::collect(keys.filter_map(|key| Some((key.path.as_str(), verb(key)?))), prefix)
    }

    fn collect(methods: impl Iterator<Item = (&'a str, &'static str)>, prefix: &'a str) -> Self {
        let mut by_path: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
        for (path, verb) in methods {
            by_path.entry(path).or_default().insert(verb);
        }
        let all = by_path.iter();
        let all = all.flat_map(|(path, verbs)| verbs.iter().map(move |verb| (*path, *verb, ())));
        Self {
            prefix,
            router: all.collect(),
            by_path,
        }
    }

    /// A key of `methods`.
    fn check_setting(&self, stage: &str, method: &Spanned<String>, found: &mut Diagnostics) {
        let Some((verb, path)) = method.split_once(' ').filter(|_| is_method(method)) else {
            return;
        };
        if self.by_path.get(path).is_some_and(|verbs| verbs.contains(verb)) {
            return;
        }
        let help = self.meant(verb, path).unwrap_or_else(|| match self.by_path.get(path) {
            Some(verbs) => format!("`{path}` has {}; `bluegate routes` shows all", listed(verbs)),
            None => "`bluegate routes` shows the verbs and the paths on the gateway".to_owned(),
        });
        found.push(
            Diagnostic::new(
                Code::UnknownMethod,
                format!(
                    "`{stage}` has settings of `{}`, which the API has not",
                    shortened(method)
                ),
            )
            .at(method.span)
            .with_help(help),
        );
    }

    /// The method whose path differs in what people get wrong: names of parameters, the prefix of the service, a slash
    /// at the end, a slip.
    fn meant(&self, verb: &str, path: &str) -> Option<String> {
        let shape = |path: &str| -> Vec<String> {
            let segments = path.split('/').filter(|segment| !segment.is_empty());
            segments
                .map(|one| {
                    if one.starts_with(['{', ':', '<']) {
                        "{}".to_owned()
                    } else {
                        one.to_owned()
                    }
                })
                .collect()
        };
        let wanted = shape(path);
        let with_verb = || {
            self.by_path
                .iter()
                .filter(|(_, verbs)| verbs.contains(verb))
                .map(|(path, _)| *path)
        };
        let in_service = |known: &str| shape(&format!("{}{known}", self.prefix));
        let same = with_verb().find(|known| shape(known) == wanted || in_service(known) == wanted);
        let near = same.or_else(|| nearest(path, with_verb().filter(|known| *known != path)))?;
        Some(format!("did you mean `{verb} {near}`?"))
    }

    /// A request through the gateway. One that expects 403 or 404 may show that a path is not there.
    fn check_smoke(&self, smoke: &SmokeEntry, found: &mut Diagnostics) {
        let path = &smoke.path;
        let status = smoke.status.as_ref().map_or(200, |status| status.value);
        let verb = smoke.method.as_ref().map_or(Verb::Get, |word| word.verb);
        let is_path = path.starts_with('/') && !path.contains(['{', '}', '#']);
        if !is_path || matches!(status, 403 | 404) || self.answers(verb, path) {
            return;
        }
        let known = Verb::ALL
            .into_iter()
            .filter(|verb| *verb != Verb::Any && self.answers(*verb, path));
        let known: BTreeSet<&str> = known.map(Verb::as_str).collect();
        let behind = |start: &str| path.strip_prefix(start).is_some_and(|rest| self.answers(verb, rest));
        let first = path[1..].find('/').map_or("", |end| &path[..=end]);
        let help = if !known.is_empty() {
            format!("this path has {}", listed(&known))
        } else if !self.prefix.is_empty() && behind(self.prefix) {
            format!("leave out `{}`: the gateway's paths have no `url_prefix`", self.prefix)
        } else if !first.is_empty() && behind(first) {
            "leave out what stands first: the gateway's paths do not begin with the stage".to_owned()
        } else {
            let bare = path.split('?').next().unwrap_or_default();
            match nearest(bare, self.by_path.keys().copied()) {
                Some(near) => format!("did you mean `{near}`? `bluegate routes` shows the paths on the gateway"),
                None => "`bluegate routes` shows the paths on the gateway; one that must not be there is answered \
                         with 403"
                    .to_owned(),
            }
        };
        found.push(
            Diagnostic::new(
                Code::SmokeRequest,
                format!("no route answers this smoke request, a {verb}"),
            )
            .at(path.span)
            .with_help(help),
        );
    }

    fn answers(&self, verb: Verb, path: &str) -> bool {
        path.starts_with('/') && self.router.answers(verb.as_str(), path).is_some()
    }
}

fn listed(verbs: &BTreeSet<&str>) -> String {
    Vec::from_iter(verbs.iter().copied()).join(", ")
}

/// Which of the files a reference stands in.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Aws,
    Routes,
}

/// Stage variables that are used and not declared. Where no stage declares any, they may all be set by hand.
fn check_variables(file: &AwsFile, stages: &Entries<StageEntry>, blueprint: &Blueprint, found: &mut Pair) {
    let declared = |stage: &StageEntry, name: &str| stage.variables.as_ref().is_some_and(|all| all.get(name).is_some());
    let names: BTreeSet<&str> = stages
        .iter()
        .flat_map(|(_, stage)| stage.variables.iter().flat_map(Entries::iter))
        .map(|(name, _)| name.as_str())
        .collect();
    if names.is_empty() {
        return;
    }
    for (name, (key, place, span)) in used(file, blueprint) {
        let lacking: Vec<&Spanned<String>> = stages
            .iter()
            .filter(|(_, stage)| !declared(stage, name))
            .map(|(stage, _)| stage)
            .collect();
        if lacking.len() < stages.iter().count() {
            for stage in lacking {
                found.aws.push(
                    Diagnostic::new(
                        Code::UndefinedVariable,
                        format!("this stage does not declare the variable `{name}`, which `{key}` uses"),
                    )
                    .at(stage.span)
                    .with_help(format!("add `\"variables\": {{\"{name}\": …}}` to it")),
                );
            }
            continue;
        }
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `${{stageVariables.{near}}}`?"),
            None => format!("declare it in `stages`: `\"variables\": {{\"{name}\": …}}`"),
        };
        let message = format!("`{key}` uses the variable `{name}`, which no stage declares");
        let diagnostic = Diagnostic::new(Code::UndefinedVariable, message)
            .at(span)
            .with_help(help);
        match place {
            Place::Aws => found.aws.push(diagnostic),
            Place::Routes => found.routes.push(diagnostic),
        }
    }
}

/// The stage variables that the document will refer to, each with the first key that does.
fn used<'a>(file: &'a AwsFile, blueprint: &'a Blueprint) -> BTreeMap<&'a str, (&'static str, Place, Span)> {
    let mut used = BTreeMap::new();
    if let Some(url) = set(file.api_gateway.base_endpoint_url.as_ref()) {
        for name in References::of(url).variables {
            used.entry(name).or_insert(("baseEndpointURL", Place::Aws, url.span));
        }
    }
    for route in &blueprint.routes {
        let integration = &route.integration;
        let link = match &integration.connection {
            Connection::VpcLink { id, .. } => Some(("vpcLink", id)),
            Connection::Internet => None,
        };
        let backend = match &integration.backend {
            Backend::Http { url } => Some(("url", url)),
            Backend::Function(function) => Some(("function", function)),
            Backend::AwsService { uri } => Some(("service", uri)),
            Backend::Service | Backend::Answer | Backend::Nobody => None,
        };
        for (key, text) in link.into_iter().chain(backend) {
            for name in References::of(text).variables {
                used.entry(name).or_insert((key, Place::Routes, route.span));
            }
        }
        let mapped = integration.mapping.iter().flat_map(|mapping| &mapping.parameters);
        for name in mapped.filter_map(|(_, from)| from.strip_prefix("stageVariables.")) {
            used.entry(name).or_insert(("map", Place::Routes, route.span));
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use crate::{Mode, Source, read_aws, read_blueprint};

    use super::*;

    const ROUTES: &str = r#"{"blueprint": {"name": "shop", "url_prefix": "/api", "resources": [{"name": "users", "methods": [
        {"path": "/users", "cors": {"enable": true}, "actions": [{"type": "GET"}, {"type": "POST"}]},
        {"path": "/users/{id}", "actions": [{"type": "GET"}]},
        {"path": "/files/{name+}", "actions": [{"type": "ANY"}]}
    ]}]}}"#;

    /// What is found, with the text that each finding is at.
    fn found_in(routes: &str, section: &str) -> Vec<(Code, String, String)> {
        let text = format!(r#"{{"apiGateway": {{{section}}}}}"#);
        let (file, _) = read_aws(&Source::new("aws.json", text.as_str()).secret())
            .into_result()
            .unwrap_or_else(|found| panic!("{section}: {found:?}"));
        let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict)
            .value
            .unwrap();
        let pair = pair(&file, &blueprint, None);
        let told = |found: &Diagnostics, text: &str| -> Vec<(Code, String, String)> {
            let one = found.iter().map(|one| {
                let span = one.span.unwrap();
                (
                    one.code,
                    text[span.start..span.end].to_owned(),
                    one.help.clone().unwrap(),
                )
            });
            one.collect()
        };
        [told(&pair.aws, &text), told(&pair.routes, routes)].concat()
    }

    fn found(section: &str) -> Vec<(Code, String, String)> {
        found_in(ROUTES, section)
    }

    fn refuses(section: &str, code: Code, at: &str, help: &str) {
        let found = found(section);
        assert_eq!(found.len(), 1, "{section}: {found:?}");
        assert_eq!((found[0].0, found[0].1.as_str()), (code, at), "{section}");
        assert!(found[0].2.contains(help), "{section}: {found:?}");
    }

    #[test]
    fn settings_of_methods_that_the_api_has_not_are_found_in_all_stages() {
        for (method, help) in [
            ("GET /users/{user}", "did you mean `GET /users/{id}`?"),
            ("GET /api/users/{id}", "did you mean `GET /users/{id}`?"),
            ("GET /users/", "did you mean `GET /users`?"),
            ("GET /usres", "did you mean `GET /users`?"),
            ("GET /user/{id}", "did you mean `GET /users/{id}`?"),
            ("PUT /users", "`/users` has GET, OPTIONS, POST"),
            ("ANY /files/{name}", "did you mean `ANY /files/{name+}`?"),
            ("GET /orders", "`bluegate routes`"),
        ] {
            let section = format!(r#""stages": {{"dev": {{"methods": {{"{method}": {{}}}}}}}}"#);
            refuses(&section, Code::UnknownMethod, &format!("\"{method}\""), help);
        }
        let two =
            r#""stages": {"dev": {"methods": {"GET /a": {}, "GET /users": {}}}, "prod": {"methods": {"GET /b": {}}}}"#;
        assert_eq!(found(two).len(), 2);
        let there =
            r#""stages": {"dev": {"methods": {"GET /users": {}, "OPTIONS /users": {}, "ANY /files/{name+}": {}}}}"#;
        assert_eq!(found(there), []);
    }

    #[test]
    fn a_smoke_request_has_a_route() {
        for (smoke, at, help) in [
            (r#"{"path": "/api/users"}"#, "/api/users", "leave out `/api`"),
            (r#"{"path": "/dev/users/7?a=1"}"#, "/dev/users/7?a=1", "the stage"),
            (r#"{"path": "/usres"}"#, "/usres", "did you mean `/users`?"),
            (
                r#"{"path": "/nothing/like/it"}"#,
                "/nothing/like/it",
                "`bluegate routes`",
            ),
            (
                r#"{"path": "/users/7", "method": "POST"}"#,
                "/users/7",
                "this path has GET",
            ),
            (r#"{"path": "/", "status": 500}"#, "/", "`bluegate routes`"),
        ] {
            let section = format!(r#""smoke": [{smoke}]"#);
            refuses(&section, Code::SmokeRequest, &format!("\"{at}\""), help);
        }
        let there = r#""smoke": [{"path": "/users?page=2"}, {"path": "/users/7"}, {"path": "/files/a/b/c", "method": "PUT"},
            {"path": "/users", "method": "OPTIONS"}, {"path": "/admin", "status": 403}, {"path": "/admin", "status": 404},
            {"path": "https://backend.example.com/nowhere"}]"#;
        assert_eq!(found(there), []);
    }

    #[test]
    fn a_variable_that_is_used_is_declared_where_others_are() {
        let url = "\"https://${stageVariables.host}/\"";
        let with = |stages: &str| format!(r#""baseEndpointURL": {url}, "stages": {stages}"#);
        let other = with(r#"{"dev": {"variables": {"target": "a"}}}"#);
        refuses(&other, Code::UndefinedVariable, url, "`\"variables\": {\"host\": …}`");
        let misspelt = with(r#"{"dev": {"variables": {"hosts": "a"}}}"#);
        refuses(
            &misspelt,
            Code::UndefinedVariable,
            url,
            "did you mean `${stageVariables.hosts}`?",
        );
        let one = with(r#"{"dev": {"variables": {"host": "a"}}, "prod": {"tracing": true}}"#);
        refuses(
            &one,
            Code::UndefinedVariable,
            "\"prod\"",
            "`\"variables\": {\"host\": …}`",
        );
        for stages in [
            r#"{"dev": {"variables": {"host": "a"}}, "prod": {"variables": {"host": "b", "more": "c"}}}"#,
            r#"{"dev": {"tracing": true}}"#,
            "{}",
        ] {
            assert_eq!(found(&with(stages)), [], "{stages}");
        }
        for action in [
            r#""url": "https://${stageVariables.link}""#,
            r#""function": "${stageVariables.link}:live""#,
            r#""map": {"header.X": "stageVariables.link"}"#,
        ] {
            let used = ROUTES.replacen(r#"{"type": "POST"}"#, &format!(r#"{{"type": "POST", {action}}}"#), 1);
            let told = found_in(&used, r#""stages": {"dev": {"variables": {"host": "a"}}}"#);
            assert_eq!(told.len(), 1, "{action}: {told:?}");
            assert!(told[0].1.contains("link"), "{told:?}");
        }
        let linked = ROUTES.replacen(
            r#"{"type": "POST"}"#,
            r#"{"type": "POST", "integration": "VPC_LINK", "vpcLink": "${stageVariables.link}"}"#,
            1,
        );
        let told = found_in(&linked, r#""stages": {"dev": {"variables": {"host": "a"}}}"#);
        assert_eq!(told.len(), 1);
        assert!(told[0].1.contains("stageVariables.link"), "{told:?}");
        assert_eq!(
            found_in(&linked, r#""stages": {"dev": {"variables": {"link": "a"}}}"#),
            []
        );
    }

    #[test]
    fn a_service_that_the_internet_cannot_reach_is_warned_about() {
        for url in [
            "http://localhost:3000",
            "https://127.0.0.1/",
            "http://10.1.2.3",
            "http://172.16.0.1:8080/",
            "http://192.168.1.1",
            "http://169.254.169.254/latest",
            "http://100.64.0.1",
            "http://0.0.0.0:80",
            "http://[::1]:3000/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://backend:8080",
            "http://users.shop.svc.cluster.local",
            "http://ip-10-0-0-1.ec2.internal/",
            "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev",
        ] {
            let section = format!(r#""rest_api_id": "a1b2c3d4e5", "baseEndpointURL": "{url}""#);
            refuses(&section, Code::UnreachableBackend, &format!("\"{url}\""), "a VPC link");
        }
        for url in [
            "https://backend.example.com",
            "http://8.8.8.8",
            "http://172.32.0.1",
            "http://192.169.0.1",
            "http://100.128.0.1",
            "https://[2001:db8::1]/",
            "https://other.execute-api.eu-west-1.amazonaws.com/dev",
            "https://${stageVariables.host}/",
            "https://localhost.example.com",
        ] {
            let section = format!(r#""rest_api_id": "a1b2c3d4e5", "baseEndpointURL": "{url}""#);
            assert_eq!(found(&section), [], "{url}");
        }
        let linked = r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
            {"path": "/users", "actions": [{"type": "GET", "integration": "VPC_LINK", "vpcLink": "abc123"},
                {"type": "PUT", "function": "f"}]}]}]}}"#;
        assert_eq!(found_in(linked, r#""baseEndpointURL": "http://10.1.2.3""#), []);
    }
}
