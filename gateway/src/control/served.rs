//! What is served, for the console.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Control;
use crate::plane::Stage;

impl Control {
    /// The stages of all APIs, each with the name of its API.
    pub(crate) fn served(&self) -> impl Iterator<Item = (&Arc<Stage>, &str)> {
        self.apis.values().flat_map(|api| {
            let name = api
                .draft
                .settings
                .get("name")
                .and_then(Json::as_str)
                .unwrap_or_default();
            api.stages.values().map(move |served| (&served.stage, name))
        })
    }
}
