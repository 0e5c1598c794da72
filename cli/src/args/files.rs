//! The files that commands read, and where they are when nobody says.

use std::path::{Path, PathBuf};

use bluegate_core::Mode;

use crate::failure::Failure;
use crate::inputs::{Inputs, Unset, Variables};
use crate::terminal::Terminal;

const ROUTES: [&str; 3] = ["routes.json", "routes.yaml", "routes.yml"];
const AWS: [&str; 1] = ["aws.config.json"];

#[derive(Debug, clap::Args)]
pub(crate) struct RoutesArg {
    /// The routes file, JSON or YAML
    ///
    /// Default: `routes.json`, or the one of `routes.yaml` and `routes.yml` that is in this folder.
    ///
    /// Example: `--routes api/routes.json`
    #[arg(long, value_name = "FILE")]
    routes: Option<PathBuf>,

    /// A value for a variable of the routes file, `${var.NAME}`
    ///
    /// May be given more than once. It wins over BLUEGATE_VAR_NAME in the environment, and that over `variables` of the
    /// AWS file.
    ///
    /// Example: `--var user_pool=arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a1B2c3D4e`
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = assignment)]
    variables: Vec<(String, String)>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write the name, an equals sign and the value".to_owned()),
    }
}

impl RoutesArg {
    /// The file that is named, else the one that is there.
    pub(crate) fn path(&self, terminal: &mut Terminal) -> Result<PathBuf, Failure> {
        needed(self.path_if_any(terminal)?, &ROUTES, "routes", "routes file")
    }

    /// The same for a command that does without.
    pub(crate) fn path_if_any(&self, terminal: &mut Terminal) -> Result<Option<PathBuf>, Failure> {
        named_or_there(self.routes.as_deref(), &ROUTES, "routes", terminal)
    }

    /// The values of its variables, and what becomes of one that has none.
    pub(crate) fn variables(&self, unset: Unset) -> Variables {
        Variables {
            given: self.variables.iter().cloned().collect(),
            unset,
        }
    }

    /// Whether somebody named it.
    pub(crate) fn is_named(&self) -> bool {
        self.routes.is_some()
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct AwsArg {
    /// The AWS file: region, API, stage, and keys if they must stand there
    ///
    /// Default: `aws.config.json` in this folder. Without keys in it, the credentials are those of the environment, a
    /// profile, SSO, the container or the instance, as with any AWS tool. AWS_ENDPOINT_URL is honoured.
    ///
    /// Example: `--aws-config prod.config.json`
    #[arg(long, value_name = "FILE")]
    aws_config: Option<PathBuf>,
}

impl AwsArg {
    /// The file that is named, else the one that is there.
    pub(crate) fn path(&self, terminal: &mut Terminal) -> Result<PathBuf, Failure> {
        needed(self.path_if_any(terminal)?, &AWS, "aws-config", "AWS file")
    }

    /// The same for what does without.
    pub(crate) fn path_if_any(&self, terminal: &mut Terminal) -> Result<Option<PathBuf>, Failure> {
        named_or_there(self.aws_config.as_deref(), &AWS, "aws-config", terminal)
    }
}

/// The files of a command that calls nobody.
#[derive(Debug, clap::Args)]
pub(crate) struct Files {
    #[command(flatten)]
    routes: RoutesArg,

    /// The AWS file: name, baseEndpointURL and stage go into the document
    ///
    /// Default: `aws.config.json` in this folder, when it is there. Values in it are never shown.
    ///
    /// Example: `--aws-config prod.config.json`
    #[arg(long, value_name = "FILE")]
    aws_config: Option<PathBuf>,

    /// Do without an AWS file, even when there is one
    ///
    /// Then integrations call `https://${stageVariables.backend}`.
    ///
    /// Example: `--no-aws-config`
    #[arg(long, conflicts_with = "aws_config")]
    no_aws_config: bool,
}

impl Files {
    /// Reads both, the AWS file when it is there or needed.
    pub(crate) fn read(
        &self,
        mode: Mode,
        needs_aws: bool,
        unset: Unset,
        terminal: &mut Terminal,
    ) -> Result<Inputs, Failure> {
        let routes = self.routes.path(terminal)?;
        let mut aws = None;
        if !self.no_aws_config {
            aws = named_or_there(self.aws_config.as_deref(), &AWS, "aws-config", terminal)?;
        }
        if needs_aws {
            aws = Some(needed(aws, &AWS, "aws-config", "AWS file")?);
        }
        Ok(Inputs::read(
            &routes,
            aws.as_deref(),
            mode,
            self.routes.variables(unset),
        ))
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Compat {
    /// Take and write what ct-api-gateway-deployer 1.1.4 takes and writes
    ///
    /// What it tolerates is a warning instead of an error, such as the same route twice. The document needs an AWS
    /// file, since that decides about every integration.
    ///
    /// Example: `--compat`
    #[arg(long)]
    pub(crate) compat: bool,
}

impl Compat {
    pub(crate) fn mode(&self) -> Mode {
        if self.compat { Mode::Compat } else { Mode::Strict }
    }
}

fn named_or_there(
    named: Option<&Path>,
    names: &[&str],
    option: &str,
    terminal: &mut Terminal,
) -> Result<Option<PathBuf>, Failure> {
    if let Some(named) = named {
        return Ok(Some(named.to_owned()));
    }
    let there: Vec<&&str> = names
        .iter()
        .filter(|name| Path::new(name).symlink_metadata().is_ok())
        .collect();
    match there.as_slice() {
        [] => Ok(None),
        [one] => {
            terminal.step("Using", one);
            Ok(Some(PathBuf::from(one)))
        }
        [one, other, ..] => Err(
            Failure::new("two_files", format!("`{one}` and `{other}` are both in this folder"))
                .with_help(format!("say which one is meant, such as with `--{option} {one}`")),
        ),
    }
}

fn needed(path: Option<PathBuf>, names: &[&str], option: &str, what: &str) -> Result<PathBuf, Failure> {
    path.ok_or_else(|| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        Failure::new(
            "no_file",
            format!("there is no {what} in this folder: looked for {}", names.join(", ")),
        )
        .with_help(format!(
            "name it with `--{option}`, or begin a project with `bluegate init`"
        ))
    })
}
