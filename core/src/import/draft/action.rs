//! One action: a verb on a path, with what is its own.

use super::blueprint::templates;
use super::reach::{Backend, Reach, short_answer, short_source};
use super::{Action, Plan, Reached, contract, ignore, missing, names};
use crate::diagnostic::Diagnostics;
use crate::import::api::{Api, Checks, Integration, IntegrationResponse, Kind, Operation, Pairs};
use crate::import::item::{Entries, Item};
use crate::import::preflight::{self, Preflight};
use crate::resolve::operation_id;

/// A key that resources, methods and actions inherit.
pub(super) struct Inherited {
    pub(super) name: &'static str,
    /// What says that there is none, below a place that has one.
    pub(super) none: fn() -> Option<Item>,
}

/// The keys that are inherited, in the order in which they are written.
pub(super) const INHERITED: [Inherited; 11] = [
    inherited("cors", || Some(Item::Map(vec![("enable".into(), Item::Bool(false))]))),
    inherited("authorization", || Some(Item::text("NONE"))),
    inherited("scopes", || Some(Item::List(Vec::new()))),
    inherited("apiKey", || Some(Item::Bool(false))),
    inherited("backend", || Some(Item::text("SERVICE"))),
    inherited("integration", || Some(Item::text("INTERNET"))),
    inherited("vpcLink", || None),
    inherited("integrationTarget", || None),
    inherited("timeout", || Some(Item::Number(TIMEOUT.into()))),
    inherited("validate", || Some(Item::Bool(false))),
    inherited("map", || Some(Item::Map(Vec::new()))),
];

const fn inherited(name: &'static str, none: fn() -> Option<Item>) -> Inherited {
    Inherited { name, none }
}

/// How long a backend may take unless something is said, in milliseconds.
const TIMEOUT: &str = "29000";

impl Plan<'_> {
    /// What an inherited key means for an action: a value or the absence of one. `None` where it means nothing.
    pub(super) fn inherited(&self, key: &str, index: usize) -> Option<Option<Item>> {
        let action = &self.actions[index];
        let operation = action.operation;
        let is_service = action.place == Reached::Service;
        let link = || match &action.reach.as_ref()?.backend {
            Backend::Http { vpc_link, target, .. } => vpc_link.as_ref().map(|link| (link, target)),
            _ => None,
        };
        let calls = action.place != Reached::Nothing;
        match key {
            "authorization" => Some(self.authorization(operation)),
            "scopes" => {
                let scopes = Item::texts(operation.scopes.clone());
                (!operation.authorization.is_empty()).then(|| Some(scopes).filter(|scopes| !scopes.is_empty()))
            }
            "apiKey" => Some(operation.api_key.then_some(Item::Bool(true))),
            "backend" => match action.place {
                Reached::Service => Some(None),
                Reached::Named(number) => Some(Some(Item::text(&self.named[number].0))),
                Reached::Inline | Reached::Nothing => None,
            },
            "integration" => is_service.then(|| link().map(|_| Item::text("VPC_LINK"))),
            "vpcLink" => is_service.then(|| link().map(|(link, _)| Item::text(link))),
            "integrationTarget" => is_service.then(|| link().and_then(|(_, target)| target.as_deref().map(Item::text))),
            "timeout" => {
                let timeout = operation
                    .integration
                    .as_ref()
                    .and_then(|integration| integration.timeout.as_deref());
                calls.then(|| timeout.filter(|timeout| *timeout != TIMEOUT).map(Item::number))
            }
            "validate" => {
                let preflight = Preflight::of(operation).is_some();
                let checks = if preflight {
                    preflight::checks(operation)
                } else {
                    operation.checks
                };
                (!preflight).then(|| validate(checks))
            }
            "map" => (calls && !is_invoked(action)).then(|| {
                let map = &action.reach.as_ref()?.map;
                (!map.is_empty()).then(|| map_item(map))
            }),
            _ => None,
        }
    }

    fn authorization(&self, operation: &Operation) -> Option<Item> {
        let name = |name: &String| {
            let known = self.authorizers.iter().find(|(known, _)| known == name);
            known.map_or_else(|| name.clone(), |(_, name)| name.clone())
        };
        // Beside an authorizer `NONE` is refused: nobody could tell which one holds.
        let asked = operation.authorization.iter().filter(|name| *name != "NONE");
        match asked.map(name).collect::<Vec<String>>().as_slice() {
            [] => None,
            [one] => Some(Item::text(one)),
            several => Some(Item::texts(several)),
        }
    }

    /// An action with its own keys and what it does not inherit.
    pub(super) fn action(
        &self,
        index: usize,
        handler: &str,
        own: &[(&'static str, Item)],
        api: &Api,
        found: &mut Diagnostics,
    ) -> Item {
        let action = &self.actions[index];
        let operation = action.operation;
        let mut entries = Entries::default();
        entries.put("type", Item::text(operation.verb.as_str()));
        let is_usual = operation.verb.as_str().eq_ignore_ascii_case(handler);
        if action.place == Reached::Service && !is_usual {
            entries.put("handler", Item::text(handler));
        }
        entries.extend(own);
        match (&action.reach, &operation.integration) {
            (Some(reach), Some(integration)) => self.integration(&mut entries, action, reach, integration, found),
            _ => entries.put("openapi", patch(Item::Null)),
        }
        entries.fill("query", contract::parameter_items(&operation.query));
        entries.fill("headers", contract::parameter_items(&operation.headers));
        entries.fill("body", contract::media(&operation.body, true));
        contract::answers(&mut entries, operation);
        let patch = missing::patch(operation);
        match entries.0.iter_mut().find(|(key, _)| key == "openapi") {
            Some((_, Item::Map(raw))) => raw.extend(patch.0),
            _ => entries.fill("openapi", patch.item()),
        }
        readers(&mut entries, operation, api, found);
        entries.item()
    }

    fn integration(
        &self,
        entries: &mut Entries,
        action: &Action<'_>,
        reach: &Reach,
        integration: &Integration,
        found: &mut Diagnostics,
    ) {
        match action.place {
            Reached::Service => reach.write(entries, true),
            Reached::Inline => {
                reach.write(entries, false);
                if let (Some(base), Some((_, url))) = (reach.base(), entries.0.iter_mut().find(|(key, _)| key == "url"))
                {
                    let path = reach.path.clone();
                    let path = path.unwrap_or_else(|| action.operation.path.replace("+}", "}"));
                    *url = Item::text(format!("{base}{path}"));
                }
            }
            Reached::Named(_) => entries.text("backendPath", reach.path.as_deref()),
            Reached::Nothing => {}
        }
        if is_invoked(action) {
            entries.fill("map", map_item(&reach.map));
        }
        entries.text("backendVerb", reach.verb.as_deref());
        let templates_item = templates(&integration.templates);
        if integration.kind == Kind::Mock {
            match answer(integration).filter(|_| self.says_origin(action, integration)) {
                Some(answer) => entries.put("answer", answer),
                None => {
                    entries.put("answer", Item::Map(Vec::new()));
                    entries.put("requestTemplates", templates_item);
                    entries.put("integrationResponses", self.responses(integration));
                }
            }
        } else if !integration.kind.is_proxy() {
            entries.fill("requestTemplates", templates_item);
            entries.put("integrationResponses", self.responses(integration));
        }
        let passthrough = integration.passthrough.as_deref();
        entries.text("passthrough", passthrough.filter(|word| *word != "WHEN_NO_MATCH"));
        match &integration.content_handling {
            Some(word) if self.has_binary => entries.put("contentHandling", Item::text(word)),
            Some(_) => ignore(
                found,
                integration.span,
                "`contentHandling` does nothing in an API without binary media types",
            ),
            None => {}
        }
        entries.fill(
            "cacheKeys",
            Item::texts(integration.cache_keys.iter().map(|key| short_source(key))),
        );
        entries.text("cacheNamespace", integration.cache_namespace.as_deref());
        if !reach.unmapped.is_empty() {
            let names = reach.unmapped.iter();
            let names = names.map(|name| (format!("integration.request.path.{name}"), Item::Null));
            let parameters = Item::Map(vec![("requestParameters".into(), Item::Map(names.collect()))]);
            entries.put("openapi", patch(parameters));
        }
    }

    /// Whether a fixed answer says itself what it says to pages of other origins: with `cors`, one that does not is given it.
    fn says_origin(&self, action: &Action<'_>, integration: &Integration) -> bool {
        let crosses = self.preflights.iter().any(|(path, _)| *path == action.operation.path);
        let mut parameters = integration
            .responses
            .iter()
            .flat_map(|(_, response)| &response.parameters);
        !crosses || parameters.any(|(name, _)| name.to_ascii_lowercase().ends_with(".access-control-allow-origin"))
    }

    fn responses(&self, integration: &Integration) -> Item {
        let entries = integration.responses.iter().map(|(pattern, response)| {
            let mut entries = Entries::default();
            entries.put("status", response.status.as_deref().map(Item::number));
            entries.fill("map", answer_map(&response.parameters));
            entries.fill("templates", templates(&response.templates));
            let handling = response.content_handling.as_deref();
            entries.text("contentHandling", handling.filter(|_| self.has_binary));
            (pattern.clone(), entries.item())
        });
        Item::Map(entries.collect())
    }
}

/// Whether a function gets the request as it is: a `map` that is inherited means nothing then.
fn is_invoked(action: &Action<'_>) -> bool {
    let reach = action.reach.as_ref();
    reach.is_some_and(|reach| matches!(reach.backend, Backend::Function { is_proxy: true, .. }))
}

/// A patch of the integration.
fn patch(integration: Item) -> Item {
    Item::Map(vec![("x-amazon-apigateway-integration".into(), integration)])
}

fn validate(checks: Checks) -> Option<Item> {
    match (checks.body, checks.parameters) {
        (true, true) => Some(Item::Bool(true)),
        (true, false) => Some(Item::text("BODY")),
        (false, true) => Some(Item::text("PARAMETERS")),
        (false, false) => None,
    }
}

fn map_item(pairs: &Pairs) -> Item {
    Item::Map(
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), Item::text(value)))
            .collect(),
    )
}

fn answer_map(pairs: &Pairs) -> Item {
    let entries = pairs.iter();
    Item::Map(
        entries
            .map(|(name, value)| (short_answer(name), Item::text(short_answer(value))))
            .collect(),
    )
}

/// A mock that always gives the same answer, as the key `answer` says it.
fn answer(integration: &Integration) -> Option<Item> {
    let [(media, template)] = integration.templates.as_slice() else {
        return None;
    };
    let [(pattern, response)] = integration.responses.as_slice() else {
        return None;
    };
    let IntegrationResponse {
        status,
        parameters,
        templates: bodies,
        content_handling,
    } = response;
    let status = status.as_deref()?;
    let parsed: serde_json::Value = serde_json::from_str(template).ok()?;
    let is_plain = media == "application/json"
        && pattern == "default"
        && parsed.as_object().is_some_and(|object| object.len() == 1)
        && parsed.get("statusCode").map(ToString::to_string).as_deref() == Some(status)
        && content_handling.is_none()
        && parameters
            .iter()
            .all(|(name, _)| name.starts_with("method.response.header."));
    if !is_plain {
        return None;
    }
    let mut answer = Entries::default();
    answer.put("status", (status != "200").then(|| Item::number(status)));
    let headers = parameters.iter();
    let headers = headers.map(|(name, value)| {
        let name = name.trim_start_matches("method.response.header.");
        (name.to_owned(), Item::text(value))
    });
    answer.fill("headers", Item::Map(headers.collect()));
    match bodies.as_slice() {
        [(media, text)] if media == "application/json" => answer.put("body", Item::text(text)),
        _ => answer.fill("templates", templates(bodies)),
    }
    Some(answer.item())
}

/// Whether an operation gets this id where the file says none.
fn is_made(id: &str, operation: &Operation, api: &Api) -> bool {
    let mut others = api.operations.iter().filter(|other| !std::ptr::eq(*other, operation));
    operation_id(operation.verb, &operation.path) == id
        && !others.any(|other| operation_id(other.verb, &other.path) == id)
}

/// What is there for readers.
fn readers(entries: &mut Entries, operation: &Operation, api: &Api, found: &mut Diagnostics) {
    let usual = format!("{} {}", operation.verb, operation.path);
    entries.text(
        "summary",
        operation.summary.as_deref().filter(|summary| *summary != usual),
    );
    entries.text("description", operation.description.as_deref());
    entries.fill("tags", Item::texts(operation.tags.clone()));
    if let Some(id) = &operation.operation_id {
        let same = api
            .operations
            .iter()
            .filter(|other| other.operation_id.as_ref() == Some(id));
        if !names::is_word(id) {
            ignore(found, operation.span, "an operationId that is no word gets another one");
        } else if same.count() > 1 {
            ignore(
                found,
                operation.span,
                "an operationId that stands twice gets another one",
            );
        } else if !is_made(id, operation, api) {
            entries.put("operationId", Item::text(id));
        }
    }
    entries.put("deprecated", operation.is_deprecated.then_some(Item::Bool(true)));
}
