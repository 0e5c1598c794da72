//! What a stage is set to, in what it does with requests.

use std::collections::BTreeMap;

use bluegate_core::gateway::stage::method_keys;
use bluegate_core::gateway::told::texts;
use serde_json::{Map, Value as Json};

use super::cache::Caching;
use super::stage::Stage;
use super::usage::Throttle;

impl Stage {
    /// Takes the variables of a stage and the settings of its methods, as `GetStage` tells them.
    pub(crate) fn set(&mut self, told: &Json) {
        self.variables = texts(told.get("variables"));
        self.limits = of_methods(told, limit);
        self.traced = of_methods(told, |settings| settings.get("dataTraceEnabled")?.as_bool());
        // Nothing is kept without a cache.
        self.caching = match told["cacheClusterEnabled"] == true {
            true => of_methods(told, caching),
            false => BTreeMap::new(),
        };
    }
}

/// What the settings of methods say of one thing, by method as the plane names it.
fn of_methods<T>(told: &Json, read: impl Fn(&Map<String, Json>) -> Option<T>) -> BTreeMap<String, T> {
    let methods = told.get("methodSettings").and_then(Json::as_object);
    let read = methods.into_iter().flatten().filter_map(|(method, settings)| {
        let name = match method.starts_with('*') {
            true => method.to_owned(),
            false => format!("/{method}"),
        };
        Some((name, read(settings.as_object()?)?))
    });
    read.collect()
}

/// How fast requests may come. A half alone limits nothing.
fn limit(settings: &Map<String, Json>) -> Option<Throttle> {
    let rate = settings.get("throttlingRateLimit")?.as_f64()?;
    let burst = settings.get("throttlingBurstLimit")?.as_u64()?;
    let burst = u32::try_from(burst).unwrap_or(u32::MAX);
    Some(Throttle { rate, burst })
}

/// How answers are kept, if anything is said of it.
fn caching(settings: &Map<String, Json>) -> Option<Caching> {
    let mut caching = None;
    for (name, key) in method_keys("caching") {
        let value = match settings.get(key) {
            Some(Json::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => continue,
        };
        caching.get_or_insert_with(Caching::default).set(name, &value);
    }
    caching
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::{Api, Texts, stage};

    use super::*;

    /// A stage that was set by the paths of patches.
    fn set(values: &[(&str, &str)]) -> Stage {
        let values = values
            .iter()
            .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()));
        let mut stage = Stage::new("api", "dev", Api::default());
        stage.set(&stage::of_settings(&values.collect::<Texts>()));
        stage
    }

    #[test]
    fn throttles_are_those_of_methods_that_have_both_halves() {
        let stage = set(&[
            ("/*/*/throttling/rateLimit", "2.5"),
            ("/*/*/throttling/burstLimit", "5"),
            ("/~1users~1{id}/GET/throttling/rateLimit", "1"),
            ("/~1users~1{id}/GET/throttling/burstLimit", "1"),
            ("/~1/GET/throttling/rateLimit", "1"),
            ("/~1orders/GET/throttling/rateLimit", "unlimited"),
            ("/~1orders/GET/throttling/burstLimit", "1"),
        ]);
        assert!(stage.caching.is_empty());
        assert_eq!(stage.limits.keys().collect::<Vec<_>>(), ["*/*", "/users/{id}/GET"]);
        assert_eq!(stage.limits["*/*"], Throttle { rate: 2.5, burst: 5 });
    }

    #[test]
    fn answers_are_kept_as_the_settings_say_if_there_is_a_cache() {
        let mut values = vec![("/*/*/caching/enabled", "true")];
        assert!(set(&values).caching.is_empty());
        values.push(("/~1users/GET/caching/ttlInSeconds", "5"));
        assert!(set(&values).caching.is_empty());
        values.push(("/cacheClusterEnabled", "true"));
        // Of the cache nothing is said here.
        values.push(("/~1orders/GET/logging/dataTrace", "true"));
        let stage = set(&values);
        let caching = &stage.caching;
        assert_eq!((caching["*/*"].is_enabled, caching["*/*"].seconds), (true, 300));
        assert_eq!(
            (caching["/users/GET"].is_enabled, caching["/users/GET"].seconds),
            (false, 5)
        );
        assert_eq!(caching.len(), 2);
        assert_eq!(stage.traced, BTreeMap::from([("/orders/GET".to_owned(), true)]));
    }
}
