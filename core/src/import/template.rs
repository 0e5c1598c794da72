//! Documents that stand inside of a template of CloudFormation or SAM.

use super::item::{Entries, Item};
use super::plain;
use crate::aws::is_stage_name;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::Span;
use crate::tree::{Member, Node, Value};

/// The types of resources that describe a REST API, and the property that holds its document.
const TYPES: [(&str, &str); 2] = [
    ("AWS::ApiGateway::RestApi", "Body"),
    ("AWS::Serverless::Api", "DefinitionBody"),
];

/// Properties that say what an extension of the document says too.
const EXTENSIONS: [(&str, &str); 4] = [
    ("Policy", "x-amazon-apigateway-policy"),
    ("BinaryMediaTypes", "x-amazon-apigateway-binary-media-types"),
    ("MinimumCompressionSize", "x-amazon-apigateway-minimum-compression-size"),
    ("ApiKeySourceType", "x-amazon-apigateway-api-key-source"),
];

/// Properties that stand in `info` of a document that does not say them itself.
const INFO: [(&str, &str); 2] = [("Name", "title"), ("Description", "description")];

/// Properties that no file says, and why nothing is lost with them.
const UNSAID: [(&str, &str); 3] = [
    (
        "FailOnWarnings",
        "warnings of API Gateway stop a deployment in any case",
    ),
    ("Tags", "those that the API has stay"),
    ("StageName", "say the stage in the AWS file, or with `--stage`"),
];

/// Resources that add to a REST API, or change it.
const PARTS: [&str; 6] = [
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
];

/// What a template says around a document about the stage that serves it.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The name of the stage.
    pub(super) stage: Option<String>,
    /// Its settings, by their keys in an AWS file.
    pub(super) settings: Entries,
    /// The parameters of the template with their defaults.
    parameters: Vec<(String, Span, String)>,
}

/// The document of a template; `root` itself if it is no template. `resource` names the resource whose document is meant.
pub(super) fn document(
    root: Node<'static>,
    resource: Option<&str>,
    found: &mut Diagnostics,
) -> Option<(Node<'static>, Around)> {
    let Some(resources) = member(&root, "Resources") else {
        return Some((root, Around::default()));
    };
    let mut refuse = |span: Span, message: String, help: &str| {
        found.push(Diagnostic::new(Code::ForeignDocument, message).at(span).with_help(help));
    };
    let Value::Object(members) = &resources.value else {
        refuse(
            resources.span,
            "a template has its resources by name".into(),
            "name a template of CloudFormation or SAM",
        );
        return None;
    };
    let apis: Vec<(&Member<'static>, &str)> = members
        .iter()
        .filter_map(|one| {
            let kind = member(&one.node, "Type").and_then(plain::scalar)?;
            let (_, property) = TYPES.iter().find(|(known, _)| *known == kind)?;
            Some((one, *property))
        })
        .filter(|(one, _)| resource.is_none_or(|name| one.key == name))
        .collect();
    let [(api, property)] = apis.as_slice() else {
        let names: Vec<String> = apis.iter().map(|(one, _)| format!("`{}`", one.key)).collect();
        let span = resources.span.head();
        match resource {
            _ if names.len() > 1 => {
                let message = format!("the template has several REST APIs: {}", names.join(", "));
                refuse(span, message, "say which one is meant with `--resource`");
            }
            Some(name) => refuse(
                span,
                format!("no REST API of the template is called `{name}`"),
                "look for the name of a resource of the type `AWS::Serverless::Api` or `AWS::ApiGateway::RestApi`",
            ),
            None => refuse(
                span,
                "the template has no REST API with a document".into(),
                "name the document itself, or a template with an `AWS::Serverless::Api` or an `AWS::ApiGateway::RestApi`",
            ),
        }
        return None;
    };
    let body = member(&api.node, "Properties").and_then(|properties| member(properties, property));
    let body = match body {
        Some(body) if matches!(body.value, Value::Object(_)) && !plain::is_function(body) => body,
        _ => {
            let message = format!("the document of `{}` is not in this template", api.key);
            refuse(api.key_span, message, "name the document itself");
            return None;
        }
    };
    let mut document = body.clone();
    let mut around = Around {
        parameters: parameters(&root),
        ..Around::default()
    };
    beside(&api.key, members, found);
    if let (Value::Object(keys), Some(properties)) = (&mut document.value, member(&api.node, "Properties")) {
        around.read(keys, properties, property, found);
    }
    Some((document, around))
}

/// The parameters of a template that have a default.
fn parameters(root: &Node<'static>) -> Vec<(String, Span, String)> {
    let Some(Value::Object(members)) = member(root, "Parameters").map(|node| &node.value) else {
        return Vec::new();
    };
    let with_default = members.iter().filter_map(|one| {
        let default = member(&one.node, "Default").and_then(plain::scalar)?;
        Some((one.key.to_string(), one.key_span, default))
    });
    with_default.collect()
}

/// Tells of the other resources of a template that are about its API.
fn beside(api: &str, resources: &[Member<'static>], found: &mut Diagnostics) {
    let reference = format!("${{{api}}}");
    for one in resources {
        let kind = member(&one.node, "Type").and_then(plain::scalar).unwrap_or_default();
        let properties = member(&one.node, "Properties");
        let is_about = properties
            .and_then(|properties| member(properties, "RestApiId"))
            .and_then(plain::scalar)
            .is_some_and(|id| id == reference);
        if !is_about || !kind.starts_with("AWS::ApiGateway::") {
            continue;
        }
        let (code, message) = if PARTS.contains(&kind.as_str()) {
            let message = format!(
                "the resource `{}` ({kind}) adds to the document and does not come over",
                one.key
            );
            (Code::LostPart, message)
        } else {
            let message = format!(
                "the resource `{}` ({kind}) stands beside the API and is left out",
                one.key
            );
            (Code::IgnoredPart, message)
        };
        found.push(Diagnostic::new(code, message).at(one.key_span));
    }
}

impl Around {
    /// Tells of parameters of the template that are variables now, and whose defaults no file has.
    pub(super) fn tell_parameters(&self, aws: Option<&Item>, found: &mut Diagnostics) {
        let Some(Item::Map(variables)) = aws.and_then(|aws| aws.get("variables")) else {
            return;
        };
        for (name, span, default) in &self.parameters {
            let placeholder = format!("${{{name}}}");
            if variables
                .iter()
                .any(|(_, value)| value.as_text().is_some_and(|value| value.contains(&placeholder)))
            {
                let message = format!(
                    "the default `{default}` of the parameter `{name}` is left out: the variable has its placeholder"
                );
                found.push(Diagnostic::new(Code::IgnoredPart, message).at(*span));
            }
        }
    }

    /// A property about the stage; whether it is one that an AWS file can say.
    fn take(&mut self, key: &str, node: &Node<'static>) -> bool {
        let is_text = |item: &Item| matches!(item, Item::Text(text) if !text.contains("${"));
        let texts = || match Item::of(node) {
            Item::Map(entries) if entries.iter().all(|(_, value)| is_text(value)) => Some(Item::Map(entries)),
            _ => None,
        };
        match key {
            "StageName" => match plain::scalar(node).filter(|name| is_stage_name(name)) {
                Some(name) => {
                    self.stage = Some(name);
                    true
                }
                None => false,
            },
            "Variables" => self.set("variables", texts()),
            // Those of CloudFormation are a list, and the API's alone.
            "Tags" => self.set("tags", texts()),
            "TracingEnabled" => self.set(
                "tracing",
                Some(Item::of(node)).filter(|item| matches!(item, Item::Bool(_))),
            ),
            _ => false,
        }
    }

    fn set(&mut self, key: &str, value: Option<Item>) -> bool {
        let is_said = value.is_some();
        self.settings.put(key, value);
        is_said
    }

    /// Reads what the properties around a document say, and adds to the document what is about the API.
    fn read(
        &mut self,
        document: &mut Vec<Member<'static>>,
        properties: &Node<'static>,
        body: &str,
        found: &mut Diagnostics,
    ) {
        let Value::Object(members) = &properties.value else {
            return;
        };
        let mut endpoint = Vec::new();
        for one in members {
            let key = &*one.key;
            if key == body || self.take(key, &one.node) {
                continue;
            }
            if let Some((_, name)) = INFO.iter().find(|(property, _)| *property == key) {
                if !inform(document, name, one) {
                    let message = format!("`{name}` of the document stands, and not the property `{key}` around it");
                    found.push(Diagnostic::new(Code::IgnoredPart, message).at(one.key_span));
                }
                continue;
            }
            if let Some((_, why)) = UNSAID.iter().find(|(property, _)| *property == key) {
                let message = format!("the property `{key}` around the document is left out: {why}");
                found.push(Diagnostic::new(Code::IgnoredPart, message).at(one.key_span));
                continue;
            }
            if let Some((_, extension)) = EXTENSIONS.iter().find(|(property, _)| *property == key) {
                let mut node = one.node.clone();
                if key == "BinaryMediaTypes" {
                    slashes(&mut node);
                }
                put(document, extension, one, node);
            } else if key == "DisableExecuteApiEndpoint" {
                endpoint.push(named("disableExecuteApiEndpoint", one, one.node.clone()));
            } else if let Some(ids) =
                member(&one.node, "VpcEndpointIds").or_else(|| member(&one.node, "VPCEndpointIds"))
                && key == "EndpointConfiguration"
            {
                endpoint.push(named("vpcEndpointIds", one, ids.clone()));
            } else {
                let message = format!("the property `{key}` around the document does not come over");
                found.push(Diagnostic::new(Code::LostPart, message).at(one.key_span));
            }
        }
        if let Some(first) = endpoint.first() {
            let place = first.clone();
            let node = Node {
                span: place.node.span,
                value: Value::Object(endpoint),
            };
            put(document, "x-amazon-apigateway-endpoint-configuration", &place, node);
        }
        if self.stage.is_none() && !self.settings.0.is_empty() {
            let message = "the variables, tags and tracing of a stage without a name that is known do not come over";
            found.push(Diagnostic::new(Code::LostPart, message).at(properties.span.head()));
        }
    }
}

/// Says something in `info`, unless it says it itself; whether both say the same.
fn inform(document: &mut Vec<Member<'static>>, key: &'static str, place: &Member<'static>) -> bool {
    if !document.iter().any(|one| one.key == "info") {
        let empty = Node {
            span: place.node.span,
            value: Value::Object(Vec::new()),
        };
        document.push(named("info", place, empty));
    }
    let Some(info) = document.iter_mut().find(|one| one.key == "info") else {
        return false;
    };
    let Value::Object(members) = &mut info.node.value else {
        return false;
    };
    match members.iter().find(|one| one.key == key) {
        Some(said) => plain::scalar(&said.node) == plain::scalar(&place.node),
        None => {
            members.push(named(key, place, place.node.clone()));
            true
        }
    }
}

/// SAM writes `~1` for the slash of a media type.
fn slashes(node: &mut Node<'static>) {
    match &mut node.value {
        Value::String(text) => *text = text.replace("~1", "/").into(),
        Value::Array(items) => items.iter_mut().for_each(slashes),
        _ => {}
    }
}

/// Adds a key unless the document has it.
fn put(document: &mut Vec<Member<'static>>, key: &'static str, place: &Member<'static>, node: Node<'static>) {
    if !document.iter().any(|one| one.key == key) {
        document.push(named(key, place, node));
    }
}

fn named(key: &'static str, place: &Member<'static>, node: Node<'static>) -> Member<'static> {
    Member {
        key: key.into(),
        key_span: place.key_span,
        node,
    }
}

fn member<'n>(node: &'n Node<'static>, key: &str) -> Option<&'n Node<'static>> {
    match &node.value {
        Value::Object(members) => members.iter().find(|one| one.key == key).map(|one| &one.node),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Source, import::import};

    fn template(kind: &str, body: &str, properties: &str) -> Source {
        let document = "{openapi: 3.0.1, paths: {/a: {get: {x-amazon-apigateway-integration: {type: mock}}}}}";
        let text =
            format!("Resources:\n  Api:\n    Type: {kind}\n    Properties:\n      {body}: {document}\n{properties}");
        Source::new("template.yaml", text)
    }

    #[test]
    fn what_a_template_says_of_the_api_and_its_stage_stands_in_both_files() {
        let properties = "      Name: Shop\n      Description: What is sold.\n      StageName: dev\n      Variables: {host: a.example}\n      \
             Tags: {team: shop}\n      TracingEnabled: true\n";
        let source = template("AWS::Serverless::Api", "DefinitionBody", properties);
        let (import, found) = import(&source, None).into_result().unwrap();
        assert!(found.is_empty(), "{found:?}");
        let routes = import.routes_yaml();
        assert!(
            routes.contains("name: Shop\n") && routes.contains("description: What is sold."),
            "{routes}"
        );
        let aws: serde_json::Value = serde_json::from_str(&import.aws_json().unwrap()).unwrap();
        let stage = serde_json::json!({"variables": {"host": "a.example"}, "tags": {"team": "shop"}, "tracing": true});
        assert_eq!(aws["apiGateway"]["stage"], "dev");
        assert_eq!(aws["apiGateway"]["stages"]["dev"], stage);
    }

    #[test]
    fn what_stands_beside_an_api_and_the_defaults_of_its_parameters_are_told() {
        let source = template("AWS::ApiGateway::RestApi", "Body", "      Name: !Ref Name\n");
        let text = format!(
            "Parameters:\n  Name: {{Type: String, Default: shop}}\n  Other: {{Type: String, Default: x}}\n{}  More:\n    \
             Type: AWS::ApiGateway::Method\n    Properties: {{RestApiId: !Ref Api, HttpMethod: GET}}\n  Stage:\n    \
             Type: AWS::ApiGateway::Stage\n    Properties: {{RestApiId: !Ref Api}}\n  Queue: {{Type: AWS::SQS::Queue}}\n",
            source.text()
        );
        let (_, found) = import(&Source::new("template.yaml", text), None).into_result().unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.code, one.message.as_str())).collect();
        let expected = [
            (Code::IgnoredPart, "the default `shop` of the parameter `Name`"),
            (Code::LostPart, "the resource `More` (AWS::ApiGateway::Method)"),
            (Code::IgnoredPart, "the resource `Stage` (AWS::ApiGateway::Stage)"),
        ];
        assert_eq!(told.len(), expected.len(), "{told:?}");
        for ((code, message), (expected, begin)) in told.into_iter().zip(expected) {
            assert!(code == expected && message.starts_with(begin), "{message}");
        }
    }

    #[test]
    fn what_no_file_says_of_a_template_is_told() {
        let properties = "      Name: Shop\n      StageName: !Ref Stage\n      Tags: [{Key: a, Value: b}]\n      FailOnWarnings: true\n      \
             Mode: merge\n";
        let source = template("AWS::ApiGateway::RestApi", "Body", properties);
        let (import, found) = import(&source, None).into_result().unwrap();
        assert!(import.aws_json().is_none());
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.code, one.message.split('`').nth(1).unwrap_or_default()))
            .collect();
        let ignored = |key| (Code::IgnoredPart, key);
        assert_eq!(
            told,
            [
                ignored("StageName"),
                ignored("Tags"),
                ignored("FailOnWarnings"),
                (Code::LostPart, "Mode")
            ]
        );
        let titled = source
            .text()
            .replace("openapi: 3.0.1,", "openapi: 3.0.1, info: {title: Other},");
        let (import, found) = super::super::import(&Source::new("template.yaml", titled), None)
            .into_result()
            .unwrap();
        assert!(import.routes_yaml().contains("name: Other"));
        assert!(
            found
                .iter()
                .any(|one| one.message.contains("`title` of the document stands")),
            "{found:?}"
        );
    }
}
