//! What API Gateway makes of the document.

use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::Stand;
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "document-warnings",
        sentence: "A document of bluegate's with every type of parameter, greedy paths, preflights and signatures is taken without a warning.",
        evidence: Evidence::Unverified,
        if_wrong: "The put is refused and nothing is changed. `--allow-warning` lets it pass.",
        place: "core/src/openapi",
        ask: Ask::Free(10, |stand| Box::pin(document_warnings(stand))),
    },
    Assumption {
        name: "document-read-back",
        sentence: "`GetResources` shows the methods, authorizations and integrations of the document that was put.",
        evidence: Evidence::Recorded,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/gateway/import.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_read_back(stand))),
    },
    Assumption {
        name: "document-contract",
        sentence: "Authorizers, API keys, models, validators, mappings, keys of the cache and answers of the gateway itself are taken from a document of bluegate's without a warning, and read as they were put.",
        evidence: Evidence::Documented,
        if_wrong: "With a warning the put is refused and nothing is changed; what is read back otherwise undoes the deployment.",
        place: "core/src/openapi/contract.rs",
        ask: Ask::Free(15, |stand| Box::pin(document_contract(stand))),
    },
    Assumption {
        name: "document-look-ahead",
        sentence: "The keys of integration responses are Java's regular expressions, look-ahead included.",
        evidence: Evidence::Documented,
        if_wrong: "With `\"proxyIntegration\": false`, a status that the document does not name is answered as 200.",
        place: "core/src/openapi/status.rs",
        ask: Ask::Free(20, |stand| Box::pin(document_look_ahead(stand))),
    },
    Assumption {
        name: "document-regular-expressions",
        sentence: "A document with a key of integration responses that is no regular expression is refused.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing: bluegate refuses it all the same (`BG0150`), for it matches no answer.",
        place: "core/src/resolve/pattern.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_regular_expressions(stand))),
    },
    Assumption {
        name: "document-arns",
        sentence: "A document with a role that is no ARN is refused.",
        evidence: Evidence::Documented,
        if_wrong: "Nothing: bluegate refuses it all the same (`BG0149`), for each call would be answered 500.",
        place: "core/src/resolve/arn.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_arns(stand))),
    },
    Assumption {
        name: "document-preflight-binary",
        sentence: "A preflight that the gateway answers works on an API with the binary type `*/*` too.",
        evidence: Evidence::Used,
        if_wrong: "Preflights are answered 500: pages of other origins cannot call the API until the type is removed.",
        place: "core/src/openapi/cors.rs",
        ask: Ask::Free(40, |stand| Box::pin(document_preflight_binary(stand))),
    },
    Assumption {
        name: "document-models",
        sentence: "A model with keywords of JSON Schema draft 4 is taken without a warning.",
        evidence: Evidence::Documented,
        if_wrong: "The put that carries it over is refused and nothing is changed. `--allow-warning` lets it pass.",
        place: "deploy/src/carry/document.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_models(stand))),
    },
    Assumption {
        name: "document-types",
        sentence: "Models of types are taken without a warning: alternatives, null as the only value of an `enum`, and a model that refers to itself.",
        evidence: Evidence::Unverified,
        if_wrong: "The put is refused and nothing is changed. `--no-types` does without, `--allow-warning` lets it pass.",
        place: "core/src/types/form.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_types(stand))),
    },
    Assumption {
        name: "document-security",
        sentence: "`security: []` makes a method public, and a scheme `awsSigv4` makes it take signatures.",
        evidence: Evidence::Recorded,
        if_wrong: "What is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/openapi/build.rs",
        ask: Ask::Free(10, |stand| Box::pin(document_security(stand))),
    },
    Assumption {
        name: "document-defaults",
        sentence: "A method that does not say otherwise has a timeout of 29000 ms, `WHEN_NO_MATCH`, and its resource's id as the name space of its cache.",
        evidence: Evidence::Recorded,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/gateway/definition.rs",
        ask: Ask::Never("an answer of AWS is among the recordings"),
    },
    Assumption {
        name: "document-gateway-responses",
        sentence: "A gateway response without a template gets AWS's own, and `GetGatewayResponses` tells which are defaults.",
        evidence: Evidence::Recorded,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/gateway/definition.rs",
        ask: Ask::Never("an answer of AWS is among the recordings"),
    },
    Assumption {
        name: "document-base-path",
        sentence: "The variable `basePath` of the server changes no path of a resource.",
        evidence: Evidence::Used,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/openapi/build.rs",
        ask: Ask::Never("`document-read-back` puts such a document"),
    },
    Assumption {
        name: "document-extensions",
        sentence: "Request validators, source of API keys, binary types, compression and the policy are taken from the extensions of the document.",
        evidence: Evidence::Documented,
        if_wrong: "Settings are read back and patched; a validator that is not there undoes the deployment.",
        place: "deploy/src/carry/document.rs",
        ask: Ask::Free(15, |stand| Box::pin(document_extensions(stand))),
    },
    Assumption {
        name: "document-parameters",
        sentence: "Types, formats and bounds of path parameters are not enforced.",
        evidence: Evidence::Documented,
        if_wrong: "Nothing: the service checks them anyway.",
        place: "core/src/openapi/parameter.rs",
        ask: Ask::Never("nothing depends on it"),
    },
    Assumption {
        name: "document-link-target",
        sentence: "A VPC link of the kind that `apigatewayv2` makes takes an `integrationTarget`.",
        evidence: Evidence::Documented,
        if_wrong: "The put is refused, or requests fail and the smoke requests undo the deployment.",
        place: "core/src/openapi/integration.rs",
        ask: Ask::Never("it takes a load balancer in a VPC, which costs money by the hour"),
    },
];

async fn document_warnings(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let put = stand.put_as(&id, &documents::generated(), true).await?;
    let warnings = put.json["warnings"].as_array().cloned().unwrap_or_default();
    let said = match (&put.cause, warnings.is_empty()) {
        (Some(_), _) => put.brief(),
        (None, true) => "taken, without a warning".to_owned(),
        (None, false) => format!("taken with the warnings {}", Value::from(warnings.clone())),
    };
    Ok(Finding::of(put.cause.is_none() && warnings.is_empty(), said))
}

/// The method of a path.
fn method<'a>(resources: &'a [Value], path: &str, verb: &str) -> &'a Value {
    let resource = resources.iter().find(|resource| resource["path"] == path);
    resource.map_or(&Value::Null, |resource| &resource["resourceMethods"][verb])
}

async fn document_read_back(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.put(&id, &documents::generated()).await?.ok()?;
    stand.settle(&id).await?;
    let resources = stand.resources(&id).await?.ok()?.items();
    let wanted = [
        ("/", "GET", "NONE", "HTTP_PROXY"),
        ("/int/{value}", "PUT", "AWS_IAM", "HTTP_PROXY"),
        ("/int/{value}", "DELETE", "NONE", "HTTP"),
        ("/int/{value}", "OPTIONS", "NONE", "MOCK"),
        ("/any", "ANY", "AWS_IAM", "HTTP_PROXY"),
        ("/files/{path+}", "GET", "NONE", "HTTP"),
    ];
    let mut wrong = Vec::new();
    for (path, verb, authorization, integration) in wanted {
        let method = method(&resources, path, verb);
        let found = (&method["authorizationType"], &method["methodIntegration"]["type"]);
        if found != (&authorization.into(), &integration.into()) {
            wrong.push(format!("{verb} {path} has {} and {}", found.0, found.1));
        }
    }
    let said = match wrong.is_empty() {
        true => format!("{} resources, with what the document says", resources.len()),
        false => wrong.join("; "),
    };
    Ok(Finding::of(wrong.is_empty(), said))
}

async fn document_contract(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let put = stand.put_as(&id, &documents::contract(), true).await?;
    if put.cause.is_some() {
        return Ok(Finding::of(false, put.brief()));
    }
    stand.settle(&id).await?;
    let resources = stand.resources(&id).await?.ok()?.items();
    let (list, add) = (
        method(&resources, "/books", "GET"),
        method(&resources, "/books", "POST"),
    );
    let hello = method(&resources, "/hello", "GET");
    let found = [
        (
            "authorizer",
            list["authorizationType"] == "CUSTOM" && list["authorizerId"].is_string(),
        ),
        ("API key", list["apiKeyRequired"] == true),
        (
            "validator",
            list["requestValidatorId"].is_string() && add["requestValidatorId"].is_string(),
        ),
        (
            "query",
            list["requestParameters"]["method.request.querystring.page"] == true,
        ),
        (
            "key of the cache",
            list["methodIntegration"]["cacheKeyParameters"][0] == "method.request.querystring.page",
        ),
        ("timeout", list["methodIntegration"]["timeoutInMillis"] == 5000),
        (
            "model of the request",
            add["requestModels"]["application/json"] == "Book",
        ),
        (
            "model of the answer",
            list["methodResponses"]["200"]["responseModels"]["application/json"] == "Book",
        ),
        (
            "passthrough",
            add["methodIntegration"]["passthroughBehavior"] == "NEVER",
        ),
        (
            "mapped status",
            add["methodIntegration"]["integrationResponses"]["502"]["selectionPattern"] == "5\\d{2}",
        ),
        ("answer of the gateway", hello["methodIntegration"]["type"] == "MOCK"),
    ];
    Ok(all_there(&found))
}

/// Whether all of it is as in the document.
fn all_there(found: &[(&str, bool)]) -> Finding {
    let lost: Vec<&str> = found
        .iter()
        .filter_map(|(what, there)| (!there).then_some(*what))
        .collect();
    let said = match lost.is_empty() {
        true => "all of it is as in the document".to_owned(),
        false => format!("not as in the document: {}", lost.join(", ")),
    };
    Finding::of(lost.is_empty(), said)
}

async fn document_look_ahead(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let destination = stand.wire.destination().clone();
    let endpoint = destination.endpoint.as_deref();
    let stage = destination
        .service
        .stage_url(endpoint, &destination.region, &id, crate::stand::STAGE);
    // The API calls a path of its own stage that is not there, which is answered 403.
    let answer = |status: &str| json!({"statusCode": status});
    let mut document = documents::base("8");
    document["paths"]["/regex"] = json!({"get": {
        "responses": {"200": {"description": "a"}, "403": {"description": "b"}, "418": {"description": "c"}},
        "security": [],
        "x-amazon-apigateway-integration": {
            "type": "http", "httpMethod": "GET", "uri": format!("{stage}/nothing"),
            "responses": {"default": answer("200"), "4(?!01|04)\\d{2}": answer("403"), "4(?!03)\\d{2}": answer("418")},
        },
    }});
    stand.put(&id, &document).await?.ok()?;
    stand.settle(&id).await?;
    let tested = stand
        .test(&id, "/regex", "GET", json!({"pathWithQueryString": "/regex"}))
        .await?
        .ok()?;
    let status = &tested.json["status"];
    Ok(Finding::of(
        *status == json!(403),
        format!("a backend's 403 is answered {status}; of `4(?!01|04)\\d{{2}}` and `4(?!03)\\d{{2}}` the first fits"),
    ))
}

async fn document_regular_expressions(stand: &mut Stand) -> Result<Finding, Stopped> {
    let integration = json!({
        "type": "http", "httpMethod": "GET", "uri": "https://backend.example/",
        "responses": {"default": {"statusCode": "200"}, "*.failed": {"statusCode": "500"}},
    });
    refused(stand, integration).await
}

async fn document_arns(stand: &mut Stand) -> Result<Finding, Stopped> {
    let integration = json!({
        "type": "aws", "httpMethod": "POST", "uri": "arn:aws:apigateway:eu-west-1:sqs:path/1/queue",
        "credentials": "reads-books", "responses": {"default": {"statusCode": "200"}},
    });
    refused(stand, integration).await
}

/// Whether a document with this integration is refused.
async fn refused(stand: &mut Stand, integration: Value) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::plain("10");
    document["paths"]["/wrong"] = json!({"get": {
        "responses": {"200": {"description": "a"}, "500": {"description": "b"}},
        "security": [],
        "x-amazon-apigateway-integration": integration,
    }});
    let put = stand.put_as(&id, &document, true).await?;
    let said = if put.cause.is_some() {
        put.brief()
    } else {
        "taken".to_owned()
    };
    Ok(Finding::of(put.cause.is_some(), said))
}

async fn document_preflight_binary(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::generated();
    document["x-amazon-apigateway-binary-media-types"] = json!(["*/*"]);
    stand.put(&id, &document).await?.ok()?;
    stand.settle(&id).await?;
    stand.serve(&id).await?;
    // Until the deployment is everywhere, an older one answers.
    stand.visit_until(&id, "/a/b", |answer| answer.status == 403).await?;
    let asked = [
        ("Origin", "https://reader.example"),
        ("Access-Control-Request-Method", "PUT"),
    ];
    let answer = stand.visit(&id, "OPTIONS", "/int/7", &asked).await?;
    let origin = answer.headers.get("access-control-allow-origin");
    Ok(Finding::of(
        matches!(answer.status, 200 | 204) && origin.is_some(),
        format!("OPTIONS is answered {}, allowed origin {origin:?}", answer.status),
    ))
}

async fn document_extensions(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::plain("18");
    document["x-amazon-apigateway-request-validators"] =
        json!({"all": {"validateRequestBody": true, "validateRequestParameters": true}});
    document["paths"]["/"]["get"]["x-amazon-apigateway-request-validator"] = "all".into();
    document["x-amazon-apigateway-api-key-source"] = "AUTHORIZER".into();
    document["x-amazon-apigateway-binary-media-types"] = json!(["image/png"]);
    document["x-amazon-apigateway-minimum-compression-size"] = 2048.into();
    document["x-amazon-apigateway-policy"] = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
    ]});
    stand.put_as(&id, &document, true).await?.ok()?;
    stand.settle(&id).await?;
    let api = stand.settings(&id).await?.json;
    let resources = stand.resources(&id).await?.ok()?.items();
    let found = [
        ("source of API keys", api["apiKeySource"] == "AUTHORIZER"),
        ("binary types", api["binaryMediaTypes"] == json!(["image/png"])),
        ("compression", api["minimumCompressionSize"] == 2048),
        ("policy", api["policy"].is_string()),
        (
            "validator",
            method(&resources, "/", "GET")["requestValidatorId"].is_string(),
        ),
    ];
    Ok(all_there(&found))
}

async fn document_models(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::plain("9");
    document["components"]["schemas"] = json!({"Shape": {
        "type": "object",
        "title": "a shape",
        "required": ["sides"],
        "additionalProperties": false,
        "properties": {
            "sides": {"type": "array", "minItems": 3, "maxItems": 9, "uniqueItems": true, "items": {"type": "number"}},
            "name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 1, "enum": ["a", "b"]},
        },
    }});
    let put = stand.put_as(&id, &document, true).await?;
    Ok(Finding::of(put.cause.is_none(), put.brief()))
}

async fn document_types(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::plain("9");
    document["components"]["schemas"] = json!({
        "Tree": {
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": {"$ref": "#/components/schemas/Kind"},
                "note": {"anyOf": [{"type": "string"}, {"enum": [null]}]},
                "above": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"enum": [null]}]},
                "below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                "names": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "Kind": {"anyOf": [
            {"type": "object", "required": ["leaf"], "properties": {"leaf": {"type": "integer", "minimum": 0}}},
            {"enum": ["branch"]},
        ]},
    });
    let put = stand.put_as(&id, &document, true).await?;
    Ok(Finding::of(put.cause.is_none(), put.brief()))
}

async fn document_security(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let resources = stand.resources(&id).await?.ok()?.items();
    let public = &method(&resources, "/", "GET")["authorizationType"];
    let closed = &method(&resources, "/closed", "GET")["authorizationType"];
    Ok(Finding::of(
        public == "NONE" && closed == "AWS_IAM",
        format!("`security: []` is {public}, `sigv4` is {closed}"),
    ))
}
