use proc_macro2::TokenStream;
use quote::quote;

use super::*;

fn trees(tokens: TokenStream) -> Vec<TokenTree> {
    tokens.into_iter().collect()
}

#[test]
fn of_an_argument_no_more_is_asked_than_it_may_take() {
    for (argument, asked) in [
        (quote!(State<AppState>), 0),
        (quote!(Path<u32>), 0),
        (quote!(axum::Json<Book>), 1),
        (quote!(Option<Json<Book>>), 1),
        (quote!(Query<Filter>), 1),
        (quote!(TypedHeader<Range>), 1),
        (quote!(Body<Book>), 1),
        (quote!(Session), 4),
        (quote!(Result<Json<Book>, JsonRejection>), 4),
    ] {
        let found = questions(&trees(argument.clone())).unwrap_or_default();
        assert_eq!(found.len(), asked, "{argument}");
    }
}

#[test]
fn a_result_is_two_answers() {
    for (returned, shown) in [
        (quote!(Result<Json<Book>, Error>), ["Json<Book>", "Error"]),
        (
            quote!(std::result::Result<(StatusCode, Json<Book>), Error>),
            ["(StatusCode, Json<Book>)", "Error"],
        ),
        (quote!(Result<Json<Book>>), ["Result<Json<Book>>"; 2]),
        (quote!(Json<Book>), ["Json<Book>"; 2]),
        (quote!(impl IntoResponse), ["impl IntoResponse"; 2]),
        (quote!(), [""; 2]),
    ] {
        assert_eq!(results(&trees(returned)), shown);
    }
}
