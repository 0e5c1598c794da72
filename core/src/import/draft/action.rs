//! One action: a verb on a path, with what is its own.

use super::blueprint::templates;
use super::reach::{Backend, Reach, parameters, short_answer, short_source};
use super::{Action, Plan, Reached, ignore, names};
use crate::diagnostic::Diagnostics;
use crate::import::api::{Answer, Api, Checks, Integration, IntegrationResponse, Kind, Operation, Pairs, Parameter};
use crate::import::item::{Entries, Item};
use crate::import::preflight::{self, Preflight};
use crate::import::read::MODEL;

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
        match operation.authorization.as_slice() {
            [] => None,
            [one] => Some(Item::text(name(one))),
            several => Some(Item::texts(several.iter().map(name))),
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
        entries.fill("query", parameter_items(&operation.query));
        entries.fill("headers", parameter_items(&operation.headers));
        entries.fill("body", media(&operation.body, true));
        Self::answers(&mut entries, operation);
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
            match answer(integration) {
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
        if integration.kind != Kind::Mock {
            entries.fill(
                "cacheKeys",
                Item::texts(integration.cache_keys.iter().map(|key| short_source(key))),
            );
            entries.text("cacheNamespace", integration.cache_namespace.as_deref());
        }
        if !reach.unmapped.is_empty() {
            let names = reach.unmapped.iter();
            let names = names.map(|name| (format!("integration.request.path.{name}"), Item::Null));
            let parameters = Item::Map(vec![("requestParameters".into(), Item::Map(names.collect()))]);
            entries.put("openapi", patch(parameters));
        }
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

    fn answers(entries: &mut Entries, operation: &Operation) {
        let is_proxy = operation
            .integration
            .as_ref()
            .is_none_or(|integration| integration.kind.is_proxy());
        let plain = |answer: &Answer| answer.headers.is_empty() && answer.content.is_empty();
        // What every proxy declares by itself.
        if is_proxy
            && operation
                .answers
                .iter()
                .all(|(status, answer)| status == "200" && plain(answer))
        {
            return;
        }
        let set = |status: &str| {
            let responses = operation
                .integration
                .iter()
                .flat_map(|integration| &integration.responses);
            let own = responses.filter(|(_, response)| !is_proxy && response.status.as_deref() == Some(status));
            let names = own.flat_map(|(_, response)| &response.parameters);
            let names = names.filter_map(|(name, _)| name.strip_prefix("method.response.header."));
            names.map(str::to_lowercase).collect::<Vec<String>>()
        };
        let items = operation.answers.iter().map(|(status, answer)| {
            let set = set(status);
            (status.clone(), answer_item(answer, &set))
        });
        let items: Vec<(String, Item)> = items.collect();
        if is_proxy && items.is_empty() {
            return;
        }
        entries.put("answers", Item::Map(items));
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

/// Schemas of a body by media type; the one of JSON by itself.
fn media(content: &[(String, Item)], is_alone: bool) -> Item {
    match content {
        [(media, schema)] if is_alone && media == "application/json" => model(schema),
        _ => Item::Map(
            content
                .iter()
                .map(|(media, schema)| (media.clone(), model(schema)))
                .collect(),
        ),
    }
}

/// The name of a model, or the schema itself.
fn model(schema: &Item) -> Item {
    match schema {
        Item::Map(entries) if entries.len() == 1 => {
            match entries[0].1.as_text().and_then(|text| text.strip_prefix(MODEL)) {
                Some(name) if entries[0].0 == "$ref" => Item::text(name),
                _ => schema.clone(),
            }
        }
        _ => schema.clone(),
    }
}

fn answer_item(answer: &Answer, set: &[String]) -> Item {
    let mut entries = Entries::default();
    entries.text("description", answer.description.as_deref());
    match answer.content.as_slice() {
        [(media, schema)] if media == "application/json" => entries.put("model", model(schema)),
        content => entries.fill("content", media(content, false)),
    }
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !set.contains(&name.to_lowercase()));
    let headers: Vec<_> = headers.collect();
    let is_text = |schema: &Option<Item>| {
        schema.as_ref().is_none_or(|schema| {
            matches!(schema, Item::Map(entries) if entries.len() == 1 && schema.get("type").and_then(Item::as_text) == Some("string"))
        })
    };
    if headers.iter().all(|(_, schema)| is_text(schema)) {
        entries.fill("headers", Item::texts(headers.into_iter().map(|(name, _)| name)));
    } else {
        let text = || Item::Map(vec![("type".into(), Item::text("string"))]);
        let items = headers
            .into_iter()
            .map(|(name, schema)| (name.clone(), schema.clone().unwrap_or_else(text)));
        entries.put("headers", Item::Map(items.collect()));
    }
    entries.item()
}

fn parameter_items(list: &[Parameter]) -> Item {
    let items = list.iter().map(|parameter| {
        let mut entries = Entries::default();
        entries.put("name", Item::text(&parameter.name));
        let schema = parameter.schema.as_ref();
        match schema.map(converter) {
            None => {}
            Some(Some(kind)) => entries.put("type", (kind != "string").then(|| Item::text(kind))),
            Some(None) => entries.put("schema", schema.cloned()),
        }
        entries.put("required", parameter.required.then_some(Item::Bool(true)));
        entries.text("description", parameter.description.as_deref());
        entries.item()
    });
    Item::List(items.collect())
}

/// The types of the parameters of a path.
pub(super) fn path_parameters(operations: &[&Operation], found: &mut Diagnostics) -> Item {
    let Some(first) = operations.first() else {
        return Item::List(Vec::new());
    };
    let items = parameters(&first.path).filter_map(|name| {
        let declared = operations.iter().flat_map(|operation| &operation.path_parameters);
        let schema = declared
            .filter(|parameter| parameter.name == name)
            .find_map(|parameter| parameter.schema.as_ref())?;
        let Some(kind) = converter(schema) else {
            let message = format!("API Gateway ignores the form of the path parameter `{name}`");
            ignore(found, first.span, message);
            return None;
        };
        let is_greedy = first.path.contains(&format!("{{{name}+}}"));
        let mut entries = Entries::default();
        entries.put("name", Item::text(name));
        entries.put("type", Item::text(&kind));
        (kind != "string" && !is_greedy).then(|| entries.item())
    });
    Item::List(items.collect())
}

/// The type of a parameter that says the same as a schema.
fn converter(schema: &Item) -> Option<String> {
    let Item::Map(entries) = schema else { return None };
    let text = |key: &str| schema.get(key).and_then(Item::as_text);
    let digits = |key: &str| match schema.get(key) {
        None => Some(None),
        Some(Item::Number(digits)) => digits.parse::<i64>().ok().map(Some),
        Some(_) => None,
    };
    let has_only = |keys: &[&str]| {
        let told = ["type", "description", "example", "title"];
        entries
            .iter()
            .all(|(key, _)| keys.contains(&key.as_str()) || told.contains(&key.as_str()))
    };
    let arguments = |pairs: &[(&str, Option<i64>)]| {
        let written = pairs
            .iter()
            .filter_map(|(name, value)| value.map(|value| format!("{name}={value}")));
        let written: Vec<String> = written.collect();
        if written.is_empty() {
            String::new()
        } else {
            format!("({})", written.join(","))
        }
    };
    match text("type")? {
        "string" if has_only(&["format"]) && text("format") == Some("uuid") => Some("uuid".into()),
        "string" if has_only(&["minLength", "maxLength"]) => {
            let least = digits("minLength")?.filter(|least| *least > 1);
            let most = digits("maxLength")?.filter(|most| *most > 0);
            Some(format!(
                "string{}",
                arguments(&[("minlength", least), ("maxlength", most)])
            ))
        }
        "string" if has_only(&["enum"]) => {
            let Some(Item::List(values)) = schema.get("enum") else {
                return None;
            };
            let values: Option<Vec<&str>> = values.iter().map(Item::as_text).collect();
            let is_word = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            let values = values.filter(|values| {
                values
                    .iter()
                    .all(|value| !value.is_empty() && value.chars().all(is_word))
            })?;
            Some(format!("any({})", values.join(",")))
        }
        "integer" if has_only(&["format", "minimum", "maximum"]) => {
            let (least, most) = (digits("minimum")?, digits("maximum")?);
            match least {
                Some(0) => Some(format!("int{}", arguments(&[("max", most)]))),
                Some(1..) => Some(format!("int{}", arguments(&[("min", least), ("max", most)]))),
                _ => {
                    let rest = arguments(&[("min", least), ("max", most)]);
                    let rest = rest.trim_start_matches('(').trim_end_matches(')').to_owned();
                    let rest = if rest.is_empty() { rest } else { format!(",{rest}") };
                    Some(format!("int(signed=True{rest})"))
                }
            }
        }
        _ => None,
    }
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
        } else {
            entries.put("operationId", Item::text(id));
        }
    }
    entries.put("deprecated", operation.is_deprecated.then_some(Item::Bool(true)));
}
