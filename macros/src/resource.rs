//! `#[resource]`: from an `impl` block or a type to the traits that `routes!` asks for.

mod attributes;
mod block;
mod cursor;
mod expansion;
mod function;
mod handler;
mod options;
mod path_argument;
mod types;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Error, Path};

use options::Options;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let options = Options::parse(arguments.clone());
    let root = options.as_ref().ok().and_then(|options| options.root.clone());
    let marks = marks(root.as_ref());
    let read = block::read(item.clone(), &marks);
    // Another `#[resource]` on the same item wants to see the marks as well.
    let has_marks = match &read {
        Ok(item) => !item.attributes.has_resource && item.has_marks(),
        Err(_) => true,
    };
    let item = attributes::handed_back(item, has_marks.then_some(&marks));
    let part = match &options {
        Ok(options) => options.part,
        Err(_) => options::likely_part(arguments.clone()),
    };
    let code = match (options, read) {
        (Ok(options), Ok(item)) => expansion::code(&options, &item),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            Err(error)
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match code {
        Ok(code) => quote!(#item #code),
        Err(error) => {
            // The item itself stays, and a resource with its name, so that what uses them is not reported as well.
            let errors = error.into_compile_error();
            let name = options::likely_name(arguments);
            let resource = name.map(|name| expansion::stand_in(&name, part, root.as_ref()));
            quote!(#item #errors #resource)
        }
    }
}

/// How the mark of a handler may be written.
fn marks(root: Option<&Path>) -> Vec<String> {
    let mut marks = ["handler", "bluegate::handler", "::bluegate::handler"]
        .map(str::to_owned)
        .to_vec();
    if let Some(root) = root {
        let root = root.to_token_stream().to_string().replace(' ', "");
        let plain = root.trim_start_matches("::");
        marks.extend([format!("{plain}::handler"), format!("::{plain}::handler")]);
    }
    marks
}

/// A `#[handler]` that no `#[resource]` took away.
pub(crate) fn stray_mark(item: TokenStream) -> TokenStream {
    let at = item.clone().into_iter().next().map(|first| first.span());
    let error = Error::new(
        at.unwrap_or_else(Span::call_site),
        "`#[handler]` stands outside of a block with `#[resource]`, where it marks nothing\n\
         help: write `#[resource(name = \"...\")]` on the `impl` block of the function, with `part = 2` where it is the second of \
         its resource\n\
         help: or list them, without the mark: `#[resource(name = \"...\", handlers(get, show))]` on the type",
    );
    let mut tokens = item;
    error.into_compile_error().to_tokens(&mut tokens);
    tokens
}

#[cfg(test)]
mod tests;
