//! Texts, as constants compare them.

/// Whether two texts are the same. Names that differ often start alike, so that the end is looked at first.
///
/// The lengths are asked for once: a call costs the compiler as much as a dozen steps.
pub(super) const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = left.len();
    if at != right.len() {
        return false;
    }
    while at > 0 {
        at -= 1;
        if left[at] != right[at] {
            return false;
        }
    }
    true
}
