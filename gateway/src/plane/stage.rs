//! A deployed stage.

use std::collections::BTreeMap;

use bluegate_core::aws::Partition;
use bluegate_core::gateway::{Api, Method, Resource, Router, Texts};
use bluegate_core::openapi::Document;

use super::cache::Caching;
use super::compiled::Compiled;
use super::headers::Line;
use super::message::Arrival;
use super::usage::Throttle;

/// A snapshot of an API, and how it is served.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The id of the API.
    pub rest_api_id: String,
    /// The region that the API is in.
    pub region: String,
    /// The account that the API belongs to.
    pub account_id: String,
    /// The name of the stage.
    pub name: String,
    /// Whether requests come by a domain name of the API's own, under whose paths the stage does not stand
    /// ([custom domain names](https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html)).
    pub is_at_root: bool,
    /// The id of the deployment.
    pub deployment_id: String,
    /// The stage variables.
    pub variables: Texts,
    /// The resource policy, as JSON.
    pub policy: Option<String>,
    /// The media types that are passed on as bytes.
    pub binary_media_types: Vec<String>,
    /// Whether the key of a usage plan is the one that an authorizer names, and not a header
    /// ([API key sources](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html)).
    pub is_keyed_by_authorizers: bool,
    /// From how many bytes on answers are compressed, if they are
    /// ([compression](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html)).
    pub minimum_compression_size: Option<usize>,
    /// How fast requests may come, by method, such as `/users/{id}/GET`; `*/*` is for all together that have no limit of
    /// their own.
    pub limits: BTreeMap<String, Throttle>,
    /// Whether the execution log shows what is sent, by method as above; `*/*` is for all that have no setting of their own.
    pub traced: BTreeMap<String, bool>,
    /// How answers are kept, by method as above; `*/*` is for every `GET` that has no settings of its own. Empty for a
    /// stage without a cache.
    pub caching: BTreeMap<String, Caching>,
    /// Whether it is a canary that does not use the cache of its stage.
    pub has_own_cache: bool,
    /// What answers a part of the requests in the place of this stage.
    pub canary: Option<Box<Canary>>,
    /// The format of lines of the access log, if there is one.
    pub access_log_format: Option<String>,
    /// What stands in the place of load balancers behind VPC links, such as `http://127.0.0.1:3000`. Without it a VPC
    /// link is called at the host of its integration.
    pub vpc_links: Option<String>,
    api: Api,
    router: Router<(usize, String)>,
    pub(super) compiled: Compiled,
}

/// A second deployment of a stage, for a part of its requests
/// ([canary](https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html)).
#[derive(Debug, Clone)]
pub struct Canary {
    /// How many of a hundred requests.
    pub percent: f64,
    /// What answers them: the other deployment, with its stage variables.
    pub stage: Stage,
}

/// A method, where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'a> {
    pub(super) resource: &'a Resource,
    pub(super) method: &'a Method,
}

impl Stage {
    /// A stage that serves an API, in the region `us-east-1`. What else is so is set in its fields.
    ///
    /// ```
    /// use bluegate_core::{gateway::Api, openapi::Document};
    /// use bluegate_gateway::plane::Stage;
    ///
    /// let document: Document = r#"{"openapi": "3.0.1", "paths": {}}"#.parse().unwrap();
    /// let stage = Stage::new("abc123", "dev", Api::from(&document));
    /// assert_eq!(stage.name, "dev");
    /// ```
    #[must_use]
    pub fn new(rest_api_id: impl Into<String>, name: impl Into<String>, api: Api) -> Self {
        let resources = api.resources.iter().enumerate();
        let methods = resources.flat_map(|(at, resource)| {
            let verbs = resource.methods.keys();
            verbs.map(move |verb| (resource.path.as_str(), verb.as_str(), (at, verb.clone())))
        });
        let router = methods.collect();
        Self {
            rest_api_id: rest_api_id.into(),
            region: "us-east-1".to_owned(),
            account_id: "000000000000".to_owned(),
            name: name.into(),
            is_at_root: false,
            deployment_id: String::new(),
            variables: Texts::new(),
            policy: None,
            binary_media_types: Vec::new(),
            is_keyed_by_authorizers: false,
            minimum_compression_size: None,
            limits: BTreeMap::new(),
            traced: BTreeMap::new(),
            caching: BTreeMap::new(),
            has_own_cache: false,
            canary: None,
            access_log_format: None,
            vpc_links: None,
            compiled: Compiled::of(&api),
            api,
            router,
        }
    }

    /// The stage of an API that was imported of a document, with all that the document says of it.
    #[must_use]
    pub fn of(rest_api_id: impl Into<String>, name: impl Into<String>, document: &Document) -> Self {
        Self {
            policy: document.policy(),
            binary_media_types: document.binary_media_types.clone(),
            minimum_compression_size: document.minimum_compression_size.and_then(|size| size.try_into().ok()),
            is_keyed_by_authorizers: document.api_key_source.as_deref() == Some("AUTHORIZER"),
            ..Self::new(rest_api_id, name, Api::from(document))
        }
    }

    /// The method that answers requests of a verb on a path.
    #[cfg(feature = "cognito")]
    pub(crate) fn method(&self, verb: &str, path: &str) -> Option<&Method> {
        self.route(verb, path).map(|route| route.method)
    }

    /// The headers that authorizers are asked with.
    pub(crate) fn identity_headers(&self) -> impl Iterator<Item = &str> {
        let authorizers = self.api.authorizers.iter();
        let sources = authorizers.filter_map(|one| one.identity_source.as_deref());
        let sources = sources.flat_map(|sources| sources.split(',')).map(str::trim);
        sources.filter_map(|source| source.strip_prefix("method.request.header."))
    }

    /// The API that is served.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// What answers a request that came like this, and whether that is the canary.
    pub(super) fn chosen(&self, arrival: &Arrival) -> (&Self, bool) {
        const PARTS: u128 = 1_000_000;
        #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
        let share = (arrival.seed.rotate_left(29) % PARTS) as f64 * 100. / PARTS as f64;
        match &self.canary {
            Some(canary) if share < canary.percent => (&canary.stage, true),
            _ => (self, false),
        }
    }

    /// Whether a text has a part of a pattern.
    pub(super) fn fits(&self, pattern: &str, text: &str) -> Result<bool, String> {
        self.compiled.fits(pattern, text)
    }

    /// The method that answers a request.
    pub(super) fn route(&self, verb: &str, path: &str) -> Option<Route<'_>> {
        let (at, verb) = self.router.answers(verb, path)?;
        let resource = self.api.resources.get(*at)?;
        let method = resource.methods.get(verb)?;
        Some(Route { resource, method })
    }

    /// The ARN of what a request calls
    /// ([permissions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html)).
    pub(super) fn arn(&self, verb: &str, path: &str, account: &str) -> String {
        let called = format!(
            "{}/{}/{verb}/{}",
            self.rest_api_id,
            self.name,
            path.trim_start_matches('/')
        );
        Partition::arn("execute-api", &self.region, account, &called)
    }
}

impl Stage {
    /// The ARN of what calls a function: what stands behind the id of the API.
    pub(super) fn arn_of(&self, what: &str) -> String {
        let called = format!("{}/{what}", self.rest_api_id);
        Partition::arn("execute-api", &self.region, &self.account_id, &called)
    }
}

impl<'a> Route<'a> {
    /// The method, as settings of a stage name it.
    pub(super) fn name(&self, verb: &str) -> String {
        format!("{}/{verb}", self.resource.path)
    }

    /// Whether a header is a signature, which nobody behind the gateway gets.
    pub(super) fn is_signature(&self, line: &Line) -> bool {
        let is_signed = self.method.authorization.as_deref() == Some("AWS_IAM");
        line.is("authorization") && (is_signed || line.value().starts_with("AWS4-HMAC-SHA256"))
    }

    /// Whether its path begins with a literal: others answer about anything.
    pub(super) fn is_literal(&self) -> bool {
        !self.resource.path.starts_with("/{")
    }

    /// The path parameters of a request, as they were sent. A greedy one has no slash at its end.
    pub(super) fn captures<'p>(&self, path: &'p str) -> Vec<(&'a str, &'p str)> {
        let mut rest = path.trim_matches('/');
        let mut captures = Vec::new();
        for segment in self.resource.path.trim_matches('/').split('/') {
            let (here, behind) = rest.split_once('/').unwrap_or((rest, ""));
            let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
                rest = behind;
                continue;
            };
            let (name, value) = match name.strip_suffix('+') {
                Some(name) => (name, rest),
                None => (name, here),
            };
            captures.push((name, value));
            rest = behind;
        }
        captures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_path_parameters_are_those_recorded_of_aws() {
        let document: Document = serde_json::from_value(serde_json::json!({"paths": {
            "/{proxy+}": {"x-amazon-apigateway-any-method": {}},
            "/users/{id}": {"get": {}},
            "/users/{id}/{rest+}": {"get": {}},
        }}))
        .unwrap();
        let stage = Stage::new("a", "dev", Api::from(&document));
        for (path, captures) in [
            ("/proxy-value/", vec![("proxy", "proxy-value")]),
            (
                "/proxy-value//double-slash",
                vec![("proxy", "proxy-value//double-slash")],
            ),
            ("//proxy-value", vec![("proxy", "proxy-value")]),
            ("/a%2Bb+c/d", vec![("proxy", "a%2Bb+c/d")]),
            ("/users/7", vec![("id", "7")]),
            ("/users/7/a/b", vec![("id", "7"), ("rest", "a/b")]),
        ] {
            let route = stage.route("GET", path).unwrap();
            let found = route.captures(path);
            assert_eq!(found, captures, "{path}");
        }
    }
}
