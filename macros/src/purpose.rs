//! What the compiler was started for.

use std::env;
use std::sync::LazyLock;

/// Whether the compiler writes nothing that could run, as for `cargo check`, so that nothing has to be there at run
/// time.
pub(crate) fn is_check() -> bool {
    static IS_CHECK: LazyLock<bool> = LazyLock::new(|| {
        let is_compiler = env::current_exe().is_ok_and(|program| {
            let name = program.file_stem();
            name.is_some_and(|name| name == "rustc" || name == "clippy-driver")
        });
        is_compiler && emits_metadata_only(env::args_os().filter_map(|argument| argument.into_string().ok()))
    });
    *IS_CHECK
}

/// Whether all that `--emit` asks for is what `cargo check` wants. Where it is not said, programs are made.
fn emits_metadata_only(arguments: impl Iterator<Item = String>) -> bool {
    let mut arguments = arguments.peekable();
    let mut asked = Vec::new();
    while let Some(argument) = arguments.next() {
        let kinds = match argument.strip_prefix("--emit") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        asked.extend(kinds);
    }
    let kind = |kind: &str| matches!(kind.split('=').next(), Some("metadata" | "dep-info"));
    !asked.is_empty() && asked.iter().flat_map(|kinds| kinds.split(',')).all(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_check(command: &str) -> bool {
        emits_metadata_only(command.split(' ').map(str::to_owned))
    }

    #[test]
    fn a_check_is_known_by_what_the_compiler_writes() {
        assert!(is_check(
            "rustc --crate-name shop src/main.rs --emit=dep-info,metadata -C debuginfo=2"
        ));
        assert!(is_check("clippy-driver rustc src/lib.rs --emit metadata"));
        assert!(is_check("rustc src/lib.rs --emit=metadata=out/shop.rmeta,dep-info"));
    }

    #[test]
    fn whatever_may_become_a_program_is_no_check() {
        assert!(!is_check("rustc src/main.rs --emit=dep-info,link"));
        assert!(!is_check("rustc src/lib.rs --emit=dep-info,metadata,link"));
        assert!(!is_check("rustc src/lib.rs --emit=metadata --emit=link"));
        assert!(!is_check("rustc src/lib.rs --emit=obj"));
        assert!(!is_check("rustc src/main.rs -C debuginfo=2"));
        assert!(!is_check("rustc @arguments"));
    }
}
