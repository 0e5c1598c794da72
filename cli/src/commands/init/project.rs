//! The files of a starter project.

use std::fs;
use std::path::{Path, PathBuf};

use bluegate_core::{is_keyword, schema};

use crate::failure::Failure;
use crate::output_file;

/// Where the project gets bluegate from.
#[derive(Debug)]
pub(super) enum Dependency {
    /// The crate of this build's version.
    Published,
    /// A folder with its sources.
    Checkout(PathBuf),
}

impl Dependency {
    /// A checkout, if that is what it is.
    pub(super) fn checkout(path: &Path) -> Result<Self, Failure> {
        let refuse = |why: String| {
            Failure::new(
                "no_checkout",
                format!("`{}` is no checkout of bluegate: {why}", path.display()),
            )
            .with_help("name the folder that holds its Cargo.toml")
        };
        let folder = fs::canonicalize(path).map_err(|error| refuse(error.to_string()))?;
        let manifest =
            fs::read_to_string(folder.join("Cargo.toml")).map_err(|error| refuse(format!("Cargo.toml: {error}")))?;
        if manifest.lines().any(|line| line.trim() == r#"name = "bluegate""#) {
            Ok(Dependency::Checkout(folder))
        } else {
            Err(refuse("its package is not `bluegate`".to_owned()))
        }
    }

    /// As it stands in a Cargo.toml.
    fn entry(&self) -> String {
        match self {
            Dependency::Published => format!("{:?}", env!("CARGO_PKG_VERSION")),
            // JSON strings are TOML strings.
            Dependency::Checkout(path) => {
                let path = serde_json::Value::from(path.display().to_string());
                format!("{{ path = {path} }}")
            }
        }
    }
}

const INSTEAD: &str = "choose another folder, such as `bluegate init shop`";

/// A starter project that is not written yet.
#[derive(Debug)]
pub(super) struct Project {
    folder: PathBuf,
    files: Vec<(&'static str, String)>,
}

impl Project {
    pub(super) fn new(folder: &Path, name: Option<&str>, from: &Dependency) -> Result<Self, Failure> {
        let name = match name {
            Some(name) => checked(name)?,
            None => name_of(folder)?,
        };
        let workspace = if is_below_workspace(folder) {
            "\n# A folder above is a workspace; this package is not part of it.\n[workspace]"
        } else {
            ""
        };
        let fill = |template: &str| {
            let filled = template
                .replace("{{name}}", &name)
                .replace("{{bluegate}}", &from.entry())
                .replace("{{workspace}}", workspace);
            format!("{}\n", filled.trim_end())
        };
        let files = vec![
            ("Cargo.toml", fill(include_str!("../../../templates/Cargo.toml.in"))),
            ("src/main.rs", fill(include_str!("../../../templates/main.rs.in"))),
            ("routes.json", fill(include_str!("../../../templates/routes.json.in"))),
            ("routes.schema.json", format!("{:#}\n", schema::routes())),
            (
                "aws.config.json",
                fill(include_str!("../../../templates/aws.config.json.in")),
            ),
            ("aws.config.schema.json", format!("{:#}\n", schema::aws())),
            (".gitignore", fill(include_str!("../../../templates/gitignore.in"))),
        ];
        Ok(Self {
            folder: folder.to_owned(),
            files,
        })
    }

    /// Writes all files or none; tells which.
    pub(super) fn write(&self) -> Result<Vec<&'static str>, Failure> {
        if self.folder.metadata().is_ok_and(|meta| !meta.is_dir()) {
            let message = format!("nothing was written: `{}` is no folder", self.folder.display());
            return Err(Failure::new("exists", message).with_help(INSTEAD));
        }
        let in_the_way: Vec<String> = self
            .files
            .iter()
            .map(|(name, _)| self.folder.join(name))
            .filter(|path| path.symlink_metadata().is_ok())
            .map(|path| format!("`{}`", path.display()))
            .collect();
        if !in_the_way.is_empty() {
            return Err(Failure::new(
                "exists",
                format!("nothing was written: there is already {}", in_the_way.join(", ")),
            )
            .with_help(INSTEAD));
        }
        let mut written = Written::default();
        for (name, text) in &self.files {
            let path = self.folder.join(name);
            written.folders_of(&path)?;
            output_file::write(&path, text, INSTEAD)?;
            written.files.push(path);
        }
        written.complete = true;
        Ok(self.files.iter().map(|(name, _)| *name).collect())
    }
}

/// What was written so far; it goes again unless everything was.
#[derive(Debug, Default)]
struct Written {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    complete: bool,
}

impl Written {
    fn folders_of(&mut self, path: &Path) -> Result<(), Failure> {
        let mut missing: Vec<&Path> = path
            .ancestors()
            .skip(1)
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        missing.reverse();
        for folder in missing {
            fs::create_dir(folder)
                .map_err(|error| Failure::new("output", format!("cannot create `{}`: {error}", folder.display())))?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if self.complete {
            return;
        }
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Names that cargo or the compiler would refuse for a package that depends on bluegate.
const TAKEN: [&str; 12] = [
    "axum",
    "bluegate",
    "tokio",
    "core",
    "std",
    "alloc",
    "test",
    "proc-macro",
    "proc_macro",
    "self",
    "super",
    "crate",
];

/// A name that cargo takes for a package.
fn checked(name: &str) -> Result<String, Failure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.len() <= 64 && name.chars().all(fits) && !TAKEN.contains(&name) && !is_keyword(name) {
        return Ok(name.to_owned());
    }
    Err(Failure::new(
        "bad_name",
        format!("`{}` cannot be the name of the package", name.escape_debug()),
    )
    .with_help("give another one with `--name`: letters, digits, `-` and `_`, such as `--name shop`"))
}

/// A name made of the folder's.
fn name_of(folder: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    // `.` and `..` have no name of their own.
    let absolute = fs::canonicalize(&absolute).unwrap_or(absolute);
    let name = absolute
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .collect();
    checked(name.trim_matches('-'))
}

/// Whether cargo would take the project for a forgotten member of a workspace above.
fn is_below_workspace(folder: &Path) -> bool {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute
        .ancestors()
        .skip(1)
        .filter_map(|above| fs::read_to_string(above.join("Cargo.toml")).ok())
        .any(|manifest| manifest.lines().any(|line| line.trim().starts_with("[workspace")))
}

#[cfg(test)]
mod tests {
    use bluegate_core::aws::{Environment, Needs};

    use super::*;

    #[test]
    fn the_starter_files_have_nothing_to_complain_about() {
        let project = Project::new(Path::new("/shop"), None, &Dependency::Published).unwrap();
        let text = |wanted: &str| {
            let file = project.files.iter().find(|(name, _)| *name == wanted);
            file.unwrap().1.clone()
        };
        let routes = bluegate_core::Source::new("routes.json", text("routes.json"));
        let found = bluegate_core::read_blueprint(&routes, bluegate_core::Mode::Strict).diagnostics;
        assert!(found.is_empty(), "{found:?}");
        let aws = bluegate_core::Source::new("aws.config.json", text("aws.config.json")).secret();
        let outcome = bluegate_core::read_aws(&aws);
        assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
        let resolved = Environment::resolve(&outcome.value.unwrap(), None, Needs::Deployment);
        assert!(resolved.diagnostics.is_empty(), "{:?}", resolved.diagnostics);
        for (name, text) in &project.files {
            assert!(!text.contains("{{"), "{name}: {text}");
        }
    }

    #[test]
    fn names_that_cargo_refuses_are_refused() {
        for name in ["", "1st", "a b", "é", "self", "fn", "bluegate", "../x"] {
            assert!(checked(name).is_err(), "{name}");
        }
        assert_eq!(checked("my-shop_2").unwrap(), "my-shop_2");
    }

    #[test]
    fn a_folder_gives_its_name() {
        assert_eq!(name_of(Path::new("/x/My Shop!")).unwrap(), "my-shop");
        assert!(name_of(Path::new("/")).is_err());
    }
}
