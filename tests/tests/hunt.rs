//! A hunt for holes in the proof: random legal `impl` blocks are compiled twice, once with a routes file that they fit and
//! once with a mistake in it. What fits has to compile, and what does not must not.
//!
//! `HUNT=300 cargo test -p bluegate-tests --test hunt` tries so many blocks, and `SEED=7` other ones.

#[path = "hunt/block.rs"]
mod block;
#[path = "hunt/random.rs"]
mod random;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use bluegate_tests::place;

use block::{Case, FORMS, MISTAKES};
use random::Random;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |value| value.parse().unwrap())
}

/// A package with one module for each case that fits, and one binary for each that does not.
fn written(cases: &[Case]) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hunt");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(place.join("src/bin")).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::copy(root.join("Cargo.lock"), place.join("Cargo.lock")).unwrap();
    let manifest = format!(
        "[package]\nname = \"hunt\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
         axum = {{ version = \"0.8\", default-features = false, features = [\"json\", \"query\"] }}\n\
         bluegate = {{ path = {root:?}, default-features = false }}\nserde = {{ version = \"1\", features = [\"derive\", \"rc\"] }}\n\
         [workspace]\n"
    );
    fs::write(place.join("Cargo.toml"), manifest).unwrap();
    let mut library = "#![allow(warnings)]\n".to_owned();
    for (number, case) in cases.iter().enumerate() {
        let write = |name: String, text: &str| fs::write(place.join("src").join(name), text).unwrap();
        write(
            format!("fits{number}.json"),
            &case.fitting.replace("NAME", &format!("fits{number}")),
        );
        write(format!("fits{number}.rs"), &case.module(&format!("fits{number}")));
        write(
            format!("bin/wrong{number}.json"),
            &case.mistaken.replace("NAME", &format!("wrong{number}")),
        );
        let main = format!(
            "#![allow(warnings)]\n{}\nfn main() {{}}\n",
            case.module(&format!("wrong{number}"))
        );
        write(format!("bin/wrong{number}.rs"), &main);
        writeln!(library, "mod fits{number};").unwrap();
    }
    let (code, file) = block::many();
    fs::write(place.join("src/bin/many.rs"), code).unwrap();
    fs::write(place.join("src/bin/many.json"), file).unwrap();
    fs::write(place.join("src/lib.rs"), library).unwrap();
    place
}

/// What the compiler says about all targets.
fn checked(place: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--color", "never", "--keep-going"])
        .args(arguments)
        .current_dir(place)
        .env("CARGO_TARGET_DIR", place::written())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn no_mistake_hides_in_an_odd_block() {
    let mut random = Random::new(number("SEED", 1));
    let count = usize::try_from(number("HUNT", (MISTAKES * FORMS) as u64)).unwrap();
    // Every kind of mistake comes up in every form.
    let cases: Vec<Case> = (0..count)
        .map(|number| Case::new(&mut random, number % MISTAKES, number / MISTAKES % FORMS))
        .collect();
    let place = written(&cases);
    let (fits, said) = checked(&place, &["--lib"]);
    assert!(fits, "a block that fits is refused, below {}:\n{said}", place.display());
    let (_, said) = checked(&place, &["--bins"]);
    for (number, case) in cases.iter().enumerate() {
        let refused = format!("could not compile `hunt` (bin \"wrong{number}\")");
        let place = place.join(format!("src/bin/wrong{number}.rs"));
        assert!(
            said.contains(&refused),
            "{} compiles: {}",
            case.mistake,
            place.display()
        );
    }
    // Each for its own reason, and not because something else is wrong with it. One more has very many mistakes, for which
    // the compiler's patience is not to end.
    let refused = said.matches("error[E0080]: evaluation panicked: resource").count();
    let errors = said
        .lines()
        .filter(|line| line.starts_with("error") && !line.contains("could not compile"));
    assert_eq!((refused, errors.count()), (count + 1, count + 1), "{said}");
}
