//! The generated service: a shop of so many routes, ten for each kind of thing it has.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bluegate_tests::place;

use crate::framework::Framework;

/// Routes of one kind of thing, in four resources of one to four verbs each.
const ROUTES: usize = 10;

/// Kinds of things in one file: 24 resources.
const PER_FILE: usize = 6;

const THINGS: [&str; 8] = [
    "books",
    "authors",
    "orders",
    "customers",
    "shelves",
    "letters",
    "prices",
    "covers",
];

/// An edit of a developer. Each is one more change of its kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Another word in the body of a handler.
    Word,
    /// One more line in the body of a handler.
    Line,
    /// Another path for a route.
    Path,
}

/// A package on disk.
pub(crate) struct Service {
    framework: Framework,
    things: usize,
    folder: PathBuf,
    words: usize,
    lines: usize,
    paths: usize,
}

impl Service {
    /// Writes a package with at least so many routes below a folder.
    pub(crate) fn write(framework: Framework, routes: usize, below: &Path) -> io::Result<Service> {
        let service = Service {
            framework,
            things: routes.div_ceil(ROUTES).max(1),
            folder: below.join(format!("{}-{routes}", framework.name())),
            words: 0,
            lines: 0,
            paths: 0,
        };
        fs::create_dir_all(service.folder.join("src"))?;
        service.save()?;
        Ok(service)
    }

    pub(crate) fn framework(&self) -> Framework {
        self.framework
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of the package and of its binary.
    pub(crate) fn name(&self) -> String {
        let folder = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("shop-{folder}")
    }

    pub(crate) fn edit(&mut self, edit: Edit) -> io::Result<()> {
        match edit {
            Edit::Word => self.words += 1,
            Edit::Line => self.lines += 1,
            Edit::Path => self.paths += 1,
        }
        self.save()
    }

    /// Writes what is not on disk yet, and nothing else, so that cargo sees one file change.
    fn save(&self) -> io::Result<()> {
        let files = self.files();
        for (path, text) in files {
            let path = self.folder.join(path);
            if !fs::read_to_string(&path).is_ok_and(|old| old == text) {
                fs::write(path, text)?;
            }
        }
        Ok(())
    }

    fn files(&self) -> Vec<(String, String)> {
        let parts = self.things.div_ceil(PER_FILE);
        let mut files = vec![
            ("Cargo.toml".to_owned(), self.manifest()),
            ("src/state.rs".to_owned(), include_str!("templates/state.rs").to_owned()),
            (
                "src/construct.rs".to_owned(),
                include_str!("templates/construct.rs").to_owned(),
            ),
            (
                "src/main.rs".to_owned(),
                for_each_part(&self.framework.section("main"), parts),
            ),
        ];
        for part in 0..parts {
            let things = part * PER_FILE..self.things.min((part + 1) * PER_FILE);
            let text = |section| {
                let texts = things.clone().map(|thing| self.thing(section, thing));
                texts.collect::<String>()
            };
            let module = self.framework.section("module");
            let module = module
                .replace("@routes\n", &text("routes"))
                .replace("@entities\n", &text("entity"));
            files.push((format!("src/part{part}.rs"), module.replace("@m", &part.to_string())));
        }
        let file = self.framework.section("file");
        if !file.is_empty() {
            let routes: Vec<String> = (0..self.things).map(|thing| self.thing("routes", thing)).collect();
            let routes: Vec<&str> = routes.iter().map(|text| text.trim_end()).collect();
            files.push(("routes.json".to_owned(), file.replace("@routes", &routes.join(",\n"))));
        }
        files
    }

    fn manifest(&self) -> String {
        let dependencies = self.framework.section("dependencies");
        let dependencies = dependencies.replace("@bluegate", &place::workspace().to_string_lossy());
        let name = self.name();
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [workspace]\n\n[dependencies]\n{dependencies}"
        )
    }

    /// A section for one kind of thing. The one in the middle is the one that is edited.
    fn thing(&self, section: &str, thing: usize) -> String {
        let is_edited = thing == self.things / 2;
        let revision = |edits: usize| {
            if is_edited && edits > 0 {
                format!("-r{edits}")
            } else {
                String::new()
            }
        };
        let name = format!("{}{thing}", THINGS[thing % THINGS.len()]);
        let title: String = name
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(name.chars().skip(1))
            .collect();
        let mut text = String::new();
        for line in self.framework.section(section).lines() {
            if line.trim() == "@line" {
                let lines = if is_edited { self.lines } else { 0 };
                text += &line.replace("@line", "state.price(id);\n").repeat(lines);
                continue;
            }
            text += line;
            text.push('\n');
        }
        text.replace("@entity", &name)
            .replace("@Entity", &title)
            .replace("@word", &revision(self.words))
            .replace("@path", &revision(self.paths))
            .replace("@n", &thing.to_string())
    }
}

/// Lines that start with `@all` stand there once for each part.
fn for_each_part(text: &str, parts: usize) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("@all ") {
            Some(line) => {
                lines.extend((0..parts).map(|part| {
                    line.replace("@module", &format!("part{part}"))
                        .replace("@m", &part.to_string())
                }));
            }
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}
