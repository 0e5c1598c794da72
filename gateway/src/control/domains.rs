//! Domain names of one's own, and which API answers below them
//! ([DomainName](https://docs.aws.amazon.com/apigateway/latest/api/API_DomainName.html),
//! [BasePathMapping](https://docs.aws.amazon.com/apigateway/latest/api/API_BasePathMapping.html)).

use bluegate_core::gateway::settings::{ACCESS_MODES, ADDRESSES};
use serde_json::{Value as Json, json};

use super::call::Call;
use super::pages::items;
use super::patch::{Kind, Op, Rules, operations};
use super::place::Place;
use super::reply::{Answered, Refusal, empty, present, reply};
use super::state::{Control, Owned, new_id, put, strings, text};

use Op::{Add, Replace};

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/certificateArn", &[Replace], Kind::Text),
        ("/certificateName", &[Replace], Kind::Text),
        ("/regionalCertificateArn", &[Replace], Kind::Text),
        ("/regionalCertificateName", &[Replace], Kind::Text),
        ("/endpointConfiguration/types/*", &[Add, Replace], Kind::Text),
        (
            "/endpointConfiguration/ipAddressType",
            &[Replace],
            Kind::Choice(&ADDRESSES),
        ),
        ("/securityPolicy", &[Replace], Kind::Choice(&SECURITY_POLICIES)),
        ("/endpointAccessMode", &[Replace], Kind::Choice(&ACCESS_MODES)),
        ("/mutualTlsAuthentication/truststoreUri", &[Replace], Kind::Text),
        ("/mutualTlsAuthentication/truststoreVersion", &[Replace], Kind::Text),
        ("/ownershipVerificationCertificateArn", &[Replace], Kind::Text),
        ("/policy", &[Replace], Kind::Text),
        ("/routingMode", &[Replace], Kind::Choice(&ROUTING_MODES)),
    ],
};

const MAPPING_RULES: Rules = Rules {
    lists: true,
    rows: &[
        ("/basePath", &[Replace], Kind::Text),
        ("/restapiId", &[Replace], Kind::Text),
        ("/stage", &[Replace], Kind::Text),
    ],
};

/// The TLS that clients may speak.
pub(super) const SECURITY_POLICIES: [&str; 14] = [
    "TLS_1_0",
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_3_2025_09",
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_2025_EDGE",
    "SecurityPolicy_TLS12_PFS_2025_EDGE",
    "SecurityPolicy_TLS12_2018_EDGE",
];
/// By what a request to a domain name finds its API.
pub(super) const ROUTING_MODES: [&str; 3] = [
    "BASE_PATH_MAPPING_ONLY",
    "ROUTING_RULE_ONLY",
    "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
];

/// The base path of what answers at the root.
const ROOT: &str = "(none)";
/// What a domain name is told with and no caller sees.
const MAPPINGS: &str = "mappings";

impl Control {
    pub(super) fn get_domain_names(&mut self, call: &Call<'_>) -> Answered {
        let own = self.domains.iter().filter(|one| one.is_of(call));
        items(call, "domainName", own.map(|one| told(one, false)).collect())
    }

    pub(super) fn get_domain_name(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, told(self.domain(call)?, true)))
    }

    pub(super) fn create_domain_name(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let name = input.given("domainName")?;
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-*".contains(&byte);
        if !name.contains('.') || !name.bytes().all(is_allowed) {
            return Err(Refusal::bad_request(format!("Invalid domain name specified: {name}")));
        }
        if self.domains.iter().any(|one| one.text("domainName") == name) {
            return Err(Refusal::conflict("The domain name you provided already exists."));
        }
        let endpoint = input.get("endpointConfiguration").cloned().unwrap_or_default();
        let kinds = strings(&endpoint["types"]);
        if kinds.len() > 1 {
            return Err(Refusal::bad_request(
                "Cannot create a domain name with multiple Endpoint Types.",
            ));
        }
        let kind = kinds.first().map_or("EDGE", String::as_str).to_owned();
        let address = endpoint["ipAddressType"]
            .as_str()
            .unwrap_or(if kind == "PRIVATE" { "dualstack" } else { "ipv4" })
            .to_owned();
        let mut domain = Json::Object(input.0.clone());
        for (key, value) in [
            ("domainName", json!(name)),
            (
                "domainNameArn",
                json!(format!("arn:aws:apigateway:{}::/domainnames/{name}", call.region)),
            ),
            ("domainNameStatus", json!("AVAILABLE")),
            (
                "endpointConfiguration",
                json!({"types": [kind], "ipAddressType": address}),
            ),
            (
                "securityPolicy",
                json!(input.word("securityPolicy")?.as_deref().unwrap_or("TLS_1_2")),
            ),
        ] {
            put(&mut domain, key, value);
        }
        if kind == "PRIVATE" {
            let id = new_id(10);
            let arn = format!(
                "arn:aws:apigateway:{}:{}:/domainnames/{name}+{id}",
                call.region,
                call.caller.account()
            );
            put(&mut domain, "domainNameArn", json!(arn));
            put(&mut domain, "domainNameId", json!(id));
        } else {
            served_by(&mut domain, &kind, call);
        }
        // A private key is no part of what is told.
        for key in ["certificateBody", "certificatePrivateKey", "certificateChain"] {
            put(&mut domain, key, Json::Null);
        }
        let domain = Owned::new(call, domain);
        let answer = told(&domain, false);
        self.domains.push(domain);
        self.changed.insert(Place::Domain(name));
        Ok(reply(201, answer))
    }

    pub(super) fn update_domain_name(&mut self, call: &Call<'_>) -> Answered {
        let mut patched = self.domain(call)?.told.clone();
        for operation in operations(call)? {
            let one = RULES.patched(patched.clone(), std::slice::from_ref(&operation))?;
            let ["endpointConfiguration", "types", _] = operation.parts()[..] else {
                patched = one;
                continue;
            };
            // Of the kinds of an endpoint one follows another.
            let kind = operation.value.as_deref().unwrap_or_default();
            if !["EDGE", "REGIONAL"].contains(&kind) || patched.get("domainNameId").is_some() {
                return Err(Refusal::bad_request(
                    "Invalid EndpointTypes specified. A domain name is moved between REGIONAL and EDGE",
                ));
            }
            patched["endpointConfiguration"]["types"] = json!([kind]);
            served_by(&mut patched, kind, call);
        }
        let domain = self.domain_mut(call)?;
        domain.told = patched;
        Ok(reply(200, told(domain, true)))
    }

    pub(super) fn delete_domain_name(&mut self, call: &Call<'_>) -> Answered {
        let domain = self.domain(call)?;
        if self.is_reached(domain) {
            return Err(Refusal::bad_request(
                "The domain name has access associations: delete or reject them, then delete it",
            ));
        }
        let name = domain.text("domainName").to_owned();
        self.domains.retain(|one| one.text("domainName") != name);
        self.changed.insert(Place::Domain(name));
        Ok(empty(202))
    }

    pub(super) fn get_base_path_mappings(&mut self, call: &Call<'_>) -> Answered {
        items(call, "basePath", mappings(self.domain(call)?).cloned().collect())
    }

    pub(super) fn get_base_path_mapping(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.mapping(call)?.clone()))
    }

    pub(super) fn create_base_path_mapping(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let base = input.word("basePath")?;
        let (api, stage) = (input.word("restApiId")?.unwrap_or_default(), input.word("stage")?);
        let domain = self.domain(call)?;
        let base = base_path(base.as_deref())?;
        if mappings(domain).any(|one| text(one, "basePath") == base) {
            return Err(Refusal::conflict("Base path already exists for this domain name"));
        }
        self.may_map(call, &api, stage.as_deref())?;
        let mapping = present(json!({"basePath": base, "restApiId": api, "stage": stage}));
        let domain = self.domain_mut(call)?;
        set(domain, None, Some(mapping.clone()));
        Ok(reply(201, mapping))
    }

    pub(super) fn update_base_path_mapping(&mut self, call: &Call<'_>) -> Answered {
        let mut mapping = self.mapping(call)?.clone();
        for operation in operations(call)? {
            MAPPING_RULES.patched(Json::Null, std::slice::from_ref(&operation))?;
            let value = operation.value.as_deref();
            match operation.path.as_str() {
                "/basePath" => put(&mut mapping, "basePath", json!(base_path(value)?)),
                "/restapiId" => put(&mut mapping, "restApiId", json!(value.unwrap_or_default())),
                _ => put(&mut mapping, "stage", json!(value.filter(|stage| !stage.is_empty()))),
            }
        }
        self.may_map(call, text(&mapping, "restApiId"), mapping["stage"].as_str())?;
        let base = text(&mapping, "basePath");
        let mut others = mappings(self.domain(call)?).filter(|one| text(one, "basePath") != call.part(1));
        if others.any(|one| text(one, "basePath") == base) {
            return Err(Refusal::conflict("Base path already exists for this domain name"));
        }
        drop(others);
        set(self.domain_mut(call)?, Some(call.part(1)), Some(mapping.clone()));
        Ok(reply(200, mapping))
    }

    pub(super) fn delete_base_path_mapping(&mut self, call: &Call<'_>) -> Answered {
        self.mapping(call)?;
        set(self.domain_mut(call)?, Some(call.part(1)), None);
        Ok(empty(202))
    }

    /// The API, the stage and the rest of the path of a request to a domain name, if that is one of ours.
    #[must_use]
    pub fn mapped(&self, host: &str, path: &str) -> Option<(String, String, String)> {
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        let domain = self.domains.iter().find(|one| {
            let name = one.text("domainName");
            let below = name.strip_prefix('*').and_then(|end| host.strip_suffix(end));
            name.eq_ignore_ascii_case(host) || below.is_some_and(|label| !label.is_empty() && !label.contains('.'))
        })?;
        let (first, behind) = split(path);
        let find = |base: &str| mappings(domain).find(|one| text(one, "basePath") == base);
        let (mapping, rest) = match find(first) {
            Some(mapping) => (mapping, behind),
            None => (find(ROOT)?, path),
        };
        let api = text(mapping, "restApiId").to_owned();
        Some(match mapping["stage"].as_str() {
            Some(stage) => (api, stage.to_owned(), rest.to_owned()),
            // The stage is the first part of the path then.
            None => {
                let (stage, behind) = split(rest);
                (api, stage.to_owned(), behind.to_owned())
            }
        })
    }

    fn may_map(&self, call: &Call<'_>, api: &str, stage: Option<&str>) -> Result<(), Refusal> {
        let api = self.own(call, api);
        let api = api.ok_or_else(|| Refusal::bad_request("Invalid REST API identifier specified"))?;
        match stage {
            Some(stage) if !api.stages.contains_key(stage) => {
                Err(Refusal::bad_request("Invalid stage identifier specified"))
            }
            _ => Ok(()),
        }
    }

    fn domain(&self, call: &Call<'_>) -> Result<&Owned, Refusal> {
        let mut own = self.domains.iter().filter(|one| one.is_of(call));
        // Private ones are named by their ids too.
        let id = call.query("domainNameId").filter(|id| !id.is_empty());
        let is_it = |one: &&Owned| one.text("domainName") == call.part(0);
        own.find(|one| is_it(one) && id.is_none_or(|id| one.text("domainNameId") == id))
            .ok_or_else(no_domain)
    }

    fn domain_mut(&mut self, call: &Call<'_>) -> Result<&mut Owned, Refusal> {
        self.domain(call)?;
        self.changed.insert(Place::Domain(call.part(0).to_owned()));
        let mut own = self.domains.iter_mut().filter(|one| one.is_of(call));
        own.find(|one| one.text("domainName") == call.part(0))
            .ok_or_else(no_domain)
    }

    fn mapping(&self, call: &Call<'_>) -> Result<&Json, Refusal> {
        let found = mappings(self.domain(call)?).find(|one| text(one, "basePath") == call.part(1));
        found.ok_or_else(|| Refusal::not_found("Invalid base path mapping identifier specified"))
    }
}

fn no_domain() -> Refusal {
    Refusal::not_found("Invalid domain name identifier specified")
}

fn told(domain: &Owned, has_tags: bool) -> Json {
    let mut told = match has_tags {
        true => domain.with_tags(),
        false => present(domain.told.clone()),
    };
    put(&mut told, MAPPINGS, Json::Null);
    told
}

/// Where a domain name has to point for an endpoint of a kind. That stays if the kind is another one later.
fn served_by(domain: &mut Json, kind: &str, call: &Call<'_>) {
    let (target, zone, name, id) = match kind {
        "REGIONAL" => (
            format!("d-{}.execute-api.{}.amazonaws.com", new_id(10), call.region),
            "Z1D633PJN98FT9",
            "regionalDomainName",
            "regionalHostedZoneId",
        ),
        _ => (
            format!("d{}.cloudfront.net", new_id(13)),
            "Z2FDTNDATAQYW2",
            "distributionDomainName",
            "distributionHostedZoneId",
        ),
    };
    if domain.get(name).is_none() {
        put(domain, name, json!(target));
        put(domain, id, json!(zone));
    }
    if kind == "EDGE" {
        put(domain, "certificateUploadDate", json!(call.seconds()));
    }
}

fn mappings(domain: &Owned) -> impl Iterator<Item = &Json> {
    domain.told.get(MAPPINGS).and_then(Json::as_array).into_iter().flatten()
}

/// Replaces the mapping of a base path, adds one or removes it.
fn set(domain: &mut Owned, old: Option<&str>, new: Option<Json>) {
    let mut kept: Vec<Json> = mappings(domain)
        .filter(|one| Some(text(one, "basePath")) != old)
        .cloned()
        .collect();
    kept.extend(new);
    put(&mut domain.told, MAPPINGS, json!(kept));
}

fn base_path(given: Option<&str>) -> Result<String, Refusal> {
    let base = given.filter(|base| !base.is_empty() && *base != ROOT);
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"$-_.+!*'()".contains(&byte);
    match base {
        None => Ok(ROOT.to_owned()),
        Some(base) if base.bytes().all(is_allowed) => Ok(base.to_owned()),
        Some(_) => Err(Refusal::bad_request(
            "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base \
             path mapping, use API Gateway V2.",
        )),
    }
}

/// The first part of a path, and the rest.
fn split(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    let at = path.find('/').unwrap_or(path.len());
    let rest = &path[at..];
    (&path[..at], if rest.is_empty() { "/" } else { rest })
}
