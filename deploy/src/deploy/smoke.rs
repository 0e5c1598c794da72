//! Requests that show whether a deployment works: before it through API Gateway's test of methods, and afterwards as
//! callers make them.

use std::time::Duration;

use bluegate_core::aws::{Service, Smoke};
use bluegate_core::gateway::{Definition, Field, Router};
use bluegate_core::openapi::Document;
use tokio::time::{Instant, sleep, timeout};

use crate::api::{ApiGateway, Cause, Reply, Request, Resource, RestApi, Texts};
use crate::plan::Reading;
use bluegate_core::gateway::Api;

use super::{Observer, Order, Trouble};

/// Whether it is about the service itself and not about the gateway.
fn is_elsewhere(smoke: &Smoke) -> bool {
    !smoke.request.path.starts_with('/')
}

/// What is wrong with an answer.
fn fault(smoke: &Smoke, reply: &Reply, digest: Option<&str>) -> Option<String> {
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

/// The resources of a draft and their methods, by the requests that they answer.
fn router(resources: &[Resource]) -> Router<(&Resource, &str)> {
    let methods = resources.iter().flat_map(|resource| {
        let verbs = resource.methods.keys().map(String::as_str);
        verbs.map(move |verb| (resource.path.as_str(), verb, (resource, verb)))
    });
    methods.collect()
}

/// Statuses of what API Gateway refuses before the method is reached, which its test of methods leaves out.
const BEFORE_THE_METHOD: [u16; 3] = [401, 403, 429];
/// How often a method is tried: the service may be waking up.
const MOST_TRIES: usize = 3;
const PAUSE: Duration = Duration::from_secs(2);
/// One answer takes no longer: API Gateway itself gives up after 29 seconds.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// Makes the requests on the draft, where the service offers it.
pub(super) async fn on_draft(
    gateway: &impl ApiGateway,
    draft: &Api,
    before: &Reading,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let smokes = &order.settings.smoke;
    if smokes.is_off {
        return Ok(());
    }
    let variables = variables(before, order);
    let router = router(&draft.resources);
    for smoke in &smokes.requests {
        if is_elsewhere(smoke) || BEFORE_THE_METHOD.contains(&smoke.status) {
            continue;
        }
        let Some(&(resource, verb)) = router.answers(&smoke.request.verb, &smoke.request.path) else {
            continue;
        };
        observer.step("Trying", &format!("{smoke} on the draft"));
        let mut wrong = None;
        for attempt in 0..MOST_TRIES {
            if attempt > 0 {
                sleep(PAUSE).await;
            }
            let tried = gateway
                .test_invoke_method(&before.api.id, &resource.id, verb, &smoke.request, &variables)
                .await;
            match tried {
                Ok(reply) => wrong = fault(smoke, &reply, smokes.file_digest.as_deref()),
                Err(error) if order.emulated && error.cause != Cause::Interrupted => {
                    observer.warning("the emulator does not try methods: smoke requests are made after the deployment");
                    return Ok(());
                }
                Err(error) if matches!(error.cause, Cause::AccessDenied { .. }) => {
                    observer.warning("AWS denies TestInvokeMethod: smoke requests are made after the deployment only");
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            if wrong.is_none() {
                break;
            }
        }
        match wrong {
            // What an emulator does not do before a deployment it may do afterwards.
            Some(wrong) if order.emulated => observer.warning(&format!("{smoke} {wrong} on the emulator's draft")),
            Some(wrong) => return Err(Trouble::Check(format!("{smoke} {wrong} on the draft"))),
            None => {}
        }
    }
    Ok(())
}

/// The variables that the stage will have.
fn variables(before: &Reading, order: &Order<'_>) -> Texts {
    let stage = before.stage(order.stage);
    let mut variables = stage.map(|stage| stage.variables.clone()).unwrap_or_default();
    for (name, value) in &order.settings.stage_settings.values {
        if let Some(name) = name.strip_prefix("/variables/") {
            variables.insert(name.to_owned(), value.clone());
        }
    }
    variables
}

/// Makes the requests as callers do, until they are answered as they should be or the time is up.
pub(super) async fn live(
    gateway: &impl ApiGateway,
    api: &RestApi,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let smokes = &order.settings.smoke;
    if smokes.is_off {
        return Ok(());
    }
    let is_private = api.endpoint_types.iter().any(|kind| kind == "PRIVATE");
    let base = match &smokes.url {
        Some(url) => Some(url.clone()),
        None if is_private || api.disable_execute_api_endpoint => None,
        None => {
            let service = if order.emulated {
                Service::Emulator
            } else {
                Service::Aws
            };
            Some(service.stage_url(order.endpoint, order.region, &api.id, order.stage))
        }
    };
    if smokes.requests.is_empty() {
        return match base {
            Some(base) if !order.emulated => unsigned(gateway, &base, order, observer).await,
            _ => Ok(()),
        };
    }
    let deadline = Instant::now() + smokes.patience;
    for smoke in &smokes.requests {
        let url = match &base {
            _ if is_elsewhere(smoke) => smoke.request.path.clone(),
            Some(base) => format!("{base}{}", smoke.request.path),
            None => {
                observer.warning(&format!(
                    "{smoke} is not made: the stage has no address that is reached from here; give its `smokeURL`"
                ));
                continue;
            }
        };
        observer.step("Requesting", &smoke.to_string());
        loop {
            let wrong = match attempt(gateway, &url, &smoke.request, deadline).await? {
                Ok(reply) => match fault(smoke, &reply, smokes.file_digest.as_deref()) {
                    None => break,
                    Some(wrong) => wrong,
                },
                Err(wrong) => wrong,
            };
            if Instant::now() + PAUSE >= deadline {
                return Err(Trouble::Check(format!("{smoke} {wrong}")));
            }
            sleep(PAUSE).await;
        }
    }
    Ok(())
}

/// One request: its answer, or in words why there is none.
async fn attempt(
    gateway: &impl ApiGateway,
    url: &str,
    request: &Request,
    deadline: Instant,
) -> Result<Result<Reply, String>, Trouble> {
    let left = deadline.saturating_duration_since(Instant::now()).max(PAUSE);
    match timeout(left.min(LONGEST_ANSWER), gateway.invoke(url, request)).await {
        Ok(Ok(reply)) => Ok(Ok(reply)),
        Ok(Err(error)) if matches!(error.cause, Cause::Interrupted | Cause::DeadlinePassed) => Err(error.into()),
        Ok(Err(error)) => Ok(Err(match error.cause {
            Cause::Unreachable { detail } | Cause::Tls { detail } => format!("is not answered: {detail}"),
            Cause::Other { message, .. } => format!("is not answered: {message}"),
            other => format!("is not answered: {}", other.kind()),
        })),
        Err(_) => Ok(Err("is not answered in time".to_owned())),
    }
}

/// A request that has to be signed: its verb and its path, with a value for each parameter.
fn signed_request(document: &Document) -> Option<(String, String)> {
    let definition = Definition::from(document);
    let router = Router::of(&definition);
    let requests = definition.routes.keys().map(|key| {
        let segments = key.path.split('/');
        let path = segments.map(|segment| if segment.starts_with('{') { "1" } else { segment });
        let verb = if key.verb == "ANY" { "GET" } else { &key.verb };
        (verb, path.collect::<Vec<_>>().join("/"))
    });
    let signed = requests.filter(|(verb, path)| {
        let answers = router.answers(verb, path).map(|(_, facts)| *facts);
        answers.is_some_and(|facts| facts.get(&Field::Authorization).is_some_and(|found| found == "AWS_IAM"))
    });
    // A read is the least harm, should it pass.
    let (verb, path) = signed.min_by_key(|(verb, path)| (*verb != "GET", path.len()))?;
    Some((verb.to_owned(), path))
}

/// What is asked when the file asks nothing: a call without a signature must not get through to a route that wants one.
async fn unsigned(
    gateway: &impl ApiGateway,
    base: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let Some((verb, path)) = signed_request(order.document) else {
        return Ok(());
    };
    observer.step(
        "Requesting",
        &format!("{verb} {path} without a signature, which must be refused"),
    );
    let request = Request {
        verb: verb.clone(),
        path: path.clone(),
        ..Request::default()
    };
    let url = format!("{base}{path}");
    let deadline = Instant::now() + order.settings.smoke.patience;
    loop {
        let said = match attempt(gateway, &url, &request, deadline).await? {
            Ok(reply) if reply.status == 403 => return Ok(()),
            // A proxy in between says nothing about the API.
            Ok(reply) if !reply.from_gateway => Err(format!("is answered with {} by something else", reply.status)),
            Ok(reply) => Ok(reply.status),
            Err(wrong) => Err(wrong),
        };
        if Instant::now() + PAUSE < deadline {
            sleep(PAUSE).await;
            continue;
        }
        return match said {
            Ok(status) => Err(Trouble::Check(format!(
                "{verb} {path} without a signature is answered with {status} and not 403"
            ))),
            Err(wrong) => {
                observer.warning(&format!(
                    "{verb} {path} without a signature {wrong}: nobody knows whether it is refused"
                ));
                Ok(())
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::Method;

    #[test]
    fn a_request_is_tried_on_the_resource_that_answers_it() {
        let resources: Vec<Resource> = ["/", "/users", "/users/{id}", "/users/me", "/{proxy+}"]
            .map(|path| Resource {
                id: path.to_owned(),
                path: path.to_owned(),
                methods: BTreeMap::from([(
                    if path == "/users" { "ANY" } else { "GET" }.to_owned(),
                    Method::default(),
                )]),
            })
            .into();
        for (verb, path, found) in [
            ("GET", "/", Some(("/", "GET"))),
            ("GET", "/users/7?full=1", Some(("/users/{id}", "GET"))),
            ("GET", "/users/me", Some(("/users/me", "GET"))),
            ("GET", "/a/b/c", Some(("/{proxy+}", "GET"))),
            ("POST", "/users", Some(("/users", "ANY"))),
            ("POST", "/users/7", None),
        ] {
            let router = router(&resources);
            let answers = router.answers(verb, path);
            let answers = answers.map(|(resource, verb)| (resource.path.as_str(), *verb));
            assert_eq!(answers, found, "{verb} {path}");
        }
    }

    #[test]
    fn a_request_that_has_to_be_signed_is_one_that_no_public_route_answers() {
        let signed = |routes: &[&str]| signed_request(&crate::deploy::tests::document(routes));
        let expected = |verb: &str, path: &str| Some((verb.to_owned(), path.to_owned()));
        assert_eq!(signed(&["POST! /a", "GET! /users/{id}"]), expected("GET", "/users/1"));
        assert_eq!(
            signed(&["ANY! /users/{id}", "GET /users/{id}", "PUT! /a"]),
            expected("PUT", "/a")
        );
        assert_eq!(signed(&["ANY! /{proxy+}", "GET /1"]), None);
    }

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
        let wrong = |reply| fault(&smoke, &reply, Some("abc"));
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

    #[test]
    fn a_request_shows_neither_its_headers_nor_its_query() {
        let mut request = Request {
            verb: "GET".into(),
            path: "/users?key=hush".into(),
            body: Some("hush".into()),
            ..Request::default()
        };
        request.headers.insert("Authorization".into(), "hush".into());
        let smoke = Smoke {
            request,
            status: 200,
            contains: None,
            digest: false,
        };
        assert_eq!(smoke.to_string(), "GET /users");
        assert!(!format!("{smoke:?}").contains("hush"), "{smoke:?}");
    }
}
