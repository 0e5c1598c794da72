//! Words that Rust keeps for itself.

/// Every keyword, of whichever edition, and those that are kept for later
/// ([keywords](https://doc.rust-lang.org/reference/keywords.html)).
const KEYWORDS: [&str; 52] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Whether nothing can be named by a word, since it is a keyword of Rust.
///
/// ```
/// assert!(bluegate_core::is_keyword("type"));
/// assert!(!bluegate_core::is_keyword("types"));
/// ```
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}
