//! Requests and the answers that AWS gives: each with its source in `data-plane-cases.json`, and by what is so in
//! `facts.json`.

#[expect(dead_code, reason = "what signs calls of the control plane is for other tests")]
mod document;

use std::time::Duration;

use bluegate_core::gateway::Api;
use bluegate_core::openapi::Document;
use bluegate_gateway::plane::{
    Answer, ApiKey, Arrival, Call, Credential, Exchange, Gate, Headers, Next, Period, Quota, Request, Said, Stage,
    Throttle, Unreachable, UsagePlan,
};
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

const API: &str = "abcde12345";

/// What the function of an authorizer says: the cases say it in these words.
fn said(case: &Json, event: &Json, first: &str) -> Said {
    let arn = text(&event["methodArn"], "");
    let policy = |effect: &str, resource: &str| {
        let statement = json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource});
        Said::Answer(json!({"principalId": "user", "policyDocument": {"Statement": [statement]}}))
    };
    let answer = &case["setup"]["authorizer_answer"];
    if answer.is_object() {
        return Said::Answer(answer.clone());
    }
    match text(answer, "") {
        "" => policy("Allow", "*"),
        "policy with Effect Deny on this API" => policy("Deny", &format!("{}/*", arn.split('/').next().unwrap())),
        "object with principalId and context, without policyDocument" => {
            Said::Answer(json!({"principalId": "user", "context": {"a": "b"}}))
        }
        "Allow with Resource = the methodArn of the first call only" => policy("Allow", first),
        "raises Unauthorized" => Said::Error("Unauthorized".into()),
        other => panic!("{other}"),
    }
}

/// What stands behind the gateway in a case.
struct Backend<'a>(&'a Json);

impl Backend<'_> {
    fn answer(&self, call: &Call) -> Result<Answer, Unreachable> {
        let spec = self.0;
        if spec["refuse"] == true {
            return Err(Unreachable::Network("connection refused".to_owned()));
        }
        let delay = Duration::from_millis(spec["delay_ms"].as_u64().unwrap_or_default());
        if delay > call.timeout {
            return Err(Unreachable::TimedOut);
        }
        let mut headers: Headers = pairs(&spec["headers"]).into_iter().collect();
        let mut body = spec["body"].as_str().unwrap_or_default().to_owned();
        if spec["echo"] == true {
            body = json!({"method": call.method, "target": call.target}).to_string();
            for (name, value) in [
                ("Server", "backend"),
                ("Date", "Wed, 11 Dec 2024 15:29:02 GMT"),
                ("Content-Type", "application/json"),
            ] {
                headers.add(name, value);
            }
        }
        headers.set("Content-Length", body.len().to_string());
        Ok(Answer {
            status: spec["status"]
                .as_u64()
                .and_then(|status| status.try_into().ok())
                .unwrap_or(200),
            headers,
            body: body.into(),
        })
    }
}

/// Headers of a case: `{name: value}` or `{name: [value, value]}`.
fn pairs(headers: &Json) -> Vec<(String, String)> {
    let entries = headers.as_object().into_iter().flatten();
    let values = entries.flat_map(|(name, value)| {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        values
            .iter()
            .map(move |value| (name.clone(), text(value, "").to_owned()))
    });
    values.collect()
}

fn text<'a>(value: &'a Json, default: &'a str) -> &'a str {
    value.as_str().unwrap_or(default)
}

fn stage(case: &Json) -> Stage {
    let setup = &case["setup"];
    let document = document::of(case).to_string();
    let document: Document = document
        .replace("{API}", API)
        .replace("{BACKEND}", "http://127.0.0.1:3000")
        .parse()
        .unwrap();
    let mut stage = Stage::new(API, text(&setup["stage"], "dev"), Api::from(&document));
    stage.policy = document.policy();
    stage.binary_media_types.clone_from(&document.binary_media_types);
    text(&setup["region"], "us-east-1").clone_into(&mut stage.region);
    text(&setup["account"], "000000000000").clone_into(&mut stage.account_id);
    stage.access_log_format = setup["access_log_format"].as_str().map(str::to_owned);
    stage.variables = pairs(&setup["stage_variables"]).into_iter().collect();
    stage
}

fn gate(case: &Json) -> Gate {
    let mut gate = Gate::default();
    let account = text(&case["setup"]["account"], "000000000000");
    let test = json!([format!("test:test=arn:aws:iam::{account}:user/test")]);
    let credentials = case["setup"]["credentials"].as_array().or(test.as_array());
    let credentials = credentials.into_iter().flatten();
    gate.credentials = credentials
        .map(|one| text(one, "").parse::<Credential>().unwrap())
        .collect();
    for plan in case["setup"]["usage_plans"].as_array().into_iter().flatten() {
        let keys = plan["keys"].as_array().unwrap();
        gate.usage.keys.extend(keys.iter().map(|key| ApiKey {
            id: text(&key["id"], "").to_owned(),
            name: String::new(),
            value: text(&key["value"], "").to_owned(),
            is_enabled: key["enabled"] == true,
        }));
        let stages = plan["stages"].as_array().unwrap();
        gate.usage.plans.push(UsagePlan {
            id: "plan".into(),
            name: String::new(),
            description: None,
            stages: stages
                .iter()
                .map(|stage| (API.to_owned(), text(stage, "").to_owned()))
                .collect(),
            keys: keys.iter().map(|key| text(&key["id"], "").to_owned()).collect(),
            quota: plan["quota"]["limit"].as_u64().map(|limit| Quota {
                limit,
                offset: 0,
                period: match text(&plan["quota"]["period"], "") {
                    "DAY" => Period::Day,
                    "MONTH" => Period::Month,
                    other => panic!("{other}"),
                },
            }),
            throttle: plan["throttle"]["burstLimit"].as_u64().map(|burst| Throttle {
                burst: burst.try_into().unwrap(),
                rate: plan["throttle"]["rateLimit"].as_f64().unwrap(),
            }),
            ..UsagePlan::default()
        });
    }
    gate
}

fn request(step: &Json, first: &Credential, now: OffsetDateTime) -> Request {
    let (path, query) = text(&step["target"], "/")
        .split_once('?')
        .unwrap_or((text(&step["target"], "/"), ""));
    let behind = path.trim_start_matches('/');
    let mut headers: Headers = pairs(&step["headers"]).into_iter().collect();
    headers.add("Host", "127.0.0.1:4566");
    let body = match step["body_bytes"].as_u64() {
        Some(bytes) => vec![b'a'; usize::try_from(bytes).unwrap()].into(),
        None => text(&step["body"], "").to_owned().into(),
    };
    let mut request = Request {
        method: text(&step["method"], "GET").to_owned(),
        sent_path: path.to_owned(),
        path: behind.find('/').map_or("/", |at| &behind[at..]).to_owned(),
        query: query.to_owned(),
        headers,
        body,
    };
    let how = &step["sigv4"];
    if how.is_object() {
        let date = how["date"].as_str().map(str::to_owned);
        let signed = how["signed_headers"]
            .as_array()
            .map(|names| names.iter().map(|name| text(name, "").to_owned()));
        let signer = document::Signer {
            key: text(&how["key"], &first.access_key),
            secret: text(&how["secret"], &first.secret),
            token: how["token"].as_str().or(first.token.as_deref()),
            region: text(&how["region"], "us-east-1"),
            service: text(&how["service"], "execute-api"),
            date: date.unwrap_or_else(|| document::date(now)),
            signed: signed.map(Iterator::collect),
            expires: (how["form"] == "query").then(|| how["expires"].as_u64().unwrap_or(300)),
        };
        signer.sign(&mut request);
    }
    request
}

/// What differs from AWS.
fn wrong(case: &Json) -> Vec<String> {
    let (stage, mut gate) = (stage(case), gate(case));
    let echo = json!({"echo": true});
    let spec = &case["setup"]["backend"];
    let backend = Backend(if spec.is_null() { &echo } else { spec });
    let steps = |part: &str| {
        case[part]["steps"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![case[part].clone()])
    };
    let now = OffsetDateTime::from_unix_timestamp(1_790_327_994).unwrap();
    let mut wrong = Vec::new();
    let mut first = None;
    for (step, expected) in steps("request").iter().zip(steps("expect")) {
        let arrival = Arrival {
            time: now,
            source: "127.0.0.1".parse().unwrap(),
            seed: 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef,
        };
        let mut exchange = Exchange::new(&stage, request(step, &gate.credentials[0], now), arrival);
        let mut called = None;
        let mut next = exchange.start(&mut gate);
        let mut is_asked = false;
        if let Next::Ask(question) = &next {
            is_asked = true;
            let first = first.get_or_insert_with(|| text(&question.event["methodArn"], "").to_owned());
            next = exchange.authorize(&mut gate, Ok(said(case, &question.event, first)), Duration::ZERO);
        }
        if expected["authorizer"]["called"]
            .as_bool()
            .is_some_and(|called| called != is_asked)
        {
            wrong.push(format!("authorizer called: {is_asked}"));
        }
        let answer = match next {
            Next::Ask(_) | Next::Invoke(_) => panic!("no function stands behind a method of a case"),
            Next::Answer(answer) => answer,
            Next::Call(call) => {
                let said = backend.answer(&call);
                called = Some(call);
                exchange.finish(said, Duration::from_millis(5))
            }
        };
        wrong.extend(wrong_answer(&expected, &answer));
        wrong.extend(wrong_call(&expected["backend"], called.as_ref()));
        if let Some(pattern) = expected["log"]["access_regex"].as_str() {
            let line = exchange.access_line(Duration::from_millis(6)).unwrap_or_default();
            wrong.extend((!fits(pattern, &line)).then(|| format!("access log: {line}")));
        }
        if let Some(part) = expected["log"].as_str() {
            let log = exchange.execution_log();
            let has = log.iter().any(|line| line.contains(part));
            wrong.extend((!has).then(|| format!("execution log: {log:?}")));
        }
    }
    wrong
}

fn fits(pattern: &str, text: &str) -> bool {
    fancy_regex::Regex::new(pattern).unwrap().is_match(text).unwrap()
}

fn wrong_answer(expected: &Json, answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    let body = String::from_utf8_lossy(&answer.body);
    if expected["status"].is_u64() && expected["status"] != answer.status {
        wrong.push(format!("status {}", answer.status));
    }
    let is_body = match (&expected["body"], &expected["body_json"]) {
        (Json::String(exact), _) => *exact == body,
        (_, Json::Null) => true,
        (_, value) => serde_json::from_str::<Json>(&body).is_ok_and(|body| body == *value),
    };
    let begins = body.starts_with(text(&expected["body_prefix"], ""));
    if !is_body || !begins || !fits(text(&expected["body_regex"], ""), &body) {
        wrong.push(format!("body {body}"));
    }
    // Whoever writes the answer to the wire counts its bytes.
    let mut headers = answer.headers.clone();
    headers.set("content-length", answer.body.len().to_string());
    wrong.extend(wrong_headers(expected, &headers));
    wrong
}

fn wrong_call(expected: &Json, call: Option<&Call>) -> Vec<String> {
    let called = expected["called"].as_bool();
    if called.is_some_and(|called| called != call.is_some()) {
        return vec![format!("backend called: {}", call.is_some())];
    }
    let Some(call) = call else { return Vec::new() };
    let mut wrong = Vec::new();
    let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
    let body = String::from_utf8_lossy(&call.body);
    for (key, found) in [
        ("method", &*call.method),
        ("target", &call.target),
        ("path", path),
        ("body", &body),
    ] {
        if expected[key].as_str().is_some_and(|text| text != found) {
            wrong.push(format!("backend: {key} {found}"));
        }
    }
    if let Some(pairs) = expected["query"].as_array() {
        let mut pairs: Vec<String> = pairs
            .iter()
            .map(|pair| format!("{}={}", text(&pair[0], ""), text(&pair[1], "")))
            .collect();
        let decoded = |part: &str| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8_lossy()
                .into_owned()
        };
        let mut found: Vec<String> = query.split('&').filter(|part| !part.is_empty()).map(decoded).collect();
        pairs.sort();
        found.sort_unstable();
        if pairs != found {
            wrong.push(format!("backend: query {query}"));
        }
    }
    wrong.extend(
        wrong_headers(expected, &call.headers)
            .into_iter()
            .map(|text| format!("backend: {text}")),
    );
    wrong
}

fn wrong_headers(expected: &Json, headers: &Headers) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        // Several lines are one with commas (RFC 9110, 5.2).
        let found: Vec<&str> = headers.all(name).collect();
        let found = Some(found.join(", ")).filter(|_| !found.is_empty());
        let is_right = match value {
            Json::String(exact) => found.as_deref() == Some(exact.replace("{API}", API).as_str()),
            pattern => found
                .as_deref()
                .is_some_and(|found| fits(text(&pattern["regex"], ""), found)),
        };
        if !is_right {
            wrong.push(format!("{name} is {found:?}"));
        }
    }
    for name in expected["headers_absent"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
    {
        if let Some(found) = headers.get(name) {
            wrong.push(format!("{name} is {found}, and should be absent"));
        }
    }
    wrong
}

fn failed(cases: &str) -> Vec<String> {
    let cases: Json = serde_json::from_str(cases).unwrap();
    let mut failed = Vec::new();
    for case in cases["cases"].as_array().unwrap() {
        let id = text(&case["id"], "");
        let wrong = wrong(&serde_json::from_str(&case.to_string().replace("{API}", API)).unwrap());
        if !wrong.is_empty() {
            failed.push(format!("{id}: {wrong:?}"));
        }
    }
    failed
}

#[test]
fn requests_are_answered_as_aws_answers_them() {
    let failed = failed(include_str!("data-plane-cases.json"));
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn what_is_known_of_aws_is_so_here() {
    let failed = failed(include_str!("facts.json"));
    assert!(failed.is_empty(), "{failed:#?}");
}
