//! serde's attributes, as far as they decide on the names of fields.

use syn::parse::ParseStream;
use syn::{Attribute, LitStr, Path, Token, Type, parenthesized, token};

/// The attributes of a struct or a field.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) rename: Option<String>,
    pub(super) rename_all: Case,
    pub(super) aliases: Vec<String>,
    /// It has a value when none is given.
    pub(super) has_default: bool,
    pub(super) is_skipped: bool,
    /// A variant stands for all that no other one is called.
    pub(super) is_rest: bool,
    pub(super) is_flat: bool,
    /// Unknown fields are an error.
    pub(super) denies_unknown: bool,
    /// A variant is read from more than its name.
    pub(super) is_tagged: bool,
    /// A struct is read as its one field is.
    pub(super) is_transparent: bool,
    /// A function of its own decides how it is read.
    pub(super) is_foreign: bool,
    /// Another type is read in its place.
    pub(super) read_as: Option<Type>,
}

impl Attributes {
    pub(super) fn of(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Attributes::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_args_with(|input: ParseStream<'_>| found.list(input))?;
        }
        Ok(found)
    }

    fn list(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            let key: Path = input.parse()?;
            let key = key.get_ident().map(ToString::to_string).unwrap_or_default();
            if input.peek(token::Paren) {
                // `rename(serialize = "a", deserialize = "b")`: only one of them is about reading.
                let content;
                parenthesized!(content in input);
                while !content.is_empty() {
                    let direction: Path = content.parse()?;
                    let text = value(&content)?;
                    if direction.is_ident("deserialize") {
                        self.set(&key, text);
                    }
                    content.parse::<Option<Token![,]>>()?;
                }
            } else {
                let text = value(input)?;
                self.set(&key, text);
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    }

    fn set(&mut self, key: &str, text: Option<String>) {
        match (key, text) {
            ("rename", Some(text)) => self.rename = Some(text),
            ("rename_all", Some(text)) => self.rename_all = Case::named(&text),
            ("alias", Some(text)) => self.aliases.push(text),
            ("default", _) => self.has_default = true,
            ("skip" | "skip_deserializing", _) => self.is_skipped = true,
            ("flatten", _) => self.is_flat = true,
            ("transparent", _) => self.is_transparent = true,
            ("tag" | "untagged", _) => self.is_tagged = true,
            ("other", _) => self.is_rest = true,
            ("deny_unknown_fields", _) => self.denies_unknown = true,
            ("with" | "deserialize_with", _) => self.is_foreign = true,
            ("from" | "try_from", text) => {
                self.read_as = text.and_then(|text| syn::parse_str(&text).ok());
                self.is_foreign |= self.read_as.is_none();
            }
            _ => {}
        }
    }
}

/// What follows `=`. What is no text is none of the values that matter here.
fn value(input: ParseStream<'_>) -> syn::Result<Option<String>> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(None);
    }
    if input.peek(LitStr) {
        return input.parse::<LitStr>().map(|text| Some(text.value()));
    }
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(None)
}

/// How serde rewrites names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Case {
    #[default]
    Same,
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    UpperSnake,
    Kebab,
    UpperKebab,
}

impl Case {
    fn named(name: &str) -> Self {
        match name {
            "lowercase" => Case::Lower,
            "UPPERCASE" => Case::Upper,
            "PascalCase" => Case::Pascal,
            "camelCase" => Case::Camel,
            "snake_case" => Case::Snake,
            "SCREAMING_SNAKE_CASE" => Case::UpperSnake,
            "kebab-case" => Case::Kebab,
            "SCREAMING-KEBAB-CASE" => Case::UpperKebab,
            _ => Case::Same,
        }
    }

    /// The name of a field, which is in small letters by Rust's conventions.
    pub(super) fn of(self, field: &str) -> String {
        match self {
            Case::Same | Case::Lower | Case::Snake => field.to_owned(),
            Case::Upper | Case::UpperSnake => field.to_ascii_uppercase(),
            Case::Pascal => joined(field),
            Case::Camel => uncapitalised(&joined(field)),
            Case::Kebab => field.replace('_', "-"),
            Case::UpperKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// The name of a variant, whose words begin with capitals.
    pub(super) fn of_variant(self, variant: &str) -> String {
        let parted = |with: char| {
            let mut name = String::with_capacity(variant.len() + 4);
            for character in variant.chars() {
                if character.is_uppercase() && !name.is_empty() {
                    name.push(with);
                }
                name.push(character.to_ascii_lowercase());
            }
            name
        };
        match self {
            Case::Same | Case::Pascal => variant.to_owned(),
            Case::Lower => variant.to_ascii_lowercase(),
            Case::Upper => variant.to_ascii_uppercase(),
            Case::Camel => uncapitalised(variant),
            Case::Snake => parted('_'),
            Case::UpperSnake => parted('_').to_ascii_uppercase(),
            Case::Kebab => parted('-'),
            Case::UpperKebab => parted('-').to_ascii_uppercase(),
        }
    }
}

fn uncapitalised(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Words with a capital at the start, without what stood between them.
fn joined(field: &str) -> String {
    let mut starts = true;
    let mut name = String::with_capacity(field.len());
    for character in field.chars() {
        if character == '_' {
            starts = true;
        } else {
            name.push(if starts {
                character.to_ascii_uppercase()
            } else {
                character
            });
            starts = false;
        }
    }
    name
}

#[cfg(test)]
mod tests;
