//! `#[derive(PathParams)]`: tells `routes!` which path parameters a struct takes.

mod serde;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Generics, Ident, Path, Token, Type, Visibility, WhereClause, braced, parenthesized, token,
};

use crate::crate_path;
use serde::{Attributes, Case};

const WHERE: &str = "`#[derive(PathParams)]` stands on a struct: with the names of path parameters as its fields, or with \
                     their values in the order of the path";

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let parse = |input: ParseStream<'_>| Struct::parse(input);
    match parse.parse2(item).and_then(|item: Struct| item.code()) {
        Ok(code) => code,
        Err(error) => error.into_compile_error(),
    }
}

/// What `#[path_params(crate = gate)]` says.
fn root_of(attributes: &[Attribute]) -> syn::Result<Option<Path>> {
    let mut named = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("path_params"));
    let Some(attribute) = named.next() else {
        return Ok(None);
    };
    let root = attribute.parse_args_with(|input: ParseStream<'_>| crate_path::parse(input))?;
    let refused = || Error::new_spanned(attribute, "write `#[path_params(crate = name)]`");
    root.map(Some).ok_or_else(refused)
}

fn all(content: ParseStream<'_>, one: fn(ParseStream<'_>) -> syn::Result<Field>) -> syn::Result<Vec<Field>> {
    let fields: Punctuated<Field, Token![,]> = content.parse_terminated(one, Token![,])?;
    Ok(fields.into_iter().collect())
}

/// The struct as far as it matters.
struct Struct {
    attributes: Vec<Attribute>,
    name: Ident,
    generics: Generics,
    bounds: Option<WhereClause>,
    fields: Fields,
}

enum Fields {
    Named(Vec<Field>),
    Unnamed(Vec<Field>),
}

struct Field {
    attributes: Vec<Attribute>,
    /// Nothing in a tuple struct.
    name: Option<Ident>,
    held: Type,
}

impl Struct {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        if !input.peek(Token![struct]) {
            return Err(input.error(WHERE));
        }
        input.parse::<Token![struct]>()?;
        let name: Ident = input.parse()?;
        let generics: Generics = input.parse()?;
        let mut bounds: Option<WhereClause> = input.parse()?;
        let fields = if input.peek(token::Brace) {
            let content;
            braced!(content in input);
            Fields::Named(all(&content, Field::with_name)?)
        } else if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let fields = all(&content, Field::without_name)?;
            bounds = input.parse()?;
            input.parse::<Token![;]>()?;
            Fields::Unnamed(fields)
        } else {
            return Err(Error::new(name.span(), WHERE));
        };
        Ok(Struct {
            attributes,
            name,
            generics,
            bounds,
            fields,
        })
    }

    fn code(&self) -> syn::Result<TokenStream> {
        let attributes = Attributes::of(&self.attributes)?;
        let name = &self.name;
        let (start, arguments, _) = self.generics.split_for_impl();
        let bounds = &self.bounds;
        let root = crate_path::tokens(root_of(&self.attributes)?.as_ref());
        let shape = self.shape(&attributes)?;
        let value = match self.one_value(&attributes)? {
            Some(held) => quote! {
                impl #start __bluegate::PathValue for #name #arguments #bounds {
                    const VALUE: __bluegate::Value = <__bluegate::Inside<#held>>::VALUE;
                }
            },
            None => quote!(),
        };
        Ok(quote! {
            const _: () = {
                use #root::__private as __bluegate;
                use __bluegate::Unjudged as _;

                impl #start __bluegate::PathParams for #name #arguments #bounds {
                    const SHAPE: __bluegate::Shape = #shape;
                }
                #value
            };
        })
    }

    /// The type of a value that the struct is read as: that of its only field, where a name does not matter.
    fn one_value(&self, attributes: &Attributes) -> syn::Result<Option<&Type>> {
        if attributes.is_foreign {
            return Ok(None);
        }
        let fields = match &self.fields {
            Fields::Named(fields) | Fields::Unnamed(fields) if attributes.is_transparent => fields,
            Fields::Unnamed(fields) if fields.len() == 1 => fields,
            _ => return Ok(None),
        };
        for field in fields {
            let own = Attributes::of(&field.attributes)?;
            // serde takes the one that it does not make up.
            if !attributes.is_transparent || !own.is_skipped && !own.has_default {
                return Ok(Some(&field.held));
            }
        }
        Ok(None)
    }

    fn shape(&self, attributes: &Attributes) -> syn::Result<TokenStream> {
        if attributes.is_foreign {
            return Ok(quote!(__bluegate::Shape::Unknown));
        }
        if let Some(held) = self.one_value(attributes)? {
            return Ok(quote!(<__bluegate::Inside<#held>>::SHAPE));
        }
        match &self.fields {
            Fields::Unnamed(fields) => {
                let mut values = Vec::new();
                for field in fields {
                    if !Attributes::of(&field.attributes)?.is_skipped {
                        values.push(field.value()?);
                    }
                }
                Ok(quote!(__bluegate::Shape::Values(&[#(#values),*])))
            }
            Fields::Named(fields) => {
                let mut closed = attributes.denies_unknown;
                let mut named = Vec::new();
                for field in fields {
                    let own = Attributes::of(&field.attributes)?;
                    if own.is_flat {
                        // Its fields are not seen here.
                        closed = false;
                    } else if !own.is_skipped {
                        named.push(field.named(&own, attributes.rename_all, attributes.has_default)?);
                    }
                }
                Ok(quote! {
                    __bluegate::Shape::Fields { fields: &[#(#named),*], closed: #closed }
                })
            }
        }
    }
}

impl Field {
    fn with_name(input: ParseStream<'_>) -> syn::Result<Field> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        let held = input.parse()?;
        Ok(Field {
            attributes,
            name: Some(name),
            held,
        })
    }

    fn without_name(input: ParseStream<'_>) -> syn::Result<Field> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let held = input.parse()?;
        Ok(Field {
            attributes,
            name: None,
            held,
        })
    }

    /// What it holds; nothing is known when serde reads it in a way of its own.
    fn value(&self) -> syn::Result<TokenStream> {
        let held = &self.held;
        Ok(if Attributes::of(&self.attributes)?.is_foreign {
            quote!(__bluegate::Value::Unknown)
        } else {
            quote!(<__bluegate::Inside<#held>>::VALUE)
        })
    }

    fn named(&self, own: &Attributes, all: Case, has_default: bool) -> syn::Result<TokenStream> {
        let written = self
            .name
            .as_ref()
            .map(|name| name.unraw().to_string())
            .unwrap_or_default();
        let name = own.rename.clone().unwrap_or_else(|| all.of(&written));
        let aliases = &own.aliases;
        let value = self.value()?;
        let held = &self.held;
        let required = if own.has_default || has_default {
            quote!(false)
        } else if own.is_foreign {
            // serde asks the foreign function, which has no value for what is not there.
            quote!(true)
        } else {
            quote!(<__bluegate::Inside<#held>>::REQUIRED)
        };
        Ok(quote!(__bluegate::field(&[#name #(, #aliases)*], #value, #required)))
    }
}

#[cfg(test)]
mod tests;
