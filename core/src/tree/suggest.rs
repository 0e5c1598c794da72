//! "Did you mean": the known word that an unknown one is nearest to.

/// The candidate that needs the fewest edits to become `word`, if that is few enough to be a slip.
///
/// ```
/// use bluegate_core::nearest;
///
/// assert_eq!(nearest("ordres", ["users", "orders"]), Some("orders"));
/// assert_eq!(nearest("middleware", ["users", "orders"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A very long word is no slip, and the distance costs its length squared.
    if word.len() > 64 {
        return None;
    }
    let folded = fold(word);
    candidates
        .into_iter()
        .map(|candidate| (distance(&folded, &fold(candidate)), candidate))
        .filter(|&(edits, candidate)| edits <= 1 + candidate.chars().count() / 4)
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// Case and separators are what people get wrong most.
fn fold(word: &str) -> Vec<char> {
    word.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut row = vec![0; b.len() + 1];
    for (i, &ca) in a.iter().enumerate() {
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let replace = last[j] + usize::from(ca != cb);
            row[j + 1] = replace.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && ca == b[j - 1] && a[i - 1] == cb {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["path", "cors", "queryParams", "actions"];

    #[test]
    fn a_slip_finds_its_word() {
        for (slip, word) in [
            ("pth", "path"),
            ("query_params", "queryParams"),
            ("QueryParams", "queryParams"),
            ("actoins", "actions"),
            ("corss", "cors"),
        ] {
            assert_eq!(nearest(slip, KEYS), Some(word), "{slip}");
        }
    }

    #[test]
    fn a_foreign_word_finds_none() {
        assert_eq!(nearest("middleware", KEYS), None);
        assert_eq!(nearest(&"x".repeat(10_000), KEYS), None);
    }
}
