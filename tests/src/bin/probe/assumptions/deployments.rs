//! Deployments, which are snapshots of the draft.

use serde_json::Value;

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::Stand;
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "deployments-summary",
        sentence: "`GetDeployment` with `embed=apisummary` tells the authorization of every method by path and verb, `/` and `ANY` included, however many there are.",
        evidence: Evidence::Unverified,
        if_wrong: "What is missing or spelt otherwise is asked again, and then the export of the stage decides. Only a route that asks less of its callers undoes the deployment at once.",
        place: "deploy/src/steps/snapshot.rs",
        ask: Ask::Free(60, |stand| Box::pin(deployments_summary(stand))),
    },
    Assumption {
        name: "deployments-description",
        sentence: "A description of 510 characters is kept whole.",
        evidence: Evidence::Unverified,
        if_wrong: "`CreateDeployment` is refused and the deployment is undone; or the next run takes the draft for somebody's edit.",
        place: "deploy/src/read/marker.rs",
        ask: Ask::Free(15, |stand| Box::pin(deployments_description(stand))),
    },
    Assumption {
        name: "deployments-apart",
        sentence: "A deployment that is made without a stage is served by none, and no two are made by one call.",
        evidence: Evidence::Recorded,
        if_wrong: "The stage is read before and after: a pointer that moved by itself undoes the deployment.",
        place: "deploy/src/steps/deployment.rs",
        ask: Ask::Free(20, |stand| Box::pin(deployments_apart(stand))),
    },
    Assumption {
        name: "deployments-time",
        sentence: "Deployments have the time when they were made, in seconds, and a later one has a later time.",
        evidence: Evidence::Documented,
        if_wrong: "`history` shows them in another order, and a rollback without a version goes back to another one.",
        place: "deploy/src/run/versions.rs",
        ask: Ask::Free(20, |stand| Box::pin(deployments_time(stand))),
    },
    Assumption {
        name: "deployments-served",
        sentence: "A deployment that a stage serves cannot be deleted.",
        evidence: Evidence::Recorded,
        if_wrong: "Nothing: bluegate deletes none that a stage serves.",
        place: "deploy/src/steps/deployment.rs",
        ask: Ask::Free(15, |stand| Box::pin(deployments_served(stand))),
    },
];

/// So many methods, besides those of the base document.
const PATHS: usize = 200;

async fn deployments_summary(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.put(&id, &documents::large(PATHS)).await?.ok()?;
    stand.settle(&id).await?;
    let made = stand.deployment(&id, "a large one").await?;
    let read = stand
        .read("GetDeployment", &id, &format!("/deployments/{made}?embed=apisummary"))
        .await?
        .ok()?;
    let summary = &read.json["apiSummary"];
    let wanted = [
        ("/", "GET", "NONE"),
        ("/a/{b}", "GET", "NONE"),
        ("/any", "ANY", "NONE"),
        ("/closed", "GET", "AWS_IAM"),
        ("/files/{path+}", "GET", "NONE"),
    ];
    let mut wrong = Vec::new();
    for (path, verb, authorization) in wanted {
        let found = &summary[path][verb]["authorizationType"];
        if found != authorization {
            let verbs = summary[path]
                .as_object()
                .map(|verbs| verbs.keys().cloned().collect::<Vec<_>>());
            wrong.push(format!("{verb} {path} is {found} among {verbs:?}"));
        }
    }
    let large = summary.as_object().into_iter().flatten();
    let large = large.filter(|(path, _)| path.starts_with("/large")).count();
    let said = format!(
        "{large} of {PATHS} paths are there; {}",
        match wrong.is_empty() {
            true => "`/`, `ANY`, parameters and greedy paths are spelt as in `GetResources`".to_owned(),
            false => wrong.join("; "),
        }
    );
    Ok(Finding::of(wrong.is_empty() && large == PATHS, said))
}

async fn deployments_description(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let text = "bluegate ".repeat(57)[..510].to_owned();
    let made = stand.deployment(&id, &text).await?;
    let read = stand
        .read("GetDeployment", &id, &format!("/deployments/{made}"))
        .await?
        .ok()?;
    let length = read.json["description"].as_str().unwrap_or("").len();
    Ok(Finding::of(
        read.json["description"] == text.as_str(),
        format!("of 510 characters {length} are read"),
    ))
}

async fn deployments_apart(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let served = stand.serve(&id).await?;
    let count = |items: Vec<Value>| items.len();
    let before = count(
        stand
            .read("GetDeployments", &id, "/deployments?limit=500")
            .await?
            .ok()?
            .items(),
    );
    stand.deployment(&id, "served by none").await?;
    let after = count(
        stand
            .read("GetDeployments", &id, "/deployments?limit=500")
            .await?
            .ok()?
            .items(),
    );
    let points = stand.stage(&id).await?.json["deploymentId"].clone();
    Ok(Finding::of(
        points == served.as_str() && after == before + 1,
        format!(
            "there were {before} deployments, and are {after}; the stage serves the one before: {}",
            points == served.as_str()
        ),
    ))
}

async fn deployments_time(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let first = stand.deployment(&id, "the first").await?;
    let second = stand.deployment(&id, "the second").await?;
    let listed = stand
        .read("GetDeployments", &id, "/deployments?limit=500")
        .await?
        .ok()?
        .items();
    let made = |deployment: &str| {
        let found = listed.iter().find(|one| one["id"] == deployment);
        found.and_then(|one| one["createdDate"].as_f64())
    };
    let (first, second) = (made(&first), made(&second));
    let order: Vec<f64> = listed.iter().filter_map(|one| one["createdDate"].as_f64()).collect();
    let order = match order.is_sorted() {
        true => "oldest first",
        false if order.is_sorted_by(|a, b| a >= b) => "newest first",
        false => "in no order",
    };
    Ok(Finding::of(
        first.is_some() && first <= second,
        format!(
            "two of them {} s apart; the list is {order}",
            second.unwrap_or(0.0) - first.unwrap_or(0.0)
        ),
    ))
}

async fn deployments_served(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let served = stand.serve(&id).await?;
    let target = format!("/restapis/{id}/deployments/{served}");
    let deleted = stand.wire.call("DeleteDeployment", "DELETE", &target, None).await?;
    Ok(Finding::of(deleted.kind() == "refused", deleted.brief()))
}
