//! The types file beside a routes file, and the document for clients.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use crate::project::Project;

const TYPES: &str = r##"{
  "types": 1,
  "handlers": {
    "users::get": {"answers": {"200": {"content": {"application/json": {"$ref": "#/models/User"}}}}},
    "users::put": {"summary": "Keeps a user.", "body": {"content": {"application/json": {"$ref": "#/models/User"}}}}
  },
  "models": {"User": {"type": "object", "properties": {"name": {"type": ["string", "null"]}}}}
}
"##;

const DOCUMENT: &str = "generate --output-openapifile-path - --format json";

#[test]
fn the_types_beside_the_routes_are_used_and_told_unless_nobody_wants_them() {
    let project = Project::new();
    let without = project.run(DOCUMENT).ends_with(0).out.clone();
    project.write("routes.types.json", TYPES);
    let ran = project.run(DOCUMENT);
    let document = ran.ends_with(0).says(&["Using routes.types.json"]).json();
    assert_eq!(document["paths"]["/users/{id}"]["put"]["summary"], "Keeps a user.");
    assert_eq!(
        document["components"]["schemas"]["User"]["properties"]["name"]["anyOf"][1],
        serde_json::json!({"enum": [null]})
    );
    for line in [&format!("{DOCUMENT} --no-types"), &format!("{DOCUMENT} --compat")] {
        let ran = project.run(line);
        assert!(!ran.ends_with(0).err.contains("types.json"), "{line}: {ran:#?}");
    }
    assert_eq!(project.run(&format!("{DOCUMENT} --no-types")).out, without);
}

#[test]
fn routes_tell_what_their_types_take_and_give() {
    let project = Project::new();
    project.write("routes.types.json", TYPES);
    let routes = project.run("routes --format json").ends_with(0).json();
    assert_eq!(routes["routes"][0]["answers"], serde_json::json!(["200"]));
    assert_eq!(routes["routes"][1]["takes"], serde_json::json!(["application/json"]));
    assert!(routes["routes"][1]["answers"].is_null());
}

#[test]
fn every_command_that_reads_routes_reads_their_types() {
    let project = Project::new();
    project.write("routes.types.json", "{");
    for line in [
        "check",
        "generate",
        "generate --public",
        "routes",
        "plan",
        "deploy --yes",
        "diff file draft",
    ] {
        let ran = project.run(line);
        ran.ends_with(1)
            .says(&["Using routes.types.json", "routes.types.json:1:1"]);
    }
}

#[test]
fn types_that_contradict_the_routes_or_are_stale_are_told_where_they_stand() {
    let project = Project::new();
    project.write("routes.types.json", TYPES.replace("users::put", "users::patch"));
    project.run("check").ends_with(0).says(&[
        "warning[BG0401]",
        "routes.types.json:5:5",
        "the handler `users::put`",
        "routes.json:15",
    ]);
    project.write("routes.types.json", TYPES);
    let routes = project.read("routes.json");
    let body = r#"{"type": "PUT", "body": {"type": "array"}, "#;
    project.write("routes.json", routes.replace(r#"{"type": "PUT", "#, body));
    project
        .run("check")
        .ends_with(1)
        .says(&["error[BG0402]", "routes.json:15", "routes.types.json:5:"]);
}

#[test]
fn the_document_for_clients_has_bodies_and_no_extension() {
    let project = Project::new();
    project.write("routes.types.json", TYPES);
    project
        .run("generate --public")
        .ends_with(0)
        .says(&["Wrote openapi.yml"]);
    let line = format!("{DOCUMENT} --public --openapi 3.1.0 --server https://api.example.com");
    let ran = project.run(&line);
    let document = ran.ends_with(0).json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://api.example.com");
    assert_eq!(
        document["components"]["schemas"]["User"]["properties"]["name"]["type"],
        serde_json::json!(["string", "null"])
    );
    assert!(!ran.out.contains("x-amazon"), "{}", ran.out);
    let stage = project.run(&format!("{DOCUMENT} --public")).json();
    assert_eq!(
        stage["servers"][0]["url"],
        "https://abc123def4.execute-api.eu-west-1.amazonaws.com/dev"
    );
    project.run("generate --openapi 3.1.0").ends_with(2);
}

#[test]
fn the_page_for_callers_is_written_or_shown_in_a_browser() {
    let project = Project::new();
    project.write("routes.types.json", TYPES);
    project.run("docs").ends_with(0).says(&["Wrote docs.html"]);
    let page = project.read("docs.html");
    assert!(
        page.contains("id=\"model-User\"") && page.contains("Keeps a user."),
        "{page}"
    );
    assert_eq!(project.run("docs --output -").ends_with(0).out, page);
    project
        .run("docs --listen 0.0.0.0:0")
        .ends_with(1)
        .says(&["--allow-remote"]);

    let mut command = project.command(["docs", "--listen", "127.0.0.1:0"]);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.as_mut().unwrap())
        .read_line(&mut url)
        .unwrap();
    let address = url.trim().trim_start_matches("http://").trim_end_matches('/');
    let get = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    // Browsers open connections that they say nothing on.
    let _silent = TcpStream::connect(address).unwrap();
    let shown = get("/");
    let document = get("/openapi.json");
    project.write("routes.types.json", "{");
    let broken = get("/");
    let absent = get("/favicon.ico");
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(shown.starts_with("HTTP/1.1 200") && shown.ends_with(&page), "{shown}");
    assert!(
        document.contains("application/json") && document.contains("\"openapi\": \"3.1.0\""),
        "{document}"
    );
    assert!(broken.starts_with("HTTP/1.1 500"), "{broken}");
    assert!(absent.starts_with("HTTP/1.1 404"), "{absent}");
}
