//! The Markdown of descriptions as HTML: paragraphs, lists, code, emphasis, links. Everything else stays text.

/// A text as HTML shows it, letter by letter.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Markdown as HTML.
pub(super) fn html(markdown: &str) -> String {
    let mut html = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("```") {
            let code: Vec<&str> = lines
                .by_ref()
                .take_while(|line| !line.trim_start().starts_with("```"))
                .collect();
            html.push_str(&format!("<pre>{}</pre>", escaped(&code.join("\n"))));
        } else if let Some(item) = item(line) {
            html.push_str(&format!("<ul><li>{}</li>", inline(item)));
            while let Some(item) = lines.next_if(|line| self::item(line).is_some()).and_then(self::item) {
                html.push_str(&format!("<li>{}</li>", inline(item)));
            }
            html.push_str("</ul>");
        } else if !line.trim().is_empty() {
            let mut text = line.trim_start_matches(['#', ' ']).to_owned();
            while let Some(more) = lines.next_if(|line| !line.trim().is_empty() && item(line).is_none()) {
                text.push(' ');
                text.push_str(more.trim());
            }
            html.push_str(&format!("<p>{}</p>", inline(&text)));
        }
    }
    html
}

fn item(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* "))
}

fn inline(text: &str) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '*', '[']) {
        let (before, found) = rest.split_at(at);
        html.push_str(&escaped(before));
        let made = between(found, "`", "`")
            .map(|(code, rest)| (format!("<code>{}</code>", escaped(code)), rest))
            .or_else(|| between(found, "**", "**").map(|(text, rest)| (format!("<b>{}</b>", inline(text)), rest)))
            .or_else(|| link(found));
        match made {
            Some((made, behind)) => {
                html.push_str(&made);
                rest = behind;
            }
            None => {
                html.push_str(&found[..1]);
                rest = &found[1..];
            }
        }
    }
    html.push_str(&escaped(rest));
    html
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<(&'t str, &'t str)> {
    let (inner, rest) = text.strip_prefix(start)?.split_once(end)?;
    (!inner.is_empty()).then_some((inner, rest))
}

/// Only what leads to a page is a link: a `javascript:` is none.
fn link(text: &str) -> Option<(String, &str)> {
    let (label, rest) = between(text, "[", "](")?;
    let (url, rest) = rest.split_once(')')?;
    let is_page = ["https://", "http://", "#"].iter().any(|start| url.starts_with(start));
    let made = format!("<a href=\"{}\">{}</a>", escaped(url), inline(label));
    is_page.then_some((made, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_shown_with_their_form() {
        for (markdown, expected) in [
            ("a\nb\n\nc", "<p>a b</p><p>c</p>"),
            (
                "see:\n- `a`\n- **b**",
                "<p>see:</p><ul><li><code>a</code></li><li><b>b</b></li></ul>",
            ),
            ("```json\n{\"a\": 1}\n```", "<pre>{&quot;a&quot;: 1}</pre>"),
            (
                "[RFC](https://a.example)",
                "<p><a href=\"https://a.example\">RFC</a></p>",
            ),
            ("2 * 3 `", "<p>2 * 3 `</p>"),
            ("é * ü", "<p>é * ü</p>"),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn nothing_of_a_text_becomes_code_of_the_page() {
        for text in [
            "<script>alert(1)</script>",
            "`<script>`",
            "**<img onerror=x>**",
            "[a](javascript:alert(1))",
            "[a](https://x\"onclick=\"y)",
            "```\n<script>\n```",
        ] {
            let html = html(text);
            assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
            assert!(
                !html.contains("href=\"javascript") && !html.contains("\"onclick"),
                "{html}"
            );
        }
    }
}
