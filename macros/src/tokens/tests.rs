use quote::quote;

use super::*;

#[test]
fn text_and_tokens_are_one_code() {
    let own = quote!(a<'b>);
    let mut code = Code::default();
    code.conditions(&[quote!(unix)]).text("const X: &[u8] =");
    code.open(Delimiter::Bracket).text("1,");
    code.open(Delimiter::Parenthesis)
        .trees(own.clone())
        .text("+")
        .tokens(own);
    code.close()
        .open(Delimiter::Brace)
        .text("c(d)")
        .close()
        .close()
        .text(";");
    let expected = quote!(#[cfg(unix)] const X: &[u8] = [1, (a<'b> + a<'b>){ c(d) }];);
    assert_eq!(code.finish().to_string(), expected.to_string());
}

#[test]
fn texts_are_literals_whatever_is_in_them() {
    for value in ["", "a \"b\" \\ \n\t\0", "\u{202e}\u{e9}"] {
        let mut code = Code::default();
        code.open(Delimiter::Parenthesis).string(value).close();
        assert_eq!(code.finish().to_string(), quote!((#value)).to_string());
    }
}

#[test]
fn code_of_text_stays_text_until_tokens_follow() {
    let inner = |tokens: bool| {
        let mut inner = Code::default();
        inner.open(Delimiter::Parenthesis).string("a").close();
        if tokens {
            inner.tokens(quote!(+ b))
        } else {
            inner.text("+ b")
        };
        inner
    };
    for tokens in [false, true] {
        let mut code = Code::default();
        code.open(Delimiter::Bracket).code(inner(tokens)).close();
        assert_eq!(code.finish().to_string(), quote!([("a") + b]).to_string());
    }
}
