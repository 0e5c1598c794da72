//! The file of what all handlers of a routes file take and give.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bluegate_core::render::{self, Style};
use bluegate_core::types::is_json;
use bluegate_core::{Blueprint, Mode, Source, read_blueprint};
use serde_json::{Map, Value, json};

use super::allowance::unneeded;
use super::answer::{Given, Status};
use super::body::FORM;
use super::found::{Found, Typed, TypedHandler};
use super::models::{Names, Schemas, Side};
use super::prove::{Claim, Of, Tried, tried};
use super::reference::referred;

/// What is made of the handlers of a routes file.
pub(super) struct Made {
    /// The file.
    pub(super) file: Value,
    /// What is wrong with types, one sentence each.
    pub(super) wrong: Vec<String>,
    /// What is allowed without need, one sentence each.
    pub(super) unneeded: Vec<String>,
}

/// A handler of a routes file: the statuses of success that the file itself tells of it.
type Routed = BTreeMap<String, BTreeSet<u16>>;

/// Makes the file.
pub(super) fn made(routes: &Path) -> Result<Made, String> {
    let routed = routed(routes)?;
    let registered: BTreeMap<String, &TypedHandler> = inventory::iter::<Typed>
        .into_iter()
        .flat_map(|typed| {
            typed
                .1
                .iter()
                .map(|handler| (format!("{}::{}", typed.0, handler.0), handler))
        })
        .collect();
    let missing: Vec<&str> = routed
        .keys()
        .filter(|id| !registered.contains_key(*id))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(missing_handlers(routes, &missing));
    }
    let mut file = File::default();
    for (id, said) in &routed {
        file.handler(id, registered[id], said);
    }
    Ok(file.finish())
}

fn missing_handlers(routes: &Path, missing: &[&str]) -> String {
    let why = if cfg!(debug_assertions) {
        "help: a crate that no code of the test names is not linked: write `use that_crate as _;`\n\
         help: in a crate of handlers bluegate needs the feature `types` as well"
    } else {
        "help: without debug assertions types are registered with the feature `types-release` only: run the test without \
         `--release`"
    };
    format!(
        "no types are registered in this program for handlers of {}: {}\n{why}",
        routes.display(),
        missing.join(", ")
    )
}

/// The handlers of a routes file.
fn routed(path: &Path) -> Result<Routed, String> {
    let source = Source::read(path).map_err(|found| format!("cannot read {}: {}", path.display(), found.message))?;
    match read_blueprint(&source, Mode::Strict).into_result() {
        Ok((blueprint, _)) => Ok(handlers(&blueprint)),
        Err(found) => Err(render::diagnostics(&source, &found, Style::default())),
    }
}

fn handlers(blueprint: &Blueprint) -> Routed {
    let mut found = Routed::new();
    for route in &blueprint.routes {
        let Some(handler) = &route.handler else { continue };
        let id = format!("{}::{handler}", blueprint.resources[route.resource].name);
        let answers = route.contract.iter().flat_map(|contract| &contract.answers);
        let said = answers.filter_map(|(status, _)| status.parse::<u16>().ok());
        found
            .entry(id)
            .or_default()
            .extend(said.filter(|status| (200..400).contains(status)));
    }
    found
}

/// The file while it is written.
struct File {
    taken: Schemas,
    given: Schemas,
    handlers: Vec<(String, Parts)>,
    /// What is allowed at each handler.
    allows: Vec<(String, u8)>,
    claims: Vec<Claim>,
}

impl Default for File {
    fn default() -> Self {
        File {
            taken: Schemas::of(Side::Taken),
            given: Schemas::of(Side::Given),
            handlers: Vec::new(),
            allows: Vec::new(),
            claims: Vec::new(),
        }
    }
}

/// What is said of a handler, by side: each has its own names of models.
struct Parts {
    said: Map<String, Value>,
    taken: Map<String, Value>,
    given: Map<String, Value>,
}

impl File {
    fn handler(&mut self, id: &str, handler: &TypedHandler, said: &BTreeSet<u16>) {
        let mut found = Found::default();
        (handler.4)(&mut found);
        let mut parts = Parts {
            said: Map::new(),
            taken: Map::new(),
            given: Map::new(),
        };
        documented(handler.1, &mut parts.said);
        if !found.unknown.is_empty() {
            parts.said.insert("unknown".to_owned(), json!(found.unknown));
        }
        let of = Of { id, allows: handler.3 };
        self.allows.push((id.to_owned(), handler.3));
        self.takes(of, &found, &mut parts.taken);
        let status = match handler.2 {
            0 => said.first().copied().filter(|_| said.len() == 1),
            status => Some(status),
        };
        self.gives(of, &found.answers, status, &mut parts.given);
        self.handlers.push((id.to_owned(), parts));
    }

    fn takes(&mut self, of: Of<'_>, found: &Found, to: &mut Map<String, Value>) {
        let mut query = Map::new();
        for (model, has_lists) in &found.queries {
            let schema = self.taken.add(*model);
            query.extend(parameters(&schema, &self.taken.models(), 0));
            self.claims.push(Claim::of_query(of, *model, &schema, *has_lists));
        }
        insert(to, "query", query);
        let headers = found.headers.iter().map(|(name, is_required)| {
            let header = json!({"required": is_required, "schema": {"type": "string"}});
            (name.to_ascii_lowercase(), header)
        });
        insert(to, "headers", headers.collect());
        if let Some(body) = found.body {
            let schema = body.model.map_or_else(|| json!({}), |model| self.taken.add(model));
            if let (true, Some(model)) = (has_schema(body.media), body.model) {
                self.claims
                    .push(Claim::of_body(of, model, &schema, self.given.add(model)));
            }
            let schema = match body.media {
                FORM => form(schema, &self.taken.models()),
                _ => schema,
            };
            to.insert(
                "body".to_owned(),
                json!({"required": body.is_required, "content": {body.media: schema}}),
            );
        }
    }

    fn gives(&mut self, of: Of<'_>, answers: &[Given], status: Option<u16>, to: &mut Map<String, Value>) {
        let mut all: Map<String, Value> = Map::new();
        for given in answers {
            let status = match (given.status, status) {
                (Status::Always(known), _) | (Status::Usually(known), None) => known.to_string(),
                (Status::Usually(_), Some(said)) => said.to_string(),
                (Status::Any, _) => "default".to_owned(),
            };
            let answer = all.entry(status).or_insert_with(|| json!({}));
            if !given.description.is_empty() {
                let before = answer["description"].as_str().unwrap_or_default();
                if !before.split('\n').any(|line| line == given.description) {
                    let both = format!("{before}\n{}", given.description);
                    answer["description"] = json!(both.trim_start());
                }
            }
            for name in given.headers {
                answer["headers"][name.to_ascii_lowercase()] = json!({"type": "string"});
            }
            if let Some((media, model)) = given.body {
                let schema = model.map_or_else(|| json!({}), |model| self.given.add(model));
                if let (true, Some(model)) = (has_schema(media), model) {
                    self.claims.push(match model.read.filter(|_| is_json(media)) {
                        Some(_) => Claim::of_answer(of, model, &self.taken.add(model), &schema),
                        None => Claim::untried(of, &schema),
                    });
                }
                let content = &mut answer["content"][media];
                *content = either(content.take(), schema);
            }
        }
        insert(to, "answers", all);
    }

    fn finish(mut self) -> Made {
        let (taken, given) = (self.taken.models(), self.given.models());
        let names = Names::of(&taken, &given);
        let mut handlers = Map::new();
        for (id, parts) in self.handlers {
            let mut said = parts.said;
            for (side, part) in [(Side::Taken, parts.taken), (Side::Given, parts.given)] {
                if let Value::Object(part) = names.renamed(side, &Value::Object(part)) {
                    said.extend(part);
                }
            }
            handlers.insert(id, Value::Object(said));
        }
        let handlers = Value::Object(handlers);
        let mut file = json!({"types": 1, "handlers": handlers});
        let models = names.reachable(&file["handlers"]);
        if !models.is_empty() {
            file["models"] = models.into_iter().collect();
        }
        for claim in &mut self.claims {
            claim.taken = names.renamed(Side::Taken, &claim.taken);
            claim.given = names.renamed(Side::Given, &claim.given);
        }
        let Tried {
            wrong,
            allowed,
            untried,
            needed,
        } = tried(&self.claims, &names.models);
        for (key, list) in [("allowed", allowed), ("untried", untried)] {
            if !list.is_empty() {
                file[key] = json!(list);
            }
        }
        file.sort_all_objects();
        let unneeded = unneeded(&self.allows, &needed);
        Made { file, wrong, unneeded }
    }
}

/// Whether a media type has a schema that says something.
fn has_schema(media: &str) -> bool {
    media == FORM || is_json(media)
}

/// Splits the documentation of a handler: its first paragraph, in one line, is the summary.
fn documented(docs: &str, to: &mut Map<String, Value>) {
    let lines = docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    let text = lines.collect::<Vec<_>>().join("\n");
    let (first, rest) = text.trim().split_once("\n\n").unwrap_or((text.trim(), ""));
    for (key, value) in [
        ("summary", first.replace('\n', " ")),
        ("description", rest.trim().to_owned()),
    ] {
        if !value.is_empty() {
            to.insert(key.to_owned(), Value::String(value));
        }
    }
}

fn insert(to: &mut Map<String, Value>, key: &str, value: Map<String, Value>) {
    if !value.is_empty() {
        to.insert(key.to_owned(), Value::Object(value));
    }
}

/// Both of two contents of one status.
fn either(before: Value, schema: Value) -> Value {
    match before {
        Value::Null => schema,
        before if before == schema => before,
        Value::Object(mut before) if before.len() == 1 && before.contains_key("anyOf") => {
            if let Some(Value::Array(all)) = before.get_mut("anyOf")
                && !all.contains(&schema)
            {
                all.push(schema);
            }
            Value::Object(before)
        }
        before => json!({"anyOf": [before, schema]}),
    }
}

/// The properties of a schema, as parameters of a query string. One that only some of several schemas have, as where an enum
/// is flattened, may be left out.
fn parameters(schema: &Value, models: &BTreeMap<String, Value>, depth: usize) -> Map<String, Value> {
    let schema = referred(schema).and_then(|name| models.get(name)).unwrap_or(schema);
    let schemas = |key: &str| {
        let schemas = schema[key].as_array().filter(|_| depth < DEEPEST).into_iter().flatten();
        schemas.map(|schema| parameters(schema, models, depth + 1))
    };
    let mut found = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let mut property = without_null(property);
        let mut names = schema["required"].as_array().into_iter().flatten();
        let mut parameter = json!({"required": names.any(|required| required == name)});
        if let Some(description) = property
            .as_object_mut()
            .and_then(|members| members.remove("description"))
        {
            parameter["description"] = description;
        }
        parameter["schema"] = property;
        found.insert(name.clone(), parameter);
    }
    found.extend(schemas("allOf").flatten());
    for key in ["anyOf", "oneOf"] {
        found.extend(schemas(key).reduce(one_or_the_other).into_iter().flatten());
    }
    found
}

/// How deep schemas of a query string are looked into.
const DEEPEST: usize = 8;

/// The parameters of one of two schemas.
fn one_or_the_other(mut one: Map<String, Value>, other: Map<String, Value>) -> Map<String, Value> {
    for (name, parameter) in &mut one {
        if !other.contains_key(name) {
            parameter["required"] = json!(false);
        }
    }
    for (name, mut parameter) in other {
        match one.get_mut(&name) {
            Some(known) => {
                known["required"] = json!(known["required"] == true && parameter["required"] == true);
                known["schema"] = either(known["schema"].take(), parameter["schema"].take());
            }
            None => {
                parameter["required"] = json!(false);
                one.insert(name, parameter);
            }
        }
    }
    one
}

/// The schema of a form, which like a query string cannot say null.
fn form(schema: Value, models: &BTreeMap<String, Value>) -> Value {
    let whole = referred(&schema).and_then(|name| models.get(name)).unwrap_or(&schema);
    let mut changed = whole.clone();
    if let Some(Value::Object(properties)) = changed.get_mut("properties") {
        properties
            .values_mut()
            .for_each(|property| *property = without_null(property));
    }
    if changed == *whole { schema } else { changed }
}

/// A query string cannot say null: what may be null may be left out.
fn without_null(schema: &Value) -> Value {
    let mut schema = match schema {
        Value::Bool(_) => json!({}),
        schema => schema.clone(),
    };
    let is_null = |value: &Value| value == "null" || value == &json!({"type": "null"});
    for key in ["type", "anyOf"] {
        let Some(Value::Array(all)) = schema.get_mut(key) else {
            continue;
        };
        all.retain(|one| !is_null(one));
        if let [only] = all.as_slice() {
            let only = only.clone();
            if key == "type" {
                schema[key] = only;
            } else if let (Some(members), Value::Object(only)) = (schema.as_object_mut(), only) {
                members.remove(key);
                members.extend(only);
            }
        }
    }
    if schema["default"].is_null()
        && let Some(members) = schema.as_object_mut()
    {
        members.remove("default");
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_is_the_summary() {
        let mut said = Map::new();
        documented(" Adds a book,\n and no other.\n\n What is left.\n\n More.\n", &mut said);
        assert_eq!(said["summary"], "Adds a book, and no other.");
        assert_eq!(said["description"], "What is left.\n\nMore.");
        let mut said = Map::new();
        documented("", &mut said);
        assert!(said.is_empty());
    }

    #[test]
    fn a_form_says_null_by_leaving_out() {
        let name = json!({"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]});
        let age = json!({"type": "object", "properties": {"age": {"type": ["integer", "null"]}}});
        let models = BTreeMap::from([("Name".to_owned(), name), ("Age".to_owned(), age)]);
        let reference = json!({"$ref": "#/models/Name"});
        assert_eq!(form(reference.clone(), &models), reference);
        assert_eq!(
            form(json!({"$ref": "#/models/Age"}), &models),
            json!({"type": "object", "properties": {"age": {"type": "integer"}}})
        );
    }

    #[test]
    fn a_parameter_that_may_be_null_may_be_left_out() {
        let schema = json!({
            "required": ["page"],
            "properties": {
                "page": {"type": "integer", "description": "From 1 on."},
                "author": {"type": ["string", "null"]},
                "genre": {"anyOf": [{"$ref": "#/models/Genre"}, {"type": "null"}], "default": null},
            },
        });
        assert_eq!(
            Value::Object(parameters(&schema, &BTreeMap::new(), 0)),
            json!({
                "page": {"required": true, "description": "From 1 on.", "schema": {"type": "integer"}},
                "author": {"required": false, "schema": {"type": "string"}},
                "genre": {"required": false, "schema": {"$ref": "#/models/Genre"}},
            })
        );
    }

    #[test]
    fn parameters_of_one_of_several_schemas_may_be_left_out() {
        let text = json!({"type": "string"});
        let [near, far] = [json!({"const": "near"}), json!({"const": "far"})];
        let models = [(
            "Sort".to_owned(),
            json!({"required": ["to"], "properties": {"to": text}}),
        )];
        let schema = json!({
            "properties": {"page": text},
            "allOf": [{"$ref": "#/models/Sort"}],
            "oneOf": [
                {"required": ["is", "place"], "properties": {"is": near, "place": text}},
                {"required": ["is"], "properties": {"is": far}},
            ],
        });
        let found = parameters(&schema, &models.into(), 0);
        assert_eq!(
            Value::Object(found),
            json!({
                "page": {"required": false, "schema": text},
                "to": {"required": true, "schema": text},
                "is": {"required": true, "schema": {"anyOf": [near, far]}},
                "place": {"required": false, "schema": text},
            })
        );
    }

    #[test]
    fn bodies_of_one_status_are_one_or_the_other() {
        let [one, other] = [json!({"type": "string"}), json!({"type": "null"})];
        let both = either(either(either(Value::Null, one.clone()), one.clone()), other.clone());
        assert_eq!(both, json!({"anyOf": [one, other]}));
        assert_eq!(either(both.clone(), other), both);
    }
}
