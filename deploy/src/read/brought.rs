//! Gateway responses that a routes file brought. They go when it no longer has them; those of somebody else stay.
//!
//! An API does not tell who made a gateway response, so the description of a deployment does.

use bluegate_core::gateway::{Api, response_digest};
use bluegate_core::openapi::Document;

use crate::api::GatewayResponse;

use super::marker::Marker;
use super::reading::Reading;

/// Enough digits to tell a response from an edited one.
const DIGITS: usize = 8;

/// What a description says of the gateway responses that the document has, as the draft has them. Empty for none.
#[must_use]
pub fn brought(draft: &Api, document: &Document) -> String {
    let ours = draft.responses.iter().filter(|response| !response.is_default);
    let ours = ours.filter(|response| document.gateway_responses.get(&response.kind).is_some());
    ours.map(told).collect::<Vec<_>>().join(".")
}

/// Whether a deployment of ours brought a gateway response, and nobody edited it since.
#[must_use]
pub fn is_brought(reading: &Reading, response: &GatewayResponse) -> bool {
    let wanted = told(response);
    let markers = reading.deployments.iter().filter_map(Marker::of);
    let mut all = markers.filter_map(|marker| marker.responses);
    all.any(|told| told.split('.').any(|one| one == wanted))
}

/// The gateway responses that somebody customised, and that neither this document nor an earlier one brought.
#[must_use]
pub fn unmanaged_responses(reading: &Reading, document: &Document) -> Vec<GatewayResponse> {
    let is_ours = |response: &&GatewayResponse| {
        document.gateway_responses.get(&response.kind).is_some() || is_brought(reading, response)
    };
    let custom = reading.draft.responses.iter().filter(|response| !response.is_default);
    custom.filter(|response| !is_ours(response)).cloned().collect()
}

fn told(response: &GatewayResponse) -> String {
    format!("{}={}", response.kind, &response_digest(response)[..DIGITS])
}
