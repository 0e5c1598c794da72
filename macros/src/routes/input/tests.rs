use super::*;
use quote::quote;

#[test]
fn a_path_may_be_followed_by_the_state() {
    assert!(Input::parse(quote!("routes.json")).unwrap().state.is_none());
    assert!(Input::parse(quote!("routes.json",)).unwrap().state.is_none());
    let input = Input::parse(quote!("routes.json", crate::AppState<Db>,)).unwrap();
    assert_eq!(input.path.value(), "routes.json");
    assert!(input.state.is_some() && input.root.is_none());
    let input = Input::parse(quote!(crate = gate, "routes.json", crate::AppState)).unwrap();
    assert!(input.state.is_some() && input.root.is_some());
}

#[test]
fn options_may_follow_by_name() {
    let input = Input::parse(quote!("routes.json", AppState, layer = limits(1, 2))).unwrap();
    assert!(input.state.is_some());
    let [(key, value)] = &input.options[..] else { panic!() };
    assert_eq!(
        (key.to_string().as_str(), value.to_string()),
        ("layer", quote!(limits(1, 2)).to_string())
    );
    let input = Input::parse(quote!(struct Api = "routes.json", layer = limits,)).unwrap();
    assert!(input.state.is_none() && input.options.len() == 1);
    let refused = |tokens| Input::parse(tokens).err().unwrap().to_string();
    assert!(refused(quote!("routes.json", A, layr = x)).contains("did you mean `layer`?"));
    assert!(refused(quote!("routes.json", A, x = x)).contains("its options are `"));
    assert!(refused(quote!("routes.json", layer = x, layer = y)).contains("given twice"));
    assert!(refused(quote!("routes.json", layer =)).contains("write `layer = "));
}

#[test]
fn a_struct_may_stand_before_the_path() {
    let input = Input::parse(quote!(
        /// The API.
        pub(crate) struct Api = "routes.json", AppState
    ))
    .unwrap();
    let named = input.named.unwrap();
    assert_eq!(named.name, "Api");
    assert_eq!(named.attributes.len(), 1);
    assert!(input.state.is_some());
    let error = Input::parse(quote!(struct Api, "routes.json")).err().unwrap();
    assert!(error.to_string().contains("pub struct Api ="), "{error}");
}

#[test]
fn a_state_in_quotes_is_told_from_a_type() {
    let error = Input::parse(quote!("routes.json", "AppState")).err().unwrap();
    assert!(
        error.to_string().contains("write `routes!(\"routes.json\", AppState)`"),
        "{error}"
    );
}

#[test]
fn anything_else_says_what_to_write() {
    for tokens in [quote!(), quote!(routes), quote!("routes.json", A, B), quote!(12)] {
        let error = Input::parse(tokens).err().unwrap();
        assert!(error.to_string().contains("routes!(\"routes.json\""), "{error}");
    }
}
