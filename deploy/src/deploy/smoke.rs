//! Requests that show whether a deployment works: before it through API Gateway's test of methods, and afterwards as
//! callers make them.

use std::time::Duration;

use bluegate_core::aws::{Service, Smoke};
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

/// The resource that serves a path. A literal segment wins over a parameter, and that over a greedy one.
fn resource_of<'a>(resources: &'a [Resource], verb: &str, path: &str) -> Option<(&'a Resource, String)> {
    let path = path.split('?').next().unwrap_or_default();
    let wanted: Vec<&str> = path.trim_matches('/').split('/').collect();
    let fits = |resource: &Resource| -> Option<Vec<u8>> {
        let mut rank = Vec::new();
        let pattern: Vec<&str> = resource.path.trim_matches('/').split('/').collect();
        for (place, segment) in pattern.iter().enumerate() {
            let value = wanted
                .get(place)
                .filter(|value| !value.is_empty() || segment.is_empty())?;
            if segment.ends_with("+}") {
                rank.push(0);
                return Some(rank);
            }
            let is_parameter = segment.starts_with('{');
            if !is_parameter && segment != value {
                return None;
            }
            rank.push(if is_parameter { 1 } else { 2 });
        }
        (pattern.len() == wanted.len()).then_some(rank)
    };
    let candidates = resources.iter().filter_map(|resource| {
        let verb = [verb, "ANY"]
            .into_iter()
            .find(|verb| resource.methods.contains_key(*verb))?;
        Some((fits(resource)?, resource, verb.to_owned()))
    });
    let best = candidates.max_by(|one, other| one.0.cmp(&other.0))?;
    Some((best.1, best.2))
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
    for smoke in &smokes.requests {
        if is_elsewhere(smoke) || BEFORE_THE_METHOD.contains(&smoke.status) {
            continue;
        }
        let Some((resource, verb)) = resource_of(&draft.resources, &smoke.request.verb, &smoke.request.path) else {
            continue;
        };
        observer.step("Trying", &format!("{smoke} on the draft"));
        let mut wrong = None;
        for attempt in 0..MOST_TRIES {
            if attempt > 0 {
                sleep(PAUSE).await;
            }
            let tried = gateway
                .test_invoke_method(&before.api.id, &resource.id, &verb, &smoke.request, &variables)
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

/// The path of a route that only signed requests may call, with a value for each parameter.
fn signed_route(document: &Document) -> Option<(String, String)> {
    let definition = crate::plan::desired(document);
    let is_signed = |facts: &crate::plan::Facts| {
        facts
            .get(&crate::plan::Field::Authorization)
            .is_some_and(|found| found == "AWS_IAM")
    };
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

/// What is asked when the file asks nothing: a call without a signature must not get through to a route that wants one.
async fn unsigned(
    gateway: &impl ApiGateway,
    base: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(), Trouble> {
    let Some((verb, path)) = signed_route(order.document) else {
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
    fn a_path_is_served_by_the_resource_that_fits_best() {
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
            let best = resource_of(&resources, verb, path);
            let best = best
                .as_ref()
                .map(|(resource, verb)| (resource.path.as_str(), verb.as_str()));
            assert_eq!(best, found, "{verb} {path}");
        }
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
