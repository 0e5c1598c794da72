//! What editors need from the macros: the user's own tokens, each where the user wrote it, whatever state they are in.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::resource;

/// A token and where it stands.
type Leaf = (String, (usize, usize), (usize, usize));

fn leaf(text: String, span: proc_macro2::Span) -> Leaf {
    let (start, end) = (span.start(), span.end());
    (text, (start.line, start.column), (end.line, end.column))
}

fn leaves(tokens: TokenStream) -> Vec<Leaf> {
    let mut found = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                found.push(leaf(open.to_owned(), group.span_open()));
                found.extend(leaves(group.stream()));
                found.push(leaf(close.to_owned(), group.span_close()));
            }
            other => found.push(leaf(other.to_string(), other.span())),
        }
    }
    found
}

fn tokens(source: &str) -> TokenStream {
    source.parse().unwrap()
}

/// The expansion's first tokens, as many as the item has, and the rest as text.
fn expanded(attribute: &str, source: &str) -> (Vec<Leaf>, String) {
    let all = leaves(resource::expand(tokens(attribute), tokens(source)));
    let count = leaves(tokens(source)).len();
    let (first, rest) = all.split_at(count.min(all.len()));
    let rest: Vec<&str> = rest.iter().map(|(text, ..)| text.as_str()).collect();
    (first.to_vec(), rest.join(" "))
}

const USERS: &str = r#"
/// People.
impl Users {
    const LIMIT: usize = 3;

    /// All of them.
    async fn get(State(db): State<Db>, query: Query<Vec<(String, u8)>>) -> Result<Json<Vec<User>>, Error> {
        let mut found = Vec::new();
        while let Some(user) = db.next().await? {
            found.push(format!("{user:?} {}", 'a'..='z'));
        }
        Ok(Json(found)) // the end
    }

    pub(crate) fn helper<'a>(&'a self) -> &'a str { self.0.as_str() }
}"#;

#[test]
fn a_block_comes_back_token_by_token_from_where_it_stands() {
    let (first, rest) = expanded("name = \"users\"", USERS);
    assert_eq!(first, leaves(tokens(USERS)));
    assert!(
        rest.starts_with("const _ : ( ) = {") && !rest.contains("compile_error"),
        "{rest}"
    );
}

#[test]
fn a_listed_type_comes_back_as_well() {
    let source = "#[derive(Debug)]\npub struct Users<'a> where Self: Sized {\n    name: &'a str,\n}";
    for attribute in ["name = \"users\", handlers(get)", "nam = \"users\"", "", "name = "] {
        assert_eq!(expanded(attribute, source).0, leaves(tokens(source)), "{attribute}");
    }
}

#[test]
fn only_the_marks_are_gone() {
    let source = USERS.replace(
        "    async fn get",
        "    #[inline]\n    #[handler(allow(unrouted))]\n    async fn get",
    );
    let kept: Vec<Leaf> = leaves(tokens(&source))
        .into_iter()
        .filter(|(_, (line, _), _)| !source.lines().nth(line - 1).unwrap().contains("#[handler("))
        .collect();
    let all = leaves(resource::expand(quote!(name = "users"), tokens(&source)));
    assert_eq!(all[..kept.len()], kept);
}

#[test]
fn a_body_that_is_being_typed_changes_nothing_around_it() {
    for body in [
        "self.",
        "let x = ",
        "let x = ; x.",
        "Self::",
        "db.query(",
        "match db { Some(",
        "if db.is_ ",
        "db. ; Ok(())",
        "let users: Vec<",
        "fn async impl ::",
        "#[handler] #![x] #",
    ] {
        // What is not closed yet is closed here, as editors do before they ask.
        let open = |with: char| body.matches(with).count();
        let close = ")".repeat(open('(') - open(')')) + &"}".repeat(open('{') - open('}'));
        let source = format!(
            "impl Users {{ async fn get(State(db): State<Db>) -> String {{ {body}{close} }} async fn post() {{}} }}"
        );
        let (first, rest) = expanded("name = \"users\"", &source);
        assert_eq!(first, leaves(tokens(&source)), "{body}");
        assert!(
            rest.contains("Named") && !rest.contains("compile_error"),
            "{body}: {rest}"
        );
        assert!(
            rest.contains(r"\nget\t") && rest.contains(r"\npost\t"),
            "{body}: {rest}"
        );
    }
}

#[test]
fn a_signature_that_is_being_typed_comes_back_with_the_rest() {
    for signature in [
        "async fn",
        "async fn get",
        "async fn get()",
        "async fn get(db: ) {}",
        "async fn get(State(db): State<) {}",
        "async fn get(State(db)) {}",
        "async fn get() -> {}",
        "async fn get() -> Result< {}",
        "#[handler] async fn sh",
        "#[hand",
        "pub(",
        "async fn get<T",
    ] {
        let open = |with: char| signature.matches(with).count();
        let close = ")".repeat(open('(') - open(')')) + &"]".repeat(open('[') - open(']'));
        let source = format!("impl Users {{ async fn post() {{ post_body.here() }} {signature}{close} }}");
        let all = resource::expand(quote!(name = "users"), tokens(&source));
        let all: Vec<String> = leaves(all).into_iter().map(|(text, ..)| text).collect();
        let all = all.join(" ");
        assert!(
            all.contains("async fn post ( ) { post_body . here ( ) }"),
            "{signature}: {all}"
        );
        assert!(all.contains("Named"), "{signature}: {all}");
    }
}
