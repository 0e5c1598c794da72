//! The types of path parameters, as data.

/// The type of a path parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// `string`: any text without a slash.
    Text,
    /// `string` with bounds for its length in characters.
    Length {
        /// The least length.
        min: u32,
        /// The greatest length.
        max: u32,
    },
    /// `int`.
    Int {
        /// Whether a minus sign may stand before the digits.
        signed: bool,
        /// The exact number of characters; 0 is any.
        digits: u32,
        /// The least value.
        min: Option<i64>,
        /// The greatest value.
        max: Option<i64>,
    },
    /// `float`.
    Float {
        /// Whether a minus sign may stand before the digits.
        signed: bool,
        /// The least value.
        min: Option<f64>,
        /// The greatest value.
        max: Option<f64>,
    },
    /// `uuid`.
    Uuid,
    /// `any`: one of these texts.
    Any(&'static [&'static str]),
    /// `path`: the rest of the path, slashes included.
    Rest,
}

impl Kind {
    /// `int` without arguments.
    pub const INT: Kind = Kind::Int {
        signed: false,
        digits: 0,
        min: None,
        max: None,
    };
}
