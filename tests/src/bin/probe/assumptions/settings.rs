//! Settings of an API.

use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::{STAGE, Stand};
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "settings-reset",
        sentence: "A put resets settings that the document does not have, and a patch gives each of them back.",
        evidence: Evidence::Used,
        if_wrong: "A setting that no patch gives back undoes the deployment.",
        place: "deploy/src/carry/settings.rs",
        ask: Ask::Free(20, |stand| Box::pin(settings_reset(stand))),
    },
    Assumption {
        name: "settings-removed",
        sentence: "`remove` takes a description away.",
        evidence: Evidence::Recorded,
        if_wrong: "The setting is not what it is to be: the deployment ends and is undone.",
        place: "deploy/src/carry/settings.rs",
        ask: Ask::Free(10, |stand| Box::pin(settings_removed(stand))),
    },
    Assumption {
        name: "settings-ip-address-type",
        sentence: "The IP address type is changed by a patch, which takes effect at once, and read in `GetRestApi`.",
        evidence: Evidence::Documented,
        if_wrong: "The setting is not what it is to be: the deployment ends and is undone.",
        place: "deploy/src/carry/settings.rs",
        ask: Ask::Free(40, |stand| Box::pin(settings_ip_address_type(stand))),
    },
    Assumption {
        name: "settings-tls",
        sentence: "A TLS policy and its access mode are changed by patches, an empty access mode takes it away, and the API is `UPDATING` for a quarter of an hour.",
        evidence: Evidence::Used,
        if_wrong: "A wait of more than 20 minutes ends the run, which says that the API stays `UPDATING`.",
        place: "deploy/src/transaction/settle.rs",
        ask: Ask::Slow(2400, |stand| Box::pin(settings_tls(stand))),
    },
    Assumption {
        name: "settings-tls-document",
        sentence: "A document names the TLS policy with `x-amazon-apigateway-security-policy`, and the access mode with `x-amazon-apigateway-endpoint-access-mode`.",
        evidence: Evidence::Documented,
        if_wrong: "A put resets the policy; a patch gives it back, which takes a quarter of an hour.",
        place: "deploy/src/carry/document.rs",
        ask: Ask::Slow(2400, |stand| Box::pin(settings_tls_document(stand))),
    },
    Assumption {
        name: "settings-policy-text",
        sentence: "A resource policy comes back as escaped text, with the whole ARN of the API in it.",
        evidence: Evidence::Recorded,
        if_wrong: "The policy looks like another one: the deployment ends and is undone.",
        place: "core/src/gateway/policy.rs",
        ask: Ask::Free(10, |stand| Box::pin(settings_policy_text(stand))),
    },
    Assumption {
        name: "settings-policy-export",
        sentence: "An export of a stage has the resource policy of what the stage serves, whatever the draft's is.",
        evidence: Evidence::Unverified,
        if_wrong: "A rollback of an API with a resource policy is taken for one that changes it, and is moved back unless `--allow-policy-change` permits it; or a change of the policy is not seen.",
        place: "deploy/src/steps/align.rs",
        ask: Ask::Free(20, |stand| Box::pin(settings_policy_export(stand))),
    },
    Assumption {
        name: "settings-deleted-principal",
        sentence: "A policy that names a deleted user or role by its id is refused as a bad request.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing worse: the plan refuses a policy that AWS would take.",
        place: "deploy/src/plan",
        ask: Ask::Free(10, |stand| Box::pin(settings_deleted_principal(stand))),
    },
    Assumption {
        name: "settings-wait",
        sentence: "Policy, binary types, compression, source of API keys, VPC endpoints and default address take effect with the next deployment.",
        evidence: Evidence::Documented,
        if_wrong: "What `plan` says of settings that wait is too careful: they are live already.",
        place: "deploy/src/carry/settings.rs",
        ask: Ask::Free(30, |stand| Box::pin(settings_wait(stand))),
    },
];

/// A policy that allows everything, short, as the guide writes it.
fn policy(principal: &Value) -> String {
    let statement = json!({
        "Effect": "Allow", "Principal": principal, "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// Each setting that a patch sets: the patch, and where it is read.
fn patches(policy: &str) -> [(&'static str, &'static str, String, &'static str); 5] {
    [
        ("replace", "/description", "of the probe".into(), "/description"),
        (
            "replace",
            "/minimumCompressionSize",
            "1024".into(),
            "/minimumCompressionSize",
        ),
        (
            "add",
            "/binaryMediaTypes/image~1png",
            String::new(),
            "/binaryMediaTypes",
        ),
        ("replace", "/apiKeySource", "AUTHORIZER".into(), "/apiKeySource"),
        ("replace", "/policy", policy.to_owned(), "/policy"),
    ]
}

/// Sets those whose places are among `wanted`. Gives what was refused.
async fn set(stand: &mut Stand, id: &str, wanted: &[&str]) -> Result<Vec<String>, Stopped> {
    let mut refused = Vec::new();
    for (op, path, value, place) in patches(&policy(&"*".into())) {
        if !wanted.contains(&place) {
            continue;
        }
        let value = Some(value.as_str()).filter(|value| !value.is_empty());
        let patched = stand.patch(id, &[(op, path, value)]).await?;
        if patched.cause.is_some() {
            refused.push(format!("{op} {path}: {}", patched.brief()));
        }
    }
    Ok(refused)
}

async fn settings_reset(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let places = patches("").map(|(.., place)| place);
    let mut refused = set(stand, &id, &places).await?;
    let before = stand.settings(&id).await?.json;
    stand.put(&id, &documents::base("10")).await?.ok()?;
    stand.settle(&id).await?;
    let after = stand.settings(&id).await?.json;
    let differing = |other: &Value| -> Vec<&str> {
        let differs = |place: &&str| before.pointer(place) != other.pointer(place);
        places.into_iter().filter(differs).collect()
    };
    let reset = differing(&after);
    refused.extend(set(stand, &id, &reset).await?);
    stand.settle(&id).await?;
    let lost = differing(&stand.settings(&id).await?.json);
    let mut said = format!("the put resets [{}]", reset.join(", "));
    if !lost.is_empty() || !refused.is_empty() {
        said += &format!(
            "; not given back [{}]; refused: [{}]",
            lost.join(", "),
            refused.join("; ")
        );
    }
    // Others are not to meet them.
    let ended = [
        ("remove", "/minimumCompressionSize", None),
        ("replace", "/policy", Some("")),
    ];
    stand.patch(&id, &ended).await?;
    Ok(Finding::of(lost.is_empty() && refused.is_empty(), said))
}

async fn settings_removed(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand
        .patch(&id, &[("replace", "/description", Some("x"))])
        .await?
        .ok()?;
    let empty = stand.patch(&id, &[("replace", "/description", Some(""))]).await?;
    let removed = stand.patch(&id, &[("remove", "/description", None)]).await?;
    let left = stand.settings(&id).await?.json["description"].clone();
    Ok(Finding::of(
        removed.cause.is_none() && left.is_null(),
        format!(
            "remove: {}, and left is {left}; an empty text: {}",
            removed.brief(),
            empty.brief()
        ),
    ))
}

async fn settings_ip_address_type(stand: &mut Stand) -> Result<Finding, Stopped> {
    const PLACE: &str = "/endpointConfiguration/ipAddressType";
    let id = stand.api().await?;
    let patched = stand.patch(&id, &[("replace", PLACE, Some("dualstack"))]).await?.ok()?;
    let of_patch = patched.json["apiStatus"].as_str().unwrap_or("no status").to_owned();
    let states = stand.settle(&id).await?.join(", ");
    let kind = |json: &Value| json.pointer(PLACE).and_then(Value::as_str).unwrap_or("none").to_owned();
    let set = kind(&stand.settings(&id).await?.json);
    stand.put(&id, &documents::base("11")).await?.ok()?;
    stand.settle(&id).await?;
    let put_over = kind(&stand.settings(&id).await?.json);
    stand.patch(&id, &[("replace", PLACE, Some("ipv4"))]).await?.ok()?;
    stand.settle(&id).await?;
    let back = kind(&stand.settings(&id).await?.json);
    Ok(Finding::of(
        set == "dualstack" && back == "ipv4",
        format!("the patch says {of_patch}, then {states}; set it is {set}, after a put {put_over}, set back {back}"),
    ))
}

/// The policy of today's console, and its access mode.
const TLS: [(&str, &str, Option<&str>); 2] = [
    ("replace", "/securityPolicy", Some("SecurityPolicy_TLS13_1_3_2025_09")),
    ("replace", "/endpointAccessMode", Some("BASIC")),
];

/// Waits as long as a change of the TLS policy may take. Gives the seconds.
async fn settle_tls(stand: &mut Stand, id: &str) -> Result<u64, Stopped> {
    let began = std::time::Instant::now();
    loop {
        let seconds = began.elapsed().as_secs();
        match stand.settle(id).await {
            Ok(_) => return Ok(seconds),
            Err(Stopped::Refused(_)) if seconds < 3600 => {}
            Err(stopped) => return Err(stopped),
        }
    }
}

/// Policy and mode, as they are read.
async fn tls(stand: &mut Stand, id: &str) -> Result<String, Stopped> {
    let json = stand.settings(id).await?.json;
    Ok(format!("{} and {}", json["securityPolicy"], json["endpointAccessMode"]))
}

async fn settings_tls(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.create("REGIONAL").await?;
    stand.put(&id, &documents::base("12")).await?.ok()?;
    let default = tls(stand, &id).await?;
    let patched = stand.patch(&id, &TLS).await?.ok()?;
    let meanwhile = stand.patch(&id, &[("replace", "/description", Some("busy?"))]).await?;
    let seconds = settle_tls(stand, &id).await?;
    let set = tls(stand, &id).await?;
    let old = [
        ("replace", "/securityPolicy", Some("TLS_1_2")),
        ("replace", "/endpointAccessMode", Some("")),
    ];
    let back = stand.patch(&id, &old).await?;
    let seconds_back = settle_tls(stand, &id).await?;
    let left = tls(stand, &id).await?;
    Ok(Finding::of(
        back.cause.is_none() && matches!(meanwhile.kind(), "ok" | "busy") && left.starts_with("\"TLS_1_2\""),
        format!(
            "by default {default}; the patch says {}, a write meanwhile {}; {set} after {seconds} s; TLS_1_2 and an \
             empty mode: {}, {left} after {seconds_back} s",
            patched.json["apiStatus"],
            meanwhile.brief(),
            back.brief()
        ),
    ))
}

async fn settings_tls_document(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.create("REGIONAL").await?;
    let mut document = documents::base("13");
    document["x-amazon-apigateway-security-policy"] = TLS[0].2.into();
    document["x-amazon-apigateway-endpoint-access-mode"] = TLS[1].2.into();
    let put = stand.put(&id, &document).await?;
    settle_tls(stand, &id).await?;
    let with = tls(stand, &id).await?;
    stand.put(&id, &documents::base("14")).await?.ok()?;
    let seconds = settle_tls(stand, &id).await?;
    let without = tls(stand, &id).await?;
    let is_set = TLS
        .iter()
        .all(|(.., value)| value.is_some_and(|value| with.contains(value)));
    Ok(Finding::of(
        put.cause.is_none() && is_set,
        format!("with both {with}; put without them {without}, after {seconds} s"),
    ))
}

async fn settings_policy_text(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand
        .patch(&id, &[("replace", "/policy", Some(&policy(&"*".into())))])
        .await?
        .ok()?;
    let text = stand.settings(&id).await?.json["policy"]
        .as_str()
        .unwrap_or("")
        .to_owned();
    stand.patch(&id, &[("replace", "/policy", Some(""))]).await?;
    let shown = stand.mask.clean(&text);
    let read = bluegate_core::gateway::policy::parse(&text);
    let wanted = bluegate_core::gateway::policy::normalise(&policy(&"*".into()), &id);
    let found = bluegate_core::gateway::policy::normalise(&text, &id);
    Ok(Finding::of(
        read.is_some() && found == wanted,
        format!("the policy comes back as {shown}"),
    ))
}

async fn settings_policy_export(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let wanted = policy(&"*".into());
    let below = format!("/stages/{STAGE}/exports/oas30?extensions=apigateway");
    let mut has = Vec::new();
    // With a policy that is served, without it in the draft alone, and then in the stage too.
    for (value, is_served) in [(wanted.as_str(), true), ("", false), ("", true)] {
        stand.patch(&id, &[("replace", "/policy", Some(value))]).await?.ok()?;
        if is_served {
            stand.serve(&id).await?;
        }
        let export = stand.read("GetExport", &id, &below).await?.ok()?;
        let found = match &export.json["x-amazon-apigateway-policy"] {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        let normal = |text: &str| bluegate_core::gateway::policy::normalise(text, &id);
        has.push(found.map(|found| normal(&found) == normal(&wanted)));
    }
    Ok(Finding::of(
        has == [Some(true), Some(true), None],
        format!(
            "whether the export has the policy that is served, with it, removed from the draft, and removed from the \
             stage: {has:?}"
        ),
    ))
}

async fn settings_deleted_principal(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let principal = json!({"AWS": "AROAAAAAAAAAAAAAAAAAA"});
    let patched = stand
        .patch(&id, &[("replace", "/policy", Some(&policy(&principal)))])
        .await?;
    if patched.cause.is_none() {
        stand.patch(&id, &[("replace", "/policy", Some(""))]).await?;
    }
    Ok(Finding::of(patched.kind() == "refused", patched.brief()))
}

async fn settings_wait(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    stand.visit_until(&id, "/", |answer| answer.status == 200).await?;
    stand
        .patch(&id, &[("replace", "/disableExecuteApiEndpoint", Some("true"))])
        .await?
        .ok()?;
    stand
        .wire
        .wait(std::time::Duration::from_secs(if stand.wire.is_aws() { 15 } else { 0 }))
        .await?;
    let answer = stand.visit(&id, "GET", "/", &[]).await?;
    stand
        .patch(&id, &[("replace", "/disableExecuteApiEndpoint", Some("false"))])
        .await?
        .ok()?;
    Ok(Finding::of(
        answer.status == 200,
        format!(
            "a default address that was switched off answers {} after 15 s",
            answer.status
        ),
    ))
}
