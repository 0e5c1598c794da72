//! What API Gateway takes as settings of a stage.

use crate::blueprint::Verb;
use crate::diagnostic::Diagnostics;
use crate::file::{CacheEntry, Entries, StageEntry};
use crate::reference::{VARIABLE_NAMES, is_variable_name};

use super::access_log;
use super::refuse::stage_setting as refuse;

/// Sizes of a cache, in gigabytes
/// ([`CacheClusterSize`](https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html)).
const SIZES: [&str; 8] = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"];
/// Seconds that an answer may be kept.
const LONGEST_TTL: u32 = 3600;
/// Of the [quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html): variables of a stage,
/// characters of a value, tags of a stage.
const MOST_VARIABLES: usize = 100;
const LONGEST_VALUE: usize = 512;
const MOST_TAGS: usize = 50;

/// Whether a text names a method as `GET /users/{id}`.
pub(super) fn is_method(text: &str) -> bool {
    let is_verb = |text: &str| Verb::ALL.into_iter().any(|verb| verb.as_str() == text);
    text.split_once(' ')
        .is_some_and(|(verb, path)| is_verb(verb) && path.starts_with('/') && !path.contains(' '))
}

pub(super) fn check(stage: &StageEntry, found: &mut Diagnostics) {
    if let Some(variables) = &stage.variables {
        check_variables(variables, found);
    }
    if let Some(tags) = &stage.tags {
        check_tags(tags, found);
    }
    if let Some(cache) = &stage.cache {
        check_cache(cache, found);
    }
    if let Some(log) = &stage.access_log {
        access_log::check(log, found);
    }
    for (method, _) in stage.methods.iter().flat_map(Entries::iter) {
        if !is_method(method) {
            refuse(
                "a key of `methods` is no method",
                method.span,
                "write the verb and the path on the gateway: `\"GET /users/{id}\"`",
                found,
            );
        }
    }
}

/// What values of stage variables are, for people.
const VARIABLE_VALUES: &str = "a value is made of letters, digits, spaces and `-._~:/?#&=,`, 1 to 512 of them";

/// What the name or the value of a stage variable has to be, if API Gateway refuses it.
#[must_use]
pub fn refused_variable(name: &str, value: &str) -> Option<&'static str> {
    // The space is not in the documentation, but in API Gateway's own words when it refuses a value.
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b" -._~:/?#&=,".contains(&byte);
    if !is_variable_name(name) {
        Some(VARIABLE_NAMES)
    } else if !(1..=LONGEST_VALUE).contains(&value.len()) || !value.bytes().all(fits) {
        Some(VARIABLE_VALUES)
    } else {
        None
    }
}

fn check_variables(variables: &Entries<String>, found: &mut Diagnostics) {
    for (name, value) in variables.iter() {
        if !is_variable_name(name) {
            refuse(
                "a stage variable has a name that is none",
                name.span,
                VARIABLE_NAMES,
                found,
            );
        }
        if refused_variable("name", value).is_some() {
            refuse(
                "a stage variable has a value that API Gateway refuses",
                value.span,
                VARIABLE_VALUES,
                found,
            );
        }
    }
    if let Some((name, _)) = variables.0.get(MOST_VARIABLES) {
        refuse(
            format!("a stage has {MOST_VARIABLES} variables at most"),
            name.span,
            "leave some of them out",
            found,
        );
    }
}

fn check_tags(tags: &Entries<String>, found: &mut Diagnostics) {
    // Those that API Gateway lists
    // (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-restrictions.html).
    let fits = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " +-=._:/@".contains(c));
    for (name, value) in tags.iter() {
        if !fits(name) || !fits(value) {
            refuse(
                "a tag has a character that API Gateway refuses",
                name.span,
                "keys and values are made of letters, digits, spaces and `+-=._:/@`",
                found,
            );
        }
        if name.is_empty() || name.len() > 128 || name.starts_with("aws:") || value.len() > 256 {
            refuse(
                "a tag that API Gateway refuses",
                name.span,
                "a key has 1 to 128 characters and does not begin with `aws:`, a value 256 at most",
                found,
            );
        }
    }
    if let Some((name, _)) = tags.0.get(MOST_TAGS) {
        refuse(
            format!("a stage has {MOST_TAGS} tags at most"),
            name.span,
            "leave some of them out",
            found,
        );
    }
}

fn check_cache(cache: &CacheEntry, found: &mut Diagnostics) {
    if let Some(size) = cache.size.as_ref().filter(|size| !SIZES.contains(&size.as_str())) {
        let sizes = SIZES.map(|size| format!("`\"{size}\"`")).join(", ");
        refuse(
            "no cache has this size",
            size.span,
            format!("the sizes are {sizes}"),
            found,
        );
    }
    if let Some(ttl) = cache.ttl.as_ref().filter(|ttl| ttl.value > LONGEST_TTL) {
        refuse(
            "no cache keeps an answer so long",
            ttl.span,
            format!("{LONGEST_TTL} seconds at most"),
            found,
        );
    }
}
