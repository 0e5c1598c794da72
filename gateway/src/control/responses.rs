//! The gateway's own answers
//! ([GatewayResponse](https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html)).

use bluegate_core::GATEWAY_RESPONSES;
use bluegate_core::gateway::GatewayResponse;

use super::call::Call;
use super::mappings::are_headers;
use super::pages::items;
use super::patch::{Kind, Op, RESPONSE_PARAMETERS, RESPONSE_TEMPLATES, Rules, operations};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::Control;
use super::told;

use Op::Replace;

const RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/statusCode", &[Replace], Kind::Text),
        RESPONSE_PARAMETERS,
        RESPONSE_TEMPLATES,
    ],
};

impl Control {
    pub(super) fn get_gateway_responses(&mut self, call: &Call<'_>) -> Answered {
        let custom = &self.api(call)?.draft.api.responses;
        let told = GATEWAY_RESPONSES
            .iter()
            .filter_map(|(kind, _)| told::gateway_response(custom, kind));
        items(call, "responseType", told.collect())
    }

    pub(super) fn get_gateway_response(&mut self, call: &Call<'_>) -> Answered {
        self.tell_gateway_response(call, 200)
    }

    pub(super) fn put_gateway_response(&mut self, call: &Call<'_>) -> Answered {
        let kind = call.part(1);
        let response = GatewayResponse {
            kind: kind.to_owned(),
            is_default: false,
            ..call.input()?.part()?
        };
        self.set_gateway_response(call, response)?;
        self.tell_gateway_response(call, 201)
    }

    pub(super) fn update_gateway_response(&mut self, call: &Call<'_>) -> Answered {
        let (kind, operations) = (call.part(1), operations(call)?);
        let custom = &self.api(call)?.draft.api.responses;
        let mut told = told::plain(&custom.iter().find(|one| one.kind == kind).cloned().unwrap_or_default());
        // A patch of one that nobody customised begins with the default.
        if let Some(default) = told::gateway_response(custom, kind) {
            for key in ["responseParameters", "responseTemplates"] {
                told[key] = default[key].clone();
            }
        }
        for operation in &operations {
            let empties = operation.value.as_deref().is_none_or(str::is_empty) && !operation.is_removal();
            if let (true, [group @ ("responseTemplates" | "responseParameters"), _]) =
                (empties, operation.parts().as_slice())
            {
                return Err(Refusal::bad_request(format!("Invalid null or empty value in {group}")));
            }
            if operation.path == "/statusCode" && operation.op != Replace {
                return Err(Refusal::bad_request("Invalid patch path /statusCode"));
            }
        }
        let patched: GatewayResponse = super::call::read(RULES.patched(told, &operations)?)?;
        let response = GatewayResponse {
            kind: kind.to_owned(),
            is_default: false,
            ..patched
        };
        self.set_gateway_response(call, response)?;
        self.tell_gateway_response(call, 200)
    }

    pub(super) fn delete_gateway_response(&mut self, call: &Call<'_>) -> Answered {
        let kind = call.part(1);
        let responses = &self.api(call)?.draft.api.responses;
        if responses.iter().all(|one| one.kind != kind) {
            return Err(Refusal::not_found("Gateway response type not defined on api"));
        }
        let responses = &mut self.api_mut(call)?.draft_mut().api.responses;
        responses.retain(|one| one.kind != kind);
        Ok(empty(202))
    }

    fn set_gateway_response(&mut self, call: &Call<'_>, response: GatewayResponse) -> Result<(), Refusal> {
        are_headers(response.parameters.keys(), "gatewayresponse.")?;
        let responses = &mut self.api_mut(call)?.draft_mut().api.responses;
        responses.retain(|one| one.kind != response.kind);
        responses.push(response);
        Ok(())
    }

    fn tell_gateway_response(&self, call: &Call<'_>, status: u16) -> Answered {
        let custom = &self.api(call)?.draft.api.responses;
        let told = told::gateway_response(custom, call.part(1));
        Ok(reply(status, told.ok_or_else(|| Refusal::no("Gateway Response"))?))
    }
}
