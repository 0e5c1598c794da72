//! What imports make of an API that is there, what a deployment takes of it, and how its parts are told.

use std::collections::BTreeMap;

use super::patch::Refused;
use super::{Access, Api, Authorizer, GatewayResponse, Integration, Resource};
use crate::blueprint::GATEWAY_RESPONSES;
use crate::openapi::Document;

/// How long the answer of an authorizer holds unless somebody says otherwise, in seconds.
pub const AUTHORIZER_TTL: i32 = 300;
/// How long a service may take unless somebody says otherwise, in milliseconds.
pub const TIMEOUT: i32 = 29_000;

/// What an authorizer, a validator or a resource is that has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identified {
    /// An authorizer, by its name.
    Authorizer,
    /// A request validator, by its name.
    Validator,
    /// A resource, by its path.
    Resource,
}

impl Api {
    /// What an import makes of a document. What has the path or the name of something that was there has its id; all
    /// else gets a new one.
    #[must_use]
    pub fn imported(before: &Self, document: &Document, mut new_id: impl FnMut(Identified, &str) -> String) -> Self {
        let mut api = Self::from(document);
        let mut ids = BTreeMap::new();
        for one in &mut api.authorizers {
            let old = before.authorizers.iter().find(|old| old.name == one.name);
            one.id = old.map_or_else(|| new_id(Identified::Authorizer, &one.name), |old| old.id.clone());
            ids.insert((Identified::Authorizer, one.name.clone()), one.id.clone());
        }
        for one in &mut api.validators {
            let old = before.validators.iter().find(|old| old.name == one.name);
            one.id = old.map_or_else(|| new_id(Identified::Validator, &one.name), |old| old.id.clone());
            ids.insert((Identified::Validator, one.name.clone()), one.id.clone());
        }
        for resource in &mut api.resources {
            let old = before.resources.iter().find(|old| old.path == resource.path);
            resource.id = old.map_or_else(|| new_id(Identified::Resource, &resource.path), |old| old.id.clone());
            for method in resource.methods.values_mut() {
                for (kind, id) in [
                    (Identified::Authorizer, &mut method.authorizer_id),
                    (Identified::Validator, &mut method.request_validator_id),
                ] {
                    *id = id.take().and_then(|name| ids.get(&(kind, name)).cloned());
                }
            }
        }
        api
    }

    /// Takes on what an import made of a document; what it does not have stays.
    pub fn join(&mut self, new: Self) {
        for resource in new.resources {
            match self.resources.iter_mut().find(|one| one.path == resource.path) {
                Some(known) => known.methods.extend(resource.methods),
                None => self.resources.push(resource),
            }
        }
        self.resources.sort_by(|one, other| one.path.cmp(&other.path));
        join(&mut self.authorizers, new.authorizers, |one| &one.name);
        join(&mut self.models, new.models, |one| &one.name);
        join(&mut self.validators, new.validators, |one| &one.name);
        join(&mut self.responses, new.responses, |one| &one.kind);
    }

    /// Refuses a deployment of resources that could answer nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`] when it has no method, or one of them no integration.
    pub fn deployable(resources: &[Resource]) -> Result<(), Refused> {
        let mut methods = resources.iter().flat_map(|resource| resource.methods.values());
        let why = match methods.next() {
            None => "The REST API doesn't contain any methods",
            Some(first) if first.integration.is_none() || methods.any(|one| one.integration.is_none()) => {
                "No integration defined for method"
            }
            Some(_) => return Ok(()),
        };
        Err(Refused::bad_request(why))
    }

    /// Who may call what of resources, by path and verb, as a deployment tells it.
    #[must_use]
    pub fn summary(resources: &[Resource]) -> BTreeMap<String, BTreeMap<String, Access>> {
        let routed = resources.iter().filter(|resource| !resource.methods.is_empty());
        let summary = routed.map(|resource| {
            let verbs = resource.methods.iter().map(|(verb, method)| {
                let access = Access {
                    authorization: method.authorization.clone(),
                    api_key_required: method.api_key_required,
                };
                (verb.clone(), access)
            });
            (resource.path.clone(), verbs.collect())
        });
        summary.collect()
    }
}

/// Replaces what has the same name, and adds the rest.
fn join<T>(known: &mut Vec<T>, new: Vec<T>, name: impl Fn(&T) -> &String) {
    for one in new {
        match known.iter_mut().find(|old| name(old) == name(&one)) {
            Some(old) => *old = one,
            None => known.push(one),
        }
    }
}

impl Integration {
    /// As API Gateway tells it, with what is so by default. The cache is that of the resource.
    #[must_use]
    pub fn told(mut self, resource_id: &str) -> Self {
        if matches!(self.kind.as_str(), "HTTP" | "HTTP_PROXY") {
            self.connection_type.get_or_insert_with(|| "INTERNET".to_owned());
        }
        self.passthrough_behavior
            .get_or_insert_with(|| "WHEN_NO_MATCH".to_owned());
        self.timeout_in_millis.get_or_insert(TIMEOUT);
        self.cache_namespace.get_or_insert_with(|| resource_id.to_owned());
        self
    }
}

/// The body of a gateway response that nobody customised, as recorded of AWS.
pub const DEFAULT_BODY: &str = "{\"message\":$context.error.messageString}";

impl GatewayResponse {
    /// The gateway's own answer of a type as API Gateway tells it: the customised one, else what the one of its class makes
    /// of the default. `None` when there is no such type.
    #[must_use]
    pub fn told(custom: &[Self], kind: &str) -> Option<Self> {
        let (kind, status) = GATEWAY_RESPONSES.iter().find(|(known, _)| *known == kind)?;
        let of = |kind: &str| custom.iter().find(|one| one.kind == kind);
        let class = status.map(|status| match status.starts_with('4') {
            true => "DEFAULT_4XX",
            false => "DEFAULT_5XX",
        });
        let own = of(kind);
        let mut told = own.or(class.and_then(of)).cloned().unwrap_or_default();
        (*kind).clone_into(&mut told.kind);
        told.status_code = told.status_code.or(status.map(str::to_owned));
        if told.templates.is_empty() {
            told.templates = [("application/json".to_owned(), DEFAULT_BODY.to_owned())].into();
        }
        told.is_default = own.is_none();
        Some(told)
    }

    /// All of them.
    #[must_use]
    pub fn all_told(custom: &[Self]) -> Vec<Self> {
        GATEWAY_RESPONSES
            .iter()
            .filter_map(|(kind, _)| Self::told(custom, kind))
            .collect()
    }
}

impl Authorizer {
    /// As API Gateway tells it, with what is so by default.
    #[must_use]
    pub fn told(mut self) -> Self {
        if self.kind != "COGNITO_USER_POOLS" {
            self.ttl.get_or_insert(AUTHORIZER_TTL);
        }
        self
    }
}
