use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser as _;

use super::*;

fn parse(tokens: TokenStream) -> syn::Result<Location> {
    Location::parse.parse2(tokens)
}

#[test]
fn texts_are_put_together_and_variables_have_their_values() {
    let folder = env!("CARGO_MANIFEST_DIR");
    for (tokens, variables) in [
        (quote!(concat!(env!("CARGO_MANIFEST_DIR"), "/", "a.json",)), 1),
        (
            quote!(::core::concat!(
                std::env!("CARGO_MANIFEST_DIR", "none"),
                concat!("/", "a.json")
            )),
            1,
        ),
    ] {
        let location = parse(tokens).unwrap();
        assert_eq!(location.path.value(), format!("{folder}/a.json"));
        assert_eq!(location.variables.len(), variables);
    }
    assert!(parse(quote!("a.json")).unwrap().variables.is_empty());
    assert_eq!(parse(quote!(env!("CARGO_MANIFEST_DIR"))).unwrap().path.value(), folder);
}

#[test]
fn other_macros_and_missing_variables_are_refused() {
    for (tokens, expected) in [
        (
            quote!(env!("BLUEGATE_IS_NOT_SET")),
            "`BLUEGATE_IS_NOT_SET` has no value",
        ),
        (quote!(concat!(stringify!(a), "b")), "`concat!(...)` of them"),
        (quote!(concat!(1)), "`concat!(...)` of them"),
        (quote!(concat!("a" "b")), "expected `,`"),
    ] {
        let error = parse(tokens).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let is_next = |input: ParseStream<'_>| {
        let found = Location::is_next(input);
        input.parse::<TokenStream>()?;
        Ok(found)
    };
    assert!(is_next.parse2(quote!(concat!("a"))).unwrap());
    assert!(!is_next.parse2(quote!(include_str!("a"))).unwrap());
    assert!(!is_next.parse2(quote!(concat)).unwrap());
}
