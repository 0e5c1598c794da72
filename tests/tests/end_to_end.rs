//! The whole system with nothing mocked: the bookshop runs, `bluegate deploy` puts its routes file on a
//! local gateway, and requests through the stage reach the handlers.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bluegate_tests::bookshop::Bookshop;
use bluegate_tests::control;
use bluegate_tests::deploy::Deployer;
use bluegate_tests::guard::{self, Finished};
use bluegate_tests::http::{Request, Response};
use bluegate_tests::local::LocalGateway;
use serde_json::{Value, json};

#[path = "end_to_end/demo.rs"]
mod demo;
#[path = "end_to_end/signals.rs"]
mod signals;

/// That of the bookshop's AWS file.
const STAGE: &str = "dev";
/// A deployment takes a second or two; an emulator under load some more.
const LIMIT: Duration = Duration::from_secs(300);
/// What the service says about a path or a value that its routes do not have.
const SERVICE_404: &str = "The requested URL was not found on the server.";
/// What API Gateway says about a route that it does not have.
const GATEWAY_403: &str = "Missing Authentication Token";

/// A bookshop behind an API of its own.
struct Shop {
    bookshop: Bookshop,
    deployer: Deployer,
    gateway: &'static LocalGateway,
    id: String,
}

impl Shop {
    /// Not deployed yet.
    fn new(api: &str) -> Shop {
        let gateway = LocalGateway::shared().expect("a gateway");
        let shop = Shop {
            bookshop: Bookshop::start().expect("a bookshop"),
            deployer: Deployer::new(gateway.endpoint()).expect("a deployer"),
            gateway,
            id: control::create_rest_api(gateway.endpoint(), api).expect("an API"),
        };
        let aws = Bookshop::aws_file(Some(&shop.id), shop.bookshop.url()).expect("an AWS file");
        shop.deployer.write("aws.config.json", &aws).expect("an AWS file");
        shop
    }

    fn deployed(api: &str) -> Shop {
        let shop = Shop::new(api);
        shop.deploy(&Bookshop::routes(), &[]);
        shop
    }

    /// Deploys a routes file, with further arguments.
    fn deploy(&self, routes: &Path, arguments: &[&str]) -> Finished {
        self.try_deploy(routes, arguments)
            .success("deploying")
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn try_deploy(&self, routes: &Path, arguments: &[&str]) -> Finished {
        let mut command = self.deployer.bluegate();
        command.args(["deploy", "--aws-config", "aws.config.json", "--routes"]);
        command.arg(routes).args(arguments);
        guard::run(&command, LIMIT).expect("a run")
    }

    fn request(&self, verb: &str, path: &str) -> Request {
        Request::new(verb, &self.gateway.invoke_url(&self.id, STAGE, path))
    }

    /// Signed, for some routes are for those who are.
    fn send(&self, verb: &str, path: &str) -> Response {
        self.request(verb, path)
            .signed_for("execute-api")
            .send()
            .unwrap_or_else(|error| panic!("{error}\n{}", self.bookshop.log_tail()))
    }

    fn send_json(&self, verb: &str, path: &str, body: &Value) -> Response {
        let request = self.request(verb, path).json(body).signed_for("execute-api");
        request.send().expect("an answer")
    }

    /// What the service logged about requests.
    fn logged(&self) -> String {
        let log = self.bookshop.log_tail();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("request")).collect();
        lines.join("\n")
    }

    /// The names of the files in the folder where the command runs.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.deployer.folder()).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            // The journal of deployments.
            .filter(|name| name != ".bluegate")
            .collect();
        names.sort_unstable();
        names
    }
}

fn body(response: &Response) -> Value {
    response.json().unwrap_or_else(|error| panic!("{error}: {response:?}"))
}

fn is_the_services_404(response: &Response) -> bool {
    response.status == 404 && body(response)["message"] == SERVICE_404
}

fn is_the_gateways_403(response: &Response) -> bool {
    response.status == 403 && body(response)["message"] == GATEWAY_403
}

fn emma(price: f64) -> Value {
    json!({"title": "Emma", "author": "Jane Austen", "genre": "fiction", "price": price})
}

#[test]
fn every_verb_reaches_its_handler() {
    let shop = Shop::deployed("verbs");

    assert_eq!(body(&shop.send("GET", "/books/1"))["title"], "The Time Machine");
    let added = shop.send_json("POST", "/books", &emma(9.5));
    assert_eq!((added.status, &body(&added)["id"]), (201, &json!(4)));
    let replaced = shop.send_json("PUT", "/books/4", &emma(8.0));
    assert_eq!((replaced.status, &body(&replaced)["price"]), (200, &json!(8.0)));
    let amended = shop.send_json("PATCH", "/books/4", &json!({"title": "Persuasion"}));
    assert_eq!((amended.status, &body(&amended)["title"]), (200, &json!("Persuasion")));
    assert_eq!(shop.send("DELETE", "/books/4").status, 204);
    assert_eq!(body(&shop.send("GET", "/books/4"))["message"], "there is no such book");

    // HEAD has a handler of its own, which GET's automatic HEAD would answer with 200.
    assert_eq!(shop.send("HEAD", "/authors/Charles%20Darwin").status, 204);
    assert_eq!(shop.send("HEAD", "/authors/Nobody").status, 404);

    // OPTIONS without CORS in the file is the service's.
    let preflight = shop.send("OPTIONS", "/covers/a.png");
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some("https://desk.bookshop.example")
    );

    for verb in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        let receipt = shop.send(verb, "/payments/card");
        assert_eq!(
            (receipt.status, body(&receipt)),
            (200, json!({"provider": "card", "method": verb, "bytes": 0}))
        );
    }
    assert_eq!(shop.send("HEAD", "/payments/card").status, 200);
}

#[test]
fn bodies_queries_and_headers_pass_in_both_directions() {
    let shop = Shop::deployed("passing");

    let lem = json!({"title": "Solaris", "author": "Stanisław Lem", "genre": "fiction", "price": 9.5});
    assert_eq!(shop.send_json("POST", "/books", &lem).status, 201);
    let found = body(&shop.send("GET", "/books?author=Stanis%C5%82aw%20Lem"));
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found[0]["author"], "Stanisław Lem");

    // Bytes that are no text.
    let png = [0x89, b'P', b'N', b'G', 0, 0xff, 0xfe];
    let put = shop
        .request("PUT", "/covers/lem/solaris.png")
        .header("Content-Type", "image/png")
        .body(png)
        .send()
        .expect("an answer");
    assert_eq!(put.status, 201);
    // As a browser asks for images; whoever takes no images gets Base64.
    let got = shop
        .request("GET", "/covers/lem/solaris.png")
        .header("Accept", "image/png")
        .send()
        .expect("an answer");
    assert_eq!((got.status, got.body.as_slice()), (200, &png[..]));
    assert_eq!(got.header("content-type"), Some("image/png"));

    // Errors of the service keep their status and their words.
    let broken = shop
        .request("POST", "/books")
        .header("Content-Type", "application/json")
        .body("{")
        .send()
        .expect("an answer");
    assert_eq!(broken.status, 400);
    assert!(
        body(&broken)["message"]
            .as_str()
            .is_some_and(|message| message.contains("JSON"))
    );
    let priceless = shop.send_json("PUT", "/books/1", &emma(-1.0));
    assert_eq!(
        (priceless.status, &body(&priceless)["message"]),
        (422, &json!("a book costs something between 0 and 1000"))
    );

    // Without proxy too.
    assert_eq!(body(&shop.send("GET", "/health"))["books"], 4);
    let cellar = shop.send("GET", "/health/cellar");
    assert_eq!(
        (cellar.status, &body(&cellar)["message"]),
        (404, &json!("there is no such part of the shop"))
    );
}

#[test]
fn values_of_each_type_reach_the_handler_and_others_are_the_services_404() {
    let shop = Shop::deployed("parameters");
    let order = body(&shop.send_json("POST", "/orders", &json!({"lines": [{"book": 2, "copies": 3}]})));
    let order = order["id"].as_str().expect("an id");
    let lem = json!({"title": "Eden", "author": "Stanisław Lem", "genre": "fiction", "price": 9.5});
    assert_eq!(shop.send_json("POST", "/books", &lem).status, 201);
    let cover = shop
        .request("PUT", "/covers/lem/first%20edition/eden.svg")
        .header("Content-Type", "image/svg+xml")
        .body("<svg/>")
        .send()
        .expect("an answer");
    assert_eq!(cover.status, 201);

    for (path, pointer, expected) in [
        ("/books/1".to_owned(), "/id", json!(1)),
        ("/books/003".to_owned(), "/id", json!(3)),
        ("/books/up-to/7.5".to_owned(), "/0/id", json!(1)),
        ("/books/by-genre/history".to_owned(), "/0/id", json!(2)),
        ("/authors/H.%20G.%20Wells".to_owned(), "/name", json!("H. G. Wells")),
        (
            "/authors/Stanis%C5%82aw%20Lem".to_owned(),
            "/name",
            json!("Stanisław Lem"),
        ),
        (format!("/orders/{order}"), "/id", json!(order)),
        (format!("/orders/{order}/lines/1"), "/copies", json!(3)),
        ("/payments/transfer".to_owned(), "/provider", json!("transfer")),
        ("/health/covers".to_owned(), "/covers", json!(1)),
    ] {
        let answer = shop.send("GET", &path);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        assert_eq!(body(&answer).pointer(pointer), Some(&expected), "{path}");
    }
    let cover = shop.send("GET", "/covers/lem/first%20edition/eden.svg");
    assert_eq!((cover.status, cover.text().as_str()), (200, "<svg/>"));

    let long = format!("/authors/{}", "x".repeat(81));
    for path in [
        "/books/0",
        "/books/-1",
        "/books/one",
        "/books/1.0",
        "/books/4294967296",
        "/books/up-to/7",
        "/books/up-to/1e2",
        "/books/up-to/1000.5",
        "/books/by-genre/History",
        "/books/by-genre/cooking",
        &long,
        "/authors/a%2Fb",
        "/orders/1",
        "/orders/8c9d6b3e-1d5f-4c3b-9a44-0c4f6a3f2b1g",
        &format!("/orders/{order}/lines/0"),
        &format!("/orders/{order}/lines/101"),
        "/payments/shells",
    ] {
        let answer = shop.send("GET", path);
        assert!(is_the_services_404(&answer), "{path}: {answer:?}");
    }
}

#[test]
fn a_browser_may_ask_and_read_where_the_file_says_cors() {
    let shop = Shop::deployed("cors");
    let from_a_page = |verb: &str, path: &str| {
        shop.request(verb, path)
            .header("Origin", "https://reader.example")
            .header("Access-Control-Request-Method", "PUT")
            .send()
            .expect("an answer")
    };

    let preflight = from_a_page("OPTIONS", "/books/1");
    assert_eq!(preflight.status, 200);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        Some("GET,PUT,PATCH,DELETE,OPTIONS")
    );
    let headers = preflight.header("access-control-allow-headers").expect("headers");
    assert!(headers.split(',').any(|name| name == "X-Request-Id"), "{headers}");
    // The gateway answered by itself: the service logs each request that it gets.
    assert_eq!(shop.logged(), "");

    for (path, status) in [("/books/1", 200), ("/books/99", 404), ("/books/0", 404)] {
        let answer = from_a_page("GET", path);
        assert_eq!(answer.status, status, "{path}");
        let origins: Vec<&str> = answer.header_all("access-control-allow-origin").collect();
        assert_eq!(origins, ["*"], "{path}: {answer:?}");
    }
    assert_eq!(
        from_a_page("GET", "/authors").header("access-control-allow-origin"),
        None
    );
    let cover = from_a_page("OPTIONS", "/covers/a.png");
    assert_eq!(
        cover.header("access-control-allow-origin"),
        Some("https://desk.bookshop.example")
    );
}

#[test]
fn what_the_file_does_not_name_is_refused_by_the_gateway() {
    let shop = Shop::deployed("unknown");
    for (verb, path) in [
        ("GET", "/nothing"),
        ("GET", "/api/books/1"),
        ("GET", "/books/1/pages"),
        ("GET", "/covers"),
        ("POST", "/books/1"),
        ("DELETE", "/health"),
    ] {
        let answer = shop.send(verb, path);
        assert!(is_the_gateways_403(&answer), "{verb} {path}: {answer:?}");
    }
    // The service, which logs each request that it gets, has never heard of any of it.
    assert_eq!(shop.logged(), "");
    assert_eq!(shop.send("GET", "/books/1").status, 200);
    assert!(shop.logged().contains(r#"path="/api/books/1""#), "{}", shop.logged());
}

#[test]
fn a_second_deploy_changes_nothing_for_callers() {
    let shop = Shop::new("twice");
    let ask = || {
        let calls = [
            ("GET", "/books/1"),
            ("GET", "/books/one"),
            ("OPTIONS", "/books"),
            ("GET", "/health/cellar"),
            ("GET", "/authors/Charles%20Darwin"),
            ("GET", "/nothing"),
        ];
        calls.map(|(verb, path)| {
            let answer = shop.send(verb, path);
            let cors: Vec<String> = ["origin", "methods", "headers"]
                .into_iter()
                .filter_map(|what| answer.header(&format!("access-control-allow-{what}")))
                .map(str::to_owned)
                .collect();
            (answer.status, answer.text(), cors)
        })
    };
    let deployments = || {
        let target = format!("/restapis/{}/deployments", shop.id);
        let answer = control::api_gateway(shop.gateway.endpoint(), "GET", &target, None).expect("deployments");
        answer["item"].as_array().map_or(0, Vec::len)
    };

    let first = shop.deploy(&Bookshop::routes(), &[]);
    let answers = ask();
    assert_eq!(deployments(), 1);
    let second = shop.deploy(&Bookshop::routes(), &[]);
    assert_eq!(ask(), answers);
    // No change, no write.
    assert_eq!(deployments(), 1);
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(first.stdout.trim_end(), shop.gateway.invoke_url(&shop.id, STAGE, ""));
}

#[test]
fn a_changed_file_changes_what_the_gateway_passes_on() {
    let shop = Shop::deployed("changed");
    assert_eq!(shop.send("GET", "/payments/card").status, 200);
    assert!(is_the_gateways_403(&shop.send("GET", "/writers")));

    let text = fs::read_to_string(Bookshop::routes()).expect("the routes file");
    let mut routes: Value = serde_json::from_str(&text).expect("JSON");
    let resources = routes["blueprint"]["resources"].as_array_mut().expect("resources");
    resources.retain(|resource| resource["name"] != "payments");
    let books = &mut resources[0]["methods"][1]["actions"];
    books
        .as_array_mut()
        .expect("actions")
        .retain(|action| action["type"] != "DELETE");
    let authors = &mut resources[1]["methods"];
    authors
        .as_array_mut()
        .expect("methods")
        .push(json!({"path": "/writers", "actions": [{"type": "GET"}]}));
    let changed = shop.deployer.write("changed.json", &routes).expect("a routes file");
    shop.deploy(&changed, &[]);

    assert_eq!(shop.send("GET", "/books/1").status, 200);
    assert!(is_the_gateways_403(&shop.send("GET", "/payments/card")));
    assert!(is_the_gateways_403(&shop.send("DELETE", "/books/1")));
    // The gateway knows it now, the service that runs does not yet.
    assert!(is_the_services_404(&shop.send("GET", "/writers")));
}

#[test]
fn the_document_stays_only_when_asked_for() {
    let shop = Shop::new("document");
    shop.deploy(&Bookshop::routes(), &[]);
    assert_eq!(shop.files(), ["aws.config.json"]);
    shop.deploy(&Bookshop::routes(), &["--keep-output-openapifile=false"]);
    assert_eq!(shop.files(), ["aws.config.json"]);

    shop.deploy(
        &Bookshop::routes(),
        &["--keep-output-openapifile", "--output-openapifile-path", "kept.json"],
    );
    assert_eq!(shop.files(), ["aws.config.json", "kept.json"]);
    let kept = fs::read_to_string(shop.deployer.folder().join("kept.json")).expect("the document");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert_eq!(kept["openapi"], "3.0.1");
    let uri = &kept["paths"]["/covers/{path+}"]["get"]["x-amazon-apigateway-integration"]["uri"];
    assert_eq!(uri, &json!(format!("{}/api/covers/{{path}}", shop.bookshop.url())));

    // A file of somebody else's is neither written to nor removed.
    fs::write(shop.deployer.folder().join("swagger.yml"), "mine").expect("a file");
    shop.deploy(&Bookshop::routes(), &[]);
    let mine = fs::read_to_string(shop.deployer.folder().join("swagger.yml")).expect("the file");
    assert_eq!(mine, "mine");
}

#[test]
fn a_failed_deploy_leaves_no_document_and_the_stage_as_it_was() {
    let shop = Shop::deployed("failed");
    let mut aws = Bookshop::aws_file(Some("nosuchapi0"), shop.bookshop.url()).expect("an AWS file");
    shop.deployer.write("aws.config.json", &aws).expect("an AWS file");
    let failed = shop.try_deploy(&Bookshop::routes(), &[]);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    assert!(
        failed.stderr.contains("there is no REST API `nosuchapi0`"),
        "{failed:?}"
    );
    assert_eq!(failed.stdout, "");

    aws["apiGateway"]["rest_api_id"] = json!(shop.id);
    aws["apiGateway"]["stage"] = json!("bad stage!");
    shop.deployer.write("aws.config.json", &aws).expect("an AWS file");
    let failed = shop.try_deploy(&Bookshop::routes(), &[]);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    assert!(failed.stderr.contains("aws.config.json:"), "{failed:?}");

    assert_eq!(shop.files(), ["aws.config.json"]);
    assert_eq!(shop.send("GET", "/books/1").status, 200);
}

#[test]
fn without_an_id_the_api_is_found_by_its_name_or_created_on_request() {
    let shop = Shop::new("Bookshop by name");
    let name_is = |name: &str| {
        let mut aws = Bookshop::aws_file(None, shop.bookshop.url()).expect("an AWS file");
        aws["apiGateway"]["name"] = json!(name);
        shop.deployer.write("aws.config.json", &aws).expect("an AWS file");
    };

    name_is("Bookshop by name");
    let found = shop.deploy(&Bookshop::routes(), &[]);
    assert_eq!(found.stdout.trim_end(), shop.gateway.invoke_url(&shop.id, STAGE, ""));
    assert_eq!(shop.send("GET", "/books/1").status, 200);

    name_is("Bookshop to create");
    let missing = shop.try_deploy(&Bookshop::routes(), &[]);
    assert_eq!(missing.status.code(), Some(1), "{missing:?}");
    assert!(
        missing
            .stderr
            .contains("there is no REST API named `Bookshop to create`")
            && missing.stderr.contains("--create"),
        "{missing:?}"
    );

    let created = shop.deploy(&Bookshop::routes(), &["--create", "--format", "json"]);
    let created: Value = serde_json::from_str(&created.stdout).expect("JSON");
    assert_eq!(created["created"], true);
    assert_ne!(created["rest_api_id"], json!(shop.id));
    let url = created["invoke_url"].as_str().expect("a URL");
    let answer = Request::new("GET", &format!("{url}/books/1"))
        .send()
        .expect("an answer");
    assert_eq!((answer.status, &body(&answer)["id"]), (200, &json!(1)));

    // Its name is known from now on.
    let again = shop.deploy(&Bookshop::routes(), &[]);
    assert_eq!(again.stdout.trim_end(), url);
}
