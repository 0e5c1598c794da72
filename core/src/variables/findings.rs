//! What is wrong with the values of variables, said without the values: they may be secrets.

use std::collections::BTreeMap;

use super::filled::FilledText;
use super::{Placeholders, START};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Of the findings about a file with its values those that nobody can have told before. Without values it had no errors, so
/// that every error is one of them, and so is what is said of a text that was filled.
pub(super) fn of_values(
    found: &Diagnostics,
    texts: &[FilledText],
    values: &BTreeMap<String, String>,
    placeholders: Placeholders,
) -> Diagnostics {
    let stays = placeholders == Placeholders::Stay;
    let is_open = stays && texts.iter().any(|text| text.is_open);
    let mut told = Diagnostics::new();
    for one in found {
        match texts.iter().find(|text| Some(text.span) == one.span) {
            Some(text) if text.is_open && stays => {}
            None if !one.is_error() || is_open => {}
            text => {
                let said = without_values(one, text, texts, values);
                // Nobody asks AWS for it yet.
                let is_early = stays && text.is_some() && said.code == Code::Arn;
                told.push(if is_early { said.as_warning() } else { said });
            }
        }
    }
    told
}

fn without_values(
    one: &Diagnostic,
    text: Option<&FilledText>,
    texts: &[FilledText],
    values: &BTreeMap<String, String>,
) -> Diagnostic {
    let concealed = |said: &str| {
        let said = texts.iter().fold(said.to_owned(), |said, text| {
            ['`', '\''].iter().fold(said, |said, mark| {
                let quoted = |text: &str| format!("{mark}{}{mark}", shortened(text));
                said.replace(&quoted(&text.text), &quoted(&text.written))
            })
        });
        let mut quotes = said.split('`').skip(1).step_by(2);
        (!quotes.any(|quote| !quote.contains(START) && shows(quote, values))).then_some(said)
    };
    let names = text.iter().flat_map(|text| &text.names);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let whose = match names.as_slice() {
        [] => "with the values of the variables".to_owned(),
        [one] => format!("with the value of {one}"),
        several => format!("with the values of {}", several.join(", ")),
    };
    let mut told = one.clone();
    let title = || format!("this is {}", lowered(one.code.title()));
    told.message = format!("{whose}, {}", concealed(&one.message).unwrap_or_else(title));
    told.help = one.help.as_deref().and_then(concealed);
    for note in &mut told.notes {
        note.message = concealed(&note.message).unwrap_or_else(title);
    }
    told
}

/// Whether something that a message quotes is of a value. A short value is told by itself only: it stands in many words.
fn shows(quote: &str, values: &BTreeMap<String, String>) -> bool {
    let quote = quote.trim_matches('\'');
    let is_of = |value: &String| value.contains(quote) || (value.len() > 3 && quote.contains(value.as_str()));
    !quote.is_empty() && values.values().any(is_of)
}

fn lowered(title: &str) -> String {
    let mut letters = title.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
