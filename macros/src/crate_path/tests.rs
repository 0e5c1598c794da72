use quote::quote;
use syn::parse::Parser as _;

use super::*;

fn root(tokens: TokenStream) -> syn::Result<Option<Path>> {
    (|input: ParseStream<'_>| {
        let root = parse(input);
        input.parse::<TokenStream>()?;
        root
    })
    .parse2(tokens)
}

#[test]
fn what_is_no_root_is_left_to_others() {
    assert!(root(quote!(crate::State)).unwrap().is_none());
    assert!(root(quote!("x")).unwrap().is_none());
    assert!(root(quote!(crate = 1)).is_err());
    let error = root(quote!(crate = "gate")).err().unwrap().to_string();
    assert!(error.contains("write `crate = gate`"), "{error}");
}
