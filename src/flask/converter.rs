//! What values path parameters take: Werkzeug's converters.
//!
//! A converter has a shape, which takes part in finding the route, and a range, which is looked at when the route
//! is found. The difference shows when the verb is wrong: a value of the wrong shape is 404, one out of range 405.

use std::borrow::Cow;

use crate::table::Kind;

/// Python refuses to read longer numbers (`sys.int_info.default_max_str_digits`), so Flask answers 404.
const MAX_DIGITS: usize = 4300;

impl Kind {
    /// How long the value at the start of what is left of a path is, if it certainly fits. `None` only means that a
    /// longer look is needed: every percent sign does that.
    #[inline]
    pub(crate) fn surely_takes(&self, path: &[u8]) -> Option<usize> {
        match *self {
            Kind::Text => text(path).filter(|&length| length > 0),
            Kind::Int {
                signed,
                digits: 0,
                min: None,
                max: None,
            } => {
                let sign = usize::from(signed && path.first() == Some(&b'-'));
                let length = sign + leading_digits(&path[sign..]);
                let ends = path.get(length).is_none_or(|&byte| byte == b'/');
                (ends && length > sign && length <= MAX_DIGITS).then_some(length)
            }
            Kind::Rest => {
                let fits = path.first().is_some_and(|&first| first != b'/') && !path.contains(&b'%');
                fits.then_some(path.len())
            }
            Kind::Uuid => (path.len() == UUID || path.get(UUID) == Some(&b'/'))
                .then(|| path.get(..UUID).filter(|value| is_uuid(value)).map(<[u8]>::len))
                .flatten(),
            _ => self.takes_after_all(path),
        }
    }

    /// The same for the rarer types, which have bounds.
    fn takes_after_all(&self, path: &[u8]) -> Option<usize> {
        let value = &path[..text(path)?];
        let fits = match *self {
            Kind::Length { min, max } => value.is_ascii() && (min as usize..=max as usize).contains(&value.len()),
            Kind::Any(texts) => texts.iter().any(|text| text.as_bytes() == value),
            Kind::Int {
                signed,
                digits,
                min,
                max,
            } => {
                let number = unsigned(value, signed);
                !number.is_empty()
                    && number.len() <= MAX_DIGITS
                    && number.len() == leading_digits(number)
                    && (digits == 0 || value.len() == digits as usize)
                    && (min.is_none() && max.is_none() || parsed::<i64>(value).is_some_and(|n| within(n, min, max)))
            }
            Kind::Float { signed, min, max } => {
                let number = unsigned(value, signed);
                let whole = leading_digits(number);
                let fraction = number.get(whole + 1..).unwrap_or(&[]);
                whole > 0
                    && number[whole..].starts_with(b".")
                    && !fraction.is_empty()
                    && fraction.len() == leading_digits(fraction)
                    && (min.is_none() && max.is_none() || parsed::<f64>(value).is_some_and(|n| within(n, min, max)))
            }
            Kind::Text | Kind::Rest | Kind::Uuid => false,
        };
        fits.then_some(value.len())
    }

    /// Whether a decoded value has the right shape. Slashes were split off before, but for [`Kind::Rest`].
    pub(crate) fn has_shape_of(&self, value: &str) -> bool {
        match *self {
            Kind::Text => !value.is_empty(),
            // The pattern is "no slash, then anything but line feeds".
            Kind::Rest => {
                let mut characters = value.chars();
                characters.next().is_some_and(|first| first != '/') && !characters.as_str().contains('\n')
            }
            Kind::Length { min, max } => (min as usize..=max as usize).contains(&value.chars().count()),
            Kind::Int { signed, .. } => {
                let number = if signed {
                    value.strip_prefix('-').unwrap_or(value)
                } else {
                    value
                };
                all_digits(number)
            }
            Kind::Float { signed, .. } => {
                let number = if signed {
                    value.strip_prefix('-').unwrap_or(value)
                } else {
                    value
                };
                number
                    .split_once('.')
                    .is_some_and(|(whole, fraction)| all_digits(whole) && all_digits(fraction))
            }
            Kind::Uuid => is_uuid(value.as_bytes()),
            Kind::Any(texts) => texts.contains(&value),
        }
    }

    /// Whether a decoded value of the right shape is in range.
    pub(super) fn has_in_range(&self, value: &str) -> bool {
        match *self {
            Kind::Int { digits, min, max, .. } => {
                let number = ascii_digits(value);
                let unsigned = number.strip_prefix('-').unwrap_or(&number);
                unsigned.len() <= MAX_DIGITS
                    && (digits == 0 || number.len() == digits as usize)
                    && (min.is_none() && max.is_none()
                        || within(saturating(&number), min.map(i128::from), max.map(i128::from)))
            }
            Kind::Float { min, max, .. } => {
                min.is_none() && max.is_none()
                    || ascii_digits(value)
                        .parse()
                        .is_ok_and(|number: f64| within(number, min, max))
            }
            _ => true,
        }
    }

    /// The value as handlers can read it: digits of other scripts become ASCII's.
    pub(super) fn readable<'a>(&self, value: &'a str) -> Cow<'a, str> {
        match self {
            Kind::Int { .. } | Kind::Float { .. } => ascii_digits(value),
            _ => Cow::Borrowed(value),
        }
    }

    /// Whether both take values of one shape. Flask searches such parameters as one.
    pub(super) fn is_shaped_as(&self, other: &Kind) -> bool {
        match (self, other) {
            (Kind::Int { signed: a, .. }, Kind::Int { signed: b, .. })
            | (Kind::Float { signed: a, .. }, Kind::Float { signed: b, .. }) => a == b,
            (Kind::Int { .. } | Kind::Float { .. }, _) | (_, Kind::Int { .. } | Kind::Float { .. }) => false,
            (a, b) => a == b,
        }
    }

    /// Which of several parameters at one place is tried first: the one with the least.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Kind::Int { .. } | Kind::Float { .. } => 50,
            Kind::Rest => 200,
            _ => 100,
        }
    }
}

/// The length of the segment that a path starts with, if it has no percent sign.
#[inline]
fn text(path: &[u8]) -> Option<usize> {
    for (length, &byte) in path.iter().enumerate() {
        match byte {
            b'/' => return Some(length),
            b'%' => return None,
            _ => {}
        }
    }
    Some(path.len())
}

#[inline]
fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn unsigned(value: &[u8], signed: bool) -> &[u8] {
    if signed {
        value.strip_prefix(b"-").unwrap_or(value)
    } else {
        value
    }
}

fn parsed<N: std::str::FromStr>(value: &[u8]) -> Option<N> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

fn within<N: PartialOrd + Copy>(number: N, min: Option<N>, max: Option<N>) -> bool {
    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
}

/// A number of any length. Bounds have 64 bits, so that what does not fit 128 is beyond all of them.
fn saturating(number: &str) -> i128 {
    let beyond = if number.starts_with('-') { i128::MIN } else { i128::MAX };
    number.parse().unwrap_or(beyond)
}

/// The length of a UUID.
const UUID: usize = 36;

fn is_uuid(value: &[u8]) -> bool {
    /// The bytes that are hexadecimal digits.
    const HEX: [bool; 256] = {
        let mut table = [false; 256];
        let mut digits: &[u8] = b"0123456789abcdefABCDEF";
        while let [digit, rest @ ..] = digits {
            table[*digit as usize] = true;
            digits = rest;
        }
        table
    };
    let Ok(value) = <&[u8; UUID]>::try_from(value) else {
        return false;
    };
    let hyphens = value[8] == b'-' && value[13] == b'-' && value[18] == b'-' && value[23] == b'-';
    let is_hex = |digits: &[u8]| digits.iter().all(|&digit| HEX[usize::from(digit)]);
    hyphens
        && is_hex(&value[..8])
        && is_hex(&value[9..13])
        && is_hex(&value[14..18])
        && is_hex(&value[19..23])
        && is_hex(&value[24..])
}

/// The zeros of Unicode's decimal digits (general category Nd, Unicode 14.0); nine digits follow each.
#[rustfmt::skip]
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
    0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x16A60,
    0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950, 0x1FBF0,
];

/// The value of a decimal digit of any script, which Python's `\d` and `int` take.
fn digit(character: char) -> Option<u8> {
    let code = u32::from(character);
    let zero = ZEROS[..ZEROS.partition_point(|&zero| zero <= code)].last()?;
    u8::try_from(code - zero).ok().filter(|&value| value <= 9)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| digit(character).is_some())
}

fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    text.chars()
        .map(|character| digit(character).map_or(character, |value| char::from(b'0' + value)))
        .collect()
}

#[cfg(test)]
mod tests;
