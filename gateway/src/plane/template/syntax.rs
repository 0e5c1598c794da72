//! The parts of a template.

use crate::plane::Value;

/// A part of a template.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Text.
    Text(String),
    /// `$name.property`.
    Reference(Reference),
    /// `#set($name = value)`.
    Set(Reference, Expression),
    /// `#if`, `#elseif` and `#else`: the first whose condition holds. `#else` has none.
    If(Vec<(Option<Expression>, Vec<Node>)>),
    /// `#foreach($name in list)`.
    Foreach(String, Expression, Vec<Node>),
    /// `#define($name)`: printed wherever the name stands.
    Define(String, Vec<Node>),
    /// `#break`.
    Break,
    /// `#stop`.
    Stop,
}

/// `$name` and what follows it.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// As it was written: printed when there is no such thing.
    pub(super) written: String,
    /// Whether it prints nothing then: `$!name`.
    pub(super) is_quiet: bool,
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// From a value to another.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// `.name`
    Property(String),
    /// `.name(arguments)`
    Call(String, Vec<Expression>),
    /// `[index]`
    Index(Expression),
}

/// What has a value.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    Value(Value),
    /// A text in double quotes.
    Text(Vec<Node>),
    Reference(Reference),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    Range(Box<Expression>, Box<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
}

/// What joins two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

impl Operator {
    /// All of them by level: what stands first binds weakest. On a level a longer spelling stands before a shorter.
    pub(super) const LEVELS: [&'static [(&'static str, Self)]; 6] = [
        &[("||", Self::Or), ("or ", Self::Or)],
        &[("&&", Self::And), ("and ", Self::And)],
        &[
            ("==", Self::Equal),
            ("!=", Self::Unequal),
            ("eq ", Self::Equal),
            ("ne ", Self::Unequal),
        ],
        &[
            ("<=", Self::LessOrEqual),
            (">=", Self::GreaterOrEqual),
            ("<", Self::Less),
            (">", Self::Greater),
            ("le ", Self::LessOrEqual),
            ("ge ", Self::GreaterOrEqual),
            ("lt ", Self::Less),
            ("gt ", Self::Greater),
        ],
        &[("+", Self::Plus), ("-", Self::Minus)],
        &[("*", Self::Times), ("/", Self::Divide), ("%", Self::Remainder)],
    ];
}
