//! Which answers a stage keeps.

use bluegate_core::aws::{StageSettings, stage_path};
use bluegate_core::gateway::{Definition, Key, shared_answers};

use crate::api::{Stage, Texts};

use super::stage_settings::{CACHE, actual};

/// How a stage keeps answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Caching {
    is_on: bool,
    settings: Texts,
}

impl Caching {
    /// Of a stage with what is declared for it. One that is not there keeps nothing.
    pub(crate) fn of(stage: Option<&Stage>, declared: Option<&StageSettings>) -> Self {
        let mut settings = stage.map(|stage| stage.settings.clone()).unwrap_or_default();
        let declared = declared.iter().flat_map(|declared| &declared.values);
        let declared: Texts = declared.map(|(name, value)| (name.clone(), value.clone())).collect();
        let is_on = match declared.get(CACHE) {
            Some(is_on) => is_on == "true",
            None => stage.is_some_and(|stage| stage.cache.is_on()),
        };
        settings.extend(declared);
        Self { is_on, settings }
    }

    /// Whether answers of a route are kept: what is so for all methods holds for `GET` alone.
    pub(crate) fn keeps(&self, route: &Key) -> bool {
        let own = stage_path::of_method(&route.to_string());
        let is_read = ["GET", "ANY"].contains(&route.verb.as_str());
        let value = |name: &str| {
            let name = format!("{own}/caching/{name}");
            match is_read {
                true => actual(&self.settings, &name),
                false => self.settings.get(&name).map(String::as_str),
            }
        };
        self.is_on && value("enabled") == Some("true") && value("ttlInSeconds") != Some("0")
    }

    /// Answers that others are given than before, in words.
    pub(crate) fn shared(&self, before: &Definition, next: &Self, after: &Definition) -> Vec<String> {
        if !next.is_on {
            return Vec::new();
        }
        shared_answers(
            (before, &|key: &Key| self.keeps(key)),
            (after, &|key: &Key| next.keeps(key)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Cache;

    #[test]
    fn what_is_so_for_all_methods_holds_for_get_and_what_a_method_has_for_itself() {
        let keeps = |cache: Cache, settings: &[(&str, &str)], route: &str| {
            let settings = settings
                .iter()
                .map(|(name, value)| (format!("{name}/caching/enabled"), (*value).to_owned()));
            let stage = Stage {
                cache,
                settings: settings.collect(),
                ..Stage::default()
            };
            let (verb, path) = route.split_once(' ').unwrap();
            let (verb, path) = (verb.to_owned(), path.to_owned());
            Caching::of(Some(&stage), None).keeps(&Key { path, verb })
        };
        let all = ("/*/*", "true");
        assert!(keeps(Cache::On, &[all], "GET /a"));
        assert!(keeps(Cache::On, &[all], "ANY /a"));
        assert!(!keeps(Cache::On, &[all], "POST /a"));
        assert!(!keeps(Cache::Off, &[all], "GET /a"));
        assert!(!keeps(Cache::On, &[], "GET /a"));
        assert!(!keeps(Cache::On, &[all, ("/~1a/GET", "false")], "GET /a"));
        assert!(keeps(Cache::On, &[("/~1a/POST", "true")], "POST /a"));
        assert!(!Caching::default().keeps(&Key {
            path: "/a".into(),
            verb: "GET".into()
        }));
    }
}
