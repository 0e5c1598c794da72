//! `#[derive(PathParams)]` and `#[derive(QueryParams)]`: tell `routes!` which parameters a struct takes.

mod serde;
mod side;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Generics, Ident, Path, Token, Type, Visibility, WhereClause, braced, parenthesized, token,
};

use crate::crate_path;
use serde::{Attributes, Case};
pub(crate) use side::Side;

pub(crate) fn expand(item: TokenStream, side: Side) -> TokenStream {
    let parse = |input: ParseStream<'_>| Struct::parse(input, side);
    match parse.parse2(item).and_then(|item: Struct| item.code()) {
        Ok(code) => code,
        Err(error) => error.into_compile_error(),
    }
}

/// What `#[path_params(crate = gate)]` says.
fn root_of(attributes: &[Attribute], side: Side) -> syn::Result<Option<Path>> {
    let mut named = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(side.attribute()));
    let Some(attribute) = named.next() else {
        return Ok(None);
    };
    let root = attribute.parse_args_with(|input: ParseStream<'_>| crate_path::parse(input))?;
    let refused = || Error::new_spanned(attribute, format!("write `#[{}(crate = name)]`", side.attribute()));
    root.map(Some).ok_or_else(refused)
}

fn all(content: ParseStream<'_>, one: fn(ParseStream<'_>) -> syn::Result<Field>) -> syn::Result<Vec<Field>> {
    let fields: Punctuated<Field, Token![,]> = content.parse_terminated(one, Token![,])?;
    Ok(fields.into_iter().collect())
}

/// The struct or the enum as far as it matters.
struct Struct {
    side: Side,
    attributes: Vec<Attribute>,
    name: Ident,
    generics: Generics,
    bounds: Option<WhereClause>,
    fields: Fields,
}

enum Fields {
    Named(Vec<Field>),
    Unnamed(Vec<Field>),
    /// The variants of an enum.
    Words(Vec<Variant>),
}

struct Variant {
    attributes: Vec<Attribute>,
    name: Ident,
    /// Whether it has no fields.
    is_word: bool,
}

struct Field {
    attributes: Vec<Attribute>,
    /// Nothing in a tuple struct.
    name: Option<Ident>,
    held: Type,
}

impl Struct {
    fn parse(input: ParseStream<'_>, side: Side) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let is_enum = input.peek(Token![enum]);
        if !is_enum && !input.peek(Token![struct]) {
            return Err(input.error(side.place()));
        }
        input.call(Ident::parse_any)?;
        let name: Ident = input.parse()?;
        let generics: Generics = input.parse()?;
        let mut bounds: Option<WhereClause> = input.parse()?;
        let fields = if is_enum {
            let content;
            braced!(content in input);
            let variants = content.parse_terminated(Variant::parse, Token![,])?;
            let other = variants.iter().find(|variant| !variant.is_word);
            if other.is_some() || variants.is_empty() {
                let span = other.map_or(name.span(), |variant| variant.name.span());
                return Err(Error::new(span, side.place()));
            }
            Fields::Words(variants.into_iter().collect())
        } else if input.peek(token::Brace) {
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
            return Err(Error::new(name.span(), side.place()));
        };
        Ok(Struct {
            side,
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
        let bounds = self.bounds(&attributes)?;
        let root = crate_path::tokens(root_of(&self.attributes, self.side)?.as_ref());
        let [params_trait, value_trait, _, value_of] = self.side.names();
        let shape = self.shape(&attributes)?;
        let value = match self.one_value(&attributes)? {
            None if matches!(self.fields, Fields::Words(_)) && !attributes.is_foreign => self.words(&attributes)?,
            Some(held) => quote!(<__bluegate::Inside<#held>>::#value_of),
            None if attributes.is_foreign => quote!(__bluegate::Value::Own),
            None => quote!(),
        };
        let value = (!value.is_empty()).then(|| {
            quote! {
                impl #start __bluegate::#value_trait for #name #arguments #bounds {
                    const VALUE: __bluegate::Value = #value;
                }
            }
        });
        Ok(quote! {
            const _: () = {
                use #root::__private as __bluegate;
                use __bluegate::Unjudged as _;

                impl #start __bluegate::#params_trait for #name #arguments #bounds {
                    const SHAPE: __bluegate::Shape = #shape;
                }
                #value
            };
        })
    }

    /// What has to be known about the types that the struct is generic over: that of a field is a value.
    fn bounds(&self, attributes: &Attributes) -> syn::Result<Option<WhereClause>> {
        let mut bounds = self.bounds.clone();
        let [_, value_trait, ..] = self.side.names();
        let (Fields::Named(fields) | Fields::Unnamed(fields)) = &self.fields else {
            return Ok(bounds);
        };
        for field in fields {
            let own = Attributes::of(&field.attributes)?;
            if own.is_skipped || own.is_foreign || own.is_flat || attributes.is_foreign || attributes.read_as.is_some()
            {
                continue;
            }
            let held = field.held.to_token_stream();
            for parameter in self.generics.type_params().map(|parameter| &parameter.ident) {
                if !mentions(&held, "PhantomData") && mentions(&held, &parameter.to_string()) {
                    let bounds = bounds.get_or_insert_with(|| WhereClause {
                        where_token: Token![where](parameter.span()),
                        predicates: Punctuated::new(),
                    });
                    bounds
                        .predicates
                        .push(syn::parse_quote!(#parameter: __bluegate::#value_trait));
                }
            }
        }
        Ok(bounds)
    }

    /// The type of a value that the struct is read as: that of its only field, where a name does not matter.
    fn one_value<'a>(&'a self, attributes: &'a Attributes) -> syn::Result<Option<&'a Type>> {
        if attributes.is_foreign || attributes.read_as.is_some() {
            return Ok(attributes.read_as.as_ref());
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
            return Ok(quote!(__bluegate::Shape::Free));
        }
        if let Some(held) = self.one_value(attributes)? {
            let [_, _, shape_of, _] = self.side.names();
            return Ok(quote!(<__bluegate::Inside<#held>>::#shape_of));
        }
        match &self.fields {
            // A query string is none of its parameters.
            Fields::Words(_) if self.side == Side::Query => Ok(quote!(__bluegate::Shape::Unknown)),
            Fields::Unnamed(_) if self.side == Side::Query => Err(Error::new(self.name.span(), self.side.place())),
            Fields::Words(_) => {
                let words = self.words(attributes)?;
                Ok(quote!(__bluegate::Shape::Values(&[#words])))
            }
            Fields::Unnamed(fields) => {
                let mut values = Vec::new();
                for field in fields {
                    if !Attributes::of(&field.attributes)?.is_skipped {
                        values.push(field.value(self.side)?);
                    }
                }
                Ok(quote!(__bluegate::Shape::Values(&[#(#values),*])))
            }
            Fields::Named(fields) => {
                let mut closed = attributes.denies_unknown;
                let mut named = Vec::new();
                for field in fields {
                    let own = Attributes::of(&field.attributes)?;
                    if own.is_flat && self.side == Side::Query {
                        return Err(Error::new_spanned(
                            &field.held,
                            "`#[serde(flatten)]` hides which parameters there are, and serde reads no numbers in it\n\
                             help: write its fields here; or leave out this derive, and put `#[handler(allow(unjudged))]` on \
                             the handler",
                        ));
                    }
                    if own.is_flat {
                        // Its fields are not seen here.
                        closed = false;
                    } else if !own.is_skipped {
                        named.push(field.named(self.side, &own, attributes.rename_all, attributes.has_default)?);
                    }
                }
                Ok(quote! {
                    __bluegate::Shape::Fields { fields: &[#(#named),*], closed: #closed }
                })
            }
        }
    }
}

/// Whether a word stands somewhere in tokens.
fn mentions(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(&group.stream(), word),
        _ => false,
    })
}

impl Struct {
    /// The words that an enum takes.
    fn words(&self, attributes: &Attributes) -> syn::Result<TokenStream> {
        let Fields::Words(variants) = &self.fields else {
            return Ok(quote!(__bluegate::Value::Unknown));
        };
        let name = self.name.to_string();
        if attributes.is_tagged {
            return Ok(quote!(__bluegate::Value::Nothing { name: #name }));
        }
        let mut words = Vec::new();
        for variant in variants {
            let own = Attributes::of(&variant.attributes)?;
            if own.is_rest {
                return Ok(quote!(__bluegate::Value::Text));
            }
            if !own.is_skipped {
                let named = || attributes.rename_all.of_variant(&variant.name.unraw().to_string());
                words.push(own.rename.clone().unwrap_or_else(named));
                words.extend(own.aliases);
            }
        }
        Ok(quote!(__bluegate::Value::Words { name: #name, words: &[#(#words),*] }))
    }
}

impl Variant {
    fn parse(input: ParseStream<'_>) -> syn::Result<Variant> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        let is_word = !input.peek(token::Paren) && !input.peek(token::Brace);
        if !is_word {
            input.parse::<TokenTree>()?;
        }
        if input.parse::<Option<Token![=]>>()?.is_some() {
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
        }
        Ok(Variant {
            attributes,
            name,
            is_word,
        })
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
    fn value(&self, side: Side) -> syn::Result<TokenStream> {
        let held = &self.held;
        let [.., value_of] = side.names();
        Ok(if Attributes::of(&self.attributes)?.is_foreign {
            quote!(__bluegate::Value::Own)
        } else {
            quote!(<__bluegate::Inside<#held>>::#value_of)
        })
    }

    fn named(&self, side: Side, own: &Attributes, all: Case, has_default: bool) -> syn::Result<TokenStream> {
        let written = self
            .name
            .as_ref()
            .map(|name| name.unraw().to_string())
            .unwrap_or_default();
        let name = own.rename.clone().unwrap_or_else(|| all.of(&written));
        let aliases = &own.aliases;
        let value = self.value(side)?;
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
