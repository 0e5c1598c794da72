//! The binary `bluegate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    bluegate_cli::run(std::env::args_os()).into()
}
