use super::*;

#[test]
fn cases_are_those_of_serde() {
    let renamed = |case: &str| Case::named(case).of("order_line");
    assert_eq!(renamed("lowercase"), "order_line");
    assert_eq!(renamed("snake_case"), "order_line");
    assert_eq!(renamed("UPPERCASE"), "ORDER_LINE");
    assert_eq!(renamed("SCREAMING_SNAKE_CASE"), "ORDER_LINE");
    assert_eq!(renamed("PascalCase"), "OrderLine");
    assert_eq!(renamed("camelCase"), "orderLine");
    assert_eq!(renamed("kebab-case"), "order-line");
    assert_eq!(renamed("SCREAMING-KEBAB-CASE"), "ORDER-LINE");
}

#[test]
fn only_the_direction_of_reading_counts() {
    let attribute: Attribute =
        syn::parse_quote!(#[serde(rename(serialize = "a", deserialize = "b"), bound = "T: X", default = "f")]);
    let attributes = Attributes::of(&[attribute]).unwrap();
    assert_eq!(attributes.rename.as_deref(), Some("b"));
    assert!(attributes.has_default && !attributes.is_skipped);
}

#[test]
fn cases_of_variants_are_those_of_serde() {
    let renamed = |case: &str| Case::named(case).of_variant("OrderLine");
    assert_eq!(renamed(""), "OrderLine");
    assert_eq!(renamed("lowercase"), "orderline");
    assert_eq!(renamed("UPPERCASE"), "ORDERLINE");
    assert_eq!(renamed("camelCase"), "orderLine");
    assert_eq!(renamed("snake_case"), "order_line");
    assert_eq!(renamed("SCREAMING_SNAKE_CASE"), "ORDER_LINE");
    assert_eq!(renamed("kebab-case"), "order-line");
    assert_eq!(renamed("SCREAMING-KEBAB-CASE"), "ORDER-LINE");
}
