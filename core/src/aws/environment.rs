//! What an AWS file means for one stage, computed once.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{AccessModeWord, AwsFile, EndpointEntry, Entries, Secret};
use crate::placeholder::has_placeholder;
use crate::resolve::Named;
use crate::span::{Span, Spanned};
use crate::tree::nearest;

use super::set;
use super::smokes::Smokes;
use super::stage_settings::StageSettings;

/// What a command has to know of an API on AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: a document has a variable for what is not known.
    Nothing,
    /// Which API it is.
    Api,
    /// One stage of it.
    Stage,
    /// All that a deployment to a stage needs. The stage has to be one of the file's.
    Deployment,
    /// The same for an API whose routes are all answered by others than the service: that one needs no address.
    DeploymentAlone,
}

impl Needs {
    /// Whether it is a deployment.
    #[must_use]
    pub fn is_deployment(self) -> bool {
        matches!(self, Needs::Deployment | Needs::DeploymentAlone)
    }

    /// Who needs it, as a message begins.
    fn who(self) -> &'static str {
        if self.is_deployment() { "deploying" } else { "this" }
    }
}

/// Static keys of an AWS file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The access key's id.
    pub access_key_id: Secret,
    /// The secret.
    pub secret_access_key: Secret,
    /// The token of temporary keys.
    pub session_token: Option<Secret>,
}

/// An API on AWS and a stage of it: what an AWS file and the command line mean. What they leave open is `None`, and no
/// text in it is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// The region; without one the environment and the profile of the AWS SDK are asked.
    pub region: Option<String>,
    /// The account that the API is in; without one, any.
    pub account_id: Option<String>,
    /// Keys; they win over everything else.
    pub keys: Option<Keys>,
    /// A profile of `~/.aws/config`; it wins over the variables of the process.
    pub profile: Option<String>,
    /// Whether somebody says that an emulator answers.
    pub emulator: bool,
    /// The API's id; without one it is found by its name.
    pub rest_api_id: Option<String>,
    /// The API's name.
    pub name: Option<String>,
    /// Where the service is, without a slash at its end.
    pub backend: Option<String>,
    /// The Lambda function that the service runs as.
    pub function: Option<String>,
    /// How the API is reached.
    pub endpoint: Endpoint,
    /// The stage.
    pub stage: Option<String>,
    /// Whether that is another one than the `stage` of the file.
    pub is_other_stage: bool,
    /// The path under which the API is called, without slashes around it, where it is not that of the stage.
    pub base_path: Option<String>,
    /// What is declared of the stage.
    pub stage_settings: StageSettings,
    /// What shows whether a deployment works.
    pub smoke: Smokes,
    /// What is filled in for `${var.NAME}` in the routes file, by name.
    pub variables: BTreeMap<String, String>,
}

impl Environment {
    /// Resolves an AWS file for a stage: the one of the command line, else the file's `stage`, else the only one of its
    /// `stages`. What [`read_aws`](crate::read_aws) checks is taken as checked.
    ///
    /// ```
    /// use bluegate_core::aws::{Environment, Needs};
    /// use bluegate_core::{Source, read_aws};
    ///
    /// let text = r#"{"apiGateway": {"name": "Shop", "rest_api_id": "", "stages": {"dev": {"tracing": true}}}}"#;
    /// let (file, _) = read_aws(&Source::new("aws.config.json", text).secret()).into_result().unwrap();
    /// let (shop, _) = Environment::resolve(&file, None, Needs::Stage).into_result().unwrap();
    /// assert_eq!(shop.stage.as_deref(), Some("dev"));
    /// assert_eq!(shop.rest_api_id, None);
    /// ```
    #[must_use]
    pub fn resolve(file: &AwsFile, stage: Option<&str>, needs: Needs) -> Outcome<Self> {
        let mut wanting = Wanting {
            file,
            needs,
            found: Diagnostics::new(),
        };
        let api = &file.api_gateway;
        let written = filled(api.stage.as_ref());
        let stage = stage.map(str::to_owned).or_else(|| written.clone()).or_else(|| {
            let mut names = api.stages.iter().flat_map(Entries::iter).map(|(name, _)| &name.value);
            names.next().filter(|_| names.next().is_none()).cloned()
        });
        let is_other_stage = stage != written;
        // It is the path of the other stage.
        let base_path = api.base_path.as_ref().filter(|_| !is_other_stage);
        let environment = Self {
            region: filled(file.region.as_ref()),
            account_id: filled(file.account_id.as_ref()),
            keys: keys(file),
            profile: filled(file.aws.as_ref().and_then(|aws| aws.profile.as_ref())),
            emulator: file.emulator.unwrap_or_default(),
            rest_api_id: filled(api.rest_api_id.as_ref()),
            name: filled(api.name.as_ref()),
            backend: filled(api.base_endpoint_url.as_ref()).map(|url| url.trim_end_matches('/').to_owned()),
            function: filled(api.function.as_ref()),
            endpoint: api.endpoint.as_ref().map(Endpoint::of).unwrap_or_default(),
            base_path: filled(base_path)
                .map(|path| path.trim_matches('/').to_owned())
                .filter(|path| !path.is_empty()),
            stage_settings: stage
                .as_ref()
                .and_then(|stage| api.stages.as_ref()?.get(stage))
                .map(StageSettings::of)
                .unwrap_or_default(),
            variables: file
                .variables
                .iter()
                .flat_map(Entries::iter)
                .filter_map(|(name, value)| Some((name.value.clone(), value.of(stage.as_deref())?.to_owned())))
                .collect(),
            stage,
            is_other_stage,
            smoke: Smokes::of(api),
        };
        wanting.check(&environment, written.as_deref());
        Outcome {
            value: (!wanting.found.has_errors() && !wanting.is_faulty(&environment)).then_some(environment),
            diagnostics: wanting.found.finish(),
        }
    }
}

/// How an API is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// Whether the address that API Gateway gives the API is switched off, if the file says it.
    pub is_disabled: Option<bool>,
    /// The VPC endpoints of a private API.
    pub vpc_endpoint_ids: Vec<String>,
    /// Which versions of TLS callers may use, if the file says it.
    pub security_policy: Option<String>,
    /// Whether callers must come by the name that their certificate is for, if the file says it.
    pub access_mode: Option<AccessModeWord>,
}

impl Endpoint {
    fn of(entry: &EndpointEntry) -> Self {
        let ids = entry.vpc_endpoint_ids.iter().flatten();
        Self {
            is_disabled: entry.disable_execute_api_endpoint,
            vpc_endpoint_ids: ids.map(|id| id.value.clone()).collect(),
            security_policy: filled(entry.security_policy.as_ref()),
            access_mode: entry.access_mode.as_ref().map(|word| word.value),
        }
    }
}

/// A setting that says something. A placeholder that nobody filled in is absent.
fn filled(setting: Option<&Spanned<String>>) -> Option<String> {
    set(setting).map(|text| text.trim().to_owned())
}

fn keys(file: &AwsFile) -> Option<Keys> {
    let aws = file.aws.as_ref()?;
    let key = |key: &Option<Spanned<Secret>>| {
        let text = key.as_ref()?.expose().trim();
        (!text.is_empty()).then(|| Secret::new(text))
    };
    Some(Keys {
        access_key_id: key(&aws.access_key_id)?,
        secret_access_key: key(&aws.secret_access_key)?,
        session_token: key(&aws.session_token),
    })
}

/// Collects what is missing.
struct Wanting<'a> {
    file: &'a AwsFile,
    needs: Needs,
    found: Diagnostics,
}

impl Wanting<'_> {
    fn check(&mut self, environment: &Environment, written: Option<&str>) {
        let api = &self.file.api_gateway;
        let is_deploying = self.needs == Needs::Deployment;
        if environment.stage.is_none() && (self.needs == Needs::Stage || self.needs.is_deployment()) {
            let help = "name the stage here, such as `\"stage\": \"dev\"`, or with `--stage`";
            self.missing("stage", api.stage.as_ref(), help);
        }
        if environment.backend.is_none() && environment.function.is_none() && is_deploying {
            let help = "say where the service runs, such as `\"baseEndpointURL\": \"https://backend.example.com/\"`";
            self.missing("baseEndpointURL", api.base_endpoint_url.as_ref(), help);
        }
        // A document may hold what somebody has still to replace.
        let is_early = !self.needs.is_deployment();
        if let Some(function) = set(api.function.as_ref())
            && Named::Function.refuses(function)
            && !(is_early && has_placeholder(function))
        {
            let (what, help) = Named::Function.words();
            let told = Diagnostic::new(Code::Arn, format!("`function` is not {what}"));
            let told = told.at(function.span).with_help(help);
            self.found.push(if is_early { told.as_warning() } else { told });
        }
        let is_unknown = environment.rest_api_id.is_none() && environment.name.is_none();
        if is_unknown && self.needs != Needs::Nothing && !api.faulty.contains(&"name") {
            let help = "give the id of the API, or its `name` to find it by that";
            self.missing("rest_api_id", api.rest_api_id.as_ref(), help);
        }
        // A stage that is on AWS already may be missing here: only those that are deployed to are declared.
        if let (Some(stage), Some(stages)) = (&environment.stage, &api.stages)
            && (self.needs == Needs::Nothing || self.needs.is_deployment())
            && stages.get(stage).is_none()
            && let Some((first, _)) = stages.iter().next()
            && !api.faulty.contains(&"stages")
        {
            let names: Vec<&str> = stages.iter().map(|(name, _)| name.as_str()).collect();
            let help = match nearest(stage, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? (its `stages` are {})", names.join(", ")),
                None => format!(
                    "its `stages` are {}; add this one, such as `\"{stage}\": {{}}`",
                    names.join(", ")
                ),
            };
            let is_written = written == Some(stage);
            let place = api
                .stage
                .as_ref()
                .filter(|_| is_written)
                .map_or(first.span, |stage| stage.span);
            let found = Diagnostic::new(Code::UndeclaredStage, format!("`stages` has no stage `{stage}`"));
            self.found.push(found.at(place).with_help(help));
        }
    }

    /// Says that a key of the section is missing.
    fn missing(&mut self, key: &str, value: Option<&Spanned<String>>, help: &str) {
        if self.was_told(key) {
            return;
        }
        // A placeholder that was never filled in has a place of its own, a missing key has none.
        let span = value.map_or(self.file.api_gateway.span, |value| value.span);
        let message = format!("{} needs `apiGateway.{key}`", self.needs.who());
        self.found
            .push(Diagnostic::new(Code::MissingSetting, message).at(span).with_help(help));
    }

    /// Whether a key is there but wrong, or its section is missing: that was reported where it stands.
    fn was_told(&self, key: &str) -> bool {
        let api = &self.file.api_gateway;
        api.faulty.contains(&key) || (self.file.faulty.contains(&"apiGateway") && api.span == Span::default())
    }

    /// Whether something is needed that an error of the file keeps from being known.
    fn is_faulty(&self, environment: &Environment) -> bool {
        let has_api = environment.rest_api_id.is_some() || environment.name.is_some();
        match self.needs {
            Needs::Nothing => false,
            Needs::Api => !has_api,
            Needs::Stage | Needs::DeploymentAlone => !has_api || environment.stage.is_none(),
            Needs::Deployment => {
                let has_service = environment.backend.is_some() || environment.function.is_some();
                !has_api || environment.stage.is_none() || !has_service
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read_aws};

    fn of(section: &str, stage: Option<&str>, needs: Needs) -> Outcome<Environment> {
        let text = format!("{{\n\"apiGateway\": {{{section}}}}}");
        let source = Source::new("aws.config.json", text).secret();
        Environment::resolve(&read_aws(&source).value.expect("an AWS file"), stage, needs)
    }

    fn deploying(section: &str) -> Outcome<Environment> {
        of(section, None, Needs::Deployment)
    }

    #[test]
    fn every_missing_setting_is_told_at_once() {
        let found = deploying("").diagnostics;
        assert_eq!(found.errors(), 3);
        assert!(found.iter().all(|one| one.code == Code::MissingSetting));
    }

    #[test]
    fn an_api_that_others_answer_needs_no_address_of_the_service() {
        let section = r#""name": "Shop", "stage": "dev""#;
        assert_eq!(of(section, None, Needs::Deployment).diagnostics.errors(), 1);
        assert!(of(section, None, Needs::DeploymentAlone).value.is_some());
        assert_eq!(of("", None, Needs::DeploymentAlone).diagnostics.errors(), 2);
        let function = r#""name": "Shop", "stage": "dev", "function": "shop""#;
        let found = of(function, None, Needs::Deployment).value.unwrap();
        assert_eq!(found.function.as_deref(), Some("shop"));
    }

    #[test]
    fn a_function_that_is_none_is_an_error_when_it_is_deployed() {
        for (function, early, late) in [
            ("shop:live", None, None),
            ("${shop_arn}", None, None),
            ("{{shop_arn}}", None, Some(true)),
            ("http://127.0.0.1:3000/shop", Some(false), Some(true)),
        ] {
            let section = format!(r#""name": "Shop", "stage": "dev", "function": "{function}""#);
            for (needs, expected) in [(Needs::Nothing, early), (Needs::Deployment, late)] {
                let found = of(&section, None, needs).diagnostics;
                let told = found.iter().find(|one| one.code == Code::Arn);
                assert_eq!(told.map(Diagnostic::is_error), expected, "{function} {needs:?}");
                assert!(told.is_none_or(|one| !one.message.contains(function)), "{function}");
            }
        }
    }

    #[test]
    fn a_variable_has_the_value_of_its_stage() {
        let text = r#"{"variables": {"a": "x", "b": {"prod": "p", "*": "o"}, "c": {"prod": "p"}},
            "apiGateway": {"stages": {"dev": {}, "prod": {}}}}"#;
        let file = read_aws(&Source::new("aws.config.json", text).secret()).value.unwrap();
        let values = |stage| {
            let found = Environment::resolve(&file, stage, Needs::Nothing)
                .value
                .unwrap()
                .variables;
            let found = found.into_iter().map(|(name, value)| format!("{name}={value}"));
            found.collect::<Vec<String>>().join(" ")
        };
        assert_eq!(values(Some("prod")), "a=x b=p c=p");
        assert_eq!(values(Some("dev")), "a=x b=o");
        assert_eq!(values(None), "a=x b=o");
    }

    #[test]
    fn a_setting_that_was_reported_already_is_not_missing_too() {
        for section in [
            r#""stage": 5, "baseEndpointURL": "https://b/", "name": "Shop""#,
            r#""stag": "dev", "baseEndpointURL": "https://b/", "name": "Shop""#,
            r#""stage": "dev", "baseEndpointURL": [], "name": 7"#,
        ] {
            let outcome = deploying(section);
            assert!(outcome.diagnostics.is_empty(), "{section}");
            assert!(outcome.value.is_none(), "{section}");
        }
        let source = Source::new("aws.config.json", "{}").secret();
        let file = read_aws(&source).value.unwrap();
        let outcome = Environment::resolve(&file, None, Needs::Deployment);
        assert!(outcome.diagnostics.is_empty());
        assert!(outcome.value.is_none());
    }

    #[test]
    fn an_empty_placeholder_is_missing_and_has_a_place() {
        let outcome = deploying(r#""stage": " ", "name": "Shop", "baseEndpointURL": "https://b/""#);
        assert!(outcome.value.is_none());
        assert!(outcome.diagnostics.iter().next().unwrap().span.unwrap().start > 15);
    }

    #[test]
    fn an_empty_placeholder_says_nothing() {
        let text = r#"{"region": " ", "account_id": "", "aws": {"access_key_id": "", "secret_access_key": " ", "profile": ""},
            "apiGateway": {"name": "", "rest_api_id": "", "baseEndpointURL": "", "stage": "", "basePath": "",
            "smokeURL": ""}}"#;
        let file = read_aws(&Source::new("aws.config.json", text).secret()).value.unwrap();
        let outcome = Environment::resolve(&file, None, Needs::Nothing);
        assert_eq!(outcome.value, Some(Environment::default()));
    }

    #[test]
    fn nothing_is_asked_for_that_is_not_needed() {
        assert!(of("", None, Needs::Nothing).value.is_some());
        let named = of(r#""name": "Shop""#, None, Needs::Api);
        assert_eq!(named.value.unwrap().name.as_deref(), Some("Shop"));
        let no_stage = of(r#""name": "Shop", "stage": """#, None, Needs::Stage).diagnostics;
        assert_eq!(no_stage.errors(), 1);
        assert_eq!(of("", None, Needs::Stage).diagnostics.errors(), 2);
    }

    const STAGES: &str = r#""name": "Shop", "baseEndpointURL": "https://b//", "basePath": "/dev", "stage": "dev",
        "stages": {"dev": {"description": "d"}, "prod": {"description": "p"}}"#;

    #[test]
    fn the_stage_of_the_command_line_wins_and_brings_its_settings() {
        let description = |stage| {
            let resolved = of(STAGES, stage, Needs::Deployment).value.expect("an environment");
            let values = &resolved.stage_settings.values;
            (resolved.stage, resolved.base_path, values["/description"].clone())
        };
        assert_eq!(description(None), (Some("dev".into()), Some("dev".into()), "d".into()));
        assert_eq!(description(Some("prod")), (Some("prod".into()), None, "p".into()));
        let backend = of(STAGES, None, Needs::Nothing).value.unwrap().backend;
        assert_eq!(backend.as_deref(), Some("https://b"));
    }

    #[test]
    fn the_only_stage_that_is_declared_needs_no_name() {
        let only = of(r#""name": "Shop", "stages": {"v1": {}}"#, None, Needs::Stage);
        assert_eq!(only.value.unwrap().stage.as_deref(), Some("v1"));
        let two = of(r#""name": "Shop", "stages": {"v1": {}, "v2": {}}"#, None, Needs::Stage);
        assert!(two.value.is_none());
    }

    #[test]
    fn a_deployment_goes_to_a_stage_that_is_declared() {
        let outcome = of(STAGES, Some("prd"), Needs::Deployment);
        let found = outcome.diagnostics.iter().next().unwrap();
        assert_eq!(found.code, Code::UndeclaredStage);
        assert_eq!(
            found.help.as_deref(),
            Some("did you mean `prod`? (its `stages` are dev, prod)")
        );
        assert!(outcome.value.is_none());
        let other = of(STAGES, Some("prd"), Needs::Stage).value.unwrap();
        assert_eq!(other.stage.as_deref(), Some("prd"));
        let none = r#""name": "Shop", "baseEndpointURL": "https://b/", "stage": "dev""#;
        assert!(of(none, Some("prod"), Needs::Deployment).value.is_some());
    }

    #[test]
    fn both_ways_of_naming_a_stage_are_held_against_those_that_are_declared() {
        let section = |stages: &str| {
            format!(r#""name": "S", "baseEndpointURL": "https://b/", "stage": "prod", "stages": {stages}"#)
        };
        let undeclared = section(r#"{"dev": {"tracing": true}}"#);
        for needs in [Needs::Nothing, Needs::Deployment] {
            let outcome = of(&undeclared, None, needs);
            let found: Vec<&Diagnostic> = outcome.diagnostics.iter().collect();
            assert_eq!(found.len(), 1, "{needs:?}");
            assert_eq!(found[0].code, Code::UndeclaredStage);
            let text = format!("{{\n\"apiGateway\": {{{undeclared}}}}}");
            let span = found[0].span.unwrap();
            assert_eq!(&text[span.start..span.end], "\"prod\"");
            let other = of(&undeclared, Some("qa"), needs).diagnostics;
            assert_eq!(other.iter().next().unwrap().code, Code::UndeclaredStage, "{needs:?}");
            assert!(of(&undeclared, Some("dev"), needs).diagnostics.is_empty(), "{needs:?}");
        }
        assert!(of(&undeclared, None, Needs::Stage).value.is_some());
        for stages in ["{}", "null", r#"{"dev": {}, "prod": {}}"#] {
            assert!(deploying(&section(stages)).value.is_some(), "{stages}");
        }
    }

    #[test]
    fn slashes_around_a_base_path_mean_nothing() {
        for path in ["dev", "/dev", "/dev/", "dev/", "//dev//"] {
            let found = of(
                &format!(r#""stage": "dev", "basePath": "{path}""#),
                None,
                Needs::Nothing,
            );
            assert!(found.diagnostics.is_empty(), "{path}");
            assert_eq!(found.value.unwrap().base_path.as_deref(), Some("dev"), "{path}");
        }
        let root = of(r#""basePath": "/""#, None, Needs::Nothing);
        assert_eq!(root.value.unwrap().base_path, None);
    }

    #[test]
    fn keys_are_a_pair_and_no_debug_form_shows_them() {
        let text = r#"{"aws": {"access_key_id": "AKIAEXAMPLE", "secret_access_key": " hush ", "session_token": "token",
            "profile": "me"}, "emulator": true, "apiGateway": {}}"#;
        let file = read_aws(&Source::new("aws.config.json", text).secret()).value.unwrap();
        let resolved = Environment::resolve(&file, None, Needs::Nothing).value.unwrap();
        let shown = format!("{resolved:?}");
        for secret in ["AKIAEXAMPLE", "hush", "token\""] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert_eq!(resolved.keys.unwrap().secret_access_key.expose(), "hush");
        assert!(resolved.emulator);
        let half = r#"{"aws": {"access_key_id": "AKIAEXAMPLE"}, "apiGateway": {}}"#;
        let file = read_aws(&Source::new("aws.config.json", half).secret()).value.unwrap();
        assert_eq!(
            Environment::resolve(&file, None, Needs::Nothing).value.unwrap().keys,
            None
        );
    }
}
