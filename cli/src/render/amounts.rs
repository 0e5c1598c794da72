//! Numbers as people tell them.

/// `1 route`, `2 routes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `812 bytes`, `12.3 kB`, `1.2 MB`.
pub(crate) fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_people_do() {
        assert_eq!(
            [size(1), size(999), size(1_500), size(6_291_456)],
            ["1 byte", "999 bytes", "1.5 kB", "6.2 MB"]
        );
    }
}
