//! Long templates in files of their own.

use super::Import;
use super::item::Item;

/// A template that is longer, or has several lines, is easier read in a file of its own.
const LONG: usize = 120;

/// Keys of objects that hold templates by media type.
const TEMPLATES: [&str; 2] = ["templates", "requestTemplates"];

/// Keys of objects whose keys tell the answers of a route, or of the gateway, apart.
const ANSWERS: [&str; 2] = ["integrationResponses", "gatewayResponses"];

/// Keys that say what an object is called.
const NAMES: [&str; 3] = ["name", "handler", "type"];

/// A template in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFile {
    /// Its path, relative to the routes file.
    pub path: String,
    /// The template.
    pub text: String,
}

impl Import {
    /// Moves long templates into files of a folder, whose path is relative to the routes file. What stands there is
    /// `{"file": …}` then; equal templates have one file. A template with variables stays, for none is filled in within
    /// files.
    ///
    /// ```
    /// use bluegate_core::Source;
    /// use bluegate_core::import::import;
    ///
    /// let source = Source::new(
    ///     "api.yaml",
    ///     "openapi: 3.0.1\ninfo: {title: shop, version: '1'}\npaths:\n  /a:\n    post:\n      x-amazon-apigateway-integration:\n        \
    ///      {type: http, httpMethod: POST, uri: 'https://a.example/b', requestTemplates: {application/json: \"{}\\n#set($a = 1)\"}}\n",
    /// );
    /// let (mut import, _) = import(&source, None).into_result().unwrap();
    /// let files = import.templates_into("templates");
    /// assert_eq!(files[0].path, "templates/a-post-request.vtl");
    /// assert!(import.routes_json().contains(r#"{"file": "templates/a-post-request.vtl"}"#));
    /// ```
    #[must_use]
    pub fn templates_into(&mut self, folder: &str) -> Vec<TemplateFile> {
        let mut moved = Moved {
            folder: folder.trim_end_matches('/'),
            files: Vec::new(),
        };
        let blueprint = match &mut self.routes {
            Item::Map(entries) => entries.iter_mut().find(|(key, _)| key == "blueprint"),
            _ => None,
        };
        if let Some((_, Item::Map(entries))) = blueprint {
            for (key, item) in entries {
                moved.walk(key, item, &mut Vec::new());
            }
        }
        moved.files
    }
}

struct Moved<'a> {
    folder: &'a str,
    files: Vec<TemplateFile>,
}

impl Moved<'_> {
    /// `names` are those of what stands around.
    fn walk(&mut self, key: &str, item: &mut Item, names: &mut Vec<String>) {
        match item {
            Item::List(items) => items.iter_mut().for_each(|item| self.walk(key, item, names)),
            Item::Map(entries) if TEMPLATES.contains(&key) => {
                let what = (key == "requestTemplates").then_some("request");
                for (_, template) in entries {
                    self.take(template, names, what);
                }
            }
            Item::Map(entries) => {
                let called = NAMES.iter().filter(|_| is_named(key));
                let called = called
                    .filter_map(|name| entries.iter().find(|(key, _)| key == name))
                    .find_map(|(_, name)| name.as_text());
                let known = names.len();
                names.extend(called.map(str::to_owned));
                for (inner, item) in entries {
                    let is_answer = ANSWERS.contains(&key);
                    let status = item.get("status").map(Item::compact).filter(|_| key == ANSWERS[0]);
                    names.extend(is_answer.then(|| status.unwrap_or_else(|| inner.clone())));
                    self.walk(inner, item, names);
                    names.truncate(names.len() - usize::from(is_answer));
                }
                names.truncate(known);
            }
            _ => {}
        }
    }

    /// Moves a template, if it is a long one.
    fn take(&mut self, template: &mut Item, names: &[String], what: Option<&str>) {
        let Item::Text(text) = template else { return };
        let is_long = text.len() > LONG || text.trim_end().contains('\n');
        if !is_long || text.contains("${var.") {
            return;
        }
        let known = self.files.iter().find(|file| file.text == *text);
        let path = match known {
            Some(file) => file.path.clone(),
            None => {
                let path = self.unused(names, what);
                self.files.push(TemplateFile {
                    path: path.clone(),
                    text: std::mem::take(text),
                });
                path
            }
        };
        *template = Item::Map(vec![("file".to_owned(), Item::text(path))]);
    }

    /// The path of a file that no other template has.
    fn unused(&self, names: &[String], what: Option<&str>) -> String {
        let words = names.iter().map(String::as_str).chain(what);
        let name: String = words
            .collect::<Vec<_>>()
            .join("-")
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        let slash = if self.folder.is_empty() { "" } else { "/" };
        let path = |number: String| format!("{}{slash}{name}{number}.vtl", self.folder);
        let numbered = (2..).map(|number| path(format!("-{number}")));
        let mut paths = std::iter::once(path(String::new())).chain(numbered);
        let is_free = |path: &String| self.files.iter().all(|file| file.path != *path);
        paths.find(is_free).unwrap_or_default()
    }
}

/// Whether a thing under this key has a name that says where a template belongs.
fn is_named(key: &str) -> bool {
    matches!(key, "resources" | "actions")
}

#[cfg(test)]
mod tests {
    use crate::{Source, import::import};

    #[test]
    fn long_templates_move_and_equal_ones_are_one_file() {
        let integration = |template: &str| {
            format!(
                "{{type: http, httpMethod: POST, uri: 'https://${{host}}/x', requestTemplates: {{application/json: {template:?}}}, \
                 responses: {{default: {{statusCode: 200, responseTemplates: {{application/json: \"a\\nb\"}}}}}}}}"
            )
        };
        let long = "#set($body = 1)\n$body";
        let operations = [
            ("/books", "post", integration(long)),
            ("/books", "put", integration("$input.json('$')")),
            ("/films", "post", integration(long)),
            ("/films", "put", integration("${host}\nx")),
        ];
        let mut text = "openapi: 3.0.1\ninfo: {title: shop, version: '1'}\npaths:\n".to_owned();
        for (path, verb, integration) in operations {
            if !text.contains(path) {
                text.push_str(&format!("  {path}:\n"));
            }
            text.push_str(&format!(
                "    {verb}:\n      responses: {{200: {{description: ok}}}}\n      x-amazon-apigateway-integration: {integration}\n"
            ));
        }
        let source = Source::new("api.yaml", text);
        let (mut made, _) = import(&source, None).into_result().unwrap();
        let files = made.templates_into("vtl/");
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            ["vtl/books-post-request.vtl", "vtl/books-post-200.vtl"],
            "{}",
            made.routes_yaml()
        );
        assert_eq!(files[0].text, long);
        let routes = made.routes_json();
        assert_eq!(routes.matches("vtl/books-post-request.vtl").count(), 2, "{routes}");
        assert_eq!(made.templates_into("vtl"), []);
    }
}
