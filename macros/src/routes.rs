//! `routes!`: from a routes file to an axum router, and to the proof that it can be built.

mod api;
mod expansion;
mod file;
mod input;
mod location;
mod plan;

use proc_macro2::TokenStream;
use quote::quote;

use bluegate_core::{Mode, read_blueprint, render};
use input::Input;
pub(crate) use input::no_type;

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let input = match Input::parse(tokens) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    code(&input)
}

fn code(input: &Input) -> TokenStream {
    let file = match file::read(input) {
        Ok(file) => file,
        Err(error) => {
            let item = input.named.as_ref().map(|named| api::stand_in(named, input));
            let error = error.into_compile_error();
            return if item.is_some() { quote!(#error #item) } else { error };
        }
    };
    // Whatever comes of it: when the file changes, the crate is compiled anew.
    let path = &file.path;
    let variables = &input.variables;
    let watch = quote!(
        const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        #(const _: &::core::primitive::str = ::core::env!(#variables);)*
    );
    match read_blueprint(&file.source, Mode::Strict).into_result() {
        Ok((blueprint, _)) => {
            let plan = plan::Plan::new(&blueprint, &file.source);
            let router = expansion::router(&plan, input, file.source.name());
            let router = quote!({ #watch #router });
            match &input.named {
                Some(named) => {
                    let digest = bluegate_core::file_digest(file.source.text());
                    api::item(named, input, &blueprint, &digest, &router)
                }
                None => router,
            }
        }
        Err(findings) => {
            let errors = findings.iter().filter(|found| found.is_error()).map(|found| {
                let text = render::diagnostic(&file.source, found, render::Style::default());
                syn::Error::new(input.path.span(), as_message(&text)).into_compile_error()
            });
            let errors: Vec<TokenStream> = errors.collect();
            if let Some(named) = &input.named {
                let item = api::stand_in(named, input);
                return quote!(#watch #(#errors)* #item);
            }
            // Statements but for the last, so that each of them is reported.
            let (last, others) = match errors.split_last() {
                Some((last, others)) => (quote!(#last), others),
                None => (quote!(), &errors[..]),
            };
            quote!({ #watch #(#others;)* #last })
        }
    }
}

/// A finding as the compiler shows it: it writes `error: ` before the first line and indents the others.
fn as_message(text: &str) -> String {
    let text = text.trim_end();
    let Some((code, rest)) = text.strip_prefix("error[").and_then(|rest| rest.split_once("]: ")) else {
        return text.to_owned();
    };
    match rest.split_once('\n') {
        Some((sentence, place)) => format!("{sentence} [{code}]\n{place}"),
        None => format!("{rest} [{code}]"),
    }
}

#[cfg(test)]
mod tests;
