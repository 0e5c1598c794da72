//! Tokens that are read one by one, without a grammar of types: angle brackets are counted, all else is passed over.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};

/// Tokens and how far they are read.
pub(super) struct Cursor {
    trees: Vec<TokenTree>,
    at: usize,
}

impl Cursor {
    pub(super) fn new(tokens: TokenStream) -> Self {
        Cursor::of(tokens.into_iter().collect())
    }

    pub(super) fn of(trees: Vec<TokenTree>) -> Self {
        Cursor { trees, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.trees.get(self.at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at >= self.trees.len()
    }

    pub(super) fn next(&mut self) -> Option<TokenTree> {
        let tree = self.trees.get(self.at).cloned()?;
        self.at += 1;
        Some(tree)
    }

    /// What was read from a number of tokens on.
    pub(super) fn read_from(&self, start: usize) -> &[TokenTree] {
        &self.trees[start..self.at]
    }

    /// How many tokens were read.
    pub(super) fn count(&self) -> usize {
        self.at
    }

    /// The last token that was read.
    pub(super) fn last(&self) -> Option<&TokenTree> {
        self.trees.get(self.at.checked_sub(1)?)
    }

    /// Whether a sign stands so many tokens ahead.
    pub(super) fn is_sign(&self, ahead: usize, sign: char) -> bool {
        self.trees.get(self.at + ahead).is_some_and(|tree| is_sign(tree, sign))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(TokenTree::Ident(ident)) if ident == word)
    }

    pub(super) fn is_group(&self, ahead: usize, delimiter: Delimiter) -> bool {
        matches!(self.trees.get(self.at + ahead), Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
    }

    /// Reads a word if it is the one that stands next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn sign(&mut self, sign: char) -> bool {
        let found = self.is_sign(0, sign);
        self.at += usize::from(found);
        found
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

    /// Reads a path as it stands in attributes and before `!`: words and `::`.
    pub(super) fn path(&mut self) -> Option<String> {
        let start = self.at;
        let mut path = String::new();
        loop {
            if self.is_sign(0, ':') && self.is_sign(1, ':') {
                self.at += 2;
                path.push_str("::");
            } else if start != self.at {
                return Some(path);
            }
            let Some(word) = self.ident() else {
                self.at = start;
                return None;
            };
            path.push_str(&word.to_string());
        }
    }

    /// Reads up to a token at which a test holds outside of angle brackets, or to the end. `None` when these do not close.
    pub(super) fn until(&mut self, ends: impl Fn(&Cursor) -> bool) -> Option<Vec<TokenTree>> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(tree) = self.peek() {
            if depth == 0 && ends(self) {
                break;
            }
            if is_sign(tree, '<') {
                depth += 1;
            } else if is_sign(tree, '>') && !self.is_arrow_head() {
                depth = depth.checked_sub(1)?;
            }
            self.at += 1;
        }
        (depth == 0).then(|| self.trees[start..self.at].to_vec())
    }

    /// Whether what stands next follows `name!`.
    pub(super) fn is_behind_macro(&self) -> bool {
        let Some([name, sign]) = self.at.checked_sub(2).map(|start| &self.trees[start..self.at]) else {
            return false;
        };
        matches!(name, TokenTree::Ident(_)) && is_sign(sign, '!')
    }

    /// Whether the `>` that stands next is that of `->` or `=>`.
    pub(super) fn is_arrow_head(&self) -> bool {
        matches!(self.last(), Some(TokenTree::Punct(punct))
            if matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint)
    }

    /// Whether one `:` stands next, and not `::`.
    pub(super) fn is_colon(&self) -> bool {
        let is_behind = matches!(self.last(), Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && punct.spacing() == Spacing::Joint);
        matches!(self.peek(), Some(TokenTree::Punct(punct))
            if punct.as_char() == ':' && (punct.spacing() == Spacing::Alone || !self.is_sign(1, ':')) && !is_behind)
    }
}

pub(super) fn is_sign(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// What commas part outside of angle brackets. `None` when these do not close.
pub(super) fn parts(trees: Vec<TokenTree>) -> Option<Vec<Vec<TokenTree>>> {
    let mut cursor = Cursor::of(trees);
    let mut parts = Vec::new();
    while !cursor.is_empty() {
        parts.push(cursor.until(|cursor| cursor.is_sign(0, ','))?);
        cursor.next();
    }
    Some(parts)
}

/// The tokens without the groups around what came through `macro_rules!` as a fragment, such as an item.
pub(super) fn without_fragments(tokens: TokenStream) -> Vec<TokenTree> {
    let mut found = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                found.extend(without_fragments(group.stream()));
            }
            other => found.push(other),
        }
    }
    found
}
