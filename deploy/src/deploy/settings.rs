//! Everything that deploying needs to know of the AWS file, checked before anything is written.

use super::Smokes;
use super::wanting::{Wanting, filled};
use crate::plan::StageSettings;
use bluegate_core::{AwsFile, Outcome};

/// Where an API is deployed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The account that it is in; without one, any.
    pub account_id: Option<String>,
    /// The API's id; without one it is found by its name.
    pub rest_api_id: Option<String>,
    /// The API's name. It is there when the id is not.
    pub name: Option<String>,
    /// The stage.
    pub stage: String,
    /// What the file declares of the stage.
    pub stage_settings: StageSettings,
    /// What shows whether a deployment works.
    pub smoke: Smokes,
}

/// Reads the settings. What [`read_aws`](bluegate_core::read_aws) checks is taken as checked.
#[must_use]
pub fn settings(file: &AwsFile) -> Outcome<Settings> {
    let api = &file.api_gateway;
    let mut wanting = Wanting::new(file, "deploying");
    let stage = filled(api.stage.as_ref());
    if stage.is_none() {
        wanting.missing(
            "stage",
            api.stage.as_ref(),
            "name the stage, such as `\"stage\": \"dev\"`",
        );
    }
    if filled(api.base_endpoint_url.as_ref()).is_none() {
        wanting.missing(
            "baseEndpointURL",
            api.base_endpoint_url.as_ref(),
            "say where the service runs, such as `\"baseEndpointURL\": \"https://backend.example.com/\"`",
        );
    }
    let (rest_api_id, name) = wanting.api();
    Outcome {
        value: stage.filter(|_| !wanting.found.has_errors()).map(|stage| Settings {
            account_id: filled(file.account_id.as_ref()),
            rest_api_id,
            name,
            stage_settings: api
                .stages
                .as_ref()
                .and_then(|stages| stages.get(&stage))
                .map(StageSettings::of)
                .unwrap_or_default(),
            stage,
            smoke: Smokes::of(api),
        }),
        diagnostics: wanting.found.finish(),
    }
}

#[cfg(test)]
mod tests {
    use bluegate_core::{Code, Source, read_aws};

    use super::*;

    fn of(section: &str) -> Outcome<Settings> {
        let text = format!("{{\n\"apiGateway\": {{{section}}}}}");
        let source = Source::new("aws.config.json", text).secret();
        settings(&read_aws(&source).value.expect("an AWS file"))
    }

    #[test]
    fn every_missing_setting_is_told_at_once() {
        let found = of("").diagnostics;
        assert_eq!(found.errors(), 3);
        assert!(found.iter().all(|one| one.code == Code::MissingSetting));
    }

    #[test]
    fn a_setting_that_was_reported_already_is_not_missing_too() {
        for section in [
            r#""stage": 5, "baseEndpointURL": "https://b/", "name": "Shop""#,
            r#""stag": "dev", "baseEndpointURL": "https://b/", "name": "Shop""#,
            r#""stage": "dev", "baseEndpointURL": [], "name": 7"#,
        ] {
            assert!(of(section).diagnostics.is_empty(), "{section}");
        }
        let source = Source::new("aws.config.json", "{}").secret();
        assert!(settings(&read_aws(&source).value.unwrap()).diagnostics.is_empty());
    }

    #[test]
    fn an_empty_placeholder_is_missing_and_has_a_place() {
        let outcome = of(r#""stage": " ", "name": "Shop", "baseEndpointURL": "https://b/""#);
        assert!(outcome.value.is_none());
        assert!(outcome.diagnostics.iter().next().unwrap().span.unwrap().start > 15);
    }

    #[test]
    fn an_empty_id_is_no_id() {
        let outcome = of(r#""stage": "dev", "rest_api_id": "", "name": "Shop", "baseEndpointURL": "https://b/""#);
        let settings = outcome.value.unwrap();
        assert_eq!(settings.rest_api_id, None);
        assert_eq!(settings.name.as_deref(), Some("Shop"));
    }
}
