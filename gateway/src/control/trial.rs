//! A request to a method that is not deployed
//! ([TestInvokeMethod](https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html)): nobody is asked who
//! calls, and the answer brings the execution log.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use time::OffsetDateTime;

use super::call::Call;
use super::reply::{Refusal, Reply, reply};
use super::state::{Control, strings, texts};
use crate::plane::{Answer, Exchange, Headers, Request, Stage};

/// The stage that such requests go to.
const STAGE: &str = "test-invoke-stage";

/// A request that is to be tried.
#[derive(Debug)]
pub struct Trial {
    /// The API as it is now.
    pub stage: Arc<Stage>,
    /// The id of the resource.
    pub resource_id: String,
    /// The request.
    pub request: Request,
}

impl Control {
    pub(super) fn test_invoke_method(&mut self, call: &Call<'_>) -> Result<Trial, Refusal> {
        let input = call.input()?;
        self.method(call)?;
        let resource = self.resource(call)?;
        let target = input
            .word("pathWithQueryString")?
            .unwrap_or_else(|| resource.path.clone());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let mut headers = Headers::default();
        for (name, value) in input.texts("headers")? {
            headers.add(name, value);
        }
        let several = input.get("multiValueHeaders").and_then(Json::as_object);
        for (name, values) in several.into_iter().flatten() {
            strings(values).into_iter().for_each(|value| headers.add(name, value));
        }
        let api = self.api(call)?;
        let mut stage = Stage::new(&api.id, STAGE, api.draft.api.clone());
        stage.region.clone_from(&api.region);
        stage.account_id.clone_from(&api.account);
        stage.variables = texts(input.get("stageVariables"));
        stage.binary_media_types = strings(&api.draft.settings["binaryMediaTypes"]);
        stage.vpc_links.clone_from(&self.vpc_links);
        Ok(Trial {
            stage: Arc::new(stage),
            resource_id: resource.id.clone(),
            request: Request {
                method: call.part(2).to_owned(),
                sent_path: path.to_owned(),
                path: path.to_owned(),
                query: query.to_owned(),
                headers,
                body: input.text("body")?.unwrap_or_default().into_bytes(),
            },
        })
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
        let mut lines: Vec<String> = exchange.execution_log().to_vec();
        // What is told of the answer stands before its end.
        let end = lines.pop_if(|line| line.starts_with("Method completed"));
        let success = lines.pop_if(|line| line.starts_with("Successfully completed"));
        if !has_failed {
            let shown: Vec<String> = headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
            lines.push(format!("Method response body after transformations: {body}"));
            lines.push(format!("Method response headers: {{{}}}", shown.join(", ")));
            lines.push(success.unwrap_or_else(|| "Successfully completed execution".to_owned()));
        }
        lines.push(end.unwrap_or_else(|| format!("Method completed with status: {}", answer.status)));
        let moment = moment(now);
        let mut log = format!("Execution log for request {}\n", exchange.request_id());
        for line in lines {
            log.push_str(&format!("{moment} : {line}\n"));
        }
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
