//! The function as Lambda runs it: the program asks a Lambda for events, and answers them. The events are recordings in
//! which the route is one of ours, each test with each of them.

mod behind_gateway;
mod lambda;
mod recorded;

use lambda_http::aws_lambda_events::apigw::ApiGatewayProxyResponse;
use lambda_http::aws_lambda_events::encodings::Body as Answered;

use lambda::Lambda;
use recorded::{ALL, Body, Call, Recording};

/// Each character that paths write as `%`, the sign itself, and what forms write as `+`.
const NAME: (&str, &str) = ("name", "Ding%20%26%20Dong%20100%25+");
const PICTURE: (&str, &str) = ("path", "2026/11/ding.png");
/// Bytes that are no text.
const PNG: &str = "iVBORw0KGgr//gD+gA==";
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

const ADD: Call<'_> = Call {
    verb: "POST",
    resource: "/magazines",
    parameter: None,
    query: &[],
    headers: JSON,
    body: Body::Text(r#"{"name":"Ding & Dong 100%+","tags":["music"]}"#),
};

/// A call of the magazine.
const fn on_magazine<'a>(verb: &'a str, body: Body<'a>) -> Call<'a> {
    Call {
        verb,
        resource: "/magazines/{name}",
        parameter: Some(NAME),
        query: &[],
        headers: JSON,
        body,
    }
}

const SHOW: Call<'_> = Call {
    headers: &[],
    ..on_magazine("GET", Body::None)
};

const PUT_COVER: Call<'_> = Call {
    verb: "PUT",
    resource: "/covers/{path+}",
    parameter: Some(PICTURE),
    query: &[],
    headers: &[("Content-Type", "image/png")],
    body: Body::Base64(PNG),
};

const GET_COVER: Call<'_> = Call {
    verb: "GET",
    headers: &[("Accept", "image/png")],
    body: Body::None,
    ..PUT_COVER
};

fn text(answer: &ApiGatewayProxyResponse) -> &str {
    match &answer.body {
        Some(Answered::Text(text)) => text,
        other => panic!("{other:?}"),
    }
}

/// Does something with each recording.
fn with_each(ask: impl Fn(&Lambda, &Recording)) {
    let lambda = Lambda::start();
    for recording in ALL.iter() {
        println!("with {}", recording.name);
        ask(&lambda, recording);
    }
}

#[test]
fn every_verb_comes_to_its_handler() {
    with_each(|lambda, recording| {
        let ask = |call: &Call<'_>| lambda.invoke(&recording.of(call));
        let status = |call: &Call<'_>| ask(call).status_code;
        assert_eq!(status(&SHOW), 404);
        assert_eq!(status(&ADD), 201);
        assert_eq!(status(&on_magazine("HEAD", Body::None)), 204);
        assert_eq!(status(&on_magazine("PATCH", Body::Text(r#"["weekly"]"#))), 204);
        assert_eq!(
            text(&ask(&SHOW)),
            r#"{"name":"Ding & Dong 100%+","tags":["music","weekly"]}"#
        );
        assert_eq!(status(&on_magazine("PUT", Body::Text(r#"["monthly"]"#))), 204);
        assert_eq!(text(&ask(&SHOW)), r#"{"name":"Ding & Dong 100%+","tags":["monthly"]}"#);
        assert_eq!(status(&on_magazine("DELETE", Body::None)), 204);
        assert_eq!(status(&SHOW), 404);
    });
}

#[test]
fn what_comes_several_times_comes_through() {
    let list = |query: &'static [(&str, &str)], headers: &'static [(&str, &str)]| Call {
        verb: "GET",
        resource: "/magazines",
        query,
        headers,
        ..Call::default()
    };
    let by_query = list(&[("tag", "music"), ("tag", "weekly")], &[]);
    let by_header = list(&[], &[("Tag", "music"), ("Tag", "weekly")]);
    with_each(|lambda, recording| {
        let ask = |call: &Call<'_>| lambda.invoke(&recording.of(call));
        let added = ask(&ADD);
        let cookies: Vec<_> = added.multi_value_headers.get_all("set-cookie").iter().collect();
        assert_eq!(cookies, ["last=Ding & Dong 100%+", "added=yes"]);
        // It has the first tag, and not the last, which is all that an event without lists has.
        assert_eq!(text(&ask(&by_query)), "[]");
        assert_eq!(text(&ask(&by_header)), "[]");
        ask(&on_magazine("PUT", Body::Text(r#"["weekly"]"#)));
        let expected_is_none = recording.has_lists();
        assert_eq!(text(&ask(&by_query)) == "[]", expected_is_none);
        assert_eq!(
            text(&ask(&by_header)) == "[]",
            expected_is_none,
            "the first one is lost"
        );
        ask(&on_magazine("PATCH", Body::Text(r#"["music"]"#)));
        assert_ne!(text(&ask(&by_query)), "[]");
        assert_ne!(text(&ask(&by_header)), "[]");
        ask(&on_magazine("DELETE", Body::None));
    });
    assert!(
        ALL.iter().any(Recording::has_lists),
        "no recording has all values of a header"
    );
}

#[test]
fn bytes_stay_bytes_both_ways() {
    with_each(|lambda, recording| {
        let put = recording.of(&PUT_COVER);
        assert_eq!(lambda.invoke(&put).status_code, 201);
        let cover = lambda.invoke(&recording.of(&GET_COVER));
        assert!(cover.is_base64_encoded);
        assert_eq!(cover.multi_value_headers["content-type"], "image/png");
        let told = serde_json::to_value(&cover).expect("JSON");
        assert_eq!(told["body"], put["body"]);
    });
}

#[test]
fn a_route_is_found_whatever_stands_before_it() {
    with_each(|lambda, recording| {
        let stage = recording.event["requestContext"]["stage"].as_str().expect("a stage");
        // By the default address, by a domain of one's own that has a path or names no stage, and by both.
        let before = ["", &format!("/{stage}"), "/kiosk/v1", &format!("/kiosk/{stage}")];
        for before in before.map(str::to_owned) {
            let ask = |call: &Call<'_>| lambda.invoke(&recording.below(&before, call)).status_code;
            assert_eq!(ask(&ADD), 201, "{before}");
            assert_eq!(ask(&SHOW), 200, "{before}");
            assert_eq!(ask(&PUT_COVER), 201, "{before}");
            assert_eq!(ask(&GET_COVER), 200, "{before}");
            assert_eq!(ask(&on_magazine("DELETE", Body::None)), 204, "{before}");
        }
        // One route for all paths leaves them to the router.
        let any = Call {
            resource: "/{proxy+}",
            parameter: Some(("proxy", "magazines/Ding%20%26%20Dong%20100%25+")),
            ..SHOW
        };
        lambda.invoke(&recording.of(&ADD));
        for before in ["", &format!("/{stage}"), "/kiosk/v1"] {
            assert_eq!(
                lambda.invoke(&recording.below(before, &any)).status_code,
                200,
                "{before}"
            );
        }
        // API Gateway takes a slash at the end for nothing, and tells it.
        let mut add = recording.of(&ADD);
        add["path"] = "/magazines/".into();
        assert_eq!(lambda.invoke(&add).status_code, 201);
        // Some emulators tell paths decoded.
        let mut show = recording.of(&SHOW);
        show["path"] = "/magazines/Ding & Dong 100%+".into();
        assert_eq!(lambda.invoke(&show).status_code, 200);
    });
}

#[test]
fn a_function_that_keeps_the_stage_out_of_paths_has_the_same_routes() {
    let lambda = Lambda::start_with(&[("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true")]);
    let recording = &ALL[0];
    assert_eq!(lambda.invoke(&recording.of(&ADD)).status_code, 201);
    assert_eq!(lambda.invoke(&recording.below("/kiosk/v1", &SHOW)).status_code, 200);
}

#[test]
fn what_no_route_answers_the_service_answers() {
    with_each(|lambda, recording| {
        assert_eq!(lambda.invoke(&recording.event).status_code, 404, "as it was recorded");
        let refused = lambda.invoke(&recording.of(&on_magazine("POST", Body::None)));
        assert_eq!(refused.status_code, 405);
        assert!(refused.multi_value_headers.contains_key("allow"));
    });
}
