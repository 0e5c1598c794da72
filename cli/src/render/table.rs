//! Tables that fit where they are shown.

use anstyle::Style;

/// One cell: its text and how it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        Self {
            text: printable(text.as_ref()),
            style: Style::new(),
        }
    }

    pub(crate) fn styled(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// A text without control characters, which would reach the terminal otherwise.
pub(crate) fn printable(text: &str) -> String {
    let characters = text.chars();
    characters
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// A column never gets narrower than this.
const NARROWEST: usize = 7;
const GAP: usize = 2;

/// Rows under a heading.
#[derive(Debug)]
pub(crate) struct Table {
    heading: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(heading: &[&'static str]) -> Self {
        Self {
            heading: heading.to_vec(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    /// The table as text. With a width, the widest columns are cut so that no line is longer.
    pub(crate) fn text(&self, width: Option<usize>, color: bool) -> String {
        let widths = self.widths(width);
        let mut text = String::new();
        let bold = Style::new().bold();
        let heading: Vec<Cell> = self.heading.iter().map(|title| Cell::new(title).styled(bold)).collect();
        for row in std::iter::once(&heading).chain(&self.rows) {
            line(&mut text, row, &widths, color);
        }
        text
    }

    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self
            .heading
            .iter()
            .enumerate()
            .map(|(nth, title)| {
                let cells = self.rows.iter().filter_map(|row| row.get(nth)).map(Cell::width);
                cells.chain([title.len()]).max().unwrap_or(0)
            })
            .collect();
        let Some(limit) = limit else {
            return widths;
        };
        let gaps = GAP * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > limit {
            let Some(widest) = widths.iter_mut().max_by_key(|width| **width) else {
                break;
            };
            if *widest <= NARROWEST {
                break;
            }
            *widest -= 1;
        }
        widths
    }
}

fn line(text: &mut String, row: &[Cell], widths: &[usize], color: bool) {
    let last = row.len().saturating_sub(1);
    for (nth, (cell, &width)) in row.iter().zip(widths).enumerate() {
        let shown = shortened(&cell.text, width);
        let padding = if nth == last {
            0
        } else {
            width - shown.chars().count() + GAP
        };
        if color {
            let style = cell.style;
            text.push_str(&format!("{style}{shown}{style:#}"));
        } else {
            text.push_str(&shown);
        }
        text.extend(std::iter::repeat_n(' ', padding));
    }
    // The last cell may be empty.
    text.truncate(text.trim_end_matches(' ').len());
    text.push('\n');
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["VERB", "PATH", "HANDLER"]);
        table.row(vec![
            Cell::new("GET"),
            Cell::new("/a/long/path/of/a/route"),
            Cell::new("users::get"),
        ]);
        table.row(vec![Cell::new("DELETE"), Cell::new("/"), Cell::new("")]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        assert_eq!(
            table().text(None, false),
            "VERB    PATH                     HANDLER\n\
             GET     /a/long/path/of/a/route  users::get\n\
             DELETE  /\n"
        );
    }

    #[test]
    fn no_line_is_longer_than_the_terminal() {
        for width in 28..60 {
            for line in table().text(Some(width), false).lines() {
                assert!(line.chars().count() <= width, "{width}: {line:?}");
            }
        }
        assert!(table().text(Some(30), false).contains('…'));
    }

    #[test]
    fn there_is_no_escape_sequence_without_colour() {
        assert!(!table().text(None, false).contains('\u{1b}'));
        assert!(table().text(None, true).contains('\u{1b}'));
        assert_eq!(Cell::new("a\u{1b}[2Jb").text, "a\u{fffd}[2Jb");
    }
}
