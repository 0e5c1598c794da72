//! What stands between the parentheses of a directive.

use super::TemplateError;
use super::parse::{Parser, head, parse};
use super::syntax::{Expression, Operator};
use crate::plane::Value;

impl Parser<'_> {
    /// A value, or several with operators between them.
    pub(super) fn expression(&mut self) -> Result<Expression, TemplateError> {
        self.deeper(|parser| parser.level(0))
    }

    fn level(&mut self, level: usize) -> Result<Expression, TemplateError> {
        let Some(operators) = Operator::LEVELS.get(level) else {
            return self.operand();
        };
        let mut left = self.level(level + 1)?;
        loop {
            self.space();
            let Some(&(_, operator)) = operators.iter().find(|(spelling, _)| self.take(spelling)) else {
                return Ok(left);
            };
            let right = self.level(level + 1)?;
            left = Expression::Binary(operator, left.into(), right.into());
        }
    }

    fn operand(&mut self) -> Result<Expression, TemplateError> {
        self.space();
        match self.rest().as_bytes().first() {
            Some(b'$') => Ok(Expression::Reference(self.required_reference()?)),
            Some(b'!') => {
                self.at += 1;
                Ok(Expression::Not(self.deeper(Self::operand)?.into()))
            }
            Some(b'-') => {
                self.at += 1;
                Ok(Expression::Negative(self.deeper(Self::operand)?.into()))
            }
            Some(b'(') => {
                self.at += 1;
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Some(b'\'') => Ok(Expression::Value(self.quoted('\'')?.into())),
            Some(b'"') => {
                let text = self.quoted('"')?;
                let nodes = self.deeper(|_| parse(&text))?;
                Ok(Expression::Text(nodes))
            }
            Some(b'[') => {
                self.at += 1;
                self.list()
            }
            Some(b'{') => {
                self.at += 1;
                self.map()
            }
            Some(b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, TemplateError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != quote));
            if !self.take(if quote == '"' { "\"" } else { "'" }) {
                self.at = start;
                return Err(self.error("a text has no end"));
            }
            // A quote that stands twice stands for itself.
            if self.rest().starts_with(quote) {
                text.push(quote);
                self.at += 1;
            } else {
                return Ok(text);
            }
        }
    }

    fn list(&mut self) -> Result<Expression, TemplateError> {
        self.space();
        if self.take("]") {
            return Ok(Expression::List(Vec::new()));
        }
        let first = self.expression()?;
        self.space();
        if self.take("..") {
            let last = self.expression()?;
            self.expect("]")?;
            return Ok(Expression::Range(first.into(), last.into()));
        }
        let mut items = vec![first];
        if !self.take("]") {
            self.expect(",")?;
            items.extend(self.expressions("]")?);
        }
        Ok(Expression::List(items))
    }

    fn map(&mut self) -> Result<Expression, TemplateError> {
        let mut entries = Vec::new();
        self.space();
        while !self.take("}") {
            if !entries.is_empty() {
                self.expect(",")?;
            }
            let key = self.expression()?;
            self.expect(":")?;
            entries.push((key, self.expression()?));
            self.space();
        }
        Ok(Expression::Map(entries))
    }

    fn number(&mut self) -> Result<Expression, TemplateError> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        // Two dots make a range.
        if self.next_is(".") && !self.next_is("..") {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let number = Value::parse(&self.text[start..self.at]);
        number.map(Expression::Value).map_err(|_| self.error("no number"))
    }

    fn word(&mut self) -> Result<Expression, TemplateError> {
        let word = self.take_while(|c| c.is_ascii_alphabetic());
        match word {
            "true" | "false" => Ok(Expression::Value((word == "true").into())),
            "null" => Ok(Expression::Value(Value::Null)),
            "not" => Ok(Expression::Not(self.deeper(Self::operand)?.into())),
            _ => Err(self.error(&format!("a value should stand before: {word}{}", head(self.rest())))),
        }
    }
}
