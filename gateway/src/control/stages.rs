//! Stages
//! ([Stage](https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html)).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::call::Call;
use super::canary;
use super::patch::{Op, Operation, operations};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, method_name, put, text};
use crate::plane::Caching;

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

/// How a stage keeps answers, of its settings of methods; nothing is kept without a cache.
pub(super) fn caching(told: &Json) -> BTreeMap<String, Caching> {
    let settings = told.get("methodSettings").and_then(Json::as_object);
    let settings = settings.filter(|_| told.get("cacheClusterEnabled") == Some(&json!(true)));
    let of_method = |(method, settings): (&String, &Json)| {
        let mut caching = Caching::default();
        for (_, name, key, _) in METHOD_SETTINGS.iter().filter(|(group, ..)| *group == "caching") {
            match settings.get(key) {
                Some(Json::String(text)) => caching.set(name, text),
                Some(value) => caching.set(name, &value.to_string()),
                None => {}
            }
        }
        (method_name(method), caching)
    };
    settings.into_iter().flatten().map(of_method).collect()
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

impl Control {
    pub(super) fn get_stages(&mut self, call: &Call<'_>) -> Answered {
        let stages = self.api(call)?.stages.values();
        let told = stages.map(|served| &served.told);
        let deployment = call.query("deploymentId");
        let told = told.filter(|told| deployment.is_none_or(|id| text(told, "deploymentId") == id));
        Ok(reply(200, json!({"item": told.collect::<Vec<_>>()})))
    }

    pub(super) fn get_stage(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, self.told_stage(call)?.clone()))
    }

    pub(super) fn create_stage(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let vpc_links = self.vpc_links.clone();
        let name = call.required(&input, "stageName")?;
        if !is_stage_name(&name) {
            return Err(Refusal::bad_request("Stage name only allows a-zA-Z0-9_-"));
        }
        if self.api(call)?.stages.contains_key(&name) {
            return Err(Refusal::conflict("Stage already exists"));
        }
        let mut told = new_stage(&name, call);
        for key in [
            "deploymentId",
            "description",
            "cacheClusterSize",
            "documentationVersion",
        ] {
            if let Some(text) = input.word(key)? {
                put(&mut told, key, json!(text));
            }
        }
        for key in ["tracingEnabled", "cacheClusterEnabled"] {
            put(&mut told, key, json!(input.flag(key)?));
        }
        let deployment = text(&told, "deploymentId").to_owned();
        if let Some(settings) = canary::asked(&input, &deployment)? {
            put(&mut told, "canarySettings", settings);
        }
        for key in ["variables", "tags"] {
            let texts = input.texts(key)?;
            if !texts.is_empty() {
                put(&mut told, key, json!(texts));
            }
        }
        self.api_mut(call)?.serve(&name, told.clone(), vpc_links.as_deref())?;
        Ok(reply(201, told))
    }

    pub(super) fn update_stage(&mut self, call: &Call<'_>) -> Answered {
        let operations = operations(call)?;
        let vpc_links = self.vpc_links.clone();
        let mut told = self.told_stage(call)?.clone();
        for operation in &operations {
            change(&mut told, operation)?;
        }
        put(&mut told, "lastUpdatedDate", json!(call.seconds()));
        self.api_mut(call)?
            .serve(call.part(1), told.clone(), vpc_links.as_deref())?;
        Ok(reply(200, told))
    }

    pub(super) fn delete_stage(&mut self, call: &Call<'_>) -> Answered {
        let (id, stage) = (call.part(0), call.part(1));
        self.told_stage(call)?;
        if self.is_planned(id, Some(stage)) {
            return Err(Refusal::bad_request(
                "The stage is in a usage plan: remove it from that, then delete it",
            ));
        }
        self.api_mut(call)?.stages.remove(stage);
        Ok(empty(202))
    }

    pub(super) fn flush_stage_cache(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        self.gate.cache.forget(call.part(0), call.part(1));
        Ok(empty(202))
    }

    pub(super) fn flush_stage_authorizers_cache(&mut self, call: &Call<'_>) -> Answered {
        self.told_stage(call)?;
        self.gate.kept.forget(call.part(0), call.part(1));
        Ok(empty(202))
    }

    /// The stage that the path names second.
    pub(super) fn told_stage(&self, call: &Call<'_>) -> Result<&Json, Refusal> {
        let served = self.api(call)?.stages.get(call.part(1));
        served.map(|served| &served.told).ok_or_else(|| Refusal::no("stage"))
    }
}

pub(super) fn is_stage_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !name.is_empty() && name.len() <= 128 && name.bytes().all(is_allowed)
}

pub(super) fn new_stage(name: &str, call: &Call<'_>) -> Json {
    json!({
        "stageName": name,
        "createdDate": call.seconds(),
        "lastUpdatedDate": call.seconds(),
        "cacheClusterEnabled": false,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": false,
    })
}

fn change(told: &mut Json, operation: &Operation) -> Result<(), Refusal> {
    let parts = operation.parts();
    let value = operation.value.as_deref().filter(|_| !operation.is_removal());
    let text = json!(value.filter(|text| !text.is_empty()));
    let unknown = || {
        let path = &operation.path;
        Refusal::bad_request(format!(
            "Invalid method setting path: {path}. Must be one of: [{PATHS}]"
        ))
    };
    if let Some(changed) = canary::change(told, operation) {
        return changed;
    }
    match (operation.op, parts.as_slice()) {
        (Op::Move | Op::Test, _) => return Err(unknown()),
        (_, ["deploymentId"]) => put(told, "deploymentId", json!(value.unwrap_or_default())),
        (
            _,
            [
                key @ ("description"
                | "clientCertificateId"
                | "webAclArn"
                | "cacheClusterSize"
                | "documentationVersion"),
            ],
        ) => put(told, key, text),
        (_, [key @ ("tracingEnabled" | "cacheClusterEnabled")]) => put(told, key, json!(operation.flag())),
        (_, ["variables", name]) => {
            inner(told, "variables", |variables| put(variables, name, json!(value)));
        }
        (Op::Remove, ["accessLogSettings"]) => put(told, "accessLogSettings", Json::Null),
        (Op::Add | Op::Replace, ["accessLogSettings", key @ ("format" | "destinationArn")]) => {
            if text.is_null() {
                return Err(Refusal::bad_request("Access Log value must not be empty"));
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
            return Err(Refusal::bad_request(
                "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, \
                 /accessLogSettings/format]",
            ));
        }
        (Op::Remove, [resource, verb]) => {
            let method = method_of(resource, verb);
            let settings = told.get_mut("methodSettings").and_then(Json::as_object_mut);
            if settings.and_then(|settings| settings.remove(&method)).is_none() {
                return Err(Refusal::bad_request(format!(
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
            let read = read.ok_or_else(|| Refusal::bad_request(format!("Invalid value at {}", operation.path)))?;
            inner(told, "methodSettings", |settings| {
                inner(settings, &method_of(resource, verb), |method| {
                    for (_, _, key, default) in METHOD_SETTINGS {
                        if method.get(key).is_none() {
                            put(method, key, default.value());
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

/// Changes an object within another one, which may not be there yet.
fn inner(told: &mut Json, key: &str, change: impl FnOnce(&mut Json)) {
    let mut object = told.get(key).cloned().unwrap_or_else(|| json!({}));
    change(&mut object);
    put(told, key, object);
}
