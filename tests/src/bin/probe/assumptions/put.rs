//! Putting a document.

use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::{STAGE, Stand, TAG};
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "put-status",
        sentence: "A put is answered with `apiStatus`, and whoever reads `AVAILABLE` after it may go on.",
        evidence: Evidence::Unverified,
        if_wrong: "The next write comes too early: it is answered \"update in progress\", and made again.",
        place: "deploy/src/transaction/settle.rs",
        ask: Ask::Free(20, |stand| Box::pin(put_status(stand))),
    },
    Assumption {
        name: "put-busy",
        sentence: "A write right after a put is done, or refused as busy in words that bluegate knows.",
        evidence: Evidence::Used,
        if_wrong: "The write counts as refused: the deployment ends and is undone.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Free(20, |stand| Box::pin(put_busy(stand))),
    },
    Assumption {
        name: "put-busy-private",
        sentence: "The same holds of a private API.",
        evidence: Evidence::Used,
        if_wrong: "The write counts as refused: the deployment ends and is undone.",
        place: "deploy/src/sdk/classify.rs",
        ask: Ask::Free(60, |stand| Box::pin(put_busy_private(stand))),
    },
    Assumption {
        name: "put-keeps",
        sentence: "A put keeps the ids of resources, the tags, the stages and the deployments.",
        evidence: Evidence::Recorded,
        if_wrong: "Reading back after the put shows other stages or a lost lock: the deployment ends and is undone.",
        place: "deploy/src/steps/draft.rs",
        ask: Ask::Free(15, |stand| Box::pin(put_keeps(stand))),
    },
    Assumption {
        name: "put-keeps-usage-plans",
        sentence: "A put keeps the usage plans that a stage belongs to.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing notices it: callers with an API key are refused until the stage is added to its plan again.",
        place: "deploy/src/run/deploy.rs",
        ask: Ask::Free(20, |stand| Box::pin(put_keeps_usage_plans(stand))),
    },
    Assumption {
        name: "put-keeps-domains",
        sentence: "A put keeps the mappings of custom domains to a stage.",
        evidence: Evidence::Unverified,
        if_wrong: "A smoke request to `smokeURL` fails, and the deployment is undone. Without one nothing notices it.",
        place: "deploy/src/run/deploy.rs",
        ask: Ask::Never("it takes a domain and a certificate"),
    },
    Assumption {
        name: "put-authorizers",
        sentence: "A put may give authorizers other ids, but keeps their names.",
        evidence: Evidence::Unverified,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "core/src/gateway/definition.rs",
        ask: Ask::Free(15, |stand| Box::pin(put_authorizers(stand))),
    },
    Assumption {
        name: "put-models",
        sentence: "A put deletes models that the document does not have, `Empty` and `Error` too.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing: a model that stays is not used by any method of the document.",
        place: "deploy/src/carry/kept.rs",
        ask: Ask::Free(10, |stand| Box::pin(put_models(stand))),
    },
    Assumption {
        name: "put-refused",
        sentence: "A put that is refused for its warnings changes nothing.",
        evidence: Evidence::Documented,
        if_wrong: "The draft is not what it was. The next deployment takes that for somebody's edit and refuses it.",
        place: "deploy/src/steps/draft.rs",
        ask: Ask::Free(10, |stand| Box::pin(put_refused(stand))),
    },
    Assumption {
        name: "put-title",
        sentence: "A put gives the API the name that the title of the document is.",
        evidence: Evidence::Recorded,
        if_wrong: "Nothing: the name is read back, and patched if it is another one.",
        place: "deploy/src/carry/settings.rs",
        ask: Ask::Never("an answer of AWS is among the recordings"),
    },
    Assumption {
        name: "put-import",
        sentence: "`ImportRestApi` makes a regional API, without tags.",
        evidence: Evidence::Documented,
        if_wrong: "An account whose rules ask for tags denies it, and nothing is changed.",
        place: "deploy/src/run/create.rs",
        ask: Ask::Never("it would leave one more API to delete, and the quota is one in 30 seconds"),
    },
    Assumption {
        name: "put-half",
        sentence: "A put that fails may have been done in part, and putting again makes it whole.",
        evidence: Evidence::Documented,
        if_wrong: "Nothing worse: the draft is put back and read back after every failure of a put.",
        place: "deploy/src/steps/draft.rs",
        ask: Ask::Never("nobody can make a put fail half way"),
    },
];

async fn put_status(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let put = stand.put(&id, &documents::base("2")).await?.ok()?;
    let of_put = put.json["apiStatus"].as_str().unwrap_or("no status").to_owned();
    let mut seen = Vec::new();
    for _ in 0..30 {
        let api = stand.settings(&id).await?;
        seen.push(api.json["apiStatus"].as_str().unwrap_or("no status").to_owned());
    }
    seen.dedup();
    // Where the service tells no status, there is nothing to wait for.
    let is_right = ["AVAILABLE", "no status"].contains(&seen[seen.len() - 1].as_str())
        && seen.iter().filter(|status| *status == "AVAILABLE").count() <= 1;
    Ok(Finding::of(
        is_right,
        format!("the put says {of_put}, then 30 reads {}", seen.join(", ")),
    ))
}

async fn put_busy(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    busy_after_put(stand, &id).await
}

async fn put_busy_private(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.create("PRIVATE").await?;
    busy_after_put(stand, &id).await
}

/// A put, a change of a setting at once, and a deployment at once.
async fn busy_after_put(stand: &mut Stand, id: &str) -> Result<Finding, Stopped> {
    stand.put(id, &documents::base("3")).await?.ok()?;
    let patched = stand.patch(id, &[("replace", "/description", Some("busy?"))]).await?;
    let body = json!({"description": "busy?"});
    let target = format!("/restapis/{id}/deployments");
    let deployed = stand.wire.call("CreateDeployment", "POST", &target, Some(body)).await?;
    let states = stand.settle(id).await?;
    // A private API without a resource policy is not deployed, busy or not.
    let is_about_policy = deployed.message().to_lowercase().contains("resource policy");
    let is_known = |kind: &str| matches!(kind, "ok" | "busy" | "conflict");
    Ok(Finding::of(
        is_known(patched.kind()) && (is_known(deployed.kind()) || is_about_policy),
        format!(
            "UpdateRestApi at once: {}; CreateDeployment: {}; then {}",
            patched.brief(),
            deployed.brief(),
            states.join(", ")
        ),
    ))
}

/// What a put is to keep.
async fn keepsakes(stand: &mut Stand, id: &str) -> Result<[(&'static str, Value); 4], Stopped> {
    let mut resources: Vec<Value> = Vec::new();
    for resource in stand.resources(id).await?.ok()?.items() {
        resources.push(json!([resource["path"], resource["id"]]));
    }
    resources.sort_by_key(Value::to_string);
    let tags = stand.settings(id).await?.json["tags"].clone();
    let stage = stand.stage(id).await?.json["deploymentId"].clone();
    let listed = stand
        .read("GetDeployments", id, "/deployments?limit=500")
        .await?
        .ok()?
        .items();
    let mut deployments: Vec<Value> = listed.iter().map(|one| one["id"].clone()).collect();
    deployments.sort_by_key(Value::to_string);
    Ok([
        ("ids of resources", resources.into()),
        ("tags", tags),
        ("the stage's deployment", stage),
        ("deployments", deployments.into()),
    ])
}

async fn put_keeps(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let before = keepsakes(stand, &id).await?;
    stand.put(&id, &documents::base("4")).await?.ok()?;
    stand.settle(&id).await?;
    let after = keepsakes(stand, &id).await?;
    let lost: Vec<&str> = before
        .iter()
        .zip(&after)
        .filter_map(|((what, before), (_, after))| (before != after).then_some(*what))
        .collect();
    let said = match lost.is_empty() {
        true => "all of them are what they were".to_owned(),
        false => format!("others now: {}", lost.join(", ")),
    };
    Ok(Finding::of(lost.is_empty(), said))
}

async fn put_keeps_usage_plans(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    stand.serve(&id).await?;
    let body = json!({
        "name": stand.name,
        "description": "made by the probe of bluegate, and deleted by it",
        "apiStages": [{"apiId": id, "stage": STAGE}],
        "tags": {TAG: stand.name},
    });
    let made = stand
        .wire
        .call("CreateUsagePlan", "POST", "/usageplans", Some(body))
        .await?
        .ok()?;
    let plan = made.get("id")?;
    stand.mask.number(&plan, "usage-plan");
    stand.put(&id, &documents::base("5")).await?.ok()?;
    stand.serve(&id).await?;
    let read = stand
        .wire
        .call("GetUsagePlan", "GET", &format!("/usageplans/{plan}"), None)
        .await?
        .ok()?;
    let stages = &read.json["apiStages"];
    Ok(Finding::of(
        stages[0]["apiId"] == id.as_str() && stages[0]["stage"] == STAGE,
        format!("after a put and a deployment the plan has the stages {stages}"),
    ))
}

/// The base document with two authorizers, and perhaps one of Cognito's. Nobody is there to answer for them.
pub(super) fn authorized(stand: &Stand, cognito: bool) -> Value {
    let region = stand.wire.destination().region.clone();
    let mut document = documents::base("6");
    let function = format!("arn:aws:lambda:{region}:{}:function:bluegate-probe", stand.account);
    let scheme = |authorizer: Value| {
        json!({
            "type": "apiKey", "name": "Authorization", "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": authorizer,
        })
    };
    let uri = format!("arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function}/invocations");
    let schemes = &mut document["components"]["securitySchemes"];
    schemes["token"] = scheme(json!({"type": "token", "authorizerUri": uri, "authorizerResultTtlInSeconds": 60}));
    schemes["request"] = scheme(json!({
        "type": "request", "authorizerUri": uri, "authorizerResultTtlInSeconds": 0,
        "identitySource": "method.request.header.X-Key",
    }));
    if cognito {
        let pool = format!(
            "arn:aws:cognito-idp:{region}:{}:userpool/{region}_AAAAAAAAA",
            stand.account
        );
        schemes["pool"] = scheme(json!({"type": "cognito_user_pools", "providerARNs": [pool]}));
        schemes["pool"]["x-amazon-apigateway-authtype"] = "cognito_user_pools".into();
        document["paths"]["/"]["get"]["security"] = json!([{"pool": []}]);
    }
    for (path, scheme) in [("/closed", "token"), ("/a/{b}", "request")] {
        document["paths"][path]["get"]["security"] = json!([{scheme: []}]);
    }
    document
}

async fn put_authorizers(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let document = authorized(stand, false);
    let mut seen: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for _ in 0..2 {
        stand.put(&id, &document).await?.ok()?;
        stand.settle(&id).await?;
        let mut listed = stand
            .read("GetAuthorizers", &id, "/authorizers?limit=500")
            .await?
            .ok()?
            .items();
        listed.sort_by_key(|one| one["name"].to_string());
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or("").to_owned();
        let all = |key: &str| -> Vec<String> { listed.iter().map(|one| text(one, key)).collect() };
        seen.push((all("name"), all("id")));
    }
    let [(names, ids), (names_after, ids_after)] = &seen[..] else {
        unreachable!("there were two puts");
    };
    let ids = if ids == ids_after { "the same" } else { "other" };
    Ok(Finding::of(
        names == names_after && names.len() == 2,
        format!("after a second put the names {} have {ids} ids", names_after.join(", ")),
    ))
}

async fn put_models(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let listed = stand.read("GetModels", &id, "/models?limit=500").await?.ok()?.items();
    let names: Vec<&str> = listed.iter().filter_map(|one| one["name"].as_str()).collect();
    Ok(Finding::of(
        names.is_empty(),
        format!(
            "an API that was created and put over has the models [{}]",
            names.join(", ")
        ),
    ))
}

async fn put_refused(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let before = stand.resources(&id).await?.ok()?.items().len();
    let mut wrong = documents::plain("7");
    wrong["paths"]["/more"] = json!({"get": documents::mock("7")});
    // What a parameter is mapped to is a text. AWS warns of anything else.
    wrong["paths"]["/more"]["get"]["x-amazon-apigateway-integration"]["requestParameters"] =
        json!({"integration.request.header.nothing": true});
    let put = stand.put_as(&id, &wrong, true).await?;
    stand.settle(&id).await?;
    let after = stand.resources(&id).await?.ok()?.items().len();
    Ok(Finding::of(
        put.kind() == "refused" && before == after,
        format!("{}; before {before} resources, after {after}", put.brief()),
    ))
}
