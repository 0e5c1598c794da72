//! `bluegate completions`.

use clap_complete::Shell;

use crate::exit::Exit;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// Which shell
    ///
    /// Example: `bluegate completions bash`
    shell: Shell,
}

const AFTER: &str = "\
Examples:
  bluegate completions bash > ~/.local/share/bash-completion/completions/bluegate
  bluegate completions zsh > ~/.zfunc/_bluegate
  bluegate completions fish > ~/.config/fish/completions/bluegate.fish";

pub(crate) fn run(args: &Args, command: &mut clap::Command, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "bluegate", &mut script);
    terminal.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
