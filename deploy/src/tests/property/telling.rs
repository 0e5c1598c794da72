//! Failures that can be read: an API is long, and while a failure is made smaller it is told a hundred times.

use std::fmt::Debug;

/// Lines of a difference that are shown of each side.
const SHOWN: usize = 12;

/// Fails without a word on the terminal: the property tells of the smallest failure alone.
pub(super) fn fail(text: String) -> ! {
    std::panic::resume_unwind(Box::new(text))
}

/// Fails unless it is so.
pub(super) fn holds(is_so: bool, what: impl FnOnce() -> String) {
    if !is_so {
        fail(what());
    }
}

/// Fails unless two things are the same, and shows in what they differ.
pub(super) fn same<T: PartialEq + Debug>(found: &T, wanted: &T, what: impl FnOnce() -> String) {
    if found != wanted {
        fail(format!("{}\n{}", what(), difference(found, wanted)));
    }
}

/// The first lines that differ, below what they are in.
pub(super) fn difference<T: Debug>(found: &T, wanted: &T) -> String {
    let (found, wanted) = (format!("{found:#?}"), format!("{wanted:#?}"));
    let (found, wanted): (Vec<&str>, Vec<&str>) = (found.lines().collect(), wanted.lines().collect());
    let same = |(one, other): &(&&str, &&str)| one == other;
    let before = found.iter().zip(&wanted).take_while(same).count();
    let (found_rest, wanted_rest) = (&found[before..], &wanted[before..]);
    let after = found_rest
        .iter()
        .rev()
        .zip(wanted_rest.iter().rev())
        .take_while(same)
        .count();
    let mut lines = around(&found[..before], found_rest.first().or(wanted_rest.first()));
    for (sign, side) in [("found ", found_rest), ("wanted", wanted_rest)] {
        let differs = &side[..side.len() - after];
        lines.extend(differs.iter().take(SHOWN).map(|line| format!("{sign} {line}")));
        if differs.len() > SHOWN {
            lines.push(format!("{sign} and {} lines more", differs.len() - SHOWN));
        }
    }
    lines.join("\n")
}

/// The lines that a line is in.
fn around(before: &[&str], line: Option<&&str>) -> Vec<String> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut inside = line.map_or(0, |line| depth(line));
    let mut found = Vec::new();
    for line in before.iter().rev() {
        if depth(line) < inside {
            inside = depth(line);
            found.push(format!("       {line}"));
        }
    }
    found.reverse();
    found
}

#[test]
fn a_difference_is_told_by_its_lines_and_what_they_are_in() {
    let one = [("a", vec![1, 2]), ("b", vec![3, 4])];
    let other = [("a", vec![1, 2]), ("b", vec![3, 5])];
    let told = difference(&one, &other);
    let lines: Vec<&str> = told.lines().map(str::trim).collect();
    assert_eq!(lines, ["[", "(", "[", "found              4,", "wanted             5,"]);
}
