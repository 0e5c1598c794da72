//! Which origins are named, by preflights, answers and refusals.

use super::*;

#[test]
fn what_the_gateway_answers_itself_is_the_files() {
    let keys = "gatewayResponses:\n  UNAUTHORIZED: {status: 403, headers: {X-A: b, X-B: header.c}, templates: {application/json: t}}\n  \
                DEFAULT_4XX: {}\ndefaults: {cors: {enable: true}}";
    let whole = document(keys, "{type: GET}");
    let allowed = json!({"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}});
    assert_eq!(
        whole["x-amazon-apigateway-gateway-responses"],
        json!({
            "DEFAULT_5XX": allowed,
            "UNAUTHORIZED": {
                "statusCode": "403",
                "responseParameters": {
                    "gatewayresponse.header.X-A": "'b'",
                    "gatewayresponse.header.X-B": "method.request.header.c",
                },
                "responseTemplates": {"application/json": "t"},
            },
        })
    );
}

#[test]
fn a_preflight_names_the_origin_that_asks() {
    let preflight = |cors: &str| {
        let refusals = "gatewayResponses: {DEFAULT_4XX: {}, DEFAULT_5XX: {}}";
        let whole = document(&format!("{refusals}\ndefaults: {{cors: {cors}}}"), "{type: GET}");
        whole["paths"]["/users/{id}"]["options"][INTEGRATION]["responses"]["default"].clone()
    };
    let header =
        |response: &Value, name: &str| response["responseParameters"][format!("method.response.header.{name}")].clone();
    let one = preflight(
        "{enable: true, origins: [\"https://a.example.com\"], credentials: true, maxAge: 60, allowMethods: [PUT]}",
    );
    assert_eq!(header(&one, "Access-Control-Allow-Origin"), "'https://a.example.com'");
    assert_eq!(header(&one, "Access-Control-Allow-Credentials"), "'true'");
    assert_eq!(header(&one, "Access-Control-Max-Age"), "'60'");
    assert_eq!(header(&one, "Access-Control-Allow-Methods"), "'PUT,OPTIONS'");
    assert_eq!(one["responseTemplates"], Value::Null);
    let two = preflight("{enable: true, origins: [\"https://a.example.com\", \"https://b.example.com:8443\"]}");
    assert_eq!(header(&two, "Vary"), "'Origin'");
    let template = two["responseTemplates"]["application/json"].as_str().unwrap();
    assert!(
        template.contains("$origin == \"https://b.example.com:8443\""),
        "{template}"
    );
    refuses(
        "defaults: {cors: {enable: true, credentials: true}}",
        "{type: GET}",
        Code::CorsOrigin,
        "true",
        "origins",
    );
    refuses(
        "defaults: {cors: {enable: true, origins: [\"https://a.example.com/\"]}}",
        "{type: GET}",
        Code::CorsOrigin,
        "\"https://a.example.com/\"",
        "no slash",
    );
}

#[test]
fn a_fixed_answer_names_the_origin_that_asks() {
    let answered = |cors: &str, action: &str| {
        let keys = format!("defaults: {{cors: {{enable: true, {cors}}}}}");
        let whole = read(&keys, action).value.expect("a blueprint");
        let made = serde_json::to_value(openapi::document(&whole, &Target::default())).unwrap();
        let operation = &made["paths"]["/users/{id}"]["get"];
        let answer = operation[INTEGRATION]["responses"]["default"].clone();
        let declared = operation["responses"][answer["statusCode"].as_str().unwrap()]["headers"].clone();
        let parameters = answer["responseParameters"].as_object().cloned().unwrap_or_default();
        for name in parameters.keys() {
            let header = name.strip_prefix("method.response.header.").unwrap();
            assert!(declared.get(header).is_some(), "{header}: {declared}");
        }
        (Value::Object(parameters), answer["responseTemplates"].clone())
    };
    let (parameters, templates) = answered("", "{type: GET, answer: {body: b}}");
    assert_eq!(
        parameters,
        json!({"method.response.header.Access-Control-Allow-Origin": "'*'"})
    );
    assert_eq!(templates, json!({"application/json": "b"}));
    let one = "origins: [\"https://a.example\"], credentials: true, exposeHeaders: [X-Total, ETag]";
    for action in [
        "{type: GET, answer: {status: 201}}",
        "{type: GET, url: \"https://b.example\", proxyIntegration: false}",
        "{type: GET, function: f, proxyIntegration: false}",
    ] {
        let (parameters, templates) = answered(one, action);
        let expected = json!({
            "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
            "method.response.header.Access-Control-Allow-Credentials": "'true'",
            "method.response.header.Access-Control-Expose-Headers": "'X-Total,ETag'",
        });
        assert_eq!(parameters, expected, "{action}");
        assert_eq!(templates, Value::Null, "{action}");
    }
    let several = "origins: [\"https://a.example\", \"https://b.example\"]";
    let (parameters, templates) = answered(several, "{type: GET, answer: {body: b, templates: {text/plain: t}}}");
    let expected = json!({
        "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
        "method.response.header.Vary": "'Origin'",
    });
    assert_eq!(parameters, expected);
    for (media, body) in [("application/json", "b"), ("text/plain", "t")] {
        let text = templates[media].as_str().unwrap();
        assert!(text.contains("$origin == \"https://b.example\""), "{text}");
        assert!(text.ends_with(&format!("#end\n{body}")), "{text}");
    }
    let (_, templates) = answered(several, "{type: GET, answer: {status: 204}}");
    assert!(templates["application/json"].as_str().unwrap().ends_with("#end\n"));
    // What the answer says itself stays.
    let own = "{type: GET, answer: {headers: {access-control-allow-origin: \"https://c.example\"}}}";
    let (parameters, templates) = answered(several, own);
    assert_eq!(
        parameters,
        json!({"method.response.header.access-control-allow-origin": "'https://c.example'"})
    );
    assert_eq!(templates, Value::Null);
}

#[test]
fn a_header_of_an_answer_that_pages_need_and_the_file_says_stands_there_once() {
    let text = |origins: &str, headers: &str| {
        let keys = format!(
            "defaults: {{cors: {{enable: true, credentials: true, exposeHeaders: [ETag], origins: {origins}}}}}"
        );
        let action = format!("{{type: GET, answer: {{headers: {{{headers}}}}}}}");
        let whole = read(&keys, &action).value.expect("a blueprint");
        let document = openapi::document(&whole, &Target::default());
        // A value has each key once, however often it is written.
        let made = serde_json::to_value(&document).unwrap();
        let responses = &made["paths"]["/users/{id}"]["get"][INTEGRATION]["responses"];
        let parameters = responses["default"]["responseParameters"].as_object().unwrap().clone();
        let written = document.to_json();
        let (written, _) = written.split_once("\"options\"").expect("the preflight");
        for name in parameters.keys() {
            let times = written
                .to_lowercase()
                .matches(&format!("\"{}\":", name.to_lowercase()))
                .count();
            assert_eq!(times, 1, "{name}: {written}");
        }
        parameters
    };
    let (one, two) = (
        "[\"https://a.example\"]",
        "[\"https://a.example\", \"https://b.example\"]",
    );
    for (origins, headers, name, value) in [
        (two, "Vary: Accept", "Vary", "'Accept, Origin'"),
        (two, "vary: Accept", "vary", "'Accept, Origin'"),
        (two, "Vary: \"Accept, origin\"", "Vary", "'Accept, origin'"),
        (two, "Vary: \"*\"", "Vary", "'*'"),
        (two, "Vary: context.authorizer.vary", "Vary", "context.authorizer.vary"),
        (one, "Vary: Accept", "Vary", "'Accept'"),
        (
            one,
            "Access-Control-Allow-Credentials: \"false\"",
            "Access-Control-Allow-Credentials",
            "'false'",
        ),
        (
            one,
            "access-control-expose-headers: X-A",
            "access-control-expose-headers",
            "'X-A'",
        ),
    ] {
        let parameters = text(origins, headers);
        assert_eq!(
            parameters[&format!("method.response.header.{name}")],
            value,
            "{headers}"
        );
        let same = parameters
            .keys()
            .filter(|key| key.to_lowercase().ends_with(&name.to_lowercase()));
        assert_eq!(same.count(), 1, "{parameters:?}");
    }
}

#[test]
fn refusals_that_can_name_no_origin_are_told_until_the_file_says_what_they_name() {
    let told = |origins: &str, more: &str| {
        let keys = format!("{more}\ndefaults: {{cors: {{enable: true, origins: {origins}}}}}");
        let found = read(&keys, "{type: GET}").diagnostics;
        found.iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let several = "[\"https://a.example\", \"https://b.example\"]";
    assert_eq!(told(several, ""), [Code::UnnamedOrigin]);
    assert_eq!(
        told(several, "gatewayResponses: {DEFAULT_4XX: {}}"),
        [Code::UnnamedOrigin]
    );
    assert_eq!(
        told(several, "gatewayResponses: {DEFAULT_4XX: {}, DEFAULT_5XX: {}}"),
        []
    );
    assert_eq!(told("[\"https://a.example\"]", ""), []);
    assert_eq!(told("[\"*\"]", ""), []);
}

#[test]
fn an_origin_is_written_as_browsers_send_it() {
    for (origin, help) in [
        ("https://Shop.example", "`https://shop.example`"),
        ("https://shop.example:443", "`https://shop.example`"),
        ("http://shop.example:80", "`http://shop.example`"),
    ] {
        let keys = format!("defaults: {{cors: {{enable: true, origins: [\"{origin}\"]}}}}");
        refuses(&keys, "{type: GET}", Code::CorsOrigin, &format!("\"{origin}"), help);
        assert!(!read(&keys, "{type: GET}").diagnostics.has_errors());
    }
    for origin in ["http://shop.example:443", "https://shop.example:8443", "*", "null"] {
        let keys = format!("defaults: {{cors: {{enable: true, origins: [\"{origin}\"]}}}}");
        assert!(read(&keys, "{type: GET}").diagnostics.is_empty(), "{origin}");
    }
    // One that is named twice is one.
    let twice = "defaults: {cors: {enable: true, origins: [\"https://a.example\", \"https://a.example\"]}}";
    assert!(read(twice, "{type: GET}").diagnostics.is_empty());
}
