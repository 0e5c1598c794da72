//! What stands farther out and holds here too.

use crate::file::{ActionEntry, BlueprintEntry, CorsEntry, InheritedEntry, MethodEntry, ResourceEntry};

/// The places that say something about an action, the nearest first.
#[derive(Clone, Copy)]
pub(super) struct Levels<'a> {
    action: &'a InheritedEntry,
    outer: [Option<&'a InheritedEntry>; 3],
}

impl<'a> Levels<'a> {
    pub(super) fn of(
        action: &'a ActionEntry,
        method: &'a MethodEntry,
        resource: &'a ResourceEntry,
        blueprint: &'a BlueprintEntry,
    ) -> Self {
        Self {
            action: &action.inherited,
            outer: [
                Some(&method.inherited),
                Some(&resource.inherited),
                blueprint.defaults.as_ref().map(|defaults| &defaults.inherited),
            ],
        }
    }

    /// What the action says itself.
    pub(super) fn own(&self) -> &'a InheritedEntry {
        self.action
    }

    /// What the nearest place that says it says.
    pub(super) fn nearest<T>(&self, of: impl Fn(&'a InheritedEntry) -> Option<&'a T>) -> Option<&'a T> {
        of(self.action).or_else(|| self.outer(of))
    }

    /// The same for what stands farther out than the action.
    pub(super) fn outer<T>(&self, of: impl Fn(&'a InheritedEntry) -> Option<&'a T>) -> Option<&'a T> {
        self.outer.iter().flatten().find_map(|level| of(level))
    }
}

/// The nearest cross-origin access of a method: it replaces those farther out whole.
pub(super) fn cors<'a>(
    method: &'a MethodEntry,
    resource: &'a ResourceEntry,
    blueprint: &'a BlueprintEntry,
) -> Option<&'a CorsEntry> {
    let defaults = || blueprint.defaults.as_ref()?.cors.as_ref();
    method.cors.as_ref().or(resource.cors.as_ref()).or_else(defaults)
}
