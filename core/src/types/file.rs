//! `routes.types.json`, key by key.

use crate::decode::record;
use crate::file::{Entries, Raw};
use crate::parse::Root;
use crate::span::Spanned;

record! {
    /// What the Rust types of handlers take and give, as a test of the service writes it.
    pub struct TypesFile as "the types file" {
        /// The JSON Schema that editors check the file against.
        optional schema("$schema"): String,
        /// The version of the form: 1.
        required types("types"): Spanned<u32>,
        /// The handlers, `RESOURCE::HANDLER`.
        optional handlers("handlers"): Entries<HandlerTypes>,
        /// Schemas by name, JSON Schema 2020-12. References to them are `#/models/NAME`.
        optional models("models"): Entries<Raw>,
        /// What was found of types and is allowed by their handlers.
        optional allowed("allowed"): Vec<String>,
        /// The models that no values were tried of.
        optional untried("untried"): Vec<String>,
    }
}

impl Root for TypesFile {
    const KIND: (&'static str, &'static str) = ("types", "a types file");
}

record! {
    /// What a handler takes and gives.
    pub struct HandlerTypes as "a handler" {
        /// One line about it.
        optional summary("summary"): String,
        /// More about it, as Markdown.
        optional description("description"): String,
        /// Parameters of the query string, by name.
        optional query("query"): Entries<ParameterTypes>,
        /// Headers of requests, by name.
        optional headers("headers"): Entries<ParameterTypes>,
        /// The body that it takes.
        optional body("body"): BodyTypes,
        /// Answers by status.
        optional answers("answers"): Entries<AnswerTypes>,
        /// The types that do not tell what they take or give.
        optional unknown("unknown"): Vec<String>,
    }
}

record! {
    /// A parameter of the query string, or a header.
    pub struct ParameterTypes as "a parameter" {
        /// Whether requests must have it. Default: false.
        optional required("required"): bool,
        /// What it is for, as Markdown.
        optional description("description"): String,
        /// What values it takes.
        optional schema("schema"): Raw,
    }
}

record! {
    /// The body that a handler takes.
    pub struct BodyTypes as "a body" {
        /// Whether requests must have it. Default: true.
        optional required("required"): bool,
        /// What it is, as Markdown.
        optional description("description"): String,
        /// Its forms by media type.
        optional content("content"): Entries<Raw>,
    }
}

record! {
    /// An answer of a handler.
    pub struct AnswerTypes as "an answer" {
        /// What it means.
        optional description("description"): String,
        /// The forms of its body by media type.
        optional content("content"): Entries<Raw>,
        /// The forms of its headers by name.
        optional headers("headers"): Entries<Raw>,
    }
}
