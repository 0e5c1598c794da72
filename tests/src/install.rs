//! Installing something once, however many test processes ask for it at the same time.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use crate::{HarnessError, place};

/// The folder `<name>-<hash of inputs>` of the emulator folder, filled by `fill` if no earlier run
/// has filled it.
///
/// A lock keeps other processes waiting meanwhile. A marker written last tells a finished folder
/// from one whose installation was interrupted: that one is removed and made again. (A virtual
/// environment knows its own path, so it cannot be made elsewhere and moved.)
///
/// # Errors
/// When the folder cannot be made or `fill` fails; nothing is left behind then.
pub fn once(
    name: &str,
    inputs: &[&str],
    fill: impl FnOnce(&Path) -> Result<(), HarnessError>,
) -> Result<PathBuf, HarnessError> {
    let mut hasher = DefaultHasher::new();
    inputs.hash(&mut hasher);
    let folder = place::emulators().join(format!("{name}-{:016x}", hasher.finish()));
    let marker = folder.join(".installed");
    if marker.exists() {
        return Ok(folder);
    }
    fs::create_dir_all(place::emulators()).map_err(HarnessError::io("creating", &place::emulators()))?;
    let lock_path = folder.with_extension("lock");
    let lock = fs::File::create(&lock_path).map_err(HarnessError::io("creating", &lock_path))?;
    lock.lock().map_err(HarnessError::io("locking", &lock_path))?;
    if marker.exists() {
        return Ok(folder);
    }
    remove(&folder)?;
    fs::create_dir(&folder).map_err(HarnessError::io("creating", &folder))?;
    progress(&format!("installing {name} (once)"));
    let begun = Instant::now();
    let filled = fill(&folder).and_then(|()| fs::write(&marker, "").map_err(HarnessError::io("writing", &marker)));
    if let Err(error) = filled {
        remove(&folder)?;
        return Err(error);
    }
    progress(&format!("installed {name} in {:.0} s", begun.elapsed().as_secs_f32()));
    Ok(folder)
}

fn remove(folder: &Path) -> Result<(), HarnessError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(HarnessError::io("removing", folder)(error)),
        _ => Ok(()),
    }
}

/// A line on standard error, past the test runner's capture: a minute of silence looks like a hang.
pub(crate) fn progress(line: &str) {
    // Nobody to tell if standard error is gone.
    let _ = writeln!(io::stderr(), "bluegate-tests: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_installation_leaves_nothing_and_is_tried_again() {
        let name = format!("self-test-{}", std::process::id());
        let failed = once(&name, &["a"], |folder| {
            fs::write(folder.join("half"), "").unwrap();
            Err(HarnessError::answer("the installer", "no"))
        });
        assert!(matches!(failed, Err(HarnessError::Answer { .. })));

        let folder = once(&name, &["a"], |folder| {
            assert!(!folder.join("half").exists());
            fs::write(folder.join("whole"), "").unwrap();
            Ok(())
        })
        .unwrap();
        let again = once(&name, &["a"], |_| panic!("it is installed already")).unwrap();
        let other = once(&name, &["b"], |_| Ok(())).unwrap();
        assert_eq!(folder, again);
        assert_ne!(folder, other);
        for folder in [folder, other] {
            fs::remove_dir_all(&folder).unwrap();
            fs::remove_file(folder.with_extension("lock")).unwrap();
        }
    }

    #[test]
    fn many_at_once_install_once() {
        let name = format!("self-test-race-{}", std::process::id());
        let installed = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    once(&name, &[], |_| {
                        std::thread::sleep(std::time::Duration::from_millis(50));
                        installed.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                        Ok(())
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(installed.into_inner(), 1);
        let folder = once(&name, &[], |_| Ok(())).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        fs::remove_file(folder.with_extension("lock")).unwrap();
    }
}
