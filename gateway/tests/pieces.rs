//! An API that is built piece by piece, and what becomes of it.

mod calling;
#[expect(dead_code, reason = "the documents of cases are for another test")]
mod document;

use std::borrow::Borrow;
use std::time::Duration;

use bluegate_core::gateway::Definition;
use bluegate_gateway::control::{Control, Outcome, Trial, Tried};
use bluegate_gateway::plane::{Arrival, Credential, Exchange, Next, Said};
use calling::now;
use serde_json::{Value as Json, json};

fn outcome(control: &mut Control, verb: &str, target: &str, body: &Json) -> Outcome {
    let body = Some(body).filter(|body| !body.is_null());
    calling::outcome(control, verb, target, body.map(Json::to_string).unwrap_or_default())
}

fn arrival() -> Arrival {
    Arrival {
        time: now(),
        source: [127, 0, 0, 1].into(),
        seed: 7,
    }
}

fn done(control: &mut Control, verb: &str, target: &str, body: impl Borrow<Json>) -> Json {
    match outcome(control, verb, target, body.borrow()) {
        Outcome::Reply(reply) => {
            assert!(reply.status < 300, "{verb} {target}: {reply:?}");
            reply.body
        }
        Outcome::Trial(trial) => panic!("{trial:?}"),
    }
}

fn id(value: &Json) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// A shop of one method that greets, on the stage `dev`; its id and that of the resource.
fn built(control: &mut Control) -> (String, String) {
    let api = done(control, "POST", "/restapis", json!({"name": "shop", "version": "1"}));
    let root = api["rootResourceId"].as_str().unwrap().to_owned();
    let api = id(&api);
    let of = |rest: &str| format!("/restapis/{api}/{rest}");
    let users = id(&done(
        control,
        "POST",
        &of(&format!("resources/{root}")),
        json!({"pathPart": "users"}),
    ));
    let user = id(&done(
        control,
        "POST",
        &of(&format!("resources/{users}")),
        json!({"pathPart": "{id}"}),
    ));
    let validator = done(
        control,
        "POST",
        &of("requestvalidators"),
        json!({"name": "all", "validateRequestParameters": true}),
    );
    let method = of(&format!("resources/{user}/methods/GET"));
    let put = json!({
        "authorizationType": "AWS_IAM", "apiKeyRequired": true, "operationName": "show",
        "requestParameters": {"method.request.path.id": true, "method.request.querystring.q": true},
        "requestValidatorId": validator["id"],
    });
    done(control, "PUT", &method, put);
    done(
        control,
        "PUT",
        &format!("{method}/responses/200"),
        json!({"responseModels": {"application/json": "Empty"}}),
    );
    let integration = json!({"type": "MOCK", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}});
    done(control, "PUT", &format!("{method}/integration"), integration);
    let response = json!({"responseTemplates": {"application/json": "hello $input.params('id')"}});
    done(control, "PUT", &format!("{method}/integration/responses/200"), response);
    done(
        control,
        "PUT",
        &of("gatewayresponses/DEFAULT_4XX"),
        json!({"responseParameters": {"gatewayresponse.header.A": "'b'"}}),
    );
    done(
        control,
        "POST",
        &of("deployments"),
        json!({"stageName": "dev", "description": "first"}),
    );
    (api, user)
}

#[test]
fn an_api_built_of_pieces_is_the_one_that_its_export_makes() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, _) = built(&mut control);
    let of = |control: &Control, api: &str| {
        let mut definition = Definition::of(control.stage(api, "dev").unwrap().api());
        // Recorded of AWS: an export has schemas, and nothing of what describes models.
        for schema in definition.models.values_mut().filter_map(Json::as_object_mut) {
            schema.remove("description");
        }
        definition
    };
    let served = of(&control, &api);
    for kind in ["oas30", "swagger"] {
        let target = format!("/restapis/{api}/stages/dev/exports/{kind}?extensions=apigateway");
        let export = done(&mut control, "GET", &target, Json::Null);
        let document: Json = serde_json::from_str(export.as_str().unwrap()).unwrap();
        let other = id(&done(&mut control, "POST", "/restapis?mode=import", document));
        done(
            &mut control,
            "POST",
            &format!("/restapis/{other}/deployments"),
            json!({"stageName": "dev"}),
        );
        assert_eq!(of(&control, &other), served, "{kind}");
    }
}

#[test]
fn a_stage_serves_what_was_deployed_and_no_piece_that_came_later() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, user) = built(&mut control);
    done(
        &mut control,
        "DELETE",
        &format!("/restapis/{api}/resources/{user}/methods/GET"),
        Json::Null,
    );
    let served = control.stage(&api, "dev").unwrap();
    assert!(
        served
            .api()
            .resources
            .iter()
            .any(|resource| resource.methods.contains_key("GET"))
    );
}

#[test]
fn a_method_is_tried_without_a_signature_and_tells_its_log() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, user) = built(&mut control);
    let target = format!("/restapis/{api}/resources/{user}/methods/GET");
    let told = |control: &mut Control, path: &str| {
        let body = json!({"pathWithQueryString": path});
        let Outcome::Trial(trial) = outcome(control, "POST", &target, &body) else {
            panic!("no trial");
        };
        let Tried::Method(resource) = &trial.tried else {
            panic!("a method is tried");
        };
        let mut exchange = Exchange::trial(&trial.stage, resource, trial.request, arrival());
        let Next::Answer(answer) = exchange.start_trial() else {
            panic!("a mock answers by itself");
        };
        Trial::told(&exchange, &answer, now(), Duration::from_millis(3)).body
    };
    let tried = told(&mut control, "/users/7?q=x");
    assert_eq!((&tried["status"], &tried["body"]), (&json!(200), &json!("hello 7")));
    assert_eq!(tried["headers"], json!({"Content-Type": "application/json"}));
    let log = tried["log"].as_str().unwrap();
    let lines: Vec<&str> = log
        .lines()
        .map(|line| line.split_once(" : ").map_or(line, |(_, text)| text))
        .collect();
    // As recorded of AWS.
    assert!(lines[0].starts_with("Execution log for request "), "{log}");
    assert_eq!(
        lines[2..],
        [
            "HTTP Method: GET, Resource Path: /users/7",
            "Method request path: {id=7}",
            "Method request query string: {q=x}",
            "Method request headers: {}",
            "Method request body before transformations: ",
            "Method response body after transformations: hello 7",
            "Method response headers: {Content-Type=application/json}",
            "Successfully completed execution",
            "Method completed with status: 200",
        ]
    );
    let missing = told(&mut control, "/users/7");
    assert_eq!(missing["status"], 400, "{missing}");
}

#[test]
fn an_authorizer_is_tried_with_what_it_is_asked_by() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, _) = built(&mut control);
    let authorizer = json!({
        "name": "door", "type": "TOKEN", "identitySource": "method.request.header.Auth", "authorizerResultTtlInSeconds": 0,
        "authorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:door/invocations",
    });
    let made = done(
        &mut control,
        "POST",
        &format!("/restapis/{api}/authorizers"),
        authorizer,
    );
    let target = format!("/restapis/{api}/authorizers/{}", id(&made));
    let mut told = |body: Json, said: Said| {
        let Outcome::Trial(trial) = outcome(&mut control, "POST", &target, &body) else {
            panic!("no trial");
        };
        let Tried::Authorizer(mut gate) = trial.tried else {
            panic!("an authorizer is tried");
        };
        let mut exchange = Exchange::new(&trial.stage, trial.request, arrival());
        let (answer, asked) = match exchange.start(&mut gate) {
            Next::Ask(question) => {
                let Next::Answer(answer) = exchange.authorize(&mut gate, Ok(said.clone()), Duration::ZERO) else {
                    panic!("a mock answers by itself");
                };
                (answer, Some(question.event))
            }
            Next::Answer(answer) => (answer, None),
            next => panic!("{next:?}"),
        };
        let heard = asked.is_some().then_some(&said);
        let took = Duration::from_millis(3);
        (
            Trial::told_of_authorizer(&exchange, &answer, heard, now(), took).body,
            asked,
        )
    };
    let said = |effect: &str| {
        let statement = json!({"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*"});
        Said::Answer(json!({"principalId": "ann", "policyDocument": {"Statement": [statement]}}))
    };
    let with = json!({"headers": {"Auth": "secret"}, "pathWithQueryString": "/a/b"});
    for effect in ["Allow", "Deny"] {
        let (told, asked) = told(with.clone(), said(effect));
        assert_eq!(
            (&told["clientStatus"], &told["principalId"]),
            (&json!(0), &json!("ann"))
        );
        assert!(told["policy"].as_str().unwrap().contains(effect), "{told}");
        assert!(
            told["log"].as_str().unwrap().contains("Starting authorizer: "),
            "{told}"
        );
        let asked = asked.unwrap();
        assert_eq!(asked["authorizationToken"], "secret");
        assert!(
            asked["methodArn"]
                .as_str()
                .unwrap()
                .ends_with("/test-invoke-stage/GET/a/b"),
            "{asked}"
        );
    }
    let (without, asked) = told(json!({}), said("Allow"));
    assert_eq!((&without["clientStatus"], asked), (&json!(401), None));
    assert_eq!(without.get("policy"), None);
    let (broken, _) = told(with, Said::Error("it broke".to_owned()));
    assert_eq!(broken["clientStatus"], 500);
}

#[test]
fn a_method_that_has_an_integration_is_patched_and_keeps_it() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, user) = built(&mut control);
    let method = format!("/restapis/{api}/resources/{user}/methods/GET");
    let before = done(&mut control, "GET", &method, Json::Null);
    let patch = json!({"patchOperations": [{"op": "replace", "path": "/apiKeyRequired", "value": "false"}]});
    let after = done(&mut control, "PATCH", &method, patch);
    assert_eq!(after["apiKeyRequired"], false);
    for kept in ["methodIntegration", "methodResponses", "authorizationType"] {
        assert_eq!(after[kept], before[kept], "{kept}");
    }
}

#[test]
fn what_is_said_of_an_api_is_published_with_the_stage_that_has_its_version() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, _) = built(&mut control);
    let of = |rest: &str| format!("/restapis/{api}/{rest}");
    let part = json!({"location": {"type": "API"}, "properties": "{\"description\": \"What is sold.\"}"});
    done(&mut control, "POST", &of("documentation/parts"), part);
    let exported = |control: &mut Control| {
        let export = done(
            control,
            "GET",
            &of("stages/dev/exports/oas30?extensions=documentation"),
            Json::Null,
        );
        let document: Json = serde_json::from_str(export.as_str().unwrap()).unwrap();
        document["x-amazon-apigateway-documentation"].clone()
    };
    assert_eq!(exported(&mut control), Json::Null);
    let version = json!({"documentationVersion": "v1", "stageName": "dev"});
    done(&mut control, "POST", &of("documentation/versions"), version);
    let published = exported(&mut control);
    assert_eq!(published["version"], "v1");
    let parts = json!([{"location": {"type": "API"}, "properties": {"description": "What is sold."}}]);
    assert_eq!(published["documentationParts"], parts);
    // Documents bring what is said along, unless a call leaves it out.
    let document = json!({
        "openapi": "3.0.1", "info": {"title": "shop", "version": "2"}, "paths": {},
        "x-amazon-apigateway-documentation": {"documentationParts": [
            {"location": {"type": "MODEL", "name": "Book"}, "properties": {"description": "What is read."}},
        ]},
    });
    let kinds = |control: &mut Control| {
        let parts = done(control, "GET", &of("documentation/parts"), Json::Null);
        let parts = parts["item"].as_array().unwrap().iter();
        let kinds = parts.map(|part| part["location"]["type"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<String>>()
    };
    for (query, left) in [
        ("mode=overwrite&ignore=documentation", &["API"][..]),
        ("mode=merge", &["API", "MODEL"]),
        ("mode=overwrite", &["MODEL"]),
    ] {
        let target = format!("/restapis/{api}?{query}");
        done(&mut control, "PUT", &target, document.clone());
        assert_eq!(kinds(&mut control), left, "{query}");
    }
    // The version is as it was.
    assert_eq!(exported(&mut control), published);
    let mut again = Control::new(vec![Credential::test()]);
    again.restore(control.records()).unwrap();
    assert_eq!(exported(&mut again), published);
}

#[test]
fn what_is_subtracted_of_a_quota_at_first_fits_its_period() {
    let mut control = Control::new(vec![Credential::test()]);
    for (period, offset, is_taken) in [
        ("DAY", 0, true),
        ("DAY", 1, false),
        ("WEEK", 6, true),
        ("WEEK", 7, false),
        ("MONTH", 27, true),
        ("MONTH", 28, false),
    ] {
        let plan = json!({"name": "p", "quota": {"limit": 100, "offset": offset, "period": period}});
        let Outcome::Reply(reply) = outcome(&mut control, "POST", "/usageplans", &plan) else {
            panic!("no reply");
        };
        assert_eq!(reply.status == 201, is_taken, "{period} {offset}: {reply:?}");
    }
}

#[test]
fn a_key_is_granted_more_of_its_quota() {
    let mut control = Control::new(vec![Credential::test()]);
    let plan = id(&done(
        &mut control,
        "POST",
        "/usageplans",
        json!({"name": "p", "quota": {"limit": 5, "period": "DAY"}}),
    ));
    let key = id(&done(&mut control, "POST", "/apikeys", json!({"name": "k"})));
    let target = format!("/usageplans/{plan}/keys/{key}/usage");
    let patch = |value: &str| json!({"patchOperations": [{"op": "replace", "path": "/remaining", "value": value}]});
    let refused = |control: &mut Control, value: &str| match outcome(control, "PATCH", &target, &patch(value)) {
        Outcome::Reply(reply) => reply.status,
        Outcome::Trial(trial) => panic!("{trial:?}"),
    };
    assert_eq!(refused(&mut control, "9"), 404, "the key is in no plan");
    let with = json!({"keyId": key, "keyType": "API_KEY"});
    done(&mut control, "POST", &format!("/usageplans/{plan}/keys"), with);
    let told = done(&mut control, "PATCH", &target, patch("9"));
    assert_eq!(told["values"][&key], json!([[0, 9]]));
    for value in ["-1", "many"] {
        assert_eq!(refused(&mut control, value), 400, "{value}");
    }
}

#[test]
fn a_domain_name_leads_to_the_stage_of_its_base_path() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, _) = built(&mut control);
    done(
        &mut control,
        "POST",
        "/domainnames",
        json!({"domainName": "a.shop.example"}),
    );
    let mapping = json!({"basePath": "v1", "restApiId": api, "stage": "dev"});
    done(
        &mut control,
        "POST",
        "/domainnames/a.shop.example/basepathmappings",
        mapping,
    );
    let open = json!({"restApiId": api});
    done(
        &mut control,
        "POST",
        "/domainnames/a.shop.example/basepathmappings",
        open,
    );
    let found = |host: &str, path: &str| control.mapped(host, path).map(|(_, stage, path)| (stage, path));
    let some = |stage: &str, path: &str| Some((stage.to_owned(), path.to_owned()));
    assert_eq!(found("a.shop.example:80", "/v1/users/7"), some("dev", "/users/7"));
    assert_eq!(found("a.shop.example", "/v1"), some("dev", "/"));
    // A mapping without a stage takes it of the path.
    assert_eq!(found("a.shop.example", "/prod/users"), some("prod", "/users"));
    assert_eq!(found("A.shop.example", "/v1"), some("dev", "/"));
    assert_eq!(found("shop.example", "/v1"), None);
}

#[test]
fn what_was_kept_is_the_same_control_plane_again() {
    let mut control = Control::new(vec![Credential::test()]);
    let (api, user) = built(&mut control);
    let key = id(&done(
        &mut control,
        "POST",
        "/apikeys",
        json!({"name": "k", "enabled": true}),
    ));
    let plan =
        json!({"name": "p", "apiStages": [{"apiId": api, "stage": "dev"}], "quota": {"limit": 5, "period": "DAY"}});
    let plan = id(&done(&mut control, "POST", "/usageplans", plan));
    done(
        &mut control,
        "POST",
        &format!("/usageplans/{plan}/keys"),
        json!({"keyId": key, "keyType": "API_KEY"}),
    );
    // As a journal has it: line after line of what each call changed.
    let mut kept = control.changes();
    done(
        &mut control,
        "DELETE",
        &format!("/restapis/{api}/resources/{user}/methods/GET"),
        Json::Null,
    );
    kept.extend(control.changes());
    assert!(control.changes().is_empty());
    let mut again = Control::new(vec![Credential::test()]);
    again.restore(kept).unwrap();
    assert_eq!(again.records(), control.records());
    assert_eq!(again.gate.usage.plans, control.gate.usage.plans);
    assert_eq!(again.gate.usage.keys, control.gate.usage.keys);
    assert_eq!(
        again.stage(&api, "dev").unwrap().api(),
        control.stage(&api, "dev").unwrap().api()
    );
}
