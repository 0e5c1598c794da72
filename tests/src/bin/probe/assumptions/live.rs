//! Trying methods of the draft, and calling what is deployed.

use serde_json::json;

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::Stand;
use crate::wire::{Call, Stopped};

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "test-any",
        sentence: "`TestInvokeMethod` tries an any-method with the verb of a request, or answers that there is no such method.",
        evidence: Evidence::Unverified,
        if_wrong: "A smoke request of the draft fails: the deployment ends before it is served, and is undone.",
        place: "deploy/src/steps/trial.rs",
        ask: Ask::Free(15, |stand| Box::pin(test_any(stand))),
    },
    Assumption {
        name: "test-content-type",
        sentence: "`TestInvokeMethod` calls every method with `application/json`, whatever the request says.",
        evidence: Evidence::Used,
        if_wrong: "Nothing: a smoke request with another type is made after the deployment only.",
        place: "deploy/src/steps/trial.rs",
        ask: Ask::Free(15, |stand| Box::pin(test_content_type(stand))),
    },
    Assumption {
        name: "test-failing",
        sentence: "`TestInvokeMethod` succeeds for a method that fails, and tells its status.",
        evidence: Evidence::Recorded,
        if_wrong: "A method that fails counts as one that could not be tried: the live smoke requests find it.",
        place: "deploy/src/sdk/client/calls.rs",
        ask: Ask::Free(15, |stand| Box::pin(test_failing(stand))),
    },
    Assumption {
        name: "live-lag",
        sentence: "A stage that was moved serves what it served before for some seconds, a minute at most.",
        evidence: Evidence::Unverified,
        if_wrong: "A smoke request without `digest` may be answered by the old deployment; a new one that comes too late is undone.",
        place: "deploy/src/steps/smoke.rs",
        ask: Ask::Free(80, |stand| Box::pin(live_lag(stand))),
    },
    Assumption {
        name: "live-unsigned",
        sentence: "A call without a signature of a method that takes one is refused with 403 and `x-amzn-ErrorType: MissingAuthenticationTokenException`, and so is an unknown path.",
        evidence: Evidence::Used,
        if_wrong: "A warning says that it is not known whether a signature is asked for. A call that is let in undoes the deployment.",
        place: "deploy/src/steps/smoke.rs",
        ask: Ask::Free(70, |stand| Box::pin(live_unsigned(stand))),
    },
    Assumption {
        name: "live-gateway-headers",
        sentence: "An answer that API Gateway had a hand in has `x-amz-apigw-id`, `x-amzn-requestid` or `x-amzn-errortype`.",
        evidence: Evidence::Documented,
        if_wrong: "A smoke request takes a proxy's answer for the API's, or the API's for a proxy's.",
        place: "deploy/src/sdk/invoke.rs",
        ask: Ask::Free(70, |stand| Box::pin(live_gateway_headers(stand))),
    },
];

async fn test_any(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut said = Vec::new();
    let mut is_right = false;
    for verb in ["GET", "ANY"] {
        let tested = stand
            .test(&id, "/any", verb, json!({"pathWithQueryString": "/any"}))
            .await?;
        if verb == "GET" {
            let says_none = tested.message().contains("Invalid Method identifier");
            is_right = tested.cause.is_none() || (tested.kind() == "not_found" && says_none);
        }
        said.push(format!("{verb}: {}, status {}", tested.brief(), tested.json["status"]));
    }
    Ok(Finding::of(is_right, said.join("; ")))
}

async fn test_content_type(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::base("16");
    let mut method = documents::mock("16");
    method["responses"]["201"] = json!({"description": "text"});
    let integration = &mut method["x-amazon-apigateway-integration"];
    integration["requestTemplates"]["text/plain"] = "{\"statusCode\": 201}".into();
    integration["responses"]["201"] = json!({"statusCode": "201"});
    document["paths"]["/typed"] = json!({"post": method});
    stand.put(&id, &document).await?.ok()?;
    stand.settle(&id).await?;
    let request = json!({"pathWithQueryString": "/typed", "headers": {"Content-Type": "text/plain"}, "body": "x"});
    let tested = stand.test(&id, "/typed", "POST", request).await?.ok()?;
    let status = &tested.json["status"];
    Ok(Finding::of(
        *status == json!(200),
        format!(
            "with text/plain the template of {} was taken",
            match status.as_u64() {
                Some(200) => "application/json",
                Some(201) => "text/plain",
                _ => "neither",
            }
        ),
    ))
}

async fn test_failing(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = documents::base("17");
    let mut method = documents::mock("17");
    // A template that names no status.
    method["x-amazon-apigateway-integration"]["requestTemplates"]["application/json"] = "{}".into();
    document["paths"]["/failing"] = json!({"get": method});
    stand.put(&id, &document).await?.ok()?;
    stand.settle(&id).await?;
    let tested = stand
        .test(&id, "/failing", "GET", json!({"pathWithQueryString": "/failing"}))
        .await?;
    let status = &tested.json["status"];
    Ok(Finding::of(
        tested.cause.is_none() && *status == json!(500),
        format!("the call: {}; the method: {status}", tested.brief()),
    ))
}

/// Whether an answer is that of a version.
fn is_version(answer: &Call, version: &str) -> bool {
    answer.status == 200 && answer.json["version"] == version
}

async fn live_lag(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    stand.visit_until(&id, "/", |answer| is_version(answer, "1")).await?;
    stand.put(&id, &documents::base("2")).await?.ok()?;
    stand.settle(&id).await?;
    stand.serve(&id).await?;
    let (answer, first) = stand.visit_until(&id, "/", |answer| is_version(answer, "2")).await?;
    let mut old = 0;
    for _ in 0..10 {
        let again = stand.visit(&id, "GET", "/", &[]).await?;
        old += u32::from(!is_version(&again, "2"));
    }
    Ok(Finding::of(
        is_version(&answer, "2"),
        format!("the new one answered after {first} s; of ten answers after that {old} were not its"),
    ))
}

async fn live_unsigned(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    stand.visit_until(&id, "/", |answer| answer.status == 200).await?;
    let mut said = Vec::new();
    let mut is_right = true;
    for (what, path) in [
        ("a method that takes a signature", "/closed"),
        ("an unknown path", "/nothing"),
    ] {
        let answer = stand.visit(&id, "GET", path, &[]).await?;
        is_right &= answer.status == 403 && answer.code() == "MissingAuthenticationTokenException";
        said.push(format!(
            "{what}: {} {} \"{}\"",
            answer.status,
            answer.code(),
            answer.message()
        ));
    }
    Ok(Finding::of(is_right, said.join("; ")))
}

async fn live_gateway_headers(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let (answer, _) = stand.visit_until(&id, "/", |answer| answer.status == 200).await?;
    let refused = stand.visit(&id, "GET", "/nothing", &[]).await?;
    let has = |answer: &Call| {
        let names = ["x-amz-apigw-id", "x-amzn-requestid", "x-amzn-errortype"];
        let there = names.into_iter().filter(|name| answer.headers.contains_key(*name));
        there.collect::<Vec<_>>()
    };
    Ok(Finding::of(
        !has(&answer).is_empty() && !has(&refused).is_empty(),
        format!(
            "{} has {}; {} has {}",
            answer.status,
            has(&answer).join(", "),
            refused.status,
            has(&refused).join(", ")
        ),
    ))
}
