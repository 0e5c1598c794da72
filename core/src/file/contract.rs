//! What an action takes and gives, and what the gateway answers by itself.

use super::raw::{Amount, Bodies, FileText, HeaderList, ModelWord, Raw};
use super::stage::Entries;
use super::words::ParameterType;
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// A parameter of the query string, or a header of requests.
    pub struct RequestParameterEntry as "a parameter", shown "name" {
        /// Its name.
        required name("name"): Spanned<String>,
        /// What values it takes. Default: `string`.
        optional converter("type"): Spanned<ParameterType>,
        /// Whether requests must have it. Default: false.
        optional required("required"): bool,
        /// What it is for, as Markdown.
        optional description("description"): String,
        /// A JSON Schema in place of `type`.
        optional schema("schema"): Raw,
    }
}

record! {
    /// An answer that readers and models know of.
    pub struct DeclaredAnswerEntry as "an answer", shown "description" {
        /// What it means.
        optional description("description"): String,
        /// The form of its body, of the media type `application/json`.
        optional model("model"): ModelWord,
        /// The forms of its body by media type.
        optional content("content"): Bodies,
        /// Its headers: a list of names, or their forms by name.
        optional headers("headers"): HeaderList,
    }
}

record! {
    /// What an action takes and gives.
    pub struct ContractEntry as "what is taken and given" {
        /// Parameters of the query string.
        optional query("query"): Vec<RequestParameterEntry>,
        /// Headers of requests.
        optional headers("headers"): Vec<RequestParameterEntry>,
        /// The form of the body: the name of a model, a JSON Schema, or these by media type.
        optional body("body"): Spanned<Bodies>,
        /// Answers by status.
        optional answers("answers"): Entries<DeclaredAnswerEntry>,
    }
}

record! {
    /// What the gateway answers in place of the service.
    pub struct GatewayResponseEntry as "a gateway response", short "status" {
        /// Its status. Default: that of its type.
        optional status("status"): Spanned<Amount>,
        /// Its headers.
        optional headers("headers"): Entries<String>,
        /// Its headers as API Gateway spells them: `gatewayresponse.header.X`.
        optional parameters("parameters"): Entries<String>,
        /// Its bodies by media type.
        optional templates("templates"): Entries<FileText>,
    }
}
