use super::*;

#[test]
fn names_have_the_published_hashes() {
    // Test vectors of the FNV reference implementation.
    assert_eq!(id(""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(id("a"), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(id("foobar"), 0x8594_4171_f739_67e8);
}
