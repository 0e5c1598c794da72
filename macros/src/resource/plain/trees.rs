//! Tokens that are read one by one.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

/// Tokens and how far they are read.
pub(super) struct Trees {
    pub(super) trees: Vec<TokenTree>,
    pub(super) at: usize,
}

impl Trees {
    pub(super) fn of(tokens: TokenStream) -> Self {
        Trees {
            trees: tokens.into_iter().collect(),
            at: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.trees.len()
    }

    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.trees.get(self.at)
    }

    /// Whether a sign stands a number of tokens ahead.
    pub(super) fn is_sign(&self, ahead: usize, sign: char) -> bool {
        matches!(self.trees.get(self.at + ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
    }

    /// Whether a sign of two characters stands next.
    pub(super) fn is_double(&self, first: char, second: char) -> bool {
        matches!(self.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == first && punct.spacing() == Spacing::Joint)
            && self.is_sign(1, second)
    }

    /// Whether a list goes on no further here.
    pub(super) fn is_at_comma_or_end(&self) -> bool {
        self.is_empty() || self.is_sign(0, ',')
    }

    pub(super) fn is_word(&self, ahead: usize, word: &str) -> bool {
        matches!(self.trees.get(self.at + ahead), Some(TokenTree::Ident(ident)) if ident == word)
    }

    pub(super) fn ident(&mut self) -> Option<Ident> {
        let Some(TokenTree::Ident(ident)) = self.peek() else {
            return None;
        };
        let ident = ident.clone();
        self.at += 1;
        Some(ident)
    }

    pub(super) fn group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                let group = group.clone();
                self.at += 1;
                Some(group)
            }
            _ => None,
        }
    }
}
