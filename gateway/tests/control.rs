//! The control plane, called as tools call it.

mod calling;
#[expect(dead_code, reason = "the documents of cases are for another test")]
mod document;

use bluegate_gateway::control::{Control, Outcome, Reply};
use bluegate_gateway::plane::Credential;
use serde_json::{Value as Json, json};

fn call(control: &mut Control, verb: &str, target: &str, body: &Json) -> Reply {
    let body = Some(body).filter(|body| !body.is_null());
    match calling::outcome(control, verb, target, body.map(Json::to_string).unwrap_or_default()) {
        Outcome::Reply(reply) => reply,
        Outcome::Trial(trial) => panic!("{trial:?}"),
    }
}

/// What a call that succeeds answers.
fn done(control: &mut Control, verb: &str, target: &str, body: &Json) -> Json {
    let reply = call(control, verb, target, body);
    assert!((200..300).contains(&reply.status), "{verb} {target}: {reply:?}");
    reply.body
}

fn shop() -> Json {
    json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop", "version": "1", "description": "What is sold."},
        "paths": {"/books/{id}": {"get": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "", "headers": {"X-A": {"schema": {"type": "string"}}}}},
            "x-amazon-apigateway-integration": {
                "type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:3000/books/{id}",
                "requestParameters": {"integration.request.path.id": "method.request.path.id"},
            },
        }}},
    })
}

/// A control plane with the shop on the stage `dev`, and the id of the API.
fn deployed() -> (Control, String) {
    let mut control = Control::new(vec![Credential::test()]);
    let id = done(&mut control, "POST", "/restapis?mode=import", &shop())["id"]
        .as_str()
        .unwrap()
        .to_owned();
    done(
        &mut control,
        "POST",
        &format!("/restapis/{id}/deployments"),
        &json!({"stageName": "dev"}),
    );
    (control, id)
}

#[test]
fn an_api_is_imported_deployed_read_and_deleted() {
    let (mut control, id) = deployed();
    let control = &mut control;
    let api = done(control, "GET", &format!("/restapis/{id}"), &Json::Null);
    assert_eq!(
        (&api["name"], &api["description"]),
        (&json!("Shop"), &json!("What is sold."))
    );
    let resources = done(
        control,
        "GET",
        &format!("/restapis/{id}/resources?embed=methods"),
        &Json::Null,
    );
    let paths: Vec<&str> = resources["item"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["path"].as_str())
        .collect();
    assert_eq!(paths, ["/", "/books", "/books/{id}"]);
    let method = &resources["item"][2]["resourceMethods"]["GET"];
    assert_eq!(method["methodIntegration"]["type"], "HTTP_PROXY");
    assert_eq!(
        method["methodResponses"]["200"]["responseParameters"]["method.response.header.X-A"],
        false
    );
    assert_eq!(resources["item"][2]["parentId"], resources["item"][1]["id"]);
    let deployments = done(control, "GET", &format!("/restapis/{id}/deployments"), &Json::Null);
    let deployment = deployments["item"][0]["id"].as_str().unwrap().to_owned();
    let target = format!("/restapis/{id}/deployments/{deployment}?embed=apisummary");
    let summary = done(control, "GET", &target, &Json::Null);
    assert_eq!(summary["apiSummary"]["/books/{id}"]["GET"]["authorizationType"], "NONE");
    let exported = done(
        control,
        "GET",
        &format!("/restapis/{id}/stages/dev/exports/oas30"),
        &Json::Null,
    );
    assert!(exported.as_str().unwrap().contains("/books/{id}"));
    assert_eq!(
        call(
            control,
            "DELETE",
            &format!("/restapis/{id}/deployments/{deployment}"),
            &Json::Null
        )
        .status,
        400
    );
    done(control, "DELETE", &format!("/restapis/{id}/stages/dev"), &Json::Null);
    done(
        control,
        "DELETE",
        &format!("/restapis/{id}/deployments/{deployment}"),
        &Json::Null,
    );
    done(control, "DELETE", &format!("/restapis/{id}"), &Json::Null);
    assert_eq!(
        call(control, "GET", &format!("/restapis/{id}"), &Json::Null).error,
        Some("NotFoundException")
    );
}

#[test]
fn a_put_changes_the_draft_and_a_stage_serves_what_was_deployed() {
    let (mut control, id) = deployed();
    let before = done(&mut control, "GET", &format!("/restapis/{id}/resources"), &Json::Null);
    let mut document = shop();
    document["paths"]["/more"] = document["paths"]["/books/{id}"].clone();
    done(
        &mut control,
        "PUT",
        &format!("/restapis/{id}?mode=overwrite"),
        &document,
    );
    let after = done(&mut control, "GET", &format!("/restapis/{id}/resources"), &Json::Null);
    assert_eq!(after["item"].as_array().unwrap().len(), 4);
    // A path that stays keeps its id.
    assert_eq!(after["item"][2], before["item"][2]);
    assert_eq!(control.stage(&id, "dev").unwrap().api().resources.len(), 3);
    done(
        &mut control,
        "POST",
        &format!("/restapis/{id}/deployments"),
        &json!({"stageName": "dev"}),
    );
    assert_eq!(control.stage(&id, "dev").unwrap().api().resources.len(), 4);
}

#[test]
fn patches_of_a_stage_are_told_and_served() {
    let (mut control, id) = deployed();
    let patch = |path: &str, value: &str| json!({"op": "replace", "path": path, "value": value});
    let patches = json!({"patchOperations": [
        patch("/variables/host", "a.example"),
        patch("/accessLogSettings/destinationArn", "arn:aws:logs:us-east-1:000000000000:log-group:a"),
        patch("/accessLogSettings/format", "$context.requestId"),
        patch("/*/*/logging/loglevel", "INFO"),
        patch("/~1books~1{id}/GET/throttling/rateLimit", "5"),
    ]});
    let stage = done(&mut control, "PATCH", &format!("/restapis/{id}/stages/dev"), &patches);
    assert_eq!(stage["methodSettings"]["*/*"]["loggingLevel"], "INFO");
    assert_eq!(stage["methodSettings"]["books/{id}/GET"]["throttlingRateLimit"], 5.0);
    let served = control.stage(&id, "dev").unwrap();
    assert_eq!(served.variables["host"], "a.example");
    assert_eq!(served.access_log_format.as_deref(), Some("$context.requestId"));
    for path in ["/unheard", "/*/*/logging/unheard", "/canarySettings/unheard"] {
        let patches = json!({"patchOperations": [patch(path, "1")]});
        let reply = call(&mut control, "PATCH", &format!("/restapis/{id}/stages/dev"), &patches);
        assert_eq!(reply.status, 400, "{path}: {reply:?}");
    }
}

#[test]
fn keys_and_plans_are_made_and_an_api_in_a_plan_stays() {
    let (mut control, id) = deployed();
    let control = &mut control;
    let plan =
        json!({"name": "p", "apiStages": [{"apiId": id, "stage": "dev"}], "quota": {"limit": 1, "period": "DAY"}});
    let plan = done(control, "POST", "/usageplans", &plan)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let key = json!({"name": "k", "value": "abcdefghij0123456789", "enabled": true});
    let key_id = done(control, "POST", "/apikeys", &key)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(call(control, "POST", "/apikeys", &key).status, 409);
    done(
        control,
        "POST",
        &format!("/usageplans/{plan}/keys"),
        &json!({"keyId": key_id, "keyType": "API_KEY"}),
    );
    assert_eq!(
        done(control, "GET", "/apikeys", &Json::Null)["item"][0].get("value"),
        None
    );
    assert_eq!(control.gate.usage.plans[0].keys, [key_id.as_str()]);
    assert_eq!(
        call(control, "DELETE", &format!("/restapis/{id}"), &Json::Null).status,
        400
    );
    let patch = json!({"patchOperations": [{"op": "remove", "path": "/apiStages", "value": format!("{id}:dev")}]});
    done(control, "PATCH", &format!("/usageplans/{plan}"), &patch);
    done(control, "DELETE", &format!("/apikeys/{key_id}"), &Json::Null);
    assert!(control.gate.usage.plans[0].keys.is_empty());
    done(control, "DELETE", &format!("/usageplans/{plan}"), &Json::Null);
    done(control, "DELETE", &format!("/restapis/{id}"), &Json::Null);
}

#[test]
fn tags_are_set_and_removed() {
    let (mut control, id) = deployed();
    let arn = format!("/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2F{id}");
    done(&mut control, "PUT", &arn, &json!({"tags": {"a": "1", "b": "2"}}));
    done(&mut control, "DELETE", &format!("{arn}?tagKeys=a"), &Json::Null);
    let api = done(&mut control, "GET", &format!("/restapis/{id}"), &Json::Null);
    assert_eq!(api["tags"], json!({"b": "2"}));
}

#[test]
fn who_calls_is_told_and_other_accounts_see_nothing() {
    let (mut control, id) = deployed();
    let said = done(&mut control, "POST", "/?Action=GetCallerIdentity", &Json::Null);
    assert!(
        said.as_str().unwrap().contains("<Account>000000000000</Account>"),
        "{said}"
    );
    control.gate.credentials = vec!["test:test=arn:aws:iam::111122223333:user/other".parse().unwrap()];
    assert_eq!(
        call(&mut control, "GET", &format!("/restapis/{id}"), &Json::Null).status,
        404
    );
    control.gate.credentials.clear();
    let reply = call(&mut control, "GET", "/restapis", &Json::Null);
    assert_eq!((reply.status, reply.error), (403, Some("UnrecognizedClientException")));
}

#[test]
fn what_is_not_offered_is_said_and_changes_nothing() {
    let (mut control, id) = deployed();
    for (verb, target) in [
        ("GET", format!("/restapis/{id}/stages/dev/sdks/java")),
        ("POST", format!("/restapis/{id}/nothing")),
    ] {
        let reply = call(&mut control, verb, &target, &json!({}));
        assert_eq!((reply.status, reply.error), (400, Some("NotOfferedHere")), "{target}");
    }
    let broken = json!({"openapi": "3.0.1", "info": {"title": "x", "version": "1"}, "paths": {}});
    done(&mut control, "PUT", &format!("/restapis/{id}?mode=overwrite"), &broken);
    let reply = call(&mut control, "POST", &format!("/restapis/{id}/deployments"), &json!({}));
    assert_eq!(reply.status, 400, "an API without methods is not deployed");
}

#[test]
fn a_vpc_link_that_was_deleted_is_gone_after_a_restart_too() {
    let mut control = Control::new(vec![Credential::test()]);
    let target = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/a/b";
    let made = json!({"name": "link", "targetArns": [target]});
    let id = done(&mut control, "POST", "/vpclinks", &made)["id"].clone();
    let path = format!("/vpclinks/{}", id.as_str().unwrap());
    done(&mut control, "DELETE", &path, &Json::Null);
    let written = control.changes();
    for records in [written, control.records()] {
        let mut again = Control::new(vec![Credential::test()]);
        again.restore(records).unwrap();
        assert_eq!(call(&mut again, "GET", &path, &Json::Null).status, 404);
    }
}

#[test]
fn functions_are_told_who_may_call_them() {
    let mut control = Control::new(vec![Credential::test()]);
    let control = &mut control;
    let account = done(control, "GET", "/2015-03-31/functions/shop/configuration", &Json::Null)["FunctionArn"].clone();
    let arn = account.as_str().unwrap().to_owned();
    assert!(arn.ends_with(":function:shop"), "{arn}");
    let path = |name: &str, rest: &str| format!("/2015-03-31/functions/{name}/policy{rest}");
    assert_eq!(call(control, "GET", &path("shop", ""), &Json::Null).status, 404);
    let source = "arn:aws:execute-api:us-east-1:000000000000:abc/dev/GET/users";
    let statement = json!({
        "StatementId": "s1", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com", "SourceArn": source,
    });
    done(
        control,
        "POST",
        &path(&arn.replace(':', "%3A"), "?Qualifier=live"),
        &statement,
    );
    assert_eq!(
        call(control, "GET", &path("shop", ""), &Json::Null).status,
        404,
        "an alias has its own"
    );
    let again = call(control, "POST", &path("shop%3Alive", ""), &statement);
    assert_eq!((again.status, again.error), (409, Some("ResourceConflictException")));
    let policy = done(control, "GET", &path("shop", "?Qualifier=live"), &Json::Null)["Policy"].clone();
    let permissions = bluegate_core::gateway::Permission::all(policy.as_str().unwrap());
    assert!(permissions[0].permits(source), "{policy}");
    done(control, "DELETE", &path("shop", "/s1?Qualifier=live"), &Json::Null);
    assert_eq!(
        call(control, "DELETE", &path("shop", "/s1?Qualifier=live"), &Json::Null).status,
        404
    );
}
