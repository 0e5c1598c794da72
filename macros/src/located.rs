//! Code of ours that stands at a place of the user's, token by token.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenTree};

/// Code of which every token stands at one place of the user's.
pub(crate) struct Located {
    span: Span,
    trees: Vec<TokenTree>,
}

impl Located {
    pub(crate) fn at(span: Span) -> Self {
        Located {
            span,
            trees: Vec::with_capacity(32),
        }
    }

    /// Adds a word.
    pub(crate) fn word(&mut self, word: &str) -> &mut Self {
        self.tree(Ident::new(word, self.span))
    }

    /// Adds a sign.
    pub(crate) fn sign(&mut self, sign: char) -> &mut Self {
        self.character(sign, Spacing::Alone)
    }

    /// Adds `::` or `>>`.
    pub(crate) fn double(&mut self, sign: char) -> &mut Self {
        self.character(sign, Spacing::Joint).character(sign, Spacing::Alone)
    }

    fn character(&mut self, character: char, spacing: Spacing) -> &mut Self {
        let mut punct = Punct::new(character, spacing);
        punct.set_span(self.span);
        self.tree(punct)
    }

    /// Adds `__bluegate::` and a word behind it.
    pub(crate) fn of_ours(&mut self, word: &str) -> &mut Self {
        self.word("__bluegate").double(':').word(word)
    }

    /// Adds a token from elsewhere.
    pub(crate) fn tree(&mut self, tree: impl Into<TokenTree>) -> &mut Self {
        self.trees.push(tree.into());
        self
    }

    /// Adds tokens from elsewhere.
    pub(crate) fn trees(&mut self, trees: impl IntoIterator<Item = TokenTree>) -> &mut Self {
        self.trees.extend(trees);
        self
    }

    /// Adds code in parentheses.
    pub(crate) fn parentheses(&mut self, inside: Located) -> &mut Self {
        let mut group = Group::new(Delimiter::Parenthesis, inside.trees.into_iter().collect());
        group.set_span(self.span);
        self.tree(group)
    }

    pub(crate) fn finish(self) -> Vec<TokenTree> {
        self.trees
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    #[test]
    fn tokens_are_those_of_a_quote() {
        let mut inside = Located::at(Span::call_site());
        inside
            .sign('<')
            .word("A")
            .double('>')
            .tree(Ident::new("b", Span::call_site()));
        let mut code = Located::at(Span::call_site());
        code.of_ours("c").parentheses(inside).trees(quote!(d, e));
        let code: TokenStream = code.finish().into_iter().collect();
        assert_eq!(code.to_string(), quote!(__bluegate::c(<A>>b) d, e).to_string());
    }
}
