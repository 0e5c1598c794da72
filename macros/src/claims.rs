//! The names that a crate's resources have taken.
//!
//! Two types with one name would leave the compiler without a type to choose, which it says at `routes!` in many
//! words. Within one crate the second one is refused here, in few; the other crates' names cannot be seen.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use syn::{Error, LitStr};

use crate::place;

/// Names and who took them. One process of the compiler compiles one crate.
static TAKEN: LazyLock<Mutex<HashMap<String, Claim>>> = LazyLock::new(Mutex::default);

/// Whether a resource has no name that could be understood.
static HAS_UNNAMED: AtomicBool = AtomicBool::new(false);

/// Whether something was said already from which a `#[handler]` without its `#[resource]` follows.
static IS_EXPLAINED: AtomicBool = AtomicBool::new(false);

struct Claim {
    location: String,
    /// One macro makes many types at one place.
    self_type: String,
    is_disputed: bool,
}

/// Takes a name for the resource at a location.
pub(crate) fn claim(name: &LitStr, location: &str, self_type: &str) -> syn::Result<()> {
    if !proc_macro::is_available() || place::is_in_editor() {
        return Ok(());
    }
    match taken_by(&name.value(), location, self_type) {
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

fn taken_by(name: &str, location: &str, self_type: &str) -> Option<String> {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let first = taken.entry(name.to_owned()).or_insert_with(|| Claim {
        location: location.to_owned(),
        self_type: self_type.to_owned(),
        is_disputed: false,
    });
    let is_same = first.location == location && first.self_type == self_type;
    first.is_disputed |= !is_same;
    (!is_same).then(|| first.location.clone())
}

/// Whether two types claim a name, so that neither has all the handlers.
pub(crate) fn is_disputed(name: &str) -> bool {
    let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    taken.get(name).is_some_and(|claim| claim.is_disputed)
}

/// Notes that there is a resource without a name that could be understood. It may have any.
pub(crate) fn note_unnamed() {
    if proc_macro::is_available() && !place::is_in_editor() {
        HAS_UNNAMED.store(true, Ordering::Relaxed);
    }
}

/// Notes that a `#[handler]` without its `#[resource]` is explained, and gives whether it was before: all marks of a
/// block have one reason.
pub(crate) fn explain_marks() -> bool {
    proc_macro::is_available() && !place::is_in_editor() && IS_EXPLAINED.swap(true, Ordering::Relaxed)
}

/// Whether a name may be that of a resource that is not understood. The compiler says what is wrong with it.
pub(crate) fn may_be_unnamed(name: &str) -> bool {
    HAS_UNNAMED.load(Ordering::Relaxed) && !is_taken(name)
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
    taken
        .iter()
        .map(|(name, claim)| (name.clone(), claim.location.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_by_its_first_place() {
        assert_eq!(taken_by("claims", "src/a.rs:1:1", "A"), None);
        assert_eq!(taken_by("claims", "src/a.rs:1:1", "A"), None);
        assert!(is_taken("claims") && !is_taken("claim") && !is_disputed("claims"));
        assert_eq!(taken_by("claims", "src/b.rs:1:1", "A").as_deref(), Some("src/a.rs:1:1"));
        assert_eq!(taken_by("claims", "src/a.rs:1:1", "B").as_deref(), Some("src/a.rs:1:1"));
        assert!(is_disputed("claims"));
        assert!(all().contains(&("claims".to_owned(), "src/a.rs:1:1".to_owned())));
    }
}
