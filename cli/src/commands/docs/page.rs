//! One page of HTML for a document of OpenAPI. It has no script and asks no other host.

use bluegate_core::openapi::Document;
use serde_json::{Map, Value};

use super::markdown::{escaped, html};
use super::schema::{must, whole};

const STYLE: &str = include_str!("../../../templates/docs.css");

/// The page of a document.
pub(super) fn page(document: &Document) -> String {
    let document = &serde_json::to_value(document).unwrap_or_default();
    let info = &document["info"];
    let title = escaped(text(&info["title"]));
    let operations = operations(document);
    let mut tags: Vec<&str> = Vec::new();
    for operation in &operations {
        if !tags.contains(&operation.tag) {
            tags.push(operation.tag);
        }
    }
    let mut nav = String::new();
    let mut main = format!("<h1>{title} <small>{}</small></h1>", escaped(text(&info["version"])));
    main.push_str(&html(text(&info["description"])));
    main.push_str(&servers(document));
    main.push_str(&schemes(document));
    for tag in tags {
        let of_tag = || operations.iter().filter(|operation| operation.tag == tag);
        let entries = of_tag().map(|one| {
            format!(
                "<li><a href=\"#{}\" title=\"{}\">{} {}</a></li>",
                escaped(one.id),
                escaped(one.path),
                one.badge(),
                escaped(one.path)
            )
        });
        nav.push_str(&format!(
            "<b>{}</b><ul>{}</ul>",
            escaped(tag),
            entries.collect::<String>()
        ));
        main.push_str(&format!("<h2>{}</h2>", escaped(tag)));
        main.extend(of_tag().map(Operation::shown));
    }
    if let Value::Object(models) = &document["components"]["schemas"] {
        let links = models.keys().map(|name| {
            let name = escaped(name);
            format!("<li><a href=\"#model-{name}\">{name}</a></li>")
        });
        nav.push_str(&format!("<b>Models</b><ul>{}</ul>", links.collect::<String>()));
        main.push_str("<h2>Models</h2>");
        for (name, model) in models {
            let name = escaped(name);
            main.push_str(&format!(
                "<article id=\"model-{name}\"><h3>{name}</h3>{}</article>",
                whole(model)
            ));
        }
    }
    format!(
        "<!doctype html>\n<html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{title}</title><style>{STYLE}</style><nav>{nav}</nav><main>{main}</main></html>\n"
    )
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

struct Operation<'d> {
    verb: String,
    path: &'d str,
    id: &'d str,
    tag: &'d str,
    body: &'d Map<String, Value>,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let operations = item.as_object().into_iter().flatten();
        operations.filter_map(move |(verb, operation)| {
            let body = operation.as_object()?;
            Some(Operation {
                verb: verb.to_ascii_uppercase(),
                path,
                id: body.get("operationId").and_then(Value::as_str)?,
                tag: operation["tags"][0].as_str().unwrap_or("other"),
                body,
            })
        })
    });
    all.collect()
}

impl Operation<'_> {
    fn badge(&self) -> String {
        format!("<span class=\"verb {0}\">{0}</span>", self.verb)
    }

    fn get(&self, key: &str) -> &Value {
        self.body.get(key).unwrap_or(&Value::Null)
    }

    fn shown(&self) -> String {
        let old = if self.get("deprecated") == &Value::Bool(true) {
            " class=old"
        } else {
            ""
        };
        let mut shown = format!(
            "<article id=\"{}\"><h3>{} <code{old}>{}</code></h3>",
            escaped(self.id),
            self.badge(),
            escaped(self.path)
        );
        shown.push_str(&html(text(self.get("summary"))));
        shown.push_str(&html(text(self.get("description"))));
        shown.push_str(&self.security());
        shown.push_str(&self.parameters());
        let body = self.get("requestBody");
        if body.is_object() {
            let must = must(body["required"] == true);
            shown.push_str(&format!(
                "<h4>Body{must}</h4>{}{}",
                html(text(&body["description"])),
                content(body)
            ));
        }
        shown.push_str("<h4>Answers</h4>");
        for (status, answer) in self.get("responses").as_object().into_iter().flatten() {
            let inner = format!("{}{}", headers(answer), content(answer));
            let line = format!(
                "<code>{}</code> {}",
                escaped(status),
                html(text(&answer["description"]))
            );
            if inner.is_empty() {
                shown.push_str(&line);
            } else {
                let open = if status.starts_with('2') { " open" } else { "" };
                shown.push_str(&format!("<details{open}><summary>{line}</summary>{inner}</details>"));
            }
        }
        shown.push_str("</article>");
        shown
    }

    fn security(&self) -> String {
        let requirements = self.get("security").as_array().cloned().unwrap_or_default();
        let ways: Vec<String> = requirements
            .iter()
            .filter_map(Value::as_object)
            .map(|one| {
                let names: Vec<String> = one
                    .keys()
                    .map(|name| format!("<a href=\"#scheme-{0}\">{0}</a>", escaped(name)))
                    .collect();
                names.join(" and ")
            })
            .collect();
        match ways.is_empty() {
            true => String::new(),
            false => format!("<p class=dim>Needs {}</p>", ways.join(" or ")),
        }
    }

    fn parameters(&self) -> String {
        let Value::Array(parameters) = self.get("parameters") else {
            return String::new();
        };
        let rows = parameters.iter().map(|parameter| {
            let must = must(parameter["required"] == true);
            format!(
                "<tr><td><code>{}</code>{must}</td><td class=dim>{}</td><td>{}{}</td></tr>",
                escaped(text(&parameter["name"])),
                escaped(text(&parameter["in"])),
                whole(&parameter["schema"]),
                html(text(&parameter["description"])),
            )
        });
        format!("<h4>Parameters</h4><table>{}</table>", rows.collect::<String>())
    }
}

fn content(of: &Value) -> String {
    let bodies = of["content"].as_object().into_iter().flatten();
    let shown = bodies.map(|(media, body)| {
        format!(
            "<div><span class=dim>{}</span> {}</div>",
            escaped(media),
            whole(&body["schema"])
        )
    });
    shown.collect()
}

fn headers(answer: &Value) -> String {
    let headers = answer["headers"].as_object().into_iter().flatten();
    let shown =
        headers.map(|(name, header)| format!("<div><code>{}</code> {}</div>", escaped(name), whole(&header["schema"])));
    shown.collect()
}

fn servers(document: &Value) -> String {
    let servers = document["servers"].as_array().into_iter().flatten();
    let shown = servers.map(|server| format!("<p><code>{}</code></p>", escaped(text(&server["url"]))));
    shown.collect()
}

fn schemes(document: &Value) -> String {
    let Value::Object(schemes) = &document["components"]["securitySchemes"] else {
        return String::new();
    };
    let rows = schemes.iter().map(|(name, scheme)| {
        let how = match (text(&scheme["scheme"]), text(&scheme["in"])) {
            ("", place) => format!("{} <code>{}</code>", escaped(place), escaped(text(&scheme["name"]))),
            (scheme, _) => format!("header <code>Authorization: {}</code>", escaped(scheme)),
        };
        let name = escaped(name);
        let more = html(text(&scheme["description"]));
        format!("<tr id=\"scheme-{name}\"><td><code>{name}</code></td><td>{how}{more}</td></tr>")
    });
    format!("<h2>Who may call</h2><table>{}</table>", rows.collect::<String>())
}

#[cfg(test)]
mod tests {
    use bluegate_core::clients::{Edition, document};
    use bluegate_core::openapi::Target;
    use bluegate_core::{Mode, Source, read_blueprint};

    use super::*;

    fn of(routes: &str) -> String {
        let source = Source::new("routes.yaml", routes);
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().unwrap();
        let document = document(&blueprint, &Target::default(), Edition::V3_1);
        page(&document)
    }

    const ROUTES: &str = "
blueprint:
  name: <script>alert(1)</script>
  description: Read [this](https://a.example).
  models: {Book: {type: object, required: [title], properties: {title: {type: string, description: '<i>'}}}}
  resources:
    - name: books
      methods:
        - path: /books/{id}
          actions:
            - {type: GET, authorization: AWS_IAM, deprecated: true, answers: {200: {model: Book, headers: [X-Total]}}}
            - {type: PUT, body: Book, query: [{name: dry, type: 'any(yes,no)', description: Do nothing.}]}
";

    #[test]
    fn every_operation_and_model_is_on_the_page_with_links_between_them() {
        let page = of(ROUTES);
        for part in [
            "id=\"get_books_id\"",
            "href=\"#get_books_id\"",
            "id=\"model-Book\"",
            "<a href=\"#model-Book\">Book</a>",
            "<a href=\"#scheme-sigv4\">sigv4</a>",
            "id=\"scheme-sigv4\"",
            "<code class=old>/books/{id}</code>",
            "X-Total",
            "Do nothing.",
            "<a href=\"https://a.example\">this</a>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        let anchors = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for anchor in anchors {
            assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
        }
    }

    #[test]
    fn the_page_runs_nothing_and_asks_nobody() {
        let page = of(ROUTES);
        assert!(
            !page.contains("<script") && !page.contains("<i>") && !page.contains(" src="),
            "{page}"
        );
        assert!(
            !page.contains("<link") && !page.contains("@import") && !page.contains("url("),
            "{page}"
        );
        assert!(page.contains("default-src 'none'"), "{page}");
        assert!(STYLE.len() < 4096 && page.len() < 40 * 1024, "{}", page.len());
    }
}
