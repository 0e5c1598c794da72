//! Patches of calls.

pub(super) use bluegate_core::gateway::patch::*;
use serde_json::Value as Json;

use super::call::Call;
use super::reply::{Refusal, not_one_of};

/// The operations of the patch that a call brings.
pub(super) fn operations(call: &Call<'_>) -> Result<Vec<Operation>, Refusal> {
    let input = call.input()?;
    let listed = match input.get("patchOperations") {
        Some(Json::Array(listed)) => listed.as_slice(),
        None => &[],
        Some(_) => return Err(Refusal::serialization("patchOperations are no list")),
    };
    let known = Op::NAMES.map(|(name, _)| name);
    let mut errors = Vec::new();
    let mut read = Vec::new();
    for (at, one) in listed.iter().enumerate() {
        let text = |key: &str| match one.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::serialization(format!(
                "the {key} of a patch operation is no text"
            ))),
        };
        let name = text("op")?.unwrap_or_default();
        let Some((_, op)) = Op::NAMES.iter().find(|(known, _)| *known == name) else {
            let place = format!("{}.patchOperations.{}.member.op", call.input_name(), at + 1);
            errors.push(not_one_of(&name, &place, &known));
            continue;
        };
        let path = text("path")?.unwrap_or_else(|| "null".to_owned());
        read.push(Operation::new(*op, path, text("value")?, text("from")?));
    }
    if errors.is_empty() {
        Ok(read)
    } else {
        Err(Refusal::validation(errors))
    }
}
