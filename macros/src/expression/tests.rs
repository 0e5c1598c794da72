use syn::ext::IdentExt as _;
use syn::parse::Parser as _;

use super::*;

fn read(text: &str) -> Vec<String> {
    let parse = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            let key = Ident::parse_any(input)?;
            found.push(parse(input, &key, "limits()")?.to_string().replace(' ', ""));
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(found)
    };
    parse.parse_str(text).unwrap_or_else(|error| vec![error.to_string()])
}

#[test]
fn an_expression_ends_at_a_comma_that_is_not_inside_of_it() {
    assert_eq!(read("a = limits(1, 2), b = [1, 2]"), ["limits(1,2)", "[1,2]"]);
    assert_eq!(read("a = of::<A, B<C, D>>(), b = c"), ["of::<A,B<C,D>>()", "c"]);
    assert_eq!(
        read("a = of::<fn(A) -> B, C>(), b = 1 > 2, c = d"),
        ["of::<fn(A)->B,C>()", "1>2", "d"]
    );
    assert_eq!(read("a = 1 < 2, b = |x| x,"), ["1<2", "|x|x"]);
}

#[test]
fn what_is_missing_is_told() {
    let told = "`a` has no value\nhelp: write `a = limits()`";
    for text in ["a", "a =", "a = , b = c", "a(b)"] {
        assert_eq!(read(text), [told], "{text}");
    }
}
