//! `bluegate diff`.

use std::path::Path;

use anstyle::Style;
use bluegate_core::aws::{Needs, Service};
use bluegate_core::gateway::Definition;
use bluegate_core::{Source, read_value};
use bluegate_deploy::api::{ApiGateway, RestApi, Stage};
use bluegate_deploy::read::{read_deployments, read_draft, served};
use bluegate_deploy::view::{Comparison, Side};
use bluegate_deploy::{RunError, State};
use serde::Serialize;

use crate::args::{Compat, Output, RoutesArg, StageArg};
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::inputs::Inputs;
use crate::render::{Findings, conceal, difference_text};
use crate::terminal::Terminal;

use super::api::Reach;

/// Show what differs between two versions of an API
///
/// A version is `draft`, `file`, `stage` (the one of the AWS file), `stage:NAME` or the bare name of a stage, the id of
/// a deployment, or the path of an OpenAPI document on disk. Order, ids and spellings that mean the same are no
/// difference. Nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "no difference",
    "no comparison: no such version, errors in files, an error of AWS",
    &[Exit::Changes]
))]
pub(crate) struct Args {
    /// The version on the left
    #[arg(value_name = "A")]
    from: String,

    /// The version on the right
    #[arg(value_name = "B")]
    to: String,

    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    routes: RoutesArg,

    #[command(flatten)]
    compat: Compat,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate diff stage file
  bluegate diff dev prod --aws-config prod.config.json
  bluegate diff k3v9x1 draft
  bluegate diff prod swagger.yml --format json

Of a deployment that no stage serves AWS tells who may call what, and no more: then nothing else is compared.";

const DRAFT: &str = "the draft";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Version<'a> {
    Draft,
    File,
    Stage(&'a str),
    /// A stage or a deployment.
    Named(&'a str),
    Document(&'a Path),
}

impl<'a> Version<'a> {
    fn of(text: &'a str, stage: &'a str) -> Self {
        let path = Path::new(text);
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        let is_document = extension.is_some_and(|one| ["json", "yml", "yaml"].iter().any(|known| one == *known));
        match text {
            "draft" => Version::Draft,
            "file" => Version::File,
            "stage" => Version::Stage(stage),
            _ if is_document || text.contains(['/', '\\']) => Version::Document(path),
            _ => match text.strip_prefix("stage:") {
                Some(name) => Version::Stage(name),
                None => Version::Named(text),
            },
        }
    }
}

/// What `--format json` prints.
#[derive(Debug, Serialize)]
struct Outcome<'a> {
    same: bool,
    #[serde(flatten)]
    comparison: &'a Comparison,
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let aws = args.reach.aws.path(terminal)?;
    let stage = args.stage.stage.as_deref();
    let names = |name: &str| [&args.from, &args.to].into_iter().any(|side| side == name);
    let mut file = None;
    let mut inputs = None;
    if names("file") {
        let routes = args.routes.path(terminal)?;
        let inputs = inputs.insert(Inputs::read(&routes, Some(&aws), args.compat.mode()));
        let environment = inputs.resolve(stage, Needs::Nothing);
        file = inputs.document(environment.as_ref()).map(|document| Side {
            name: format!("the file {}", routes.display()),
            definition: Definition::from(&document),
            policy: None,
            access_only: false,
        });
    }
    let inputs = inputs.unwrap_or_else(|| Inputs::of_aws(&aws));
    let needs = if names("stage") { Needs::Stage } else { Needs::Api };
    let api = args.reach.open_with(inputs, stage, needs, terminal)?;
    let versions = [&args.from, &args.to].map(|text| Version::of(text, &api.stage));
    let mut local = Vec::new();
    for version in &versions {
        local.push(match version {
            Version::File => file.clone(),
            Version::Document(path) => Some(read_document(path)?),
            _ => None,
        });
    }
    let mut rest_api_id = String::new();
    if local.iter().any(Option::is_none) {
        rest_api_id = api.read(None, terminal, async |deployer, watcher| {
            let found = deployer.find(watcher).await?;
            let gateway = deployer.gateway();
            let stages = gateway.get_stages(&found.id).await?;
            for (side, version) in local.iter_mut().zip(&versions) {
                if side.is_none() {
                    *side = Some(remote(gateway, version, &found, &stages, api.at.service).await?);
                }
            }
            Ok(found.id)
        })?;
    }
    let sides: Vec<Side> = local.into_iter().flatten().collect();
    let [from, to] = sides.as_slice() else {
        return Err(Failure::new("diff", "there are not two versions").into());
    };
    let is_exported = |side: &Side| side.policy.is_some() && side.name != DRAFT;
    if api.is_emulated() && [from, to].into_iter().any(is_exported) {
        terminal.note("what an emulator exports is not always what it serves");
    }
    let comparison = Comparison::between(from, to, &rest_api_id);
    if comparison.access_only {
        terminal.note("AWS tells no more of a deployment that no stage serves than who may call what");
    }
    let outcome = Outcome {
        same: comparison.is_empty(),
        comparison: &comparison,
    };
    args.output.print(&text(&comparison), &outcome, terminal)?;
    Ok(if comparison.is_empty() {
        Exit::Done
    } else {
        Exit::Changes
    })
}

/// A document on disk, with all that is wrong with it.
fn read_document(path: &Path) -> Result<Side, Stop> {
    let mut findings = Findings::default();
    let name = path.display().to_string();
    let source = match Source::read(path) {
        Ok(source) => source,
        Err(error) => {
            findings.add_about(&name, *error);
            return Err(Stop::Findings(Box::new(findings)));
        }
    };
    let outcome = read_value(&source);
    let Some(document) = outcome.value.filter(|_| !outcome.diagnostics.has_errors()) else {
        findings.add(source, conceal(&outcome.diagnostics));
        return Err(Stop::Findings(Box::new(findings)));
    };
    let version = document.get("openapi").and_then(|version| version.as_str());
    if !version.is_some_and(|version| version.starts_with("3.")) {
        return Err(
            Failure::new("no_document", format!("`{name}` is no document of OpenAPI 3"))
                .with_help("`bluegate generate` and `bluegate export` write one; a routes file is compared as `file`")
                .into(),
        );
    }
    let document = serde_json::from_value(document).map_err(|error| {
        Failure::new(
            "no_document",
            format!("`{name}` is no document that API Gateway could import: {error}"),
        )
        .with_help("a template has to be filled in by its own tool before it is a document")
    })?;
    Ok(Side::of_document(format!("the document {name}"), &document))
}

async fn remote(
    gateway: &impl ApiGateway,
    version: &Version<'_>,
    api: &RestApi,
    stages: &[Stage],
    service: Service,
) -> Result<Side, RunError> {
    let is_stage = |name: &str| stages.iter().any(|stage| stage.name == name);
    match version {
        Version::Stage(name) if !is_stage(name) => Err(RunError::NoStage {
            stage: (*name).to_owned(),
            known: stages.iter().map(|stage| stage.name.clone()).collect(),
        }),
        Version::Named(name) if !is_stage(name) => deployment(gateway, api, stages, name).await,
        Version::Stage(name) | Version::Named(name) => exported(gateway, api, name, format!("the stage {name}")).await,
        // Those on this machine were read before.
        Version::Draft | Version::File | Version::Document(_) => {
            let draft = read_draft(gateway, &api.id, service).await?;
            Ok(Side {
                name: DRAFT.to_owned(),
                definition: Definition::of(&draft),
                policy: Some(api.policy.clone()),
                access_only: false,
            })
        }
    }
}

async fn exported(gateway: &impl ApiGateway, api: &RestApi, stage: &str, name: String) -> Result<Side, RunError> {
    let export = gateway.get_export(&api.id, stage).await?;
    let document = export.parse().map_err(|error| RunError::Check {
        reason: format!("what the stage `{stage}` exports is no document: {error}"),
        state: State::Untouched,
    })?;
    Ok(Side::of_document(name, &document))
}

/// A deployment: by the export of a stage that serves it, or else by what AWS tells of it.
async fn deployment(gateway: &impl ApiGateway, api: &RestApi, stages: &[Stage], id: &str) -> Result<Side, RunError> {
    let name = format!("the deployment {id}");
    let serving = stages.iter().find(|stage| stage.deployment_id.as_deref() == Some(id));
    if let Some(stage) = serving {
        return exported(gateway, api, &stage.name, name).await;
    }
    let all = read_deployments(gateway, &api.id).await?;
    if !all.iter().any(|one| one.id == id) {
        return Err(RunError::NoDeployment {
            id: Some(id.to_owned()),
            known: all.into_iter().map(|one| one.id).collect(),
        });
    }
    let known = served(&gateway.get_deployment(&api.id, id).await?);
    let definition = known.ok_or_else(|| RunError::Check {
        reason: format!("the service tells nothing of the deployment {id}, which no stage serves"),
        state: State::Untouched,
    })?;
    Ok(Side {
        name,
        definition,
        policy: None,
        access_only: true,
    })
}

fn text(comparison: &Comparison) -> String {
    let head = Style::new().bold();
    let mut text = format!(
        "From {head}{}{head:#} to {head}{}{head:#}\n",
        comparison.from, comparison.to
    );
    if comparison.is_empty() {
        text.push_str("\nNo difference.\n");
        return text;
    }
    text.push_str(&difference_text(&comparison.routes, &comparison.settings));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_apart_by_how_they_are_written() {
        for (text, version) in [
            ("draft", Version::Draft),
            ("file", Version::File),
            ("stage", Version::Stage("dev")),
            ("stage:draft", Version::Stage("draft")),
            ("prod", Version::Named("prod")),
            ("k3v9x1", Version::Named("k3v9x1")),
            ("swagger.YML", Version::Document(Path::new("swagger.YML"))),
            ("./draft", Version::Document(Path::new("./draft"))),
        ] {
            assert_eq!(Version::of(text, "dev"), version, "{text}");
        }
    }

    /// The document of some routes, as the fake and AWS take it.
    fn document(verbs: &[&str]) -> String {
        let operation = serde_json::json!({
            "responses": {},
            "security": [{"sigv4": []}],
            "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "https://b/"},
        });
        let methods: serde_json::Map<_, _> = verbs
            .iter()
            .map(|verb| ((*verb).to_owned(), operation.clone()))
            .collect();
        serde_json::json!({
            "openapi": "3.0.1",
            "info": {"title": "Shop"},
            "paths": {"/a": methods},
            "components": {"securitySchemes": {"sigv4": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}}},
        })
        .to_string()
    }

    #[tokio::test]
    async fn a_stage_is_read_from_its_export_and_an_old_deployment_from_what_aws_tells() {
        let fake = bluegate_deploy::fake::Fake::with_api("abc", "Shop");
        fake.edit("abc", |api| {
            api.put(&document(&["get"]));
            api.deploy("first");
            api.put(&document(&["get", "post"]));
            let second = api.deploy("second");
            let stage = Stage {
                name: "dev".into(),
                deployment_id: Some(second.id),
                ..Stage::default()
            };
            api.stages.insert("dev".into(), stage);
        });
        let api = fake.get_rest_api("abc").await.unwrap();
        let stages = fake.get_stages("abc").await.unwrap();
        let side = async |text: &str| remote(&fake, &Version::of(text, "dev"), &api, &stages, Service::Aws).await;
        let between = |one: &Side, other: &Side| Comparison::between(one, other, "abc");
        let draft = side("draft").await.unwrap();
        for served in ["stage", "dev", "stage:dev", "dep2"] {
            let served = side(served).await.unwrap();
            assert!(between(&draft, &served).is_empty(), "{served:?}");
            assert!(!served.access_only);
        }
        let old = between(&side("dep1").await.unwrap(), &draft);
        assert!(old.access_only);
        assert_eq!(old.routes.added[0].to_string(), "POST /a");
        assert!(old.routes.changed.is_empty(), "{old:?}");

        fake.edit("abc", |api| api.put(&document(&["get", "delete"])));
        let edited = between(&side("dev").await.unwrap(), &side("draft").await.unwrap());
        assert_eq!((edited.routes.added.len(), edited.routes.removed.len()), (1, 1));
        let unknown = side("dep9").await.unwrap_err();
        assert!(matches!(unknown, RunError::NoDeployment { known, .. } if known == ["dep2", "dep1"]));
        let nowhere = side("stage:prod").await.unwrap_err();
        assert!(matches!(nowhere, RunError::NoStage { known, .. } if known == ["dev"]));
    }
}
