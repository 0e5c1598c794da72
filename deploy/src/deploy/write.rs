//! Making the draft the document, and making sure that it is.

use std::time::Duration;

use tokio::time::sleep;

use bluegate_core::gateway::Api;

use crate::api::{ApiGateway, CallError, Cause, RestApi};
use crate::plan::{Definition, Difference, Field, Overwrite, Reading, access_only, mismatches, read_draft};

use super::{Observer, Order, Trouble};

/// API Gateway may take a while to apply a large document.
const MOST_POLLS: usize = 150;
pub(crate) const POLL: Duration = Duration::from_secs(2);
/// Reads may be older than the write before them for some seconds.
pub(crate) const MOST_READS: usize = 5;
/// For so long a read is waited for.
pub(crate) const LONGEST_LAG: Duration = Duration::from_secs(8);

/// Puts a document, with warnings only that are allowed, and gives what the API is then.
pub(super) async fn put(
    gateway: &impl ApiGateway,
    rest_api_id: &str,
    body: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<RestApi, CallError> {
    let give = async |fail: bool| gateway.put_rest_api(rest_api_id, body, fail).await;
    give_document(give, order, observer).await
}

/// The same for an API that is created.
pub(super) async fn import(
    gateway: &impl ApiGateway,
    body: &str,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<RestApi, CallError> {
    let give = async |fail: bool| gateway.import_rest_api(body, fail).await;
    give_document(give, order, observer).await
}

async fn give_document(
    give: impl AsyncFn(bool) -> Result<RestApi, CallError>,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<RestApi, CallError> {
    let refused = match give(order.fail_on_warnings).await {
        Ok(api) => return Ok(told(api, observer)),
        Err(error) => error,
    };
    let Cause::Refused { message } = &refused.cause else {
        return Err(refused);
    };
    let warnings = warnings_of(message);
    let is_allowed = |warning: &&str| {
        order
            .allowed_warnings
            .iter()
            .any(|allowed| warning.contains(allowed.as_str()))
    };
    if warnings.is_empty() || !warnings.iter().all(is_allowed) {
        return Err(refused);
    }
    Ok(told(give(false).await?, observer))
}

fn told(api: RestApi, observer: &mut impl Observer) -> RestApi {
    for warning in &api.warnings {
        observer.warning(&format!("API Gateway: {warning}"));
    }
    api
}

/// The warnings in a refusal, which lists them one an indented line. Line ends may have become spaces on the way.
pub(super) fn warnings_of(message: &str) -> Vec<&str> {
    let Some(list) = message.strip_prefix("Warnings found during import:") else {
        return Vec::new();
    };
    let lines = list.split(['\n', '\r', '\t']).flat_map(|line| line.split("  "));
    lines.map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// Waits until the API says that it is available.
pub(crate) async fn settle(gateway: &impl ApiGateway, rest_api_id: &str) -> Result<RestApi, Trouble> {
    let mut last = String::new();
    for attempt in 1..=MOST_POLLS {
        let api = match gateway.get_rest_api(rest_api_id).await {
            // A read may not know yet of an API that was just created.
            Err(error) if attempt < MOST_READS && matches!(error.cause, Cause::NotFound { .. }) => {
                sleep(POLL).await;
                continue;
            }
            answer => answer?,
        };
        match api.status.as_deref() {
            None | Some("AVAILABLE") => return Ok(api),
            Some("FAILED") => {
                let why = api.status_message.as_deref().unwrap_or("it does not say why");
                return Err(Trouble::Check(format!(
                    "API Gateway could not apply the document: {why}"
                )));
            }
            Some(status) => status.clone_into(&mut last),
        }
        sleep(POLL).await;
    }
    Err(Trouble::Check(format!("the API stays {last}")))
}

/// Reads the draft back, puts settings right that the put reset, and gives what is there with its digest.
///
/// `put` is what the put answered: reads may be older, and show settings that are gone.
pub(super) async fn verify(
    gateway: &impl ApiGateway,
    before: &Reading,
    overwrite: &Overwrite,
    put: Option<RestApi>,
    order: &Order<'_>,
    observer: &mut impl Observer,
) -> Result<(String, RestApi, Api), Trouble> {
    let Overwrite { expected, desired, .. } = overwrite;
    if let Some(put) = put.filter(|_| !order.emulated) {
        repair(gateway, expected, put, order.emulated, observer).await?;
    }
    let mut wrong = String::new();
    let mut last = None;
    for attempt in 0..MOST_READS {
        if attempt > 0 {
            sleep(POLL).await;
        }
        let api = settle(gateway, &expected.id).await?;
        let api = repair(gateway, expected, api, order.emulated, observer).await?;
        let parts = match read_draft(gateway, &api.id, order.emulated).await {
            Err(error) if matches!(error.cause, Cause::NotFound { .. }) => {
                wrong = "it cannot be read".to_owned();
                continue;
            }
            answer => answer?,
        };
        let draft = Definition::of(&parts);
        match deviates(&draft, desired) {
            None if order.emulated || is_fresh(&draft, before, desired) => return Ok((draft.digest(), api, parts)),
            // It may be older than the put, or spelt in API Gateway's own way.
            None => last = Some((draft.digest(), api, parts)),
            Some(wrong) if order.emulated => {
                observer.warning(&format!("the emulator did not take all of the document: {wrong}"));
                return Ok((draft.digest(), api, parts));
            }
            Some(found) => {
                wrong = found;
                last = None;
            }
        }
    }
    last.ok_or_else(|| Trouble::Check(format!("the draft is not what was put: {wrong}")))
}

/// Whether a draft that is as it should be in what matters was surely read after the put.
fn is_fresh(draft: &Definition, before: &Reading, desired: &Definition) -> bool {
    let before = essential(&before.definition());
    let is_new = essential(draft).routes != before.routes;
    let responses_are_new = desired
        .responses
        .iter()
        .all(|(kind, facts)| draft.responses.get(kind) == Some(facts));
    (is_new || draft.routes == desired.routes) && responses_are_new
}

/// The facts that matter.
fn essential(definition: &Definition) -> Definition {
    definition.only(Field::is_essential)
}

/// What matters and is not as it is wanted.
pub(crate) fn deviates(draft: &Definition, wanted: &Definition) -> Option<String> {
    first(&Difference::between(&essential(draft), &essential(wanted)))
}

/// The first thing that differs, in words.
pub(crate) fn first(difference: &Difference) -> Option<String> {
    if let Some(route) = difference.added.first() {
        return Some(format!("{route} is missing"));
    }
    if let Some(route) = difference.removed.first() {
        return Some(format!("{route} is there"));
    }
    let changed = difference.changed.first()?;
    let change = changed.changes.first()?;
    Some(format!(
        "the {} of {} is {} and not {}",
        change.field,
        changed.route,
        change.from.as_deref().unwrap_or("absent"),
        change.to.as_deref().unwrap_or("absent")
    ))
}

/// Puts settings right, and gives the API as it is then.
pub(crate) async fn repair(
    gateway: &impl ApiGateway,
    expected: &RestApi,
    mut api: RestApi,
    emulated: bool,
    observer: &mut impl Observer,
) -> Result<RestApi, Trouble> {
    for _ in 0..MOST_READS {
        let found = mismatches(expected, &api);
        if found.is_empty() {
            return Ok(api);
        }
        let names: Vec<&str> = found.iter().map(|one| one.setting).collect();
        observer.step("Repairing", &format!("what the put reset: {}", names.join(", ")));
        let patches: Vec<_> = found.iter().flat_map(|one| one.patches.clone()).collect();
        let patched = gateway.update_rest_api(&expected.id, &patches).await;
        match patched {
            Err(error) if emulated && matches!(error.cause, Cause::Refused { .. } | Cause::Garbled { .. }) => {
                observer.warning(&format!("the emulator does not set: {}", names.join(", ")));
                return Ok(api);
            }
            Err(error) => return Err(error.into()),
            // A read may be older than this answer.
            Ok(patched) => api = patched,
        }
        settle(gateway, &expected.id).await?;
        if emulated {
            return Ok(api);
        }
    }
    let found = mismatches(expected, &api);
    match found.first() {
        None => Ok(api),
        Some(one) => Err(Trouble::Check(format!("the {} cannot be put right", one.setting))),
    }
}

/// What of a deployment is not as the document says.
pub(super) fn deployed_deviation(deployment: &crate::api::Deployment, desired: &Definition) -> Option<String> {
    let served = crate::plan::served(deployment)?;
    first(&Difference::between(&served, &access_only(desired)))
}

#[cfg(test)]
mod tests {
    use super::warnings_of;

    #[test]
    fn each_warning_of_a_refusal_is_told_apart() {
        for message in [
            "Warnings found during import:\n\tParse issue: a\n\tParse issue: b",
            "Warnings found during import:  Parse issue: a  Parse issue: b",
        ] {
            assert_eq!(warnings_of(message), ["Parse issue: a", "Parse issue: b"]);
        }
        assert!(warnings_of("Invalid OpenAPI input.").is_empty());
    }
}
