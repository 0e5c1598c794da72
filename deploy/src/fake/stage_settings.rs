//! Patches of a stage, as recorded of AWS.

use crate::api::{Cause, Patch, PatchOp, Texts};

use super::refusal::refused;

/// What a method has as soon as it has one setting.
const FILLED: [(&str, &str); 7] = [
    ("caching/dataEncrypted", "false"),
    ("caching/enabled", "true"),
    ("caching/ttlInSeconds", "300"),
    ("logging/dataTrace", "false"),
    ("metrics/enabled", "false"),
    ("throttling/burstLimit", "5000"),
    ("throttling/rateLimit", "10000"),
];

/// Whether the patch is about a setting, and then it is done.
pub(super) fn apply(settings: &mut Texts, patch: &Patch) -> Result<bool, Cause> {
    let path = patch.path.as_str();
    let value = patch.value.clone().unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match (patch.op, parts.as_slice()) {
        (_, ["deploymentId"]) => return Ok(false),
        (
            PatchOp::Replace,
            ["description" | "tracingEnabled" | "clientCertificateId" | "cacheClusterEnabled" | "cacheClusterSize"]
            | ["variables", _]
            | ["accessLogSettings", "destinationArn" | "format"],
        ) => {
            settings.insert(path.to_owned(), value);
        }
        (PatchOp::Remove, ["variables", _]) => {
            settings.remove(path);
        }
        (PatchOp::Remove, ["accessLogSettings"]) => settings.retain(|name, _| !name.starts_with("/accessLogSettings/")),
        (
            PatchOp::Replace,
            [
                resource,
                verb,
                group @ ("throttling" | "logging" | "metrics" | "caching"),
                name,
            ],
        ) => {
            if *group == "logging" && *name == "loglevel" && value != "OFF" && resource.contains("nologs") {
                return Err(refused(
                    "CloudWatch Logs role ARN must be set in account settings to enable logging",
                ));
            }
            for (name, default) in FILLED {
                let name = format!("/{resource}/{verb}/{name}");
                settings.entry(name).or_insert_with(|| default.to_owned());
            }
            settings.insert(path.to_owned(), value);
        }
        (PatchOp::Remove, [resource, verb]) => {
            let start = format!("/{resource}/{verb}/");
            if !settings.keys().any(|name| name.starts_with(&start)) {
                return Err(refused(&format!(
                    "Cannot remove method setting {resource}/{verb} because there is no method setting for this method "
                )));
            }
            settings.retain(|name, _| !name.starts_with(&start));
        }
        _ => return Err(refused(&format!("Invalid method setting path: {path}"))),
    }
    Ok(true)
}
