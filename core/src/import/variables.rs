//! Placeholders of other tools, which become variables.

use super::item::Item;
use crate::aws::written_function;
use crate::placeholder::{has_placeholder, named_placeholder, placeholder};
use crate::resolve::Named;

/// Keys whose texts are templates: `${x}` is a variable of the template there, unless a tool is known to fill it.
const TEMPLATES: [&str; 3] = ["templates", "requestTemplates", "body"];

/// The key of functions.
const FUNCTION: &str = "function";

/// Keys of what has a name on AWS.
const NAMED: [(&str, Named); 4] = [
    (FUNCTION, Named::Function),
    ("role", Named::Role),
    ("userPools", Named::UserPool),
    ("uri", Named::Service),
];

/// Keys below which nothing has such a name: schemas and what is said raw.
const SHAPES: [&str; 6] = ["models", "body", "answers", "query", "headers", "openapi"];

/// The variables that stand for placeholders: name and placeholder.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: Vec<(String, String)>,
    /// Placeholders that no tool fills in: the value is still to be written.
    open: Vec<String>,
}

impl Variables {
    /// Variables, of which those for some placeholders have no value yet.
    pub(super) fn with_open(open: Vec<String>) -> Self {
        Self {
            open,
            ..Self::default()
        }
    }

    /// Puts variables in the place of placeholders. `filled` are the names that a tool is known to fill in.
    pub(super) fn replace(&mut self, item: &mut Item, filled: &std::collections::BTreeSet<String>) {
        self.walk(item, false);
        self.unnamed(item, None);
        let known: Vec<String> = self.known.iter().map(|(_, written)| written.clone()).collect();
        self.templates(item, false, &|written| {
            known.iter().any(|known| known == written)
                || written
                    .strip_prefix("${")
                    .and_then(|text| text.strip_suffix('}'))
                    .is_some_and(|name| filled.contains(name))
        });
    }

    fn walk(&mut self, item: &mut Item, is_template: bool) {
        match item {
            Item::Text(text) if !is_template => *text = self.text(text, &|_| true),
            Item::List(items) => items.iter_mut().for_each(|item| self.walk(item, is_template)),
            Item::Map(entries) => {
                for (key, item) in entries {
                    match item {
                        Item::Text(text) if key == FUNCTION => *text = self.function(text),
                        _ => self.walk(item, is_template || TEMPLATES.contains(&key.as_str())),
                    }
                }
            }
            _ => {}
        }
    }

    /// What stands where AWS has a name and is none becomes a variable: `ACCOUNT_ID` in an ARN, a path that a build replaces.
    fn unnamed(&mut self, item: &mut Item, named: Option<Named>) {
        match (item, named) {
            (Item::Text(text), Some(named)) => {
                let name = match named {
                    Named::Function => written_function(text).unwrap_or(text),
                    _ => text,
                };
                if named.refuses(name) {
                    let name = last_word(name);
                    *text = format!("${{var.{}}}", self.name(text, name));
                }
            }
            (Item::List(items), _) => items.iter_mut().for_each(|item| self.unnamed(item, named)),
            (Item::Map(entries), _) => {
                for (key, item) in entries.iter_mut().filter(|(key, _)| !SHAPES.contains(&key.as_str())) {
                    let named = NAMED.iter().find(|(known, _)| known == key).map(|(_, named)| *named);
                    self.unnamed(item, named);
                }
            }
            _ => {}
        }
    }

    /// A function whose URI holds placeholders is one variable: which function it is differs between environments, and how
    /// a URI is made of it is nothing to be read at every route.
    fn function(&mut self, uri: &str) -> String {
        if !has_placeholder(uri) || placeholder(uri) == Some(uri) {
            return self.text(uri, &|_| true);
        }
        let name = function_in(uri);
        format!("${{var.{}}}", self.name(uri, &name))
    }

    fn templates(&mut self, item: &mut Item, is_template: bool, is_filled: &dyn Fn(&str) -> bool) {
        match item {
            Item::Text(text) if is_template => *text = self.text(text, is_filled),
            Item::List(items) => items
                .iter_mut()
                .for_each(|item| self.templates(item, is_template, is_filled)),
            Item::Map(entries) => {
                for (key, item) in entries {
                    self.templates(item, is_template || TEMPLATES.contains(&key.as_str()), is_filled);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, is_filled: &dyn Fn(&str) -> bool) -> String {
        let mut made = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            match named_placeholder(rest) {
                Some((written, name)) if is_filled(written) => {
                    made.push_str("${var.");
                    made.push_str(self.name(written, name));
                    made.push('}');
                    rest = &rest[written.len()..];
                }
                Some((written, _)) => {
                    made.push_str(written);
                    rest = &rest[written.len()..];
                }
                None => {
                    made.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        made
    }

    /// The name of the variable for a placeholder.
    fn name(&mut self, written: &str, name: &str) -> &str {
        let index = self.known.iter().position(|(_, known)| known == written);
        let index = index.unwrap_or_else(|| {
            // Terraform has variables of its own.
            let name = name.trim();
            let mut plain: String = name
                .strip_prefix("var.")
                .unwrap_or(name)
                .chars()
                .map(|c| {
                    if c.is_ascii_alphanumeric() || "_.:-".contains(c) {
                        c
                    } else {
                        '_'
                    }
                })
                .collect();
            if !plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                plain.insert(0, '_');
            }
            let mut unique = plain.clone();
            let mut number = 1;
            while self.known.iter().any(|(taken, _)| *taken == unique) {
                number += 1;
                unique = format!("{plain}_{number}");
            }
            self.known.push((unique, written.to_owned()));
            self.known.len() - 1
        });
        &self.known[index].0
    }

    /// The value of each variable: the placeholder that it stands for.
    pub(super) fn item(self) -> Item {
        let value = |written: String| {
            if self.open.contains(&written) {
                String::new()
            } else {
                written
            }
        };
        let entries = self.known.into_iter();
        let entries = entries.map(|(name, written)| (name, Item::text(value(written))));
        Item::Map(entries.collect())
    }
}

/// The last word of a name: what it is of.
fn last_word(name: &str) -> &str {
    let name = name.strip_suffix("/invocations").unwrap_or(name);
    name.rsplit(['/', ':']).find(|word| !word.is_empty()).unwrap_or("name")
}

/// The name of a function in its URI, with the names of placeholders in their place.
fn function_in(uri: &str) -> String {
    let inner = uri.split("/functions/").nth(1).unwrap_or(uri);
    let inner = inner.strip_suffix("/invocations").unwrap_or(inner);
    let inner = inner.rsplit_once(":function:").map_or(inner, |(_, name)| name);
    inner.replace(['$', '{', '}'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> (String, Item) {
        let mut variables = Variables::default();
        let mut item = Item::text(text);
        variables.replace(&mut item, &std::collections::BTreeSet::new());
        (item.as_text().unwrap_or_default().to_owned(), variables.item())
    }

    #[test]
    fn placeholders_of_every_tool_become_variables_with_their_names() {
        for (text, made, variables) in [
            ("${x}/a", "${var.x}/a", r#"{"x": "${x}"}"#),
            (
                "${AWS::Region}",
                "${var.AWS::Region}",
                r#"{"AWS::Region": "${AWS::Region}"}"#,
            ),
            ("{{{ROLE}}}", "${var.ROLE}", r#"{"ROLE": "{{{ROLE}}}"}"#),
            (
                "@@x@@#{y}<<z>>",
                "${var.x}${var.y}${var.z}",
                r##"{"x": "@@x@@", "y": "#{y}", "z": "<<z>>"}"##,
            ),
            (
                "${a} ${ a }",
                "${var.a} ${var.a_2}",
                r#"{"a": "${a}", "a_2": "${ a }"}"#,
            ),
            (
                "${module.f[\"k\"].arn}",
                "${var.module.f__k__.arn}",
                r#"{"module.f__k__.arn": "${module.f[\"k\"].arn}"}"#,
            ),
        ] {
            let (text, known) = replaced(text);
            assert_eq!((text.as_str(), known.compact().as_str()), (made, variables));
        }
    }

    #[test]
    fn a_function_is_one_variable() {
        let uri = |function: &str| {
            format!("arn:aws:apigateway:${{r}}:lambda:path/2015-03-31/functions/{function}/invocations")
        };
        for (text, made) in [
            (uri("${Orders.Arn}"), "${var.Orders.Arn}"),
            (uri("arn:aws:lambda:${r}:${a}:function:orders"), "${var.orders}"),
            (
                uri("arn:aws:lambda:${r}:${a}:function:${env}-orders"),
                "${var.env-orders}",
            ),
            (uri("${F.Arn}:live"), "${var.F.Arn:live}"),
            ("${orders_arn}".to_owned(), "${var.orders_arn}"),
            ("orders".to_owned(), "orders"),
        ] {
            let mut variables = Variables::default();
            let mut item = Item::Map(vec![("function".into(), Item::text(&text))]);
            variables.replace(&mut item, &std::collections::BTreeSet::new());
            assert_eq!(item.get("function").and_then(Item::as_text), Some(made));
            if let Item::Map(known) = variables.item() {
                assert!(known.iter().all(|(_, value)| value.as_text() == Some(&text)));
            }
        }
    }

    #[test]
    fn what_nothing_on_aws_is_called_becomes_a_variable() {
        for (key, text, made) in [
            ("role", "arn:aws:iam::account-id:role", "${var.role}"),
            ("role", "a-role", "${var.a-role}"),
            (
                "role",
                "arn:aws:iam::123456789012:role/r",
                "arn:aws:iam::123456789012:role/r",
            ),
            ("uri", "./src/list_books", "${var.list_books}"),
            (
                "uri",
                "arn:aws:apigateway:eu-west-1:s3:path/{key}",
                "arn:aws:apigateway:eu-west-1:s3:path/{key}",
            ),
            ("function", "arn:aws:lambda:eu-west-1:ACCOUNT_ID:function:f", "${var.f}"),
            (
                "function",
                "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:ACCOUNT_ID:function:f/invocations",
                "${var.f}",
            ),
            ("function", "http://127.0.0.1:3000/f/invocations", "${var.f}"),
            ("function", "f:${stageVariables.alias}", "f:${stageVariables.alias}"),
            ("function", "f", "f"),
            ("role", "${stageVariables.role}", "${stageVariables.role}"),
        ] {
            let mut variables = Variables::default();
            let mut item = Item::Map(vec![(key.into(), Item::text(text))]);
            variables.replace(&mut item, &std::collections::BTreeSet::new());
            assert_eq!(item.get(key).and_then(Item::as_text), Some(made), "{text}");
            if let Item::Map(known) = variables.item() {
                assert!(known.iter().all(|(_, value)| value.as_text() == Some(text)), "{text}");
            }
        }
    }

    #[test]
    fn what_a_schema_says_names_nothing_on_aws() {
        let mut variables = Variables::default();
        let example = || Item::Map(vec![("role".into(), Item::text("admin"))]);
        let mut item = Item::Map(vec![("models".into(), example()), ("body".into(), example())]);
        let before = item.clone();
        variables.replace(&mut item, &std::collections::BTreeSet::new());
        assert_eq!(item, before);
    }

    #[test]
    fn what_the_gateway_fills_in_stays() {
        for text in [
            "${stageVariables.host}",
            "/users/{id}",
            "$context.requestId",
            "^[a-z]{2}$",
            "a ${",
        ] {
            assert_eq!(replaced(text), (text.to_owned(), Item::Map(Vec::new())));
        }
    }

    #[test]
    fn a_template_keeps_variables_of_its_own() {
        let mut variables = Variables::default();
        let template = "#set($x = 1)${x} ${known} ${sub}";
        let mut item = Item::Map(vec![
            ("url".into(), Item::text("${known}")),
            (
                "requestTemplates".into(),
                Item::Map(vec![("text/plain".into(), Item::text(template))]),
            ),
        ]);
        variables.replace(&mut item, &["sub".to_owned()].into());
        let template = item.get("requestTemplates").unwrap().get("text/plain").unwrap();
        assert_eq!(template.as_text().unwrap(), "#set($x = 1)${x} ${var.known} ${var.sub}");
    }
}
