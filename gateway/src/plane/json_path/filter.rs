//! Conditions of paths, such as `?(@.price < 10 && @.name)`.

use super::{Step, parse, walk};
use crate::plane::value::Value;

/// How deep conditions may stand in each other.
const DEPTH: usize = 32;

/// A condition about a value.
pub(super) enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    There(Vec<Step>),
    Compared(Operand, &'static str, Operand),
}

pub(super) enum Operand {
    /// Behind `@`.
    Path(Vec<Step>),
    Value(Value),
}

/// Longer ones before those that they begin with.
const OPERATORS: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];

impl Condition {
    /// What stands between the brackets, and what follows them.
    pub(super) fn parse(text: &str) -> Result<(Self, &str), String> {
        let mut reader = Reader { rest: text, depth: 0 };
        let condition = reader.any()?;
        match reader.take(")") && reader.take("]") {
            true => Ok((condition, reader.rest)),
            false => Err("a condition has no end".to_owned()),
        }
    }

    pub(super) fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Any(conditions) => conditions.iter().any(|one| one.holds(value)),
            Self::All(conditions) => conditions.iter().all(|one| one.holds(value)),
            Self::Not(condition) => !condition.holds(value),
            Self::There(steps) => !walk(value, steps).is_empty(),
            Self::Compared(left, operator, right) => {
                let (left, right) = (left.of(value), right.of(value));
                let order = match (&left, &right) {
                    (Some(Value::Number(left)), Some(Value::Number(right))) => {
                        left.as_f64().partial_cmp(&right.as_f64())
                    }
                    (Some(Value::Text(left)), Some(Value::Text(right))) => Some(left.cmp(right)),
                    _ => None,
                };
                match *operator {
                    "==" => left.is_some() && left == right || order.is_some_and(std::cmp::Ordering::is_eq),
                    "!=" => left != right && !order.is_some_and(std::cmp::Ordering::is_eq),
                    "<=" => order.is_some_and(std::cmp::Ordering::is_le),
                    ">=" => order.is_some_and(std::cmp::Ordering::is_ge),
                    "<" => order.is_some_and(std::cmp::Ordering::is_lt),
                    _ => order.is_some_and(std::cmp::Ordering::is_gt),
                }
            }
        }
    }
}

impl Operand {
    fn of(&self, value: &Value) -> Option<Value> {
        match self {
            Self::Path(steps) => walk(value, steps).first().map(|value| (*value).clone()),
            Self::Value(value) => Some(value.clone()),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn any(&mut self) -> Result<Condition, String> {
        let mut conditions = vec![self.all()?];
        while self.take("||") {
            conditions.push(self.all()?);
        }
        Ok(Condition::Any(conditions))
    }

    fn all(&mut self) -> Result<Condition, String> {
        let mut conditions = vec![self.one()?];
        while self.take("&&") {
            conditions.push(self.one()?);
        }
        Ok(Condition::All(conditions))
    }

    fn one(&mut self) -> Result<Condition, String> {
        if self.depth == DEPTH {
            return Err("a condition is too deep".to_owned());
        }
        self.depth += 1;
        let one = self.compared();
        self.depth -= 1;
        one
    }

    fn compared(&mut self) -> Result<Condition, String> {
        if self.take("!") {
            return Ok(Condition::Not(self.one()?.into()));
        }
        if self.take("(") {
            let inner = self.any()?;
            return match self.take(")") {
                true => Ok(inner),
                false => Err("a condition has no end".to_owned()),
            };
        }
        let left = self.operand()?;
        let operator = OPERATORS.into_iter().find(|operator| self.take(operator));
        match (left, operator) {
            (left, Some(operator)) => Ok(Condition::Compared(left, operator, self.operand()?)),
            (Operand::Path(steps), None) => Ok(Condition::There(steps)),
            (Operand::Value(_), None) => Err("a condition compares nothing".to_owned()),
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        if self.take("@") {
            return Ok(Operand::Path(parse(self.path()?)?));
        }
        if let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            let (text, rest) = self.rest[1..].split_once(quote).ok_or("a quote is not closed")?;
            self.rest = rest;
            return Ok(Operand::Value(text.into()));
        }
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '+'));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let value = Value::parse(word).map_err(|_| format!("{word} is not understood in a condition"));
        value.map(Operand::Value)
    }

    /// A path, up to what cannot be one.
    fn path(&mut self) -> Result<&'a str, String> {
        let (mut depth, mut quote) = (0_usize, None);
        let end = self.rest.find(|c| {
            match (c, quote) {
                (c, Some(open)) => quote = Some(open).filter(|open| c != *open),
                ('\'' | '"', None) => quote = Some(c),
                ('[', None) => depth += 1,
                (']', None) if depth > 0 => depth -= 1,
                (c, None) => return depth == 0 && (c.is_whitespace() || "=!<>&|)]".contains(c)),
            }
            false
        });
        let (path, rest) = self.rest.split_at(end.ok_or("a condition has no end")?);
        self.rest = rest;
        Ok(path)
    }
}
