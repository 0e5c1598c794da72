//! The control plane: what API Gateway is told over HTTP
//! ([REST API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html)), and who calls.
//!
//! [`Control`] holds the APIs, their stages, keys and plans. It answers one request after the other and does no I/O.

mod apis;
mod keys;
mod lambda;
mod patch;
mod reads;
mod stages;
mod state;
mod tags;

use bluegate_core::aws::is_region;
use serde_json::{Value as Json, json};
use time::OffsetDateTime;

use crate::plane::{self, Credential, Failure, Request};
pub use state::{Control, RestApi};

/// An answer of the control plane: the status and, unless it is empty, JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// `x-amzn-ErrorType`, when the call failed.
    pub error: Option<&'static str>,
    /// The body. A text is sent as it is.
    pub body: Json,
}

/// Why a call fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    error: &'static str,
    message: String,
}

impl Refusal {
    fn bad_request(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            error: "BadRequestException",
            message: message.into(),
        }
    }

    /// What AWS does and this gateway does not. It is no failure of a server, which clients would try again.
    fn not_offered(message: impl Into<String>) -> Self {
        Self {
            status: 400,
            error: "NotOfferedHere",
            message: message.into(),
        }
    }

    fn not_found(what: &str) -> Self {
        Self {
            status: 404,
            error: "NotFoundException",
            message: format!("Invalid {what} identifier specified"),
        }
    }

    fn conflict(message: impl Into<String>) -> Self {
        Self {
            status: 409,
            error: "ConflictException",
            message: message.into(),
        }
    }
}

type Answered = Result<Reply, Refusal>;

/// A call that was let in: who makes it, where, and when.
pub(crate) struct Call<'a> {
    pub(crate) caller: &'a Credential,
    pub(crate) region: &'a str,
    pub(crate) now: OffsetDateTime,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: &'a [u8],
}

impl Call<'_> {
    fn query(&self, name: &str) -> Option<&str> {
        let named = self.query.iter().find(|(given, _)| given == name);
        named.map(|(_, value)| value.as_str())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.query.iter().filter(move |(given, _)| given == name);
        named.map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Result<Json, Refusal> {
        if self.body.is_empty() {
            return Ok(json!({}));
        }
        serde_json::from_slice(self.body).map_err(|error| Refusal::bad_request(format!("the body is no JSON: {error}")))
    }

    /// Seconds since 1970, as the API writes moments.
    fn seconds(&self) -> i64 {
        self.now.unix_timestamp()
    }
}

impl Control {
    /// Answers a call. It has to be signed, for API Gateway, Lambda or STS, with a key that is known.
    pub fn answer(&mut self, request: &Request, now: OffsetDateTime) -> Reply {
        let answered = self.let_in(request, now);
        answered.unwrap_or_else(|refusal| Reply {
            status: refusal.status,
            error: Some(refusal.error),
            body: json!({"message": refusal.message}),
        })
    }

    fn let_in(&mut self, request: &Request, now: OffsetDateTime) -> Answered {
        let credentials = self.gate.credentials.clone();
        // STS is asked at the root, API Gateway and Lambda below it.
        let service = match request.path.as_str() {
            "/" => "sts",
            path if path.starts_with(lambda::ROOT) => "lambda",
            _ => "apigateway",
        };
        let (caller, region) =
            plane::verify(request, service, None, &credentials, now).map_err(|failure| refused(&failure))?;
        if !is_region(&region) {
            return Err(Refusal::bad_request(format!("{region} is no region")));
        }
        let call = Call {
            caller,
            region: &region,
            now,
            query: plane::query_pairs(&request.query),
            body: &request.body,
        };
        if service == "sts" {
            return identity(&call);
        }
        let segments: Vec<String> = request
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(plane::path_decoded)
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match service {
            "lambda" => self.lambda(&call, &request.method, &segments),
            _ => self.route(&call, &request.method, &segments),
        }
    }

    fn route(&mut self, call: &Call<'_>, verb: &str, path: &[&str]) -> Answered {
        match (verb, path) {
            ("GET", ["account"]) => reads::account(),
            ("GET", ["vpclinks", id]) => reads::vpc_link(id),
            ("GET", ["restapis"]) => self.get_rest_apis(call),
            ("POST", ["restapis"]) => self.create_rest_api(call),
            ("GET", ["apikeys"]) => self.get_api_keys(call),
            ("POST", ["apikeys"]) => self.create_api_key(call),
            ("DELETE", ["apikeys", key]) => self.delete_api_key(key),
            ("PATCH", ["apikeys", key]) => self.update_api_key(call, key),
            ("GET", ["usageplans"]) => self.get_usage_plans(),
            ("POST", ["usageplans"]) => self.create_usage_plan(call),
            ("PATCH", ["usageplans", plan]) => self.update_usage_plan(call, plan),
            ("DELETE", ["usageplans", plan]) => self.delete_usage_plan(plan),
            ("POST", ["usageplans", plan, "keys"]) => self.create_usage_plan_key(call, plan),
            ("DELETE", ["usageplans", plan, "keys", key]) => self.delete_usage_plan_key(plan, key),
            ("PUT" | "DELETE" | "GET", ["tags", arn]) => self.tags(call, verb, arn),
            (verb, ["restapis", id, rest @ ..]) => {
                let id = self.api(call, id)?.id.clone();
                self.of_api(call, verb, &id, rest)
            }
            _ => Err(not_offered(verb, path)),
        }
    }

    fn of_api(&mut self, call: &Call<'_>, verb: &str, id: &str, path: &[&str]) -> Answered {
        match (verb, path) {
            ("GET", []) => self.get_rest_api(call, id),
            ("PUT", []) => self.put_rest_api(call, id),
            ("PATCH", []) => self.update_rest_api(call, id),
            ("DELETE", []) => self.delete_rest_api(id),
            ("GET", ["resources"]) => reads::resources(self.api(call, id)?, call.query("embed") == Some("methods")),
            ("GET", ["authorizers"]) => reads::authorizers(self.api(call, id)?),
            ("GET", ["models"]) => reads::models(self.api(call, id)?),
            ("GET", ["requestvalidators"]) => reads::validators(self.api(call, id)?),
            ("GET", ["gatewayresponses"]) => reads::responses(self.api(call, id)?),
            ("GET", ["deployments"]) => self.get_deployments(call, id),
            ("POST", ["deployments"]) => self.create_deployment(call, id),
            ("GET", ["deployments", deployment]) => self.get_deployment(call, id, deployment),
            ("DELETE", ["deployments", deployment]) => self.delete_deployment(call, id, deployment),
            ("GET", ["stages"]) => self.get_stages(call, id),
            ("POST", ["stages"]) => self.create_stage(call, id),
            ("GET", ["stages", stage]) => self.get_stage(call, id, stage),
            ("PATCH", ["stages", stage]) => self.update_stage(call, id, stage),
            ("DELETE", ["stages", stage]) => self.delete_stage(call, id, stage),
            ("GET", ["stages", stage, "exports", _]) => self.export(call, id, stage),
            // No answer of a service is kept here, but those of authorizers are.
            ("DELETE", ["stages", stage, "cache", kind @ ("data" | "authorizers")]) => {
                self.get_stage(call, id, stage)?;
                if *kind == "authorizers" {
                    self.gate.kept.forget(id, stage);
                }
                Ok(empty(202))
            }
            _ => Err(not_offered(verb, path)),
        }
    }
}

fn reply(status: u16, body: Json) -> Reply {
    Reply {
        status,
        error: None,
        body,
    }
}

fn empty(status: u16) -> Reply {
    reply(status, Json::Null)
}

/// A list, in one page.
fn items(items: Vec<Json>) -> Reply {
    let list = serde_json::Map::from_iter([("item".to_owned(), Json::Array(items))]);
    reply(200, Json::Object(list))
}

fn not_offered(verb: &str, path: &[&str]) -> Refusal {
    Refusal::not_offered(format!("{verb} /{} is not offered by this gateway", path.join("/")))
}

fn refused(failure: &Failure) -> Refusal {
    let (status, error, message) = failure.told();
    Refusal { status, error, message }
}

/// Who calls, in the XML of STS
/// ([GetCallerIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html)).
fn identity(call: &Call<'_>) -> Answered {
    let body = plane::query_pairs(&String::from_utf8_lossy(call.body));
    let is_asked = |(name, value): &(String, String)| name == "Action" && value == "GetCallerIdentity";
    if !body.iter().chain(&call.query).any(is_asked) {
        return Err(not_offered("STS", &["actions but GetCallerIdentity"]));
    }
    let Credential { access_key, arn, .. } = call.caller;
    let account = call.caller.account();
    Ok(reply(
        200,
        Json::from(format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>{arn}</Arn><UserId>{access_key}</UserId><Account>{account}</Account></GetCallerIdentityResult>\
             </GetCallerIdentityResponse>"
        )),
    ))
}
