//! Compares the file with that on the disk.

use std::path::Path;

use super::diff::diff;
use super::file::{Made, made};

/// What `types!` does: `root` is the folder of the crate.
///
/// # Panics
///
/// See [`types!`](crate::types!).
#[track_caller]
pub fn stand(root: &str, routes: &str) {
    let is_update = std::env::var_os(UPDATE).is_some_and(|value| !value.is_empty() && value != "0");
    if let Err(message) = compared(&Path::new(root).join(routes), is_update) {
        panic!("{message}");
    }
}

const UPDATE: &str = "BLUEGATE_UPDATE";

pub(super) fn compared(routes: &Path, is_update: bool) -> Result<(), String> {
    let path = bluegate_core::types::beside(routes);
    let Made { file, wrong, unneeded } = made(routes)?;
    let text = format!("{file:#}\n");
    if !wrong.is_empty() {
        return Err(format!("types are not as their schemas say:\n{}", wrong.join("\n")));
    }
    if !unneeded.is_empty() {
        return Err(format!("what is allowed is not needed:\n{}", unneeded.join("\n")));
    }
    let shown = path.display();
    let before = match std::fs::read_to_string(&path) {
        // Git may have changed the ends of lines.
        Ok(before) => Some(before.replace("\r\n", "\n")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("cannot read {shown}: {error}")),
    };
    if before.as_deref() == Some(&text) {
        return Ok(());
    }
    if is_update {
        return std::fs::write(&path, text).map_err(|error| format!("cannot write {shown}: {error}"));
    }
    let help = format!("help: `{UPDATE}=1 cargo test` writes it; commit it with the change");
    Err(match before {
        None => format!("there is no {shown}, which tells what the handlers take and give\n{help}"),
        Some(before) => format!(
            "{shown} does not tell what the handlers take and give:\n\n{}\n{help}",
            diff(&before, &text)
        ),
    })
}
