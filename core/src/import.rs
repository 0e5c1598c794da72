//! Routes files of documents that somebody else wrote: OpenAPI 3 and Swagger 2.0 with the extensions of API Gateway,
//! with the placeholders of the tools that deploy them.

mod api;
mod draft;
#[allow(dead_code)]
mod facts;
mod item;
mod plain;
mod preflight;
mod read;
mod text;
mod variables;

use crate::diagnostic::{Diagnostics, Outcome};
use crate::openapi::yaml_of_json;
use crate::source::Source;

use draft::draft;
use item::Item;
use plain::Plain;

/// The files that say what a document said.
#[derive(Debug)]
pub struct Import {
    routes: Item,
    aws: Option<Item>,
}

/// Makes a routes file of a document.
#[must_use]
pub fn import(source: &Source) -> Outcome<Import> {
    let mut found = Diagnostics::new();
    let mut plain = Plain::default();
    let value = text::parse(source.text(), &mut plain, &mut found).and_then(|root| {
        let api = read::api(&root, &mut found)?;
        let made = draft(&api, &plain.names, &mut found);
        Some(Import {
            routes: made.routes,
            aws: made.aws,
        })
    });
    Outcome {
        value,
        diagnostics: found.finish(),
    }
}

impl Import {
    /// The routes file as JSON.
    #[must_use]
    pub fn routes_json(&self) -> String {
        self.routes.to_json()
    }

    /// The routes file as YAML.
    #[must_use]
    pub fn routes_yaml(&self) -> String {
        yaml_of_json(self.routes.compact())
    }

    /// The AWS file; `None` where it would say nothing.
    #[must_use]
    pub fn aws_json(&self) -> Option<String> {
        self.aws.as_ref().map(Item::to_json)
    }
}
