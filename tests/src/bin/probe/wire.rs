//! Calls of API Gateway: paced, repeated when there were too many, and kept as they came.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use bluegate_core::aws::{Request, Service};
use bluegate_deploy::api::{ApiGateway as _, Cause, Identity, Operation};
use bluegate_deploy::interrupt::Interrupt;
use bluegate_deploy::sdk::{Answer, Client, Destination};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

/// How often a call is made that AWS has no time for.
const ATTEMPTS: u32 = 8;
/// How long to wait then, where AWS does not say it.
const WAIT: Duration = Duration::from_secs(5);

/// No words of AWS are longer in a report; all of them are in the recording.
const LONGEST: usize = 240;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Somebody wants the run to end.
    Interrupted,
    /// What the question needs was refused, or could not be had.
    Refused(String),
}

/// A call and its answer.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    operation: &'static str,
    target: String,
    sent: Option<Value>,
    /// The status.
    pub(crate) status: u16,
    /// The headers of the answer.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body of the answer as it came.
    pub(crate) text: String,
    /// The body as JSON; `null` if it is none.
    pub(crate) json: Value,
    /// What a deployment would take the answer for, if it is a failure.
    pub(crate) cause: Option<Cause>,
}

impl Call {
    fn of(operation: &'static str, target: String, sent: Option<Value>, answer: Answer) -> Self {
        Self {
            operation,
            target,
            sent,
            status: answer.status,
            json: serde_json::from_str(&answer.body).unwrap_or_default(),
            headers: answer.headers,
            text: answer.body,
            cause: answer.cause,
        }
    }

    /// The code of a failure.
    pub(crate) fn code(&self) -> &str {
        let code = self.headers.get("x-amzn-errortype").map_or("", String::as_str);
        code.split(':').next().unwrap_or(code)
    }

    /// What a failure says.
    pub(crate) fn message(&self) -> &str {
        let message = self.json["message"].as_str().or(self.json["Message"].as_str());
        message.unwrap_or("no message")
    }

    /// What a deployment would take it for: `ok`, or the kind of failure.
    pub(crate) fn kind(&self) -> &'static str {
        self.cause.as_ref().map_or("ok", Cause::kind)
    }

    /// Status and words, as a part of a sentence.
    pub(crate) fn brief(&self) -> String {
        let Some(cause) = &self.cause else {
            return self.status.to_string();
        };
        let message = self.message();
        let (end, dots) = match message.floor_char_boundary(LONGEST) {
            end if end < message.len() => (end, "..."),
            end => (end, ""),
        };
        let (status, code, kind) = (self.status, self.code(), cause.kind());
        format!("{status} {code} \"{}{dots}\" (taken for {kind})", &message[..end])
    }

    /// Whether the answer tells nothing of what was asked: it was denied, or the service has trouble of its own.
    fn is_no_answer(&self) -> bool {
        match &self.cause {
            None => false,
            Some(
                Cause::NotFound { .. }
                | Cause::QuotaReached { .. }
                | Cause::Conflict { .. }
                | Cause::Busy { .. }
                | Cause::Exists { .. }
                | Cause::Refused { .. }
                | Cause::Other { .. },
            ) => false,
            Some(
                Cause::AccessDenied { .. }
                | Cause::ExpiredToken
                | Cause::InvalidCredentials { .. }
                | Cause::ClockSkew
                | Cause::Throttled { .. }
                | Cause::Unavailable { .. }
                | Cause::UnknownHost
                | Cause::Unreachable { .. }
                | Cause::Tls { .. }
                | Cause::TimedOut
                | Cause::DeadlinePassed
                | Cause::Interrupted
                | Cause::Garbled { .. },
            ) => true,
        }
    }

    /// The call, if it succeeded.
    pub(crate) fn ok(self) -> Result<Self, Stopped> {
        match self.cause {
            None => Ok(self),
            Some(_) => Err(Stopped::Refused(format!("{} {}", self.operation, self.brief()))),
        }
    }

    /// A text of the answer.
    pub(crate) fn get(&self, key: &str) -> Result<String, Stopped> {
        let text = self.json[key].as_str().filter(|text| !text.is_empty());
        let missing = || Stopped::Refused(format!("{} answers without `{key}`", self.operation));
        text.map(str::to_owned).ok_or_else(missing)
    }

    /// What a list holds. A list of one may come without brackets.
    pub(crate) fn items(&self) -> Vec<Value> {
        match &self.json["item"] {
            Value::Array(items) => items.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        }
    }

    /// As the tests of the deploy library read it.
    pub(crate) fn recording(&self, recorded: &str) -> Value {
        let mut recording = json!({
            "operation": self.operation,
            "recorded": recorded,
            "request": {"target": self.target, "body": self.sent},
            "status": self.status,
        });
        if !self.code().is_empty() {
            recording["code"] = self.code().into();
        }
        recording["answer"] = match &self.json {
            Value::Null => self.text.clone().into(),
            json => json.clone(),
        };
        recording
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.operation, &self.target, self.status, &self.text)
            == (other.operation, &other.target, other.status, &other.text)
    }
}

/// Calls API Gateway.
#[derive(Debug)]
pub(crate) struct Wire {
    client: Client,
    interrupt: Interrupt,
    heeds_interrupt: bool,
    last: HashMap<&'static str, Instant>,
    kept: Vec<Call>,
}

impl Wire {
    pub(crate) fn new(client: Client, interrupt: Interrupt) -> Self {
        Self {
            client,
            interrupt,
            heeds_interrupt: true,
            last: HashMap::new(),
            kept: Vec::new(),
        }
    }

    /// Where calls go.
    pub(crate) fn destination(&self) -> &Destination {
        self.client.destination()
    }

    /// Whether AWS itself answers.
    pub(crate) fn is_aws(&self) -> bool {
        self.destination().service == Service::Aws
    }

    /// From here on nobody's wish ends anything: what was made is deleted.
    pub(crate) fn persist(&mut self) {
        self.heeds_interrupt = false;
    }

    /// The calls since it was asked last. Of several that are the same, one.
    pub(crate) fn kept(&mut self) -> Vec<Call> {
        std::mem::take(&mut self.kept)
    }

    /// Waits, unless somebody wants the run to end.
    pub(crate) async fn wait(&self, time: Duration) -> Result<(), Stopped> {
        if !self.heeds_interrupt {
            sleep(time).await;
            return Ok(());
        }
        tokio::select! {
            biased;
            () = self.interrupt.raised() => Err(Stopped::Interrupted),
            () = sleep(time) => Ok(()),
        }
    }

    /// Makes a call and keeps it. A refusal is an answer, unless it tells nothing of what was asked.
    pub(crate) async fn call(
        &mut self,
        operation: &'static str,
        verb: &str,
        target: &str,
        body: Option<Value>,
    ) -> Result<Call, Stopped> {
        let call = self.call_unkept(operation, verb, target, body).await?;
        if !self.kept.iter().any(|kept| kept.is_same(&call)) {
            self.kept.push(call.clone());
        }
        match call.is_no_answer() {
            true => call.ok(),
            false => Ok(call),
        }
    }

    /// The same for what the account has beside what the run made: nobody else is to see it.
    pub(crate) async fn call_unkept(
        &mut self,
        operation: &'static str,
        verb: &str,
        target: &str,
        body: Option<Value>,
    ) -> Result<Call, Stopped> {
        let mut request = Request {
            verb: verb.to_owned(),
            path: target.to_owned(),
            body: body.as_ref().map(Value::to_string),
            ..Request::default()
        };
        // Without it the answer is in another form, HAL.
        request
            .headers
            .insert("Accept".to_owned(), "application/json".to_owned());
        if body.is_some() {
            let json = "application/json".to_owned();
            request.headers.insert("Content-Type".to_owned(), json);
        }
        for attempt in 1.. {
            self.turn(operation).await?;
            // A call that has begun is waited for: afterwards it is known what it did.
            let answer = self.client.control(&request).await;
            let answer = answer.map_err(|cause| Stopped::Refused(format!("{operation} {}", words(&cause))))?;
            match &answer.cause {
                Some(Cause::Throttled { retry_after }) if attempt < ATTEMPTS => {
                    self.wait(retry_after.unwrap_or(WAIT * attempt)).await?;
                }
                _ => return Ok(Call::of(operation, format!("{verb} {target}"), body, answer)),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Waits until a call keeps to the quota of its operation.
    async fn turn(&mut self, operation: &'static str) -> Result<(), Stopped> {
        if self.heeds_interrupt && self.interrupt.is_raised() {
            return Err(Stopped::Interrupted);
        }
        let known = Operation::ALL.iter().find(|known| known.as_str() == operation);
        let interval = known.map_or(Duration::ZERO, |known| known.interval());
        // All calls together: ten a second.
        sleep(Duration::from_millis(if self.is_aws() { 100 } else { 0 })).await;
        if self.is_aws()
            && let Some(before) = self.last.get(operation)
        {
            let at = *before + interval;
            tokio::select! {
                biased;
                () = self.interrupt.raised(), if self.heeds_interrupt => return Err(Stopped::Interrupted),
                () = sleep_until(at) => {}
            }
        }
        self.last.insert(operation, Instant::now());
        Ok(())
    }

    /// Calls a deployed API.
    pub(crate) async fn visit(
        &mut self,
        rest_api_id: &str,
        stage: &str,
        path: &str,
        request: Request,
    ) -> Result<Call, Stopped> {
        if self.heeds_interrupt && self.interrupt.is_raised() {
            return Err(Stopped::Interrupted);
        }
        let Destination {
            service,
            endpoint,
            region,
            ..
        } = self.client.destination();
        let url = service.stage_url(endpoint.as_deref(), region, rest_api_id, stage);
        let answer = self.client.visit(&format!("{url}{path}"), &request).await;
        let answer = answer.map_err(|cause| Stopped::Refused(format!("a call of the stage {}", words(&cause))))?;
        Ok(Call::of("Invoke", format!("{} {path}", request.verb), None, answer))
    }

    /// Who calls.
    pub(crate) async fn caller(&self) -> Result<Identity, String> {
        let caller = self.client.get_caller_identity().await;
        caller.map_err(|error| format!("{} {}", error.operation, words(&error.cause)))
    }
}

/// Why no answer came, as the end of a sentence.
fn words(cause: &Cause) -> String {
    let detail = match cause {
        Cause::Unreachable { detail } | Cause::Tls { detail } => detail.as_str(),
        Cause::Other { message, .. } | Cause::AccessDenied { message } | Cause::Unavailable { message, .. } => message,
        Cause::InvalidCredentials { code } => code,
        _ => "",
    };
    match detail {
        "" => format!("fails: {}", cause.kind()),
        detail => format!("fails: {} ({detail})", cause.kind()),
    }
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stopped::Interrupted => "the run was ended",
            Stopped::Refused(why) => why,
        })
    }
}
