//! What a template prints.

use super::TemplateError;
use super::methods;
use super::scope::{BYTES, Scope};
use super::syntax::{Expression, Node, Operator, Reference, Step};
use crate::plane::Value;

/// How often the body of a `#foreach` is printed at most
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const ROUNDS: usize = 1_000;

/// What `$foreach.count` was before Velocity 1.7, which still knows it.
const COUNTER: &str = "velocityCount";

/// What happens after a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Stop,
}

pub(super) fn print(nodes: &[Node], scope: &mut Scope<'_>) -> Result<String, TemplateError> {
    let mut printer = Printer {
        scope,
        printed: String::new(),
        depth: 0,
    };
    printer.block(nodes)?;
    Ok(printer.printed)
}

struct Printer<'a, 'b> {
    scope: &'a mut Scope<'b>,
    printed: String,
    /// How many `#define`s print each other.
    depth: usize,
}

impl Printer<'_, '_> {
    fn write(&mut self, text: &str) -> Result<(), TemplateError> {
        self.printed.push_str(text);
        if self.printed.len() > BYTES {
            return Err(TemplateError("the template prints too much".to_owned()));
        }
        Ok(())
    }

    fn block(&mut self, nodes: &[Node]) -> Result<Flow, TemplateError> {
        for node in nodes {
            let flow = self.node(node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, node: &Node) -> Result<Flow, TemplateError> {
        match node {
            Node::Text(text) => self.write(text)?,
            Node::Reference(reference) => return self.reference(reference),
            Node::Set(target, value) => {
                let value = self.value(value)?;
                *self.place(&target.name, &target.steps)? = value;
            }
            Node::If(branches) => {
                for (condition, body) in branches {
                    let holds = match condition {
                        Some(condition) => is_true(&self.value(condition)?),
                        None => true,
                    };
                    if holds {
                        return self.block(body);
                    }
                }
            }
            Node::Foreach(name, list, body) => return self.foreach(name, list, body),
            Node::Define(name, body) => {
                self.scope.defined.insert(name.clone(), body.clone());
            }
            Node::Break => return Ok(Flow::Break),
            Node::Stop => return Ok(Flow::Stop),
        }
        Ok(Flow::Next)
    }

    fn reference(&mut self, reference: &Reference) -> Result<Flow, TemplateError> {
        if reference.steps.is_empty()
            && let Some(body) = self.scope.defined.get(&reference.name).cloned()
        {
            if self.depth == super::parse::DEPTH {
                return Err(TemplateError(format!("${} prints itself", reference.name)));
            }
            self.depth += 1;
            let flow = self.block(&body);
            self.depth -= 1;
            return flow;
        }
        match self.resolve(reference)? {
            // AWS prints nothing for a value that is not there, recorded for paths of `$input`; a name that nobody
            // set prints itself, as Velocity has it.
            Some(Value::Null) => {}
            Some(value) => self.write(&value.to_string())?,
            None if reference.is_quiet => {}
            None => self.write(&reference.written)?,
        }
        Ok(Flow::Next)
    }

    fn foreach(&mut self, name: &str, list: &Expression, body: &[Node]) -> Result<Flow, TemplateError> {
        let items = match self.value(list)? {
            Value::List(items) => items,
            Value::Map(entries) => entries.into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        if items.len() > ROUNDS {
            return Err(TemplateError(format!("#foreach has more than {ROUNDS} rounds")));
        }
        let outer = [name, "foreach", COUNTER].map(|name| (name, self.scope.variables.get(name).cloned()));
        let parent = outer[1].1.clone().unwrap_or_default();
        let count = items.len();
        let mut flow = Flow::Next;
        for (index, item) in items.into_iter().enumerate() {
            let index_number = i64::try_from(index).unwrap_or(i64::MAX);
            let state: Value = [
                ("index", Value::from(index_number)),
                ("count", Value::from(index_number + 1)),
                ("hasNext", Value::from(index + 1 < count)),
                ("first", Value::from(index == 0)),
                ("last", Value::from(index + 1 == count)),
                ("parent", parent.clone()),
            ]
            .into_iter()
            .collect();
            self.scope.variables.insert(name.to_owned(), item);
            self.scope.variables.insert("foreach".to_owned(), state);
            self.scope
                .variables
                .insert(COUNTER.to_owned(), Value::from(index_number + 1));
            flow = self.block(body)?;
            if flow != Flow::Next {
                break;
            }
        }
        for (name, value) in outer {
            match value {
                Some(value) => self.scope.variables.insert(name.to_owned(), value),
                None => self.scope.variables.remove(name),
            };
        }
        Ok(if flow == Flow::Stop { flow } else { Flow::Next })
    }

    /// `None` when nobody set the name.
    fn resolve(&mut self, reference: &Reference) -> Result<Option<Value>, TemplateError> {
        if let Some((Step::Call(method, arguments), steps)) = reference.steps.split_last()
            && methods::changes(method)
            && self.scope.variables.contains_key(&reference.name)
        {
            let arguments = self.values(arguments)?;
            let place = self.place(&reference.name, steps)?;
            return methods::change(place, method, arguments).map(Some);
        }
        let mut steps = reference.steps.as_slice();
        let mut value = match (reference.name.as_str(), steps.first()) {
            (name, _) if self.scope.variables.contains_key(name) => self.scope.variables[name].clone(),
            ("context", _) => self.scope.context.clone(),
            ("stageVariables", _) => self.scope.stage_variables(),
            ("input", Some(Step::Call(method, arguments))) => {
                let arguments = self.values(arguments)?;
                steps = &steps[1..];
                methods::of_input(self.scope, method, &arguments)?
            }
            ("input", Some(Step::Property(name))) if name == "body" => {
                steps = &steps[1..];
                self.scope.body().into_owned().into()
            }
            ("util", Some(Step::Call(method, arguments))) => {
                let arguments = self.values(arguments)?;
                steps = &steps[1..];
                methods::of_util(method, &arguments)?
            }
            ("null", None) => Value::Null,
            _ => return Ok(None),
        };
        for step in steps {
            value = match step {
                Step::Property(name) => methods::property(value, name),
                Step::Index(index) => {
                    let index = self.value(index)?;
                    methods::index(value, &index)
                }
                Step::Call(method, arguments) => {
                    let arguments = self.values(arguments)?;
                    methods::call(value, method, &arguments)?
                }
            };
        }
        Ok(Some(value))
    }

    /// Where a value is kept. Entries of maps are made.
    fn place(&mut self, name: &str, steps: &[Step]) -> Result<&mut Value, TemplateError> {
        let mut keys = Vec::new();
        for step in steps {
            keys.push(match step {
                Step::Property(name) => Value::from(name.as_str()),
                Step::Index(index) => self.value(index)?,
                Step::Call(method, arguments) if method == "get" && arguments.len() == 1 => {
                    self.value(&arguments[0])?
                }
                Step::Call(method, _) => return Err(TemplateError(format!("nothing is kept behind {method}()"))),
            });
        }
        let mut place = match name {
            "context" => &mut *self.scope.context,
            name => self.scope.variables.entry(name.to_owned()).or_default(),
        };
        for key in keys {
            place = match (place, key.as_integer()) {
                (Value::List(items), Some(index)) => usize::try_from(index)
                    .ok()
                    .and_then(|index| items.get_mut(index))
                    .ok_or_else(|| TemplateError(format!("the list has no item {index}")))?,
                (place, _) => place.entry(&key.to_string()),
            };
        }
        Ok(place)
    }

    fn values(&mut self, expressions: &[Expression]) -> Result<Vec<Value>, TemplateError> {
        expressions.iter().map(|expression| self.value(expression)).collect()
    }

    fn value(&mut self, expression: &Expression) -> Result<Value, TemplateError> {
        Ok(match expression {
            Expression::Value(value) => value.clone(),
            Expression::Text(nodes) => {
                let outer = std::mem::take(&mut self.printed);
                let flow = self.block(nodes);
                let text = std::mem::replace(&mut self.printed, outer);
                flow?;
                text.into()
            }
            Expression::Reference(reference) => self.resolve(reference)?.unwrap_or_default(),
            Expression::List(items) => Value::List(self.values(items)?),
            Expression::Map(entries) => {
                let mut map = Value::Map(Vec::new());
                for (key, value) in entries {
                    let key = self.value(key)?.to_string();
                    *map.entry(&key) = self.value(value)?;
                }
                map
            }
            Expression::Range(first, last) => {
                let (first, last) = (self.value(first)?, self.value(last)?);
                let (Some(first), Some(last)) = (first.as_integer(), last.as_integer()) else {
                    return Err(TemplateError("a range is from one number to another".to_owned()));
                };
                let range: Vec<i64> = if first <= last {
                    (first..=last).take(ROUNDS + 1).collect()
                } else {
                    (last..=first).rev().take(ROUNDS + 1).collect()
                };
                Value::List(range.into_iter().map(Value::from).collect())
            }
            Expression::Not(inner) => (!is_true(&self.value(inner)?)).into(),
            Expression::Negative(inner) => {
                let inner = self.value(inner)?;
                methods::arithmetic(Operator::Minus, &Value::from(0), &inner)
            }
            Expression::Binary(operator, left, right) => {
                let left = self.value(left)?;
                match operator {
                    Operator::Or => (is_true(&left) || is_true(&self.value(right)?)).into(),
                    Operator::And => (is_true(&left) && is_true(&self.value(right)?)).into(),
                    operator => methods::binary(*operator, &left, &self.value(right)?),
                }
            }
        })
    }
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}
