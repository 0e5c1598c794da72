//! The settings of a stage: what the file declares, held against what there is.
//!
//! A setting has the name that a patch of it has
//! ([patches of stages](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)), such as
//! `/*/*/throttling/rateLimit`: so what differs is what is written.

use std::collections::BTreeSet;

use bluegate_core::aws::{StageSettings, stage_path};

use crate::api::{Patch, PatchOp, Stage, Texts};

use bluegate_core::gateway::{Change, Definition, Key, names_variable, replaced};

/// What is declared of a stage, held against a stage.
pub trait Declared: Sized {
    /// What of it a stage has not.
    #[must_use]
    fn missing(&self, stage: Option<&Stage>) -> Self;
    /// The same, but for a cache that API Gateway is at: what becomes of that is seen in some minutes.
    #[must_use]
    fn overdue(&self, stage: &Stage) -> Self;
    /// The patches that set the values.
    #[must_use]
    fn patches(&self) -> Vec<Patch>;
    /// The patches that bring a stage back to what it was, as far as these values go.
    #[must_use]
    fn patches_back(&self, before: &Stage, now: &Stage) -> Vec<Patch>;
    /// The changes that setting them makes, in words. Values of variables are not shown.
    #[must_use]
    fn changes(&self, stage: Option<&Stage>) -> Vec<Change>;
    /// What of it makes a stage that is there protect less, in words.
    #[must_use]
    fn weaker(&self, stage: Option<&Stage>) -> Vec<String>;
}

/// The variables that a stage has, with those that are declared for it.
#[must_use]
pub fn stage_variables_of(stage: Option<&Stage>, declared: Option<&StageSettings>) -> Texts {
    let mut variables = stage.map(|stage| stage.variables.clone()).unwrap_or_default();
    for (name, value) in declared.iter().flat_map(|declared| &declared.values) {
        if let Some(name) = name.strip_prefix("/variables/") {
            variables.insert(name.to_owned(), value.clone());
        }
    }
    variables
}

impl Declared for StageSettings {
    fn missing(&self, stage: Option<&Stage>) -> Self {
        // What is declared for all methods holds for those that have nothing of their own.
        let of_all = |stage: &Stage, name: &str| {
            let is_own = stage.settings.contains_key(name);
            of_all(name).filter(|_| !is_own).and_then(|all| self.values.get(&all))
        };
        let is_missing = |(name, value): &(&String, &String)| match stage {
            None => true,
            Some(stage) => !is_same(
                value,
                of_all(stage, name)
                    .map(String::as_str)
                    .or_else(|| actual(&stage.settings, name)),
            ),
        };
        let lacks = |(name, value): &(&String, &String)| stage.is_none_or(|stage| stage.tags.get(*name) != Some(value));
        let copy = |(name, value): (&String, &String)| (name.clone(), value.clone());
        Self {
            values: self.values.iter().filter(is_missing).map(copy).collect(),
            tags: self.tags.iter().filter(lacks).map(copy).collect(),
        }
    }

    fn overdue(&self, stage: &Stage) -> Self {
        let mut missing = self.missing(Some(stage));
        missing
            .values
            .retain(|name, _| !stage.cache.is_moving() || !is_of_cache(name));
        missing
    }

    fn patches(&self) -> Vec<Patch> {
        let values = self.values.iter();
        let mut patches: Vec<Patch> = values.map(|(name, value)| Patch::replace(name, value)).collect();
        // A size alone is taken for the one of a cache that is off.
        if self.values.contains_key(CACHE_SIZE) && !self.values.contains_key(CACHE) {
            patches.insert(0, Patch::replace(CACHE, "true"));
        }
        patches
    }

    fn patches_back(&self, before: &Stage, now: &Stage) -> Vec<Patch> {
        let mut removed = BTreeSet::new();
        let mut patches = Vec::new();
        if self.values.keys().any(|name| is_of_cache(name)) {
            patches.extend(cache_back(before, now));
        }
        for name in self.values.keys().filter(|name| !is_of_cache(name)) {
            let (was, is) = (before.settings.get(name), now.settings.get(name));
            if was == is {
                continue;
            }
            match (was, removable(name)) {
                (Some(value), _) => patches.push(Patch::replace(name, value)),
                (None, Some(whole)) => {
                    // A method that had settings keeps those: the single value goes back to its default.
                    let others = before
                        .settings
                        .keys()
                        .any(|other| other.starts_with(&format!("{whole}/")));
                    if others {
                        patches.extend(default(name).map(|value| Patch::replace(name, value)));
                    } else if removed.insert(whole.clone()) {
                        patches.push(Patch {
                            op: PatchOp::Remove,
                            path: whole,
                            value: None,
                        });
                    }
                }
                (None, None) => patches.push(Patch::replace(name, default(name).unwrap_or_default())),
            }
        }
        patches
    }

    fn changes(&self, stage: Option<&Stage>) -> Vec<Change> {
        let values = self.values.iter().map(|(name, value)| {
            let from = stage.and_then(|stage| actual(&stage.settings, name)).map(str::to_owned);
            match name.strip_prefix("/variables/") {
                Some(variable) => Change {
                    field: format!("variable {variable}"),
                    from: from.map(|_| "[hidden]".to_owned()),
                    to: Some("[hidden]".to_owned()),
                },
                None => Change {
                    from: from.map(|value| in_words(name, value)),
                    to: Some(in_words(name, value.clone())),
                    field: words(name),
                },
            }
        });
        let tags = self.tags.iter().map(|(name, value)| Change {
            field: format!("tag {name}"),
            from: stage.and_then(|stage| stage.tags.get(name)).cloned(),
            to: Some(value.clone()),
        });
        values.chain(tags).collect()
    }

    fn weaker(&self, stage: Option<&Stage>) -> Vec<String> {
        let Some(there) = stage else { return Vec::new() };
        let missing = self.missing(stage).values;
        let changed = missing
            .iter()
            .filter(|(name, value)| !is_same(value, actual(&there.settings, name)));
        let weaker = changed.filter(|(name, value)| is_weaker(name, value, actual(&there.settings, name)));
        weaker
            .map(|(name, value)| format!("{} becomes {}", words(name), in_words(name, value.clone())))
            .collect()
    }
}

/// What routes protect less that take requests of others, since settings of a stage are those of a path and a verb: in words.
pub(crate) fn weaker_elsewhere<'a>(
    stage: Option<&Stage>,
    declared: &StageSettings,
    before: impl IntoIterator<Item = &'a Definition>,
    after: &'a Definition,
) -> Vec<String> {
    let is_of_method = |name: &String| stage_path::method(name).is_some();
    let Some(there) = stage.filter(|there| there.settings.keys().any(is_of_method)) else {
        return Vec::new();
    };
    let mut next = there.settings.clone();
    next.extend(declared.values.clone());
    let pairs: BTreeSet<(&Key, &Key)> = before.into_iter().flat_map(|before| replaced(before, after)).collect();
    let mut found = Vec::new();
    for (old, new) in pairs {
        let [own, others] = [old, new].map(|key| stage_path::of_method(&key.to_string()));
        let values = there.settings.iter();
        let values = values.filter_map(|(name, value)| Some((name.strip_prefix(&own)?, value)));
        for (setting, was) in values.filter(|(setting, _)| setting.starts_with('/')) {
            let name = format!("{others}{setting}");
            let is = actual(&next, &name).unwrap_or(NO_LIMIT);
            if !is_same(is, Some(was)) && is_weaker(&name, is, Some(was)) {
                let is = in_words(&name, is.to_owned());
                found.push(format!("{} becomes {is}, which for {old} is {was}", words(&name)));
            }
        }
    }
    found
}

/// Whether a stage protects less with a value than with another one: it lets more requests pass or writes less of them down,
/// shows more of them to whoever reads logs, or keeps answers in the open.
fn is_weaker(name: &str, value: &str, was: Option<&str>) -> bool {
    let is = |end: &str| name.ends_with(end);
    if is("/throttling/rateLimit") || is("/throttling/burstLimit") {
        // No limit is -1, and none of its own a method that has that of all.
        let limit = |text: &str| {
            text.parse()
                .ok()
                .filter(|limit: &f64| *limit >= 0.0)
                .unwrap_or(f64::INFINITY)
        };
        return limit(value) > was.map_or(f64::INFINITY, limit);
    }
    // Keys themselves, and not their ids.
    let tells_keys = |format: &str| names_variable(format, "context.identity.apiKey");
    is("/logging/dataTrace") && value == "true"
        || is("/logging/loglevel") && value == "OFF"
        || is("/caching/dataEncrypted") && value == "false"
        || is("/caching/requireAuthorizationForCacheControl") && value == "false"
        || name == "/clientCertificateId" && value.is_empty()
        || name == "/accessLogSettings/format" && tells_keys(value) && !was.is_some_and(tells_keys)
}

/// The last two parts of the name of a setting of methods.
fn setting_of(name: &str) -> &str {
    let last = name.rfind('/').unwrap_or_default();
    &name[name[..last].rfind('/').unwrap_or_default()..]
}

pub(super) const CACHE: &str = "/cacheClusterEnabled";
/// A limit that is none.
const NO_LIMIT: &str = "-1";
const CACHE_SIZE: &str = "/cacheClusterSize";

/// Whether a setting is about the cache itself, which comes and goes slowly.
pub(crate) fn is_of_cache(name: &str) -> bool {
    [CACHE, CACHE_SIZE].contains(&name)
}

/// The patches that bring the cache back to what it was. The size goes with the switch, and is never empty.
fn cache_back(before: &Stage, now: &Stage) -> Vec<Patch> {
    let of = |stage: &Stage| {
        let is_on = actual(&stage.settings, CACHE) == Some("true");
        (is_on, stage.settings.get(CACHE_SIZE).filter(|_| is_on).cloned())
    };
    let (is_on, size) = of(before);
    if of(now) == (is_on, size.clone()) {
        return Vec::new();
    }
    let size = size.map(|size| Patch::replace(CACHE_SIZE, &size));
    [Patch::replace(CACHE, &is_on.to_string())]
        .into_iter()
        .chain(size)
        .collect()
}

/// What there is: what API Gateway says, of a method what it says of all of them, else what it does without saying so.
pub(super) fn actual<'a>(settings: &'a Texts, name: &str) -> Option<&'a str> {
    let all = || settings.get(&of_all(name)?);
    let told = settings.get(name).or_else(all);
    told.map(String::as_str).or_else(|| default(name))
}

/// The setting of all methods that a setting of a method has in its place.
fn of_all(name: &str) -> Option<String> {
    stage_path::method(name).map(|_| format!("{}{}", stage_path::EVERY, setting_of(name)))
}

/// Values of settings that nobody set. Limits are those of the account, which nobody here knows.
fn default(name: &str) -> Option<&'static str> {
    let is = |end: &str| name.ends_with(end);
    match name {
        "/tracingEnabled" | CACHE => Some("false"),
        _ if is("/metrics/enabled") || is("/logging/dataTrace") || is("/caching/dataEncrypted") => Some("false"),
        _ if is("/logging/loglevel") => Some("OFF"),
        _ if is("/caching/ttlInSeconds") => Some("300"),
        _ if is("/caching/requireAuthorizationForCacheControl") => Some("true"),
        _ => None,
    }
}

/// What is removed as a whole to unset a setting: a variable, the description, the access log, the settings of a method.
fn removable(name: &str) -> Option<String> {
    if name.starts_with("/variables/") || name == "/description" {
        return Some(name.to_owned());
    }
    if name.starts_with("/accessLogSettings/") {
        return Some("/accessLogSettings".to_owned());
    }
    let mut parts = name.split('/').skip(1);
    let (path, verb) = (parts.next()?, parts.next()?);
    let is_method = parts.count() == 2;
    is_method.then(|| format!("/{path}/{verb}"))
}

fn is_same(declared: &str, actual: Option<&str>) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    let Some(actual) = actual else { return false };
    declared == actual || number(declared).is_some_and(|one| number(actual) == Some(one))
}

/// A value in words: -1 is no limit.
fn in_words(name: &str, value: String) -> String {
    let is_none = name.contains("/throttling/") && value.parse() == Ok(-1.0);
    if is_none { "unlimited".to_owned() } else { value }
}

/// A setting in words: `throttling rateLimit of GET /users`.
pub(super) fn words(name: &str) -> String {
    let Some(key) = removable(name).filter(|key| key != "/accessLogSettings" && key != name) else {
        return match name {
            "/tracingEnabled" => "tracing".to_owned(),
            "/clientCertificateId" => "client certificate".to_owned(),
            CACHE => "cache".to_owned(),
            CACHE_SIZE => "cache size".to_owned(),
            "/accessLogSettings/destinationArn" => "access log destination".to_owned(),
            "/accessLogSettings/format" => "access log format".to_owned(),
            other => other.trim_start_matches('/').to_owned(),
        };
    };
    let setting = name[key.len()..].trim_start_matches('/').replace('/', " ");
    match stage_path::method(&key) {
        Some(method) => format!("{setting} of {method}"),
        None => setting,
    }
}

#[cfg(test)]
mod tests;
