//! The page `docs/verified.md` and the table of assumptions say the same.

use std::fmt::Write as _;
use std::fs;

use bluegate_tests::place::workspace;

use crate::assumption::Ask;
use crate::assumptions::GROUPS;

/// The tables as the page has them.
fn tables() -> String {
    let mut text = String::new();
    for (title, group) in GROUPS {
        let _ = write!(
            text,
            "## {title}\n\n| bluegate takes for true | how it is known | if it is wrong | the probe |\n|---|---|---|---|\n"
        );
        for known in group {
            let asked = match known.ask {
                Ask::Free(..) => format!("`{}`", known.name),
                Ask::Paid(..) => format!("`{}` with `--paid`", known.name),
                Ask::Slow(..) => format!("`{}` with `--slow`", known.name),
                Ask::Never(why) => format!("`{}` is not asked: {why}", known.name),
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {asked} |",
                known.sentence, known.evidence, known.if_wrong
            );
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_page_lists_every_assumption_as_the_table_has_it() {
    let path = workspace().join("docs/verified.md");
    let page = fs::read_to_string(path).unwrap();
    let start = page.find(&format!("## {}", GROUPS[0].0)).unwrap_or(page.len());
    let tables = tables();
    let (found, wanted): (Vec<&str>, Vec<&str>) = (page[start..].lines().collect(), tables.lines().collect());
    for (number, wanted) in wanted.iter().enumerate() {
        assert_eq!(
            found.get(number),
            Some(wanted),
            "docs/verified.md ends with the tables of tests/src/bin/probe/assumptions, which are:\n\n{tables}"
        );
    }
    assert_eq!(found.len(), wanted.len(), "the page has more than the tables");
}
