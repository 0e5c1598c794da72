//! What an import makes of a document: what `bluegate_core` says, with ids that tests can name.

use bluegate_core::gateway::{Api, Resource, settings};
use bluegate_core::openapi::{BasePath, Document};

use crate::api::{Cause, RestApi};

use super::api::FakeApi;
use super::refusal::refused;
use super::told;

impl FakeApi {
    /// Overwrites the draft with a document.
    ///
    /// # Panics
    ///
    /// When API Gateway would not take the document: it is the mistake of a test.
    pub fn put(&mut self, document: &str) {
        import(self, document).expect("a document");
    }
}

/// Overwrites: what the document does not carry is reset.
pub(super) fn import(api: &mut FakeApi, document: &str) -> Result<(), Cause> {
    let read = Document::read(document, BasePath::Ignore);
    let read = read.map_err(|error| refused(&format!("Invalid OpenAPI input. ({error})")))?;
    let mut settings = told::settings(&api.api);
    settings::overwrite(&mut settings, &read);
    settings::judged(&settings)?;
    let after = told::rest_api(&settings, &api.api);
    api.api = RestApi {
        // What a service says of it that says anything.
        security_policy: after.security_policy.or(Some("TLS_1_0".to_owned())),
        ..after
    };
    let made = Api::imported(&Api::default(), &read, |_, name| format!("id:{name}"));
    api.document = Some(document.to_owned());
    api.resources = made.resources.into_iter().map(filled).collect();
    api.authorizers = made.authorizers.into_iter().map(|one| one.told()).collect();
    api.models = made.models;
    api.validators = made.validators;
    api.responses = made.responses;
    Ok(())
}

/// A resource as it is told.
fn filled(mut resource: Resource) -> Resource {
    for method in resource.methods.values_mut() {
        method.integration = method.integration.take().map(|one| one.told(&resource.id));
    }
    resource
}
