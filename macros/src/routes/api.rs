//! `routes!(pub struct Api = "routes.json")`: the router and what it was built from, as a type.

use std::fmt::Write as _;

use bluegate_core::Blueprint;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::input::{Input, Named};
use crate::crate_path;

/// The type with its constants and routers.
pub(super) fn item(
    named: &Named,
    input: &Input,
    blueprint: &Blueprint,
    digest: &str,
    router: &TokenStream,
) -> TokenStream {
    let root = crate_path::tokens(input.root.as_ref());
    let routes = blueprint.routes.iter().map(|route| {
        let verb = route.verb.as_str();
        let (path, gateway) = (&route.path.service, &route.path.gateway);
        let resource = &blueprint.resources[route.resource].name;
        let handler = route.handler.as_deref().unwrap_or_default();
        let authorization = route.authorization.to_string();
        quote!(#root::__private::route(#verb, #path, #gateway, #resource, #handler, #authorization))
    });
    let answer = answer(&blueprint.name, digest, blueprint.routes.len());
    code(
        named,
        input,
        &blueprint.name,
        digest,
        &quote!(&[#(#routes),*]),
        router,
        &answer,
    )
}

/// The type when the file has errors, so that what uses it is not reported as well.
pub(super) fn stand_in(named: &Named, input: &Input) -> TokenStream {
    let root = crate_path::tokens(input.root.as_ref());
    let router = quote!({ #root::__private::axum::Router::new() });
    code(named, input, "", "", &quote!(&[]), &router, "")
}

fn code(
    named: &Named,
    input: &Input,
    blueprint: &str,
    digest: &str,
    routes: &TokenStream,
    router: &TokenStream,
    answer: &str,
) -> TokenStream {
    let Named {
        attributes,
        visibility,
        name,
    } = named;
    let root = crate_path::tokens(input.root.as_ref());
    let state = match &input.state {
        Some(state) => state.to_token_stream(),
        None => quote!(()),
    };
    let path = input.path.value();
    let docs = attributes
        .iter()
        .all(|attribute| !attribute.path().is_ident("doc"))
        .then(|| {
            let text = format!(" The API that `{path}` describes.");
            quote!(#[doc = #text])
        });
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote! {
        #(#attributes)*
        #docs
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        #visibility struct #name;

        #(#conditions)*
        impl #name {
            /// The name of the API in the file.
            pub const NAME: &'static ::core::primitive::str = #blueprint;
            /// The SHA-256 digest of the file, as `sha256sum` prints it.
            pub const DIGEST: &'static ::core::primitive::str = #digest;
            /// The routes, in the order of the file.
            pub const ROUTES: &'static [#root::Route] = #routes;

            /// The router of the file.
            #[must_use]
            pub fn router() -> #root::__private::axum::Router<#state> #router

            /// A router that answers `GET /.well-known/bluegate` with name, digest and number of routes, for who
            /// wants to know what a running service was built from. Merge it with another one.
            #[must_use]
            pub fn well_known() -> #root::__private::axum::Router<#state> {
                #root::__private::well_known(#answer)
            }
        }
    }
}

fn answer(name: &str, digest: &str, routes: usize) -> String {
    let mut escaped = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            control if control < ' ' => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(control));
            }
            other => escaped.push(other),
        }
    }
    format!("{{\"name\":\"{escaped}\",\"digest\":\"{digest}\",\"routes\":{routes}}}")
}

#[cfg(test)]
mod tests;
