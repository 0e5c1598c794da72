//! Stages, as API Gateway tells them, and what patches make of them
//! ([Stage](https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html)), as recorded of AWS.

pub mod canary;

use serde_json::{Value as Json, json};

use super::Texts;
use super::patch::{Op, Operation, Refused};
use super::told::{inner, put, text as text_of, texts};
use crate::aws::{refused_variable, stage_path};

/// The settings of methods: the last two parts of a path, the name that a stage tells it by, and what is so unless
/// somebody says otherwise, as recorded of AWS.
const METHOD_SETTINGS: [(&str, &str, &str, Default); 10] = [
    ("metrics", "enabled", "metricsEnabled", Default::Flag(false)),
    ("logging", "loglevel", "loggingLevel", Default::Absent),
    ("logging", "dataTrace", "dataTraceEnabled", Default::Flag(false)),
    ("throttling", "burstLimit", "throttlingBurstLimit", Default::Whole(5000)),
    ("throttling", "rateLimit", "throttlingRateLimit", Default::Real(10_000.)),
    ("caching", "enabled", "cachingEnabled", Default::Flag(false)),
    ("caching", "ttlInSeconds", "cacheTtlInSeconds", Default::Whole(300)),
    ("caching", "dataEncrypted", "cacheDataEncrypted", Default::Flag(false)),
    (
        "caching",
        "requireAuthorizationForCacheControl",
        "requireAuthorizationForCacheControl",
        Default::Flag(true),
    ),
    (
        "caching",
        "unauthorizedCacheControlHeaderStrategy",
        "unauthorizedCacheControlHeaderStrategy",
        Default::Text("SUCCEED_WITH_RESPONSE_HEADER"),
    ),
];

/// The settings of methods of a group, such as `caching`: as a path has them, and the key that a stage tells them by.
pub fn method_keys(group: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = METHOD_SETTINGS.into_iter().filter(move |(of, ..)| *of == group);
    rows.map(|(_, name, key, _)| (name, key))
}

/// What a setting of methods is, and of which kind.
#[derive(Debug, Clone, Copy)]
enum Default {
    Absent,
    Flag(bool),
    Whole(i64),
    Real(f64),
    Text(&'static str),
}

impl Default {
    fn value(self) -> Json {
        match self {
            Self::Absent => Json::Null,
            Self::Flag(yes) => json!(yes),
            Self::Whole(number) => json!(number),
            Self::Real(number) => json!(number),
            Self::Text(text) => json!(text),
        }
    }

    /// A value of its kind, as a patch writes it.
    fn read(self, text: &str) -> Option<Json> {
        match self {
            Self::Absent | Self::Text(_) => Some(json!(text)),
            Self::Flag(_) => Some(json!(text.eq_ignore_ascii_case("true"))),
            Self::Whole(_) => text.parse::<i64>().ok().map(|number| json!(number)),
            Self::Real(_) => text
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .map(|number| json!(number)),
        }
    }
}

/// What a deployment that is not there is refused with.
pub const NO_DEPLOYMENT: &str = "Deployment id does not exist";

/// How large a cache may be, in gigabytes.
pub const CACHE_SIZES: [&str; 8] = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"];

const LOG_LEVELS: [&str; 3] = ["OFF", "ERROR", "INFO"];
/// What becomes of who asks for a fresh answer and may not.
const STRATEGIES: [&str; 3] = [
    "FAIL_WITH_403",
    "SUCCEED_WITH_RESPONSE_HEADER",
    "SUCCEED_WITHOUT_RESPONSE_HEADER",
];
/// How long an answer may be kept, in seconds.
const LONGEST_KEPT: i64 = 3600;

/// What a patch of a stage can begin with, in the words of AWS.
const PATHS: &str = "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, \
    /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, \
    /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, \
    /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit\
    /{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, \
    /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, \
    /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, \
    /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, \
    /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit \
    /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, \
    /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, \
    /variables/{variable_name}, /tracingEnabled";

/// A stage that nobody changed, made at a moment in seconds since 1970.
#[must_use]
pub fn made(name: &str, now: i64) -> Json {
    json!({
        "stageName": name,
        "createdDate": now,
        "lastUpdatedDate": now,
        "cacheClusterEnabled": false,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": false,
    })
}

/// Refuses stage variables whose names or values are none, of a stage and of its canary.
///
/// # Errors
///
/// [`Refused`] for the first of them.
pub fn judge_variables(told: &Json) -> Result<(), Refused> {
    let overrides = told.pointer("/canarySettings/stageVariableOverrides");
    let mut all = texts(told.get("variables")).into_iter().chain(texts(overrides));
    let refused = all.find_map(|(name, value)| Some((refused_variable(&name, &value)?, name)));
    match refused {
        Some((why, name)) => Err(Refused::bad_request(format!("Invalid stage variable {name}: {why}"))),
        None => Ok(()),
    }
}

/// Changes a stage.
///
/// # Errors
///
/// [`Refused`] when there is no such setting, or its value is none. The stage may be half changed then.
pub fn patch(told: &mut Json, operation: &Operation) -> Result<(), Refused> {
    let parts = operation.parts();
    let value = operation.value.as_deref().filter(|_| !operation.is_removal());
    let text = json!(value.filter(|text| !text.is_empty()));
    let unknown = || {
        let path = &operation.path;
        Refused::bad_request(format!(
            "Invalid method setting path: {path}. Must be one of: [{PATHS}]"
        ))
    };
    if let Some(changed) = canary::change(told, operation) {
        return changed;
    }
    match (operation.op, parts.as_slice()) {
        (Op::Move | Op::Test, _) => return Err(unknown()),
        (_, ["deploymentId"]) => put(told, "deploymentId", json!(value.unwrap_or_default())),
        (_, [key @ ("description" | "clientCertificateId" | "webAclArn" | "documentationVersion")]) => {
            put(told, key, text);
        }
        (_, ["tracingEnabled"]) => put(told, "tracingEnabled", json!(operation.flag())),
        (_, ["cacheClusterEnabled"]) => {
            let size = text_of(told, "cacheClusterSize").to_owned();
            set_cache(told, operation.flag(), Some(&size));
        }
        (_, ["cacheClusterSize"]) => {
            let size = value.unwrap_or_default();
            if !CACHE_SIZES.contains(&size) {
                return Err(Refused::bad_request("Invalid cache cluster size"));
            }
            put(told, "cacheClusterSize", json!(size));
        }
        (_, ["variables", name]) => {
            inner(told, "variables", |variables| put(variables, name, json!(value)));
        }
        (Op::Remove, ["accessLogSettings"]) => put(told, "accessLogSettings", Json::Null),
        (Op::Add | Op::Replace, ["accessLogSettings", key @ ("format" | "destinationArn")]) => {
            if text.is_null() {
                return Err(Refused::bad_request("Access Log value must not be empty"));
            }
            // An ARN of a group of logs may have `:*` at its end, which is not kept.
            let kept = value.map(|value| {
                value
                    .strip_suffix(":*")
                    .filter(|_| *key == "destinationArn")
                    .unwrap_or(value)
            });
            inner(told, "accessLogSettings", |settings| put(settings, key, json!(kept)));
        }
        (Op::Add | Op::Replace, ["accessLogSettings", ..]) => {
            return Err(Refused::bad_request(
                "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, \
                 /accessLogSettings/format]",
            ));
        }
        (Op::Remove, [resource, verb]) => {
            let method = method_of(resource, verb);
            let settings = told.get_mut("methodSettings").and_then(Json::as_object_mut);
            if settings.and_then(|settings| settings.remove(&method)).is_none() {
                return Err(Refused::bad_request(format!(
                    "Cannot remove method setting {resource}/{verb} because there is no method setting for this method "
                )));
            }
        }
        (_, [resource, verb, group, name]) => {
            let mut known = METHOD_SETTINGS.iter();
            let row = known.find(|(of, named, ..)| of == group && named == name);
            let (_, _, key, default) = row.ok_or_else(unknown)?;
            let read = match value {
                None => Some(default.value()),
                Some(value) => default.read(value),
            };
            let read = read.filter(|read| match (*name, read) {
                ("loglevel", Json::String(level)) => LOG_LEVELS.contains(&level.as_str()),
                ("unauthorizedCacheControlHeaderStrategy", Json::String(strategy)) => {
                    STRATEGIES.contains(&strategy.as_str())
                }
                ("ttlInSeconds", seconds) => seconds.as_i64().is_some_and(|time| (0..=LONGEST_KEPT).contains(&time)),
                _ => true,
            });
            let read = read.ok_or_else(|| Refused::bad_request(format!("Invalid value at {}", operation.path)))?;
            inner(told, "methodSettings", |settings| {
                // Recorded of AWS: a method begins with what is so for all of them.
                let all = settings.get("*/*").cloned().unwrap_or_default();
                inner(settings, &method_of(resource, verb), |method| {
                    for (_, _, key, default) in METHOD_SETTINGS {
                        if method.get(key).is_none() {
                            put(method, key, all.get(key).cloned().unwrap_or_else(|| default.value()));
                        }
                    }
                    put(method, key, read);
                });
            });
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

/// A method as a stage names it.
fn method_of(resource: &str, verb: &str) -> String {
    format!("{}/{verb}", resource.trim_start_matches('/'))
}

/// Switches the cache on or off. One that is on has a size: the smallest unless somebody says otherwise.
pub fn set_cache(told: &mut Json, is_on: bool, size: Option<&str>) {
    let size = size.filter(|size| !size.is_empty()).unwrap_or(CACHE_SIZES[0]);
    put(told, "cacheClusterEnabled", json!(is_on));
    put(told, "cacheClusterSize", json!(is_on.then_some(size)));
    let status = if is_on { "AVAILABLE" } else { "NOT_AVAILABLE" };
    put(told, "cacheClusterStatus", json!(status));
}

/// Whether a stage, or its canary, serves a deployment.
#[must_use]
pub fn serves(told: &Json, deployment_id: &str) -> bool {
    deployments(told).any(|id| id == deployment_id)
}

/// The deployments that a stage and its canary serve.
pub fn deployments(told: &Json) -> impl Iterator<Item = &str> {
    let canary = told.get("canarySettings").map(|canary| text_of(canary, "deploymentId"));
    [text_of(told, "deploymentId")].into_iter().chain(canary)
}

/// Refuses to delete a deployment that one of the stages serves.
///
/// # Errors
///
/// [`Refused`] when one does.
pub fn may_lose<'t>(mut stages: impl Iterator<Item = &'t Json>, deployment_id: &str) -> Result<(), Refused> {
    match stages.any(|told| serves(told, deployment_id)) {
        true => Err(Refused::bad_request(
            "Active stages pointing to this deployment must be moved or deleted",
        )),
        false => Ok(()),
    }
}

/// All that a stage is set to, by the paths of the patches that set it.
#[must_use]
pub fn settings(told: &Json) -> Texts {
    let mut settings = Texts::new();
    let mut set = |path: String, value: Option<&Json>| {
        let value = match value {
            Some(Json::String(text)) => text.clone(),
            Some(Json::Number(number)) => number
                .as_f64()
                .map_or_else(|| number.to_string(), |number| number.to_string()),
            Some(Json::Bool(yes)) => yes.to_string(),
            _ => return,
        };
        settings.insert(path, value);
    };
    for key in [
        "description",
        "tracingEnabled",
        "clientCertificateId",
        "cacheClusterEnabled",
        "cacheClusterSize",
    ] {
        set(format!("/{key}"), told.get(key));
    }
    for key in ["destinationArn", "format"] {
        let path = format!("/accessLogSettings/{key}");
        set(path.clone(), told.pointer(&path));
    }
    let methods = told
        .get("methodSettings")
        .and_then(Json::as_object)
        .into_iter()
        .flatten();
    for (method, values) in methods {
        let path = stage_path::of_answer(method);
        for (group, name, key, _) in METHOD_SETTINGS {
            set(format!("{path}/{group}/{name}"), values.get(key));
        }
    }
    for (name, value) in texts(told.get("variables")) {
        settings.insert(format!("/variables/{name}"), value);
    }
    settings
}

/// What a stage is told as that is set to all that: the other way round.
#[must_use]
pub fn of_settings(settings: &Texts) -> Json {
    let mut told = json!({});
    for (path, value) in settings {
        let operation = Operation::new(Op::Replace, path.clone(), Some(value.clone()), None);
        match operation.parts().as_slice() {
            [key @ ("tracingEnabled" | "cacheClusterEnabled")] => put(&mut told, key, json!(operation.flag())),
            [key @ ("description" | "clientCertificateId" | "cacheClusterSize")] => put(&mut told, key, json!(value)),
            [group @ ("accessLogSettings" | "variables"), name] => {
                inner(&mut told, group, |group| put(group, name, json!(value)));
            }
            [resource, verb, group, name] => {
                let row = METHOD_SETTINGS
                    .iter()
                    .find(|(of, named, ..)| of == group && named == name);
                let read = row.and_then(|(.., key, default)| Some((key, default.read(value)?)));
                if let Some((key, read)) = read {
                    inner(&mut told, "methodSettings", |methods| {
                        inner(methods, &method_of(resource, verb), |method| put(method, key, read));
                    });
                }
            }
            _ => {}
        }
    }
    told
}

#[cfg(test)]
mod tests;
