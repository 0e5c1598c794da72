//! Parts of a definition that routes files know nothing of, and that an overwrite would delete: models and request
//! validators.

use serde_json::{Map, Value, json};

use bluegate_core::openapi::Document;

use crate::api::{Model, RequestValidator, RestApi};

use super::reading::Reading;

/// What somebody else made and the document does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Models whose schema can be carried over.
    pub models: Vec<Model>,
    /// Request validators.
    pub validators: Vec<RequestValidator>,
    /// The names of models that are no JSON, and so have no place in a document.
    pub lost: Vec<String>,
}

/// The models that API Gateway makes with every API.
const OWN_MODELS: [&str; 2] = ["Empty", "Error"];

impl Kept {
    /// Of an API for a document.
    #[must_use]
    pub fn of(reading: &Reading, document: &Document) -> Self {
        let is_theirs = |model: &&Model| {
            !OWN_MODELS.contains(&model.name.as_str()) && document.components.schemas.get(&model.name).is_none()
        };
        let theirs = reading.models.iter().filter(is_theirs).cloned();
        let (models, lost): (Vec<Model>, Vec<Model>) = theirs.partition(|model| schema(model).is_some());
        Self {
            models,
            validators: reading.validators.clone(),
            lost: lost.into_iter().map(|model| model.name).collect(),
        }
    }

    /// Of an API, whatever a document names.
    #[must_use]
    pub fn all(reading: &Reading) -> Self {
        let is_theirs = |model: &&Model| !OWN_MODELS.contains(&model.name.as_str()) && schema(model).is_some();
        Self {
            models: reading.models.iter().filter(is_theirs).cloned().collect(),
            validators: reading.validators.clone(),
            lost: Vec::new(),
        }
    }

    /// What is carried over, in words.
    #[must_use]
    pub fn carried(&self) -> Vec<String> {
        let list = |what: &str, names: Vec<&str>| (!names.is_empty()).then(|| format!("{what}: {}", names.join(", ")));
        let models = self.models.iter().map(|model| model.name.as_str()).collect();
        let validators = self.validators.iter().map(|one| one.name.as_str()).collect();
        [list("models", models), list("request validators", validators)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The document with all of it, and with the settings of the API that have extensions of their own.
    ///
    /// # Errors
    ///
    /// When the text is no JSON object.
    pub fn add_to(&self, body: String, expected: &RestApi) -> Result<String, serde_json::Error> {
        // The names of API Gateway's newer policies; the older ones are what an API has anyway.
        let security = expected.security_policy.as_deref();
        let security = security.filter(|policy| policy.starts_with("SecurityPolicy_"));
        if self.models.is_empty() && self.validators.is_empty() && security.is_none() {
            return Ok(body);
        }
        let mut root: Map<String, Value> = serde_json::from_str(&body)?;
        if let Some(security) = security {
            root.insert("x-amazon-apigateway-security-policy".into(), security.into());
            if let Some(mode) = &expected.endpoint_access_mode {
                root.insert("x-amazon-apigateway-endpoint-access-mode".into(), mode.as_str().into());
            }
        }
        for model in &self.models {
            let schemas = root.entry("components").or_insert_with(|| json!({}));
            let schemas = schemas
                .as_object_mut()
                .map(|all| all.entry("schemas").or_insert_with(|| json!({})));
            if let (Some(schemas), Some(schema)) = (schemas.and_then(Value::as_object_mut), schema(model)) {
                schemas.insert(model.name.clone(), schema);
            }
        }
        let validators: Map<String, Value> = self
            .validators
            .iter()
            .map(|one| {
                let checks = json!({
                    "validateRequestBody": one.body,
                    "validateRequestParameters": one.parameters,
                });
                (one.name.clone(), checks)
            })
            .collect();
        if !validators.is_empty() {
            root.insert("x-amazon-apigateway-request-validators".into(), validators.into());
        }
        serde_json::to_string(&root)
    }

    /// What a draft lacks of it, in words.
    #[must_use]
    pub fn missing(&self, draft: &Reading) -> Vec<String> {
        let models = self.models.iter().map(|one| &one.name);
        let models = models.filter(|name| draft.models.iter().all(|model| model.name != **name));
        let validators = self.validators.iter().map(|one| &one.name);
        let validators = validators.filter(|name| draft.validators.iter().all(|one| one.name != **name));
        let models = models.map(|name| format!("the model `{name}`"));
        models
            .chain(validators.map(|name| format!("the request validator `{name}`")))
            .collect()
    }
}

/// The schema of a model, as a document has it: what it says about itself stays behind, and what it refers to is in the
/// document.
fn schema(model: &Model) -> Option<Value> {
    let mut schema: Value = serde_json::from_str(model.schema.as_deref()?).ok()?;
    let members = schema.as_object_mut()?;
    for own in ["$schema", "id", "$id"] {
        members.remove(own);
    }
    refer(&mut schema);
    Some(schema)
}

/// Models refer to each other by the addresses that they have at API Gateway
/// ([models](https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html)).
fn refer(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(refer),
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(text) if key == "$ref" => {
                        if let Some((_, name)) = text.rsplit_once("/models/") {
                            *text = format!("#/components/schemas/{name}");
                        }
                    }
                    other => refer(other),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        let model = |name: &str, schema: &str| Model {
            name: name.into(),
            schema: Some(schema.into()),
        };
        Kept {
            models: vec![
                model(
                    "Calc",
                    r#"{"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}"#,
                ),
                model(
                    "Calcs",
                    r#"{"items": {"$ref": "https://apigateway.amazonaws.com/restapis/abc/models/Calc"}}"#,
                ),
            ],
            validators: vec![RequestValidator {
                id: "v1".into(),
                name: "all".into(),
                body: true,
                parameters: false,
            }],
            lost: Vec::new(),
        }
    }

    #[test]
    fn models_and_validators_of_somebody_else_stand_in_the_document() {
        let expected = RestApi {
            security_policy: Some("SecurityPolicy_TLS13_1_3_2025_09".into()),
            endpoint_access_mode: Some("STRICT".into()),
            ..RestApi::default()
        };
        let body = r#"{"components": {"schemas": {"Ours": {}}}}"#.to_owned();
        let root: Value = serde_json::from_str(&kept().add_to(body, &expected).unwrap()).unwrap();
        assert_eq!(
            root,
            json!({
                "components": {"schemas": {
                    "Ours": {},
                    "Calc": {"type": "object"},
                    "Calcs": {"items": {"$ref": "#/components/schemas/Calc"}},
                }},
                "x-amazon-apigateway-request-validators": {
                    "all": {"validateRequestBody": true, "validateRequestParameters": false},
                },
                "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
                "x-amazon-apigateway-endpoint-access-mode": "STRICT",
            })
        );
        assert_eq!(kept().carried(), ["models: Calc, Calcs", "request validators: all"]);
    }

    #[test]
    fn what_nobody_made_changes_not_a_byte() {
        let plain = RestApi {
            security_policy: Some("TLS_1_0".into()),
            ..RestApi::default()
        };
        assert_eq!(Kept::default().add_to("{ }".into(), &plain).unwrap(), "{ }");
    }

    #[test]
    fn what_a_draft_lacks_is_named() {
        let draft = Reading {
            models: kept().models[..1].to_vec(),
            ..Reading::default()
        };
        assert_eq!(
            kept().missing(&draft),
            ["the model `Calcs`", "the request validator `all`"]
        );
    }
}
