//! Where the user's crate finds `bluegate`.
//!
//! The generated code says `::bluegate`. A crate that has it under another name, or by way of another crate, says which:
//! `crate = gate`.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::parse::ParseStream;
use syn::{Error, LitStr, Path, Token};

/// Reads `crate = gate` where it stands, and nothing where it does not.
pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Option<Path>> {
    if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
        return Ok(None);
    }
    input.parse::<Token![crate]>()?;
    input.parse::<Token![=]>()?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        let written = text.value();
        let message = format!("the crate is a path, and no text\nhelp: write `crate = {written}`");
        return Err(Error::new(text.span(), message));
    }
    input.call(Path::parse_mod_style).map(Some)
}

/// The path of the crate.
pub(crate) fn tokens(root: Option<&Path>) -> TokenStream {
    match root {
        Some(root) => root.to_token_stream(),
        None => quote!(::bluegate),
    }
}

#[cfg(test)]
mod tests;
