//! Patches of calls.

pub(super) use bluegate_core::gateway::patch::*;
use serde_json::Value as Json;

use super::call::Call;
use super::reply::Refusal;
use super::state::text;

/// The operations of the patch that a call brings.
pub(super) fn operations(call: &Call<'_>) -> Result<Vec<Operation>, Refusal> {
    let input = call.input()?;
    let listed = input.get("patchOperations").and_then(Json::as_array);
    let listed = listed.into_iter().flatten().filter_map(|one| {
        let (_, op) = Op::NAMES.iter().find(|(name, _)| *name == text(one, "op"))?;
        let said = |key: &str| one.get(key).and_then(Json::as_str).map(str::to_owned);
        // As AWS names a path that is not there.
        let path = said("path").unwrap_or_else(|| "null".to_owned());
        Some(Operation::new(*op, path, said("value"), said("from")))
    });
    Ok(listed.collect())
}
