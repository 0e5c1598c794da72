//! Methods, and the answers that they declare
//! ([Method](https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html),
//! [MethodResponse](https://docs.aws.amazon.com/apigateway/latest/api/API_MethodResponse.html)).

use bluegate_core::Verb;
use bluegate_core::gateway::{Api, Method, MethodResponse};
use serde_json::Value as Json;

use super::call::{Call, read};
use super::mappings::{are_headers, invalid};
use super::patch::{
    DECLARED_PARAMETERS, Kind, Op, REQUEST_MODELS, REQUIRED_PARAMETERS, RESPONSE_MODELS, Rules, operations,
};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::Control;
use super::told;

use Op::{Add, Remove, Replace};

const RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/authorizationType", &[Replace], Kind::Text),
        ("/authorizerId", &[Replace], Kind::Text),
        ("/authorizationScopes", &[Add, Remove, Replace], Kind::Item),
        ("/apiKeyRequired", &[Replace], Kind::Flag),
        ("/operationName", &[Replace], Kind::Text),
        ("/requestValidatorId", &[Replace], Kind::Text),
        REQUIRED_PARAMETERS,
        REQUEST_MODELS,
    ],
};

const RESPONSE_RULES: Rules = Rules {
    lists: false,
    rows: &[DECLARED_PARAMETERS, RESPONSE_MODELS],
};

impl Control {
    pub(super) fn get_method(&mut self, call: &Call<'_>) -> Answered {
        let method = self.method(call)?;
        Ok(reply(200, told::method(call.part(2), method, call.part(1))))
    }

    pub(super) fn put_method(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        self.resource(call)?;
        let verb = call.part(2);
        if !Verb::ALL.map(Verb::as_str).contains(&verb) {
            return Err(no_verb());
        }
        let method: Method = Method {
            responses: Default::default(),
            integration: None,
            ..input.part()?
        };
        let method = judged(&self.api(call)?.draft.api, method)?;
        let resource = self.resource_mut(call)?;
        if resource.methods.contains_key(verb) {
            return Err(Refusal::conflict("Method already exists for this resource"));
        }
        let told = told::method(verb, &method, &resource.id);
        resource.methods.insert(verb.to_owned(), method);
        Ok(reply(201, told))
    }

    pub(super) fn update_method(&mut self, call: &Call<'_>) -> Answered {
        let operations = operations(call)?;
        // Its integration and its answers have patches of their own.
        let mut method = self.method(call)?.clone();
        let (integration, responses) = (method.integration.take(), std::mem::take(&mut method.responses));
        let told = serde_json::to_value(method).unwrap_or_default();
        let patched: Method = read(RULES.patched(told, &operations)?)?;
        let method = judged(&self.api(call)?.draft.api, patched)?;
        *self.method_mut(call)? = Method {
            integration,
            responses,
            ..method
        };
        self.get_method(call)
    }

    pub(super) fn delete_method(&mut self, call: &Call<'_>) -> Answered {
        self.method(call)?;
        self.resource_mut(call)?.methods.remove(call.part(2));
        Ok(empty(204))
    }

    pub(super) fn get_method_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        let response = self.method(call)?.responses.get(status).ok_or_else(no_status)?;
        Ok(reply(200, told::method_response(status, response)))
    }

    pub(super) fn put_method_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        let response: MethodResponse = call.input()?.part()?;
        self.method(call)?;
        known_models(&self.api(call)?.draft.api, response.models.values())?;
        are_headers(response.parameters.keys(), "method.response.")?;
        if self.method(call)?.responses.contains_key(status) {
            return Err(Refusal::conflict("Response already exists for this resource"));
        }
        let told = told::method_response(status, &response);
        self.method_mut(call)?.responses.insert(status.to_owned(), response);
        Ok(reply(201, told))
    }

    pub(super) fn update_method_response(&mut self, call: &Call<'_>) -> Answered {
        let (status, operations) = (call.part(3), operations(call)?);
        let response = self.method(call)?.responses.get(status).ok_or_else(no_status)?;
        let told = serde_json::to_value(response).unwrap_or_default();
        let patched: MethodResponse = read(RESPONSE_RULES.patched(told, &operations)?)?;
        known_models(&self.api(call)?.draft.api, patched.models.values())?;
        are_headers(patched.parameters.keys(), "method.response.")?;
        let told = told::method_response(status, &patched);
        self.method_mut(call)?.responses.insert(status.to_owned(), patched);
        // Recorded of AWS: as if it were made.
        Ok(reply(201, told))
    }

    pub(super) fn delete_method_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        self.method(call)?.responses.get(status).ok_or_else(no_status)?;
        self.method_mut(call)?.responses.remove(status);
        Ok(empty(204))
    }

    /// The method that the path names third.
    pub(super) fn method(&self, call: &Call<'_>) -> Result<&Method, Refusal> {
        let method = self.resource(call)?.methods.get(call.part(2));
        method.ok_or_else(|| Refusal::no("Method"))
    }

    /// The same, to be changed.
    pub(super) fn method_mut(&mut self, call: &Call<'_>) -> Result<&mut Method, Refusal> {
        let method = self.resource_mut(call)?.methods.get_mut(call.part(2));
        method.ok_or_else(|| Refusal::no("Method"))
    }
}

pub(super) fn no_verb() -> Refusal {
    let known = Verb::ALL.map(Verb::as_str).join(",");
    Refusal::bad_request(format!("Invalid HttpMethod specified. Valid options are {known}"))
}

pub(super) fn no_status() -> Refusal {
    Refusal::not_found("Invalid Response status code specified")
}

/// The method, if what it refers to is there.
fn judged(api: &Api, mut method: Method) -> Result<Method, Refusal> {
    match method.authorization.as_deref() {
        Some("CUSTOM" | "COGNITO_USER_POOLS") => {
            let id = method.authorizer_id.as_deref();
            if !api.authorizers.iter().any(|one| Some(one.id.as_str()) == id) {
                return Err(Refusal::bad_request(
                    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS \
                     requires a valid authorizer.",
                ));
            }
        }
        Some("NONE" | "AWS_IAM") => {
            method.authorizer_id = None;
            method.authorization_scopes.clear();
        }
        _ => {
            return Err(Refusal::bad_request(
                "Invalid authorization type specified. Valid options are NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS",
            ));
        }
    }
    let validator = method.request_validator_id.take().filter(|id| !id.is_empty());
    if let Some(id) = &validator
        && !api.validators.iter().any(|one| one.id == *id)
    {
        return Err(Refusal::bad_request("Invalid Request Validator identifier specified"));
    }
    method.request_validator_id = validator;
    known_models(api, method.request_models.values())?;
    let mut names = Vec::new();
    for name in method.request_parameters.keys() {
        let place = name
            .strip_prefix("method.request.")
            .and_then(|rest| rest.split_once('.'));
        match place {
            Some(("querystring" | "header" | "path" | "multivaluequerystring" | "multivalueheader", name))
                if !name.is_empty() =>
            {
                names.push(name);
            }
            _ => return Err(invalid(name)),
        }
    }
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::bad_request(
            "Parameter names must be unique across querystring, header and path",
        ));
    }
    Ok(method)
}

fn known_models<'m>(api: &Api, mut names: impl Iterator<Item = &'m String>) -> Result<(), Refusal> {
    let unknown = names.find(|name| !api.models.iter().any(|model| model.name == **name));
    match unknown {
        None => Ok(()),
        Some(name) => Err(Refusal::bad_request(format!(
            "Invalid model identifier specified: {name}"
        ))),
    }
}

/// What a patch of a part of an API makes of it.
pub(super) fn patched_part<T>(rules: &Rules, call: &Call<'_>, part: &T) -> Result<T, Refusal>
where
    T: serde::Serialize + serde::de::DeserializeOwned,
{
    let told: Json = serde_json::to_value(part).unwrap_or_default();
    read(rules.patched(told, &operations(call)?)?)
}
