//! Code of ours that is written as text.
//!
//! The macros run unoptimised in most builds: a token that they make costs more there than one that the compiler reads.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote;

/// The tokens of a text, at the place of the macro's call.
pub(crate) fn read(text: &str) -> TokenStream {
    // By way of proc-macro2 it would be read twice, the first time unoptimised.
    match proc_macro::is_available().then(|| text.parse::<proc_macro::TokenStream>()) {
        Some(Ok(tokens)) => tokens.into(),
        // Nothing of it is left out in silence.
        _ => text
            .parse()
            .unwrap_or_else(|_| quote!(::core::compile_error! { "bluegate wrote what is no code" })),
    }
}

/// Code that is being written: text, and tokens where those of the user stand.
#[derive(Default)]
pub(crate) struct Code {
    /// What is not read yet.
    text: String,
    /// Where groups were opened in it that are not closed yet.
    opened: Vec<(Delimiter, usize)>,
    level: Level,
    /// The groups around all that, each with what stands before it.
    outside: Vec<(Delimiter, Level)>,
}

/// What stands in one group, as far as it is written.
#[derive(Default)]
struct Level {
    parts: Vec<TokenStream>,
    last: Vec<TokenTree>,
}

impl Level {
    fn add_text(&mut self, text: &str) {
        if !text.is_empty() {
            self.end_part();
            self.parts.push(read(text));
        }
    }

    fn end_part(&mut self) {
        if !self.last.is_empty() {
            self.parts.push(self.last.drain(..).collect());
        }
    }

    fn finish(mut self) -> TokenStream {
        self.end_part();
        match self.parts.len() {
            1 => self.parts.swap_remove(0),
            _ => self.parts.into_iter().collect(),
        }
    }
}

impl Code {
    /// Adds text with its brackets closed. Signs of which no other token is made are parted by spaces.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self.text.push(' ');
        self
    }

    /// Adds a literal.
    pub(crate) fn string(&mut self, value: &str) -> &mut Self {
        let literal = Literal::string(value);
        // The compiler has a lint for what it reads, against letters that turn the direction of a text.
        if value.is_ascii() {
            self.text(&literal.to_string())
        } else {
            self.trees([TokenTree::Literal(literal)])
        }
    }

    /// Adds tokens.
    pub(crate) fn trees(&mut self, trees: impl IntoIterator<Item = TokenTree>) -> &mut Self {
        self.read_text();
        self.level.last.extend(trees);
        self
    }

    /// Adds tokens.
    pub(crate) fn tokens(&mut self, tokens: TokenStream) -> &mut Self {
        self.read_text();
        self.level.end_part();
        self.level.parts.push(tokens);
        self
    }

    /// Adds an array of what is written in it.
    pub(crate) fn array(&mut self, inside: impl FnOnce(&mut Code)) -> &mut Self {
        self.open(Delimiter::Bracket);
        inside(self);
        self.close()
    }

    /// Adds code that was written elsewhere.
    pub(crate) fn code(&mut self, code: Code) -> &mut Self {
        if code.is_text() {
            self.text.push_str(&code.text);
            return self;
        }
        self.tokens(code.finish())
    }

    /// Whether nothing but text was added.
    fn is_text(&self) -> bool {
        let is_empty = self.level.parts.is_empty() && self.level.last.is_empty();
        is_empty && self.outside.is_empty() && self.opened.is_empty()
    }

    /// Adds `#[cfg(...)]` for all conditions.
    pub(crate) fn conditions(&mut self, conditions: &[TokenStream]) -> &mut Self {
        for condition in conditions {
            self.text("#").open(Delimiter::Bracket).text("cfg");
            self.open(Delimiter::Parenthesis).tokens(condition.clone());
            self.close().close();
        }
        self
    }

    /// Opens a group for what follows.
    pub(crate) fn open(&mut self, delimiter: Delimiter) -> &mut Self {
        self.opened.push((delimiter, self.text.len()));
        self.text.push_str(brackets(delimiter).0);
        self
    }

    /// Closes the group that was opened last.
    pub(crate) fn close(&mut self) -> &mut Self {
        if let Some((delimiter, _)) = self.opened.pop() {
            self.text.push_str(brackets(delimiter).1);
            return self;
        }
        self.read_text();
        if let Some((delimiter, before)) = self.outside.pop() {
            let inside = std::mem::replace(&mut self.level, before).finish();
            self.level.last.push(TokenTree::Group(Group::new(delimiter, inside)));
        }
        self
    }

    /// What was written, all of it at one place.
    pub(crate) fn finish_at(self, span: proc_macro2::Span) -> TokenStream {
        fn at(tokens: TokenStream, span: proc_macro2::Span) -> TokenStream {
            let trees = tokens.into_iter().map(|tree| match tree {
                TokenTree::Group(group) => {
                    let mut new = Group::new(group.delimiter(), at(group.stream(), span));
                    new.set_span(span);
                    TokenTree::Group(new)
                }
                mut other => {
                    other.set_span(span);
                    other
                }
            });
            trees.collect()
        }
        at(self.finish(), span)
    }

    /// What was written.
    pub(crate) fn finish(mut self) -> TokenStream {
        self.read_text();
        self.level.finish()
    }

    /// Makes tokens of the text, before others follow: the groups that are open in it are to have them.
    fn read_text(&mut self) {
        let mut start = 0;
        for (delimiter, at) in self.opened.drain(..) {
            self.level.add_text(&self.text[start..at]);
            self.outside.push((delimiter, std::mem::take(&mut self.level)));
            start = at + brackets(delimiter).0.len();
        }
        self.level.add_text(&self.text[start..]);
        self.text.clear();
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("( ", ") "),
        Delimiter::Brace => ("{ ", "} "),
        Delimiter::Bracket => ("[ ", "] "),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests;
