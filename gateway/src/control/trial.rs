//! Requests to what is not deployed: to a method
//! ([TestInvokeMethod](https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html)), where nobody is
//! asked who calls, and to an authorizer
//! ([TestInvokeAuthorizer](https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeAuthorizer.html)). The answer
//! brings the execution log.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bluegate_core::gateway::{Api, Integration, IntegrationResponse, Method, Resource};
use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;

use super::call::{Call, Input};
use super::reply::{Refusal, Reply, present, reply};
use super::state::{Control, strings, texts};
use crate::plane::{Answer, Exchange, Failure, Gate, Headers, PolicyOf, Request, Said, Stage};

/// The stage that such requests go to.
const STAGE: &str = "test-invoke-stage";

/// A request that is to be tried.
#[derive(Debug)]
pub struct Trial {
    /// The API as it is now.
    pub stage: Arc<Stage>,
    /// What is tried.
    pub tried: Tried,
    /// The request.
    pub request: Request,
    /// What `$context` says of it besides.
    pub context: BTreeMap<String, String>,
}

/// What is tried.
#[derive(Debug)]
pub enum Tried {
    /// A method, by the id of its resource.
    Method(String),
    /// The authorizer of every method of the stage, with what is known of callers: nothing is kept for others.
    Authorizer(Box<Gate>),
}

impl Control {
    pub(super) fn test_invoke_method(&mut self, call: &Call<'_>) -> Result<Trial, Refusal> {
        let input = call.input()?;
        self.method(call)?;
        let resource = self.resource(call)?;
        let mut stage = self.tried_stage(call, &input, self.api(call)?.draft.api.clone())?;
        // All that is sent is shown.
        stage.traced = [("*/*".to_owned(), true)].into();
        Ok(Trial {
            stage: Arc::new(stage),
            tried: Tried::Method(resource.id.clone()),
            context: BTreeMap::new(),
            request: request(&input, call.part(2), &resource.path)?,
        })
    }

    pub(super) fn test_invoke_authorizer(&mut self, call: &Call<'_>) -> Result<Trial, Refusal> {
        let input = call.input()?;
        let authorizer = self.authorizer(call)?.clone();
        let is_pool = authorizer.kind == "COGNITO_USER_POOLS";
        let method = Method {
            authorization: Some(if is_pool { "COGNITO_USER_POOLS" } else { "CUSTOM" }.to_owned()),
            authorizer_id: Some(authorizer.id.clone()),
            integration: Some(nothing()),
            ..Method::default()
        };
        let resources = ["/", "/{proxy+}"].map(|path| Resource {
            path: path.to_owned(),
            methods: BTreeMap::from([("ANY".to_owned(), method.clone())]),
            ..Resource::default()
        });
        let api = Api {
            resources: resources.to_vec(),
            authorizers: vec![authorizer],
            ..Api::default()
        };
        let gate = Gate {
            pools: self.gate.pools.clone(),
            ..Gate::default()
        };
        Ok(Trial {
            stage: Arc::new(self.tried_stage(call, &input, api)?),
            tried: Tried::Authorizer(Box::new(gate)),
            context: input.texts("additionalContext")?,
            request: request(&input, "GET", "/")?,
        })
    }

    fn tried_stage(&self, call: &Call<'_>, input: &Input, served: Api) -> Result<Stage, Refusal> {
        let api = self.api(call)?;
        let mut stage = Stage::new(&api.id, STAGE, served);
        stage.region.clone_from(&api.region);
        stage.account_id.clone_from(&api.account);
        stage.variables = texts(input.get("stageVariables"));
        stage.binary_media_types = strings(&api.draft.settings["binaryMediaTypes"]);
        stage.vpc_links.clone_from(&self.vpc_links);
        Ok(stage)
    }
}

/// The request that a call describes.
fn request(input: &Input, verb: &str, path: &str) -> Result<Request, Refusal> {
    let target = input.word("pathWithQueryString")?.unwrap_or_else(|| path.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut headers = Headers::default();
    for (name, value) in input.texts("headers")? {
        headers.add(name, value);
    }
    let several = input.get("multiValueHeaders").and_then(Json::as_object);
    for (name, values) in several.into_iter().flatten() {
        strings(values).into_iter().for_each(|value| headers.add(name, value));
    }
    Ok(Request {
        method: verb.to_owned(),
        sent_path: path.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: input.text("body")?.unwrap_or_default().into(),
    })
}

/// What answers whoever was let in.
fn nothing() -> Integration {
    let template = ("application/json".to_owned(), "{\"statusCode\": 200}".to_owned());
    Integration {
        kind: "MOCK".to_owned(),
        request_templates: [template].into(),
        responses: [("200".to_owned(), IntegrationResponse::default())].into(),
        ..Integration::default()
    }
}

impl Trial {
    /// What is told of the answer.
    #[must_use]
    pub fn told(exchange: &Exchange<'_>, answer: &Answer, now: OffsetDateTime, took: Duration) -> Reply {
        let has_failed = exchange
            .execution_log()
            .iter()
            .any(|line| line.starts_with("Execution failed"));
        let is_shown = |name: &str| {
            // What stages add, and tries do not.
            let added = [
                "x-amzn-requestid",
                "x-amz-apigw-id",
                "connection",
                "content-length",
                "date",
            ];
            let name = name.to_lowercase();
            let is_of_failure = has_failed && name == "content-type";
            !added.contains(&name.as_str()) && !is_of_failure
        };
        let headers: Vec<(&str, &str)> = answer.headers.iter().filter(|(name, _)| is_shown(name)).collect();
        let body = String::from_utf8_lossy(&answer.body);
        let log = log(&exchange.request_id(), exchange.execution_log(), now);
        let mut all = Map::new();
        for (name, value) in &headers {
            let values = all.entry(*name).or_insert_with(|| json!([]));
            if let Some(values) = values.as_array_mut() {
                values.push(json!(value));
            }
        }
        let last: Map<String, Json> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let told = json!({
            "status": answer.status,
            "body": body,
            "headers": last,
            "multiValueHeaders": all,
            "log": log,
            "latency": i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
        });
        reply(200, told)
    }

    /// What is told of an authorizer, which may have been asked and have said something.
    #[must_use]
    pub fn told_of_authorizer(
        exchange: &Exchange<'_>,
        answer: &Answer,
        said: Option<&Said>,
        now: OffsetDateTime,
        took: Duration,
    ) -> Reply {
        // That the policy does not let this request in is for the caller to read.
        let is_denied = |failure: &Failure| matches!(failure, Failure::AccessDenied(denial) if denial.policy == PolicyOf::Authorizer);
        let failure = exchange.failure().filter(|failure| !is_denied(failure));
        let said = match said {
            Some(Said::Answer(answer)) if failure.is_none() => answer,
            _ => &Json::Null,
        };
        // What comes before is about the stage, and there is none.
        let lines = exchange.execution_log();
        let begin = lines.iter().position(|line| line.starts_with("Starting authorizer"));
        let claims = exchange.context().at("authorizer.claims");
        reply(
            200,
            present(json!({
                // AWS: nothing was wrong.
                "clientStatus": failure.map_or(0, |_| answer.status),
                "log": log(&exchange.request_id(), &lines[begin.unwrap_or(0)..], now),
                "latency": i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
                "principalId": said.get("principalId"),
                "policy": said.get("policyDocument").map(Json::to_string),
                "claims": claims,
            })),
        )
    }
}

/// Lines of the execution log, as AWS tells them.
fn log(request_id: &str, lines: &[String], now: OffsetDateTime) -> String {
    let moment = moment(now);
    let mut log = format!("Execution log for request {request_id}\n");
    for line in lines {
        log.push_str(&format!("{moment} : {line}\n"));
    }
    log
}

/// Such as `Sat Nov 28 10:00:00 UTC 2026`.
fn moment(now: OffsetDateTime) -> String {
    let (weekday, month) = (now.weekday().to_string(), now.month().to_string());
    let (hour, minute, second) = now.time().as_hms();
    format!(
        "{} {} {:02} {hour:02}:{minute:02}:{second:02} UTC {}",
        &weekday[..3],
        &month[..3],
        now.day(),
        now.year()
    )
}
