//! What differs between two texts, line by line.

/// The lines around a difference that are shown.
const AROUND: usize = 3;

/// More of a middle than this is shown as removed and added.
const MOST: usize = 4_000_000;

enum Line<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// The lines that differ, with some around them: `-` of the old text, `+` of the new one.
pub(super) fn diff(old: &str, new: &str) -> String {
    let lines = lines(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let is_changed = |line: &Line<'_>| !matches!(line, Line::Same(_));
    let is_shown = |at: usize| {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(lines.len());
        lines[near].iter().any(is_changed)
    };
    let mut shown = String::new();
    let mut number = 0;
    let mut was_shown = false;
    for (at, line) in lines.iter().enumerate() {
        number += usize::from(!matches!(line, Line::Added(_)));
        if !is_shown(at) {
            was_shown = false;
            continue;
        }
        if !was_shown {
            shown.push_str(&format!("@ line {}\n", number.max(1)));
        }
        was_shown = true;
        let (sign, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Removed(text) => ('-', text),
            Line::Added(text) => ('+', text),
        };
        shown.push_str(&format!("{sign} {text}\n"));
    }
    shown
}

/// What is the same at both ends need not be compared.
fn lines<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (head, old) = old.split_at(head);
    let new = &new[head.len()..];
    let ends = old.iter().rev().zip(new.iter().rev());
    let tail = ends.take_while(|(old, new)| old == new).count();
    let (old, tail) = old.split_at(old.len() - tail);
    let new = &new[..new.len() - tail.len()];
    let same = |lines: &[&'a str]| lines.iter().map(|line| Line::Same(line)).collect::<Vec<_>>();
    same(head)
        .into_iter()
        .chain(middle(old, new))
        .chain(same(tail))
        .collect()
}

/// The longest common part of what is left, by the table of all pairs.
fn middle<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Line<'a>> {
    let removed = old.iter().map(|line| Line::Removed(line));
    let added = new.iter().map(|line| Line::Added(line));
    if old.len() * new.len() > MOST {
        return removed.chain(added).collect();
    }
    let width = new.len() + 1;
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for (row, before) in old.iter().enumerate().rev() {
        for (column, after) in new.iter().enumerate().rev() {
            longest[row * width + column] = if before == after {
                longest[(row + 1) * width + column + 1] + 1
            } else {
                longest[(row + 1) * width + column].max(longest[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut found = Vec::new();
    while row < old.len() || column < new.len() {
        let is_same = row < old.len() && column < new.len() && old[row] == new[column];
        let is_removed = column == new.len()
            || row < old.len() && longest[(row + 1) * width + column] >= longest[row * width + column + 1];
        if is_same {
            found.push(Line::Same(old[row]));
            row += 1;
            column += 1;
        } else if is_removed {
            found.push(Line::Removed(old[row]));
            row += 1;
        } else {
            found.push(Line::Added(new[column]));
            column += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_shown_with_those_around_them() {
        let old: Vec<String> = (1..=20).map(|line| line.to_string()).collect();
        let mut new = old.clone();
        new[9] = "ten".to_owned();
        new.remove(17);
        let shown = diff(&old.join("\n"), &new.join("\n"));
        assert_eq!(
            shown,
            "@ line 7\n  7\n  8\n  9\n- 10\n+ ten\n  11\n  12\n  13\n@ line 15\n  15\n  16\n  17\n- 18\n  19\n  20\n"
        );
    }

    #[test]
    fn what_is_added_at_the_end_or_to_nothing_is_shown() {
        assert_eq!(diff("", "a"), "@ line 1\n+ a\n");
        assert_eq!(diff("a\na", "a"), "@ line 1\n  a\n- a\n");
        assert_eq!(diff("a", "a"), "");
    }
}
