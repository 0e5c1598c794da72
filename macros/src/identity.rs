//! How names are told apart where only numbers can be compared.

/// The number under which the compiler knows a resource or a handler: the 64-bit FNV-1a hash of its name.
pub(crate) fn id(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The name as a part of an identifier, for the compiler's messages.
pub(crate) fn word(name: &str) -> String {
    let fits = |character: char| if character.is_alphanumeric() { character } else { '_' };
    name.chars().map(fits).collect()
}

/// The bit that stands for a handler among those of its resource. Two handlers that share one are both guarded when
/// one of them needs it, which costs one of them a few instructions.
pub(crate) fn handler_bit(name: &str) -> u32 {
    (id(name) % 64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_the_published_hashes() {
        // Test vectors of the FNV reference implementation.
        assert_eq!(id(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(id("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(id("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn bits_fit_a_mask() {
        for name in ["get", "post", "show", "r\u{e9}sum\u{e9}"] {
            assert!(handler_bit(name) < 64);
        }
    }
}
