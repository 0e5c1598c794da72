//! What the compiler says about a resource that no type is registered for.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use bluegate_core::nearest;

use super::plan::Resource;
use crate::claims::{self, Taken};
use crate::place;

/// The message for a resource, as an attribute of the trait that asks for its type. `in_source` are the resources that
/// [`names_in_source`] finds.
pub(super) fn message(
    resource: &Resource<'_>,
    file: &str,
    span: Span,
    in_source: impl Fn() -> Vec<Taken>,
) -> TokenStream {
    let name = in_braces(resource.name);
    let message = format!(
        "no type is the resource `{name}` ({}:{})",
        in_braces(file),
        resource.location
    );
    let label = format!("no `#[resource(name = \"{name}\")]` anywhere");
    let note = format!(
        "write `#[resource(name = \"{name}\")]` on the `impl` block with its handlers; if another crate has it, name \
         that crate: `use that_crate as _;`"
    );
    let near = suggestion(resource.name, in_source).map(|(near, at)| {
        let near = format!(
            "`{}` is the name of a resource ({}): did you mean that one?",
            in_braces(&near),
            in_braces(&at)
        );
        quote_spanned!(span=> note = #near,)
    });
    quote_spanned!(span=> #[diagnostic::on_unimplemented(message = #message, label = #label, #near note = #note)])
}

/// Braces would be placeholders in these texts.
fn in_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The resource of this crate whose name is nearest, as far as it is known.
fn suggestion(name: &str, in_source: impl Fn() -> Vec<Taken>) -> Option<Taken> {
    if claims::is_taken(name) {
        return None;
    }
    let mut known = in_source();
    if known.iter().any(|(other, _)| other == name) {
        return None;
    }
    known.extend(claims::all());
    known.sort_unstable();
    let near = nearest(name, known.iter().map(|(name, _)| name.as_str()))?.to_owned();
    known.into_iter().find(|(name, _)| *name == near)
}

/// The resources that the source file with the router declares, those below the router included.
pub(super) fn names_in_source(span: Span) -> Vec<Taken> {
    let Some(path) = place::file(span) else {
        return Vec::new();
    };
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Vec::new();
    };
    declared(&text, &path.display().to_string())
}

/// The names in the `#[resource(name = "...")]` of a text, as they are usually written.
fn declared(text: &str, file: &str) -> Vec<Taken> {
    let names = text.lines().enumerate().filter_map(|(line, code)| {
        let code = code.trim_start();
        let (path, rest) = code.strip_prefix("#[")?.split_once("resource(")?;
        let rest = rest.split_once("name")?.1.trim_start().strip_prefix('=')?;
        let name = rest.trim_start().strip_prefix('"')?.split_once('"')?.0;
        matches!(path, "" | "bluegate::" | "::bluegate::").then(|| (name.to_owned(), format!("{file}:{}", line + 1)))
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
fn main() {}
#[resource(name = \"users\")]
impl Users {}
    #[bluegate::resource(handlers(get), name = \"orders\")]
    #[other_resource(name = \"others\")]
// #[resource(name = \"comment\")]
#[resource(nam)]
";

    #[test]
    fn the_names_in_a_source_are_found_with_their_lines() {
        let found = declared(SOURCE, "src/main.rs");
        let expected = [("users", "src/main.rs:2"), ("orders", "src/main.rs:4")];
        assert_eq!(found, expected.map(|(name, at)| (name.to_owned(), at.to_owned())));
    }

    #[test]
    fn the_nearest_name_is_suggested_and_a_name_that_is_there_is_not() {
        let in_source = || declared(SOURCE, "src/main.rs");
        let near = |name| suggestion(name, in_source).map(|(name, _)| name);
        assert_eq!(near("user").as_deref(), Some("users"));
        assert_eq!(near("ordres").as_deref(), Some("orders"));
        assert_eq!(near("users"), None);
        assert_eq!(near("invoices"), None);
    }
}
