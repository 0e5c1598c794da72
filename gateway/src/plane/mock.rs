//! The status that a MOCK integration is told: JSON, read as tolerantly as AWS reads it.

/// The number at `statusCode` of what a request template printed.
///
/// Keys without quotes, single quotes, commas too many and empty values are taken; a number in quotes, braces that do
/// not match and quotes that do not are not.
pub(super) fn status(text: &str) -> Option<i64> {
    let mut reader = Reader {
        rest: text.trim(),
        status: None,
    };
    reader.map(0)?;
    let is_whole = reader.rest.trim().is_empty();
    reader.status.filter(|_| is_whole)
}

const DEPTH: usize = 64;

struct Reader<'a> {
    rest: &'a str,
    status: Option<i64>,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, c: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn map(&mut self, depth: usize) -> Option<()> {
        if depth == DEPTH || !self.take('{') {
            return None;
        }
        loop {
            while self.take(',') {}
            if self.take('}') {
                return Some(());
            }
            let key = if self.rest.starts_with(':') { "" } else { self.word()? };
            if !self.take(':') {
                return None;
            }
            self.space();
            let is_status = depth == 0 && key == "statusCode";
            match self.rest.chars().next()? {
                '{' => self.map(depth + 1)?,
                '[' => self.list(depth + 1)?,
                ',' | '}' => {}
                quote => {
                    let value = self.word()?;
                    if is_status {
                        let is_quoted = matches!(quote, '"' | '\'');
                        self.status = value.parse().ok().filter(|_| !is_quoted);
                    }
                }
            }
            self.space();
            if !self.rest.starts_with([',', '}']) {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        if depth == DEPTH || !self.take('[') {
            return None;
        }
        loop {
            while self.take(',') {}
            if self.take(']') {
                return Some(());
            }
            match self.rest.chars().next()? {
                '{' => self.map(depth + 1)?,
                '[' => self.list(depth + 1)?,
                _ => drop(self.word()?),
            }
            self.space();
            if !self.rest.starts_with([',', ']']) {
                return None;
            }
        }
    }

    /// A text in quotes, or what stands before the next sign.
    fn word(&mut self) -> Option<&'a str> {
        self.space();
        let quote = self.rest.chars().next()?;
        if matches!(quote, '"' | '\'') {
            let inner = &self.rest[1..];
            let mut is_escaped = false;
            let end = inner.find(|c| {
                let is_end = c == quote && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                is_end
            })?;
            self.rest = &inner[end + 1..];
            return Some(&inner[..end]);
        }
        let end = self.rest.find([',', ':', '{', '}', '[', ']', '"', '\''])?;
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(word.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_json_is_taken() {
        for (text, code) in [
            (r#"{"statusCode": 200}"#, 200),
            ("{statusCode: 200}", 200),
            ("{'statusCode': 200}", 200),
            (r#"{"statusCode": 200,}"#, 200),
            (r#"{"a": 1,, "statusCode": 0}"#, 0),
            ("{null: null, statusCode: -1000}", -1000),
            (r#"{"": , "statusCode": 201}"#, 201),
            (r#"{"a": {"statusCode": 1}, "b": [1, {c: 2}], "statusCode": 202}"#, 202),
            (" \n{\"statusCode\" : 200 }\n", 200),
        ] {
            assert_eq!(status(text), Some(code), "{text}");
        }
    }

    #[test]
    fn what_is_no_status_is_refused() {
        for text in [
            "",
            "statusCode: 200",
            r#"{"statusCode": "200"}"#,
            r#"{"statusCode': 200}"#,
            r#"{"statusCode": 200"#,
            r#"{"statusCode": 200}}"#,
            r#"{"other": 200}"#,
            r#"{"statusCode": 2.5}"#,
            "{}",
        ] {
            assert_eq!(status(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[{}\\[\\]'\",: a1é\\\\]{0,40}") {
            let _ = status(&text);
        }
    }
}
