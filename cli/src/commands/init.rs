//! `bluegate init`.

mod project;

use std::path::PathBuf;

use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::Terminal;

use project::{Dependency, Project};

/// Write a starter project that compiles
///
/// A small axum service with its routes file, an AWS file without secrets, and the schemas for your editor.
/// Existing files are never overwritten: if one is in the way, nothing is written.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "written",
    "a file is in the way, or cannot be written",
    &[Exit::Usage]
))]
pub(crate) struct Args {
    /// The folder of the project; it is created when it is missing
    ///
    /// Example: `bluegate init shop`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,

    /// The name of the package and of the API
    ///
    /// Default: the name of the folder.
    ///
    /// Example: `--name shop`
    #[arg(long)]
    name: Option<String>,

    /// Depend on a checkout of bluegate instead of the published crate
    ///
    /// Example: `--path ../bluegate`
    #[arg(long, value_name = "CHECKOUT")]
    path: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  bluegate init shop
  bluegate init --name shop
  bluegate init shop --path ../bluegate";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let dependency = match &args.path {
        Some(checkout) => Dependency::checkout(checkout)?,
        None => Dependency::Published,
    };
    let project = Project::new(&args.dir, args.name.as_deref(), &dependency)?;
    for file in project.write()? {
        terminal.step("Wrote", &args.dir.join(file).display().to_string());
    }
    let enter = match args.dir.to_str() {
        Some(".") => String::new(),
        _ => format!("  cd {}\n", quoted(&args.dir.display().to_string())),
    };
    if !terminal.is_quiet() {
        terminal.say(&format!(
            "\nNext:\n{enter}  \
             cargo run                                    # serves http://127.0.0.1:3000/api/greetings\n  \
             bluegate check\n  \
             bluegate routes\n  \
             bluegate deploy --create\n\n\
             Before the first deploy, write region, baseEndpointURL and stage into aws.config.json.\n"
        ));
    }
    Ok(Exit::Done)
}

/// A path as a shell takes it for one word, and not for an option.
fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    match path {
        _ if path.starts_with('-') => quoted(&format!("./{path}")),
        _ if path.chars().all(is_plain) => path.to_owned(),
        _ => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_folder_is_one_word_to_the_shell() {
        assert_eq!(quoted("shop/v1.2"), "shop/v1.2");
        assert_eq!(quoted("My Shop"), "'My Shop'");
        assert_eq!(quoted("$(id)"), "'$(id)'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("-x"), "./-x");
    }
}
