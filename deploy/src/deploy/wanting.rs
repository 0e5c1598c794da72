//! What a command needs of the AWS file, and has to find there.

use bluegate_core::{AwsFile, Code, Diagnostic, Diagnostics, Span, Spanned};

/// Collects what is missing.
pub(crate) struct Wanting<'a> {
    file: &'a AwsFile,
    /// Who needs it, as a message begins: `deploying`.
    who: &'a str,
    pub(crate) found: Diagnostics,
}

impl<'a> Wanting<'a> {
    pub(crate) fn new(file: &'a AwsFile, who: &'a str) -> Self {
        let found = Diagnostics::new();
        Wanting { file, who, found }
    }

    /// Says that a key of the section is missing.
    pub(crate) fn missing(&mut self, key: &str, value: Option<&Spanned<String>>, help: &str) {
        let api = &self.file.api_gateway;
        // What is there but wrong was reported where it stands, and so was a section that is missing.
        if api.faulty.contains(&key) || (self.file.faulty.contains(&"apiGateway") && api.span == Span::default()) {
            return;
        }
        // A placeholder that was never filled in has a place of its own, a missing key has none.
        self.found.push(
            Diagnostic::new(Code::MissingSetting, format!("{} needs `apiGateway.{key}`", self.who))
                .at(value.map_or(api.span, |value| value.span))
                .with_help(help),
        );
    }

    /// The id and the name of the API, one of which there has to be.
    pub(crate) fn api(&mut self) -> (Option<String>, Option<String>) {
        let api = &self.file.api_gateway;
        let (rest_api_id, name) = (filled(api.rest_api_id.as_ref()), filled(api.name.as_ref()));
        if rest_api_id.is_none() && name.is_none() && !api.faulty.contains(&"name") {
            self.missing(
                "rest_api_id",
                api.rest_api_id.as_ref(),
                "give the id of the API, or its `name` to find it by that",
            );
        }
        (rest_api_id, name)
    }
}

/// A setting that says something.
pub(crate) fn filled(setting: Option<&Spanned<String>>) -> Option<String> {
    setting
        .map(|setting| setting.value.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}
