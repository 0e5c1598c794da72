//! Text that is put together while the compiler evaluates constants.

/// The longest message. What does not fit is replaced by dots.
const CAPACITY: usize = 16 * 1024;

/// Room that is left for notes, and once more for what to do.
const RESERVE: usize = 2048;

/// A text of limited length.
#[derive(Debug)]
pub(super) struct Message {
    text: [u8; CAPACITY],
    length: usize,
    limit: usize,
    full: bool,
}

impl Message {
    pub(super) const fn new() -> Self {
        Message {
            text: [0; CAPACITY],
            length: 0,
            limit: CAPACITY - 2 * RESERVE,
            full: false,
        }
    }

    /// Goes on to notes, and when it is called again to help: there is room for both, whatever stands before them.
    pub(super) const fn advise(&mut self) {
        if self.limit < CAPACITY {
            self.limit += RESERVE;
            self.full = false;
        }
    }

    /// Whether there is no room for more.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    /// The text.
    pub(super) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.text.split_at(self.length).0) {
            Ok(text) => text,
            // Only whole texts are added.
            Err(_) => "the message is not readable",
        }
    }

    /// Adds a text, if there is room for it.
    pub(super) const fn push(&mut self, text: &str) {
        const MORE: &str = "\n...";
        if self.full {
            return;
        }
        let mut text = text.as_bytes();
        if self.length + text.len() + MORE.len() > self.limit {
            self.full = true;
            text = MORE.as_bytes();
        }
        let mut at = 0;
        while at < text.len() {
            self.text[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
    }

    /// Adds a text, with a value in the place of each `{}`.
    pub(super) const fn fill(&mut self, mut text: &str, values: &[&str]) {
        let mut next = 0;
        while next < values.len() {
            let mut at = 0;
            while text.as_bytes()[at] != b'{' || text.as_bytes()[at + 1] != b'}' {
                at += 1;
            }
            let (before, rest) = text.split_at(at);
            self.push(before);
            self.push(values[next]);
            text = rest.split_at(2).1;
            next += 1;
        }
        self.push(text);
    }

    /// Adds a number.
    pub(super) const fn push_number(&mut self, number: u32) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        const DIGITS: &str = "0123456789";
        let digit = (number % 10) as usize;
        self.push(DIGITS.split_at(digit).1.split_at(1).0);
    }

    /// Adds a number that may be negative or large.
    pub(super) const fn push_signed(&mut self, number: i128) {
        if number < 0 {
            self.push("-");
        }
        self.push_digits(number.unsigned_abs());
    }

    const fn push_digits(&mut self, number: u128) {
        if number >= 10 {
            self.push_digits(number / 10);
        }
        self.push_number((number % 10) as u32);
    }
}

#[cfg(test)]
mod tests;
