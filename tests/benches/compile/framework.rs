//! The frameworks, and how a service looks in each of them.

use std::borrow::Cow;

/// What a service is written with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framework {
    Axum,
    Bluegate,
    /// bluegate with the feature `types`, which tells what utoipa and aide tell.
    BluegateTypes,
    UtoipaAxum,
    Aide,
    Dropshot,
    PoemOpenapi,
}

impl Framework {
    pub(crate) const ALL: [Framework; 7] = [
        Framework::Axum,
        Framework::Bluegate,
        Framework::BluegateTypes,
        Framework::UtoipaAxum,
        Framework::Aide,
        Framework::Dropshot,
        Framework::PoemOpenapi,
    ];

    pub(crate) fn named(name: &str) -> Option<Framework> {
        Self::ALL.into_iter().find(|framework| framework.name() == name)
    }

    /// The name of its package, for the command line and the tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Framework::Axum => "axum",
            Framework::Bluegate => "bluegate",
            Framework::BluegateTypes => "bluegate-types",
            Framework::UtoipaAxum => "utoipa-axum",
            Framework::Aide => "aide",
            Framework::Dropshot => "dropshot",
            Framework::PoemOpenapi => "poem-openapi",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Framework::Axum => include_str!("templates/axum.txt"),
            Framework::Bluegate | Framework::BluegateTypes => include_str!("templates/bluegate.txt"),
            Framework::UtoipaAxum => include_str!("templates/utoipa-axum.txt"),
            Framework::Aide => include_str!("templates/aide.txt"),
            Framework::Dropshot => include_str!("templates/dropshot.txt"),
            Framework::PoemOpenapi => include_str!("templates/poem-openapi.txt"),
        }
    }

    /// Whether `cargo check` is wanted to be cheaper with bluegate. aide has no macros that look at handlers.
    pub(crate) fn is_to_beat(self) -> bool {
        matches!(
            self,
            Framework::UtoipaAxum | Framework::Dropshot | Framework::PoemOpenapi
        )
    }

    /// A section of its template; empty if it has none.
    pub(crate) fn section(self, name: &str) -> Cow<'static, str> {
        let section = |section: &'static str| section.split_once('\n').filter(|(title, _)| *title == name);
        let mut sections = self.template().split("==== ");
        let text = sections.find_map(section).map_or("", |(_, text)| text);
        match self {
            Framework::BluegateTypes => Cow::Owned(with_types(text)),
            _ => Cow::Borrowed(text),
        }
    }
}

/// A service of bluegate whose types tell what they are.
fn with_types(text: &str) -> String {
    text.replace(
        "bluegate = { path = \"@bluegate\" }",
        "bluegate = { path = \"@bluegate\", features = [\"types\"] }\nschemars = \"1\"",
    )
    .replace("#[derive(Serialize)]", "#[derive(Serialize, schemars::JsonSchema)]")
    .replace("#[derive(Deserialize)]", "#[derive(Deserialize, schemars::JsonSchema)]")
}
