//! Stages, and the settings of them.

use bluegate_core::aws::stage_path::{EVERY, of_answer, of_method};
use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::stand::{STAGE, Stand};
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "stages-at-once",
        sentence: "One call of `UpdateStage` moves the stage and changes settings of it and of methods, or does nothing of it.",
        evidence: Evidence::Unverified,
        if_wrong: "The stage is read back: what is not as declared undoes the deployment, and the stage is moved back.",
        place: "deploy/src/steps/pointer.rs",
        ask: Ask::Free(30, |stand| Box::pin(stages_at_once(stand))),
    },
    Assumption {
        name: "stages-method-keys",
        sentence: "Settings of a method are patched under its escaped path and verb (`/~1a~1{b}/GET`), and read under `a/{b}/GET`, `/GET` for the root, `*/*` for all.",
        evidence: Evidence::Unverified,
        if_wrong: "The stage seems to lack a setting that it has: the deployment is undone.",
        place: "core/src/aws/stage_path.rs",
        ask: Ask::Free(20, |stand| Box::pin(stages_method_keys(stand))),
    },
    Assumption {
        name: "stages-method-absent",
        sentence: "To remove the settings of a method that has none is refused as a bad request.",
        evidence: Evidence::Recorded,
        if_wrong: "Nothing: there is nothing to remove either way.",
        place: "deploy/src/steps/stage.rs",
        ask: Ask::Free(15, |stand| Box::pin(stages_method_absent(stand))),
    },
    Assumption {
        name: "stages-exists",
        sentence: "To create a stage that is there is refused as a conflict that says \"already exists\".",
        evidence: Evidence::Unverified,
        if_wrong: "The call is repeated seven times before the deployment ends and is undone.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Free(15, |stand| Box::pin(stages_exists(stand))),
    },
    Assumption {
        name: "stages-canary",
        sentence: "A canary is made, changed, promoted and ended by patches below `/canarySettings`; its percentage keeps two digits behind the point.",
        evidence: Evidence::Recorded,
        if_wrong: "The canary is read back: what is not as wanted undoes the deployment.",
        place: "deploy/src/steps/canary.rs",
        ask: Ask::Free(25, |stand| Box::pin(stages_canary(stand))),
    },
    Assumption {
        name: "stages-log-role",
        sentence: "`GetAccount` tells the role by which API Gateway writes logs, and logging without it is refused.",
        evidence: Evidence::Documented,
        if_wrong: "`UpdateStage` is refused when the stage moves: the deployment is undone.",
        place: "deploy/src/plan",
        ask: Ask::Free(5, |stand| Box::pin(stages_log_role(stand))),
    },
    Assumption {
        name: "stages-log-group",
        sentence: "The ARN of a log group is taken without `:*` at its end only, and a format needs a request id.",
        evidence: Evidence::Recorded,
        if_wrong: "Nothing: `check` asks for more than AWS does.",
        place: "core/src/aws/environment.rs",
        ask: Ask::Free(15, |stand| Box::pin(stages_log_group(stand))),
    },
    Assumption {
        name: "stages-variables",
        sentence: "Variables and a description are set with `replace`, and taken away with `remove`.",
        evidence: Evidence::Used,
        if_wrong: "The stage is read back: what is not as declared undoes the deployment.",
        place: "deploy/src/plan/stage_settings.rs",
        ask: Ask::Free(15, |stand| Box::pin(stages_variables(stand))),
    },
];

async fn stages_at_once(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let next = stand.deployment(&id, "the next").await?;
    let patches = |throttle: &'static str| {
        [
            ("replace", "/deploymentId", Some(next.clone())),
            ("replace", "/variables/probe", Some("yes".to_owned())),
            ("replace", "/tracingEnabled", Some("true".to_owned())),
            ("replace", "/*/*/throttling/rateLimit", Some("7".to_owned())),
            (
                "replace",
                "/~1a~1{b}/GET/throttling/burstLimit",
                Some(throttle.to_owned()),
            ),
        ]
    };
    let of = |stage: &Value| {
        json!([
            stage["deploymentId"] == next.as_str(),
            stage["variables"]["probe"],
            stage["tracingEnabled"]
        ])
    };
    let before = of(&stand.stage(&id).await?.json);
    let bad = send(stand, &id, &patches("many")).await?;
    let untouched = of(&stand.stage(&id).await?.json) == before;
    let good = send(stand, &id, &patches("3")).await?;
    let stage = stand.stage(&id).await?.json;
    let is_done =
        of(&stage) == json!([true, "yes", true]) && stage["methodSettings"]["*/*"]["throttlingRateLimit"] == 7.0;
    stand
        .patch_stage(
            &id,
            &[("replace", "/tracingEnabled", Some("false")), ("remove", "/*/*", None)],
        )
        .await?;
    Ok(Finding::of(
        bad.cause.is_some() && untouched && good.cause.is_none() && is_done,
        format!(
            "one bad patch of five: {}, nothing done: {untouched}; five good ones: {}, all done: {is_done}",
            bad.brief(),
            good.brief()
        ),
    ))
}

/// Patches the stage with values of the moment.
async fn send(
    stand: &mut Stand,
    id: &str,
    patches: &[(&'static str, &'static str, Option<String>)],
) -> Result<crate::wire::Call, Stopped> {
    let patches: Vec<_> = patches
        .iter()
        .map(|(op, path, value)| (*op, *path, value.as_deref()))
        .collect();
    stand.patch_stage(id, &patches).await
}

async fn stages_method_keys(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let patched = [EVERY.to_owned(), of_method("GET /"), of_method("GET /a/{b}")];
    let mut said = Vec::new();
    let mut is_right = true;
    for patched in &patched {
        let path = format!("{patched}/throttling/burstLimit");
        let answer = stand.patch_stage(&id, &[("replace", &path, Some("11"))]).await?;
        let settings = stand.stage(&id).await?.json["methodSettings"].clone();
        let has = |one: &Value| one["throttlingBurstLimit"] == 11;
        let found: Vec<&String> = settings
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| has(value).then_some(key))
            .collect();
        is_right &= found.iter().any(|key| of_answer(key) == *patched);
        said.push(format!("{patched} ({}) is read under {found:?}", answer.kind()));
        stand.patch_stage(&id, &[("remove", patched, None)]).await?;
    }
    Ok(Finding::of(is_right, said.join("; ")))
}

async fn stages_method_absent(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let removed = stand.patch_stage(&id, &[("remove", "/~1any/GET", None)]).await?;
    Ok(Finding::of(matches!(removed.kind(), "ok" | "refused"), removed.brief()))
}

async fn stages_exists(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let made = stand.serve(&id).await?;
    let again = stand.create_stage(&id, &made).await?;
    Ok(Finding::of(again.kind() == "already_exists", again.brief()))
}

async fn stages_canary(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let first = stand.serve(&id).await?;
    let second = stand.deployment(&id, "the canary").await?;
    let made = stand
        .patch_stage(
            &id,
            &[
                ("replace", "/canarySettings/deploymentId", Some(&second)),
                ("replace", "/canarySettings/percentTraffic", Some("33.33")),
            ],
        )
        .await?;
    let stage = stand.stage(&id).await?.json;
    let canary = &stage["canarySettings"];
    let is_made = stage["deploymentId"] == first.as_str()
        && canary["deploymentId"] == second.as_str()
        && canary["percentTraffic"]
            .as_f64()
            .is_some_and(|percent| (percent - 33.33).abs() < 0.005);
    let promoted = stand
        .patch_stage(&id, &[("copy", "/deploymentId", Some("/canarySettings/deploymentId"))])
        .await?;
    let ended = stand.patch_stage(&id, &[("remove", "/canarySettings", None)]).await?;
    let stage = stand.stage(&id).await?.json;
    let is_ended = stage.get("canarySettings").is_none() && stage["deploymentId"] == second.as_str();
    Ok(Finding::of(
        is_made && is_ended,
        format!(
            "made: {} and read back: {is_made}; promoted: {}; ended: {}, and the stage serves what the canary did: \
             {is_ended}",
            made.brief(),
            promoted.brief(),
            ended.brief()
        ),
    ))
}

async fn stages_log_role(stand: &mut Stand) -> Result<Finding, Stopped> {
    // The role's name is nobody's business.
    let account = stand
        .wire
        .call_unkept("GetAccount", "GET", "/account", None)
        .await?
        .ok()?;
    let role = account.json["cloudwatchRoleArn"]
        .as_str()
        .filter(|role| !role.is_empty());
    let Some(_) = role else {
        let id = stand.api().await?;
        stand.serve(&id).await?;
        let logging = stand
            .patch_stage(&id, &[("replace", "/*/*/logging/loglevel", Some("ERROR"))])
            .await?;
        stand.patch_stage(&id, &[("remove", "/*/*", None)]).await?;
        return Ok(Finding::of(
            logging.kind() == "refused",
            format!("the account has no role; logging is answered {}", logging.brief()),
        ));
    };
    Ok(Finding::of(true, "the account has a role, and GetAccount tells it"))
}

async fn stages_log_group(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let region = stand.wire.destination().region.clone();
    let group = format!("arn:aws:logs:{region}:{}:log-group:bluegate-probe", stand.account);
    let star = format!("{group}:*");
    let mut said = Vec::new();
    let mut kinds = Vec::new();
    for (what, arn, format) in [
        ("with `:*`", &star, "$context.requestId"),
        ("a format without a request id", &group, "$context.status"),
        ("a group that is not there", &group, "$context.requestId"),
    ] {
        let patches = [
            ("replace", "/accessLogSettings/destinationArn", Some(arn.as_str())),
            ("replace", "/accessLogSettings/format", Some(format)),
        ];
        let answer = stand.patch_stage(&id, &patches).await?;
        said.push(format!("{what}: {}", answer.brief()));
        kinds.push(answer.kind());
        if answer.cause.is_none() {
            stand
                .patch_stage(&id, &[("remove", "/accessLogSettings", None)])
                .await?;
        }
    }
    Ok(Finding::of(kinds[..2] == ["refused", "refused"], said.join("; ")))
}

async fn stages_variables(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let set = [
        ("replace", "/variables/host", Some("probe.example")),
        ("replace", "/description", Some("of the probe")),
    ];
    let set = stand.patch_stage(&id, &set).await?;
    let with = stand.stage(&id).await?.json;
    let unset = stand
        .patch_stage(
            &id,
            &[("remove", "/variables/host", None), ("remove", "/description", None)],
        )
        .await?;
    let without = stand.stage(&id).await?.json;
    let is_set = with["variables"]["host"] == "probe.example" && with["description"] == "of the probe";
    let is_unset = without["variables"]["host"].is_null() && without["description"].as_str().unwrap_or("").is_empty();
    Ok(Finding::of(
        is_set && is_unset,
        format!(
            "{STAGE}: set {}, {is_set}; removed {}, {is_unset}",
            set.brief(),
            unset.brief()
        ),
    ))
}
