//! Two versions of an API beside each other.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::{Change, Definition, Difference, Facts, access_only, changes, policy};
use bluegate_core::openapi::Document;
use serde::Serialize;

use crate::carry::settings;

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// How it is called.
    pub name: String,
    /// What it does.
    pub definition: Definition,
    /// Its resource policy; `None` when this side has no say in that.
    pub policy: Option<Option<String>>,
    /// The other settings that come with a version, as far as this side has a say in them.
    pub settings: BTreeMap<&'static str, String>,
    /// Whether nothing but who may call what is known of it.
    pub access_only: bool,
}

impl Side {
    /// A document that was exported or stands on disk.
    #[must_use]
    pub fn of_document(name: String, document: &Document) -> Self {
        Self {
            name,
            definition: Definition::from(document),
            policy: Some(document.policy()),
            settings: settings::of_document(document),
            access_only: false,
        }
    }
}

/// What differs between two sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// The first side.
    pub from: String,
    /// The second side.
    pub to: String,
    /// Whether nothing but who may call what could be compared.
    pub access_only: bool,
    /// The routes.
    pub routes: Difference,
    /// Authorizers, gateway responses, the resource policy, and settings of which both sides say something.
    pub settings: Vec<Change>,
}

impl Comparison {
    /// From one side to another. `rest_api_id` is the API whose own ARN a policy may spell out.
    #[must_use]
    pub fn between(from: &Side, to: &Side, rest_api_id: &str) -> Self {
        let access_only_known = from.access_only || to.access_only;
        let (routes, mut settings) = if access_only_known {
            let routes = Difference::between(&access_only(&from.definition), &access_only(&to.definition));
            (routes, Vec::new())
        } else {
            let mut settings = named("authorizer", &from.definition.authorizers, &to.definition.authorizers);
            settings.extend(named(
                "gateway response",
                &from.definition.responses,
                &to.definition.responses,
            ));
            (Difference::between(&from.definition, &to.definition), settings)
        };
        if let (Some(one), Some(other)) = (&from.policy, &to.policy) {
            let normal = |text: &Option<String>| text.as_deref().map(|text| policy::normalise(text, rest_api_id));
            let (one, other) = (normal(one), normal(other));
            if one != other {
                settings.push(Change {
                    field: "resource policy".to_owned(),
                    from: one,
                    to: other,
                });
            }
        }
        for (name, one) in &from.settings {
            if let Some(other) = to.settings.get(name).filter(|other| *other != one) {
                let value = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
                settings.push(Change {
                    field: (*name).to_owned(),
                    from: value(one),
                    to: value(other),
                });
            }
        }
        Self {
            from: from.name.clone(),
            to: to.name.clone(),
            access_only: access_only_known,
            routes,
            settings,
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.routes.is_empty() && self.settings.is_empty()
    }
}

fn named(what: &str, before: &BTreeMap<String, Facts>, after: &BTreeMap<String, Facts>) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut found = Vec::new();
    for name in names {
        let (one, other) = (before.get(name), after.get(name));
        if one.is_some() != other.is_some() {
            let there = |facts: Option<&Facts>| facts.map(|_| "present".to_owned());
            found.push(Change {
                field: format!("{what} {name}"),
                from: there(one),
                to: there(other),
            });
        } else if let (Some(one), Some(other)) = (one, other) {
            found.extend(changes(one, other).into_iter().map(|change| Change {
                field: format!("{what} {name} {}", change.field),
                ..change
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn side(document: &Value) -> Side {
        let document = serde_json::from_value(document.clone()).expect("a document");
        Side::of_document("a".into(), &document)
    }

    #[test]
    fn what_differs_is_named_and_what_is_spelt_otherwise_is_not() {
        let policy = |resource: &str| json!({"Statement": [{"Effect": "Allow", "Resource": resource}]});
        let one = json!({
            "paths": {"/a": {"get": {"responses": {}}}},
            "x-amazon-apigateway-policy": policy("execute-api:/*"),
            "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"responseParameters": {"gatewayresponse.header.a": "'b'"}}},
        });
        let mut other = one.clone();
        other["x-amazon-apigateway-policy"] = policy("arn:aws:execute-api:eu-west-1:111111111111:abc/*");
        assert!(Comparison::between(&side(&one), &side(&other), "abc").is_empty());

        other["x-amazon-apigateway-policy"] = policy("arn:aws:execute-api:eu-west-1:111111111111:other/*");
        other["x-amazon-apigateway-gateway-responses"] = json!({"UNAUTHORIZED": {}});
        other["paths"]["/a"]["get"]["security"] = json!([{"key": []}]);
        other["components"] = json!({"securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key"}}});
        let found = Comparison::between(&side(&one), &side(&other), "abc");
        let fields: Vec<&str> = found.settings.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "gateway response THROTTLED",
                "gateway response UNAUTHORIZED",
                "resource policy"
            ]
        );
        assert_eq!(found.routes.changed[0].changes[0].field, "API key");
    }

    #[test]
    fn settings_differ_where_both_sides_say_something_of_them() {
        let with = |types: &[&str]| {
            let types: Vec<Value> = types.iter().map(|one| json!(one)).collect();
            let mut document = json!({"paths": {"/a": {"get": {"responses": {}}}}});
            if !types.is_empty() {
                document["x-amazon-apigateway-binary-media-types"] = json!(types);
            }
            side(&document)
        };
        let (png, gif) = (with(&["image/png", "a/b"]), with(&["a/b", "image/gif"]));
        let found = Comparison::between(&png, &gif, "abc").settings;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].field, "binary media types");
        assert_eq!(found[0].to.as_deref(), Some("a/b image/gif"));
        assert!(Comparison::between(&png, &with(&["a/b", "image/png"]), "abc").is_empty());
        assert!(Comparison::between(&png, &with(&[]), "abc").is_empty());
        // A draft has each of them, be it by default.
        let mut draft = with(&[]);
        draft.settings = settings::of_api(&crate::api::RestApi::default());
        let found = Comparison::between(&draft, &png, "abc").settings;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].from, None);
    }

    #[test]
    fn of_a_deployment_that_no_stage_serves_only_access_is_compared() {
        let one = json!({"paths": {"/a": {"get": {"x-amazon-apigateway-integration": {"type": "http", "uri": "x"}}}}});
        let mut deployment = side(&one);
        deployment.definition = access_only(&deployment.definition);
        deployment.access_only = true;
        deployment.policy = None;
        let found = Comparison::between(&side(&one), &deployment, "abc");
        assert!(found.is_empty() && found.access_only);
    }
}
