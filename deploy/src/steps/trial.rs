//! Requests that show whether a draft works, by API Gateway's test of methods
//! ([TestInvokeMethod](https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html)).

use bluegate_core::aws::{Smoke, calls_a_function};
use bluegate_core::gateway::{Api, Method, Router};
use tokio::time::sleep;

use crate::api::{ApiGateway, Cause, Texts};
use crate::plan::stage_variables_of;
use crate::service::Lack;
use crate::transaction::{Caller, Event, StepError, Transaction, Untried, Warning};

use super::smoke::{BEFORE_THE_METHOD, PAUSE, is_elsewhere, is_read, what_is_wrong};

/// How often a method is tried: the service may be waking up.
const MOST_TRIES: usize = 3;

/// Why the test tells nothing of a request, if it is known before.
fn untried(smoke: &Smoke, method: &Method) -> Option<Untried> {
    let is_typed = |(name, value): (&String, &String)| {
        name.eq_ignore_ascii_case("content-type") && !value.to_lowercase().starts_with("application/json")
    };
    if smoke.request.headers.iter().any(is_typed) {
        return Some(Untried::ContentType);
    }
    let integration = method.integration.as_ref();
    if integration.is_some_and(|one| one.credentials.is_none() && one.uri.as_deref().is_some_and(calls_a_function)) {
        return Some(Untried::Function);
    }
    let is_asked = method.api_key_required || method.authorizer_id.is_some();
    is_asked.then_some(Untried::Authorizer)
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
            let methods = resource.methods.iter();
            methods.map(move |(verb, method)| (&resource.path, verb, (resource.id.as_str(), method)))
        });
        let router: Router<_> = methods.collect();
        for smoke in &smokes.requests {
            if is_elsewhere(smoke) || BEFORE_THE_METHOD.contains(&smoke.status) {
                continue;
            }
            let Some((resource, method)) = router.answers(&smoke.request.verb, &smoke.request.path) else {
                continue;
            };
            if let Some(reason) = untried(smoke, method) {
                self.try_later(smoke, reason);
                continue;
            }
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
                // The verb is the one that the service gets, even where the method answers all of them.
                let tried = self
                    .gateway
                    .test_invoke_method(self.id(), resource, &request.verb, request, &variables);
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
                    // "Invalid Method identifier specified", as recorded of AWS.
                    Err(error) if matches!(error.cause, Cause::NotFound { .. }) => {
                        self.try_later(smoke, Untried::AnyMethod);
                        wrong = None;
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

    fn try_later(&self, smoke: &Smoke, reason: Untried) {
        let request = smoke.to_string();
        self.warn(Warning::TriedLater { request, reason });
    }

    /// The variables that the stage will have.
    fn variables(&self) -> Texts {
        let stage = self.before().reading.stage(self.stage);
        stage_variables_of(stage, Some(&self.environment.stage_settings))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_test_of_methods_leaves_out_is_not_tried() {
        let smoke = |content_type: Option<&str>| {
            let headers = content_type.map(|kind| ("content-type".to_owned(), kind.to_owned()));
            Smoke {
                request: crate::api::Request {
                    headers: headers.into_iter().collect(),
                    ..Default::default()
                },
                status: 200,
                contains: None,
                digest: false,
            }
        };
        let open = Method::default();
        assert_eq!(untried(&smoke(None), &open), None);
        assert_eq!(untried(&smoke(Some("application/json; charset=utf-8")), &open), None);
        assert_eq!(untried(&smoke(Some("text/csv")), &open), Some(Untried::ContentType));
        let with_key = Method {
            api_key_required: true,
            ..Method::default()
        };
        let with_authorizer = Method {
            authorizer_id: Some("a1".into()),
            ..Method::default()
        };
        for method in [with_key, with_authorizer] {
            assert_eq!(untried(&smoke(None), &method), Some(Untried::Authorizer));
        }
    }
}
