use super::*;

fn expanded(item: TokenStream) -> String {
    expand(item, Side::Path).to_string().replace(' ', "")
}

#[test]
fn fields_have_the_names_that_serde_gives_them() {
    let code = expanded(quote! {
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Place {
            shop_id: u64,
            #[serde(rename = "order", alias = "item")]
            r#type: Option<String>,
            #[serde(skip)]
            cache: u8,
        }
    });
    assert!(code.contains("field(&[\"shopId\"]"), "{code}");
    assert!(code.contains("field(&[\"order\",\"item\"]"), "{code}");
    assert!(!code.contains("cache"), "{code}");
    assert!(code.contains("closed:true"), "{code}");
}

#[test]
fn what_serde_flattens_or_reads_by_itself_is_not_judged() {
    let code = expanded(quote! {
        #[serde(deny_unknown_fields)]
        struct Place<T> where T: Own {
            #[serde(deserialize_with = "by_hand", default)]
            id: T,
            #[serde(flatten)]
            rest: Rest,
        }
    });
    assert!(code.contains("Value::Own,false)"), "{code}");
    assert!(code.contains("closed:false") && !code.contains("Rest"), "{code}");
    assert!(!code.contains("T:__bluegate::PathValue"), "{code}");
    let whole = expanded(quote!(
        #[serde(with = "by_hand")]
        struct Id(u64);
    ));
    assert!(whole.contains("Shape::Free") && whole.contains("Value::Own"), "{whole}");
}

#[test]
fn what_is_read_as_another_type_is_judged_as_that_one() {
    let code = expanded(quote!(
        #[serde(try_from = "String")]
        struct Id(u64);
    ));
    assert!(
        code.contains("Inside<String>>::SHAPE") && code.contains("Inside<String>>::VALUE"),
        "{code}"
    );
}

#[test]
fn types_of_fields_that_are_parameters_are_asked_for() {
    let code = expanded(quote!(
        struct Of<T, U>
        where
            U: Copy,
        {
            id: Option<T>,
            kind: PhantomData<U>,
        }
    ));
    assert!(code.contains("whereU:Copy,T:__bluegate::PathValue{"), "{code}");
    assert!(!code.contains("U:__bluegate::PathValue"), "{code}");
}

#[test]
fn structs_without_names_are_values() {
    let code = expanded(quote!(
        struct Ids(u64, pub String);
    ));
    assert!(code.contains("Shape::Values"), "{code}");
    let code = expanded(quote!(
        struct Id(u64);
    ));
    assert!(code.contains("PathValueforId"), "{code}");
}

#[test]
fn a_transparent_struct_is_its_one_field() {
    let code = expanded(quote!(
        #[serde(transparent)]
        struct Id {
            #[serde(skip)]
            kind: PhantomData<u8>,
            value: u64,
        }
    ));
    assert!(
        code.contains("PathValueforId") && code.contains("Inside<u64>>::SHAPE"),
        "{code}"
    );
    assert!(!code.contains("Fields") && !code.contains("PhantomData"), "{code}");
}

#[test]
fn an_enum_takes_the_names_of_its_variants() {
    let code = expanded(quote! {
        #[serde(rename_all = "kebab-case")]
        enum Genre {
            Fiction,
            #[serde(alias = "verse")]
            LongPoem = 2,
            #[serde(skip)]
            None,
        }
    });
    assert!(code.contains(r#"words:&["fiction","long-poem","verse"]"#), "{code}");
    let open = expanded(quote!(
        enum Genre {
            Fiction,
            #[serde(other)]
            Other,
        }
    ));
    assert!(open.contains("Value::Text"), "{open}");
}

#[test]
fn anything_else_says_where_it_stands() {
    for item in [
        quote!(
            enum A {}
        ),
        quote!(
            enum A {
                B(u8),
            }
        ),
        quote!(
            struct A;
        ),
        quote!(union A { b: u8 }),
    ] {
        assert!(expanded(item).contains("standsonastruct"));
    }
}

fn query(item: TokenStream) -> String {
    expand(item, Side::Query).to_string().replace(' ', "")
}

#[test]
fn a_query_string_has_its_own_traits_and_questions() {
    let code = query(quote! {
        #[serde(rename_all = "camelCase")]
        struct Filter<T> {
            page_size: Option<T>,
        }
    });
    assert!(
        code.contains("__bluegate::QueryParamsforFilter<T>whereT:__bluegate::QueryValue"),
        "{code}"
    );
    assert!(
        code.contains("field(&[\"pageSize\"],<__bluegate::Inside<Option<T>>>::QUERY_VALUE,<__bluegate::Inside<Option<T>>>::REQUIRED)"),
        "{code}"
    );
    let one = query(quote!(
        struct Size(u8);
    ));
    assert!(
        one.contains("__bluegate::QueryValueforSize") && one.contains("Inside<u8>>::QUERY_SHAPE"),
        "{one}"
    );
    let words = query(quote!(
        enum Sort {
            Asc,
        }
    ));
    assert!(
        words.contains("words:&[\"Asc\"]") && words.contains("Shape::Unknown"),
        "{words}"
    );
}

#[test]
fn what_no_query_string_is_read_into_is_an_error() {
    for item in [
        quote!(
            struct Pair(u8, u8);
        ),
        quote!(
            struct Nothing();
        ),
        quote!(
            struct Nothing;
        ),
        quote!(
            enum Sort {
                By(u8),
            }
        ),
        quote!(union Bits { one: u8 }),
        quote!(
            struct Flat {
                #[serde(flatten)]
                rest: Rest,
            }
        ),
    ] {
        let code = query(item);
        assert!(code.contains("compile_error"), "{code}");
    }
}

#[test]
fn an_enum_that_is_read_from_more_than_a_word_holds_none() {
    for item in [
        quote!(
            #[serde(untagged)]
            enum Sort {
                Asc,
            }
        ),
        quote!(
            #[serde(tag = "by", content = "of")]
            enum Sort {
                Asc,
            }
        ),
    ] {
        for side in [Side::Path, Side::Query] {
            let code = expand(item.clone(), side).to_string().replace(' ', "");
            assert!(
                code.contains("Value::Nothing{name:\"Sort\"}") && !code.contains("Words"),
                "{code}"
            );
        }
    }
}
