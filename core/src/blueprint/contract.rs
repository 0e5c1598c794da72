//! What a route takes and gives, beside what the proof is about.

use crate::converter::Converter;
use crate::file::{ModelWord, Raw, ValidateWord};
use crate::span::Span;

/// What a route takes and gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contract {
    /// Parameters of the query string.
    pub query: Vec<RequestParameter>,
    /// Headers of requests.
    pub headers: Vec<RequestParameter>,
    /// Forms of the body by media type.
    pub bodies: Vec<(String, ModelWord)>,
    /// Whether requests must have a body, as far as it is known.
    pub body_required: bool,
    /// What the body is.
    pub body_description: Option<String>,
    /// Answers by status.
    pub answers: Vec<(String, DeclaredAnswer)>,
    /// What of a request the gateway checks.
    pub validate: ValidateWord,
    /// Whether nobody should call it any more.
    pub deprecated: bool,
    /// What the operation says besides: a merge patch
    /// ([RFC 7396](https://www.rfc-editor.org/rfc/rfc7396)).
    pub patch: Option<Raw>,
}

/// A parameter of the query string, or a header.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestParameter {
    /// Its name.
    pub name: String,
    /// Whether requests must have it.
    pub required: bool,
    /// Whether the file says itself that requests may lack it.
    pub is_optional: bool,
    /// What it is for.
    pub description: Option<String>,
    /// What values it takes.
    pub form: ParameterForm,
    /// Where its name stands.
    pub span: Span,
}

/// What values a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterForm {
    /// Those of a type of the file.
    Typed(Converter),
    /// Those of a JSON Schema.
    Schema(Raw),
}

/// An answer that readers and models know of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclaredAnswer {
    /// What it means.
    pub description: Option<String>,
    /// Its headers, with their forms.
    pub headers: Vec<(String, Option<Raw>)>,
    /// Forms of its body by media type.
    pub bodies: Vec<(String, ModelWord)>,
    /// Where its status stands.
    pub span: Span,
}
