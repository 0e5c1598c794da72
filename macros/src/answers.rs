//! `#[derive(Answers)]`: tells which answers an enum or a struct stands for.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Ident, Lit, LitInt, LitStr, Path, Token, Type, parenthesized,
    token,
};

use crate::crate_path;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    match syn::parse2(item).and_then(|item| code(&item)) {
        Ok(code) => code,
        Err(error) => error.into_compile_error(),
    }
}

const USAGE: &str = "write the status, as in `#[answer(404)]`, with `description = \"...\"` and `body = Problem` where they \
                     differ, or `#[answer(skip)]`";

fn code(item: &DeriveInput) -> syn::Result<TokenStream> {
    let all = Answer::of(&item.attrs)?;
    let mut told = Vec::new();
    match &item.data {
        Data::Enum(data) => {
            if let Some(status) = all.statuses.first() {
                let message =
                    "each variant of an enum has its own status\nhelp: write `#[answer(404)]` at the variants";
                return Err(Error::new(status.span(), message));
            }
            for variant in &data.variants {
                let own = Answer::of(&variant.attrs)?;
                if own.is_skipped {
                    continue;
                }
                if own.statuses.is_empty() {
                    let message = format!("nothing is said about the answer of `{}`\nhelp: {USAGE}", variant.ident);
                    return Err(Error::new(variant.ident.span(), message));
                }
                told.extend(own.code(&all, &variant.attrs));
            }
        }
        Data::Struct(_) if !all.statuses.is_empty() => told.extend(all.code(&all, &item.attrs)),
        Data::Struct(_) | Data::Union(_) => {
            let message = format!("nothing is said about the answer of `{}`\nhelp: {USAGE}", item.ident);
            return Err(Error::new(item.ident.span(), message));
        }
    }
    let root = crate_path::tokens(all.root.as_ref());
    let name = &item.ident;
    let (start, arguments, bounds) = item.generics.split_for_impl();
    Ok(quote! {
        const _: () = {
            use #root::__private as __bluegate;
            use __bluegate::{Tell1 as _, Tell2 as _, Tell3 as _, Tell4 as _, Tell5 as _, Tell6 as _, Tell7 as _};

            impl #start __bluegate::Gives for #name #arguments #bounds {
                type Contents = ();

                fn given(_: ::core::option::Option<__bluegate::Model>, to: &mut ::std::vec::Vec<__bluegate::Given>) {
                    #(#told)*
                }
            }
        };
    })
}

/// What stands in `#[answer(...)]`.
#[derive(Default)]
struct Answer {
    statuses: Vec<LitInt>,
    description: Option<LitStr>,
    body: Option<Type>,
    media: Option<LitStr>,
    /// The names of headers, where they are said.
    headers: Option<Vec<LitStr>>,
    is_skipped: bool,
    root: Option<Path>,
}

impl Answer {
    fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Answer::default();
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("answer"))
        {
            let list = attribute.meta.require_list()?;
            (|input: ParseStream<'_>| found.list(input)).parse2(list.tokens.clone())?;
        }
        Ok(found)
    }

    fn list(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(LitInt) {
                let status: LitInt = input.parse()?;
                if !matches!(status.base10_parse::<u16>(), Ok(200..=599)) {
                    return Err(Error::new(status.span(), "a status is a number from 200 to 599"));
                }
                self.statuses.push(status);
            } else if let Some(root) = crate_path::parse(input)? {
                self.root = Some(root);
            } else {
                let key: Ident = input.parse().map_err(|error| Error::new(error.span(), USAGE))?;
                let key_text = key.to_string();
                if !["skip", "headers"].contains(&key_text.as_str()) {
                    input.parse::<Token![=]>()?;
                }
                match key_text.as_str() {
                    "skip" => self.is_skipped = true,
                    "description" => self.description = Some(input.parse()?),
                    "body" => self.body = Some(input.parse()?),
                    "media" => self.media = Some(input.parse()?),
                    "headers" => self.headers = Some(names(input)?),
                    _ => {
                        let message = format!(
                            "`#[answer]` has no key `{key}`\n\
                             help: its keys are `description`, `body`, `media`, `headers`, `skip` and `crate`, beside the status"
                        );
                        return Err(Error::new(key.span(), message));
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    /// Tells the answers, with what holds for all of them.
    fn code(&self, all: &Answer, attributes: &[Attribute]) -> Vec<TokenStream> {
        let description = match self.description.as_ref().or(all.description.as_ref()) {
            Some(description) => description.to_token_stream(),
            None => documentation(attributes).to_token_stream(),
        };
        let media = match self.media.as_ref().or(all.media.as_ref()) {
            Some(media) => quote!(#media),
            None => quote!("application/json"),
        };
        let body = match self.body.as_ref().or(all.body.as_ref()) {
            Some(body) => quote! {
                ::core::option::Option::Some((#media, (&&&&&&__bluegate::contents::<#body>()).bluegate_model()))
            },
            None => quote!(::core::option::Option::None),
        };
        let headers = self.headers.as_ref().or(all.headers.as_ref()).into_iter().flatten();
        let headers = quote!(&[#(#headers),*]);
        let told = self.statuses.iter().map(|status| {
            // RFC 9110, 15.3.5 and 15.4.5: these have no body, whatever the others have.
            let body = match status.base10_parse() {
                Ok(204_u16 | 304) => &quote!(::core::option::Option::None),
                _ => &body,
            };
            quote!(to.push(__bluegate::Given::said(#status, #description, #headers, #body));)
        });
        told.collect()
    }
}

/// `("retry-after", "location")`.
fn names(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    let help = "write the names of headers, as in `headers(\"retry-after\")`";
    let list;
    if !input.peek(token::Paren) {
        return Err(input.error(help));
    }
    parenthesized!(list in input);
    let names: Punctuated<LitStr, Token![,]> = list.parse_terminated(<LitStr as Parse>::parse, Token![,])?;
    // RFC 9110, 5.6.2.
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(sign);
    for name in &names {
        let text = name.value();
        if text.is_empty() || !text.chars().all(is_sign) {
            return Err(Error::new(
                name.span(),
                format!("`{text}` is no name of a header\nhelp: {help}"),
            ));
        }
    }
    Ok(names.into_iter().collect())
}

/// What the documentation says.
fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let value = &attribute.meta.require_name_value().ok()?.value;
        match value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text), ..
            }) if attribute.path().is_ident("doc") => Some(text.value()),
            _ => None,
        }
    });
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn an_answer_without_a_status_is_an_error_that_says_what_to_write() {
        for item in [
            quote!(
                enum Error {
                    NotFound,
                }
            ),
            quote!(
                #[answer(404)]
                enum Error {
                    NotFound,
                }
            ),
            quote!(
                enum Error {
                    #[answer(body = Problem)]
                    NotFound,
                }
            ),
            quote!(
                enum Error {
                    #[answer(99)]
                    NotFound,
                }
            ),
            quote!(
                enum Error {
                    #[answer(404, text = "a")]
                    NotFound,
                }
            ),
            quote!(
                #[answer(429, headers = "retry-after")]
                struct Error;
            ),
            quote!(
                #[answer(429, headers("a status"))]
                struct Error;
            ),
            quote!(
                struct Error;
            ),
        ] {
            let code = expand(item.clone()).to_string();
            assert!(code.contains("compile_error"), "{item}: {code}");
            assert!(
                code.contains("status") || code.contains("retry-after"),
                "{item}: {code}"
            );
        }
    }

    #[test]
    fn a_variant_is_described_by_its_documentation_unless_it_says_otherwise() {
        let code = expand(quote! {
            #[answer(body = Problem)]
            enum Error {
                /// There is no such thing.
                #[answer(404)]
                NotFound,
                #[answer(400, 422, description = "It makes no sense.", media = "application/problem+json")]
                Invalid,
                #[answer(429, headers("Retry-After", "x-limit"))]
                TooMany,
                #[answer(304)]
                Same,
                #[answer(skip)]
                Never,
            }
        });
        let code = code.to_string();
        assert!(code.contains("\"There is no such thing.\""), "{code}");
        assert_eq!(code.matches("\"It makes no sense.\"").count(), 2, "{code}");
        assert_eq!(code.matches("contents :: < Problem >").count(), 4, "{code}");
        assert!(code.contains("& [\"Retry-After\" , \"x-limit\"]"), "{code}");
    }
}
