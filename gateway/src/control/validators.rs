//! Request validators
//! ([RequestValidator](https://docs.aws.amazon.com/apigateway/latest/api/API_RequestValidator.html)).

use bluegate_core::gateway::RequestValidator;

use super::call::Call;
use super::methods::patched_part;
use super::pages::items;
use super::patch::{Kind, Op, Rules};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::{Control, new_id};
use super::told::plain;

const RULES: Rules = Rules {
    lists: true,
    rows: &[
        (
            "/name",
            &[Op::Replace],
            Kind::Word("Request Validator name cannot be blank"),
        ),
        ("/validateRequestParameters", &[Op::Replace], Kind::Flag),
        ("/validateRequestBody", &[Op::Replace], Kind::Flag),
    ],
};

impl Control {
    pub(super) fn get_request_validators(&mut self, call: &Call<'_>) -> Answered {
        let validators = &self.api(call)?.draft.api.validators;
        items(call, "id", validators.iter().map(plain).collect())
    }

    pub(super) fn get_request_validator(&mut self, call: &Call<'_>) -> Answered {
        Ok(reply(200, plain(self.validator(call)?)))
    }

    pub(super) fn create_request_validator(&mut self, call: &Call<'_>) -> Answered {
        let validator = RequestValidator {
            id: new_id(6),
            ..call.input()?.part()?
        };
        let api = self
            .api_mut(call)
            .map_err(|_| Refusal::bad_request("Invalid REST API identifier specified"))?;
        let told = plain(&validator);
        api.draft_mut().api.validators.push(validator);
        Ok(reply(201, told))
    }

    pub(super) fn update_request_validator(&mut self, call: &Call<'_>) -> Answered {
        let patched: RequestValidator = patched_part(&RULES, call, self.validator(call)?)?;
        let told = plain(&patched);
        let mut validators = self.api_mut(call)?.draft_mut().api.validators.iter_mut();
        if let Some(known) = validators.find(|one| one.id == patched.id) {
            *known = patched;
        }
        Ok(reply(200, told))
    }

    pub(super) fn delete_request_validator(&mut self, call: &Call<'_>) -> Answered {
        let id = self.validator(call)?.id.clone();
        let api = &mut self.api_mut(call)?.draft_mut().api;
        let mut methods = api.resources.iter().flat_map(|resource| resource.methods.values());
        if methods.any(|method| method.request_validator_id.as_ref() == Some(&id)) {
            return Err(Refusal::conflict(format!(
                "Cannot delete validator '{id}', is referenced in a method"
            )));
        }
        api.validators.retain(|one| one.id != id);
        Ok(empty(202))
    }

    fn validator(&self, call: &Call<'_>) -> Result<&RequestValidator, Refusal> {
        let api = self.own(call, call.part(0));
        let found = api.and_then(|api| api.draft.api.validators.iter().find(|one| one.id == call.part(1)));
        found.ok_or_else(|| Refusal::no("Request Validator"))
    }
}
