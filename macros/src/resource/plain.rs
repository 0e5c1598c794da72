//! Reads `impl` blocks that are as nearly all are: functions whose arguments have types of words.
//!
//! syn reads everything, and takes five times as long, which is felt because macros run unoptimised in most builds. So
//! this reads what it is sure of, and leaves any other block to syn as a whole.

mod trees;
mod types;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::Attribute;
use syn::parse::Parser as _;

use super::argument::Argument;
use super::block::{self, Block, SelfType};
use super::function::{self, Function};
use trees::Trees;
use types::{Written, is_reserved};

/// Reads an item. `None` says nothing about it.
pub(super) fn block(item: &TokenStream) -> Option<Block> {
    let mut item = Trees::of(item.clone());
    let Attributes { docs, others } = attributes(&mut item)?;
    if item.ident()? != "impl" {
        return None;
    }
    let name = item.ident()?;
    let content = item.group(Delimiter::Brace)?;
    if !item.is_empty() || is_reserved(&name.to_string()) {
        return None;
    }
    let mut content = Trees::of(content.stream());
    let mut functions = Vec::new();
    while !content.is_empty() {
        functions.push(function(&mut content)?);
    }
    Some(Block {
        docs,
        is_deprecated: function::is_deprecated(&others) || functions.iter().any(|function| function.is_deprecated),
        conditions: function::conditions(&others),
        self_type: SelfType::named(&name),
        has_marks: functions.iter().any(|function| function.mark.is_some()),
        functions,
        made: None,
        is_broken: false,
    })
}

/// The attributes of an item.
#[derive(Default)]
struct Attributes {
    /// The first line of the documentation.
    docs: String,
    others: Vec<Attribute>,
}

fn attributes(trees: &mut Trees) -> Option<Attributes> {
    let mut found = Attributes::default();
    while trees.is_sign(0, '#') {
        let pound = trees.peek()?.clone();
        trees.at += 1;
        let group = trees.group(Delimiter::Bracket)?;
        if let Some(text) = documentation(&group) {
            if found.docs.is_empty() {
                found.docs = function::first_line(&text);
            }
            continue;
        }
        let tokens = TokenStream::from_iter([pound, TokenTree::Group(group)]);
        let mut read = Attribute::parse_outer.parse2(tokens).ok()?;
        if found.docs.is_empty() {
            found.docs = function::summary(&read);
        }
        found.others.append(&mut read);
    }
    Some(found)
}

/// The text of `[doc = "text"]`, unless something in it means something else.
fn documentation(group: &Group) -> Option<String> {
    let mut trees = group.stream().into_iter();
    match (trees.next()?, trees.next()?, trees.next()?, trees.next()) {
        (TokenTree::Ident(word), TokenTree::Punct(equals), TokenTree::Literal(text), None)
            if equals.as_char() == '=' && word == "doc" =>
        {
            let text = text.to_string();
            let inside = text.strip_prefix('"')?.strip_suffix('"')?;
            (!inside.contains('\\') && !inside.contains('\r')).then(|| inside.to_owned())
        }
        _ => None,
    }
}

fn function(content: &mut Trees) -> Option<Function> {
    let Attributes { docs, others } = attributes(content)?;
    let mut word = content.ident()?.to_string();
    if word == "pub" {
        scope(content)?;
        word = content.ident()?.to_string();
    }
    let is_async = word == "async";
    if is_async {
        word = content.ident()?.to_string();
    }
    if word != "fn" {
        return None;
    }
    let name = content.ident()?;
    let inputs = content.group(Delimiter::Parenthesis)?;
    let (receiver, arguments) = arguments(&mut Trees::of(inputs.stream()))?;
    Some(Function {
        name,
        docs,
        is_deprecated: function::is_deprecated(&others),
        conditions: function::conditions(&others),
        generics: syn::Generics::default(),
        is_async,
        unsafety: None,
        receiver,
        arguments,
        is_unreadable: false,
        has_conditional_arguments: false,
        is_dropped: false,
        returns_future: returns_future(content, is_async)?,
        mark: function::mark(&others).ok()?,
    })
}

/// Reads what may follow `pub`.
fn scope(content: &mut Trees) -> Option<()> {
    let Some(scope) = content.group(Delimiter::Parenthesis) else {
        return Some(());
    };
    let mut scope = Trees::of(scope.stream());
    let name = scope.ident()?.to_string();
    (matches!(name.as_str(), "crate" | "self" | "super") && scope.is_empty()).then_some(())
}

/// Reads up to the end of a body. Of an `async fn` nobody asks what it returns.
fn returns_future(content: &mut Trees, is_async: bool) -> Option<bool> {
    let mut found = false;
    let mut is_bounds = false;
    if content.is_double('-', '>') {
        content.at += 2;
        if content.group(Delimiter::Brace).is_some() || content.is_sign(0, '-') || content.is_sign(0, '=') {
            return None;
        }
    }
    loop {
        let tree = content.peek()?;
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => return None,
            TokenTree::Punct(punct) if punct.as_char() == ';' => break,
            _ => {
                is_bounds |= content.is_word(0, "where");
                found |= !is_async && !is_bounds && function::names_future(tree);
            }
        }
        content.at += 1;
    }
    content.at += 1;
    Some(found)
}

fn arguments(inputs: &mut Trees) -> Option<(Option<Span>, Vec<Argument>)> {
    let receiver = receiver(inputs);
    let mut found = Vec::new();
    while !inputs.is_empty() {
        pattern(inputs)?;
        found.push(argument(inputs)?);
        if !inputs.is_at_comma_or_end() {
            return None;
        }
        inputs.at += 1;
    }
    Some((receiver, found))
}

/// Reads `self`, `mut self`, `&self` or `&mut self`.
fn receiver(inputs: &mut Trees) -> Option<Span> {
    let start = inputs.at;
    inputs.at += usize::from(inputs.is_sign(0, '&'));
    inputs.at += usize::from(inputs.is_word(0, "mut"));
    let is_self = inputs.is_word(0, "self");
    let found = inputs.ident().filter(|_| is_self && inputs.is_at_comma_or_end());
    inputs.at = if found.is_some() { inputs.at + 1 } else { start };
    found.map(|found| found.span())
}

/// Reads a pattern and the colon behind it.
fn pattern(inputs: &mut Trees) -> Option<()> {
    loop {
        match inputs.peek()? {
            TokenTree::Ident(word) if word != "self" => {}
            TokenTree::Group(group) if group.delimiter() != Delimiter::None => {}
            TokenTree::Punct(punct) if matches!(punct.as_char(), '&' | '@') => {}
            TokenTree::Punct(punct) if punct.as_char() == ':' => {
                if !inputs.is_double(':', ':') {
                    inputs.at += 1;
                    return Some(());
                }
                inputs.at += 1;
            }
            _ => return None,
        }
        inputs.at += 1;
    }
}

fn argument(inputs: &mut Trees) -> Option<Argument> {
    let start = inputs.at;
    let mut written = Written::default();
    if let Some(shape) = written.read(inputs)
        && inputs.is_at_comma_or_end()
    {
        return Some(Argument {
            trees: written.trees,
            text: written.text,
            shape,
            is_plain: true,
            impl_trait: None,
        });
    }
    inputs.at = start;
    any_argument(inputs)
}

/// Has syn read a type that ends where a comma is outside of its angle brackets, if any does.
fn any_argument(inputs: &mut Trees) -> Option<Argument> {
    let start = inputs.at;
    let mut depth = 0_usize;
    while !(inputs.is_empty() || depth == 0 && inputs.is_sign(0, ',')) {
        if inputs.is_double('-', '>') {
            inputs.at += 1;
        } else if inputs.is_sign(0, '<') {
            depth += 1;
        } else if inputs.is_sign(0, '>') {
            depth = depth.checked_sub(1)?;
        }
        inputs.at += 1;
    }
    let trees = &inputs.trees[start..inputs.at];
    if trees.iter().any(has_fragments) {
        return None;
    }
    let argument = Argument::of(&syn::parse2(trees.iter().cloned().collect()).ok()?);
    (!block::is_refused(&argument, &[])).then_some(argument)
}

/// Whether there is something in it that came through `macro_rules!`.
fn has_fragments(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::None || group.stream().into_iter().any(|tree| has_fragments(&tree))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::resource::block::Item;

    /// All that is known of a block.
    fn described(block: &Block) -> Vec<String> {
        let mut lines = vec![format!(
            "{} {} {:?} {} {} {} {} {} {}",
            block.docs,
            block.is_deprecated,
            block.conditions,
            block.self_type.tokens,
            block.self_type.word,
            block.self_type.text,
            block.made.is_some(),
            block.is_broken,
            block.has_marks
        )];
        for function in &block.functions {
            lines.push(format!(
                "{} {} {:?} {} {} {} {} {:?} {}",
                function.name,
                function.docs,
                function.conditions,
                function.is_async,
                function.is_unreadable,
                function.has_conditional_arguments,
                function.is_dropped,
                function.mark.as_ref().map(|mark| mark.allow_unrouted),
                function.is_handler()
            ));
            lines.push(format!("{:?}", function.receiver));
            for argument in &function.arguments {
                let elements = argument.elements().unwrap_or_default();
                lines.push(format!(
                    "{:?} {:?} {} {} {} {:?} {:?}",
                    argument.trees,
                    argument.span(),
                    argument.is_no_path(),
                    argument.is_state(),
                    argument.is_everyday(),
                    elements.iter().map(|element| &element.trees).collect::<Vec<_>>(),
                    argument.impl_trait
                ));
            }
        }
        lines
    }

    #[test]
    fn a_plain_block_is_read_as_syn_reads_it() {
        for item in [
            quote! {
                /// People who may log in.
                #[cfg(unix)]
                #[allow(unused)]
                impl Users {
                    #[doc = ""]
                    /// All of them.
                    /// In short.
                    async fn get(State(db): State<Db>, query: Query<Vec<(String, u8)>>) -> Json<Vec<User>> { db }
                    pub(crate) async fn post(Path((a, b)): axum::extract::Path<(u64, Own)>, Json(x): Json<u8>,) {}
                    #[handler(allow(unrouted))]
                    #[doc = "with \"quotes\""]
                    pub fn show(&self, mut id @ A: Path<u8>) -> impl Future<Output = ()> where u8: Copy { x }
                    #[cfg_attr(unix, allow(unused), cfg(windows))]
                    async fn options() -> Result<FutureDate, FuturesError> { x }
                    fn any(date: FutureDate) -> FutureDate where Ready<()>: Future { x }
                    fn post() -> Pin<Box<dyn Future<Output = ()>>> { x }
                    #[cfg(windows)] #[bluegate::handler]
                    fn r#type(&mut self,) -> Result<(), ()>;
                    async fn put(self, text: State<&'static str>, f: State<Box<dyn Fn(u8, u8) -> u8>>) {}
                    async fn delete(a: Option<Path<(u8, Own)>>, b: Path<(u8, String)>, c: Path<u8>, d: Json<Self>) {}
                    async fn head(a: impl Copy, b: [u8; 3], axum::Json(c): axum::Json<Limit<{ 3 }>>, _: ()) {}
                }
            },
            quote!(impl r#Users {}),
        ] {
            let plain = super::block(&item).unwrap();
            let Ok(Item::Block(read)) = block::parse_any(item) else {
                panic!("no block");
            };
            assert_eq!(described(&plain), described(&read));
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_syn() {
        for item in [
            quote!(
                struct Users;
            ),
            quote!(
                impl<T> Users<T> {}
            ),
            quote!(impl Display for Users {}),
            quote!(impl Self {}),
            quote!(impl Users { #![allow(unused)] }),
            quote!(impl Users { const A: u8 = 1; }),
            quote!(impl Users { generate! {} }),
            quote!(impl Users { async fn get<'a>(x: Cow<'a, str>) {} }),
            quote!(impl Users { async fn get(x: Cow<'a, str>) {} }),
            quote!(impl Users { async fn get(#[cfg(unix)] x: u8) {} }),
            quote!(impl Users { async fn get(self: &Self) {} }),
            quote!(impl Users { async fn get(x: Path<u8> y: u8) {} }),
            quote!(impl Users { async fn get(x: ) {} }),
            quote!(impl Users { async fn get(x) {} }),
            quote!(impl Users { async fn get(x: Json<) {} }),
            quote!(impl Users { async fn get() -> {} }),
            quote!(impl Users { async fn get() -> -> u8 {} }),
            quote!(impl Users { async fn get() -> => u8 {} }),
            quote!(impl Users { async fn get(x: Path<_>) {} }),
            quote!(impl Users { #[cfg_attr(unix, handler)] fn a() {} }),
            quote!(impl Users { async fn get() }),
            quote!(impl Users { unsafe fn get() {} }),
            quote!(impl Users { pub(in crate::a) fn get() {} }),
            quote!(impl Users { #[handler] #[handler] fn a() {} }),
            quote!(impl Users { #[a b] fn a() {} }),
            quote!(impl Users { #[a] }),
        ] {
            assert!(super::block(&item).is_none(), "{item}");
        }
        // As a fragment of `macro_rules!` is.
        let fragment = |tokens| TokenTree::Group(Group::new(Delimiter::None, tokens));
        for part in [quote!(u8), quote!(Path<u8>)] {
            let part = fragment(part);
            assert!(super::block(&quote!(impl #part {})).is_none());
            assert!(super::block(&quote!(impl Users { #part })).is_none());
            assert!(super::block(&quote!(impl Users { fn a(x: #part) {} })).is_none());
            assert!(super::block(&quote!(impl Users { fn a(x: Path<(u8, #part)>) {} })).is_none());
            assert!(super::block(&quote!(impl Users { fn a() -> #part {} })).is_none());
        }
    }
}
