//! Names that were probably meant.

use super::message::Message;

/// The longest name that is looked at: what is longer is no slip, and the edits cost the length squared.
const LONGEST: usize = 64;

/// The nearest of names, as far as one is near.
pub(super) struct Nearest(Option<(usize, &'static str)>);

impl Nearest {
    pub(super) const NONE: Self = Nearest(None);

    /// Looks at a name that may have been meant. Of those that are as near, the first stays.
    pub(super) const fn look(&mut self, name: &str, meant: &'static str) {
        if let Some(edits) = edits(name, meant)
            && match self.0 {
                Some((least, _)) => edits < least,
                None => true,
            }
        {
            self.0 = Some((edits, meant));
        }
    }

    /// Adds the question whether it was meant, and tells whether there is one.
    pub(super) const fn ask(&self, message: &mut Message) -> bool {
        if let Some((_, name)) = self.0 {
            message.fill("; did you mean `{}`?", &[name]);
        }
        self.0.is_some()
    }
}

/// A name without what people get wrong most: case and underscores.
struct Folded {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Folded {
    const fn new(name: &str) -> Option<Self> {
        let name = name.as_bytes();
        let mut folded = Folded {
            bytes: [0; LONGEST],
            length: 0,
        };
        let mut at = 0;
        while at < name.len() {
            if name[at] != b'_' {
                if folded.length == LONGEST {
                    return None;
                }
                folded.bytes[folded.length] = name[at].to_ascii_lowercase();
                folded.length += 1;
            }
            at += 1;
        }
        Some(folded)
    }
}

/// How many edits (insert, delete, replace, swap of neighbours) make one name of the other, if so few that it may be a
/// slip: a third of the longer name, as the compiler takes it.
const fn edits(one: &str, other: &str) -> Option<usize> {
    let (Some(one), Some(other)) = (Folded::new(one), Folded::new(other)) else {
        return None;
    };
    let longer = if one.length > other.length {
        one.length
    } else {
        other.length
    };
    let most = if longer < 3 { 1 } else { longer / 3 };
    if one.length.abs_diff(other.length) > most {
        return None;
    }
    let mut before_last = [0; LONGEST + 1];
    let mut last = [0; LONGEST + 1];
    let mut column = 0;
    while column <= other.length {
        last[column] = column;
        column += 1;
    }
    let mut line = 0;
    while line < one.length {
        let mut row = [0; LONGEST + 1];
        row[0] = line + 1;
        let mut column = 0;
        while column < other.length {
            let differs = one.bytes[line] != other.bytes[column];
            let mut least = last[column] + differs as usize;
            if last[column + 1] + 1 < least {
                least = last[column + 1] + 1;
            }
            if row[column] + 1 < least {
                least = row[column] + 1;
            }
            let swapped = line > 0
                && column > 0
                && one.bytes[line] == other.bytes[column - 1]
                && one.bytes[line - 1] == other.bytes[column];
            if swapped && before_last[column - 1] + 1 < least {
                least = before_last[column - 1] + 1;
            }
            row[column + 1] = least;
            column += 1;
        }
        before_last = last;
        last = row;
        line += 1;
    }
    let edits = last[other.length];
    // Nothing of the name is left otherwise.
    if edits <= most && edits < longer {
        Some(edits)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
