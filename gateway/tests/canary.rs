//! Canaries and limits of what was deployed, told and asked over HTTP.

mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

use bluegate_gateway::control::Control;
use bluegate_gateway::edge::{Clock, Server};
use bluegate_gateway::plane::{Credential, Request};
use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use wire::{request, send};

/// A server whose clock stands still, so that no bucket is refilled.
async fn served(test: impl FnOnce(Api) + Send + 'static) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let clock = Clock::Still(OffsetDateTime::now_utc());
    let server = Server::new(Control::new(vec![Credential::test()]), clock);
    tokio::spawn(Arc::new(server).serve(listener));
    let api = move || {
        let made = wire::control(address, "POST", "/restapis?mode=import", &document("first"));
        let id = made["id"].as_str().unwrap().to_owned();
        test(Api { address, id });
    };
    tokio::task::spawn_blocking(api).await.unwrap();
}

/// `GET /` tells a word, a stage variable and whether the canary answered. `GET /key` takes a key.
fn document(word: &str) -> Json {
    let told = format!("{word} $stageVariables.v $context.isCanaryRequest");
    let told = json!({"statusCode": "200", "responseTemplates": {"application/json": told}});
    let method = |needs: Json| {
        json!({"security": needs, "x-amazon-apigateway-integration": {
            "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
            "responses": {"default": told}}})
    };
    json!({
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "x-amazon-apigateway-minimum-compression-size": 0,
        "components": {"securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
        "paths": {"/": {"get": method(json!([]))}, "/key": {"get": method(json!([{"key": []}]))}},
    })
}

struct Api {
    address: SocketAddr,
    id: String,
}

impl Api {
    fn tell(&self, verb: &str, rest: &str, body: &Json) -> Json {
        wire::control(self.address, verb, &format!("/restapis/{}{rest}", self.id), body)
    }

    fn refused(&self, verb: &str, rest: &str, body: &Json) -> String {
        let mut request = request(self.address, verb, &format!("/restapis/{}{rest}", self.id), body);
        wire::sign(&mut request);
        let answer = send(self.address, &request);
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        let body: Json = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["message"].as_str().unwrap().to_owned()
    }

    /// The id of a deployment of a document.
    fn deploy(&self, word: &str, more: &Json) -> String {
        self.tell("PUT", "?mode=overwrite", &document(word));
        let mut body = json!({"stageName": "dev"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.tell("POST", "/deployments", &body);
        made["id"].as_str().unwrap().to_owned()
    }

    fn patch(&self, operations: &Json) -> Json {
        self.tell("PATCH", "/stages/dev", &json!({"patchOperations": operations}))
    }

    fn ask(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let target = format!("/_aws/execute-api/{}/dev{path}", self.id);
        let mut request: Request = request(self.address, "GET", &target, &Json::Null);
        for (name, value) in headers {
            request.headers.add(*name, *value);
        }
        send(self.address, &request)
    }

    fn body(&self) -> String {
        self.ask("/", &[]).split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn statuses(&self, count: usize, path: &str, headers: &[(&str, &str)]) -> Vec<String> {
        let answers = (0..count).map(|_| self.ask(path, headers));
        answers.map(|answer| answer[9..12].to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_canary_answers_its_share_until_it_is_promoted_or_taken_away() {
    served(|api| {
        let first = api.deploy("first", &json!({"variables": {"v": "old"}}));
        assert_eq!(api.body(), "first old ");
        let canary = json!({"canarySettings": {"percentTraffic": 100.0, "stageVariableOverrides": {"v": "new"}}});
        let second = api.deploy("second", &canary);
        let stage = api.tell("GET", "/stages/dev", &Json::Null);
        assert_eq!(stage["deploymentId"], first);
        let told = json!({"deploymentId": second, "percentTraffic": 100.0, "useStageCache": false,
            "stageVariableOverrides": {"v": "new"}});
        assert_eq!(stage["canarySettings"], told);
        assert_eq!(api.body(), "second new true");
        let in_use = api.refused("DELETE", &format!("/deployments/{second}"), &Json::Null);
        assert!(in_use.contains("must be moved or deleted"), "{in_use}");

        api.patch(&json!([{"op": "replace", "path": "/canarySettings/percentTraffic", "value": "0"}]));
        assert_eq!(api.body(), "first old false");
        api.patch(&json!([{"op": "replace", "path": "/canarySettings/percentTraffic", "value": "50"}]));
        let canaries = (0..400).filter(|_| api.body() == "second new true").count();
        assert!((100..300).contains(&canaries), "{canaries} of 400");

        let promoted = api.patch(&json!([
            {"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"},
            {"op": "copy", "from": "/canarySettings/stageVariableOverrides", "path": "/variables"},
            {"op": "remove", "path": "/canarySettings"},
        ]));
        assert_eq!(promoted["deploymentId"], second);
        assert_eq!(promoted["variables"], json!({"v": "new"}));
        assert!(promoted.get("canarySettings").is_none(), "{promoted}");
        assert_eq!(api.body(), "second new ");

        api.deploy("third", &json!({"canarySettings": {"percentTraffic": 100}}));
        assert_eq!(api.body(), "third new true");
        api.patch(&json!([{"op": "remove", "path": "/canarySettings"}]));
        assert_eq!(api.body(), "second new ");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_canary_is_refused_in_the_words_of_aws() {
    served(|api| {
        let canary = |stage: Json| json!({"stageName": stage, "canarySettings": {"percentTraffic": 50}});
        let start = "Invalid deployment content specified.";
        let none = format!(
            "{start}Non null and non empty stageName must be provided for canary deployment. Provided value is "
        );
        for (stage, message) in [
            (Json::Null, format!("{none}null")),
            (json!(""), none),
            (
                json!("dev"),
                format!("{start}Stage dev must already be created before making a canary release deployment"),
            ),
        ] {
            assert_eq!(api.refused("POST", "/deployments", &canary(stage)), message);
        }
        api.deploy("first", &json!({}));
        for (operation, message) in [
            (
                json!({"op": "copy", "from": "/canarySettings/deploymentId", "path": "/deploymentId"}),
                "Promotion not available. Canary does not exist.",
            ),
            (
                json!({"op": "copy", "from": "/variables", "path": "/canarySettings/stageVariableOverrides"}),
                "Invalid copy operation with path: /canarySettings/stageVariableOverrides and from /variables. Valid \
                 copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, \
                 /canarySettings/stageVariableOverrides]",
            ),
            (
                json!({"op": "add", "path": "/canarySettings/deploymentId", "value": "x"}),
                "Invalid add operation with path: /canarySettings/deploymentId",
            ),
            (
                json!({"op": "replace", "path": "/canarySettings/deploymentId", "value": "x"}),
                "Deployment id does not exist",
            ),
            (
                json!({"op": "remove", "path": "/canarySettings/badPath"}),
                "Cannot remove method setting canarySettings/badPath because there is no method setting for this method ",
            ),
        ] {
            let said = api.refused("PATCH", "/stages/dev", &json!({"patchOperations": [operation]}));
            assert_eq!(said, message);
        }
        let bad = json!({"patchOperations": [{"op": "replace", "path": "/canarySettings/badPath", "value": "x"}]});
        let said = api.refused("PATCH", "/stages/dev", &bad);
        assert!(said.starts_with("Invalid method setting path: /canarySettings/badPath. Must be"), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_a_stage_and_of_methods_in_a_plan_hold_as_soon_as_they_are_told() {
    served(|api| {
        api.deploy("first", &json!({}));
        let plan = |verb: &str, rest: &str, body: Json| wire::control(api.address, verb, rest, &body);
        let key = plan(
            "POST",
            "/apikeys",
            json!({"enabled": true, "value": "01234567890123456789"}),
        );
        let stage = json!({"apiId": api.id, "stage": "dev"});
        let made = plan("POST", "/usageplans", json!({"name": "p", "apiStages": [stage]}));
        let path = format!("/usageplans/{}", made["id"].as_str().unwrap());
        plan(
            "POST",
            &format!("{path}/keys"),
            json!({"keyId": key["id"], "keyType": "API_KEY"}),
        );
        let with_key = &[("X-API-Key", "01234567890123456789")][..];
        assert_eq!(api.statuses(3, "/key", with_key), ["200"; 3]);

        let limit = |method: &str, value: &str| {
            let of = format!("/apiStages/{}:dev/throttle/{method}", api.id);
            json!({"patchOperations": [
                {"op": "replace", "path": format!("{of}/rateLimit"), "value": "0.5"},
                {"op": "replace", "path": format!("{of}/burstLimit"), "value": value}]})
        };
        let told = plan("PATCH", &path, limit("~1key/GET", "2"));
        let expected = json!({"/key/GET": {"rateLimit": 0.5, "burstLimit": 2}});
        assert_eq!(told["apiStages"][0]["throttle"], expected);
        assert_eq!(api.statuses(3, "/key", with_key), ["200", "200", "429"]);
        let removed = json!({"patchOperations": [
            {"op": "remove", "path": format!("/apiStages/{}:dev/throttle/~1key/GET", api.id)}]});
        assert!(plan("PATCH", &path, removed)["apiStages"][0].get("throttle").is_none());
        assert_eq!(api.statuses(1, "/key", with_key), ["200"]);

        api.patch(&json!([
            {"op": "replace", "path": "/~1/GET/throttling/rateLimit", "value": "1"},
            {"op": "replace", "path": "/~1/GET/throttling/burstLimit", "value": "1"},
        ]));
        assert_eq!(api.statuses(2, "/", &[]), ["200", "429"]);
        assert_eq!(api.statuses(2, "/key", with_key), ["200"; 2]);
        api.patch(&json!([
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": "1"},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "0"},
        ]));
        assert_eq!(api.statuses(1, "/key", with_key), ["429"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_are_compressed_as_the_deployment_says() {
    served(|api| {
        api.deploy("first", &json!({}));
        let compressed = || {
            api.ask("/", &[("Accept-Encoding", "gzip")])
                .contains("content-encoding: gzip")
        };
        assert!(compressed());
        let off = json!({"patchOperations": [{"op": "replace", "path": "/minimumCompressionSize", "value": "1000"}]});
        api.tell("PATCH", "", &off);
        assert!(compressed(), "a draft is not served");
        api.tell("POST", "/deployments", &json!({"stageName": "dev"}));
        assert!(!compressed());
    })
    .await;
}
