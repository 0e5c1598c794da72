//! Models
//! ([Model](https://docs.aws.amazon.com/apigateway/latest/api/API_Model.html)).

use bluegate_core::gateway::Model;
use serde_json::{Value as Json, json};

use super::call::Call;
use super::methods::patched_part;
use super::pages::items;
use super::patch::{Kind, Op, Rules};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::Control;
use super::told;

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/description", &[Op::Replace], Kind::Text),
        ("/schema", &[Op::Replace], Kind::Text),
    ],
};

/// The models that an API has from the start, as recorded of AWS: name, description, schema.
const FIRST: [(&str, &str, &str); 2] = [
    (
        "Empty",
        "This is a default empty schema model",
        "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \
         \"object\"\n}",
    ),
    (
        "Error",
        "This is a default error schema model",
        "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \
         \"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}",
    ),
];

pub(super) fn first() -> Vec<Model> {
    let models = FIRST.map(|(name, description, schema)| Model {
        name: name.to_owned(),
        content_type: Some("application/json".to_owned()),
        description: Some(description.to_owned()),
        schema: Some(schema.to_owned()),
    });
    models.to_vec()
}

impl Control {
    pub(super) fn get_models(&mut self, call: &Call<'_>) -> Answered {
        let api = self.api(call)?;
        let told = api.draft.api.models.iter().map(|one| told::model(&api.id, one));
        items(call, "name", told.collect())
    }

    pub(super) fn get_model(&mut self, call: &Call<'_>) -> Answered {
        let told = told::model(call.part(0), self.model(call)?);
        Ok(reply(200, told))
    }

    /// A mapping template for bodies of a model.
    pub(super) fn get_model_template(&mut self, call: &Call<'_>) -> Answered {
        let schema = self.model(call)?.schema.as_deref().unwrap_or_default();
        let schema: Json = serde_json::from_str(schema).unwrap_or_default();
        let models = &self.api(call)?.draft.api.models;
        let mut template = "#set($inputRoot = $input.path('$'))\n".to_owned();
        sample(&schema, models, "$inputRoot", 0, &mut template);
        Ok(reply(200, json!({"value": template})))
    }

    pub(super) fn create_model(&mut self, call: &Call<'_>) -> Answered {
        let model: Model = call.input()?.part()?;
        let models = &mut self.api_mut(call)?.draft_mut().api.models;
        let is_name = model.name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if model.name.is_empty() {
            return Err(Refusal::bad_request("Model name must be non-empty"));
        }
        if !is_name {
            return Err(Refusal::bad_request("Model name must be alphanumeric"));
        }
        if models.iter().any(|one| one.name == model.name) {
            return Err(Refusal::conflict("Model name already exists for this REST API"));
        }
        let model = judged(model)?;
        let told = told::model(call.part(0), &model);
        models.push(model);
        models.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(reply(201, told))
    }

    pub(super) fn update_model(&mut self, call: &Call<'_>) -> Answered {
        let patched: Model = patched_part(&RULES, call, self.model(call)?)?;
        let patched = judged(patched)?;
        let mut models = self.api_mut(call)?.draft_mut().api.models.iter_mut();
        if let Some(known) = models.find(|one| one.name == patched.name) {
            *known = patched;
        }
        self.get_model(call)
    }

    pub(super) fn delete_model(&mut self, call: &Call<'_>) -> Answered {
        let name = self.model(call)?.name.clone();
        let api = &mut self.api_mut(call)?.draft_mut().api;
        for resource in &api.resources {
            for (verb, method) in &resource.methods {
                let in_answers = method
                    .responses
                    .values()
                    .any(|one| one.models.values().any(|model| *model == name));
                let place = if method.request_models.values().any(|model| *model == name) {
                    "request"
                } else if in_answers {
                    "response"
                } else {
                    continue;
                };
                return Err(Refusal::conflict(format!(
                    "Cannot delete model '{name}', is referenced in method {place}: {}/{verb}",
                    resource.path
                )));
            }
        }
        api.models.retain(|one| one.name != name);
        Ok(empty(202))
    }

    fn model(&self, call: &Call<'_>) -> Result<&Model, Refusal> {
        let name = call.part(1);
        let api = self.own(call, call.part(0));
        let found = api.and_then(|api| api.draft.api.models.iter().find(|one| one.name == name));
        found.ok_or_else(|| Refusal::not_found(format!("Invalid model name specified: {name}")))
    }
}

/// The model, if API Gateway takes such a one. It refers to others as documents do.
fn judged(mut model: Model) -> Result<Model, Refusal> {
    let schema = model.schema.as_deref().unwrap_or_default();
    let read = serde_json::from_str::<Json>(schema);
    let is_json = model.content_type.as_deref().is_none_or(|kind| kind.contains("json"));
    if schema.is_empty() || matches!(&read, Ok(Json::Object(members)) if members.is_empty()) {
        return Err(Refusal::bad_request(
            "Model schema must have at least 1 property or array items defined",
        ));
    }
    if is_json && !matches!(read, Ok(Json::Object(_))) {
        return Err(Refusal::bad_request(
            "Invalid model schema specified. Model schema must be valid JSON",
        ));
    }
    model.schema = Some(near(schema));
    Ok(model)
}

/// A schema in which the addresses of other models are references within a document.
fn near(schema: &str) -> String {
    const ADDRESS: &str = "https://apigateway.amazonaws.com/restapis/";
    let mut text = String::with_capacity(schema.len());
    let mut rest = schema;
    while let Some(at) = rest.find(ADDRESS) {
        text.push_str(&rest[..at]);
        let behind = &rest[at + ADDRESS.len()..];
        match behind.split_once("/models/") {
            Some((id, name)) if id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                text.push_str("#/components/schemas/");
                rest = name;
            }
            _ => {
                text.push_str(ADDRESS);
                rest = behind;
            }
        }
    }
    text + rest
}

/// How deep models may refer to each other.
const DEPTH: usize = 16;

/// What a body of a schema looks like, as a template that repeats what is in lists.
fn sample(schema: &Json, models: &[Model], from: &str, depth: usize, template: &mut String) {
    let referred = schema.get("$ref").and_then(Json::as_str);
    if let Some(name) = referred.and_then(|reference| reference.rsplit('/').next()) {
        let known = models
            .iter()
            .find(|one| one.name == name)
            .and_then(|one| one.schema.as_deref());
        let known = known.and_then(|text| serde_json::from_str::<Json>(text).ok());
        match known.filter(|_| depth < DEPTH) {
            Some(known) => return sample(&known, models, from, depth + 1, template),
            None => return template.push_str("{ }"),
        }
    }
    let indent = "  ".repeat(depth + 1);
    match schema.get("type").and_then(Json::as_str) {
        Some("string") => template.push_str("\"foo\""),
        Some("integer") => template.push_str("42"),
        Some("number") => template.push_str("42.0"),
        Some("boolean") => template.push_str("true"),
        Some("array") if depth < DEPTH => {
            template.push_str(&format!(
                "[\n##TODO: Update this foreach loop to reference array from input json\n#foreach($elem in {from})\n{indent}"
            ));
            sample(
                schema.get("items").unwrap_or(&Json::Null),
                models,
                "$elem",
                depth + 1,
                template,
            );
            template.push_str("#if($foreach.hasNext),#end\n#end\n]");
        }
        _ if depth < DEPTH => {
            let properties = schema.get("properties").and_then(Json::as_object);
            let lines = properties.into_iter().flatten().map(|(name, schema)| {
                let mut line = format!("{indent}\"{name}\" : ");
                sample(schema, models, &format!("{from}.{name}"), depth + 1, &mut line);
                line
            });
            let lines: Vec<String> = lines.collect();
            let end = "  ".repeat(depth);
            template.push_str(&match lines.is_empty() {
                true => "{ }".to_owned(),
                false => format!("{{\n{}\n{end}}}", lines.join(",\n")),
            });
        }
        _ => template.push_str("{ }"),
    }
}
