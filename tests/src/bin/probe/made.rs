//! What runs made: found by name, and deleted.

use std::time::Duration;

use serde_json::{Value, json};

use crate::stand::{PREFIX, Stand, TAG};
use crate::wire::{Call, Stopped};

/// A change of the TLS policy may take so long, and nothing is deleted meanwhile.
const BUSY: u32 = 120;

/// Something that a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) name: String,
    /// The stages that a usage plan holds.
    stages: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    RestApi,
    UsagePlan,
}

impl Made {
    /// When its run began, in seconds since 1970, as its name says.
    pub(crate) fn began(&self) -> Option<u64> {
        self.name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
    }

    /// How somebody deletes it without the probe.
    pub(crate) fn by_hand(&self) -> String {
        match self.kind {
            Kind::RestApi => format!("aws apigateway delete-rest-api --rest-api-id {}", self.id),
            Kind::UsagePlan => format!("aws apigateway delete-usage-plan --usage-plan-id {}", self.id),
        }
    }
}

/// All that runs made and is still there. Usage plans first: an API is not deleted while one holds it.
pub(crate) async fn all(stand: &mut Stand) -> Result<Vec<Made>, Stopped> {
    let mut made = Vec::new();
    for (kind, operation, path) in [
        (Kind::UsagePlan, "GetUsagePlans", "/usageplans"),
        (Kind::RestApi, "GetRestApis", "/restapis"),
    ] {
        let mut at = String::new();
        loop {
            let target = format!("{path}?limit=500{at}");
            let page = stand.wire.call_unkept(operation, "GET", &target, None).await?.ok()?;
            made.extend(page.items().iter().filter_map(|item| of_a_run(kind, item, &stand.name)));
            match page.json["position"].as_str().filter(|position| !position.is_empty()) {
                Some(position) => at = format!("&position={}", crate::stand::escaped(position)),
                None => break,
            }
        }
    }
    Ok(made)
}

/// What has the name of a run. Of another one than this it has to have the tag with that name too.
fn of_a_run(kind: Kind, item: &Value, own: &str) -> Option<Made> {
    let name = item["name"].as_str()?;
    let stages = item["apiStages"].as_array().into_iter().flatten();
    let stage = |stage: &Value| Some(format!("{}:{}", stage["apiId"].as_str()?, stage["stage"].as_str()?));
    let made = Made {
        kind,
        id: item["id"].as_str()?.to_owned(),
        name: name.to_owned(),
        stages: stages.filter_map(stage).collect(),
    };
    let is_of_a_run = made.began().is_some() && item["tags"][TAG] == name;
    (is_of_a_run || name == own).then_some(made)
}

/// Deletes it. What is gone already is no failure.
pub(crate) async fn delete(stand: &mut Stand, made: &Made) -> Result<(), Stopped> {
    match made.kind {
        Kind::RestApi => {
            let target = format!("/restapis/{}", made.id);
            done(patiently(stand, "DeleteRestApi", "DELETE", &target, None).await?)
        }
        Kind::UsagePlan => {
            let target = format!("/usageplans/{}", made.id);
            for stage in &made.stages {
                let patch = json!({"patchOperations": [{"op": "remove", "path": "/apiStages", "value": stage}]});
                patiently(stand, "UpdateUsagePlan", "PATCH", &target, Some(patch)).await?;
            }
            done(patiently(stand, "DeleteUsagePlan", "DELETE", &target, None).await?)
        }
    }
}

fn done(call: Call) -> Result<(), Stopped> {
    match call.kind() {
        "not_found" => Ok(()),
        _ => call.ok().map(drop),
    }
}

/// Makes a call as long as AWS is busy with the API, or has trouble of its own.
async fn patiently(
    stand: &mut Stand,
    operation: &'static str,
    verb: &str,
    target: &str,
    body: Option<Value>,
) -> Result<Call, Stopped> {
    for attempt in 1.. {
        let call = stand.wire.call_unkept(operation, verb, target, body.clone()).await;
        let attempts = match &call {
            Ok(call) => match call.kind() {
                "busy" => BUSY,
                "conflict" | "throttled" | "unavailable" if stand.wire.is_aws() => 6,
                _ => 1,
            },
            Err(Stopped::Refused(_)) => 3,
            Err(Stopped::Interrupted) => 1,
        };
        if attempt >= attempts {
            return call;
        }
        stand.wire.wait(Duration::from_secs(30)).await?;
    }
    unreachable!("the last attempt returns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_name_and_tag_of_a_run_is_taken_for_made_by_one() {
        let item = |name: &str, tag: &str| json!({"id": "a", "name": name, "tags": {TAG: tag}});
        let own = "bluegate-probe-1790000009-9";
        let of = |name, tag| of_a_run(Kind::RestApi, &item(name, tag), own);
        let made = of("bluegate-probe-1790000000-7", "bluegate-probe-1790000000-7").unwrap();
        assert_eq!(made.began(), Some(1_790_000_000));
        assert_eq!(of("bluegate-probe-1790000000-7", "another"), None);
        assert_eq!(of("bluegate-probe-mine", "bluegate-probe-mine"), None);
        assert_eq!(of("shop", "shop"), None);
        let untagged = json!({"id": "a", "name": "bluegate-probe-1790000000-7"});
        assert_eq!(of_a_run(Kind::RestApi, &untagged, own), None);
        assert!(of(own, "").is_some(), "an emulator may not keep tags");
    }
}
