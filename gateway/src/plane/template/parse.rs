//! Templates as they are written.

use super::TemplateError;
use super::syntax::{Expression, Node, Reference, Step};

/// How deep blocks and expressions may stand in each other.
pub(super) const DEPTH: usize = 64;

/// The parts of a template.
pub(super) fn parse(template: &str) -> Result<Vec<Node>, TemplateError> {
    let mut parser = Parser {
        text: template,
        at: 0,
        depth: 0,
    };
    let nodes = parser.block()?;
    match parser.rest() {
        "" => Ok(nodes),
        rest => Err(parser.error(&format!("there is nothing to end: {}", head(rest)))),
    }
}

/// Reads a template from its start to its end.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn error(&self, what: &str) -> TemplateError {
        let line = self.text[..self.at].matches('\n').count() + 1;
        TemplateError(format!("line {line}: {what}"))
    }

    pub(super) fn next_is(&self, start: &str) -> bool {
        self.rest().starts_with(start)
    }

    /// Passes over a text if it is next.
    pub(super) fn take(&mut self, start: &str) -> bool {
        let is_next = self.next_is(start);
        if is_next {
            self.at += start.len();
        }
        is_next
    }

    pub(super) fn expect(&mut self, text: &str) -> Result<(), TemplateError> {
        self.space();
        if self.take(text) {
            return Ok(());
        }
        Err(self.error(&format!("`{text}` should stand before: {}", head(self.rest()))))
    }

    pub(super) fn take_while(&mut self, is_taken: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_taken(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    pub(super) fn space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// One level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        if self.depth == DEPTH {
            return Err(self.error("too deep"));
        }
        self.depth += 1;
        let inner = inner(self);
        self.depth -= 1;
        inner
    }

    /// Parts up to the end, or to what ends a block.
    fn block(&mut self) -> Result<Vec<Node>, TemplateError> {
        self.deeper(|parser| {
            let mut nodes = Vec::new();
            let mut text = String::new();
            loop {
                text.push_str(parser.take_while(|c| !matches!(c, '$' | '#' | '\\')));
                let node = match parser.rest().as_bytes() {
                    [] => None,
                    [b'\\', b'$' | b'#', ..] => {
                        text.push_str(&parser.rest()[1..2]);
                        parser.at += 2;
                        continue;
                    }
                    [b'#', b'#', ..] => {
                        parser.take_while(|c| c != '\n');
                        parser.take("\n");
                        continue;
                    }
                    // As it stands, whatever is in it.
                    [b'#', b'[', b'[', ..] => {
                        let rest = parser.rest();
                        let end = rest.find("]]#").ok_or_else(|| parser.error("`]]#` is missing"))?;
                        text.push_str(&rest[3..end]);
                        parser.at += end + 3;
                        continue;
                    }
                    [b'#', b'*', ..] => {
                        let end = parser
                            .rest()
                            .find("*#")
                            .ok_or_else(|| parser.error("a comment has no end"))?;
                        parser.at += end + 2;
                        continue;
                    }
                    [b'#', ..] if ["end", "else", "elseif"].contains(&parser.directive().as_str()) => None,
                    [b'#', ..] => parser.directive_node()?,
                    [b'$', ..] => parser.reference()?.map(Node::Reference),
                    _ => {
                        text.push_str(&parser.rest()[..1]);
                        parser.at += 1;
                        continue;
                    }
                };
                let is_end = parser.rest().is_empty() || node.is_none() && parser.is_block_end();
                if node.is_none() && !is_end {
                    text.push_str(&parser.rest()[..1]);
                    parser.at += 1;
                    continue;
                }
                if !text.is_empty() {
                    nodes.push(Node::Text(std::mem::take(&mut text)));
                }
                match node {
                    Some(node) => nodes.push(node),
                    None => return Ok(nodes),
                }
            }
        })
    }

    fn is_block_end(&self) -> bool {
        ["end", "else", "elseif"].contains(&self.directive().as_str())
    }

    /// The name of the directive that is next: of `#end` and `#{end}` it is `end`.
    fn directive(&self) -> String {
        let rest = self.rest().strip_prefix('#').unwrap_or_default();
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        rest.chars().take_while(char::is_ascii_alphabetic).collect()
    }

    fn take_directive(&mut self) {
        self.take("#");
        let is_braced = self.take("{");
        self.take_while(|c| c.is_ascii_alphabetic());
        if is_braced {
            self.take("}");
        }
    }

    /// A directive takes the rest of its line along if that is empty.
    fn end_of_line(&mut self) {
        let start = self.at;
        self.take_while(|c| matches!(c, ' ' | '\t'));
        if !self.take("\r\n") && !self.take("\n") {
            self.at = start;
        }
    }

    /// `None` for a number sign that begins no directive.
    fn directive_node(&mut self) -> Result<Option<Node>, TemplateError> {
        let node = match self.directive().as_str() {
            "set" => {
                self.take_directive();
                self.expect("(")?;
                self.space();
                let target = self.required_reference()?;
                self.expect("=")?;
                let value = self.expression()?;
                self.expect(")")?;
                self.end_of_line();
                Node::Set(target, value)
            }
            "if" => self.conditional()?,
            "foreach" => {
                self.take_directive();
                self.expect("(")?;
                self.space();
                let name = self.required_reference()?.name;
                self.expect("in")?;
                let list = self.expression()?;
                self.expect(")")?;
                Node::Foreach(name, list, self.body()?)
            }
            "define" => {
                self.take_directive();
                self.expect("(")?;
                self.space();
                let name = self.required_reference()?.name;
                self.expect(")")?;
                Node::Define(name, self.body()?)
            }
            "break" => {
                self.take_directive();
                Node::Break
            }
            "stop" => {
                self.take_directive();
                Node::Stop
            }
            name @ ("macro" | "include" | "parse" | "evaluate") => {
                return Err(self.error(&format!("#{name} is not understood")));
            }
            _ => return Ok(None),
        };
        Ok(Some(node))
    }

    fn conditional(&mut self) -> Result<Node, TemplateError> {
        let mut branches = Vec::new();
        loop {
            let name = self.directive();
            self.take_directive();
            match name.as_str() {
                "end" => {
                    self.end_of_line();
                    return Ok(Node::If(branches));
                }
                "if" | "elseif" => {
                    self.expect("(")?;
                    let condition = self.expression()?;
                    self.expect(")")?;
                    self.end_of_line();
                    branches.push((Some(condition), self.block()?));
                }
                "else" => {
                    self.end_of_line();
                    branches.push((None, self.block()?));
                }
                _ => return Err(self.error("`#end` is missing")),
            }
        }
    }

    /// A block with its `#end`.
    fn body(&mut self) -> Result<Vec<Node>, TemplateError> {
        self.end_of_line();
        let body = self.block()?;
        if self.directive() != "end" {
            return Err(self.error("`#end` is missing"));
        }
        self.take_directive();
        self.end_of_line();
        Ok(body)
    }

    pub(super) fn required_reference(&mut self) -> Result<Reference, TemplateError> {
        self.reference()?
            .ok_or_else(|| self.error(&format!("a reference should stand before: {}", head(self.rest()))))
    }

    /// `None` for a dollar sign that begins no reference.
    pub(super) fn reference(&mut self) -> Result<Option<Reference>, TemplateError> {
        let start = self.at;
        self.take("$");
        let is_quiet = self.take("!");
        let is_braced = self.take("{");
        let name = self.take_while(is_name).to_owned();
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            self.at = start;
            return Ok(None);
        }
        let steps = self.deeper(Self::steps)?;
        if is_braced && !self.take("}") {
            self.at = start;
            return Ok(None);
        }
        Ok(Some(Reference {
            written: self.text[start..self.at].to_owned(),
            is_quiet,
            name,
            steps,
        }))
    }

    fn steps(&mut self) -> Result<Vec<Step>, TemplateError> {
        let mut steps = Vec::new();
        loop {
            let start = self.at;
            if self.take(".") {
                let name = self.take_while(is_name).to_owned();
                if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                    self.at = start;
                    return Ok(steps);
                }
                if self.take("(") {
                    steps.push(Step::Call(name, self.expressions(")")?));
                } else {
                    steps.push(Step::Property(name));
                }
            } else if self.take("[") {
                // A bracket behind a reference may as well be text.
                let Ok(index) = self.expression() else {
                    self.at = start;
                    return Ok(steps);
                };
                self.space();
                if !self.take("]") {
                    self.at = start;
                    return Ok(steps);
                }
                steps.push(Step::Index(index));
            } else {
                return Ok(steps);
            }
        }
    }

    /// Expressions with commas between them, up to what ends them.
    pub(super) fn expressions(&mut self, end: &str) -> Result<Vec<Expression>, TemplateError> {
        let mut list = Vec::new();
        self.space();
        while !self.take(end) {
            if !list.is_empty() {
                self.expect(",")?;
            }
            list.push(self.expression()?);
            self.space();
        }
        Ok(list)
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The start of a text, for messages.
pub(super) fn head(text: &str) -> String {
    text.chars().take(20).collect()
}
