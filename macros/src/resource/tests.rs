use quote::quote;

use super::block::{Block, Item};
use super::*;
use crate::tokens::Code;

fn read(item: TokenStream) -> syn::Result<Item> {
    block::read(item, &marks(None))
}

fn block(item: TokenStream) -> Block {
    match read(item) {
        Ok(item) => item.block.unwrap(),
        Err(error) => panic!("{error}"),
    }
}

fn handlers(item: TokenStream) -> Vec<String> {
    let functions = block(item).functions;
    let handlers = functions.iter().filter(|function| function.is_handler());
    handlers.map(|function| function.name.to_string()).collect()
}

fn without_marks(item: TokenStream) -> String {
    attributes::handed_back(item, Some(&marks(None))).to_string()
}

#[test]
fn verbs_and_marks_make_handlers() {
    let found = handlers(quote! {
        impl Users {
            async fn get() {}
            pub(crate) async fn post(Path(id): Path<u64>, axum::Json(body): axum::Json<Body>) -> String { id }
            #[handler] fn show() -> impl Future<Output = ()> { async {} }
            #[bluegate::handler] async fn r#type() {}
            fn delete() -> Pin<Box<dyn Future<Output = ()> + Send>> { Box::pin(async {}) }
            async fn list() {}
            fn put() {}
            fn any(&self) -> BoxFuture { self.0 }
            fn patch(date: FutureDate) -> Result<FutureDate, FuturesError> { Ok(date) }
            fn head() -> u8 where Ready<()>: Future { 1 }
        }
    });
    assert_eq!(found, ["get", "post", "show", "r#type", "delete"]);
}

#[test]
fn other_items_of_a_block_are_passed_over() {
    let found = handlers(quote! {
        impl Users where u8: Copy {
            #![allow(dead_code)]
            const GET: fn() -> u8 = || { 1 };
            const A: A = A { async_fn: 1 };
            type Get = u8;
            generate! { async fn post() {} }
            generate!(x);
            const fn head() -> u8 { 1 }
            unsafe extern "C" fn options() {}
            async fn get() {}
        }
    });
    assert_eq!(found, ["get"]);
}

#[test]
fn types_of_all_kinds_are_passed_over() {
    let found = handlers(quote! {
        impl Users where Is<{ 1 < 2 }>: True {
            const FLAG: u8 = 1 << 3;
            const LESS: bool = 1 < 2;
            type Id = [u8; { 3 }];
            generate! {}
            self::generate!(x);
            async fn get() -> Page<{ SIZE + 1 }> {}
            async fn post() -> A<{ B }, C> where A<{ 1 }>: Sized {}
            #[handler] fn a() -> made! { u8 } where B: Fn() -> ! {}
            #[handler] fn b<const N: usize, T: Fn(u8) -> [u8; { 3 }]>() -> ! {}
            async fn put(path: Path<[u8; const { 3 }]>, f: State<fn(_: &str) -> Page<{ 1 }>>) -> impl Sized + use<> {}
            async fn delete(a @ B { c, .. }: B, Wrap::<u8>(x): Wrap<u8>, _: Wrap<{ 1 > 2 }>) {}
            pub(crate) const unsafe extern "C" fn c() {}
        }
    });
    assert_eq!(found, ["get", "post", "a", "b", "put", "delete"]);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    for typed in [
        quote!(impl Users { [handler] async fn get() {} }),
        quote!(impl Users { @handler async fn get() {} }),
        "impl Users { #handler async fn get() {} }".parse().unwrap(),
        quote!(impl Users { async fn get {} }),
        quote!(impl Users { async fn {} }),
        quote!(impl Users { async fn get<T() {} }),
        quote!(impl Users { fn async get() {} }),
        quote!(impl Users { async fn get(id: ) {} }),
        quote!(impl Users { async fn get(id) {} }),
        quote!(impl Users { async fn get(body: Json<, x: u8) {} }),
        quote!(impl Users { async fn get() -> {} }),
        quote!(impl Users { async fn get() -> => u8 {} }),
        quote!(impl Users { async fn get() }),
        quote!(impl Users { asyn fn get() {} }),
        quote!(impl Users { async pub fn get() {} }),
        quote!(impl Users { id: u8, async fn get() {} }),
        quote!(impl Users { const A: u8 = 1 }),
        quote!(impl Users { made!(x) }),
        quote!(impl Users< { async fn get() {} }),
    ] {
        let Err(error) = read(typed.clone()) else {
            panic!("{typed}")
        };
        assert!(
            error.to_string().contains("help: ") || error.to_string().contains("stands on"),
            "{error}"
        );
        let code = expand(quote!(name = "users"), typed.clone()).to_string();
        assert_eq!(code.matches("compile_error").count(), 1, "{code}");
        assert!(code.contains("__BLUEGATE_"), "{code}");
    }
}

#[test]
fn arguments_are_read_behind_any_pattern() {
    let block = block(quote! {
        impl Users {
            async fn get(
                #[allow(unused)] axum::extract::Path((a, b)): axum::extract::Path<(u8, HashMap<u8, [u8; { 3 }]>)>,
                mut body: Result<Json<Body>, JsonRejection>,
                _: (),
            ) {}
        }
    });
    let arguments = block.functions[0]
        .arguments
        .iter()
        .map(|argument| block::text(argument));
    let path = "axum::extract::Path<(u8, HashMap<u8, [u8; { 3 }]>)>";
    assert!(arguments.eq([path, "Result<Json<Body>, JsonRejection>", "()"]));
}

#[test]
fn every_token_of_the_users_stays_but_the_marks() {
    let marked = quote! {
        /// Docs.
        impl Users {
            #[handler(allow(unrouted))]
            #[inline]
            async fn show() { let _ = #[handler] 1; }
            #[bluegate::handler]
            #[handler_of_something_else]
            async fn list() {}
        }
    };
    let unmarked = quote! {
        /// Docs.
        impl Users {
            #[inline]
            async fn show() { let _ = #[handler] 1; }
            #[handler_of_something_else]
            async fn list() {}
        }
    };
    assert_eq!(without_marks(marked), unmarked.to_string());
}

#[test]
fn a_mark_goes_by_the_name_that_the_crate_has() {
    let item = quote!(impl Users { #[gate::handler(allow(unrouted))] async fn show() {} #[::gate::handler] fn a() {} });
    let code = expand(quote!(name = "users", crate = gate), item.clone()).to_string();
    assert!(!code.contains("compile_error") && !code.contains("handler ("), "{code}");
    assert!(code.contains("show"), "{code}");
    let code = expand(quote!(name = "users"), item).to_string();
    assert!(code.contains("gate :: handler"), "another's attribute stays: {code}");
}

#[test]
fn marks_stay_for_another_resource_on_the_same_block() {
    let item = quote!(
        #[allow(unused)]
        #[bluegate::resource(name = "more")]
        impl Users {
            #[handler]
            async fn a() {}
        }
    );
    let code = expand(quote!(name = "users"), item).to_string();
    assert!(code.contains("# [handler] async fn a"), "{code}");
}

#[test]
fn values_in_the_type_of_a_block_stay_as_they_are() {
    let item = read(quote!(impl Users<{ if A { 1 } else { 2 } }> { async fn get() {} })).unwrap();
    assert_eq!(
        item.self_type.tokens.to_string(),
        quote!(Users<{ if A { 1 } else { 2 } }>).to_string()
    );
}

#[test]
fn a_path_that_begins_with_self_is_no_receiver() {
    let block = block(quote!(impl Users { async fn get(self::W(_): self::W) {} async fn post(&mut self, x: u8) {} }));
    assert!(block.functions[0].receiver.is_none() && block.functions[1].receiver.is_some());
    assert_eq!(block.functions[0].arguments.len(), 1);
}

#[test]
fn marks_where_none_can_stand_are_refused_once() {
    for (says, items) in [
        (
            "marks functions",
            "#[handler] const A: u8 = 1; #[handler] async fn a() {}",
        ),
        ("marks functions", "#[handler] type A = u8;"),
        ("marks functions", "#[handler] made!();"),
        ("cfg_attr", "#[cfg_attr(unix, handler)] async fn a() {}"),
        (
            "cfg_attr",
            "#[cfg_attr(unix, inline, bluegate::handler)] async fn a() {}",
        ),
        ("is `unsafe`", "async unsafe fn get() {}"),
    ] {
        let item: TokenStream = format!("impl Users {{ {items} }}").parse().unwrap();
        let code = expand(quote!(name = "users"), item.clone()).to_string();
        assert_eq!(code.matches("compile_error").count(), 1, "{code}");
        assert!(code.contains(says), "{code}");
        let left = without_marks(item);
        assert!(!left.contains("handler"), "{left}");
    }
}

#[test]
fn a_condition_may_stand_in_a_cfg_attr() {
    let block = block(quote! {
        impl Users {
            #[cfg_attr(feature = "a", inline, cfg(unix), cfg(test))]
            #[cfg_attr(all(), inline)]
            #[cfg(windows)]
            async fn get() {}
        }
    });
    let conditions = block.functions[0].attributes.conditions.iter();
    let conditions = conditions.map(|condition| condition.to_string().replace(' ', ""));
    let [unix, test] = ["unix", "test"].map(|other| format!("any(not(feature=\"a\"),{other})"));
    assert!(conditions.eq([unix, test, "windows".to_owned()]));
}

#[test]
fn the_first_line_of_the_documentation_is_the_summary() {
    let item = read(quote! {
        #[doc = ""]
        #[doc = " People who may log in."]
        #[doc = " And more."]
        impl Users {
            /** One of them.

            More. */
            async fn get() {}
            async fn post() {}
        }
    });
    let item = item.unwrap();
    assert_eq!(item.attributes.docs, "People who may log in.");
    let block = item.block.unwrap();
    assert_eq!(block.functions[0].attributes.docs, "One of them.");
    assert_eq!(block.functions[1].attributes.docs, "");
}

#[test]
fn the_state_is_what_handlers_take() {
    let code = |item| expand(quote!("users"), item).to_string().replace(' ', "");
    let of_db = quote!(impl Users { async fn get(a: axum::extract::State<Db<u8>>, b: State<Db<u8>>) {} });
    assert!(code(of_db.clone()).contains("Mount<Db<u8>>"));
    let named = expand(quote!("users", state = App), of_db).to_string().replace(' ', "");
    assert!(named.contains("Mount<App>") && !named.contains("Mount<Db"), "{named}");
    let in_tuple = quote!(impl Users { async fn get(a: (State<Self>, Json<u8>)) {} });
    assert!(code(in_tuple).contains("Mount<Users>"));
    let none = code(quote!(impl Users { async fn get(a: Json<State<Db>>) {} }));
    assert!(none.contains("Mount<__AnyState>"), "{none}");
    let two = code(quote!(impl Users { async fn get(a: State<Db>, b: State<App>) {} }));
    assert!(two.contains("compile_error") && two.contains("state=AppState"), "{two}");
    // Of what is no handler nobody asks.
    let other = quote!(impl Users { async fn get(a: State<Db>) {} fn take(a: State<App>) {} });
    assert!(code(other).contains("Mount<Db>"));
}

#[test]
fn only_what_may_be_a_query_or_a_header_is_asked_about() {
    let asked = |arguments: &str| {
        let item = format!("impl Users {{ async fn get({arguments}) {{}} }}");
        let code = expand(quote!(name = "users"), item.parse().unwrap());
        let code = code.to_string().replace(' ', "");
        (
            code.matches("Input::query").count(),
            code.matches("Input::header").count(),
        )
    };
    assert_eq!(asked(""), (0, 0));
    assert_eq!(
        asked("a: State<Db>, b: Option<Path<Own>>, c: HeaderMap, d: Option<Json<u8>>"),
        (0, 0)
    );
    assert_eq!(asked("a: Query<Filter>, b: (Path<u8>, OptionalQuery<Filter>)"), (2, 0));
    assert_eq!(asked("a: TypedHeader<Host>, b: Option<TypedHeader<Host>>"), (0, 2));
    // In a GET it is the query string.
    assert_eq!(asked("a: Form<Filter>"), (1, 0));
    let post = quote!(impl Users { async fn post(a: Form<Filter>) {} });
    assert!(!expand(quote!(name = "users"), post).to_string().contains("Input"));
    // What they are only the compiler knows.
    assert_eq!(
        asked("a: Own, b: WithRejection<Query<Filter>, Own>, c: Path<u8>"),
        (2, 2)
    );
}

#[test]
fn types_are_shown_as_people_write_them() {
    for written in [
        "axum::extract::Path<(u64, String)>",
        "Option<Path<HashMap<String, u8>>>",
        "State<Arc<dyn Fn(&'a str) -> [u8; 3] + Send>>",
    ] {
        let trees: Vec<_> = written.parse::<TokenStream>().unwrap().into_iter().collect();
        assert_eq!(block::text(&trees), written);
    }
}

#[test]
fn code_that_is_being_typed_is_no_reason_to_panic() {
    for item in [
        quote!(impl Users {
            async fn
        }),
        quote!(impl Users { async fn get }),
        quote!(impl Users { #[handler] }),
        quote!(impl Users { async fn get(x:) }),
        quote!(impl),
        quote!(struct),
        quote!(),
    ] {
        let tokens = expand(quote!(name = "users"), item.clone()).to_string();
        assert!(tokens.contains("compile_error") || tokens.contains("Named"), "{item}");
    }
}

#[test]
fn generated_code_names_nothing_that_a_user_could_shadow() {
    let code = expand(
        quote!(name = "users"),
        quote! {
            impl Users {
                async fn get(state: State<Db>, body: Json<u8>) {}
                #[cfg(unix)]
                #[handler]
                async fn show(path: Path<u8>) {}
            }
        },
    );
    let text = code.to_string();
    let generated = text.split_once("const _").map_or("", |(_, generated)| generated);
    for word in [
        "Option", "Result", "Some", "None", "Vec", "String", "axum", "u64", "str",
    ] {
        for (at, _) in generated.match_indices(&format!(" {word} ")) {
            let before = &generated[..=at];
            assert!(
                before.trim_end().ends_with("::"),
                "`{word}` after `{}`",
                &before[at.saturating_sub(40)..]
            );
        }
    }
}

#[test]
fn types_are_registered_in_builds_with_debug_assertions_unless_somebody_asks_for_all() {
    let item = read(quote!(impl Users {})).expect("a block");
    let mut code = Code::default();
    types::register(&mut code, "users", &[], &item.self_type);
    let code = code.finish().to_string().replace(' ', "");
    assert!(code.contains("__bluegate::Typed(\"users\""), "{code}");
    let is_conditional = code.starts_with("#[cfg(debug_assertions)]const_:()=");
    assert_eq!(is_conditional, !cfg!(feature = "types-release"), "{code}");
}
