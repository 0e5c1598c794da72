//! What answers an operation, in the words of a routes file.

use crate::import::api::{Integration, Kind, Operation, Pairs};
use crate::import::item::{Entries, Item};
use crate::placeholder::has_placeholder;
use crate::resolve::Named;

/// What operations of one backend have in common.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Backend {
    /// A server, by what stands before the paths of the API.
    Http {
        base: String,
        vpc_link: Option<String>,
        target: Option<String>,
        is_proxy: bool,
        skips_verification: bool,
    },
    /// A function, by its name, its ARN or the whole URI.
    Function { function: String, is_proxy: bool },
    /// Another service of AWS.
    Service { uri: String, verb: Option<String> },
    /// The gateway itself.
    Mock,
}

/// How one operation reaches its backend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reach {
    pub(super) backend: Backend,
    pub(super) role: Option<String>,
    pub(super) transfer: Option<String>,
    /// The path behind the backend's URL, where it is not that of the route.
    pub(super) path: Option<String>,
    /// The verb towards the backend, where it is not the usual one.
    pub(super) verb: Option<String>,
    /// What becomes of the request's parameters, but for those of the path that are where they belong by themselves.
    pub(super) map: Pairs,
    /// Parameters of the path whose braces the backend gets as they are.
    pub(super) unmapped: Vec<String>,
}

impl Reach {
    /// How an operation reaches its backend.
    pub(super) fn of(operation: &Operation, integration: &Integration) -> Self {
        let is_function = integration.uri.contains(":lambda:path/") || integration.kind == Kind::AwsProxy;
        let (uri, map, unmapped) = mapped(operation, integration, is_function);
        let mut reach = Self {
            backend: Backend::Mock,
            role: integration.role.clone(),
            transfer: integration.transfer.clone().filter(|mode| mode != "BUFFERED"),
            path: None,
            verb: None,
            map,
            unmapped,
        };
        match integration.kind {
            Kind::Mock => {
                reach.role = None;
                reach.map.clear();
                reach.unmapped.clear();
            }
            Kind::Http | Kind::HttpProxy => {
                let route = operation.path.replace("+}", "}");
                let base = uri.strip_suffix(&*route).filter(|base| !base.is_empty());
                let base = base.unwrap_or_else(|| {
                    let at = authority_end(&uri);
                    reach.path = Some(uri[at..].to_owned());
                    &uri[..at]
                });
                let verb = integration.verb.as_deref().unwrap_or_default();
                let own = operation.verb.as_str();
                reach.verb = (verb != own && verb != "ANY").then(|| verb.to_owned());
                reach.backend = Backend::Http {
                    base: base.to_owned(),
                    vpc_link: integration.vpc_link.clone(),
                    target: integration.target.clone(),
                    is_proxy: integration.kind.is_proxy(),
                    skips_verification: integration.skips_verification,
                };
            }
            Kind::Aws | Kind::AwsProxy if is_function => {
                let verb = integration.verb.as_deref().unwrap_or_default();
                reach.verb = (verb != "POST").then(|| verb.to_owned());
                reach.unmapped.clear();
                reach.backend = Backend::Function {
                    function: function(&uri),
                    is_proxy: integration.kind.is_proxy(),
                };
            }
            Kind::Aws | Kind::AwsProxy => {
                reach.backend = Backend::Service {
                    uri,
                    verb: integration.verb.clone(),
                };
            }
        }
        reach
    }

    /// The same backend and settings of it.
    pub(super) fn shares(&self, other: &Self) -> bool {
        (&self.backend, &self.role, &self.transfer) == (&other.backend, &other.role, &other.transfer)
    }

    /// Whether it is a server.
    pub(super) fn base(&self) -> Option<&str> {
        match &self.backend {
            Backend::Http { base, .. } => Some(base),
            _ => None,
        }
    }

    /// The keys of a backend, at the blueprint or at an action. What belongs to the service itself is left out.
    pub(super) fn write(&self, entries: &mut Entries, is_service: bool) {
        match &self.backend {
            Backend::Http {
                base,
                vpc_link,
                target,
                is_proxy,
                skips_verification,
            } => {
                if !is_service {
                    entries.put("url", Item::text(base));
                    if let Some(link) = vpc_link {
                        entries.put("integration", Item::text("VPC_LINK"));
                        entries.put("vpcLink", Item::text(link));
                        entries.text("integrationTarget", target.as_deref());
                    }
                }
                entries.put("proxyIntegration", (!is_proxy).then_some(Item::Bool(false)));
                let tls = Item::Map(vec![("insecureSkipVerification".into(), Item::Bool(true))]);
                entries.put("tls", skips_verification.then_some(tls));
            }
            Backend::Function { function, is_proxy } => {
                entries.put("function", (!is_service).then(|| Item::text(function)));
                entries.put("proxyIntegration", (!is_proxy).then_some(Item::Bool(false)));
            }
            Backend::Service { uri, verb } => {
                let mut service = Entries::default();
                service.put("uri", Item::text(uri));
                service.text("method", verb.as_deref());
                entries.put("service", service.item());
            }
            Backend::Mock => {}
        }
        entries.text("role", self.role.as_deref());
        entries.text("transfer", self.transfer.as_deref());
    }
}

/// The URI with the names that parameters have in the path of the API, what else is mapped, and what is not.
fn mapped(operation: &Operation, integration: &Integration, is_function: bool) -> (String, Pairs, Vec<String>) {
    let mut uri = integration.uri.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut map = Pairs::new();
    let parameters: Vec<&str> = parameters(&operation.path).collect();
    let mut renamed = Vec::new();
    for (target, source) in &integration.parameters {
        let hole = target.strip_prefix("integration.request.path.");
        let own = source.strip_prefix("method.request.path.");
        if !is_function
            && let (Some(hole), Some(own)) = (hole, own)
            && parameters.contains(&own)
            && (hole == own || holes(&uri).any(|known| known == hole))
        {
            renamed.push((hole, own));
            continue;
        }
        // What is put into a place that is not there goes nowhere.
        if let Some(hole) = hole
            && !holes(&uri).any(|known| known == hole)
            && !is_placeholder(&uri)
        {
            continue;
        }
        map.push((short_target(target), short_source(source)));
    }
    let unmapped = parameters
        .iter()
        .filter(|name| !renamed.iter().any(|(_, own)| own == *name))
        .filter(|name| holes(&uri).any(|hole| hole == **name) || is_placeholder(&uri))
        .map(|name| (*name).to_owned())
        .collect();
    let placed: Vec<(String, String)> = renamed
        .iter()
        .map(|(hole, own)| (format!("{{{hole}}}"), format!("{{{own}}}")))
        .collect();
    uri = replaced(&uri, &placed);
    (uri, map, unmapped)
}

/// Replaces all at once, but for what stands behind a `$`.
fn replaced(text: &str, pairs: &[(String, String)]) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = pairs.iter().find(|(from, _)| rest.starts_with(from.as_str()));
        match found {
            Some((from, to)) if !made.ends_with(['$', '{']) => {
                made.push_str(to);
                rest = &rest[from.len()..];
            }
            _ => {
                made.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    made
}

/// The names in braces that are no placeholders of another tool.
fn holes(uri: &str) -> impl Iterator<Item = &str> {
    uri.match_indices('{').filter_map(move |(at, _)| {
        let inner = &uri[at + 1..];
        let name = &inner[..inner.find('}')?];
        (!uri[..at].ends_with(['$', '{']) && !name.contains('{')).then_some(name)
    })
}

/// The names of the parameters of a path.
pub(super) fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| name.trim_end_matches('+'))
}

/// Whether a text is one placeholder and nothing else.
fn is_placeholder(text: &str) -> bool {
    let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
    inner.is_some_and(|name| !name.contains(['{', '}']))
}

/// Where the path of a URL begins: behind scheme and authority, or behind the placeholder that stands for them.
fn authority_end(uri: &str) -> usize {
    let authority = uri.find("://").map_or(0, |at| at + 3);
    let mut depth = 0_usize;
    for (at, c) in uri[authority..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' | '?' if depth == 0 => return authority + at,
            _ => {}
        }
    }
    uri.len()
}

/// A URL as the server that is called and what stands before the paths of the service there: the latter only where it is
/// known, so that the service can listen at it.
pub(super) fn split(url: &str) -> (&str, &str) {
    let (server, path) = url.split_at(authority_end(url));
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_.,:-".contains(c);
    let is_path = path
        .split('/')
        .skip(1)
        .all(|part| !part.is_empty() && part != "." && part != "..");
    if path.chars().all(fits) && is_path {
        (server, path)
    } else {
        (url, "")
    }
}

/// A function as people name it: by its ARN where the URI around it says nothing more, else by the whole URI.
pub(super) fn function(uri: &str) -> String {
    let short = || {
        let rest = uri.strip_prefix("arn:")?;
        let (partition, rest) = rest.split_once(":apigateway:")?;
        let (region, rest) = rest.split_once(":lambda:path/2015-03-31/functions/")?;
        let arn = rest.strip_suffix("/invocations")?;
        let is_same = arn.starts_with(&format!("arn:{partition}:lambda:{region}:"));
        (is_same && !has_placeholder(arn) && !Named::Function.refuses(arn)).then(|| arn.to_owned())
    };
    short().unwrap_or_else(|| uri.to_owned())
}

/// A parameter towards the backend in the words of a routes file.
fn short_target(target: &str) -> String {
    shorter(target, "integration.request.")
}

/// A parameter of the request in the words of a routes file.
pub(super) fn short_source(source: &str) -> String {
    shorter(source, "method.request.")
}

fn shorter(name: &str, prefix: &str) -> String {
    let Some(rest) = name.strip_prefix(prefix) else {
        return name.to_owned();
    };
    match rest.split_once('.') {
        Some(("querystring", name)) => format!("query.{name}"),
        Some(("header" | "path" | "body", _)) => rest.to_owned(),
        _ if rest == "body" => rest.to_owned(),
        _ => name.to_owned(),
    }
}

/// What an answer of the backend gives, in the words of a routes file.
pub(super) fn short_answer(name: &str) -> String {
    for prefix in ["method.response.header.", "integration.response.header."] {
        if let Some(header) = name.strip_prefix(prefix) {
            return format!("header.{header}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_url_begins_behind_its_authority() {
        for (uri, base) in [
            ("https://host:8080/a/b", "https://host:8080"),
            ("https://host", "https://host"),
            ("http://${stageVariables.host}/v1/${x}", "http://${stageVariables.host}"),
            ("${endpoint_uri}", "${endpoint_uri}"),
            ("${uri}/q/health", "${uri}"),
            ("https://${a/b}/c", "https://${a/b}"),
        ] {
            assert_eq!(&uri[..authority_end(uri)], base);
        }
    }

    #[test]
    fn what_stands_before_all_paths_is_split_from_the_server() {
        for (url, parts) in [
            ("https://host/api/v1", ("https://host", "/api/v1")),
            ("https://host", ("https://host", "")),
            (
                "https://${stageVariables.host}/api",
                ("https://${stageVariables.host}", "/api"),
            ),
            (
                "https://host/${stageVariables.path}",
                ("https://host/${stageVariables.path}", ""),
            ),
            ("https://host/a//b", ("https://host/a//b", "")),
        ] {
            assert_eq!(split(url), parts);
        }
    }

    #[test]
    fn holes_are_no_placeholders() {
        assert_eq!(
            holes("https://${host}/{id}/{{{x}}}/{name}").collect::<Vec<_>>(),
            ["id", "name"]
        );
    }

    #[test]
    fn a_function_is_named_by_its_arn_where_the_uri_says_nothing_more() {
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:books";
        let uri = |region: &str, arn: &str| {
            format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations")
        };
        assert_eq!(function(&uri("eu-west-1", arn)), arn);
        let alias = format!("{arn}:${{stageVariables.alias}}");
        assert_eq!(function(&uri("eu-west-1", &alias)), alias);
        assert_eq!(function(&uri("eu-west-2", arn)), uri("eu-west-2", arn));
        assert_eq!(
            function(&uri("${AWS::Region}", "${F.Arn}")),
            uri("${AWS::Region}", "${F.Arn}")
        );
        assert_eq!(function("${lambda_invoke_arn}"), "${lambda_invoke_arn}");
    }
}
