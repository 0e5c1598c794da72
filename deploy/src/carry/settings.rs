//! The settings of an API that an overwrite resets unless the document carries them
//! ([updating an API](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html)),
//! one row each. Whatever is done with a setting is a loop over `SETTINGS`.

use std::collections::{BTreeMap, BTreeSet};

use bluegate_core::gateway::{policy, short_digest};
use bluegate_core::openapi::{Document, EndpointConfiguration};

use crate::api::{Patch, PatchOp, RestApi};

/// A setting of an API.
struct Setting {
    /// How people call it.
    name: &'static str,
    /// Its value in one form, however it is spelt. `None` where the service says nothing about it; then nothing is done
    /// about it.
    value: fn(&RestApi) -> Option<String>,
    /// The value that an API has when nobody gave it another.
    default: &'static str,
    /// Gives the first API the setting of the second.
    copy: fn(&mut RestApi, &RestApi),
    /// The changes after which an API has the setting of the first; the second is what it is now.
    patches: fn(&RestApi, &RestApi) -> Vec<Patch>,
    /// Gives it to a document, unless it is the default. `None` for a setting that no document can have: a patch
    /// follows the put.
    write: Option<fn(&mut Document, &RestApi)>,
    /// Gives an API what a document says of it; whether it says anything. Then the setting is the file's, and is not
    /// carried over.
    said: fn(&mut RestApi, &Document) -> bool,
    /// What is said of it when it is carried over; `None` when that goes without saying.
    carried: Option<fn(&RestApi) -> String>,
    /// In what an API protects less with the second than with the first. `None` for a setting that protects nothing, and for
    /// the policy, which has a guard of its own.
    weaker: Option<fn(&RestApi, &RestApi) -> Option<String>>,
    /// When callers notice it.
    effect: Effect,
}

/// When a setting takes effect
/// ([what needs a deployment](https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// At once.
    AtOnce,
    /// With the next deployment of a stage. Nothing but the policy can be read back of a deployment, so its description
    /// carries a short digest of each: see `imprint`.
    Deployment,
    /// The same, and API Gateway takes a quarter of an hour over the change, during which it takes no other.
    LateDeployment,
}

/// The resource policy.
pub const POLICY: &str = "resource policy";
/// Whether the API answers at the address that AWS gave it.
pub const ADDRESS: &str = "default address";

/// Where API keys are looked for.
pub const KEY_SOURCE: &str = "source of API keys";

/// All of them. Those that take effect with a deployment stand in the order of the digests in descriptions: a new one
/// goes to the end.
static SETTINGS: [Setting; 11] = [
    Setting {
        name: POLICY,
        value: |api| Some(policy_of(api).map_or_else(String::new, |text| policy::normalise(text, &api.id))),
        default: "",
        copy: |to, from| to.policy.clone_from(&from.policy),
        patches: |to, _| vec![Patch::replace("/policy", &plain_policy(to))],
        write: Some(|document, api| document.policy = policy_of(api).and_then(policy::parse)),
        said: |api, document| take(&mut api.policy, document.policy()),
        carried: Some(|api| {
            let characters = policy_of(api).unwrap_or_default().chars().count();
            format!("the resource policy ({characters} characters)")
        }),
        weaker: None,
        effect: Effect::Deployment,
    },
    Setting {
        name: "binary media types",
        value: |api| Some(sorted(&api.binary_media_types)),
        default: "",
        copy: |to, from| to.binary_media_types.clone_from(&from.binary_media_types),
        patches: |to, from| {
            items(&to.binary_media_types, &from.binary_media_types, |op, kind| Patch {
                op,
                path: format!("/binaryMediaTypes/{}", kind.replace('~', "~0").replace('/', "~1")),
                value: None,
            })
        },
        write: Some(|document, api| document.binary_media_types.clone_from(&api.binary_media_types)),
        said: |api, document| take_all(&mut api.binary_media_types, &document.binary_media_types),
        carried: Some(|api| format!("binary media types: {}", api.binary_media_types.join(", "))),
        weaker: None,
        effect: Effect::Deployment,
    },
    Setting {
        name: "minimum compression size",
        value: |api| Some(size(api).unwrap_or_default()),
        default: "",
        copy: |to, from| to.minimum_compression_size = from.minimum_compression_size,
        patches: |to, _| {
            vec![Patch {
                op: PatchOp::Replace,
                path: "/minimumCompressionSize".into(),
                value: size(to),
            }]
        },
        write: Some(|document, api| document.minimum_compression_size = api.minimum_compression_size),
        said: |api, document| take(&mut api.minimum_compression_size, document.minimum_compression_size),
        carried: Some(|api| format!("compression of answers from {} bytes on", size(api).unwrap_or_default())),
        weaker: None,
        effect: Effect::Deployment,
    },
    Setting {
        name: KEY_SOURCE,
        value: |api| Some(key_source(api).to_owned()),
        default: HEADER,
        copy: |to, from| to.api_key_source.clone_from(&from.api_key_source),
        patches: |to, _| vec![Patch::replace("/apiKeySource", key_source(to))],
        write: Some(|document, api| document.api_key_source.clone_from(&api.api_key_source)),
        said: |api, document| take(&mut api.api_key_source, document.api_key_source.clone()),
        carried: Some(|api| format!("API keys from {}", key_source(api))),
        weaker: Some(|was, is| {
            let (was, is) = (key_source(was), key_source(is));
            (was != is).then(|| format!("API keys are looked for at {is}, and not at {was}"))
        }),
        effect: Effect::Deployment,
    },
    Setting {
        name: "VPC endpoints",
        value: |api| Some(sorted(&api.vpc_endpoint_ids)),
        default: "",
        copy: |to, from| to.vpc_endpoint_ids.clone_from(&from.vpc_endpoint_ids),
        patches: |to, from| {
            items(&to.vpc_endpoint_ids, &from.vpc_endpoint_ids, |op, id| Patch {
                op,
                path: "/endpointConfiguration/vpcEndpointIds".into(),
                value: Some(id.to_owned()),
            })
        },
        write: Some(|document, api| {
            if let Some(endpoint) = endpoint(document) {
                endpoint.vpc_endpoint_ids.clone_from(&api.vpc_endpoint_ids);
            }
        }),
        said: |api, document| {
            let told = told_endpoint(document);
            told.is_some_and(|one| take_all(&mut api.vpc_endpoint_ids, &one.vpc_endpoint_ids))
        },
        carried: Some(|api| format!("VPC endpoints: {}", api.vpc_endpoint_ids.join(", "))),
        weaker: None,
        effect: Effect::Deployment,
    },
    Setting {
        name: ADDRESS,
        value: |api| Some(api.disable_execute_api_endpoint.to_string()),
        default: "false",
        copy: |to, from| to.disable_execute_api_endpoint = from.disable_execute_api_endpoint,
        patches: |to, _| {
            let is_off = to.disable_execute_api_endpoint.to_string();
            vec![Patch::replace("/disableExecuteApiEndpoint", &is_off)]
        },
        write: Some(|document, api| {
            if let Some(endpoint) = endpoint(document) {
                endpoint.disable_execute_api_endpoint = Some(api.disable_execute_api_endpoint);
            }
        }),
        said: |api, document| {
            let is_off = told_endpoint(document).and_then(|one| one.disable_execute_api_endpoint);
            is_off
                .inspect(|is_off| api.disable_execute_api_endpoint = *is_off)
                .is_some()
        },
        carried: Some(|_| "the default address, which is switched off".to_owned()),
        weaker: Some(|was, is| {
            let is_opened = was.disable_execute_api_endpoint && !is.disable_execute_api_endpoint;
            is_opened.then(|| "the API answers at its default address".to_owned())
        }),
        effect: Effect::Deployment,
    },
    Setting {
        name: "TLS policy",
        value: |api| api.security_policy.clone(),
        default: OLDEST_TLS,
        copy: |to, from| to.security_policy.clone_from(&from.security_policy),
        patches: |to, _| vec![Patch::replace("/securityPolicy", tls(to))],
        // The newer TLS policies want to have the access mode said, whatever it is.
        write: Some(|document, api| {
            document.security_policy.clone_from(&api.security_policy);
            document.endpoint_access_mode = mode(api).map(str::to_owned);
        }),
        said: |api, document| take(&mut api.security_policy, document.security_policy.clone()),
        carried: Some(|api| format!("the TLS policy {}", tls(api))),
        weaker: Some(|was, is| {
            let (was, is) = (tls(was), tls(is));
            is_weaker_tls(was, is).then(|| format!("callers may use the TLS policy {is} in place of {was}"))
        }),
        effect: Effect::LateDeployment,
    },
    Setting {
        name: "endpoint access mode",
        // Where the TLS policy is told, a mode that is not told is none.
        value: |api| {
            mode(api)
                .or(api.security_policy.as_ref().map(|_| BASIC))
                .map(str::to_owned)
        },
        default: BASIC,
        copy: |to, from| to.endpoint_access_mode.clone_from(&from.endpoint_access_mode),
        // No mode is said with an empty text
        // (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-update.html).
        patches: |to, _| vec![Patch::replace("/endpointAccessMode", mode(to).unwrap_or_default())],
        // It stands with the TLS policy, and cannot stand with the oldest.
        write: None,
        said: |api, document| take(&mut api.endpoint_access_mode, document.endpoint_access_mode.clone()),
        carried: Some(|api| format!("the endpoint access mode {}", mode(api).unwrap_or_default())),
        weaker: Some(|was, is| {
            let is_loosened = mode(was) == Some(STRICT) && mode(is) != Some(STRICT);
            is_loosened.then(|| "callers may come by a name that no certificate is for".to_owned())
        }),
        effect: Effect::LateDeployment,
    },
    Setting {
        name: "name",
        value: |api| Some(api.name.clone()),
        default: "",
        copy: |to, from| to.name.clone_from(&from.name),
        patches: |to, _| vec![Patch::replace("/name", &to.name)],
        write: Some(|document, api| document.info.title.clone_from(&api.name)),
        said: |_, _| false,
        carried: None,
        weaker: None,
        effect: Effect::AtOnce,
    },
    Setting {
        name: "description",
        value: |api| Some(description(api).to_owned()),
        default: "",
        copy: |to, from| to.description.clone_from(&from.description),
        patches: |to, _| {
            // API Gateway takes no empty one.
            vec![match description(to) {
                "" => Patch::remove("/description"),
                text => Patch::replace("/description", text),
            }]
        },
        write: Some(|document, api| document.info.description.clone_from(&api.description)),
        said: |api, document| take(&mut api.description, document.info.description.clone()),
        carried: Some(|api| format!("the description: {}", description(api))),
        weaker: None,
        effect: Effect::AtOnce,
    },
    Setting {
        name: "IP address type",
        value: |api| api.ip_address_type.clone(),
        default: IPV4,
        copy: |to, from| to.ip_address_type.clone_from(&from.ip_address_type),
        patches: |to, _| {
            let kind = to.ip_address_type.as_deref().unwrap_or(IPV4);
            vec![Patch::replace("/endpointConfiguration/ipAddressType", kind)]
        },
        // The extension has it for HTTP APIs only.
        write: None,
        said: |_, _| false,
        carried: Some(|api| {
            let kind = api.ip_address_type.as_deref().unwrap_or(IPV4);
            format!("the IP address type {kind}")
        }),
        weaker: None,
        effect: Effect::AtOnce,
    },
];

const HEADER: &str = "HEADER";
const OLDEST_TLS: &str = "TLS_1_0";
const BASIC: &str = "BASIC";
const STRICT: &str = "STRICT";
const IPV4: &str = "ipv4";

fn policy_of(api: &RestApi) -> Option<&str> {
    api.policy.as_deref().filter(|text| !text.is_empty())
}

/// The policy without the escapes that API Gateway adds.
fn plain_policy(api: &RestApi) -> String {
    let text = policy_of(api).unwrap_or_default();
    policy::parse(text).map_or_else(|| text.to_owned(), |policy| policy.to_string())
}

fn size(api: &RestApi) -> Option<String> {
    api.minimum_compression_size.map(|size| size.to_string())
}

fn key_source(api: &RestApi) -> &str {
    api.api_key_source.as_deref().unwrap_or(HEADER)
}

fn tls(api: &RestApi) -> &str {
    api.security_policy.as_deref().unwrap_or(OLDEST_TLS)
}

/// Whether a TLS policy lets callers use an older version than another one, or does without what that demanded. Names say
/// the oldest version, and what is demanded besides
/// ([security policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html)).
fn is_weaker_tls(was: &str, is: &str) -> bool {
    let oldest = |name: &str| match name.strip_prefix("SecurityPolicy_").map(|name| name.get(..7)) {
        Some(Some("TLS13_1")) => {
            if name.contains("TLS13_1_2") {
                2
            } else {
                3
            }
        }
        Some(Some("TLS13_2")) => 3,
        Some(_) => 2,
        None => u8::from(name != OLDEST_TLS) * 2,
    };
    let demands = |name: &str, what: &str| name.split('_').any(|part| part == what);
    let is_given_up = ["FIPS", "PFS", "PQ"]
        .iter()
        .any(|what| demands(was, what) && !demands(is, what));
    oldest(is) < oldest(was) || oldest(is) == oldest(was) && is_given_up
}

fn mode(api: &RestApi) -> Option<&str> {
    api.endpoint_access_mode.as_deref().filter(|mode| !mode.is_empty())
}

fn description(api: &RestApi) -> &str {
    api.description.as_deref().unwrap_or_default()
}

fn sorted(values: &[String]) -> String {
    let mut values = values.to_vec();
    values.sort();
    values.join(" ")
}

/// The endpoint configuration stands at the first server.
fn endpoint(document: &mut Document) -> Option<&mut EndpointConfiguration> {
    let server = document.servers.first_mut()?;
    Some(server.endpoint.get_or_insert_default())
}

/// What the document says of how the API is reached.
fn told_endpoint(document: &Document) -> Option<&EndpointConfiguration> {
    document.servers.first()?.endpoint.as_ref()
}

/// Takes what is said, if anything is.
fn take<T>(to: &mut Option<T>, said: Option<T>) -> bool {
    let is_said = said.is_some();
    if is_said {
        *to = said;
    }
    is_said
}

/// The same of a list.
fn take_all(to: &mut Vec<String>, said: &[String]) -> bool {
    if !said.is_empty() {
        *to = said.to_vec();
    }
    !said.is_empty()
}

/// The patches that make one list another one.
fn items(to: &[String], from: &[String], patch: impl Fn(PatchOp, &str) -> Patch) -> Vec<Patch> {
    let (to, from): (BTreeSet<_>, BTreeSet<_>) = (to.iter().collect(), from.iter().collect());
    let missing = to.difference(&from).map(|value| patch(PatchOp::Add, value));
    let extra = from.difference(&to).map(|value| patch(PatchOp::Remove, value));
    missing.chain(extra).collect()
}

impl Setting {
    /// Its value, where nothing said is the default.
    fn told(&self, api: &RestApi) -> String {
        (self.value)(api).unwrap_or_else(|| self.default.to_owned())
    }

    fn is_default(&self, api: &RestApi) -> bool {
        self.told(api) == self.default
    }
}

/// What the settings of an API are to be after a put: those of the files, and for the rest those that it has.
#[must_use]
pub fn expected(before: &RestApi, document: &Document, name: Option<&str>) -> RestApi {
    let mut expected = RestApi {
        name: match name.unwrap_or(&before.name) {
            "" => document.info.title.clone(),
            name => name.to_owned(),
        },
        ..before.clone()
    };
    for setting in &SETTINGS {
        (setting.said)(&mut expected, document);
    }
    expected
}

/// The settings that come with a version of an API, but for the policy, which callers compare by meaning.
fn of_versions() -> impl Iterator<Item = &'static Setting> {
    let of_versions = |one: &&Setting| one.effect != Effect::AtOnce && one.name != POLICY;
    SETTINGS.iter().filter(of_versions)
}

/// What a document says of them.
pub(crate) fn of_document(document: &Document) -> BTreeMap<&'static str, String> {
    let said = |one: &Setting| {
        let mut api = RestApi::default();
        (one.said)(&mut api, document).then(|| (one.name, one.told(&api)))
    };
    of_versions().filter_map(said).collect()
}

/// What an API has of them.
pub(crate) fn of_api(api: &RestApi) -> BTreeMap<&'static str, String> {
    of_versions().map(|one| (one.name, one.told(api))).collect()
}

/// Gives a document the settings of an API.
pub(super) fn write(document: &mut Document, api: &RestApi) {
    for setting in SETTINGS.iter().filter(|one| !one.is_default(api)) {
        if let Some(write) = setting.write {
            write(document, api);
        }
    }
}

/// What an overwrite by a document would reset, in words.
#[must_use]
pub fn carried(api: &RestApi, document: &Document) -> Vec<String> {
    let is_of_file = |setting: &Setting| (setting.said)(&mut api.clone(), document);
    let carried = SETTINGS.iter().filter(|one| !one.is_default(api) && !is_of_file(one));
    carried.filter_map(|one| Some(one.carried?(api))).collect()
}

/// What an API with the second settings protects less than with the first: the setting, and in words.
pub fn weakened<'a>(was: &'a RestApi, is: &'a RestApi) -> impl Iterator<Item = (&'static str, String)> + 'a {
    SETTINGS
        .iter()
        .filter_map(move |one| Some((one.name, (one.weaker?)(was, is)?)))
}

/// The settings of an API, by their names, each in one form.
pub fn told(api: &RestApi) -> impl Iterator<Item = (&'static str, String)> {
    SETTINGS.iter().map(|one| (one.name, one.told(api)))
}

/// A setting that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name.
    pub setting: &'static str,
    /// The changes that put it right.
    pub patches: Vec<Patch>,
}

/// The settings in which an API differs from what it should be.
#[must_use]
pub fn mismatches(expected: &RestApi, actual: &RestApi) -> Vec<Mismatch> {
    let wrong = SETTINGS
        .iter()
        .filter(|one| (one.value)(expected).is_some_and(|value| value != one.told(actual)));
    wrong
        .map(|one| Mismatch {
            setting: one.name,
            patches: (one.patches)(expected, actual),
        })
        .collect()
}

/// Whether API Gateway takes a quarter of an hour over a change of this setting.
#[must_use]
pub fn takes_long(name: &str) -> bool {
    let mut late = SETTINGS.iter().filter(|one| one.effect == Effect::LateDeployment);
    late.any(|one| one.name == name)
}

/// Gives an API back what it had in an earlier state and has lost since, by name. What it has now that is no default,
/// somebody may have set: it stays.
pub fn recover(now: &mut RestApi, then: &RestApi) -> Vec<&'static str> {
    let mut back = Vec::new();
    for setting in &SETTINGS {
        if setting.is_default(now) && !setting.is_default(then) {
            (setting.copy)(now, then);
            back.push(setting.name);
        }
    }
    back
}

/// Enough digits to tell one value from the one before it.
const DIGITS: usize = 8;

/// What the description of a deployment says of the settings that it is made with.
#[must_use]
pub fn imprint(api: &RestApi) -> String {
    let digests = deployed().map(|one| short_digest(&one.told(api))[..DIGITS].to_owned());
    digests.collect::<Vec<_>>().join(".")
}

/// The settings that an API has, and a deployment of it with that imprint has not: they wait for the next one.
#[must_use]
pub fn waiting(api: &RestApi, made_with: &str) -> Vec<&'static str> {
    let now = imprint(api);
    // An older description lacks what is new in the table.
    let pairs = now.split('.').zip(made_with.split('.')).zip(deployed());
    pairs
        .filter_map(|((now, then), one)| (now != then).then_some(one.name))
        .collect()
}

fn deployed() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(|one| one.effect != Effect::AtOnce)
}

#[cfg(test)]
mod tests;
