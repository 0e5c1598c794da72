//! Strings and their escapes.

use std::borrow::Cow;

use super::{Parsed, Parser};

impl<'a> Parser<'a, '_> {
    pub(super) fn string(&mut self) -> Parsed<Cow<'a, str>> {
        let open = self.at;
        self.at += 1;
        let mut text = Cow::Borrowed("");
        loop {
            let plain = self
                .rest()
                .bytes()
                .position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20);
            let Some(plain) = plain else {
                return self.stop(open, "this string is never closed", "add the missing quote");
            };
            // The first piece is borrowed; only what stands behind an escape is copied.
            text += &self.rest()[..plain];
            self.at += plain;
            match self.text.as_bytes()[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => self.escape(text.to_mut())?,
                b'\n' | b'\r' => {
                    return self.stop(open, "this string does not end on its line", "add the missing quote");
                }
                _ => {
                    self.slip(
                        self.at,
                        "a control character stands in a string",
                        "write it as an escape, such as `\\t`",
                    )?;
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Parsed<()> {
        let start = self.at;
        let letter = self.text.as_bytes().get(start + 1).copied();
        let plain = match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(text),
            _ => {
                self.slip(start, "this escape does not exist", "write a backslash as `\\\\`")?;
                self.at += 1;
                return Ok(());
            }
        };
        text.push(plain);
        self.at += 2;
        Ok(())
    }

    fn unicode_escape(&mut self, text: &mut String) -> Parsed<()> {
        let start = self.at;
        let Some(first) = self.hex_unit(start) else {
            self.slip(start, "`\\u` needs four hexadecimal digits", "write it as `\\u00e9`")?;
            self.at += 2;
            return Ok(());
        };
        self.at += 6;
        let mut code = u32::from(first);
        if (0xd800..0xdc00).contains(&code)
            && let Some(second) = self.hex_unit(self.at)
            && (0xdc00..0xe000).contains(&second)
        {
            code = 0x10000 + ((code - 0xd800) << 10) + (u32::from(second) - 0xdc00);
            self.at += 6;
        }
        match char::from_u32(code) {
            Some(character) => text.push(character),
            None => self.slip(
                start,
                "half of a surrogate pair stands alone",
                "write the character itself",
            )?,
        }
        Ok(())
    }

    /// The number of `\uXXXX` at an offset.
    fn hex_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.as_bytes().get(at..at + 6)?.strip_prefix(b"\\u")?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}
