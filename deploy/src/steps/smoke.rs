//! Requests that show whether a deployment works: before it through API Gateway's test of methods, and afterwards as
//! callers make them.

use std::time::Duration;

use bluegate_core::aws::Smoke;
use bluegate_core::gateway::{Api, Definition, Facts, Field, Router};
use tokio::time::{Instant, sleep, timeout};

use crate::api::{ApiGateway, Cause, Reply, Request, RestApi, Texts};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, StepError, Transaction, Warning};

/// Whether a request is about the service itself and not about the gateway.
fn is_elsewhere(smoke: &Smoke) -> bool {
    !smoke.request.path.starts_with('/')
}

/// Whether a request changes nothing, so that it may be repeated
/// ([RFC 9110, 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
fn is_read(smoke: &Smoke) -> bool {
    ["GET", "HEAD", "OPTIONS"].contains(&smoke.request.verb.as_str())
}

/// What is wrong with an answer.
fn what_is_wrong(smoke: &Smoke, reply: &Reply, digest: Option<&str>) -> Option<String> {
    if reply.status != smoke.status {
        return Some(format!("is answered with {} and not {}", reply.status, smoke.status));
    }
    if let Some(text) = smoke
        .contains
        .as_ref()
        .filter(|text| !reply.body.contains(text.as_str()))
    {
        return Some(format!("has an answer without `{text}`"));
    }
    if smoke.digest {
        let answer: Option<serde_json::Value> = serde_json::from_str(&reply.body).ok();
        let found = answer.as_ref().and_then(|answer| answer.get("digest")?.as_str());
        if found.is_none() || found != digest {
            return Some("has an answer of a service that was built from another routes file".to_owned());
        }
    }
    None
}

/// Statuses of what API Gateway refuses before the method is reached, which its test of methods leaves out. Nothing
/// was written then.
const BEFORE_THE_METHOD: [u16; 3] = [401, 403, 429];
/// How often a method is tried: the service may be waking up.
const MOST_TRIES: usize = 3;
const PAUSE: Duration = Duration::from_secs(2);
/// One answer takes no longer: API Gateway itself gives up after 29 seconds.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// What came of a request.
enum Answer {
    /// An answer.
    Reply(Reply),
    /// In words why there is none, and whether the request may have got through.
    None { why: String, may_be_done: bool },
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
    /// Makes the requests on the draft, where the service offers it.
    pub(crate) async fn try_draft(&self, draft: &Api) -> Result<(), StepError> {
        let smokes = &self.environment.smoke;
        if smokes.is_off {
            return Ok(());
        }
        let variables = self.variables();
        let methods = draft.resources.iter().flat_map(|resource| {
            let verbs = resource.methods.keys();
            verbs.map(|verb| {
                (
                    resource.path.as_str(),
                    verb.as_str(),
                    (resource.id.as_str(), verb.as_str()),
                )
            })
        });
        let router: Router<_> = methods.collect();
        for smoke in &smokes.requests {
            if is_elsewhere(smoke) || BEFORE_THE_METHOD.contains(&smoke.status) {
                continue;
            }
            let Some((resource, verb)) = router.answers(&smoke.request.verb, &smoke.request.path) else {
                continue;
            };
            self.tell(&Event::Trying {
                request: smoke.to_string(),
            });
            let mut wrong = None;
            let tries = if is_read(smoke) { MOST_TRIES } else { 1 };
            for attempt in 0..tries {
                if attempt > 0 {
                    sleep(PAUSE).await;
                }
                let request = &smoke.request;
                let tried = self
                    .gateway
                    .test_invoke_method(self.id(), resource, verb, request, &variables);
                match tried.await {
                    Ok(reply) => wrong = what_is_wrong(smoke, &reply, smokes.file_digest.as_deref()),
                    Err(error) if matches!(error.cause, Cause::AccessDenied { .. }) => {
                        self.warn(Warning::NotTried);
                        return Ok(());
                    }
                    Err(error)
                        if error.cause != Cause::Interrupted
                            && self.lacks(Lack::Trials, "methods: smoke requests are made after the deployment") =>
                    {
                        return Ok(());
                    }
                    Err(error) => return Err(error.into()),
                }
                if wrong.is_none() {
                    break;
                }
            }
            // What an emulator does not do before a deployment it may do afterwards.
            if let Some(wrong) = wrong.map(|wrong| format!("{smoke} {wrong} on the draft"))
                && !self.lacks(Lack::Trials, format!("methods as a stage answers: {wrong}"))
            {
                return Err(StepError::Check(wrong));
            }
        }
        Ok(())
    }

    /// The variables that the stage will have.
    fn variables(&self) -> Texts {
        let stage = self.before().reading.stage(self.stage);
        let mut variables = stage.map(|stage| stage.variables.clone()).unwrap_or_default();
        for (name, value) in &self.environment.stage_settings.values {
            if let Some(name) = name.strip_prefix("/variables/") {
                variables.insert(name.to_owned(), value.clone());
            }
        }
        variables
    }

    /// Makes the requests as callers do, until they are answered as they should be or the time is up. `definition` is
    /// what the stage serves.
    pub(crate) async fn request(&self, api: &RestApi, definition: &Definition) -> Result<(), StepError> {
        let smokes = &self.environment.smoke;
        if smokes.is_off {
            return Ok(());
        }
        let is_private = api.is_private();
        let base = match &smokes.url {
            Some(url) => Some(url.clone()),
            None if is_private || api.disable_execute_api_endpoint => None,
            None => Some(self.address.stage_url(&api.id, self.stage)),
        };
        if smokes.requests.is_empty() {
            return match base {
                Some(base) if !self.service.tolerates(Lack::Authorization) => {
                    self.request_unsigned(&base, definition).await
                }
                _ => Ok(()),
            };
        }
        let deadline = Instant::now() + smokes.patience;
        for smoke in &smokes.requests {
            let request = smoke.to_string();
            let url = match &base {
                _ if is_elsewhere(smoke) => smoke.request.path.clone(),
                Some(base) => format!("{base}{}", smoke.request.path),
                None => {
                    self.warn(Warning::NotRequested { request });
                    continue;
                }
            };
            self.tell(&Event::Requesting { request });
            loop {
                let (wrong, may_be_done) = match self.ask_service(&url, &smoke.request, deadline).await? {
                    Answer::Reply(reply) => match what_is_wrong(smoke, &reply, smokes.file_digest.as_deref()) {
                        None => break,
                        Some(wrong) => (wrong, !BEFORE_THE_METHOD.contains(&reply.status)),
                    },
                    Answer::None { why, may_be_done } => (why, may_be_done),
                };
                // An order that is placed twice is two orders.
                let is_over = may_be_done && !is_read(smoke);
                if is_over || Instant::now() + PAUSE >= deadline {
                    return Err(StepError::Check(format!("{smoke} {wrong}")));
                }
                sleep(PAUSE).await;
            }
        }
        Ok(())
    }

    /// One request.
    async fn ask_service(&self, url: &str, request: &Request, deadline: Instant) -> Result<Answer, StepError> {
        let left = deadline.saturating_duration_since(Instant::now()).max(PAUSE);
        let asked = timeout(left.min(LONGEST_ANSWER), self.gateway.invoke(url, request));
        let (why, may_be_done) = match asked.await {
            Ok(Ok(reply)) => return Ok(Answer::Reply(reply)),
            Ok(Err(error)) if matches!(error.cause, Cause::Interrupted | Cause::DeadlinePassed) => {
                return Err(error.into());
            }
            Ok(Err(error)) => {
                let may_be_done = error.is_ambiguous();
                let why = match error.cause {
                    Cause::Unreachable { detail } | Cause::Tls { detail } => format!("is not answered: {detail}"),
                    Cause::Other { message, .. } => format!("is not answered: {message}"),
                    other => format!("is not answered: {}", other.kind()),
                };
                (why, may_be_done)
            }
            Err(_) => ("is not answered in time".to_owned(), true),
        };
        Ok(Answer::None { why, may_be_done })
    }

    /// What is asked when the file asks nothing: a call without a signature must not get through to a route that wants
    /// one. That it is refused is known from API Gateway alone: a proxy in between may refuse what that would let pass.
    async fn request_unsigned(&self, base: &str, definition: &Definition) -> Result<(), StepError> {
        let Some((verb, path)) = signed_route(definition) else {
            return Ok(());
        };
        let called = format!("{verb} {path}");
        self.tell(&Event::RequestingUnsigned {
            request: called.clone(),
        });
        let url = format!("{base}{path}");
        let request = Request {
            verb,
            path,
            ..Request::default()
        };
        let deadline = Instant::now() + self.environment.smoke.patience;
        loop {
            let said = match self.ask_service(&url, &request, deadline).await? {
                Answer::Reply(reply) if !reply.from_gateway => {
                    Err(format!("is answered with {} by something else", reply.status))
                }
                Answer::Reply(reply) if reply.status == 403 => return Ok(()),
                Answer::Reply(reply) => Ok(reply.status),
                Answer::None { why, .. } => Err(why),
            };
            if Instant::now() + PAUSE < deadline {
                sleep(PAUSE).await;
                continue;
            }
            return match said {
                Ok(status) => Err(StepError::Check(format!(
                    "{called} without a signature is answered with {status} and not 403"
                ))),
                Err(reason) => {
                    self.warn(Warning::Unproved {
                        request: called,
                        reason,
                    });
                    Ok(())
                }
            };
        }
    }
}

/// The path of a route that only signed requests may call, with a value for each parameter.
fn signed_route(definition: &Definition) -> Option<(String, String)> {
    let is_signed = |facts: &Facts| facts.get(&Field::Authorization).is_some_and(|found| found == "AWS_IAM");
    let signed = definition.routes.iter().filter(|(_, facts)| is_signed(facts));
    // A read is the least harm, should it pass.
    let (key, _) = signed.min_by_key(|(key, _)| (key.verb != "GET", key.path.len()))?;
    let segments = key
        .path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "1" } else { segment });
    let verb = if key.verb == "ANY" { "GET" } else { &key.verb };
    Some((verb.to_owned(), segments.collect::<Vec<_>>().join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_wrong_by_status_text_or_digest() {
        let reply = |status, body: &str| Reply {
            status,
            body: body.to_owned(),
            from_gateway: true,
        };
        let smoke = Smoke {
            request: Request::default(),
            status: 200,
            contains: Some("name".into()),
            digest: true,
        };
        let wrong = |reply| what_is_wrong(&smoke, &reply, Some("abc"));
        assert_eq!(wrong(reply(200, r#"{"name": "shop", "digest": "abc"}"#)), None);
        assert!(wrong(reply(500, "name")).unwrap().contains("500 and not 200"));
        assert!(wrong(reply(200, "{}")).unwrap().contains("without `name`"));
        for other in [r#"{"name": 1, "digest": "abd"}"#, "name"] {
            assert!(
                wrong(reply(200, other)).unwrap().contains("another routes file"),
                "{other}"
            );
        }
    }
}
