//! The commands that operate a deployed API, against the local gateway.

use bluegate_tests::control;
use bluegate_tests::echo::Echo;
use bluegate_tests::http::{self, Request};
use bluegate_tests::local::LocalGateway;

use crate::project::{AWS, Project, ROUTES, Ran};

/// A project whose API is new and empty, and the API's id.
fn project(gateway: &LocalGateway) -> (Project, String) {
    let id = control::create_rest_api(gateway.endpoint(), "Shop API").expect("an API");
    let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
    let aws = AWS.replace("eu-west-1", http::REGION).replace("abc123def4", &id);
    let mut project = Project::with(&routes, &aws);
    project.variable("AWS_ENDPOINT_URL", gateway.endpoint());
    project.variable("GITHUB_ACTOR", "octocat");
    (project, id)
}

/// Runs a command about the API.
fn about(project: &Project, command: &str, more: &str) -> Ran {
    project.run(&format!("{command} --aws-config aws.config.json {more}"))
}

/// Deploys the routes with one verb replaced by another.
fn deploy_with(project: &Project, from: &str, to: &str) -> String {
    let routes = project.read("routes.json");
    assert!(routes.contains(from), "{from}");
    project.write("routes.json", routes.replace(from, to));
    let deployed = project.deploy("--format json --allow-mass-removal").ends_with(0).json();
    deployed["deployment_id"].as_str().expect("an id").to_owned()
}

#[test]
fn the_history_tells_deployments_of_ours_and_of_others_newest_first() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, id) = project(gateway);
    let empty = about(&project, "history", "--format json").ends_with(0).json();
    assert_eq!(empty["total"], 0);

    let first = project.deploy("--format json").ends_with(0).json();
    let other = serde_json::json!({"description": "by hand"});
    let target = format!("/restapis/{id}/deployments");
    control::api_gateway(gateway.endpoint(), "POST", &target, Some(&other)).expect("a deployment");
    let history = about(&project, "history", "--format json").ends_with(0).json();
    let entries = history["deployments"].as_array().expect("entries");
    assert_eq!(entries.len(), 2, "{history}");
    let ours = entries
        .iter()
        .find(|one| one["id"] == first["deployment_id"])
        .expect("ours");
    assert_eq!(ours["digest"], first["digest"]);
    assert_eq!(
        (&ours["by"], &ours["stages"]),
        (&"octocat".into(), &serde_json::json!(["dev"]))
    );
    assert_eq!(ours["version"], env!("CARGO_PKG_VERSION"));
    let theirs = entries.iter().find(|one| one["digest"].is_null()).expect("theirs");
    assert_eq!(theirs["description"], "by hand");

    let text = about(&project, "history", "").ends_with(0).out.clone();
    assert!(
        text.starts_with("ID ") && text.contains("octocat") && text.contains("by hand"),
        "{text}"
    );
}

#[test]
fn the_status_tells_what_is_served_and_what_somebody_edited() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, id) = project(gateway);
    let line = "--routes routes.json --format json";
    let before = about(&project, "status", line).ends_with(0).json();
    assert_eq!(
        (&before["drift"], &before["deployments"]),
        (&"unknown".into(), &0.into())
    );

    let deployed = project.deploy("--format json").ends_with(0).json();
    let after = about(&project, "status", line).ends_with(0).json();
    assert_eq!(after["drift"], "none");
    assert_eq!(after["stages"][0]["serves"], deployed["deployment_id"]);
    assert_eq!(after["routes"]["served_by"], serde_json::json!(["dev"]));
    assert_eq!(after["next_deploy"], serde_json::json!([]));
    let text = about(&project, "status", "").ends_with(0).out.clone();
    assert!(
        text.contains("nothing stands in its way") && text.contains(&id),
        "{text}"
    );

    let target = format!("/restapis/{id}/resources");
    let resources = control::api_gateway(gateway.endpoint(), "GET", &target, None).expect("resources");
    let items = resources["item"].as_array().expect("resources");
    let root = items.iter().find(|one| one["path"] == "/").expect("a root")["id"].clone();
    let method = format!("{target}/{}/methods/GET", root.as_str().expect("an id"));
    let open = serde_json::json!({"authorizationType": "NONE"});
    control::api_gateway(gateway.endpoint(), "PUT", &method, Some(&open)).expect("a method");
    let edited = about(&project, "status", line).ends_with(0).json();
    assert_eq!(edited["drift"], "edited");
    assert!(
        edited["next_deploy"][0]
            .as_str()
            .expect("a line")
            .contains("--allow-drift")
    );

    // Without a stage or a backend in the AWS file there is still a status.
    project.write(
        "routes.json",
        project.read("routes.json").replace("\"PUT\"", "\"PATCH\""),
    );
    let other = about(&project, "status", "--routes routes.json")
        .ends_with(0)
        .out
        .clone();
    assert!(other.contains("no stage serves the document of routes.json"), "{other}");
}

/// What the gateway answers to a verb on a path of the stage.
fn status_of(gateway: &LocalGateway, id: &str, verb: &str, path: &str) -> u16 {
    let url = gateway.invoke_url(id, "dev", path);
    Request::new(verb, &url).send().expect("an answer").status
}

#[test]
fn a_rollback_serves_the_older_version_and_the_next_deployment_knows() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, id) = project(gateway);
    let echo = Echo::start().expect("a backend");
    let aws = project.read("aws.config.json");
    project.write(
        "aws.config.json",
        aws.replace("https://backend.example.com/", &echo.url()),
    );
    let first = project.deploy("--format json").ends_with(0).json()["deployment_id"].clone();
    let second = deploy_with(&project, "\"PUT\"", "\"PATCH\"");
    assert_eq!(status_of(gateway, &id, "PUT", "/users/7"), 403);

    about(&project, "rollback", "--to gone123")
        .ends_with(1)
        .says(&["there is no deployment gone123", &second]);
    about(&project, "rollback", "--stage nowhere")
        .ends_with(1)
        .says(&["no stage `nowhere`", "dev"]);
    let back = about(&project, "rollback", "--format json").ends_with(0).json();
    assert_eq!((&back["from"], &back["to"]), (&second.clone().into(), &first));
    assert_eq!(status_of(gateway, &id, "PUT", "/users/7"), 200);
    assert_eq!(status_of(gateway, &id, "PATCH", "/users/7"), 403);

    let again = about(
        &project,
        "rollback",
        &format!("--keep-draft --to {}", first.as_str().expect("an id")),
    );
    again.ends_with(0).says(&["nothing is written"]);
    let status = about(&project, "status", "--format json").ends_with(0).json();
    assert_eq!(
        (&status["drift"], &status["stages"][0]["serves"]),
        (&"none".into(), &first)
    );
    // Forward again, and nobody is asked about edits.
    let forward = about(&project, "rollback", &format!("--to {second}"))
        .ends_with(0)
        .out
        .clone();
    assert_eq!(forward.trim(), second);
    project.deploy("").ends_with(0);
    assert_eq!(status_of(gateway, &id, "PATCH", "/users/7"), 200);
}

#[test]
fn a_difference_between_draft_file_and_document_is_told_by_the_exit_code() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, _) = project(gateway);
    project.deploy("").ends_with(0);
    let diff = |versions: &str, more: &str| about(&project, &format!("diff {versions}"), more);
    let routes = "--routes routes.json --format json";
    let generate = "generate --routes routes.json --aws-config aws.config.json --output-openapifile-path";
    for document in ["api.json", "api.yml"] {
        project.run(&format!("{generate} {document}")).ends_with(0);
        let same = diff(&format!("file {document}"), routes);
        assert_eq!(same.ends_with(0).json()["same"], true, "{same:#?}");
    }
    let old = project.read("routes.json");
    project.write("routes.json", old.replace("\"PUT\"", "\"PATCH\""));
    let changed = diff("draft file", routes).ends_with(2).json();
    assert_eq!(changed["routes"]["added"][0]["verb"], "PATCH", "{changed}");
    assert_eq!(changed["routes"]["removed"][0]["verb"], "PUT", "{changed}");
    let text = diff("api.json file", "--routes routes.json");
    assert!(text.ends_with(2).out.contains("+ PATCH /users/{id}"), "{text:#?}");

    diff("draft file", "").ends_with(2).says(&["Using routes.json"]);
    diff("draft nowhere", "")
        .ends_with(1)
        .says(&["there is no deployment nowhere"]);
    diff("draft stage:nowhere", "")
        .ends_with(1)
        .says(&["no stage `nowhere`", "dev"]);
    diff("draft gone.json", "")
        .ends_with(1)
        .says(&["cannot read `gone.json`"]);
    diff("draft routes.json", "")
        .ends_with(1)
        .says(&["no document of OpenAPI 3"]);
    project.write("broken.json", "{");
    diff("draft broken.json", "").ends_with(1).says(&["broken.json:1"]);
}

#[test]
fn an_export_is_written_where_nothing_is_lost() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, _) = project(gateway);
    project.deploy("").ends_with(0);
    let json = about(&project, "export", "").ends_with(0).json();
    assert!(json["paths"]["/users/{id}"]["get"].is_object(), "{json}");
    about(&project, "export", "--output live.yml")
        .ends_with(0)
        .says(&["Wrote live.yml"]);
    assert!(project.read("live.yml").contains("/users/{id}"));

    project.write("mine.json", "mine");
    about(&project, "export", "--output mine.json")
        .ends_with(1)
        .says(&["is there already", "--force"]);
    assert_eq!(project.read("mine.json"), "mine");
    about(&project, "export", "--output aws.config.json --force")
        .ends_with(1)
        .says(&["would be overwritten", "with `--output`"]);
    about(&project, "export", "--output mine.json --force").ends_with(0);
    assert!(project.read("mine.json").starts_with('{'));
    about(&project, "export", "--stage nowhere")
        .ends_with(1)
        .says(&["no stage `nowhere`", "dev"]);
}

#[test]
fn a_canary_is_begun_grown_promoted_and_aborted() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, id) = project(gateway);
    project
        .deploy("--canary 10")
        .ends_with(1)
        .says(&["no stage `dev`", "deploy to it first"]);
    let first = project.deploy("--format json").ends_with(0).json()["deployment_id"].clone();
    about(&project, "promote", "")
        .ends_with(1)
        .says(&["has no canary", "--canary 10"]);
    about(&project, "abort", "").ends_with(1).says(&["has no canary"]);

    let put = project.read("routes.json");
    project.write("routes.json", put.replace("\"PUT\"", "\"PATCH\""));
    let plan = "plan --routes routes.json --aws-config aws.config.json --format json --canary";
    let planned = project.run(&format!("{plan} 12.5")).ends_with(2).json();
    assert_eq!(planned["canary"]["percent"], 12.5);
    let begun = project.deploy("--canary 12.5 --format json").ends_with(0).json();
    assert_eq!(begun["canary"], 12.5);
    let stage = || {
        let target = format!("/restapis/{id}/stages/dev");
        control::api_gateway(gateway.endpoint(), "GET", &target, None).expect("the stage")
    };
    assert_eq!(stage()["deploymentId"], first);
    assert_eq!(stage()["canarySettings"]["deploymentId"], begun["deployment_id"]);
    assert_eq!(stage()["canarySettings"]["percentTraffic"], 12.5);
    project
        .deploy("--canary 12.5")
        .ends_with(0)
        .says(&["nothing is written"]);
    project.deploy("--canary 50").ends_with(0).says(&["Sending 50 %"]);
    assert_eq!(stage()["canarySettings"]["percentTraffic"], 50.0);
    let status = about(&project, "status", "").ends_with(0).out.clone();
    assert!(status.contains("50 % of the traffic goes to"), "{status}");

    project.write("routes.json", put.replace("\"PUT\"", "\"DELETE\""));
    project
        .deploy("")
        .ends_with(3)
        .says(&["bluegate promote", "--allow-canary"]);
    about(&project, "rollback", "")
        .ends_with(1)
        .says(&["has a canary", "bluegate abort"]);
    let promoted = about(&project, "promote", "--format json").ends_with(0).json();
    assert_eq!(
        (&promoted["serves"], &promoted["served"]),
        (&begun["deployment_id"], &first)
    );
    assert_eq!(stage()["deploymentId"], begun["deployment_id"]);
    assert!(stage()["canarySettings"].is_null(), "{}", stage());

    project.deploy("--canary 1").ends_with(0).says(&["1 % of the traffic"]);
    let aborted = about(&project, "abort", "").ends_with(0).out.clone();
    assert_eq!(aborted.trim(), begun["deployment_id"]);
    assert!(stage()["canarySettings"].is_null(), "{}", stage());
    project.deploy("--canary 0").ends_with(2).says(&["from 0.01 to 100"]);
}

#[test]
fn an_api_is_deleted_by_its_name_only() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, id) = project(gateway);
    project.deploy("").ends_with(0);
    let is_there = || {
        let target = format!("/restapis/{id}");
        control::api_gateway(gateway.endpoint(), "GET", &target, None).is_ok()
    };
    about(&project, "destroy", "")
        .ends_with(1)
        .says(&["without a terminal", "--confirm \"Shop API\""]);
    about(&project, "destroy", "--confirm Shop")
        .ends_with(1)
        .says(&["is not the name", "nothing was deleted"]);
    #[cfg(unix)]
    {
        let line = "destroy --aws-config aws.config.json";
        let (code, shown) = crate::terminal::on_a_terminal(&project, "Shop", line);
        assert!(code == 1 && shown.contains("the stage `dev`, which serves"), "{shown}");
    }
    assert!(is_there());

    let arguments = "destroy --aws-config aws.config.json --format json --confirm";
    let arguments = arguments.split(' ').chain(["Shop API"]);
    let destroyed = project.run_with(arguments).ends_with(0).json();
    assert_eq!(destroyed["stages"], serde_json::json!(["dev"]));
    assert!(!is_there());
    let kept = destroyed["kept_in"].as_str().expect("a folder");
    assert!(project.read(&format!("{kept}/snapshot.json")).contains("/users/{id}"));
    about(&project, "status", "").ends_with(1).says(&["no REST API"]);
}

#[test]
fn a_schema_that_changes_in_an_action_is_a_change_of_the_draft_that_no_stage_tells() {
    let gateway = LocalGateway::shared().expect("a gateway");
    let (project, _) = project(gateway);
    let declared = |kind: &str| {
        let routes = ROUTES.replace("\"VPC_LINK\", \"vpcLink\": \"abc123\"", "\"INTERNET\"");
        let body = format!(
            r#"{{"type": "PUT", "validate": true, "body": {{"type": "object", "properties": {{"n": {{"type": "{kind}"}}}}}}"#
        );
        routes.replace("{\"type\": \"PUT\"", &body)
    };
    project.write("routes.json", declared("integer"));
    project.deploy("").ends_with(0);
    let generate = "generate --routes routes.json --output-openapifile-path before.json";
    about(&project, generate, "").ends_with(0);
    about(&project, "diff draft file", "--routes routes.json").ends_with(0);
    project.write("routes.json", declared("string"));
    for versions in ["draft file", "before.json file"] {
        let changed = about(
            &project,
            &format!("diff {versions}"),
            "--routes routes.json --format json",
        );
        let changed = changed.ends_with(2).json();
        assert_eq!(changed["routes"]["changed"][0]["verb"], "PUT", "{changed}");
    }
    let plan = about(&project, "plan --routes routes.json --allow-weaker", "");
    for part in [
        "Routes: 0 added, 0 removed, 1 changed",
        "by who may call and who answers, which is all that AWS tells of it: 0 added, 0 removed, 0 changed",
    ] {
        assert!(plan.ends_with(2).out.contains(part), "{plan:#?}");
    }
}
