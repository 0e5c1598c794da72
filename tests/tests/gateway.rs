//! A routes file that bluegate did not write, deployed once to a LocalStack stage: every route answers.

use bluegate_core::{Connection, Mode, Source, Verb, read_blueprint};
use bluegate_tests::control;
use bluegate_tests::deploy::Deployer;
use bluegate_tests::echo::Echo;
use bluegate_tests::http::{Request, Response};
use bluegate_tests::localstack::LocalStack;
use serde_json::{Value, json};

/// Sixty routes in the format of ct-api-gateway-deployer: verbs, parameters, connections and CORS of every kind.
fn sixty_routes() -> Value {
    let action = |verb: &str, number: usize| {
        json!({"type": verb, "integration": if number.is_multiple_of(3) { "VPC_LINK" } else { "INTERNET" },
            "proxyIntegration": !number.is_multiple_of(5), "vpcLink": if number.is_multiple_of(3) { json!("abc123") } else { Value::Null },
            "authorization": if number.is_multiple_of(4) { json!("AWS_IAM") } else { Value::Null }})
    };
    let resources: Vec<Value> = (0..15)
        .map(|number| {
            let parameters = match number % 5 {
                0 => json!([{"name": "key", "type": "path"}]),
                1 => json!([{"name": "id", "type": "int"}, {"name": "part", "type": "string"}]),
                2 => json!([{"name": "uid", "type": "uuid"}]),
                3 => json!([{"name": "ratio", "type": "float(min=0.5)"}]),
                _ => json!([{"name": "color", "type": "any(red,green)"}]),
            };
            json!({"name": format!("Thing{number}"), "flask": {"resourceModule": "app", "resourceClass": format!("Thing{number}"), "strictSlashes": false},
                "methods": [
                    {"path": format!("/things{number}"), "queryParams": null,
                     "cors": {"enable": number % 2 == 0, "removeDefaultResponseTemplates": true, "allowHeaders": ["X-Tenant"]},
                     "actions": [action("GET", number), action("POST", number + 1)]},
                    {"path": format!("/things{number}"), "queryParams": parameters,
                     "cors": {"enable": number % 3 == 0, "removeDefaultResponseTemplates": true, "allowHeaders": []},
                     "actions": [action("PUT", number + 2), action("DELETE", number + 3)]},
                ]})
        })
        .collect();
    json!({"blueprint": {"name": "foreign", "url_prefix": "/foreign/v1", "resources": resources}})
}

/// A value that the parameter takes.
fn value(converter: &bluegate_core::Converter) -> &'static str {
    match converter.name() {
        "int" => "7",
        "float" => "1.5",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "any" => "red",
        "path" => "a/b",
        _ => "word",
    }
}

fn body(response: &Response) -> Value {
    response.json().unwrap_or_else(|error| panic!("{error}: {response:?}"))
}

#[test]
fn sixty_of_sixty_routes_answer_through_the_stage() {
    let localstack = LocalStack::shared().expect("LocalStack");
    let echo = Echo::start().expect("a backend");
    let deployer = Deployer::new(localstack.endpoint()).expect("a deployer");
    let id = control::create_rest_api(localstack.endpoint(), "foreign").expect("an API");
    let text = sixty_routes();
    let routes = deployer.write("routes.json", &text).expect("a routes file");
    let aws = deployer.aws_file(&id, "v1", &echo.url()).expect("an AWS file");
    let deployed = deployer
        .deploy(&routes, &aws)
        .expect("a run")
        .success("deploying")
        .expect("success");
    assert!(deployed.stdout.contains(&id), "{deployed:?}");
    assert!(!deployer.folder().join("swagger.yml").exists());

    let source = Source::new("routes.json", text.to_string());
    let (blueprint, _) = read_blueprint(&source, Mode::Strict)
        .into_result()
        .expect("a blueprint");
    assert_eq!(blueprint.routes.len(), 60);
    let mut wrong = Vec::new();
    for route in &blueprint.routes {
        let fill = |path: &str| {
            route.path.parameters().fold(path.to_owned(), |path, parameter| {
                let value = value(&parameter.converter);
                path.replace(&format!("{{{}+}}", parameter.name), value)
                    .replace(&format!("{{{}}}", parameter.name), value)
            })
        };
        let url = localstack.invoke_url(&id, "v1", &fill(&route.path.gateway));
        let answer = Request::new(route.verb.as_str(), &url).send().expect("an answer");
        let expected = json!({"method": route.verb.as_str(), "target": fill(&route.path.service)});
        if answer.status != 200 || body(&answer) != expected {
            wrong.push(format!("{} {}: {answer:?}", route.verb, route.path.gateway));
        }
    }
    assert!(wrong.is_empty(), "{} of 60 fail: {wrong:#?}", wrong.len());
    assert!(
        blueprint
            .routes
            .iter()
            .any(|route| matches!(route.integration.connection, Connection::VpcLink { .. }))
    );

    // Statuses of the service arrive, with and without proxy.
    for proxy in [true, false] {
        let route = blueprint
            .routes
            .iter()
            .find(|route| route.integration.proxy == proxy && route.verb == Verb::Get)
            .expect("such a route");
        let url = localstack.invoke_url(&id, "v1", &route.path.gateway);
        for status in ["200", "201", "404", "503"] {
            let answer = Request::new("GET", &url)
                .header("X-Status", status)
                .send()
                .expect("an answer");
            let arrives = if proxy { status } else { "200" };
            // Without proxy the gateway does not pass request headers on: the backend answers 200.
            assert_eq!(answer.status.to_string(), arrives, "proxy {proxy}");
        }
    }

    // The preflight names what the path allows.
    let preflight = Request::new("OPTIONS", &localstack.invoke_url(&id, "v1", "/things0"))
        .header("Origin", "https://shop.example.com")
        .header("Access-Control-Request-Method", "POST")
        .send()
        .expect("an answer");
    assert_eq!(preflight.status, 200);
    assert_eq!(
        preflight.header("access-control-allow-methods"),
        Some("GET,POST,OPTIONS")
    );
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert!(
        preflight
            .header("access-control-allow-headers")
            .is_some_and(|headers| headers.ends_with(",X-Tenant"))
    );

    // An unknown route is refused by the gateway itself, and browsers may read the refusal.
    let unknown = Request::new("GET", &localstack.invoke_url(&id, "v1", "/nothing"))
        .send()
        .expect("an answer");
    assert_eq!(unknown.status, 403);
    assert_eq!(body(&unknown)["message"], "Missing Authentication Token");
}
