//! What values a path may have where axum alone finds the route.
//!
//! What is no number at all where the file wants one is left to the extractor of the handler, which refuses it in its own
//! way. Nothing else would refuse the rest of what the file does not permit: bounds, lengths, words, the form of a UUID.

use crate::flask;
use crate::table::{Kind, Rule};

/// Whether a path, as it was sent, has no value that the rule does not take.
pub(super) fn fit(rule: &Rule, path: &str) -> bool {
    let mut left = path;
    rule.params().iter().all(|param| {
        let Some(rest) = left.get(usize::from(param.skip)..) else {
            // A layer has changed the path: nobody knows where the values stand.
            return true;
        };
        let value = match (param.kind, rest.split_once('/')) {
            (Kind::Rest, _) | (_, None) => rest,
            (_, Some((value, _))) => value,
        };
        left = &rest[value.len()..];
        takes(&param.kind, &flask::decode(value).text)
    })
}

fn takes(kind: &Kind, value: &str) -> bool {
    match *kind {
        Kind::Int {
            signed,
            digits,
            min,
            max,
        } => whole(value).is_none_or(|number| {
            let least = if signed { i128::MIN } else { 0 };
            let is_long_enough = digits == 0 || value.len() == digits as usize;
            is_long_enough && number >= min.map_or(least, i128::from) && max.is_none_or(|max| number <= i128::from(max))
        }),
        Kind::Float { signed, min, max } => {
            let least = if signed { f64::MIN } else { 0.0 };
            let bounds = min.unwrap_or(least)..=max.unwrap_or(f64::MAX);
            value.parse().map_or(true, |number: f64| bounds.contains(&number))
        }
        Kind::Rest => !value.is_empty(),
        Kind::Text | Kind::Length { .. } | Kind::Uuid | Kind::Any(_) => kind.has_shape_of(value),
    }
}

/// A whole number as Rust writes it. Bounds have 64 bits, so that what does not fit 128 is beyond all of them.
fn whole(value: &str) -> Option<i128> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let beyond = if value.starts_with('-') { i128::MIN } else { i128::MAX };
    is_number.then(|| value.parse().unwrap_or(beyond))
}

#[cfg(test)]
mod tests;
