use super::*;

#[test]
fn decoding_notices_what_axum_reads_differently() {
    let decoded = decode("/a%20b/%C3%A9/%zz/%2");
    assert_eq!((decoded.text.as_ref(), decoded.reread), ("/a b/\u{e9}/%zz/%2", false));
    let decoded = decode("/a%2Fb");
    assert_eq!((decoded.text.as_ref(), decoded.reread), ("/a/b", true));
    let decoded = decode("/%FF%ED%A0%80");
    assert_eq!(
        (decoded.text.as_ref(), decoded.reread),
        ("/\u{fffd}\u{fffd}\u{fffd}\u{fffd}", true)
    );
}

#[test]
fn encoding_keeps_what_a_path_may_hold() {
    let mut path = String::new();
    encode("/a b/\u{e9}/x:y;z=1/%/\"~", &mut path);
    assert_eq!(path, "/a%20b/%C3%A9/x:y;z=1/%25/%22~");
}

#[test]
fn a_query_stays_as_it_was_sent() {
    let mut url = String::new();
    encode_query("q=a%20b&c=<\u{e9}>", &mut url);
    assert_eq!(url, "q=a%20b&c=%3C%C3%A9%3E");
}

#[test]
fn runs_of_slashes_become_one() {
    assert_eq!(merge_slashes("//a///b//"), "/a/b/");
    assert!(matches!(merge_slashes("/a/b/"), Cow::Borrowed("/a/b/")));
}
