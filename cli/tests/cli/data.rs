//! What commands print for machines, and the tables for people.

use serde_json::json;

use crate::project::{Project, ROUTES};

#[test]
fn check_prints_findings_as_one_object() {
    let routes = ROUTES.replace("\"GET\"", "\"get\"").replace("\"/shop\"", "\"shop\"");
    let project = Project::with(&routes, "{\"apiGateway\": {}}");
    let ran = project.run("check --routes routes.json --format json --quiet");
    ran.ends_with(1);
    assert_eq!(ran.err, "");
    let report = ran.json();
    assert_eq!(report["ok"], false);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let counted = |severity: &str| {
        let of_it = |one: &&serde_json::Value| one["severity"] == severity;
        diagnostics.iter().filter(of_it).count()
    };
    assert_eq!(report["errors"], counted("error"));
    assert_eq!(report["warnings"], counted("warning"));
    let warning = diagnostics.iter().find(|one| one["code"] == "BG0011").unwrap();
    assert_eq!(warning["file"], "routes.json");
    assert_eq!(warning["line"], 14);
    assert!(
        warning["pointer"]
            .as_str()
            .unwrap()
            .starts_with("/blueprint/resources/0/methods/0/actions/0")
    );
}

#[test]
fn warnings_are_denied_only_when_asked() {
    let project = Project::with(&ROUTES.replace("\"GET\"", "\"get\""), crate::project::AWS);
    project.run("check --routes routes.json").ends_with(0);
    project
        .run("check --routes routes.json --deny-warnings")
        .ends_with(1)
        .says(&["denied"]);
    let ran = project.run("check --routes routes.json --deny-warnings --format json");
    assert_eq!(ran.ends_with(1).json()["ok"], false);
}

#[test]
fn compat_takes_what_the_original_took() {
    let twice = ROUTES.replace(
        "\"PUT\", \"integration\": \"VPC_LINK\", \"vpcLink\": \"abc123\"",
        "\"GET\"",
    );
    let project = Project::with(&twice, crate::project::AWS);
    project
        .run("check --routes routes.json")
        .ends_with(1)
        .says(&["error[BG0109]"]);
    project
        .run("check --routes routes.json --compat")
        .ends_with(0)
        .says(&["warning[BG0109]"]);
    project
        .run("check --compat --no-aws-config")
        .ends_with(0)
        .says(&["warning[BG0109]"]);
}

#[test]
fn compat_writes_the_document_of_the_original() {
    let project = Project::new();
    let line =
        "generate --routes routes.json --aws-config aws.config.json --compat --output-openapifile-path - --format json";
    let document = project.run(line).ends_with(0).json();
    // The original puts the blueprint's name where its prefix belongs, and `*` where the verbs do.
    let path = &document["paths"]["/users/{id}"];
    assert_eq!(
        path["get"]["x-amazon-apigateway-integration"]["uri"],
        "https://backend.example.com/shop/users/{id}"
    );
    assert_eq!(document["info"]["title"], "Shop API");
}

#[test]
fn routes_are_listed_as_json_with_every_spelling() {
    let project = Project::new();
    let ran = project.run("routes --routes routes.json --format json");
    let listing = ran.ends_with(0).json();
    assert_eq!(listing["name"], "shop");
    let routes = listing["routes"].as_array().unwrap();
    assert_eq!(routes.len(), 2);
    let put = &routes[1];
    for (key, value) in [
        ("verb", "PUT"),
        ("gateway_path", "/users/{id}"),
        ("service_path", "/shop/users/{id}"),
        ("resource", "users"),
        ("handler", "put"),
        ("authorization", "NONE"),
        ("connection", "VPC_LINK"),
        ("vpc_link", "abc123"),
    ] {
        assert_eq!(put[key], value, "{key}");
    }
    assert_eq!(put["parameters"][0]["name"], "id");
    assert_eq!(put["parameters"][0]["type"], "int");
    assert_eq!(listing["preflights"][0]["gateway_path"], "/users/{id}");
}

#[test]
fn what_is_said_of_requests_and_of_the_way_to_who_answers_is_listed_as_json() {
    let routes = json!({"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [{
        "path": "/users",
        "cors": {"enable": true, "origins": ["https://shop.example.com"], "credentials": true, "maxAge": 60},
        "actions": [
            {"type": "GET", "query": [{"name": "page", "type": "int", "required": true}, {"name": "q", "schema": {}}],
             "headers": [{"name": "X-Tenant"}], "validate": true, "timeout": 500, "map": {"header.X-User": "query.q"},
             "cacheKeys": ["query.page"], "deprecated": true, "internal": true},
            {"type": "PUT", "function": "arn:aws:lambda:eu-west-1:123456789012:function:f", "timeout": "${var.t}",
             "role": "arn:aws:iam::123456789012:role/r", "transfer": "STREAM"}]}]}]}});
    let project = Project::with(&routes.to_string(), "{\"apiGateway\": {}}");
    let ran = project.run("routes --format json");
    let listing = ran.ends_with(0).json();
    let [get, put] = [&listing["routes"][0], &listing["routes"][1]];
    for (key, value) in [
        (
            "query",
            json!([{"name": "page", "type": "int", "required": true}, {"name": "q", "required": false}]),
        ),
        (
            "headers",
            json!([{"name": "X-Tenant", "type": "string", "required": false}]),
        ),
        ("validate", json!("ALL")),
        ("timeout", json!(500)),
        (
            "map",
            json!({"integration.request.header.X-User": "method.request.querystring.q"}),
        ),
        ("cache_keys", json!(["method.request.querystring.page"])),
        ("deprecated", json!(true)),
        ("internal", json!(true)),
    ] {
        assert_eq!(get[key], value, "{key}");
        assert_eq!(put.get(key).filter(|_| key != "timeout"), None, "{key}");
    }
    for (key, value) in [
        ("timeout", json!("${var.t}")),
        ("role", json!("arn:aws:iam::123456789012:role/r")),
        ("streams", json!(true)),
    ] {
        assert_eq!(put[key], value, "{key}");
    }
    let preflight = &listing["preflights"][0];
    assert_eq!(preflight["origins"], json!(["https://shop.example.com"]));
    assert_eq!(preflight["credentials"], json!(true));
    assert_eq!(preflight["max_age"], json!(60));
}

#[test]
fn manners_that_are_not_those_of_flask_are_told() {
    let project = Project::new();
    let routes = project.read("routes.json");
    project.write(
        "routes.json",
        routes.replace("\"name\": \"shop\",", "\"name\": \"shop\", \"manners\": \"axum\","),
    );
    let ran = project.run("routes --routes routes.json");
    ran.ends_with(0)
        .says(&["2 routes with the manners of axum, and 1 CORS preflight"]);
}

#[test]
fn a_check_says_that_it_does_not_see_the_code() {
    let ran = Project::new().run("check --routes routes.json");
    ran.ends_with(0)
        .says(&["this is about the files", "proved by `cargo check`"]);
}

#[test]
fn the_table_has_one_line_per_route() {
    let project = Project::new();
    let ran = project.run("routes --routes routes.json");
    ran.ends_with(0).says(&["2 routes, and 1 CORS preflight"]);
    assert_eq!(
        ran.out,
        "VERB  GATEWAY      SERVICE           PARAMETERS  HANDLER     AUTH     INTEGRATION\n\
         GET   /users/{id}  /shop/users/{id}  id: int     users::get  AWS_IAM  HTTP_PROXY INTERNET\n\
         PUT   /users/{id}  /shop/users/{id}  id: int     users::put  NONE     HTTP_PROXY VPC_LINK abc123\n"
    );
}

#[test]
fn the_schemas_take_the_files_that_the_command_takes() {
    let project = Project::new();
    for (which, key) in [("routes", "blueprint"), ("aws", "apiGateway"), ("types", "handlers")] {
        let schema = project.run(&format!("schema {which}")).ends_with(0).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert!(schema["properties"][key].is_object(), "{which}");
    }
}

#[test]
fn explain_prints_a_page_a_list_and_json() {
    let project = Project::empty();
    let page = project.run("explain bg0109");
    assert!(page.ends_with(0).out.starts_with("# BG0109: "));
    let list = project.run("explain");
    assert!(list.ends_with(0).out.lines().count() > 40);
    let pages = project.run("explain --format json").ends_with(0).json();
    assert_eq!(pages.as_array().unwrap().len() + 1, list.out.lines().count());
    let one = project.run("explain BG0201 --format json").ends_with(0).json();
    assert_eq!(
        (one["code"].as_str(), one["severity"].as_str()),
        (Some("BG0201"), Some("error"))
    );
    for unknown in ["BG9999", "nonsense", ""] {
        let ran = project.run_with(["explain", unknown]);
        ran.ends_with(1).says(&["there is no code", "bluegate explain"]);
    }
}

#[test]
fn a_failure_is_json_when_json_was_asked_for() {
    let project = Project::new();
    let ran = project.deploy("--format json --timeout 1");
    let report = ran.ends_with(1).json();
    assert_eq!(report["ok"], false);
    assert_eq!(report["error"]["kind"], "unreachable");
    assert!(report["error"]["help"].as_str().unwrap().contains("AWS_ENDPOINT_URL"));

    project.write("routes.json", "{");
    let report = project.deploy("--format json").ends_with(1).json();
    assert_eq!(report["diagnostics"][0]["code"], "BG0002");
}

#[test]
fn a_document_on_standard_output_has_every_character_of_the_file() {
    let odd = "a\u{7f}b\u{9b}31mc\\u001b[31md";
    let project = Project::with(
        &ROUTES.replace(
            "\"type\": \"GET\"",
            &format!("\"summary\": \"{odd}\", \"type\": \"GET\""),
        ),
        crate::project::AWS,
    );
    for format in ["json", "yaml"] {
        let generate = format!("generate --routes routes.json --format {format} --output-openapifile-path");
        project.run(&format!("{generate} written")).ends_with(0);
        let ran = project.run(&format!("{generate} -"));
        ran.ends_with(0);
        assert_eq!(
            ran.out,
            String::from_utf8_lossy(&std::fs::read(project.join("written")).unwrap()),
            "{format}"
        );
    }
}
