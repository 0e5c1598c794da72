//! Documents that stand inside of a template of CloudFormation or SAM.

use super::plain;
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

/// Properties that say nothing about the API itself.
const ELSEWHERE: [&str; 6] = [
    "Name",
    "Description",
    "Tags",
    "StageName",
    "Parameters",
    "FailOnWarnings",
];

/// The document of a template; `root` itself if it is no template. `resource` names the resource whose document is meant.
pub(super) fn document(root: Node<'static>, resource: Option<&str>, found: &mut Diagnostics) -> Option<Node<'static>> {
    let Some(resources) = member(&root, "Resources") else {
        return Some(root);
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
    if let (Value::Object(keys), Some(properties)) = (&mut document.value, member(&api.node, "Properties")) {
        around(keys, properties, property, found);
    }
    Some(document)
}

/// Adds what the properties around a document say about the API.
fn around(document: &mut Vec<Member<'static>>, properties: &Node<'static>, body: &str, found: &mut Diagnostics) {
    let Value::Object(members) = &properties.value else {
        return;
    };
    let mut endpoint = Vec::new();
    for one in members {
        let key = &*one.key;
        if key == body || ELSEWHERE.contains(&key) {
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
        } else if let Some(ids) = member(&one.node, "VpcEndpointIds").or_else(|| member(&one.node, "VPCEndpointIds"))
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
