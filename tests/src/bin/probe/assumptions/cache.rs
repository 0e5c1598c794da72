//! The cache of a stage, which costs money while it is there.

use std::time::{Duration, Instant};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::stand::Stand;
use crate::wire::{Call, Stopped};

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "cache-status",
        sentence: "A cache that was switched on is `CREATE_IN_PROGRESS` and counts as on; one that was switched off is `DELETE_IN_PROGRESS` or `NOT_AVAILABLE` and counts as off, whatever `cacheClusterEnabled` says.",
        evidence: Evidence::Used,
        if_wrong: "The stage seems not to have the cache of the file: the deployment is undone.",
        place: "deploy/src/sdk/stage_settings.rs",
        ask: Ask::Paid(900, 2, |stand| Box::pin(cache_status(stand))),
    },
    Assumption {
        name: "cache-no-size",
        sentence: "An empty size of a cache is refused; to switch it off takes no size.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing: no empty size is sent.",
        place: "deploy/src/plan/stage_settings.rs",
        ask: Ask::Paid(15, 0, |stand| Box::pin(cache_no_size(stand))),
    },
    Assumption {
        name: "cache-keys",
        sentence: "An answer is kept by its path and the keys of the cache alone, whoever may call, and what is on for all methods holds for `GET`.",
        evidence: Evidence::Documented,
        if_wrong: "`--allow-weaker` is asked for where nobody would be given the answer of another.",
        place: "core/src/gateway/kept.rs",
        ask: Ask::Never("it takes two callers, and a cache that takes minutes"),
    },
];

/// Reads until the cache is ready, or gone. Gives what was seen, and the seconds.
async fn watch(stand: &mut Stand, id: &str, until: &[&str]) -> Result<(Vec<String>, u64), Stopped> {
    let began = Instant::now();
    let mut seen: Vec<String> = Vec::new();
    loop {
        let stage = stand.stage(id).await?;
        let status = stage.json["cacheClusterStatus"]
            .as_str()
            .unwrap_or("no status")
            .to_owned();
        let state = format!("{status} and enabled {}", stage.json["cacheClusterEnabled"]);
        if seen.last() != Some(&state) {
            seen.push(state);
        }
        let seconds = began.elapsed().as_secs();
        if until.contains(&status.as_str()) || seconds > 600 || !stand.wire.is_aws() {
            return Ok((seen, seconds));
        }
        stand.wire.wait(Duration::from_secs(5)).await?;
    }
}

async fn switch(stand: &mut Stand, id: &str, enabled: &str, size: Option<&str>) -> Result<Call, Stopped> {
    let mut patches = vec![("replace", "/cacheClusterEnabled", Some(enabled))];
    patches.extend(size.map(|size| ("replace", "/cacheClusterSize", Some(size))));
    stand.patch_stage(id, &patches).await
}

async fn cache_status(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let on = switch(stand, &id, "true", Some("0.5")).await?.ok()?;
    let (created, made) = watch(stand, &id, &["AVAILABLE"]).await?;
    let off = switch(stand, &id, "false", None).await?;
    let (deleted, gone) = watch(stand, &id, &["NOT_AVAILABLE", "no status"]).await?;
    let is_right = created
        .iter()
        .all(|state| !state.contains("NOT_AVAILABLE") && !state.contains("DELETE"))
        && deleted.iter().all(|state| {
            ["DELETE_IN_PROGRESS", "NOT_AVAILABLE", "no status"]
                .iter()
                .any(|off| state.starts_with(off))
        });
    Ok(Finding::of(
        is_right,
        format!(
            "on ({}): {}, {made} s; off ({}): {}, {gone} s",
            on.brief(),
            created.join(", "),
            off.brief(),
            deleted.join(", ")
        ),
    ))
}

async fn cache_no_size(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let empty = switch(stand, &id, "false", Some("")).await?;
    let none = switch(stand, &id, "false", None).await?;
    Ok(Finding::of(
        empty.kind() == "refused" && none.cause.is_none(),
        format!("an empty size: {}; none: {}", empty.brief(), none.brief()),
    ))
}
