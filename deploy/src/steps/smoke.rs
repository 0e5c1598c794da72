//! Requests that show whether a deployment works, as callers make them.

use std::time::Duration;

use bluegate_core::aws::Smoke;
use bluegate_core::gateway::{Definition, Facts, Field};
use tokio::time::{Instant, sleep, timeout};

use crate::api::{ApiGateway, Cause, Reply, Request, RestApi};
use crate::service::{Lack, Tolerates as _};
use crate::transaction::{Caller, Event, StepError, Transaction, Warning};

/// Whether a request is about the service itself and not about the gateway.
pub(super) fn is_elsewhere(smoke: &Smoke) -> bool {
    !smoke.request.path.starts_with('/')
}

/// Whether a request changes nothing, so that it may be repeated
/// ([RFC 9110, 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
pub(super) fn is_read(smoke: &Smoke) -> bool {
    ["GET", "HEAD", "OPTIONS"].contains(&smoke.request.verb.as_str())
}

/// What is wrong with an answer.
pub(super) fn what_is_wrong(smoke: &Smoke, reply: &Reply, digest: Option<&str>) -> Option<String> {
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
pub(super) const BEFORE_THE_METHOD: [u16; 3] = [401, 403, 429];
pub(super) const PAUSE: Duration = Duration::from_secs(2);
/// One answer takes no longer: API Gateway itself gives up after 29 seconds.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// So many right answers in a row are believed: a stage moves at one host of API Gateway after the other, and meanwhile
/// what it served before may be what answers.
const RIGHT_ANSWERS: usize = 3;
/// What API Gateway calls a request without a signature that a route wants, or for which there is no route.
const UNSIGNED: &str = "MissingAuthenticationTokenException";

/// What came of a request.
enum Answer {
    /// An answer.
    Reply(Reply),
    /// In words why there is none, and whether the request may have got through.
    None { why: String, may_be_done: bool },
}

impl<G: ApiGateway, C: Caller> Transaction<'_, G, C> {
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
        let mut asked: Vec<(&Smoke, String)> = Vec::new();
        for smoke in &smokes.requests {
            let request = smoke.to_string();
            match &base {
                _ if is_elsewhere(smoke) => asked.push((smoke, smoke.request.path.clone())),
                Some(base) => asked.push((smoke, format!("{base}{}", smoke.request.path))),
                None => self.warn(Warning::NotRequested { request }),
            }
        }
        for (smoke, url) in &asked {
            let request = smoke.to_string();
            self.tell(&Event::Requesting { request });
            self.request_until_right(smoke, url, deadline).await?;
        }
        // An order that is placed twice is two orders, and what is elsewhere does not move.
        asked.retain(|(smoke, _)| is_read(smoke) && !is_elsewhere(smoke));
        let mut right = 1;
        while right < self.right_answers() && !asked.is_empty() && Instant::now() + PAUSE < deadline {
            sleep(PAUSE).await;
            right += 1;
            for (smoke, url) in &asked {
                if self.request_until_right(smoke, url, deadline).await? > 1 {
                    right = 1;
                }
            }
        }
        Ok(())
    }

    fn right_answers(&self) -> usize {
        if self.service.tolerates(Lack::Lag) {
            1
        } else {
            RIGHT_ANSWERS
        }
    }

    /// Makes a request until it is answered as it should be; gives how often.
    async fn request_until_right(&self, smoke: &Smoke, url: &str, deadline: Instant) -> Result<usize, StepError> {
        let mut made = 0;
        loop {
            made += 1;
            let (wrong, may_be_done) = match self.ask_service(url, &smoke.request, deadline).await? {
                Answer::Reply(reply) => {
                    match what_is_wrong(smoke, &reply, self.environment.smoke.file_digest.as_deref()) {
                        None => return Ok(made),
                        Some(wrong) => (wrong, !BEFORE_THE_METHOD.contains(&reply.status)),
                    }
                }
                Answer::None { why, may_be_done } => (why, may_be_done),
            };
            let is_over = may_be_done && !is_read(smoke);
            if is_over || Instant::now() + PAUSE >= deadline {
                return Err(StepError::Check(format!("{smoke} {wrong}")));
            }
            sleep(PAUSE).await;
        }
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
    /// A route that it does not know it refuses in the same words.
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
        let mut right = 0;
        loop {
            let said = match self.ask_service(&url, &request, deadline).await? {
                Answer::Reply(reply) if !reply.from_gateway => {
                    Err(format!("is answered with {} by something else", reply.status))
                }
                // Somebody may have given it another status.
                Answer::Reply(reply) if reply.error_type.as_deref() == Some(UNSIGNED) => {
                    right += 1;
                    if right == self.right_answers() || Instant::now() + PAUSE >= deadline {
                        return Ok(());
                    }
                    sleep(PAUSE).await;
                    continue;
                }
                // A resource policy or a firewall refuses everybody, whatever the route asks for.
                Answer::Reply(reply) if reply.status == 403 => {
                    let why = reply
                        .error_type
                        .unwrap_or_else(|| "an answer without a reason".to_owned());
                    Err(format!("is refused with {why}"))
                }
                Answer::Reply(reply) => Ok(reply.status),
                Answer::None { why, .. } => Err(why),
            };
            right = 0;
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
            error_type: None,
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
