//! What the gateway has beside the routes.

use super::Resolver;
use super::mapping::Side;
use crate::blueprint::{Gateway, GatewayResponse};
use crate::file::{BlueprintEntry, Entries, GatewayResponseEntry};

impl Resolver<'_> {
    pub(super) fn gateway(&mut self, entry: &BlueprintEntry) -> Gateway {
        let authorizers = entry.authorizers.iter().flat_map(Entries::iter);
        let models = entry.models.iter().flat_map(Entries::iter);
        let responses = entry.gateway_responses.iter().flat_map(Entries::iter);
        Gateway {
            authorizers: authorizers.map(|(name, entry)| self.authorizer(name, entry)).collect(),
            models: models
                .filter_map(|(name, model)| Some((name.value.clone(), self.value(&model.value)?)))
                .collect(),
            responses: responses
                .map(|(kind, response)| (kind.value.clone(), self.gateway_response(response)))
                .collect(),
            policy: entry.policy.as_ref().and_then(|policy| self.value(&policy.value)),
            binary_media_types: entry
                .binary_media_types
                .iter()
                .flatten()
                .map(|media| media.value.clone())
                .collect(),
            minimum_compression_size: entry.minimum_compression_size.as_ref().map(|size| size.value),
            api_key_source: entry.api_key_source.as_ref().map(|word| word.value),
            patch: entry.openapi.clone(),
        }
    }

    fn gateway_response(&mut self, entry: &GatewayResponseEntry) -> GatewayResponse {
        let mut parameters = self.header_values(entry.headers.as_ref(), Side::Gateway);
        parameters.extend(self.map(entry.parameters.as_ref(), Side::Gateway));
        GatewayResponse {
            status: entry
                .status
                .as_ref()
                .map(|status| self.amount(status, "status").to_string()),
            parameters,
            templates: self.templates(entry.templates.as_ref()),
        }
    }
}
