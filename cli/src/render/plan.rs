//! A plan for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use bluegate_core::lint::{MAX_DOCUMENT_BYTES, MAX_POLICY, MAX_RESOURCES};
use bluegate_deploy::plan::{Action, Drift, Plan, Server, StagePlan};

use super::difference::{HEAD, NEW, OTHER, changes, details, routes};

const BAD: Style = AnsiColor::Red.on_default().bold();

/// The plan as text; the caller removes colours that nobody wants.
pub(crate) fn plan_text(plan: &Plan) -> String {
    let mut text = String::new();
    let api = plan
        .rest_api_id
        .as_ref()
        .map_or_else(|| "is created".to_owned(), |id| format!("({id})"));
    let _ = writeln!(text, "{HEAD}API{HEAD:#} `{}` {api}", plan.name);
    if let Some(caller) = &plan.caller {
        let _ = writeln!(text, "{HEAD}Account{HEAD:#} {}, as {}", caller.account, caller.arn);
    }
    let _ = writeln!(text, "{HEAD}Stage{HEAD:#} {}", stage(&plan.stage));
    for other in &plan.other_stages {
        let _ = writeln!(text, "      {}", stage(other));
    }
    match plan.action {
        Action::Nothing { served_by } => {
            let server = server(served_by);
            let _ = writeln!(
                text,
                "\nNothing to do: {server} serves this document, and nobody touched the draft."
            );
            notes(&mut text, plan);
            return text;
        }
        Action::StageSettings => {
            guards(&mut text, plan);
            stage_settings(&mut text, plan);
            permissions(&mut text, plan);
            notes(&mut text, plan);
            return text;
        }
        Action::CanaryPercent(_) | Action::Replace(_) | Action::Create(_) => {}
    }
    guards(&mut text, plan);
    routes(&mut text, &plan.routes);
    if let Some(access) = &plan.access {
        let counts = (access.added.len(), access.removed.len(), access.changed.len());
        let _ = writeln!(
            text,
            "\n{HEAD}Against what the stage serves{HEAD:#}, by who may call and who answers, which is all that AWS tells of it: \
             {} added, {} removed, {} changed",
            counts.0, counts.1, counts.2
        );
        // Without edits the draft is what is served, and the routes above say all there is.
        if plan.drift != Drift::None {
            details(&mut text, access);
        }
    }
    if !plan.settings.is_empty() {
        let _ = writeln!(text, "\n{HEAD}Settings{HEAD:#}");
        changes(&mut text, &plan.settings, "  ");
    }
    stage_settings(&mut text, plan);
    permissions(&mut text, plan);
    section(
        &mut text,
        "Carried over, since an overwrite would reset it",
        NEW,
        "=",
        plan.carried_over.iter(),
    );
    let limits = &plan.limits;
    let _ = writeln!(
        text,
        "\n{HEAD}Limits{HEAD:#}: {} of {MAX_RESOURCES} resources, {} of {MAX_DOCUMENT_BYTES} bytes of document, {} of \
         {MAX_POLICY} characters of policy; about {} calls, {} s",
        limits.resources, limits.document_bytes, limits.policy_characters, limits.calls, limits.seconds
    );
    for exceeded in &limits.exceeded {
        let _ = writeln!(text, "  {BAD}!{BAD:#} {exceeded}");
    }
    notes(&mut text, plan);
    text
}

/// What serves the document already, in words.
pub(crate) fn server(server: Server) -> &'static str {
    match server {
        Server::Stage => "the stage",
        Server::Canary => "the canary of the stage",
    }
}

/// What matters for security, and what is refused.
fn guards(text: &mut String, plan: &Plan) {
    section(text, "Security", BAD, "!", plan.security.iter());
    let refusals: Vec<String> = plan
        .refusals
        .iter()
        .map(|refusal| match refusal.flag {
            Some(flag) => format!("{} ({flag} permits it)", refusal.reason),
            None => refusal.reason.clone(),
        })
        .collect();
    section(text, "Refused", BAD, "x", refusals.iter());
}

fn stage_settings(text: &mut String, plan: &Plan) {
    if !plan.stage.changes.is_empty() {
        let _ = writeln!(text, "\n{HEAD}Settings of the stage{HEAD:#}");
        changes(text, &plan.stage.changes, "  ");
    }
}

fn permissions(text: &mut String, plan: &Plan) {
    if !plan.permissions.is_empty() {
        let _ = writeln!(text, "\n{HEAD}Who may call functions{HEAD:#}");
    }
    for one in &plan.permissions {
        let _ = writeln!(text, "  {}", one.function);
        for call in &one.added {
            let _ = writeln!(text, "    {NEW}+{NEW:#} {call}");
        }
        for statement in &one.removed {
            let _ = writeln!(text, "    {BAD}-{BAD:#} {statement}");
        }
    }
}

fn notes(text: &mut String, plan: &Plan) {
    section(text, "Notes", OTHER, "*", plan.notes.iter());
}

fn stage(stage: &StagePlan) -> String {
    let serves = match (&stage.serves, stage.exists) {
        (Some(id), _) => format!("serves the deployment {id}"),
        (None, true) => "serves nothing".to_owned(),
        (None, false) => "is created".to_owned(),
    };
    let canary = stage.canary.as_ref().map_or_else(String::new, |canary| {
        let id = canary.serves.as_deref().unwrap_or("nothing");
        format!(", {} % of the traffic goes to {id}", canary.percent)
    });
    format!("`{}` {serves}{canary}", stage.name)
}

fn section<'a>(
    text: &mut String,
    title: &str,
    style: Style,
    sign: &str,
    lines: impl ExactSizeIterator<Item = &'a String>,
) {
    if lines.len() == 0 {
        return;
    }
    let _ = writeln!(text, "\n{HEAD}{title}{HEAD:#}");
    for line in lines {
        let _ = writeln!(text, "  {style}{sign}{style:#} {line}");
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::gateway::{Change, Changed, Definition, Difference, Key};
    use bluegate_deploy::carry::Kept;
    use bluegate_deploy::plan::{FunctionPlan, Limits, Overwrite, Refusal};

    use super::*;

    #[test]
    fn what_matters_most_comes_first_and_a_refusal_names_its_flag() {
        let key = |verb: &str| Key {
            path: "/users".into(),
            verb: verb.into(),
        };
        let mut plan = Plan {
            caller: None,
            action: Action::Replace(Box::new(Overwrite {
                expected: bluegate_deploy::api::RestApi::default(),
                body: String::new(),
                desired: Definition::default(),
                kept: Kept::default(),
                canary: None,
            })),
            rest_api_id: Some("abc".into()),
            name: "Shop".into(),
            security: vec!["GET /users becomes public".into()],
            refusals: vec![Refusal {
                reason: "somebody edited the API".into(),
                flag: Some("--allow-drift"),
            }],
            stage: StagePlan {
                name: "dev".into(),
                exists: true,
                serves: Some("d1".into()),
                canary: None,
                changes: Vec::new(),
            },
            other_stages: Vec::new(),
            routes: Difference {
                added: vec![key("DELETE")],
                removed: Vec::new(),
                changed: vec![Changed {
                    route: key("GET"),
                    changes: vec![Change {
                        field: "authorization".into(),
                        from: Some("AWS_IAM".into()),
                        to: Some("NONE".into()),
                    }],
                }],
            },
            access: None,
            settings: Vec::new(),
            permissions: vec![FunctionPlan {
                function: "arn:aws:lambda:eu-west-1:123456789012:function:shop".into(),
                added: vec!["dev/GET/users".into()],
                removed: vec!["bluegate-abc-dev-0123456789ab".into()],
                is_wide: false,
                is_full: false,
            }],
            carried_over: vec!["the policy".into()],
            waiting: Vec::new(),
            drift: Drift::Edited,
            limits: Limits {
                resources: 3,
                document_bytes: 1200,
                policy_characters: 0,
                calls: 36,
                seconds: 9,
                exceeded: Vec::new(),
            },
            notes: vec!["the setting is not live".into()],
        };
        let text = anstream::adapter::strip_str(&plan_text(&plan)).to_string();
        let order: Vec<usize> = [
            "Security",
            "Refused",
            "Routes",
            "Who may call",
            "Carried over",
            "Limits",
            "Notes",
        ]
        .iter()
        .map(|word| text.find(word).unwrap_or_else(|| panic!("{word} is not in {text}")))
        .collect();
        assert!(order.is_sorted(), "{text}");
        assert!(
            text.contains("function:shop\n    + dev/GET/users\n    - bluegate-abc-dev-"),
            "{text}"
        );
        assert!(text.contains("authorization: AWS_IAM -> NONE"), "{text}");
        assert!(text.contains("(--allow-drift permits it)"), "{text}");
        assert!(text.contains("* the setting is not live"), "{text}");
        // The stage serves the document already.
        plan.action = Action::StageSettings;
        let text = anstream::adapter::strip_str(&plan_text(&plan)).to_string();
        assert!(text.contains("GET /users becomes public"), "{text}");
        assert!(text.contains("(--allow-drift permits it)"), "{text}");
    }
}
