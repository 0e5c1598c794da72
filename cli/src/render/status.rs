//! How an API stands, for people.

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use bluegate_deploy::plan::Drift;
use bluegate_deploy::sdk::Destination;
use bluegate_deploy::view::{Entry, StageStatus, Status};

const HEAD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const CARE: Style = AnsiColor::Yellow.on_default().bold();

fn line(text: &mut String, title: &str, style: Style, rest: &str) {
    let _ = writeln!(text, "{HEAD}{title:<12}{HEAD:#} {style}{rest}{style:#}");
}

/// How an API stands, as text; the caller removes colours that nobody wants.
pub(crate) fn status_text(status: &Status, at: &Destination, routes: Option<&Path>) -> String {
    let plain = Style::new();
    let mut text = String::new();
    let account = at
        .account_id
        .as_ref()
        .map_or_else(String::new, |id| format!(", account {id}"));
    let state = match status.state.as_deref() {
        None | Some("AVAILABLE") => String::new(),
        Some(state) => format!(", {state}"),
    };
    let api = format!(
        "`{}` ({}) in {}{account}{state}",
        status.name, status.rest_api_id, at.region
    );
    line(&mut text, "API", plain, &api);
    if status.stages.is_empty() {
        line(&mut text, "Stages", CARE, "none: nothing is served");
    }
    for (nth, one) in status.stages.iter().enumerate() {
        line(&mut text, if nth == 0 { "Stages" } else { "" }, plain, &stage(one));
    }
    line(&mut text, "Deployments", plain, &status.deployments.to_string());
    let (style, draft) = match status.drift {
        Drift::None => (GOOD, "is what was deployed"),
        Drift::Unknown if status.deployments == 0 => (plain, "was never deployed"),
        Drift::Unknown => (CARE, "nobody knows: no deployment says what it was made of"),
        Drift::Edited => (CARE, "somebody edited it since the last deployment"),
        Drift::Interrupted => (CARE, "is what an interrupted or undone run left"),
    };
    line(&mut text, "Draft", style, draft);
    if let Some(lock) = &status.lock {
        let (style, words) = match (lock.seconds, lock.begun) {
            (0, true) => (
                CARE,
                format!("the run {} ended early, after it had begun to write", lock.run),
            ),
            (0, false) => (plain, format!("the run {} left it, and it expired", lock.run)),
            (seconds, _) => (
                CARE,
                format!("the run {} has the API, for {seconds} s at most", lock.run),
            ),
        };
        line(&mut text, "Lock", style, &words);
    }
    if let Some(running) = &status.interrupted {
        let words = format!("the run {} died here; the last it did: {}", running.run, running.step);
        line(&mut text, "Journal", CARE, &words);
    }
    if let (Some(local), Some(path)) = (&status.routes, routes) {
        let path = path.display();
        let (style, words) = if local.served_by.is_empty() {
            (CARE, format!("no stage serves the document of {path}"))
        } else {
            (
                GOOD,
                format!("{} serve the document of {path}", local.served_by.join(", ")),
            )
        };
        line(&mut text, "Routes file", style, &words);
    }
    match status.next_deploy.as_slice() {
        [] => line(&mut text, "Next deploy", GOOD, "nothing stands in its way"),
        lines => {
            for (nth, one) in lines.iter().enumerate() {
                line(&mut text, if nth == 0 { "Next deploy" } else { "" }, CARE, one);
            }
        }
    }
    text
}

fn stage(stage: &StageStatus) -> String {
    let mut text = format!("`{}` ", stage.name);
    match (&stage.serves, &stage.deployment) {
        (None, _) => text.push_str("serves nothing"),
        (Some(id), None) => text.push_str(&format!("serves {id}")),
        (Some(_), Some(entry)) => text.push_str(&format!("serves {}", deployment(entry))),
    }
    if let Some(canary) = &stage.canary {
        let id = canary.serves.as_deref().unwrap_or("nothing");
        text.push_str(&format!("; {} % of the traffic goes to {id}", canary.percent));
    }
    if let Some(updated) = &stage.updated {
        text.push_str(&format!("; updated {updated}"));
    }
    text
}

fn deployment(entry: &Entry) -> String {
    let facts: Vec<String> = [
        entry.created.clone(),
        entry.commit.as_ref().map(|commit| format!("commit {commit}")),
        entry.by.as_ref().map(|by| format!("by {by}")),
        entry.digest.is_none().then(|| "not made by bluegate".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    format!("{} ({})", entry.id, facts.join(", "))
}
