//! Tags, and the lock that is one.

use bluegate_deploy::read::Lock;
use serde_json::{Map, Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::stand::{PATIENCE, STAGE, Stand};
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "lock-tag",
        sentence: "An API takes the tag of the lock, and `GetRestApi` shows it.",
        evidence: Evidence::Used,
        if_wrong: "The deployment goes on without a lock between machines, and says so.",
        place: "deploy/src/read/lock.rs",
        ask: Ask::Free(10, |stand| Box::pin(lock_tag(stand))),
    },
    Assumption {
        name: "lock-at-once",
        sentence: "A read may show a tag seconds after it was set.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing: the lock is read until it is there.",
        place: "deploy/src/transaction/locked.rs",
        ask: Ask::Free(20, |stand| Box::pin(lock_at_once(stand))),
    },
    Assumption {
        name: "lock-full",
        sentence: "An API with 50 tags refuses another one in words that bluegate knows.",
        evidence: Evidence::Unverified,
        if_wrong: "The run ends before anything is changed, although it could go on without a lock.",
        place: "deploy/src/transaction/locked.rs",
        ask: Ask::Free(15, |stand| Box::pin(lock_full(stand))),
    },
    Assumption {
        name: "lock-stage-tags",
        sentence: "A stage is tagged by its ARN, and `GetStage` shows its tags.",
        evidence: Evidence::Documented,
        if_wrong: "The tags are read back: what is not as declared undoes the deployment.",
        place: "deploy/src/steps/stage.rs",
        ask: Ask::Free(15, |stand| Box::pin(lock_stage_tags(stand))),
    },
    Assumption {
        name: "lock-date",
        sentence: "Answers have the header `Date`, by which locks expire.",
        evidence: Evidence::Documented,
        if_wrong: "The clock of this machine counts: two machines whose clocks differ by minutes take each other's lock for expired.",
        place: "deploy/src/transaction/locked.rs",
        ask: Ask::Free(5, |stand| Box::pin(lock_date(stand))),
    },
];

/// The longest that is written.
const VALUE: &str = "run=20261128T084500Z-0123456789abcdef until=1790000000 begun";

async fn lock_tag(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let arn = stand.arn(&format!("/restapis/{id}"));
    let set = stand.tag(&arn, json!({Lock::TAG: VALUE})).await?;
    stand.settle(&id).await?;
    let shown = stand.settings(&id).await?.json["tags"][Lock::TAG].clone();
    untag(stand, &arn, &[Lock::TAG]).await?;
    Ok(Finding::of(
        set.cause.is_none() && shown == VALUE,
        format!("set: {}; then it is {shown}", set.brief()),
    ))
}

async fn untag(stand: &mut Stand, arn: &str, keys: &[&str]) -> Result<(), Stopped> {
    let arn = crate::stand::escaped(arn);
    for keys in keys.chunks(10) {
        let query: Vec<String> = keys
            .iter()
            .map(|key| format!("tagKeys={}", crate::stand::escaped(key)))
            .collect();
        let target = format!("/tags/{arn}?{}", query.join("&"));
        stand.wire.call("UntagResource", "DELETE", &target, None).await?;
    }
    Ok(())
}

async fn lock_at_once(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let arn = stand.arn(&format!("/restapis/{id}"));
    let (mut old, mut slowest) = (0, 0);
    for number in 0..10 {
        let value = format!("run={number}");
        stand.tag(&arn, json!({Lock::TAG: value})).await?.ok()?;
        let (is_old, millis) = stand.shows(&id, &format!("/tags/{}", Lock::TAG), &value).await?;
        old += u32::from(is_old);
        slowest = slowest.max(millis);
        if millis >= PATIENCE {
            break;
        }
    }
    untag(stand, &arn, &[Lock::TAG]).await?;
    Ok(Finding::of(
        slowest < PATIENCE,
        format!("of 10 reads {old} did not show it at once; the latest did after {slowest} ms"),
    ))
}

async fn lock_full(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let arn = stand.arn(&format!("/restapis/{id}"));
    // It has one already, by which it is found.
    let names: Vec<String> = (1..50).map(|number| format!("probe{number}")).collect();
    let tags: Map<String, Value> = names.iter().map(|name| (name.clone(), "x".into())).collect();
    stand.tag(&arn, tags.into()).await?.ok()?;
    let another = stand.tag(&arn, json!({Lock::TAG: VALUE})).await?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    untag(stand, &arn, &names).await?;
    untag(stand, &arn, &[Lock::TAG]).await?;
    Ok(Finding::of(
        matches!(another.kind(), "refused" | "quota_reached"),
        format!("the 51st is answered {}", another.brief()),
    ))
}

async fn lock_stage_tags(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let arn = stand.arn(&format!("/restapis/{id}/stages/{STAGE}"));
    let set = stand.tag(&arn, json!({"team": "a b_./=+-@:1"})).await?;
    let shown = stand.stage(&id).await?.json["tags"].clone();
    Ok(Finding::of(
        set.cause.is_none() && shown["team"] == "a b_./=+-@:1",
        format!("set: {}; then the stage has {shown}", set.brief()),
    ))
}

async fn lock_date(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let answer = stand.settings(&id).await?;
    let date = answer.headers.get("date");
    let said = match date {
        Some(date) => format!("the answer has the date {date}"),
        None => "the answer has no date".to_owned(),
    };
    Ok(Finding::of(date.is_some(), said))
}
