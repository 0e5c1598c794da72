//! The files that commands read, and where they are when nobody says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use bluegate_core::Mode;
use bluegate_core::types::{self, Schemas};

use crate::failure::Failure;
use crate::inputs::{Inputs, Options, Unset, Variables, in_environment};
use crate::terminal::Terminal;

/// A file that is looked for when nobody names it.
struct Wanted {
    what: &'static str,
    option: &'static str,
    names: &'static [&'static str],
}

const ROUTES: Wanted = Wanted {
    what: "routes file",
    option: "--routes",
    names: &["routes.json", "routes.yaml", "routes.yml"],
};

const AWS: Wanted = Wanted {
    what: "AWS file",
    option: "--aws-config",
    names: &["aws.config.json"],
};

impl Wanted {
    /// The file that is named, else the one that is there.
    fn find(&self, named: Option<&Path>, terminal: &mut Terminal) -> Result<Option<PathBuf>, Failure> {
        if let Some(named) = named {
            return Ok(Some(named.to_owned()));
        }
        let is_there = |name: &&&str| Path::new(name).symlink_metadata().is_ok();
        let there: Vec<&&str> = self.names.iter().filter(is_there).collect();
        if let [one, other, ..] = there.as_slice() {
            let message = format!("`{one}` and `{other}` are both in this folder");
            let help = format!("say which one is meant, such as with `{} {one}`", self.option);
            return Err(Failure::new("two_files", message).with_help(help));
        }
        let found = there.first().map(|name| {
            terminal.step("Using", name);
            PathBuf::from(name)
        });
        Ok(found)
    }

    /// The same where nothing goes without.
    fn need(&self, named: Option<&Path>, terminal: &mut Terminal) -> Result<PathBuf, Failure> {
        self.find(named, terminal)?.ok_or_else(|| {
            let names = self.names.join("`, `");
            let message = format!("there is no {} in this folder: looked for `{names}`", self.what);
            let option = self.option;
            Failure::new("no_file", message).with_help(format!(
                "name it with `{option}`, or begin a project with `bluegate init`"
            ))
        })
    }
}

/// How a routes file is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) mode: Mode,
    /// What becomes of a variable that has no value.
    pub(crate) unset: Unset,
    /// What the schemas of types are for.
    pub(crate) schemas: Schemas,
}

impl Reading {
    /// For people and their clients.
    pub(crate) fn for_readers(unset: Unset) -> Self {
        Self {
            mode: Mode::Strict,
            unset,
            schemas: Schemas::Whole,
        }
    }

    /// For API Gateway.
    pub(crate) fn of(mode: Mode, unset: Unset) -> Self {
        Self {
            mode,
            unset,
            schemas: Schemas::Models,
        }
    }
}

#[derive(Debug, Clone, clap::Args)]
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

    /// Do without a types file, even when there is one
    ///
    /// `routes.types.json` beside `routes.json` says what the types of the handlers take and give; a test of the service
    /// writes it.
    ///
    /// Example: `--no-types`
    #[arg(long)]
    no_types: bool,
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
        ROUTES.need(self.routes.as_deref(), terminal)
    }

    /// The same for a command that does without.
    pub(crate) fn path_if_any(&self, terminal: &mut Terminal) -> Result<Option<PathBuf>, Failure> {
        ROUTES.find(self.routes.as_deref(), terminal)
    }

    /// Reads it, the types file beside it and perhaps an AWS file.
    pub(crate) fn read(&self, routes: &Path, aws: Option<&Path>, reading: Reading, terminal: &Terminal) -> Inputs {
        let options = self.options(routes, reading);
        if let Some(types) = &options.types {
            terminal.step("Using", &types.display().to_string());
        }
        Inputs::read(routes, aws, options)
    }

    fn options(&self, routes: &Path, reading: Reading) -> Options {
        let Reading { mode, unset, schemas } = reading;
        let types = types::beside(routes);
        // The document of the original knows of no types.
        let is_used = mode == Mode::Strict && !self.no_types && types.symlink_metadata().is_ok();
        let variables = Variables {
            given: self.variables.iter().cloned().collect(),
            unset,
        };
        Options {
            mode,
            variables,
            types: is_used.then_some(types),
            schemas,
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
        AWS.need(self.aws_config.as_deref(), terminal)
    }

    /// The same for what does without.
    pub(crate) fn path_if_any(&self, terminal: &mut Terminal) -> Result<Option<PathBuf>, Failure> {
        AWS.find(self.aws_config.as_deref(), terminal)
    }
}

/// The files of a command that calls nobody.
#[derive(Debug, Clone, clap::Args)]
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
    /// The routes file, and the AWS file when it is there.
    pub(crate) fn paths(&self, terminal: &mut Terminal) -> Result<(PathBuf, Option<PathBuf>), Failure> {
        let routes = self.routes.path(terminal)?;
        let aws = match self.no_aws_config {
            true => None,
            false => AWS.find(self.aws_config.as_deref(), terminal)?,
        };
        Ok((routes, aws))
    }

    /// Where an AWS file is found without being named, once it is there.
    pub(crate) fn aws_by_name(&self) -> Option<PathBuf> {
        let is_looked_for = !self.no_aws_config && self.aws_config.is_none();
        AWS.names.first().filter(|_| is_looked_for).map(PathBuf::from)
    }

    /// Reads both once more, wherever they are, and tells nobody which.
    pub(crate) fn read_at(&self, routes: &Path, aws: Option<&Path>, reading: Reading) -> Inputs {
        Inputs::read(routes, aws, self.routes.options(routes, reading))
    }

    /// Says the same to another run of this command. Values go into its environment, where nobody else sees them.
    pub(crate) fn pass_on(&self, command: &mut tokio::process::Command) {
        let named = |name: &str, file: &Option<PathBuf>| file.clone().map(|file| [OsString::from(name), file.into()]);
        let files = [
            named("--routes", &self.routes.routes),
            named("--aws-config", &self.aws_config),
        ];
        command.args(files.into_iter().flatten().flatten());
        command.args(self.routes.no_types.then_some("--no-types"));
        let variables = self.routes.variables.iter();
        command.envs(variables.map(|(name, value)| (in_environment(name), value)));
    }

    /// Whether an AWS file is read when it is there.
    pub(crate) fn takes_aws(&self) -> bool {
        !self.no_aws_config
    }

    /// Reads both, the AWS file when it is there or needed.
    pub(crate) fn read(&self, reading: Reading, needs_aws: bool, terminal: &mut Terminal) -> Result<Inputs, Failure> {
        let (routes, mut aws) = self.paths(terminal)?;
        if needs_aws && aws.is_none() {
            aws = Some(AWS.need(self.aws_config.as_deref(), terminal)?);
        }
        Ok(self.routes.read(&routes, aws.as_deref(), reading, terminal))
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
