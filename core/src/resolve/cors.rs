//! Cross-origin access, and the preflights that the gateway answers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Resolver, is_header_name};
use crate::blueprint::{Authorization, Cors, Preflight, Route, RoutePath, Verb};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::CorsEntry;
use crate::reference::References;
use crate::span::Spanned;

impl Resolver<'_> {
    /// Cross-origin access, when it is switched on.
    pub(super) fn cors(&mut self, entry: &CorsEntry) -> Option<Cors> {
        if entry.enable != Some(true) && !entry.faulty.contains(&"enable") {
            let says_who = entry.origins.is_some() || entry.credentials.is_some() || entry.allow_methods.is_some();
            let says_how = entry.max_age.is_some() || entry.expose_headers.is_some();
            if entry.enable.is_none() && (says_who || says_how) {
                self.tell(
                    Code::IgnoredKey,
                    entry.span.head(),
                    "cross-origin access is off: `enable` is missing",
                    "add `\"enable\": true`; with `\"enable\": false` it stays off",
                );
            }
            return None;
        }
        let mut allow_headers: Vec<String> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for header in entry.allow_headers.iter().flatten() {
            if header.trim().is_empty() {
                self.once(
                    Diagnostic::new(Code::EmptyHeaderName, "an empty header name is left out")
                        .at(header.span)
                        .with_help("write an empty list: `\"allowHeaders\": []`"),
                );
                continue;
            }
            if !is_header_name(header) {
                self.once(
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
        let origins = self.origins(entry);
        Some(Cors {
            allow_headers,
            usual_headers: entry.usual_headers.unwrap_or(true),
            origins,
            credentials: entry.credentials.as_ref().is_some_and(|yes| yes.value),
            max_age: entry.max_age.as_ref().map(|seconds| seconds.value),
            expose_headers: self.exposed(entry),
            allow_methods: entry
                .allow_methods
                .iter()
                .flatten()
                .map(|word| word.value.verb)
                .collect(),
        })
    }

    /// The origins that may call; none where all of them may.
    fn origins(&mut self, entry: &CorsEntry) -> Vec<String> {
        let mut written: Vec<&Spanned<String>> = Vec::new();
        for origin in entry.origins.iter().flat_map(|origins| &origins.value) {
            if written.iter().all(|known| known.value != origin.value) {
                written.push(origin);
            }
        }
        for origin in &written {
            if let Some(sent) = as_sent(origin) {
                let message = format!("no browser calls itself `{}`", shortened(origin));
                let told = Diagnostic::new(Code::CorsOrigin, message).at(origin.span).as_warning();
                self.once(told.with_help(format!("write `{}`, as browsers send it", shortened(&sent))));
            }
            if !is_origin(origin) && References::of(origin).unfilled.is_empty() {
                self.tell(
                    Code::CorsOrigin,
                    origin.span,
                    format!("`{}` is no origin", shortened(origin)),
                    "an origin is scheme and host, perhaps with a port, and no slash behind it: `https://shop.example.com`",
                );
            }
        }
        let all = written.is_empty() || written.iter().any(|origin| origin.value == "*");
        if let Some(credentials) = entry.credentials.as_ref().filter(|yes| yes.value && all) {
            // https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
            self.tell(
                Code::CorsOrigin,
                credentials.span,
                "browsers send no credentials where all origins may call",
                "name the origins: `\"origins\": [\"https://shop.example.com\"]`",
            );
        }
        if all {
            return Vec::new();
        }
        written.into_iter().map(|origin| origin.value.clone()).collect()
    }

    /// The service sends the origins with its answers, and it is built before variables have values.
    pub(super) fn check_sent(&mut self, cors: Option<&Cors>, entry: Option<&CorsEntry>) {
        let (Some(cors), Some(entry)) = (cors, entry) else {
            return;
        };
        if cors.origins.is_empty() {
            return;
        }
        for origin in entry.origins.iter().flat_map(|origins| &origins.value) {
            if !References::of(origin).unfilled.is_empty() {
                self.tell(
                    Code::Reference,
                    origin.span,
                    "the service sends this origin, and is built before variables have values",
                    "write all origins of all environments: the one that asks is named",
                );
            }
        }
    }

    fn exposed(&mut self, entry: &CorsEntry) -> Vec<String> {
        let headers = entry.expose_headers.iter().flatten();
        let headers = headers.inspect(|header| {
            if !is_header_name(header) {
                self.header_name(header);
            }
        });
        headers.map(|header| header.value.clone()).collect()
    }

    /// One preflight a path: methods of the file that share a path share what their preflight allows.
    pub(super) fn preflights(
        &mut self,
        methods: &[(Arc<RoutePath>, Option<Arc<Cors>>)],
        routes: &[Route],
    ) -> Vec<Preflight> {
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
                    cors: Arc::clone(cors),
                    operation_id: String::new(),
                });
                preflights.len() - 1
            });
            let first = &preflights[index].cors;
            let shared = |cors: &Cors| (cors.credentials, cors.max_age, cors.usual_headers);
            let is_same = first.origins == cors.origins && shared(first) == shared(cors);
            if !is_same {
                self.tell(
                    Code::MixedCors,
                    path.span,
                    format!(
                        "the preflight of `{}` is answered as its first method says",
                        path.gateway
                    ),
                    "give the methods of one path the same `origins`, `credentials`, `maxAge` and `usualHeaders`",
                );
            }
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
                let (message, help) = match &route.authorization {
                    // https://fetch.spec.whatwg.org/#cors-preflight-fetch: without credentials.
                    Authorization::AwsIam => (
                        format!(
                            "the OPTIONS action of `{path}` wants signed requests, but browsers do not sign preflights"
                        ),
                        "every preflight is answered with 403: remove the action to let the gateway answer, or its \
                         `authorization`",
                    ),
                    Authorization::Authorizers(_) => (
                        format!("the OPTIONS action of `{path}` asks an authorizer, but preflights bring no proof"),
                        "browsers send preflights without credentials: remove the action to let the gateway answer, or \
                         write `\"authorization\": \"NONE\"`",
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
            let named = std::mem::take(&mut preflight.verbs);
            let said = &preflight.cors.allow_methods;
            let named = if said.is_empty() { &named } else { said };
            let any = named.contains(&Verb::Any);
            preflight.verbs = Verb::ALL
                .into_iter()
                .filter(|verb| *verb != Verb::Any && (any || *verb == Verb::Options || named.contains(verb)))
                .collect();
        }
        preflights
    }
}

/// An origin as browsers send it, if that is not how it is written: in small letters, and without the port that goes without
/// saying ([RFC 6454, 4](https://www.rfc-editor.org/rfc/rfc6454#section-4)).
fn as_sent(text: &str) -> Option<String> {
    if text.contains("${") {
        return None;
    }
    let sent = text.to_ascii_lowercase();
    let usual = [("http://", ":80"), ("https://", ":443")];
    let usual = usual.iter().find(|(scheme, _)| sent.starts_with(scheme));
    let sent = match usual.and_then(|(_, port)| sent.strip_suffix(port)) {
        Some(without) => without.to_owned(),
        None => sent,
    };
    (sent != text).then_some(sent)
}

/// Scheme, host and perhaps a port ([RFC 6454, 6.2](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)), or all of them.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else {
        return text == "*" || text == "null";
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:[]".contains(&byte);
    !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !host.is_empty()
        && host.bytes().all(fits)
}
