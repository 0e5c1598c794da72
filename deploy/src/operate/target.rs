//! Which API a command is about, read from the AWS file.

use bluegate_core::{AwsFile, Outcome};

use crate::deploy::{Wanting, filled};

/// An API, and the stage of it that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The API's id; without one it is found by its name.
    pub rest_api_id: Option<String>,
    /// The API's name. It is there when the id is not.
    pub name: String,
    /// The stage; empty when none is needed and none is named.
    pub stage: String,
}

/// Whether a command is about a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// It is about one stage.
    Stage,
    /// It is about the API.
    Api,
}

/// Reads which API is meant. `stage` is the one of the command line, which wins. What
/// [`read_aws`](bluegate_core::read_aws) checks is taken as checked.
#[must_use]
pub fn target(file: &AwsFile, stage: Option<&str>, needs: Needs) -> Outcome<Target> {
    let api = &file.api_gateway;
    let mut wanting = Wanting::new(file, "this");
    let stage = stage.map(str::to_owned).or_else(|| filled(api.stage.as_ref()));
    if stage.is_none() && needs == Needs::Stage {
        wanting.missing(
            "stage",
            api.stage.as_ref(),
            "name the stage here, such as `\"stage\": \"dev\"`, or with `--stage`",
        );
    }
    let (rest_api_id, name) = wanting.api();
    let is_known = rest_api_id.is_some() || name.is_some();
    Outcome {
        value: (is_known && !wanting.found.has_errors()).then(|| Target {
            rest_api_id,
            name: name.unwrap_or_default(),
            stage: stage.unwrap_or_default(),
        }),
        diagnostics: wanting.found.finish(),
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::{Source, read_aws};

    use super::*;

    fn of(section: &str, stage: Option<&str>, needs: Needs) -> Outcome<Target> {
        let text = format!("{{\n\"apiGateway\": {{{section}}}}}");
        let source = Source::new("aws.config.json", text).secret();
        target(&read_aws(&source).value.expect("an AWS file"), stage, needs)
    }

    #[test]
    fn nothing_is_asked_for_that_is_not_needed() {
        let named = of(r#""name": "Shop""#, None, Needs::Api);
        assert_eq!(named.value.unwrap().name, "Shop");
        let no_stage = of(r#""name": "Shop", "stage": """#, None, Needs::Stage).diagnostics;
        assert_eq!(no_stage.errors(), 1);
        assert_eq!(of("", None, Needs::Stage).diagnostics.errors(), 2);
    }

    #[test]
    fn the_stage_of_the_command_line_wins() {
        let both = of(r#""rest_api_id": "abc", "stage": "dev""#, Some("prod"), Needs::Stage);
        assert_eq!(both.value.unwrap().stage, "prod");
    }
}
