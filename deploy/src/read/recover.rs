//! What a run that died may have taken from an API, and its snapshot still has.

use crate::carry;

use super::brought::is_brought;
use super::reading::Reading;

/// Gives an API back what it had in the snapshot of an interrupted run and has lost since. What is there now, somebody
/// may have set: it stays. Says what came back.
pub fn recover(reading: &mut Reading, snapshot: &Reading) -> Vec<&'static str> {
    let mut back = carry::recover(&mut reading.api, &snapshot.api);
    let (now, then) = (&mut reading.draft, &snapshot.draft);
    let is_custom = |kind: &str| now.responses.iter().any(|one| one.kind == kind && !one.is_default);
    let lost: Vec<_> = then
        .responses
        .iter()
        .filter(|one| !one.is_default && !is_brought(snapshot, one) && !is_custom(&one.kind))
        .cloned()
        .collect();
    if !lost.is_empty() {
        back.push("gateway responses");
        let is_lost = |kind: &str| lost.iter().any(|other| other.kind == kind);
        now.responses.retain(|one| !is_lost(&one.kind));
        now.responses.extend(lost);
    }
    if add_lost(&mut now.models, &then.models, |one| &one.name) {
        back.push("models");
    }
    if add_lost(&mut now.validators, &then.validators, |one| &one.name) {
        back.push("request validators");
    }
    back
}

/// Adds what there is of a name only then; gives whether there is any.
fn add_lost<T: Clone>(now: &mut Vec<T>, then: &[T], name: impl Fn(&T) -> &String) -> bool {
    let is_there = |one: &T| now.iter().any(|other| name(other) == name(one));
    let lost: Vec<T> = then.iter().filter(|one| !is_there(one)).cloned().collect();
    now.extend_from_slice(&lost);
    !lost.is_empty()
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::Api;

    use super::*;
    use crate::api::{GatewayResponse, Model, RequestValidator, RestApi};

    fn full() -> Reading {
        Reading {
            api: RestApi {
                policy: Some("{}".into()),
                security_policy: Some("TLS_1_2".into()),
                ..RestApi::default()
            },
            draft: Api {
                responses: vec![GatewayResponse {
                    kind: "THROTTLED".into(),
                    ..GatewayResponse::default()
                }],
                models: vec![Model {
                    name: "Person".into(),
                    schema: Some("{}".into()),
                    ..Default::default()
                }],
                validators: vec![RequestValidator {
                    name: "all".into(),
                    ..RequestValidator::default()
                }],
                ..Api::default()
            },
            ..Reading::default()
        }
    }

    #[test]
    fn all_that_was_lost_comes_back_once() {
        let mut reading = Reading::default();
        // As AWS answers after an overwrite.
        reading.api.security_policy = Some("TLS_1_0".into());
        assert_eq!(
            recover(&mut reading, &full()),
            [
                "resource policy",
                "TLS policy",
                "gateway responses",
                "models",
                "request validators"
            ]
        );
        assert_eq!(reading, full());
        assert!(recover(&mut reading, &full()).is_empty());
    }

    #[test]
    fn what_somebody_set_since_stays() {
        let mut now = full();
        now.api.policy = Some("{\"Statement\":[]}".into());
        now.draft.responses[0].status_code = Some("503".into());
        let set = now.clone();
        assert!(recover(&mut now, &full()).is_empty());
        assert_eq!(now, set);
    }
}
