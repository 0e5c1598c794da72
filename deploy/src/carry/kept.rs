//! Parts of a definition that a routes file says nothing of, and that an overwrite would delete: models and request
//! validators. A file that has some has all of that kind.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::{Api, is_made_up, sorted_json};
use bluegate_core::openapi::{Document, Schema};

use crate::api::{Model, RequestValidator};

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

impl Kept {
    /// Of a draft for a document.
    #[must_use]
    pub fn of(draft: &Api, document: &Document) -> Self {
        let has_none = document.components.schemas.is_empty();
        // Names that API Gateway made up are of schemas in the document before.
        let is_theirs = |model: &&Model| has_none && !is_made_up(&model.name);
        let theirs = draft.models.iter().filter(is_theirs).cloned();
        let (models, lost): (Vec<Model>, Vec<Model>) = theirs.partition(|model| model.in_document().is_some());
        let has_none = document.request_validators.is_empty();
        Self {
            models,
            validators: draft.validators.iter().filter(|_| has_none).cloned().collect(),
            lost: lost.into_iter().map(|model| model.name).collect(),
        }
    }

    /// Of a draft, whatever a document names.
    #[must_use]
    pub fn all(draft: &Api) -> Self {
        let has_place = |model: &&Model| model.in_document().is_some();
        Self {
            models: draft.models.iter().filter(has_place).cloned().collect(),
            validators: draft.validators.clone(),
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

    /// Adds all of it to a document.
    pub(super) fn add_to(&self, document: &mut Document) {
        for model in &self.models {
            if let Some(schema) = model.in_document() {
                document
                    .components
                    .schemas
                    .insert(model.name.clone(), Schema::Read(schema));
            }
        }
        for validator in &self.validators {
            document
                .request_validators
                .insert(validator.name.clone(), validator.into());
        }
    }

    /// What cannot be carried over, in words.
    #[must_use]
    pub fn losses(&self) -> Vec<String> {
        let told = |model: &String| format!("the model `{model}` is no JSON and is lost: no document can have it");
        self.lost.iter().map(told).collect()
    }

    /// What a draft lacks of it, in words.
    #[must_use]
    pub fn missing(&self, draft: &Api) -> Vec<String> {
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

/// Models whose content changes when a document is put: the name, and the schema before and after.
#[must_use]
pub fn models(draft: &Api, document: &Document, kept: &Kept) -> Vec<(String, Option<String>, Option<String>)> {
    let content = |model: &Model| {
        model
            .in_document()
            .map(|schema| sorted_json(schema).to_string())
            .or(model.schema.clone())
    };
    let of = |models: &[Model]| -> BTreeMap<String, Option<String>> {
        models.iter().map(|one| (one.name.clone(), content(one))).collect()
    };
    let before = of(&draft.models);
    let mut after = of(&Api::from(document).models);
    after.extend(of(&kept.models));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = names.into_iter().filter_map(|name| {
        let [from, to] = [&before, &after].map(|models| models.get(name).cloned().flatten());
        (from != to).then(|| (name.clone(), from, to))
    });
    changed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept() -> Kept {
        let model = |name: &str, schema: &str| Model {
            name: name.into(),
            schema: Some(schema.into()),
            ..Model::default()
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
        let ours = json!({"paths": {}, "components": {"schemas": {"Ours": {}}}});
        let mut document: Document = serde_json::from_value(ours).unwrap();
        kept().add_to(&mut document);
        assert_eq!(
            serde_json::to_value(&document).unwrap(),
            json!({
                "openapi": "",
                "info": {"version": ""},
                "paths": {},
                "components": {"schemas": {
                    "Ours": {},
                    "Calc": {"type": "object"},
                    "Calcs": {"items": {"$ref": "#/components/schemas/Calc"}},
                }},
                "x-amazon-apigateway-request-validators": {
                    "all": {"validateRequestBody": true, "validateRequestParameters": false},
                },
            })
        );
        assert_eq!(kept().carried(), ["models: Calc, Calcs", "request validators: all"]);
    }

    #[test]
    fn a_model_keeps_its_description_and_one_of_another_media_type_is_lost() {
        let model = |name: &str, kind: &str| Model {
            name: name.into(),
            content_type: Some(kind.into()),
            description: Some("What is sold.".into()),
            schema: Some(r#"{"type": "object"}"#.into()),
        };
        let draft = Api {
            models: vec![model("Book", "application/json"), model("Feed", "application/xml")],
            ..Api::default()
        };
        let mut document = Document::default();
        let kept = Kept::of(&draft, &document);
        assert_eq!(kept.lost, ["Feed"]);
        kept.add_to(&mut document);
        let back = Api::from(&document);
        assert_eq!(back.models.len(), 1);
        assert_eq!(back.models[0].description, draft.models[0].description);
    }

    #[test]
    fn the_models_that_come_with_an_api_stay_with_it() {
        let empty = Model {
            name: "Empty".into(),
            schema: Some(r#"{"title": "Empty Schema", "type": "object"}"#.into()),
            ..Model::default()
        };
        let draft = Api {
            models: vec![empty],
            ..Api::default()
        };
        for kept in [Kept::of(&draft, &Document::default()), Kept::all(&draft)] {
            assert_eq!(kept.carried(), ["models: Empty"]);
        }
    }

    #[test]
    fn a_file_that_has_models_or_validators_has_all_of_that_kind() {
        let draft = Api {
            models: kept().models,
            validators: kept().validators,
            ..Api::default()
        };
        let ours = json!({"paths": {}, "components": {"schemas": {"Calc": {"type": "string"}}}});
        let document: Document = serde_json::from_value(ours).unwrap();
        let kept = Kept::of(&draft, &document);
        assert_eq!(kept.carried(), ["request validators: all"]);
        let changed = models(&draft, &document, &kept);
        let names: Vec<_> = changed
            .iter()
            .map(|(name, _, to)| (name.as_str(), to.as_deref()))
            .collect();
        assert_eq!(names, [("Calc", Some(r#"{"type":"string"}"#)), ("Calcs", None)]);
        let ours = json!({"paths": {}, "x-amazon-apigateway-request-validators": {"ours": {}}});
        let document: Document = serde_json::from_value(ours).unwrap();
        assert_eq!(Kept::of(&draft, &document).carried(), ["models: Calc, Calcs"]);
    }

    #[test]
    fn a_model_that_is_only_spelt_otherwise_does_not_change() {
        let draft = Api {
            models: kept().models,
            ..Api::default()
        };
        let ours = json!({"paths": {}, "components": {"schemas": {
            "Calc": {"type": "object"},
            "Calcs": {"items": {"$ref": "#/components/schemas/Calc"}},
        }}});
        let document: Document = serde_json::from_value(ours).unwrap();
        assert_eq!(models(&draft, &document, &Kept::of(&draft, &document)), []);
    }

    #[test]
    fn what_nobody_made_changes_nothing() {
        let mut document = Document::default();
        Kept::default().add_to(&mut document);
        assert_eq!(document, Document::default());
    }

    #[test]
    fn what_a_draft_lacks_is_named() {
        let draft = Api {
            models: kept().models[..1].to_vec(),
            ..Api::default()
        };
        assert_eq!(
            kept().missing(&draft),
            ["the model `Calcs`", "the request validator `all`"]
        );
    }
}
