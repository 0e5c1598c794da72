//! `#[resource]`: from an `impl` block or a type to the traits that `routes!` asks for.

mod argument;
mod arguments;
mod attribute;
mod block;
mod code;
mod expand;
mod function;
mod marks;
mod plain;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Error;

use crate::{claims, root};
use attribute::Attribute;
use block::Item;

/// The names that make an `async fn` a handler.
const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "any"];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = Attribute::parse(arguments.clone());
    let root = attribute.as_ref().ok().and_then(|attribute| attribute.root.clone());
    let item = match &root {
        Some(root) => marks::with_plain_marks(item, root),
        None => item,
    };
    match try_expand(attribute, item.clone()) {
        Ok(tokens) => tokens,
        Err(error) => {
            claims::explain_marks();
            // The item itself stays, and a resource with its name, so that what uses them is not reported as well.
            let errors = error.into_compile_error();
            let item = marks::without_marks(item);
            let name = attribute::likely_name(arguments);
            if name.is_none() {
                claims::note_unnamed();
            }
            let resource = name.and_then(|name| code::stand_in(&name));
            let resource = root::rename(resource.unwrap_or_default(), root.as_ref());
            quote!(#item #errors #resource)
        }
    }
}

fn try_expand(attribute: syn::Result<Attribute>, item: TokenStream) -> syn::Result<TokenStream> {
    let parsed = block::parse(item.clone());
    let (attribute, parsed) = match (attribute, parsed) {
        (Ok(attribute), Ok(parsed)) => (attribute, parsed),
        (Err(mut error), Err(other)) => {
            error.combine(other);
            return Err(error);
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let code = match &parsed {
        Item::Block(block) => expand::block(&attribute, block)?,
        Item::Type(definition) => expand::definition(&attribute, definition)?,
    };
    let code = root::rename(code, attribute.root.as_ref());
    // Another `#[resource]` on the same block wants to see them as well.
    let has_marks = matches!(&parsed, Item::Block(block) if block.has_marks) && !marks::has_another(&item);
    let item = if has_marks { marks::without_marks(item) } else { item };
    let is_read =
        matches!(&parsed, Item::Block(block) if block.functions.iter().all(|function| !function.is_unreadable));
    let item = if is_read { block::with_own_impl(item) } else { item };
    Ok(quote!(#item #code))
}

/// A `#[handler]` that no `#[resource]` took away.
pub(crate) fn stray_mark(item: TokenStream) -> TokenStream {
    // Its resource was forgotten, not its handlers.
    claims::note_unnamed();
    if claims::explain_marks() {
        return item;
    }
    let at = item.clone().into_iter().next().map(|first| first.span());
    let error = Error::new(
        at.unwrap_or_else(proc_macro2::Span::call_site),
        "`#[handler]` marks functions of an `impl` block that has `#[resource(name = \"...\")]`",
    );
    let mut tokens = item;
    error.into_compile_error().to_tokens(&mut tokens);
    tokens
}

#[cfg(test)]
mod tests {
    use super::block::Block;
    use super::*;

    fn block(item: TokenStream) -> Box<Block> {
        match block::parse(item) {
            Ok(Item::Block(block)) => block,
            Ok(Item::Type(_)) => panic!("no block"),
            Err(error) => panic!("{error}"),
        }
    }

    fn handlers(item: TokenStream) -> Vec<String> {
        let functions = block(item).functions;
        let handlers = functions.iter().filter(|function| function.is_handler());
        handlers.map(|function| function.name.to_string()).collect()
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
    fn only_what_is_no_item_makes_a_block_unreadable() {
        let is_broken = |item| block(item).is_broken;
        assert!(!is_broken(quote! {
            impl Users {
                const A: Users = Users { id: 1 };
                pub const B: u8 = { 1 };
                type Id = [u8; { 3 }];
                generate! {}
                self::generate!(x);
                pub(crate) unsafe extern "C" fn c() {}
                async fn get() {}
            }
        }));
        for typed in [
            quote!(impl Users { [handler] async fn get() {} }),
            quote!(impl Users { @handler async fn get() {} }),
            "impl Users { #handler async fn get() {} }".parse().unwrap(),
            quote!(impl Users { async fn get {} }),
            quote!(impl Users { async fn {} }),
            quote!(impl Users { async fn get<T() {} }),
            quote!(impl Users { fn async get() {} }),
        ] {
            assert!(is_broken(typed.clone()), "{typed}");
        }
        assert!(is_broken(quote!(impl Users { asyn fn get() {} })));
        assert!(is_broken(quote!(impl Users { async pub fn get() {} })));
        assert!(is_broken(quote!(impl Users { id: u8, async fn get() {} })));
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
        let arguments: Vec<String> = block.functions[0]
            .arguments
            .iter()
            .map(|argument| argument.tokens().to_string().replace(' ', ""))
            .collect();
        assert_eq!(
            arguments,
            [
                "axum::extract::Path<(u8,HashMap<u8,[u8;{3}]>)>",
                "Result<Json<Body>,JsonRejection>",
                "()"
            ]
        );
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
        assert_eq!(marks::without_marks(marked).to_string(), unmarked.to_string());
    }

    #[test]
    fn a_mark_goes_by_the_name_that_the_crate_has() {
        let item =
            quote!(impl Users { #[gate::handler(allow(unrouted))] async fn show() {} #[::gate::handler] fn a() {} });
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
        let block = block(quote!(impl Users<{ if A { 1 } else { 2 } }> { async fn get() {} }));
        assert_eq!(
            block.self_type.tokens.to_string(),
            quote!(Users<{ if A { 1 } else { 2 } }>).to_string()
        );
    }

    #[test]
    fn a_path_that_begins_with_self_is_no_receiver() {
        let block =
            block(quote!(impl Users { async fn get(self::W(_): self::W) {} async fn post(&mut self, x: u8) {} }));
        assert!(block.functions[0].receiver.is_none() && block.functions[1].receiver.is_some());
        assert_eq!(block.functions[0].arguments.len(), 1);
    }

    #[test]
    fn marks_where_none_can_stand_are_refused_once() {
        for (item, says) in [
            (
                quote!(impl Users { #[handler] const A: u8 = 1; #[handler] async fn a() {} }),
                "marks functions",
            ),
            (quote!(impl Users { #[handler] type A = u8; }), "marks functions"),
            (quote!(impl Users { #[handler] made!(); }), "marks functions"),
            (
                quote!(impl Users { #[cfg_attr(unix, handler)] async fn a() {} }),
                "cfg_attr",
            ),
            (
                quote!(impl Users { #[cfg_attr(unix, inline, bluegate::handler)] async fn a() {} }),
                "cfg_attr",
            ),
            (quote!(impl Users { async unsafe fn get() {} }), "is `unsafe`"),
        ] {
            let code = expand(quote!(name = "users"), item.clone()).to_string();
            assert_eq!(code.matches("compile_error").count(), 1, "{code}");
            assert!(code.contains(says), "{code}");
            let left = marks::without_marks(item).to_string();
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
        let conditions: Vec<String> = block.functions[0]
            .conditions
            .iter()
            .map(|condition| condition.to_string().replace(' ', ""))
            .collect();
        assert_eq!(
            conditions,
            [
                "any(not(feature=\"a\"),unix)",
                "any(not(feature=\"a\"),test)",
                "windows"
            ]
        );
    }

    #[test]
    fn the_first_line_of_the_documentation_is_the_summary() {
        let block = block(quote! {
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
        assert_eq!(block.docs, "People who may log in.");
        assert_eq!(block.functions[0].docs, "One of them.");
        assert_eq!(block.functions[1].docs, "");
    }

    #[test]
    fn an_argument_that_is_being_typed_leaves_the_resource_as_it_is() {
        let block = block(quote! {
            impl Users {
                async fn get(id: ) {}
                async fn post(Path(id): Path<u64>, body: Json<, x: u8) -> {}
            }
        });
        assert!(
            block
                .functions
                .iter()
                .all(|function| function.is_unreadable && function.is_handler())
        );
        let code = expand(quote!(name = "users"), quote!(impl Users { async fn get(id: ) {} })).to_string();
        assert!(!code.contains("compile_error") && code.contains("Named"), "{code}");
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
}
