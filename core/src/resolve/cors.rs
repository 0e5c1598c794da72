//! Cross-origin access, and the preflights that the gateway answers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Resolver, is_header_name};
use crate::blueprint::{Authorization, Cors, Preflight, Route, RoutePath, Verb};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::CorsEntry;

impl Resolver<'_> {
    /// Cross-origin access, when it is switched on.
    pub(super) fn cors(&mut self, entry: &CorsEntry) -> Option<Cors> {
        if entry.enable != Some(true) && !entry.faulty.contains(&"enable") {
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
        let origins = entry.origins.iter().flat_map(|origins| &origins.value);
        let origins: Vec<String> = origins.map(|origin| origin.value.clone()).collect();
        Some(Cors {
            allow_headers,
            origins: if origins.iter().any(|origin| origin == "*") {
                Vec::new()
            } else {
                origins
            },
            credentials: entry.credentials.as_ref().is_some_and(|yes| yes.value),
            max_age: entry.max_age.as_ref().map(|seconds| seconds.value),
            expose_headers: entry
                .expose_headers
                .iter()
                .flatten()
                .map(|header| header.value.clone())
                .collect(),
            allow_methods: entry
                .allow_methods
                .iter()
                .flatten()
                .map(|word| word.value.verb)
                .collect(),
        })
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
