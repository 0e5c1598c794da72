//! What questions are asked of: an API, and a stage of it.

use std::time::Duration;

use bluegate_core::aws::{Partition, Request};
use serde_json::{Value, json};

use crate::documents;
use crate::mask::Mask;
use crate::wire::{Call, Stopped, Wire};

/// What names of all runs begin with.
pub(crate) const PREFIX: &str = "bluegate-probe-";
/// The tag that all of it has.
pub(crate) const TAG: &str = "bluegate:probe";
/// The stage.
pub(crate) const STAGE: &str = "probe";

/// For so many milliseconds a read may be older than the write before it.
pub(crate) const PATIENCE: u128 = 10_000;

/// How long an API may be busy with what is no change of its TLS policy.
const SETTLING: u32 = 150;

/// Who asks, and what there is to ask of.
#[derive(Debug)]
pub(crate) struct Stand {
    pub(crate) wire: Wire,
    pub(crate) mask: Mask,
    /// The name of all that this run makes.
    pub(crate) name: String,
    pub(crate) account: String,
    api: Option<String>,
    has_made: bool,
}

impl Stand {
    pub(crate) fn new(wire: Wire, name: String, account: String) -> Self {
        let mut mask = Mask::default();
        mask.hide(&account, "111111111111");
        Self {
            wire,
            mask,
            name,
            account,
            api: None,
            has_made: false,
        }
    }

    /// Whether there is surely nothing to delete.
    pub(crate) fn has_made_nothing(&self) -> bool {
        !self.has_made
    }

    /// The regional API that most questions are asked of, with the document that most begin with.
    pub(crate) async fn api(&mut self) -> Result<String, Stopped> {
        let id = match &self.api {
            Some(id) => id.clone(),
            None => {
                let id = self.create("REGIONAL").await?;
                self.api = Some(id.clone());
                id
            }
        };
        self.put(&id, &documents::base("1")).await?.ok()?;
        self.settle(&id).await?;
        Ok(id)
    }

    /// Another API, of one of API Gateway's kinds of endpoints.
    pub(crate) async fn create(&mut self, endpoint: &str) -> Result<String, Stopped> {
        let body = json!({
            "name": self.name,
            "description": "made by the probe of bluegate, and deleted by it",
            "endpointConfiguration": {"types": [endpoint]},
            "tags": {TAG: self.name},
        });
        self.has_made = true;
        let made = self.wire.call("CreateRestApi", "POST", "/restapis", Some(body)).await?;
        let id = made.ok()?.get("id")?;
        self.mask.number(&id, "api");
        Ok(id)
    }

    /// Replaces the definition of the API; warnings are no failure.
    pub(crate) async fn put(&mut self, id: &str, document: &Value) -> Result<Call, Stopped> {
        self.put_as(id, document, false).await
    }

    pub(crate) async fn put_as(&mut self, id: &str, document: &Value, strict: bool) -> Result<Call, Stopped> {
        let target = format!("/restapis/{id}?mode=overwrite&failonwarnings={strict}&ignore=documentation");
        let mut document = document.clone();
        document["info"]["title"] = self.name.clone().into();
        self.wire.call("PutRestApi", "PUT", &target, Some(document)).await
    }

    /// Changes settings of the API: what is done, the setting, its value (or where a copy is taken from).
    pub(crate) async fn patch(&mut self, id: &str, patches: &[(&str, &str, Option<&str>)]) -> Result<Call, Stopped> {
        let target = format!("/restapis/{id}");
        self.wire
            .call("UpdateRestApi", "PATCH", &target, Some(operations(patches)))
            .await
    }

    /// Changes settings of the stage.
    pub(crate) async fn patch_stage(
        &mut self,
        id: &str,
        patches: &[(&str, &str, Option<&str>)],
    ) -> Result<Call, Stopped> {
        let target = format!("/restapis/{id}/stages/{STAGE}");
        self.wire
            .call("UpdateStage", "PATCH", &target, Some(operations(patches)))
            .await
    }

    /// Reads something below the API.
    pub(crate) async fn read(&mut self, operation: &'static str, id: &str, below: &str) -> Result<Call, Stopped> {
        self.wire
            .call(operation, "GET", &format!("/restapis/{id}{below}"), None)
            .await
    }

    /// The resources with their methods.
    pub(crate) async fn resources(&mut self, id: &str) -> Result<Call, Stopped> {
        self.read("GetResources", id, "/resources?limit=500&embed=methods")
            .await
    }

    /// The id of the resource of a path.
    pub(crate) async fn resource(&mut self, id: &str, path: &str) -> Result<String, Stopped> {
        let resources = self.resources(id).await?.ok()?.items();
        let found = resources.iter().find(|resource| resource["path"] == path);
        let found = found.and_then(|resource| resource["id"].as_str());
        let missing = || Stopped::Refused(format!("GetResources answers without `{path}`"));
        found.map(str::to_owned).ok_or_else(missing)
    }

    /// The settings of the API.
    pub(crate) async fn settings(&mut self, id: &str) -> Result<Call, Stopped> {
        self.read("GetRestApi", id, "").await?.ok()
    }

    /// The stage.
    pub(crate) async fn stage(&mut self, id: &str) -> Result<Call, Stopped> {
        self.read("GetStage", id, &format!("/stages/{STAGE}")).await?.ok()
    }

    /// A deployment of the draft, which no stage serves.
    pub(crate) async fn deployment(&mut self, id: &str, description: &str) -> Result<String, Stopped> {
        let target = format!("/restapis/{id}/deployments");
        let body = json!({"description": description});
        let made = self
            .wire
            .call("CreateDeployment", "POST", &target, Some(body))
            .await?
            .ok()?
            .get("id")?;
        self.mask.number(&made, "deployment");
        Ok(made)
    }

    /// Deploys the draft to the stage, which is made if it is not there. Gives the deployment.
    pub(crate) async fn serve(&mut self, id: &str) -> Result<String, Stopped> {
        let made = self.deployment(id, "made by the probe").await?;
        let moved = self
            .patch_stage(id, &[("replace", "/deploymentId", Some(&made))])
            .await?;
        if moved.cause.is_some() {
            self.create_stage(id, &made).await?.ok()?;
        }
        Ok(made)
    }

    /// Makes the stage.
    pub(crate) async fn create_stage(&mut self, id: &str, deployment: &str) -> Result<Call, Stopped> {
        let body = json!({"stageName": STAGE, "deploymentId": deployment});
        self.wire
            .call("CreateStage", "POST", &format!("/restapis/{id}/stages"), Some(body))
            .await
    }

    /// Tries a method of the draft.
    pub(crate) async fn test(&mut self, id: &str, path: &str, verb: &str, request: Value) -> Result<Call, Stopped> {
        let resource = self.resource(id, path).await?;
        let target = format!("/restapis/{id}/resources/{resource}/methods/{verb}");
        self.wire.call("TestInvokeMethod", "POST", &target, Some(request)).await
    }

    /// Calls the stage without a signature.
    pub(crate) async fn visit(
        &mut self,
        id: &str,
        verb: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Call, Stopped> {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let request = Request {
            verb: verb.to_owned(),
            headers: headers.collect(),
            ..Request::default()
        };
        self.wire.visit(id, STAGE, path, request).await
    }

    /// Calls the stage until its answer is what is waited for, a minute at most. Gives the last answer, and after how
    /// many seconds it came.
    pub(crate) async fn visit_until(
        &mut self,
        id: &str,
        path: &str,
        is_it: impl Fn(&Call) -> bool,
    ) -> Result<(Call, u64), Stopped> {
        let began = std::time::Instant::now();
        loop {
            let answer = self.visit(id, "GET", path, &[]).await?;
            let seconds = began.elapsed().as_secs();
            if is_it(&answer) || seconds >= 60 || !self.wire.is_aws() {
                return Ok((answer, seconds));
            }
            self.wire.wait(Duration::from_secs(1)).await?;
        }
    }

    /// Waits until nothing is being done to the API. Gives all the states that were seen, in order.
    pub(crate) async fn settle(&mut self, id: &str) -> Result<Vec<String>, Stopped> {
        let mut seen: Vec<String> = Vec::new();
        for _ in 0..SETTLING {
            let api = self.settings(id).await?;
            let status = api.json["apiStatus"].as_str().unwrap_or("no status").to_owned();
            let is_busy = matches!(status.as_str(), "UPDATING" | "PENDING");
            if seen.last() != Some(&status) {
                seen.push(status);
            }
            if !is_busy {
                return Ok(seen);
            }
            self.wire.wait(Duration::from_secs(2)).await?;
        }
        Err(Stopped::Refused("the API stays UPDATING".to_owned()))
    }

    /// Reads the API until a setting has a value. Tells whether the first read was older, and after how many
    /// milliseconds one was not.
    pub(crate) async fn shows(&mut self, id: &str, place: &str, value: &str) -> Result<(bool, u128), Stopped> {
        let began = std::time::Instant::now();
        let mut is_old = false;
        loop {
            let api = self.settings(id).await?;
            let millis = began.elapsed().as_millis();
            if api.json.pointer(place).is_some_and(|found| found == value) || millis >= PATIENCE {
                return Ok((is_old, millis));
            }
            is_old = true;
            self.wire.wait(Duration::from_millis(100)).await?;
        }
    }

    /// The ARN of something of the run.
    pub(crate) fn arn(&self, path: &str) -> String {
        Partition::arn("apigateway", &self.wire.destination().region, "", path)
    }

    /// Sets tags.
    pub(crate) async fn tag(&mut self, arn: &str, tags: Value) -> Result<Call, Stopped> {
        let target = format!("/tags/{}", escaped(arn));
        let body = json!({ "tags": tags });
        self.wire.call("TagResource", "PUT", &target, Some(body)).await
    }
}

/// Patches as they are sent.
fn operations(patches: &[(&str, &str, Option<&str>)]) -> Value {
    let operations: Vec<Value> = patches
        .iter()
        .map(|(op, path, value)| match (*op, value) {
            ("copy", from) => json!({"op": op, "path": path, "from": from}),
            (_, Some(value)) => json!({"op": op, "path": path, "value": value}),
            (_, None) => json!({"op": op, "path": path}),
        })
        .collect();
    json!({ "patchOperations": operations })
}

/// A text as one segment of a URL.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_one_segment() {
        assert_eq!(escaped("arn:aws:x::/restapis/a"), "arn%3Aaws%3Ax%3A%3A%2Frestapis%2Fa");
    }
}
