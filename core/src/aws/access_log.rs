//! Where API Gateway writes a line for each request, and which
//! ([`AccessLogSettings`](https://docs.aws.amazon.com/apigateway/latest/api/API_AccessLogSettings.html),
//! [access logging](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html)).

use crate::diagnostic::Diagnostics;
use crate::file::AccessLogEntry;

use super::place::Partition;
use super::refuse::stage_setting as refuse;

/// What the name of a Firehose stream begins with.
const STREAM: &str = "amazon-apigateway-";
/// One of them is in every line.
const IDS: [&str; 2] = ["$context.requestId", "$context.extendedRequestId"];

const GROUP_HELP: &str = "write it as `arn:aws:logs:eu-west-1:123456789012:log-group:NAME`";
const STREAM_HELP: &str = "write it as `arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-NAME`";

pub(super) fn check(log: &AccessLogEntry, found: &mut Diagnostics) {
    if let Some(destination) = &log.destination
        && let Some((message, help)) = wrong_destination(destination)
    {
        refuse(
            format!("the destination of the access log {message}"),
            destination.span,
            help,
            found,
        );
    }
    let Some(format) = &log.format else { return };
    let is_there = |id: &str| {
        let mut behind = format.match_indices(id).map(|(at, _)| &format[at + id.len()..]);
        behind.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    if !IDS.into_iter().any(is_there) {
        refuse(
            "the format of the access log has no id of the request",
            format.span,
            "put `$context.requestId` into it",
            found,
        );
    }
    if format.trim_end_matches(['\r', '\n']).contains(['\r', '\n']) {
        refuse(
            "the format of the access log has more than one line",
            format.span,
            "write it in one line; API Gateway takes a line break at its end only",
            found,
        );
    }
}

/// What is wrong with a destination, and what to write.
fn wrong_destination(arn: &str) -> Option<(String, &'static str)> {
    let both = "give the ARN of a log group, or of a Firehose stream whose name begins with `amazon-apigateway-`";
    let mut parts = arn.splitn(6, ':');
    let mut part = || parts.next().unwrap_or_default();
    let (head, partition, service, region, account, resource) = (part(), part(), part(), part(), part(), part());
    if head != "arn" || resource.is_empty() {
        return Some(("is no ARN".to_owned(), both));
    }
    let help = match service {
        "logs" => GROUP_HELP,
        "firehose" => STREAM_HELP,
        _ => return Some(("is neither a log group nor a Firehose stream".to_owned(), both)),
    };
    let known = Partition::of(region).id;
    if region.is_empty() || !region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Some(("has no region in its ARN".to_owned(), help));
    }
    if partition != known {
        let message = format!("has an ARN of another partition than its region: that one is in `{known}`");
        return Some((message, help));
    }
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(("has no account in its ARN".to_owned(), help));
    }
    let wrong = if service == "logs" {
        wrong_group(resource)
    } else {
        wrong_stream(resource)
    };
    wrong.map(|(message, special)| (message.to_owned(), special.unwrap_or(help)))
}

/// A name has letters, digits and `.-_/#`, 512 at most
/// ([`CreateLogGroup`](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html)).
fn wrong_group(resource: &str) -> Option<(&'static str, Option<&'static str>)> {
    let Some(name) = resource.strip_prefix("log-group:") else {
        return Some(("is no log group", None));
    };
    if name.ends_with(":*") {
        let help = "leave out the `:*` at its end: API Gateway takes the ARN of the group itself";
        return Some(("is the ARN of all streams of a log group", Some(help)));
    }
    if name.contains(":log-stream:") {
        let help = "leave out `:log-stream:` and what follows: API Gateway makes the streams";
        return Some(("is a stream of a log group", Some(help)));
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#".contains(&byte);
    let is_name = (1..=512).contains(&name.len()) && name.bytes().all(fits);
    (!is_name).then_some(("has a name that no log group has", None))
}

fn wrong_stream(resource: &str) -> Option<(&'static str, Option<&'static str>)> {
    let Some(name) = resource.strip_prefix("deliverystream/") else {
        return Some(("is no Firehose stream", None));
    };
    let help = "API Gateway writes only to streams whose names begin with `amazon-apigateway-`";
    (!name.starts_with(STREAM)).then_some(("is a Firehose stream of another name", Some(help)))
}

#[cfg(test)]
mod tests {
    use crate::{Code, Source, read_aws};

    /// The findings of an access log, as far as the place that each is at.
    fn found(log: &str) -> Vec<(Code, String)> {
        let text = format!(r#"{{"apiGateway": {{"stages": {{"dev": {{"accessLog": {log}}}}}}}}}"#);
        let source = Source::new("aws.json", text.clone()).secret();
        let found = read_aws(&source).diagnostics;
        let place = |span: crate::Span| text[span.start..span.end].to_owned();
        found.iter().map(|one| (one.code, place(one.span.unwrap()))).collect()
    }

    #[test]
    fn destinations_that_api_gateway_refuses_are_refused() {
        for arn in [
            "log-group",
            "arn:aws:logs",
            "arn:aws:logs:eu-west-1:123456789012:log-group:shop:*",
            "arn:aws:logs:eu-west-1:123456789012:log-group:shop:log-stream:a",
            "arn:aws:logs:eu-west-1:123456789012:log-group:",
            "arn:aws:logs:eu-west-1:123456789012:log-group:a b",
            "arn:aws:logs:eu-west-1:123456789012:destination:shop",
            "arn:aws:logs::123456789012:log-group:shop",
            "arn:aws:logs:eu-west-1::log-group:shop",
            "arn:aws:logs:eu-west-1:1234:log-group:shop",
            "arn:aws:logs:cn-north-1:123456789012:log-group:shop",
            "arn:aws-cn:logs:eu-west-1:123456789012:log-group:shop",
            "arn:aws:firehose:eu-west-1:123456789012:deliverystream/shop",
            "arn:aws:firehose:eu-west-1:123456789012:deliverystream/Amazon-ApiGateway-shop",
            "arn:aws:firehose:eu-west-1:123456789012:amazon-apigateway-shop",
            "arn:aws:kinesis:eu-west-1:123456789012:stream/amazon-apigateway-shop",
            "arn:aws:s3:::amazon-apigateway-shop",
        ] {
            let quoted = format!("\"{arn}\"");
            let expected = [(Code::StageSetting, quoted.clone())];
            assert_eq!(found(&format!(r#"{{"destination": {quoted}}}"#)), expected, "{arn}");
        }
    }

    #[test]
    fn destinations_that_api_gateway_takes_are_taken() {
        for arn in [
            "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/api-gateway/Shop_v1.2#a",
            "arn:aws-cn:logs:cn-north-1:123456789012:log-group:shop",
            "arn:aws-us-gov:logs:us-gov-west-1:123456789012:log-group:shop",
            "arn:aws-eusc:logs:eusc-de-east-1:123456789012:log-group:shop",
            "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-shop",
        ] {
            assert_eq!(found(&format!(r#"{{"destination": "{arn}"}}"#)), [], "{arn}");
        }
    }

    #[test]
    fn a_format_has_an_id_of_the_request_in_one_line() {
        for format in [
            "$context.identity.sourceIp $context.status",
            "$context.requestIdentity",
            "requestId",
            "",
            "$context.requestId\\n$context.status",
            "{\\n  \\\"id\\\": \\\"$context.requestId\\\"\\n}\\n",
        ] {
            let quoted = format!("\"{format}\"");
            let expected = [(Code::StageSetting, quoted.clone())];
            assert_eq!(found(&format!(r#"{{"format": {quoted}}}"#)), expected, "{format}");
        }
        for format in [
            "$context.requestId",
            "$context.extendedRequestId $context.status\\n",
            "{\\\"id\\\":\\\"$context.requestId\\\",\\\"ip\\\":\\\"$context.identity.sourceIp\\\"}",
            "$context.requestIdentity,$context.requestId",
        ] {
            assert_eq!(found(&format!(r#"{{"format": "{format}"}}"#)), [], "{format}");
        }
    }
}
