//! Where a deployed stage answers.

/// The URL of a stage.
///
/// With an endpoint that is not AWS's, it is the one of an emulator that serves stages below
/// `/_aws/execute-api`, as LocalStack does.
///
/// ```
/// use bluegate_deploy::deploy::invoke_url;
///
/// assert_eq!(
///     invoke_url("eu-west-1", None, "abc123", "dev"),
///     "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"
/// );
/// assert_eq!(
///     invoke_url("eu-west-1", Some("http://127.0.0.1:4566"), "abc123", "dev"),
///     "http://127.0.0.1:4566/_aws/execute-api/abc123/dev"
/// );
/// ```
#[must_use]
pub fn invoke_url(region: &str, endpoint: Option<&str>, rest_api_id: &str, stage: &str) -> String {
    match endpoint {
        Some(endpoint) if !is_aws(endpoint) => {
            let endpoint = endpoint.trim_end_matches('/');
            format!("{endpoint}/_aws/execute-api/{rest_api_id}/{stage}")
        }
        _ => {
            let suffix = dns_suffix(region);
            format!("https://{rest_api_id}.execute-api.{region}.{suffix}/{stage}")
        }
    }
}

/// Whether an endpoint is a front door of AWS itself, such as a VPC endpoint.
#[must_use]
pub fn is_aws(endpoint: &str) -> bool {
    let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"]
        .iter()
        .any(|suffix| host.ends_with(suffix))
}

/// The DNS suffix of a region's partition.
fn dns_suffix(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "amazonaws.com.cn",
        region if region.starts_with("us-iso-") => "c2s.ic.gov",
        region if region.starts_with("us-isob-") => "sc2s.sgov.gov",
        region if region.starts_with("eusc-") => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn china_has_a_suffix_of_its_own() {
        assert_eq!(
            invoke_url("cn-north-1", None, "a", "v1"),
            "https://a.execute-api.cn-north-1.amazonaws.com.cn/v1"
        );
    }

    #[test]
    fn a_vpc_endpoint_of_aws_is_no_emulator() {
        let endpoint = "https://vpce-1.apigateway.eu-west-1.vpce.amazonaws.com";
        assert!(invoke_url("eu-west-1", Some(endpoint), "a", "v1").starts_with("https://a.execute-api."));
    }
}
