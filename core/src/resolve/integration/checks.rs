//! What an integration must not be, and what of an action means nothing to who answers it.

use super::super::Resolver;
use super::super::arn::Named;
use super::Answerer;
use crate::blueprint::{Backend, Mapping, RoutePath};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{ActionEntry, Amount, Entries, ReachEntry};
use crate::reference::{References, is_function};
use crate::span::Spanned;

/// How long an answer may take, in milliseconds: at least, at most, and at most unless AWS raised the quota
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const LEAST_TIMEOUT: u32 = 50;
const GREATEST_TIMEOUT: u32 = 300_000;

/// How long an answer that is streamed may take, in milliseconds
/// ([response streaming](https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html)).
const STREAM_TIMEOUT: u32 = 900_000;
const USUAL_TIMEOUT: u32 = 29_000;

impl<'a> Resolver<'a> {
    /// The names and the URL of who answers.
    pub(super) fn check_reach(&mut self, reach: &ReachEntry) {
        if let Some(url) = &reach.url {
            self.check_url(url);
        }
        if let Some(function) = &reach.function {
            self.check_arn(function, Named::Function);
        }
        if let Some(service) = &reach.service {
            self.check_arn(&service.uri, Named::Service);
        }
        if let Some(role) = &reach.role {
            self.check_arn(role, Named::Role);
        }
    }

    /// The URL of an HTTP service. Path parameters stand in it in braces.
    fn check_url(&mut self, url: &Spanned<String>) {
        if is_function(url) {
            let told = "a function of CloudFormation stands for the URL, and API Gateway knows none";
            let told = Diagnostic::new(Code::BackendUrl, told).as_warning().at(url.span);
            return self.once(told.with_help("write the URL that the function makes"));
        }
        let references = References::of(url);
        for flaw in references.flaws.iter().filter(|flaw| !flaw.is_bare) {
            self.tell(
                Code::Reference,
                url.span,
                format!("the URL {}", flaw.message),
                flaw.help.clone(),
            );
        }
        let rest = ["http://", "https://"]
            .iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        let is_url = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        if !is_url && references.unfilled.is_empty() && !url.starts_with("${stageVariables.") {
            self.tell(
                Code::BackendUrl,
                url.span,
                format!("`{}` is no URL of a service", shortened(url)),
                "write one with its scheme, such as `https://search.example.com/v2`",
            );
        }
    }

    /// Parameters of a URL in braces that the path does not have and that no `map` fills.
    pub(super) fn check_parameters(
        &mut self,
        action: &ActionEntry,
        backend: &Backend,
        path: &RoutePath,
        mapping: &Mapping,
    ) {
        let Backend::Http { url } = backend else { return };
        if is_function(url) {
            return;
        }
        let span = action.backend_path.as_ref().or(action.reach.url.as_ref());
        let span = span.map_or(action.span.head(), |text| text.span);
        for (at, _) in url.match_indices('{').filter(|(at, _)| !url[..*at].ends_with('$')) {
            let name = url[at + 1..].split('}').next().unwrap_or_default();
            let is_of_path = path.parameters().any(|parameter| parameter.name == name);
            let target = format!("integration.request.path.{name}");
            if !is_of_path && !mapping.parameters.iter().any(|(to, _)| *to == target) {
                self.tell(
                    Code::ForeignPathParameter,
                    span,
                    format!("the path has no parameter `{}` for this URL", shortened(name)),
                    format!(
                        "write a parameter of the path, or fill it in: `\"map\": {{\"path.{}\": …}}`",
                        shortened(name)
                    ),
                );
            }
        }
    }

    /// Cache keys that are parameters which the path does not have: API Gateway refuses them.
    pub(super) fn check_cache_keys(&mut self, action: &ActionEntry, path: &RoutePath, mapping: &Mapping) {
        let written = action.mapping.cache_keys.iter().flatten();
        for (key, written) in mapping.cache_keys.iter().zip(written) {
            let Some(name) = key.strip_prefix("method.request.path.") else {
                continue;
            };
            if path.parameters().all(|parameter| parameter.name != name) {
                self.tell(
                    Code::ForeignPathParameter,
                    written.span,
                    format!("the path has no parameter `{}` to keep answers by", shortened(name)),
                    "write a parameter of the path, or another key",
                );
            }
        }
    }

    /// Tells keys of an action that mean nothing to who answers it.
    pub(super) fn check_used(&mut self, action: &ActionEntry, answerer: &Answerer<'a>, backend: &Backend, proxy: bool) {
        const OF_PROXY: &str =
            "write `\"proxyIntegration\": false`, or remove it: a proxy passes everything on as it is";
        const OF_ANSWER: &str = "remove it: the gateway answers by itself";
        const OF_HTTP: &str = "remove it: only what is called by a URL is called so";
        let (own, reach) = (&action.inherited, &action.reach);
        let is_http = matches!(backend, Backend::Service | Backend::Http { .. });
        let is_answer = *backend == Backend::Answer;
        let has_url = answerer.named().is_some_and(|backend| backend.reach.url.is_some());
        let first = |entries: &Option<Entries<_>>| entries.as_ref()?.iter().next().map(|(key, _)| key.span);
        let templates = first(&action.mapping.request_templates);
        let responses = action.mapping.integration_responses.as_ref();
        let responses = responses.and_then(|responses| responses.iter().next().map(|(key, _)| key.span));
        for (key, span, is_used, help) in [
            (
                "backendPath",
                action.backend_path.as_ref().map(|path| path.span),
                has_url,
                "name a `backend` with a `url`: it stands behind that",
            ),
            (
                "timeout",
                own.timeout.as_ref().map(|time| time.span),
                !is_answer,
                OF_ANSWER,
            ),
            (
                "transfer",
                reach.transfer.as_ref().map(|word| word.span),
                !is_answer,
                OF_ANSWER,
            ),
            ("tls", reach.tls.as_ref().map(|tls| tls.span), is_http, OF_HTTP),
            (
                "integration",
                own.integration.as_ref().map(|word| word.span),
                is_http,
                OF_HTTP,
            ),
            ("vpcLink", own.vpc_link.as_ref().map(|link| link.span), is_http, OF_HTTP),
            ("requestTemplates", templates, !proxy, OF_PROXY),
            ("integrationResponses", responses, !proxy, OF_PROXY),
        ] {
            if let Some(span) = span.filter(|_| !is_used) {
                self.tell(Code::IgnoredKey, span, format!("`{key}` does nothing here"), help);
            }
        }
    }

    pub(super) fn check_timeout(&mut self, timeout: &Spanned<Amount>, streams: bool) {
        let Some(time) = timeout.number() else { return };
        let greatest = if streams { STREAM_TIMEOUT } else { GREATEST_TIMEOUT };
        if !(LEAST_TIMEOUT..=greatest).contains(&time) {
            self.tell(
                Code::Timeout,
                timeout.span,
                format!("an integration is given from {LEAST_TIMEOUT} to {greatest} milliseconds"),
                "write a number of milliseconds between them",
            );
        } else if time > USUAL_TIMEOUT && !streams {
            self.once(
                Diagnostic::new(
                    Code::Timeout,
                    format!("an integration is given {USUAL_TIMEOUT} milliseconds at most unless AWS raised the quota"),
                )
                .as_warning()
                .at(timeout.span)
                .with_help("ask AWS to raise `Maximum integration timeout`, of regional and private APIs"),
            );
        }
    }
}
