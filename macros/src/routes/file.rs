//! Finding and reading the routes file.

use std::path::{Path, PathBuf};

use bluegate_core::{Source, render};
use syn::Error;

use super::as_message;
use super::input::Input;
use crate::span;

/// A routes file.
pub(super) struct File {
    /// Its path on this machine, for the compiler to watch.
    pub(super) path: String,
    /// Its text, under the name that messages show.
    pub(super) source: Source,
}

pub(super) fn read(input: &Input) -> syn::Result<File> {
    let refuse = |message: String| Err(Error::new(input.path.span(), message));
    let written = input.path.value();
    if written.trim().is_empty() {
        return refuse("the path of the routes file is empty\nhelp: write `routes!(\"routes.json\")`".to_owned());
    }
    if Path::new(&written).is_absolute() && input.variables.is_empty() {
        return refuse(format!(
            "`{written}` is an absolute path, which is another one on every machine\n\
             help: write it relative to `Cargo.toml`, with `./` relative to this file, or with `concat!` and `env!`"
        ));
    }
    let Some(path) = located(&written, span::file(input.path.span()).as_deref()) else {
        return refuse("cannot tell where the path starts: `CARGO_MANIFEST_DIR` is not set".to_owned());
    };
    match Source::read(&path) {
        Ok(source) => {
            let name = shown(&path, std::env::current_dir().ok().as_deref());
            Ok(File {
                path: path.display().to_string(),
                source: source.renamed(name),
            })
        }
        Err(mut found) => {
            found.help = if Path::new(&written).is_absolute() {
                Some("the path is made of environment variables of the compiler".to_owned())
            } else if is_source_relative(&written) {
                Some("the path starts at the folder of this file".to_owned())
            } else if is_beside(&written, span::file(input.path.span()).as_deref()) {
                Some(format!(
                    "the path starts at the folder of `Cargo.toml`; `./{written}` is the one beside this file"
                ))
            } else {
                Some("the path starts at the folder of `Cargo.toml`".to_owned())
            };
            let source = Source::new(path.display().to_string(), "");
            refuse(as_message(&render::diagnostic(
                &source,
                &found,
                render::Style::default(),
            )))
        }
    }
}

fn is_source_relative(written: &str) -> bool {
    written.starts_with("./") || written.starts_with("../")
}

/// Whether a file is there when its path starts at the source file.
fn is_beside(written: &str, source_file: Option<&Path>) -> bool {
    source_file.is_some() && located(&format!("./{written}"), source_file).is_some_and(|path| path.is_file())
}

/// Paths start at the folder of `Cargo.toml`, as everywhere in Cargo; `./` and `../` at the folder of the source
/// file that names them, as for `include_str!`.
fn located(written: &str, source_file: Option<&Path>) -> Option<PathBuf> {
    if is_source_relative(written)
        && let Some(folder) = source_file.and_then(Path::parent)
    {
        let folder = if folder.is_absolute() {
            folder.to_owned()
        } else {
            std::env::current_dir().ok()?.join(folder)
        };
        return Some(tidy(&folder.join(written)));
    }
    let root = std::env::var_os("CARGO_MANIFEST_DIR")?;
    if is_source_relative(written) {
        return Some(likely(Path::new(&root), written));
    }
    Some(tidy(&Path::new(&root).join(written)))
}

/// Where a file lies that stands beside a source file, for editors that do not tell which source file that is.
fn likely(root: &Path, written: &str) -> PathBuf {
    let folders = ["src", "tests", "examples", "benches", "src/bin"].map(|folder| root.join(folder));
    let mut places = folders.iter().map(|folder| tidy(&folder.join(written)));
    places
        .find(|place| place.is_file())
        .unwrap_or_else(|| tidy(&root.join(written)))
}

/// The path without `.` and, where a folder stands before it, `..`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if tidied.file_name().is_some() => {
                tidied.pop();
            }
            other => tidied.push(other),
        }
    }
    tidied
}

/// The path as terminals and editors can open it: relative to where the compiler runs.
fn shown(path: &Path, current: Option<&Path>) -> String {
    current
        .and_then(|current| path.strip_prefix(current).ok())
        .unwrap_or(path)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests;
