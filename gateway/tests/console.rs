//! The console, as a browser and as other web pages reach it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
use bluegate_core::openapi::Document;
use bluegate_gateway::console::{Console, Trace};
use bluegate_gateway::edge::Front;
use bluegate_gateway::plane::{ApiKey, Credential};
use bluegate_gateway::service::Gateway;
use serde_json::{Value as Json, json};

/// What is no secret of anybody.
const SECRET: &str = "a-secret-that-nobody-has";

fn document() -> Arc<Document> {
    let method = |security: Json| {
        json!({"security": security, "responses": {}, "x-amazon-apigateway-integration": {
            "type": "http_proxy", "httpMethod": "GET", "uri": "http://shop.internal/books"}})
    };
    let scheme = |kind: &str| json!({"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": kind});
    let mut pool = scheme("cognito_user_pools");
    pool["x-amazon-apigateway-authorizer"] = json!({"type": "cognito_user_pools",
        "providerARNs": ["arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_shop"]});
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/books": {"get": method(json!([]))},
            "/signed": {"get": method(json!([{"sigv4": []}]))},
            "/keyed": {"get": method(json!([{"api_key": []}]))},
            "/pooled": {"get": method(json!([{"pool": ["shop/read"]}]))},
        },
        "components": {"securitySchemes": {
            "sigv4": scheme("awsSigv4"),
            "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            "pool": pool,
        }},
    });
    Arc::new(serde_json::from_value(document).unwrap())
}

fn gateway(document: &Document) -> Gateway {
    let answer = |headers: HeaderMap| async move {
        let cookie = headers.get("cookie").map_or("none", |value| value.to_str().unwrap());
        (
            [("server", "axum"), ("set-cookie", "id=a-cookie-of-somebody")],
            cookie.to_owned(),
        )
    };
    let gateway = Gateway::from_document("dev", document).backend(Router::new().route("/books", get(answer)));
    gateway.with_gate(|gate| {
        gate.credentials = vec![Credential {
            secret: SECRET.to_owned(),
            ..Credential::test()
        }];
        gate.usage.keys = vec![ApiKey {
            id: "k1".into(),
            name: "mine".into(),
            value: "the-value-of-the-key".into(),
            is_enabled: true,
        }];
    })
}

struct Site {
    address: SocketAddr,
    console: Console,
    front: Arc<Front>,
    traces: Receiver<Arc<Trace>>,
}

/// A stage with its console, until the test is over.
fn site() -> Site {
    let (document, console) = (document(), Console::default());
    let (sender, traces) = channel();
    let tell = move |trace| sender.send(trace).unwrap_or_default();
    let front = Arc::new(Front::new(gateway(&document), document, console.clone(), tell));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let served = Arc::clone(&front);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move { served.serve(tokio::net::TcpListener::from_std(listener).unwrap()).await })
    });
    Site {
        address,
        console,
        front,
        traces,
    }
}

struct Got {
    status: u16,
    head: String,
    body: String,
}

impl Got {
    fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Site {
    fn open(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        let host = self.address.to_string();
        let mut text = format!(
            "{verb} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        let has_host = headers.iter().any(|(name, _)| *name == "Host");
        for (name, value) in headers
            .iter()
            .copied()
            .chain((!has_host).then_some(("Host", host.as_str())))
        {
            text += &format!("{name}: {value}\r\n");
        }
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(format!("{text}\r\n{body}").as_bytes()).unwrap();
        stream
    }

    fn ask(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Got {
        let mut answer = String::new();
        self.open(verb, path, headers, body)
            .read_to_string(&mut answer)
            .unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        Got {
            status: head[9..12].parse().unwrap(),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], "")
    }

    /// As the page sends it.
    fn send(&self, attempt: &Json) -> Got {
        let origin = format!("http://{}", self.address);
        let headers = [("Origin", origin.as_str()), ("Content-Type", "application/json")];
        self.ask("POST", "/_bluegate/api/send", &headers, &attempt.to_string())
    }
}

fn attempt(path: &str, sign: Option<&str>, key: Option<&str>) -> Json {
    json!({"stage": 0, "verb": "GET", "path": path, "headers": [["Accept", "*/*"]], "body": "", "sign": sign, "key": key, "user": null})
}

#[test]
fn the_page_is_small_and_loads_nothing_from_elsewhere() {
    let site = site();
    let mut size = 0;
    for (path, kind) in [
        ("", "text/html"),
        ("console.css", "text/css"),
        ("console.js", "text/javascript"),
    ] {
        let got = site.get(&format!("/_bluegate/{path}"));
        assert_eq!(got.status, 200, "{path}");
        assert!(got.head.contains(&format!("content-type: {kind}")), "{}", got.head);
        assert!(
            got.head.contains("content-security-policy: default-src 'self';"),
            "{}",
            got.head
        );
        assert!(
            !got.body.contains("http://") && !got.body.contains("https://"),
            "{path}"
        );
        // The policy lets neither stand in the page.
        assert!(
            !got.body.contains("style=") && !got.body.contains("innerHTML"),
            "{path}"
        );
        size += got.body.len();
    }
    assert!(size < 60_000, "{size}");
    assert_eq!(site.get("/_bluegate").status, 308);
    assert_eq!(site.get("/_bluegate/other").status, 404);
    // A path that only begins like it is the stage's.
    assert!(site.get("/_bluegated").body.contains("Missing Authentication Token"));
}

#[test]
fn other_web_pages_cannot_use_it() {
    let site = site();
    let own = format!("http://{}", site.address);
    let json = ("Content-Type", "application/json");
    let body = attempt("/books", Some("test"), None).to_string();
    for (verb, path, headers, status) in [
        ("GET", "/_bluegate/", vec![("Host", "evil.example")], 403),
        ("GET", "/_bluegate/api/overview", vec![("Host", "evil.example:80")], 403),
        (
            "GET",
            "/_bluegate/api/events",
            vec![("Sec-Fetch-Site", "cross-site")],
            403,
        ),
        (
            "GET",
            "/_bluegate/api/requests",
            vec![("Origin", "http://evil.example")],
            403,
        ),
        ("POST", "/_bluegate/api/send", vec![json], 403),
        (
            "POST",
            "/_bluegate/api/send",
            vec![json, ("Origin", "http://evil.example")],
            403,
        ),
        ("POST", "/_bluegate/api/send", vec![json, ("Origin", "null")], 403),
        (
            "OPTIONS",
            "/_bluegate/api/send",
            vec![("Origin", "http://evil.example")],
            403,
        ),
        (
            "POST",
            "/_bluegate/api/send",
            vec![("Content-Type", "text/plain"), ("Origin", own.as_str())],
            415,
        ),
        ("GET", "/_bluegate/api/send", vec![], 405),
        (
            "POST",
            "/_bluegate/api/overview",
            vec![json, ("Origin", own.as_str())],
            405,
        ),
        ("POST", "/_bluegate/api/send", vec![json, ("Origin", own.as_str())], 200),
    ] {
        let got = site.ask(verb, path, &headers, &body);
        assert_eq!(got.status, status, "{verb} {path} {headers:?}: {}", got.body);
        assert!(!got.head.contains("access-control-"), "{}", got.head);
    }
}

#[test]
fn nothing_is_planned_where_nobody_plans() {
    let site = site();
    assert_eq!(site.get("/_bluegate/api/overview").json()["plans"], false);
    let origin = format!("http://{}", site.address);
    let headers = [("Origin", origin.as_str()), ("Content-Type", "application/json")];
    let got = site.ask("POST", "/_bluegate/api/plan", &headers, "{}");
    assert!(
        got.status == 404 && got.body.contains("`bluegate dev` plans"),
        "{}",
        got.body
    );
    // It calls AWS with somebody's credentials: no other page asks for that.
    assert_eq!(site.ask("POST", "/_bluegate/api/plan", &headers[1..], "{}").status, 403);
}

#[test]
fn it_tells_routes_and_who_may_call_them_and_no_secret() {
    let site = site();
    site.console.changed(Some("routes.json is broken".into()));
    let got = site.get("/_bluegate/api/overview");
    for secret in [SECRET, "the-value-of-the-key"] {
        assert!(!got.body.contains(secret), "{}", got.body);
    }
    let told = got.json();
    assert_eq!(told["notice"], "routes.json is broken");
    assert_eq!(told["signers"], json!(["test"]));
    assert_eq!(told["keys"], json!([{"id": "k1", "name": "mine"}]));
    let stage = &told["stages"][0];
    assert_eq!((&stage["title"], &stage["name"]), (&json!("Shop"), &json!("dev")));
    let routes = stage["routes"].as_array().unwrap().iter();
    let routes: Vec<String> = routes
        .map(|route| {
            format!(
                "{} {} {} {}",
                route["verb"], route["path"], route["access"], route["api_key"]
            )
        })
        .collect();
    assert_eq!(
        routes,
        [
            r#""GET" "/books" "NONE" false"#,
            r#""GET" "/keyed" "NONE" true"#,
            r#""GET" "/pooled" "COGNITO_USER_POOLS" false"#,
            r#""GET" "/signed" "AWS_IAM" false"#,
        ]
    );
    assert_eq!(
        site.get("/_bluegate/api/document?stage=0").json()["info"]["title"],
        "Shop"
    );
    assert_eq!(site.get("/_bluegate/api/document?stage=1").status, 404);
}

#[test]
fn a_request_can_be_tried_signed_and_with_a_key() {
    let site = site();
    let told = site.send(&attempt("/signed?page=1", Some("test"), None)).json();
    assert_eq!(told["answer"]["line"], "200", "{told}");
    let trace = &told["trace"];
    assert_eq!((&trace["id"], &trace["query"]), (&told["id"], &json!("page=1")));
    assert_eq!(trace["caller"], "arn:aws:iam::000000000000:user/test");
    let text = told.to_string();
    assert!(text.contains("Signature=****") && !text.contains(SECRET), "{text}");

    let told = site.send(&attempt("/signed", None, None)).json();
    assert_eq!(told["answer"]["line"], "403");
    assert_eq!(told["trace"]["failure"]["kind"], "missing_authentication_token");
    assert_eq!(
        told["trace"]["why"]["sentence"],
        "the method needs a signature (AWS_IAM), and there is none"
    );

    let told = site.send(&attempt("/keyed", None, Some("k1"))).json();
    assert_eq!(
        told["trace"]["failure"],
        json!({"kind": "invalid_api_key", "detail": "not_planned"})
    );
    assert!(!told.to_string().contains("the-value-of-the-key"));

    let mut with_user = attempt("/pooled", None, None);
    with_user["user"] = "me".into();
    if cfg!(feature = "cognito") {
        let told = site.send(&with_user).json();
        assert_eq!(
            (&told["answer"]["line"], &told["trace"]["caller"]),
            (&json!("200"), &json!("me")),
            "{told}"
        );
    }
    with_user["path"] = "/books".into();
    for (broken, why) in [
        (with_user, "user pool"),
        (attempt("books", None, None), "slash"),
        (attempt("/a b", None, None), "slash"),
        (attempt("/books", Some("other"), None), "access key"),
        (attempt("/books", None, Some("k2")), "API key"),
        (json!({"stage": 0}), "not understood"),
    ] {
        let got = site.send(&broken);
        assert_eq!(got.status, 400, "{broken}");
        assert!(got.json()["message"].as_str().unwrap().contains(why), "{}", got.body);
    }
}

#[test]
fn requests_are_told_on_both_sides_without_secrets_and_the_last_are_kept() {
    let site = site();
    let headers = [
        ("Authorization", "Bearer a-bearer-token"),
        ("Cookie", "id=the-cookie-of-a-caller"),
    ];
    assert_eq!(site.ask("GET", "/books", &headers, "").status, 200);
    let trace = site.traces.recv().unwrap();
    assert_eq!((trace.number, trace.route.as_deref()), (1, Some("/books")));
    assert_eq!(trace.call.as_ref().unwrap().line, "GET http://shop.internal/books");
    let told = serde_json::to_string(&*trace).unwrap();
    for secret in ["a-bearer-token", "the-cookie-of-a-caller", "a-cookie-of-somebody"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    let told: Json = serde_json::from_str(&told).unwrap();
    let changes = told["answer_changes"].to_string();
    assert!(
        changes.contains(r#"{"header":"Server","to":"x-amzn-Remapped-Server","what":"renamed"}"#),
        "{changes}"
    );
    let changes = told["request_changes"].to_string();
    assert!(
        changes.contains(r#"{"header":"Connection","what":"dropped"}"#),
        "{changes}"
    );

    for _ in 0..205 {
        site.get("/nowhere");
    }
    let kept = site.get("/_bluegate/api/requests").json();
    let numbers: Vec<u64> = kept["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["number"].as_u64().unwrap())
        .collect();
    assert_eq!((numbers.len(), numbers[0], numbers[199]), (200, 7, 206));
}

#[test]
fn events_tell_what_was_missed_and_what_comes() {
    let site = site();
    for _ in 0..3 {
        site.get("/books");
    }
    let stream = site.open("GET", "/_bluegate/api/events", &[("Last-Event-ID", "2")], "");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut next = |start: &str| lines.find(|line| line.starts_with(start)).expect("an event");
    assert_eq!(next("id: "), "id: 3");
    site.get("/nowhere");
    assert_eq!(next("id: "), "id: 4");
    assert!(next("data: ").contains("no route `GET /nowhere`"));
    site.console.changed(None);
    assert_eq!(next("event: "), "event: overview");
}

#[test]
fn another_gateway_takes_over() {
    let site = site();
    let other: Document = r#"{"openapi": "3.0.1", "paths": {}}"#.parse().unwrap();
    assert_eq!(site.get("/books").status, 200);
    site.front.replace(gateway(&other), Arc::new(other));
    assert_eq!(site.get("/books").status, 403);
    assert_eq!(
        site.get("/_bluegate/api/overview").json()["stages"][0]["routes"],
        json!([])
    );
}
