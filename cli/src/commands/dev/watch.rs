//! Files that may change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// When a file was written last, and how long it is; none for a file that is not there.
type Stamp = Option<(SystemTime, u64)>;

/// Files and folders, as they were when they were looked at last.
#[derive(Debug)]
pub(super) struct Watch {
    paths: Vec<PathBuf>,
    seen: BTreeMap<PathBuf, Stamp>,
}

impl Watch {
    pub(super) fn new(paths: Vec<PathBuf>) -> Self {
        let seen = stamps(&paths);
        Self { paths, seen }
    }

    /// Whether something is another than when it was looked at last.
    pub(super) fn changed(&mut self) -> bool {
        let now = stamps(&self.paths);
        let is_other = now != self.seen;
        self.seen = now;
        is_other
    }

    /// Looks at these from now on. Those that it looked at before are as they were then.
    pub(super) fn follow(&mut self, paths: Vec<PathBuf>) {
        let before = std::mem::take(&mut self.seen);
        self.seen = stamps(&paths);
        for (path, stamp) in before {
            if let Some(seen) = self.seen.get_mut(&path) {
                *seen = stamp;
            }
        }
        self.paths = paths;
    }
}

fn stamps(paths: &[PathBuf]) -> BTreeMap<PathBuf, Stamp> {
    let mut found = BTreeMap::new();
    for path in paths {
        add(path, &mut found);
    }
    found
}

fn add(path: &Path, found: &mut BTreeMap<PathBuf, Stamp>) {
    let meta = std::fs::metadata(path).ok();
    if meta.as_ref().is_some_and(std::fs::Metadata::is_dir) {
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            let name = entry.file_name();
            // A link may lead back.
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if name != "target" && !name.to_string_lossy().starts_with('.') && !is_link {
                add(&entry.path(), found);
            }
        }
        return;
    }
    let stamp = meta.and_then(|meta| Some((meta.modified().ok()?, meta.len())));
    found.insert(path.to_owned(), stamp);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_made_and_removed_is_a_change_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("src/target")).unwrap();
        std::fs::write(at("routes.json"), "1").unwrap();
        let mut watch = Watch::new(vec![at("routes.json"), at("src"), at("missing")]);
        let mut changes = |change: &dyn Fn()| {
            change();
            [watch.changed(), watch.changed()]
        };
        assert_eq!(changes(&|| {}), [false, false]);
        assert_eq!(
            changes(&|| std::fs::write(at("routes.json"), "12").unwrap()),
            [true, false]
        );
        assert_eq!(
            changes(&|| std::fs::write(at("src/main.rs"), "").unwrap()),
            [true, false]
        );
        assert_eq!(
            changes(&|| std::fs::write(at("src/.swap"), "").unwrap()),
            [false, false]
        );
        assert_eq!(
            changes(&|| std::fs::write(at("src/target/a"), "").unwrap()),
            [false, false]
        );
        assert_eq!(changes(&|| std::fs::write(at("missing"), "").unwrap()), [true, false]);
        assert_eq!(changes(&|| std::fs::remove_file(at("missing")).unwrap()), [true, false]);
        // Editors write beside it and put that in its place.
        let replaced = || {
            std::fs::write(at("new"), "3").unwrap();
            std::fs::rename(at("new"), at("routes.json")).unwrap();
        };
        assert_eq!(changes(&replaced), [true, false]);
    }

    #[test]
    fn what_was_written_while_the_files_were_read_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        std::fs::write(&old, "").unwrap();
        let mut watch = Watch::new(vec![old.clone()]);
        std::fs::write(&old, "written meanwhile").unwrap();
        watch.follow(vec![old.clone(), new]);
        assert!(watch.changed());
        assert!(!watch.changed());
    }
}
