//! What an action takes and gives.

use super::Resolver;
use super::levels::Levels;
use super::mapping::JSON;
use crate::blueprint::{Contract, DeclaredAnswer, ParameterForm, RequestParameter};
use crate::converter::Converter;
use crate::file::{ActionEntry, Bodies, DeclaredAnswerEntry, Entries, ModelWord, RequestParameterEntry, ValidateWord};

impl Resolver<'_> {
    /// What an action takes and gives, if the file says anything of it.
    pub(super) fn contract(&mut self, action: &ActionEntry, levels: Levels<'_>) -> Option<Box<Contract>> {
        let entry = &action.contract;
        let answers = entry.answers.iter().flat_map(Entries::iter);
        let validate = levels.nearest(|level| level.validate.as_ref());
        let contract = Contract {
            query: parameters(entry.query.as_deref()),
            headers: parameters(entry.headers.as_deref()),
            bodies: bodies(entry.body.as_ref().map(|body| &body.value)),
            answers: answers
                .map(|(status, answer)| (status.value.clone(), declared(answer)))
                .collect(),
            validate: validate.map_or(ValidateWord::None, |word| word.value),
            deprecated: action.deprecated.unwrap_or(false),
            patch: action.openapi.clone(),
        };
        let says_nothing = Contract {
            query: Vec::new(),
            headers: Vec::new(),
            bodies: Vec::new(),
            answers: Vec::new(),
            validate: ValidateWord::None,
            deprecated: false,
            patch: None,
        };
        (contract != says_nothing).then(|| Box::new(contract))
    }
}

fn parameters(entries: Option<&[RequestParameterEntry]>) -> Vec<RequestParameter> {
    let entries = entries.unwrap_or_default().iter();
    let entries = entries.map(|entry| RequestParameter {
        name: entry.name.value.clone(),
        required: entry.required.unwrap_or(false),
        description: entry.description.clone(),
        form: match (&entry.schema, &entry.converter) {
            (Some(schema), _) => ParameterForm::Schema(schema.clone()),
            (None, Some(word)) => ParameterForm::Typed(word.converter.clone()),
            (None, None) => ParameterForm::Typed(Converter::ANY_STRING),
        },
    });
    entries.collect()
}

fn bodies(entry: Option<&Bodies>) -> Vec<(String, ModelWord)> {
    let bodies = entry.iter().flat_map(|bodies| &bodies.0);
    bodies
        .map(|(media, model)| (media.value.clone(), model.clone()))
        .collect()
}

fn declared(entry: &DeclaredAnswerEntry) -> DeclaredAnswer {
    let headers = entry.headers.iter().flat_map(|headers| &headers.0);
    let mut bodies = bodies(entry.content.as_ref());
    if let Some(model) = &entry.model {
        bodies.insert(0, (JSON.to_owned(), model.clone()));
    }
    DeclaredAnswer {
        description: entry.description.clone(),
        headers: headers.map(|(name, form)| (name.value.clone(), form.clone())).collect(),
        bodies,
    }
}
