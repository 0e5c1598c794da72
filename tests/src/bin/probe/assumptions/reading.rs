//! Reading an API.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::assumption::{Ask, Assumption, Evidence, Finding};
use crate::documents;
use crate::stand::{PATIENCE, STAGE, Stand};
use crate::wire::Stopped;

pub(super) const ROWS: &[Assumption] = &[
    Assumption {
        name: "reading-order",
        sentence: "Two readings of the same API differ in the order of lists and keys at most.",
        evidence: Evidence::Unverified,
        if_wrong: "A deployment says that somebody changed the API between its plan and its lock, and ends before it writes.",
        place: "deploy/src/read/reading.rs",
        ask: Ask::Free(40, |stand| Box::pin(reading_order(stand))),
    },
    Assumption {
        name: "reading-old",
        sentence: "A read may be older than the write before it, by seconds.",
        evidence: Evidence::Unverified,
        if_wrong: "Nothing: what is as new as the write is believed at once.",
        place: "deploy/src/transaction/until.rs",
        ask: Ask::Free(20, |stand| Box::pin(reading_old(stand))),
    },
    Assumption {
        name: "reading-pages",
        sentence: "A page has 500 items at most, and names the next one.",
        evidence: Evidence::Documented,
        if_wrong: "What stands on later pages counts as missing: the deployment ends and is undone.",
        place: "deploy/src/read/pages.rs",
        ask: Ask::Free(10, |stand| Box::pin(reading_pages(stand))),
    },
    Assumption {
        name: "reading-export-authorizers",
        sentence: "An export with the extensions `apigateway,authorizers` has the authorizers whole.",
        evidence: Evidence::Unverified,
        if_wrong: "An undo puts in the authorizers that the API still has. If it has one no more, the export is not put back, and the run says that the definition of the API may be replaced in part.",
        place: "deploy/src/sdk/client/calls.rs",
        ask: Ask::Free(20, |stand| Box::pin(reading_export_authorizers(stand))),
    },
    Assumption {
        name: "reading-export-fields",
        sentence: "An export has each field of an integration that `GetResources` shows.",
        evidence: Evidence::Unverified,
        if_wrong: "What the export leaves out is not put back by an undo, and does not count as served.",
        place: "core/src/gateway/field.rs",
        ask: Ask::Free(20, |stand| Box::pin(reading_export_fields(stand))),
    },
    Assumption {
        name: "reading-embedded",
        sentence: "`GetResources` with `embed=methods` shows integrations and their responses too, with their defaults.",
        evidence: Evidence::Recorded,
        if_wrong: "The draft that is read back differs from the document: the deployment ends and is undone.",
        place: "deploy/src/sdk/convert.rs",
        ask: Ask::Never("an answer of AWS is among the recordings"),
    },
    Assumption {
        name: "reading-names",
        sentence: "Several APIs of an account may have one name.",
        evidence: Evidence::Documented,
        if_wrong: "Nothing: a name that is there once is found once.",
        place: "deploy/src/read/find.rs",
        ask: Ask::Never("it would leave one more API to delete, and the quota is one in 30 seconds"),
    },
];

/// JSON in which neither the order of keys nor that of lists tells anything.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), sorted(value))).collect(),
        other => other.clone(),
    }
}

async fn reading_order(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let mut document = super::put::authorized(stand, false);
    document["components"]["schemas"] = json!({"A": {"type": "object"}, "B": {"type": "string"}});
    for (path, item) in documents::large(20)["paths"].as_object().into_iter().flatten() {
        if path.starts_with("/large") {
            document["paths"][path] = item.clone();
        }
    }
    stand.put(&id, &document).await?.ok()?;
    stand.settle(&id).await?;
    stand.serve(&id).await?;
    let export = format!("/stages/{STAGE}/exports/oas30?extensions=apigateway");
    let mut said = Vec::new();
    let mut is_right = true;
    for (operation, below) in [
        ("GetResources", "/resources?limit=500&embed=methods"),
        ("GetAuthorizers", "/authorizers?limit=500"),
        ("GetModels", "/models?limit=500"),
        ("GetDeployments", "/deployments?limit=500"),
        ("GetGatewayResponses", "/gatewayresponses?limit=500"),
        ("GetExport", export.as_str()),
    ] {
        let (mut texts, mut meanings) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..20 {
            let read = stand.read(operation, &id, below).await?.ok()?;
            meanings.insert(sorted(&read.json).to_string());
            texts.insert(read.text);
        }
        is_right &= meanings.len() == 1;
        said.push(format!(
            "{operation}: {} texts, {} meanings",
            texts.len(),
            meanings.len()
        ));
    }
    Ok(Finding::of(
        is_right,
        format!("of 20 readings each, {}", said.join("; ")),
    ))
}

async fn reading_old(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let (mut old, mut slowest) = (0, 0);
    for number in 0..10 {
        let text = format!("written {number}");
        stand
            .patch(&id, &[("replace", "/description", Some(&text))])
            .await?
            .ok()?;
        let (is_old, millis) = stand.shows(&id, "/description", &text).await?;
        old += u32::from(is_old);
        slowest = slowest.max(millis);
        if millis >= PATIENCE {
            break;
        }
    }
    Ok(Finding::of(
        slowest < PATIENCE,
        format!("of 10 reads {old} were older than the write before; the latest was new after {slowest} ms"),
    ))
}

async fn reading_pages(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let all = stand.resources(&id).await?.ok()?.items().len();
    let mut found = 0;
    let mut pages = 0;
    let mut at = String::new();
    loop {
        let page = stand
            .read("GetResources", &id, &format!("/resources?limit=2{at}"))
            .await?
            .ok()?;
        found += page.items().len();
        pages += 1;
        match page.json["position"].as_str().filter(|position| !position.is_empty()) {
            Some(position) if pages < 10 => at = format!("&position={}", crate::stand::escaped(position)),
            _ => break,
        }
    }
    let too_many = stand.read("GetResources", &id, "/resources?limit=501").await?;
    Ok(Finding::of(
        found == all,
        format!(
            "{all} resources on {pages} pages of 2: {found}; a limit of 501: {}",
            too_many.kind()
        ),
    ))
}

async fn reading_export_authorizers(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    // A user pool that is not there may be refused, and tells nothing of exports then.
    let with_cognito = super::put::authorized(stand, true);
    let put = stand.put(&id, &with_cognito).await?;
    let wanted = if put.cause.is_none() { 3 } else { 2 };
    if put.cause.is_some() {
        let without = super::put::authorized(stand, false);
        stand.put(&id, &without).await?.ok()?;
    }
    stand.settle(&id).await?;
    stand.serve(&id).await?;
    let mut whole = Vec::new();
    for extensions in ["apigateway", "apigateway,authorizers"] {
        let below = format!("/stages/{STAGE}/exports/oas30?extensions={extensions}");
        let export = stand.read("GetExport", &id, &below).await?;
        let schemes = export.json["components"]["securitySchemes"].as_object();
        let has = |key: &str| schemes.map_or(0, |all| all.values().filter(|one| one.get(key).is_some()).count());
        whole.push((extensions, export.kind(), has("x-amazon-apigateway-authorizer")));
    }
    let said: Vec<String> = whole
        .iter()
        .map(|(extensions, kind, count)| format!("`{extensions}` ({kind}) has {count} of {wanted}"))
        .collect();
    Ok(Finding::of(whole[1].2 == wanted, said.join("; ")))
}

async fn reading_export_fields(stand: &mut Stand) -> Result<Finding, Stopped> {
    let id = stand.api().await?;
    let fields = json!({
        "cacheKeyParameters": ["method.request.path.b"],
        "cacheNamespace": "probe",
        "tlsConfig": {"insecureSkipVerification": true},
        "timeoutInMillis": 5000,
        "passthroughBehavior": "never",
        "responseTransferMode": "BUFFERED",
    });
    let mut method = documents::with_parameter(documents::mock("15"), "b");
    let mut integration = fields.clone();
    integration["type"] = "http_proxy".into();
    integration["httpMethod"] = "GET".into();
    integration["uri"] = "https://probe.example/a/{b}".into();
    integration["requestParameters"] = json!({"integration.request.path.b": "method.request.path.b"});
    method["x-amazon-apigateway-integration"] = integration;
    let mut document = documents::base("15");
    document["paths"]["/a/{b}"]["get"] = method;
    let put = stand.put(&id, &document).await?.ok()?;
    let warnings = put.json["warnings"].clone();
    stand.settle(&id).await?;
    stand.serve(&id).await?;
    let resources = stand.resources(&id).await?.ok()?.items();
    let of = |resource: &&Value| resource["path"] == "/a/{b}";
    let shown = resources.iter().find(of).cloned().unwrap_or_default();
    let shown = &shown["resourceMethods"]["GET"]["methodIntegration"];
    let below = format!("/stages/{STAGE}/exports/oas30?extensions=apigateway");
    let export = stand.read("GetExport", &id, &below).await?.ok()?;
    let exported = &export.json["paths"]["/a/{b}"]["get"]["x-amazon-apigateway-integration"];
    let names = fields.as_object().into_iter().flat_map(|fields| fields.keys());
    let there = |place: &Value| -> Vec<String> {
        names
            .clone()
            .filter(|name| place.get(name.as_str()).is_some())
            .cloned()
            .collect()
    };
    let (shown, exported) = (there(shown), there(exported));
    let left_out: Vec<&str> = shown
        .iter()
        .filter(|name| !exported.contains(name))
        .map(String::as_str)
        .collect();
    Ok(Finding::of(
        left_out.is_empty() && !shown.is_empty(),
        format!(
            "GetResources shows [{}]; the export leaves out [{}]; warnings {warnings}",
            shown.join(", "),
            left_out.join(", ")
        ),
    ))
}
