//! `$context`
//! ([variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html)).

use super::message::{Arrival, Request};
use super::stage::Stage;
use super::value::Value;

/// What is known of a request when it comes.
pub(super) fn of(stage: &Stage, request: &Request, verb: &str, arrival: &Arrival) -> Value {
    let mut context = Value::Map(Vec::with_capacity(24));
    let host = request.headers.get("host").unwrap_or_default();
    let prefix = host.split(['.', ':']).next().unwrap_or_default();
    let path = match stage.is_at_root {
        true => request.path.clone(),
        false => format!("/{}{}", stage.name, request.path),
    };
    for (name, text) in [
        ("requestId", arrival.request_id(request.headers.get("x-amzn-requestid"))),
        ("extendedRequestId", arrival.extended_id()),
        ("accountId", stage.account_id.clone()),
        ("apiId", stage.rest_api_id.clone()),
        ("stage", stage.name.clone()),
        ("deploymentId", stage.deployment_id.clone()),
        ("domainName", host.to_owned()),
        ("domainPrefix", prefix.to_owned()),
        ("httpMethod", verb.to_owned()),
        ("path", path),
        // Of HTTP/2 clients too.
        ("protocol", "HTTP/1.1".to_owned()),
        ("requestTime", common_log_time(arrival)),
        ("identity.sourceIp", arrival.source.to_string()),
    ] {
        context.set(name, text);
    }
    let milliseconds = i64::try_from(arrival.time.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
    context.set("requestTimeEpoch", milliseconds);
    if let Some(agent) = request.headers.get("user-agent") {
        context.set("identity.userAgent", agent);
    }
    context
}

/// Such as `25/Sep/2026:09:19:54 +0000`.
fn common_log_time(arrival: &Arrival) -> String {
    let time = arrival.time.to_offset(time::UtcOffset::UTC);
    let month = time.month().to_string();
    format!(
        "{:02}/{}/{}:{:02}:{:02}:{:02} +0000",
        time.day(),
        &month[..3],
        time.year(),
        time.hour(),
        time.minute(),
        time.second()
    )
}
