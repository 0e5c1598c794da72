//! The types of path parameters and what values they take, as Flask's converters do.
//!
//! A type is written as Werkzeug writes converters: `int`, `int(min=1,max=5)`, `any(red,green)`.

mod parse;

use std::fmt;

pub use parse::TypeError;

/// What values a path parameter takes.
///
/// ```
/// use bluegate_core::Converter;
///
/// let converter = Converter::parse("int(min=1,max=5)").unwrap();
/// assert!(matches!(converter, Converter::Int { min: Some(1), max: Some(5), .. }));
/// assert!(Converter::parse("integer").unwrap_err().to_string().contains("`int`"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Converter {
    /// Text without a slash.
    String {
        /// The least number of characters, at least 1.
        min_length: u32,
        /// The greatest number of characters.
        max_length: Option<u32>,
    },
    /// Decimal digits.
    Int {
        /// Whether a minus sign may stand before them.
        signed: bool,
        /// The exact number of characters; 0 is any.
        fixed_digits: u32,
        /// The least value.
        min: Option<i64>,
        /// The greatest value.
        max: Option<i64>,
    },
    /// Decimal digits, a point, decimal digits.
    Float {
        /// Whether a minus sign may stand before them.
        signed: bool,
        /// The least value.
        min: Option<f64>,
        /// The greatest value.
        max: Option<f64>,
    },
    /// Text that may hold slashes, but does not start with one.
    Path,
    /// A UUID in its form of 8-4-4-4-12 hexadecimal digits.
    Uuid,
    /// One of these texts.
    Any {
        /// The texts, in the order of the file.
        values: Vec<String>,
    },
}

/// As a routes file spells it.
impl fmt::Display for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn named<T: fmt::Display>(key: &str, value: Option<T>) -> Option<String> {
            value.map(|value| format!("{key}={value}"))
        }
        let arguments = match self {
            Converter::Path | Converter::Uuid => Vec::new(),
            Converter::String { min_length, max_length } if Some(*min_length) == *max_length => {
                vec![named("length", *max_length)]
            }
            Converter::String { min_length, max_length } => vec![
                named("minlength", Some(min_length).filter(|min| **min > 1)),
                named("maxlength", *max_length),
            ],
            Converter::Int {
                signed,
                fixed_digits,
                min,
                max,
            } => vec![
                named("fixed_digits", Some(fixed_digits).filter(|digits| **digits > 0)),
                named("min", *min),
                named("max", *max),
                named("signed", signed.then_some("True")),
            ],
            Converter::Float { signed, min, max } => vec![
                named("min", *min),
                named("max", *max),
                named("signed", signed.then_some("True")),
            ],
            Converter::Any { values } => values.iter().map(|value| Some(parse::spelled(value))).collect(),
        };
        let arguments: Vec<String> = arguments.into_iter().flatten().collect();
        match &arguments[..] {
            [] => f.write_str(self.name()),
            arguments => write!(f, "{}({})", self.name(), arguments.join(",")),
        }
    }
}

impl Default for Converter {
    fn default() -> Self {
        Converter::ANY_STRING
    }
}

impl Converter {
    /// What `string` and `default` mean: any text without a slash.
    pub const ANY_STRING: Converter = Converter::String {
        min_length: 1,
        max_length: None,
    };

    /// The converters by the names that a file may use.
    pub const NAMES: [&'static str; 7] = ["string", "default", "int", "float", "path", "uuid", "any"];

    /// Reads a type as a routes file spells it.
    ///
    /// # Errors
    ///
    /// A [`TypeError`] that says what a type looks like when the name is unknown, an argument is unknown,
    /// given twice, of the wrong kind, or bounds exclude every value.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        parse::parse(text)
    }

    /// The name without arguments: `string`, `int`, `float`, `path`, `uuid` or `any`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Converter::String { .. } => "string",
            Converter::Int { .. } => "int",
            Converter::Float { .. } => "float",
            Converter::Path => "path",
            Converter::Uuid => "uuid",
            Converter::Any { .. } => "any",
        }
    }
}
