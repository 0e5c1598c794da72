//! How methods reach services, and what becomes of the answers
//! ([Integration](https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html),
//! [IntegrationResponse](https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html)).

use bluegate_core::Verb;
use bluegate_core::gateway::{Integration, IntegrationResponse};
use serde_json::json;

use super::call::{Call, Input};
use super::mappings;
use super::methods::{no_status, no_verb, patched_part};
use super::patch::{Kind, Op, REQUEST_PARAMETERS, REQUEST_TEMPLATES, RESPONSE_PARAMETERS, RESPONSE_TEMPLATES, Rules};
use super::reply::{Answered, Refusal, empty, reply};
use super::state::Control;
use super::told;

use Op::{Add, Remove, Replace};

const RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/type", &[Replace], Kind::Choice(&KINDS)),
        ("/httpMethod", &[Replace], Kind::Text),
        ("/uri", &[Replace], Kind::Text),
        ("/connectionType", &[Replace], Kind::Choice(&CONNECTIONS)),
        ("/connectionId", &[Add, Remove, Replace], Kind::Text),
        ("/integrationTarget", &[Add, Remove, Replace], Kind::Text),
        ("/credentials", &[Add, Remove, Replace], Kind::Text),
        ("/passthroughBehavior", &[Replace], Kind::Text),
        (
            "/contentHandling",
            &[Add, Remove, Replace],
            Kind::Choice(&CONTENT_HANDLINGS),
        ),
        ("/responseTransferMode", &[Replace], Kind::Choice(&TRANSFERS)),
        ("/timeoutInMillis", &[Replace], Kind::Number(50, 300_000, TIMEOUT)),
        ("/tlsConfig/insecureSkipVerification", &[Replace], Kind::Flag),
        ("/cacheNamespace", &[Add, Remove, Replace], Kind::Text),
        ("/cacheKeyParameters/*", &[Add, Remove, Replace], Kind::Member),
        REQUEST_PARAMETERS,
        REQUEST_TEMPLATES,
    ],
};

const RESPONSE_RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/selectionPattern", &[Replace], Kind::Text),
        ("/contentHandling", &[Replace], Kind::Choice(&CONTENT_HANDLINGS)),
        RESPONSE_PARAMETERS,
        RESPONSE_TEMPLATES,
    ],
};

/// In the order in which AWS lists them.
pub(super) const KINDS: [&str; 5] = ["HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"];
pub(super) const CONNECTIONS: [&str; 2] = ["INTERNET", "VPC_LINK"];
pub(super) const CONTENT_HANDLINGS: [&str; 2] = ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"];
pub(super) const TRANSFERS: [&str; 2] = ["BUFFERED", "STREAM"];
const PASSTHROUGH: [&str; 3] = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"];
const TIMEOUT: &str = "Timeout should be between 50 ms and 29000 ms";

impl Control {
    pub(super) fn get_integration(&mut self, call: &Call<'_>) -> Answered {
        self.tell_integration(call, 200)
    }

    pub(super) fn put_integration(&mut self, call: &Call<'_>) -> Answered {
        let input = call.input()?;
        let method = self.method(call)?;
        let integration = judged(given(input)?)?;
        mappings::of_request(
            &integration.request_parameters,
            &Default::default(),
            &method.request_parameters,
        )?;
        self.method_mut(call)?.integration = Some(integration);
        self.tell_integration(call, 201)
    }

    pub(super) fn update_integration(&mut self, call: &Call<'_>) -> Answered {
        let known = self.integration(call)?;
        let patched: Integration = patched_part(&RULES, call, known)?;
        let declared = &self.method(call)?.request_parameters;
        mappings::of_request(&patched.request_parameters, &known.request_parameters, declared)?;
        *self.integration_mut(call)? = judged(patched)?;
        self.tell_integration(call, 200)
    }

    pub(super) fn delete_integration(&mut self, call: &Call<'_>) -> Answered {
        self.integration(call)?;
        self.method_mut(call)?.integration = None;
        Ok(empty(204))
    }

    pub(super) fn get_integration_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        let response = self.integration(call)?.responses.get(status).ok_or_else(no_status)?;
        Ok(reply(200, told::integration_response(status, response)))
    }

    pub(super) fn put_integration_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        let mut response: IntegrationResponse = call.input()?.part()?;
        response.selection_pattern.get_or_insert_default();
        self.integration(call)?;
        let declared = self.method(call)?.responses.get(status).ok_or_else(no_status)?;
        mappings::of_response(&response.parameters, &Default::default(), &declared.parameters)?;
        if let Some(kind) = response.templates.keys().find(|kind| !kind.contains('/')) {
            return Err(Refusal::bad_request(format!(
                "Validation Result: warnings : [], errors : [Invalid content type specified: {kind}]"
            )));
        }
        let told = told::integration_response(status, &response);
        self.integration_mut(call)?
            .responses
            .insert(status.to_owned(), response);
        Ok(reply(201, told))
    }

    pub(super) fn update_integration_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        let response = self.integration(call)?.responses.get(status).ok_or_else(no_status)?;
        let patched: IntegrationResponse = patched_part(&RESPONSE_RULES, call, response)?;
        let declared = self.method(call)?.responses.get(status);
        let declared = declared.map(|one| one.parameters.clone()).unwrap_or_default();
        mappings::of_response(&patched.parameters, &response.parameters, &declared)?;
        let told = told::integration_response(status, &patched);
        self.integration_mut(call)?.responses.insert(status.to_owned(), patched);
        Ok(reply(200, told))
    }

    pub(super) fn delete_integration_response(&mut self, call: &Call<'_>) -> Answered {
        let status = call.part(3);
        self.resource(call)?;
        // Recorded of AWS: of a method that is not there, the integration is missed.
        let integration = self.integration(call).map_err(|_| Refusal::no("Integration"))?;
        integration.responses.get(status).ok_or_else(no_status)?;
        self.integration_mut(call)?.responses.remove(status);
        Ok(empty(204))
    }

    fn tell_integration(&self, call: &Call<'_>, status: u16) -> Answered {
        Ok(reply(status, told::integration(self.integration(call)?, call.part(1))))
    }

    fn integration(&self, call: &Call<'_>) -> Result<&Integration, Refusal> {
        let integration = self.method(call)?.integration.as_ref();
        integration.ok_or_else(|| Refusal::no("Integration"))
    }

    fn integration_mut(&mut self, call: &Call<'_>) -> Result<&mut Integration, Refusal> {
        let integration = self.method_mut(call)?.integration.as_mut();
        integration.ok_or_else(|| Refusal::no("Integration"))
    }
}

/// An integration as a call describes it: the verb towards the service has another name than it is told by.
fn given(mut input: Input) -> Result<Integration, Refusal> {
    if let Some(verb) = input.word("integrationHttpMethod")? {
        input.0.insert("httpMethod".to_owned(), json!(verb));
    }
    let integration: Integration = input.part()?;
    Ok(Integration {
        responses: Default::default(),
        ..integration
    })
}

/// The integration, if API Gateway takes such a one.
pub(super) fn judged(mut integration: Integration) -> Result<Integration, Refusal> {
    if let Some(behavior) = integration.passthrough_behavior.as_deref()
        && !PASSTHROUGH.contains(&behavior)
    {
        let known = PASSTHROUGH.join(", ");
        return Err(Refusal::bad_request(format!(
            "Invalid passthrough behavior specified. Valid options are {known}"
        )));
    }
    let Integration { kind, uri, .. } = &integration;
    let uri = uri.as_deref().unwrap_or_default();
    let verb = integration.http_method.as_deref().unwrap_or_default();
    if kind != "MOCK" && verb.is_empty() {
        return Err(Refusal::bad_request(
            "Enumeration value for HttpMethod must be non-empty",
        ));
    }
    if kind != "MOCK" && !Verb::ALL.map(Verb::as_str).contains(&verb) {
        return Err(no_verb());
    }
    match kind.as_str() {
        "MOCK" => {
            integration.http_method = None;
            integration.uri = None;
        }
        "HTTP" | "HTTP_PROXY" => {
            let is_url = ["http://", "https://"]
                .iter()
                .any(|scheme| uri.len() > scheme.len() && uri.starts_with(scheme));
            if !is_url && !uri.starts_with("${") {
                return Err(Refusal::bad_request("Invalid HTTP endpoint specified for URI"));
            }
            if integration.connection_type.as_deref() == Some("VPC_LINK") && integration.connection_id.is_none() {
                return Err(Refusal::bad_request(
                    "Connection ID is required when connectionType is VPC_LINK",
                ));
            }
        }
        kind => {
            let parts: Vec<&str> = uri.splitn(6, ':').collect();
            let [_, _, "apigateway", _, service, target] = parts.as_slice() else {
                return Err(Refusal::bad_request("Invalid ARN specified in the request"));
            };
            if !target.starts_with("path/") && !target.starts_with("action/") {
                return Err(Refusal::bad_request(
                    "AWS ARN for integration must contain path or action",
                ));
            }
            if kind == "AWS_PROXY" && !matches!(*service, "lambda" | "firehose") {
                return Err(Refusal::bad_request(
                    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream \
                     invocations.",
                ));
            }
        }
    }
    if integration
        .timeout_in_millis
        .is_some_and(|time| !(50..=300_000).contains(&time))
    {
        return Err(Refusal::bad_request(TIMEOUT));
    }
    Ok(integration)
}
