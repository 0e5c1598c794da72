//! Recorded inputs and outputs of ct-api-gateway-deployer 1.1.4 (`tests/fixtures/golden/`).

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::{HarnessError, place};

/// One recorded pair of inputs and the document written for it.
#[derive(Debug, Clone)]
pub struct Golden {
    /// The name of its folder.
    pub name: String,
    /// Its `routes.json`.
    pub routes: PathBuf,
    /// Its `aws.config.json`.
    pub aws_config: PathBuf,
    /// The document: string keys, and `info.version` replaced by `@VERSION@`.
    pub expected: Value,
}

/// All recordings, sorted by name.
///
/// # Errors
/// When a file is missing or is not JSON.
pub fn all() -> Result<Vec<Golden>, HarnessError> {
    let root = place::fixture("golden");
    let mut folders = fs::read_dir(&root)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
        .map_err(HarnessError::io("reading", &root))?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
        .into_iter()
        .map(|folder| {
            let file = folder.join("expected.json");
            let text = fs::read_to_string(&file).map_err(HarnessError::io("reading", &file))?;
            let expected = serde_json::from_str(&text)
                .map_err(|error| HarnessError::answer(file.display().to_string(), error.to_string()))?;
            Ok(Golden {
                name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                routes: folder.join("routes.json"),
                aws_config: folder.join("aws.config.json"),
                expected,
            })
        })
        .collect()
}
