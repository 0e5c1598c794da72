//! What a stage serves, read from its export
//! ([exporting](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-export-api.html)).

use super::definition::Definition;
use super::field::Field;
use super::policy;
use crate::openapi::Document;

/// What an export says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// The routes, with the fields that decide who may call and who answers.
    pub definition: Definition,
    /// All that it says. API Gateway spells some of it in its own way.
    pub whole: Definition,
    /// The resource policy.
    pub policy: Option<String>,
}

impl Exported {
    /// `None` when it is no OpenAPI document.
    #[must_use]
    pub fn of(export: &str) -> Option<Self> {
        let document: Document = export.parse().ok()?;
        let whole = Definition::from(&document);
        Some(Self {
            definition: whole.only(Field::is_exported),
            whole,
            policy: document.policy(),
        })
    }

    /// The policy in the form in which policies can be compared.
    #[must_use]
    pub fn normal_policy(&self, rest_api_id: &str) -> Option<String> {
        self.policy.as_deref().map(|text| policy::normalise(text, rest_api_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::Key;

    #[test]
    fn an_export_tells_who_may_call_and_who_answers() {
        let export = r#"{
            "paths": {"/users/{id}": {
                "parameters": [],
                "get": {
                    "security": [{"sigv4": []}, {"api_key": []}],
                    "x-amazon-apigateway-integration": {
                        "type": "http_proxy", "httpMethod": "GET", "uri": "http://nlb/users/{id}",
                        "connectionType": "VPC_LINK", "connectionId": "abc123",
                        "passthroughBehavior": "when_no_match"
                    }
                },
                "x-amazon-apigateway-any-method": {"security": [{"staff": []}]},
                "options": {"x-amazon-apigateway-integration": {"type": "mock", "httpMethod": "OPTIONS"}}
            }},
            "components": {"securitySchemes": {
                "sigv4": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"},
                "staff": {"type": "apiKey", "x-amazon-apigateway-authtype": "custom"},
                "api_key": {"type": "apiKey", "name": "x-api-key"}
            }},
            "x-amazon-apigateway-policy": {"Version": "2012-10-17"}
        }"#;
        let exported = Exported::of(export).unwrap();
        let of = |verb: &str| {
            let key = Key {
                path: "/users/{id}".into(),
                verb: verb.into(),
            };
            let facts = &exported.definition.routes[&key];
            facts
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(
            of("GET"),
            "API key=required, VPC link=abc123, authorization=AWS_IAM, connection=VPC_LINK, \
             integration=HTTP_PROXY, integration URI=http://nlb/users/{id}, integration verb=GET"
        );
        assert_eq!(of("ANY"), "authorization=CUSTOM");
        assert_eq!(of("OPTIONS"), "authorization=NONE, integration=MOCK");
        assert_eq!(exported.definition.routes.len(), 3);
        assert_eq!(exported.policy.as_deref(), Some(r#"{"Version":"2012-10-17"}"#));
    }

    #[test]
    fn what_is_no_document_says_nothing() {
        for text in ["", "[]", "{}", "{\"paths\": 1}"] {
            assert_eq!(Exported::of(text), None, "{text}");
        }
    }
}
