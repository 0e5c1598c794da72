use super::*;
use quote::quote;

fn refused(tokens: TokenStream) -> String {
    Options::parse(tokens).err().unwrap().to_string()
}

fn unmarked(tokens: TokenStream) -> String {
    Mark::parse(tokens).err().unwrap().to_string()
}

#[test]
fn all_keys_are_read_in_any_order() {
    let options = Options::parse(quote!(
        allow(unrouted,),
        handlers(get, r#type, show = crate::books::show,),
        name = "users",
        crate = gate,
        state = crate::AppState
    ))
    .unwrap();
    assert_eq!(options.name.value(), "users");
    let listed = options.handlers.unwrap().list;
    let listed = listed
        .iter()
        .map(|listed| (listed.name.to_string(), listed.function.is_some()));
    let expected = [("get", false), ("r#type", false), ("show", true)];
    assert!(listed.eq(expected.map(|(name, is_other)| (name.to_owned(), is_other))));
    assert!(options.allowed.bits() == 1 && options.state.is_some() && options.root.is_some());
}

#[test]
fn the_name_may_stand_first_without_its_key() {
    let name = |tokens| Options::parse(tokens).map(|options| options.name.value());
    assert_eq!(name(quote!("users")).unwrap(), "users");
    assert_eq!(name(quote!(r"users",)).unwrap(), "users");
    let options = Options::parse(quote!("users", state = S, handlers(get), allow(unrouted), crate = gate)).unwrap();
    assert_eq!(options.name.value(), "users");
    assert!(options.state.is_some() && options.handlers.is_some() && options.root.is_some());
    assert_eq!(options.allowed.bits(), 1);
    assert!(refused(quote!("users", name = "users")).contains("given twice"));
    assert!(refused(quote!("users", "books")).contains("once"));
    assert!(refused(quote!(state = S, "users")).contains("first"));
    assert!(refused(quote!("users" state = S)).contains("expected `,`"));
    assert!(refused(quote!(" ")).contains("empty"));
    assert!(refused(quote!("users"x)).contains("`x` follows the name"));
}

#[test]
fn misuse_says_what_to_write() {
    assert!(refused(quote!()).contains("#[resource(name = \"users\")]"));
    assert!(refused(quote!(name)).contains("`name` has no value"));
    assert!(refused(quote!(nam = "users")).contains("no key `nam`"));
    assert!(refused(quote!(name = "a", name = "b")).contains("given twice"));
    assert!(refused(quote!(name = " ")).contains("empty"));
    assert!(refused(quote!(state = S)).contains("no name"));
    assert!(refused(quote!(name = "a", allow(all))).contains("`unrouted`"));
    assert!(refused(quote!(name = "a", allow())).contains("`unrouted`"));
    assert!(refused(quote!(name = "a", allow)).contains("write `allow(unrouted)`"));
    assert!(refused(quote!(name = "a", handler(get))).contains("did you mean `handlers`?"));
    assert!(refused(quote!(name = "a", handlers = [get])).contains("write `handlers(get, show)`"));
    assert!(refused(quote!(name = "a", handlers())).contains("write `handlers(get, show)`"));
    assert!(refused(quote!(name = "a", handlers(get, 1))).contains("write `handlers(get, show)`"));
    assert!(refused(quote!(name = users)).contains("write `name = \"users\"`"));
    for written in [
        quote!(name = books),
        quote!(name = r#books),
        quote!(name = b"books"),
        quote!(name = c"books"),
        quote!(name = br#"books"#),
        quote!(name = books, state = S),
    ] {
        assert!(
            refused(written.clone()).contains("write `name = \"books\"`"),
            "{written}"
        );
    }
    assert!(refused(quote!(name = concat!("a", "b"))).contains("write `name = \"users\"`"));
    assert!(refused(quote!(name =)).contains("expected"));
    assert!(refused(quote!(name = "a", state = "Db")).contains("write `state = Db`"));
    assert!(refused(quote!(name = "a", crate = "gate")).contains("write `crate = gate`"));
    assert!(refused(quote!(name = "users"x)).contains("write `name = \"users\"`"));
}

#[test]
fn a_name_is_found_beside_a_mistake() {
    let name = |tokens| likely_name(tokens).map(|name| name.value());
    assert_eq!(name(quote!("users")).as_deref(), Some("users"));
    assert_eq!(name(quote!(nam = "users", x)).as_deref(), Some("users"));
    assert_eq!(name(quote!(name = users)).as_deref(), Some("users"));
    assert_eq!(name(quote!(handlers(get))), None);
    assert_eq!(name(quote!(name = USERS)), None);
    assert_eq!(name(quote!(name = concat!("us", "ers"))), None);
    assert_eq!(name(quote!(name = 'u')), None);
}

#[test]
fn marks_may_allow_one_thing_or_two() {
    let bits = |tokens| Mark::parse(tokens).map(|mark| mark.allowed.bits()).unwrap();
    assert_eq!([bits(quote!()), bits(quote!(allow(unrouted)))], [0, 1]);
    assert_eq!([bits(quote!(allow(unrouted),)), bits(quote!(allow(unjudged)))], [1, 2]);
    assert_eq!(bits(quote!(allow(unjudged, unrouted))), 3);
    assert!(unmarked(quote!(allow(unjugded))).contains("`unrouted`"));
    assert!(unmarked(quote!("get")).contains("write `#[handler]`"));
    assert!(unmarked(quote!(name = "x")).contains("`#[handler]` has no key"));
}

#[test]
fn resources_and_marks_may_have_a_layer() {
    let options = Options::parse(quote!(name = "users", layer = limits::<A, B>(3), allow(unrouted))).unwrap();
    let expected = quote!(limits::<A, B>(3)).to_string();
    assert_eq!(options.layer.unwrap().to_string(), expected);
    let mark = Mark::parse(quote!(allow(unrouted), layer = slow)).unwrap();
    assert!(mark.layer.unwrap().to_string() == "slow" && mark.allowed.bits() == 1);
    assert!(refused(quote!(name = "users", layer)).contains("write `layer = "));
    assert!(refused(quote!(name = "users", layer = a, layer = b)).contains("given twice"));
    assert!(unmarked(quote!(layer)).contains("write `layer = "));
}
