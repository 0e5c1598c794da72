//! The names that a crate's resources have taken.
//!
//! Two types with one name would leave the compiler without a type to choose, which it says at `routes!` in many
//! words. Within one crate the second one is refused here, in few; the other crates' names cannot be seen.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use syn::{Error, LitStr};

use crate::place;

/// Names and where they were taken. One process of the compiler compiles one crate.
static TAKEN: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);

/// Takes a name for the resource at a location.
pub(crate) fn claim(name: &LitStr, location: &str) -> syn::Result<()> {
    if !proc_macro::is_available() || place::is_in_editor() {
        return Ok(());
    }
    match taken_by(&name.value(), location) {
        None => Ok(()),
        Some(first) => Err(Error::new(
            name.span(),
            format!(
                "two types claim to be the resource `{}`\n --> {first}: the first one\nhelp: give one of them another \
                 name, or let one `impl` block have the handlers of both",
                name.value()
            ),
        )),
    }
}

fn taken_by(name: &str, location: &str) -> Option<String> {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let first = taken.entry(name.to_owned()).or_insert_with(|| location.to_owned());
    (first != location).then(|| first.clone())
}

/// A name that is taken, and where.
pub(crate) type Taken = (String, String);

/// Whether a name is taken so far.
pub(crate) fn is_taken(name: &str) -> bool {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner).contains_key(name)
}

/// The names that are taken so far.
///
/// Only for suggestions: what stands further down, or in another crate, is not known yet.
pub(crate) fn all() -> Vec<Taken> {
    let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    taken.iter().map(|(name, at)| (name.clone(), at.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_by_its_first_place() {
        assert_eq!(taken_by("claims", "src/a.rs:1:1"), None);
        assert_eq!(taken_by("claims", "src/a.rs:1:1"), None);
        assert_eq!(taken_by("claims", "src/b.rs:1:1").as_deref(), Some("src/a.rs:1:1"));
        assert!(is_taken("claims") && !is_taken("claim"));
        assert!(all().contains(&("claims".to_owned(), "src/a.rs:1:1".to_owned())));
    }
}
