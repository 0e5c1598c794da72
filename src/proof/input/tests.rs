use super::super::params::field;
use super::super::query::{Queries, QueryValue};
use super::*;
use crate::table::short::int;

const PAGE: Kind = int(false, 0, Some(1), Some(300));
const CONTRACT: &Contract = &Contract {
    query: &[
        RequestParameter("page", false, Some(PAGE)),
        RequestParameter("author", true, Some(Kind::Text)),
        RequestParameter("since", false, None),
    ],
    headers: &[
        RequestParameter("X-Tenant", true, Some(Kind::Text)),
        RequestParameter("range", false, None),
    ],
};
const ONE: &Contract = &Contract {
    query: &[RequestParameter("page", false, Some(PAGE))],
    headers: &[],
};

const TEXT: Value = Value::Text;

/// What is said about an input.
fn said(input: Input, contract: &'static Contract, allows_unjudged: bool) -> Vec<String> {
    let mut said = Vec::new();
    let mut step = 0;
    while let Some((misfit, behind)) = misfit(&input, contract, allows_unjudged, step) {
        let mut message = Message::new();
        say(&mut message, &misfit, &input, contract);
        said.push(message.as_str().to_owned());
        step = behind;
    }
    said
}

fn query(shape: Shape) -> Input {
    Input::query("Query<_>", Some(<axum::extract::Query<()>>::READS), shape)
}

const fn fields(fields: &'static [Field], closed: bool) -> Shape {
    Shape::Fields { fields, closed }
}

#[test]
fn a_field_has_the_name_and_the_type_of_a_parameter_and_needs_none_that_may_be_absent() {
    const FIELDS: &[Field] = &[
        field(&["pgae"], TEXT, false),
        field(&["colour"], TEXT, false),
        field(&["page"], <u8 as QueryValue>::VALUE, true),
        field(&["writer", "author"], TEXT, true),
        field(&["since"], Value::Bool, false),
    ];
    assert_eq!(
        said(query(fields(FIELDS, false)), CONTRACT, false),
        [
            "the action declares no query parameter `pgae`; did you mean `page`?",
            "the action declares no query parameter `colour`; it has `page`, `author`, `since`",
            "the query parameter `page` is `int(min=1,max=300)`, and `u8` ends at 255",
            "it cannot do without the query parameter `page`, which the file does not require",
        ]
    );
}

#[test]
fn a_parameter_without_a_field_is_refused_by_structs_that_refuse_it() {
    const FIELDS: &[Field] = &[field(&["author"], TEXT, true)];
    assert_eq!(said(query(fields(FIELDS, false)), CONTRACT, false), [""; 0]);
    assert_eq!(
        said(query(fields(FIELDS, true)), CONTRACT, false),
        [
            "it has no field for the query parameter `page` and refuses what it has no field for",
            "it has no field for the query parameter `since` and refuses what it has no field for",
        ]
    );
}

#[test]
fn an_optional_query_needs_what_every_query_string_has() {
    const FIELDS: &[Field] = &[field(&["page"], <u32 as QueryValue>::VALUE, true)];
    let optional = Reads {
        is_optional: true,
        has_lists: true,
    };
    let input = Input::query("OptionalQuery<_>", Some(optional), fields(FIELDS, false));
    assert_eq!(said(input, ONE, false), [""; 0]);
    assert_eq!(said(input, CONTRACT, false).len(), 1);
    assert_eq!(said(query(fields(FIELDS, false)), ONE, false).len(), 1);
}

#[test]
fn the_values_of_a_map_hold_every_parameter() {
    let numbers = Shape::Values(&[<u64 as QueryValue>::VALUE]);
    assert_eq!(
        said(query(numbers), CONTRACT, false),
        ["the query parameter `author` is `string`, and `u64` cannot hold that"]
    );
    assert_eq!(said(query(Shape::Values(&[TEXT])), CONTRACT, false), [""; 0]);
}

#[test]
fn what_is_not_known_is_refused_where_something_is_declared() {
    const OPEN: &[Field] = &[field(&["author"], Value::Unknown, true)];
    assert_eq!(
        said(query(Shape::Unknown), CONTRACT, false),
        ["nothing is known about what it takes"]
    );
    assert_eq!(
        said(query(fields(OPEN, false)), CONTRACT, false),
        ["nothing is known about the type that it takes for the query parameter `author`"]
    );
    for shape in [Shape::Unknown, fields(OPEN, false)] {
        assert_eq!(said(query(shape), CONTRACT, true), [""; 0]);
        assert_eq!(said(query(shape), Contract::SILENT, false), [""; 0]);
    }
}

#[test]
fn lists_are_read_by_extractors_that_take_several_values() {
    const LIST: &[Field] = &[field(&["page"], Value::List(&TEXT), false)];
    let reads = Reads {
        is_optional: false,
        has_lists: true,
    };
    let input = Input::query("Query<_>", Some(reads), fields(LIST, false));
    assert_eq!(said(input, ONE, false), [""; 0]);
    assert_eq!(
        said(query(fields(LIST, false)), ONE, false),
        ["the query parameter `page` is `int(min=1,max=300)`, and `Vec<_>` cannot hold that"]
    );
}

#[test]
fn a_header_is_declared_and_required_if_it_is_needed() {
    let said_of = |name: &'static str, is_required: bool| {
        let header = Header { name, is_required };
        said(Input::header("TypedHeader<_>", Some(header), true), CONTRACT, false)
    };
    assert_eq!(said_of("x-tenant", true), [""; 0]);
    assert_eq!(said_of("Range", false), [""; 0]);
    assert_eq!(
        said_of("Range", true),
        ["it cannot do without the header `range`, which the file does not require"]
    );
    assert_eq!(
        said_of("x-tennant", false),
        ["the action declares no header `x-tennant`; did you mean `X-Tenant`?"]
    );
    assert_eq!(
        said_of("cookie", true),
        ["the action declares no header `cookie`; it has `X-Tenant`, `range`"]
    );
    assert_eq!(said_of("authorization", true), [""; 0]);
    let header = Header {
        name: "cookie",
        is_required: true,
    };
    assert_eq!(said(Input::header("_", Some(header), true), ONE, false), [""; 0]);
}
