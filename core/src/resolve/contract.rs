//! What an action takes and gives.

use super::levels::Levels;
use super::mapping::JSON;
use super::{Resolver, is_header_name};
use crate::blueprint::{Contract, DeclaredAnswer, ParameterForm, RequestParameter};
use crate::converter::Converter;
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::{ActionEntry, DeclaredAnswerEntry, Entries, Raw, RequestParameterEntry};
use crate::span::Spanned;

impl Resolver<'_> {
    /// What an action takes and gives, if the file says anything of it.
    pub(super) fn contract(&mut self, action: &ActionEntry, levels: Levels<'_>) -> Option<Box<Contract>> {
        let entry = &action.contract;
        let answers = entry.answers.iter().flat_map(Entries::iter);
        let validate = levels.nearest(|level| level.validate.as_ref());
        let contract = Contract {
            query: self.parameters(entry.query.as_deref(), false),
            headers: self.parameters(entry.headers.as_deref(), true),
            bodies: self.bodies(entry.body.as_ref().map(|body| &body.value)),
            answers: answers
                .map(|(status, answer)| (status.value.clone(), self.declared(status, answer)))
                .collect(),
            validate: validate.map(|word| word.value).unwrap_or_default(),
            deprecated: action.deprecated.unwrap_or(false),
            patch: self.patch(action.openapi.as_ref(), &OPERATION),
            ..Contract::default()
        };
        (contract != Contract::default()).then(|| Box::new(contract))
    }

    fn parameters(&mut self, entries: Option<&[RequestParameterEntry]>, are_headers: bool) -> Vec<RequestParameter> {
        let entries = entries.unwrap_or_default();
        for (number, entry) in entries.iter().enumerate() {
            let name = &entry.name;
            if are_headers && !is_header_name(name) {
                self.header_name(name);
            } else if !is_parameter_name(name) {
                self.tell(
                    Code::ParameterName,
                    name.span,
                    format!("`{}` is no name of a parameter", shortened(name)),
                    "a name is made of letters, digits, `_`, `-`, `.`, `:` and `$`",
                );
            }
            if let (Some(schema), Some(converter)) = (&entry.schema, &entry.converter) {
                self.once(
                    Diagnostic::new(Code::KeyConflict, "a parameter has both `type` and `schema`")
                        .at(schema.span())
                        .with_note("its type is here", converter.span)
                        .with_help("keep one: each of them says what values it takes"),
                );
            }
            let is_same = |other: &RequestParameterEntry| match are_headers {
                true => other.name.eq_ignore_ascii_case(name),
                false => other.name.value == name.value,
            };
            if let Some(first) = entries[..number].iter().find(|other| is_same(other)) {
                self.once(
                    Diagnostic::new(
                        Code::RepeatedParameter,
                        format!("`{}` is listed twice", shortened(name)),
                    )
                    .at(name.span)
                    .with_note("the first one is here", first.name.span)
                    .with_help("remove one of the two"),
                );
            }
        }
        let entries = entries.iter().map(|entry| RequestParameter {
            name: entry.name.value.clone(),
            required: entry.required.unwrap_or(false),
            is_optional: entry.required == Some(false),
            description: entry.description.clone(),
            form: match (&entry.schema, &entry.converter) {
                (Some(schema), _) => ParameterForm::Schema(self.schema(schema.clone())),
                (None, Some(word)) => ParameterForm::Typed(word.converter.clone()),
                (None, None) => ParameterForm::Typed(Converter::ANY_STRING),
            },
            span: entry.name.span,
        });
        entries.collect()
    }

    fn declared(&mut self, status: &Spanned<String>, entry: &DeclaredAnswerEntry) -> DeclaredAnswer {
        let is_status = matches!(status.parse::<u32>(), Ok(100..=599)) && status.len() == 3;
        if !is_status && status.value != "default" {
            self.not_a_status(status, status.span);
        }
        let headers = entry.headers.iter().flat_map(|headers| &headers.0);
        let headers: Vec<(String, Option<Raw>)> = headers
            .map(|(name, form)| (name.value.clone(), form.clone().map(|form| self.schema(form))))
            .collect();
        let mut bodies = self.bodies(entry.content.as_ref());
        if let Some(model) = &entry.model {
            let content = entry.content.iter().flat_map(|content| &content.0);
            if let Some((media, _)) = content.into_iter().find(|(media, _)| media.value == JSON) {
                self.tell(
                    Code::KeyConflict,
                    media.span,
                    format!("an answer has both `model` and `content` of the type `{JSON}`"),
                    "keep one: `model` is the body of that type",
                );
            }
            bodies.insert(0, (JSON.to_owned(), self.model(model)));
        }
        DeclaredAnswer {
            description: entry.description.clone(),
            headers,
            bodies,
            span: status.span,
        }
    }

    /// A raw part, which says nothing of who may call.
    pub(super) fn patch(&mut self, patch: Option<&Raw>, guarded: &[&[&str]]) -> Option<Raw> {
        let patch = patch?;
        for path in guarded {
            if let Some((key, span)) = patch.key_at(path) {
                self.tell(
                    Code::RawAccess,
                    span,
                    format!("`{key}` says who may call, and cannot be said raw"),
                    "write `authorization`, `apiKey`, `apiKeySource`, `policy` or an action: then it is checked, shown and guarded",
                );
            }
        }
        Some(patch.clone())
    }
}

/// Whether API Gateway takes the name of a parameter. It refuses others with "Parameter name should match the following
/// regular expression: `^[a-zA-Z0-9:._$-]+$`".
pub(crate) fn is_parameter_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":._$-".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}

/// What no raw part of an operation says, by the keys that lead there.
const OPERATION: [&[&str]; 2] = [&["security"], &["x-amazon-apigateway-auth"]];
