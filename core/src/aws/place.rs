//! Where AWS is: the partitions, the names of what is in them, and how an endpoint is told from AWS's own.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A part of AWS with accounts, names and domains of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// The second part of the ARNs of everything in it.
    pub id: &'static str,
    /// What its regions begin with; a word and a number follow.
    heads: &'static [&'static str],
    /// What the names of its hosts end with.
    pub dns_suffix: &'static str,
    /// The same for hosts that have an IPv6 address too.
    pub dual_stack_suffix: &'static str,
}

/// All partitions, as the SDKs know them
/// ([`partitions.json` of botocore](https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json)).
pub const PARTITIONS: [Partition; 8] = [
    Partition {
        id: "aws",
        heads: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        dns_suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
    },
    Partition {
        id: "aws-cn",
        heads: &["cn"],
        dns_suffix: "amazonaws.com.cn",
        dual_stack_suffix: "api.amazonwebservices.com.cn",
    },
    Partition {
        id: "aws-eusc",
        heads: &["eusc-de"],
        dns_suffix: "amazonaws.eu",
        dual_stack_suffix: "api.amazonwebservices.eu",
    },
    Partition {
        id: "aws-iso",
        heads: &["us-iso"],
        dns_suffix: "c2s.ic.gov",
        dual_stack_suffix: "api.aws.ic.gov",
    },
    Partition {
        id: "aws-iso-b",
        heads: &["us-isob"],
        dns_suffix: "sc2s.sgov.gov",
        dual_stack_suffix: "api.aws.scloud",
    },
    Partition {
        id: "aws-iso-e",
        heads: &["eu-isoe"],
        dns_suffix: "cloud.adc-e.uk",
        dual_stack_suffix: "api.cloud-aws.adc-e.uk",
    },
    Partition {
        id: "aws-iso-f",
        heads: &["us-isof"],
        dns_suffix: "csp.hci.ic.gov",
        dual_stack_suffix: "api.aws.hci.ic.gov",
    },
    Partition {
        id: "aws-us-gov",
        heads: &["us-gov"],
        dns_suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
    },
];

impl Partition {
    /// The partition that a region is in. A name that fits none is taken for one of `aws`, as the SDKs do.
    ///
    /// ```
    /// use bluegate_core::aws::Partition;
    ///
    /// assert_eq!(Partition::of("eu-west-1").id, "aws");
    /// assert_eq!(Partition::of("us-gov-west-1").id, "aws-us-gov");
    /// assert_eq!(Partition::of("cn-north-1").dns_suffix, "amazonaws.com.cn");
    /// ```
    #[must_use]
    pub fn of(region: &str) -> &'static Self {
        let is_in = |partition: &&Self| {
            let is_global = region.strip_suffix("-global") == Some(partition.id);
            is_global || head(region).is_some_and(|head| partition.heads.contains(&head))
        };
        PARTITIONS.iter().find(is_in).unwrap_or(&PARTITIONS[0])
    }

    /// The name of a resource: of any account where `account` is empty.
    ///
    /// ```
    /// use bluegate_core::aws::Partition;
    ///
    /// let arn = Partition::arn("apigateway", "cn-north-1", "", "/restapis/abc");
    /// assert_eq!(arn, "arn:aws-cn:apigateway:cn-north-1::/restapis/abc");
    /// ```
    #[must_use]
    pub fn arn(service: &str, region: &str, account: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{region}:{account}:{resource}", Self::of(region).id)
    }
}

/// What stands before the last word and the number of a region: `us-gov` of `us-gov-west-1`.
fn head(region: &str) -> Option<&str> {
    let (rest, number) = region.rsplit_once('-')?;
    let (head, word) = rest.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_number && is_word).then_some(head)
}

/// Whether a text has the form of a region's name: words and a number.
///
/// ```
/// use bluegate_core::aws::is_region;
///
/// assert!(is_region("us-gov-west-1"));
/// assert!(!is_region("mars"));
/// ```
#[must_use]
pub fn is_region(text: &str) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    text.rsplit_once('-').is_some_and(|(place, number)| {
        place.contains('-') && place.split('-').all(word) && number.len() <= 2 && number.parse::<u8>().is_ok()
    })
}

/// Where a deployed stage answers.
///
/// ```
/// use bluegate_core::aws::invoke_url;
///
/// assert_eq!(
///     invoke_url("eu-west-1", "abc123", "dev"),
///     "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"
/// );
/// ```
#[must_use]
pub fn invoke_url(region: &str, rest_api_id: &str, stage: &str) -> String {
    let suffix = Partition::of(region).dns_suffix;
    format!("https://{rest_api_id}.execute-api.{region}.{suffix}/{stage}")
}

/// What answers calls of API Gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Amazon API Gateway, with all guards.
    #[default]
    Aws,
    /// Something that stands in for it on a developer's machine, and does less.
    Emulator,
}

/// The account that LocalStack gives to everybody, and AWS to nobody.
pub const EMULATED_ACCOUNT: &str = "000000000000";

impl Service {
    /// What an endpoint is of, by its name. `None` for a name that tells nothing: it may be that of a reverse proxy, or
    /// a private name of AWS, and is taken for AWS unless somebody says otherwise.
    ///
    /// Of an emulator are this machine, and a private name one of whose words is `localstack`, `moto` or `emulator`.
    ///
    /// ```
    /// use bluegate_core::aws::Service;
    ///
    /// assert_eq!(Service::at(None), Some(Service::Aws));
    /// assert_eq!(Service::at(Some("http://127.0.0.1:4566")), Some(Service::Emulator));
    /// assert_eq!(Service::at(Some("http://localstack:4566")), Some(Service::Emulator));
    /// assert_eq!(Service::at(Some("https://aws-proxy.example.com")), None);
    /// ```
    #[must_use]
    pub fn at(endpoint: Option<&str>) -> Option<Self> {
        match endpoint.map(host) {
            None => Some(Service::Aws),
            Some(host) if is_aws_host(&host) => Some(Service::Aws),
            Some(host) if is_loopback(&host) || is_named_emulator(&host) => Some(Service::Emulator),
            Some(_) => None,
        }
    }

    /// The URL of a stage: AWS's own, whatever stands in front of its API, or the one below `/_aws/execute-api` that
    /// emulators serve stages at.
    ///
    /// ```
    /// use bluegate_core::aws::Service;
    ///
    /// let at = Some("http://127.0.0.1:4566");
    /// assert_eq!(
    ///     Service::Emulator.stage_url(at, "eu-west-1", "abc123", "dev"),
    ///     "http://127.0.0.1:4566/_aws/execute-api/abc123/dev"
    /// );
    /// assert!(Service::Aws.stage_url(at, "eu-west-1", "abc123", "dev").starts_with("https://abc123.execute-api."));
    /// ```
    #[must_use]
    pub fn stage_url(self, endpoint: Option<&str>, region: &str, rest_api_id: &str, stage: &str) -> String {
        match (self, endpoint) {
            (Service::Emulator, Some(endpoint)) => {
                let endpoint = endpoint.trim_end_matches('/');
                format!("{endpoint}/_aws/execute-api/{rest_api_id}/{stage}")
            }
            _ => invoke_url(region, rest_api_id, stage),
        }
    }
}

/// The host of a URL, in small letters.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.split_once(']') {
        Some((address, _)) => address.trim_start_matches('['),
        None => place.split(':').next().unwrap_or(place),
    };
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Whether a host is one of AWS itself, in whichever partition, VPC endpoints included.
fn is_aws_host(host: &str) -> bool {
    let suffixes = PARTITIONS
        .iter()
        .flat_map(|one| [one.dns_suffix, one.dual_stack_suffix]);
    let mut starts = suffixes.filter_map(|suffix| host.strip_suffix(suffix));
    starts.any(|start| start.ends_with('.'))
}

/// Whether a URL leads to this machine: `localhost` and what is below it
/// ([RFC 6761](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)), `127.0.0.0/8` and `::1`.
#[must_use]
pub fn is_this_machine(url: &str) -> bool {
    is_loopback(&host(url))
}

/// Endings of names that no public DNS server answers
/// ([special-use names](https://www.iana.org/assignments/special-use-domain-names), and those of clusters and VPCs).
#[cfg(feature = "gateway")]
const NOT_PUBLIC: [&str; 5] = [".local", ".internal", ".localhost", ".test", ".home.arpa"];

/// Why API Gateway cannot call a URL over the internet, as the end of a sentence. `None` where it can, and where nobody
/// knows.
#[cfg(feature = "gateway")]
pub(super) fn out_of_reach(url: &str, rest_api_id: Option<&str>) -> Option<&'static str> {
    let host = host(url);
    if host.contains(['$', '{', '}']) {
        return None;
    }
    let is_own = |id: &str| {
        let rest = host.strip_prefix(id.to_ascii_lowercase().as_str());
        rest.is_some_and(|rest| rest.starts_with(".execute-api.") && is_aws_host(rest))
    };
    if rest_api_id.is_some_and(is_own) {
        return Some("is the API itself: it would call itself without end");
    }
    if is_loopback(&host) {
        return Some("leads to the machine that calls it: API Gateway cannot reach yours");
    }
    let is_private = match (host.parse::<Ipv4Addr>(), host.parse::<Ipv6Addr>()) {
        (Ok(address), _) => {
            let shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_private() || address.is_link_local() || address.is_unspecified() || shared
        }
        (_, Ok(address)) => address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified(),
        _ => {
            let is_name = !host.is_empty() && !host.contains('.');
            is_name || NOT_PUBLIC.iter().any(|end| host.ends_with(end))
        }
    };
    is_private.then_some("is a private address: API Gateway cannot reach it over the internet")
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

/// Endings of names that no public DNS server answers, and the one of LocalStack's that leads to this machine.
const PRIVATE: [&str; 4] = [".local", ".internal", ".test", ".localstack.cloud"];
/// Words that say it.
const EMULATORS: [&str; 3] = ["localstack", "moto", "emulator"];

fn is_named_emulator(host: &str) -> bool {
    let is_private = !host.contains('.') || PRIVATE.iter().any(|end| host.ends_with(end));
    is_private && host.split(['.', '-', '_']).any(|word| EMULATORS.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_of_the_sdks_has_its_partition_and_suffixes() {
        let mut seen = 0;
        for line in include_str!("regions.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let words: Vec<&str> = line.split(' ').collect();
            let [region, id, dns, dual_stack] = words.as_slice() else {
                panic!("{line}");
            };
            let partition = Partition::of(region);
            let found = [partition.id, partition.dns_suffix, partition.dual_stack_suffix];
            assert_eq!(found, [*id, *dns, *dual_stack], "{region}");
            assert_eq!(
                invoke_url(region, "a", "v1"),
                format!("https://a.execute-api.{region}.{dns}/v1")
            );
            for suffix in [dns, dual_stack] {
                let endpoint = format!("https://vpce-1.apigateway.{region}.vpce.{suffix}/");
                assert_eq!(Service::at(Some(&endpoint)), Some(Service::Aws), "{endpoint}");
            }
            seen += 1;
        }
        assert!(seen > 40, "{seen}");
        for partition in &PARTITIONS {
            let known = include_str!("regions.txt").contains(&format!(" {} ", partition.id));
            assert!(known, "{}", partition.id);
        }
    }

    #[test]
    fn a_name_that_fits_no_region_is_taken_for_one_of_the_first_partition() {
        for region in ["", "*", "local", "us-gov", "us-gov-west", "cn-north-x", "eu-west-1-a"] {
            assert_eq!(Partition::of(region).id, "aws", "{region}");
        }
    }

    #[test]
    fn this_machine_and_private_names_that_say_so_are_emulators() {
        for endpoint in [
            "http://localhost:4566",
            "http://LOCALHOST",
            "http://api.localhost/x",
            "http://127.0.0.1:4566/x",
            "http://127.9.9.9",
            "http://me:word@[::1]:80",
            "http://localstack:4566",
            "http://localstack-main:4566",
            "http://localstack.default.svc.cluster.local",
            "http://my_moto.test/",
            "http://emulator.corp.internal:80",
            "https://localhost.localstack.cloud:4566",
        ] {
            assert_eq!(Service::at(Some(endpoint)), Some(Service::Emulator), "{endpoint}");
        }
    }

    #[test]
    fn no_unknown_name_is_an_emulator() {
        for endpoint in [
            "https://aws-proxy.example.com",
            "https://apigateway.corp.internal",
            "http://10.0.0.1/localhost",
            "http://proxy:4566",
            "http://localhost.example.com",
            "http://127.evil.com",
            "http://127.0.0.1.example.com",
            "http://localstack.example.com",
            "http://motorola.local",
            "http://example.com/?localhost",
            "http://localhost@example.com",
            "https://amazonaws.com.example.org",
            "https://evilamazonaws.com",
            "http://[fe80::1]",
        ] {
            assert_eq!(Service::at(Some(endpoint)), None, "{endpoint}");
        }
        for endpoint in [
            "https://apigateway.eusc-de-east-1.amazonaws.eu",
            "https://apigateway.us-iso-east-1.c2s.ic.gov:443/",
            "https://APIGATEWAY.eu-west-1.api.aws.",
            "https://localstack.vpce.amazonaws.com",
        ] {
            assert_eq!(Service::at(Some(endpoint)), Some(Service::Aws), "{endpoint}");
        }
    }
}
