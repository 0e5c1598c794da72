//! Reads what `#[resource]` stands on: the functions of a block, their names and arguments. All else is passed over.
//!
//! What cannot be read is an error here, whatever the compiler says about it: of a handler that was passed over, nobody
//! would ask whether an action routes to it.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Error;

use super::attributes::Attributes;
use super::cursor::{Cursor, is_sign, parts, without_fragments};
use super::function::Function;

/// What `#[resource]` stands on.
pub(super) struct Item {
    pub(super) attributes: Attributes,
    pub(super) self_type: SelfType,
    /// The functions of a block; nothing where a type is defined.
    pub(super) block: Option<Block>,
}

impl Item {
    /// Its functions.
    pub(super) fn functions(&self) -> impl Iterator<Item = &Function> {
        self.block.iter().flat_map(|block| &block.functions)
    }

    /// Those that are handlers.
    pub(super) fn handlers(&self) -> impl Iterator<Item = &Function> {
        self.functions().filter(|function| function.is_handler())
    }

    /// Whether a function has an attribute that is not to be handed back.
    pub(super) fn has_marks(&self) -> bool {
        let mut attributes = self.functions().map(|function| &function.attributes);
        attributes.any(|attributes| attributes.mark.is_some() || attributes.is_debugged)
    }
}

/// The type that serves a resource.
pub(super) struct SelfType {
    pub(super) tokens: TokenStream,
    /// As messages show it.
    pub(super) text: String,
    pub(super) span: Span,
    /// The parameters that it is given by its block.
    pub(super) parameters: Vec<Ident>,
}

/// An `impl` block.
#[derive(Default)]
pub(super) struct Block {
    /// Its parameters with their angle brackets, and what stands behind `where`.
    pub(super) generics: [Vec<TokenTree>; 2],
    pub(super) functions: Vec<Function>,
    /// Where the first macro stands.
    pub(super) made: Option<Span>,
}

const WHERE: &str = "`#[resource]` stands on an `impl` block with handlers, or on a struct or an enum with \
                     `handlers(...)`";

/// Reads an item.
pub(super) fn read(item: TokenStream, marks: &[String]) -> syn::Result<Item> {
    let mut item = Cursor::new(item);
    let attributes = Attributes::read(&mut item, marks)?;
    visibility(&mut item);
    let start = item.peek().map_or_else(Span::call_site, TokenTree::span);
    item.word("unsafe");
    if item.word("impl") {
        return block(&mut item, attributes, marks);
    }
    if !["struct", "enum", "union"].into_iter().any(|word| item.word(word)) {
        return Err(Error::new(start, WHERE));
    }
    let name = item.ident().ok_or_else(|| Error::new(start, WHERE))?;
    let Generics { lifetimes, parameters } = generics(&mut item)?;
    let mut all = lifetimes
        .into_iter()
        .chain(parameters.into_iter().map(|(name, _)| name));
    if let Some(parameter) = all.next() {
        return Err(Error::new(parameter.span(), PARAMETERS_OF_A_TYPE));
    }
    Ok(Item {
        attributes,
        self_type: SelfType {
            text: name.to_string(),
            span: name.span(),
            parameters: Vec::new(),
            tokens: name.into_token_stream(),
        },
        block: None,
    })
}

/// Reads a block from behind its `impl` on.
fn block(item: &mut Cursor, attributes: Attributes, marks: &[String]) -> syn::Result<Item> {
    let start = item.count();
    let Generics {
        lifetimes, parameters, ..
    } = generics(item)?;
    if let Some(lifetime) = lifetimes.first() {
        return Err(Error::new(lifetime.span(), LIFETIME_OF_A_BLOCK));
    }
    let declared = item.read_from(start).to_vec();
    let span = item.peek().map_or_else(Span::call_site, TokenTree::span);
    let unread = || Error::new(span, WHERE);
    let ends = |item: &Cursor| item.is_word("where") || item.is_word("for") || item.is_group(0, Delimiter::Brace);
    let tokens = item.until(ends).ok_or_else(unread)?;
    if item.is_word("for") {
        return Err(Error::new(
            span,
            "`#[resource]` stands on an `impl` block of a type, not of a trait for a type",
        ));
    }
    let bounds = item.until(is_body).ok_or_else(unread)?;
    let content = item.group(Delimiter::Brace).ok_or_else(unread)?;
    let block = items(&mut Cursor::of(without_fragments(content.stream())), marks)?;
    Ok(Item {
        attributes,
        self_type: SelfType {
            text: text(&tokens),
            span,
            tokens: tokens.into_iter().collect(),
            parameters: parameters.into_iter().map(|(name, _)| name).collect(),
        },
        block: Some(Block {
            generics: [declared, bounds],
            ..block
        }),
    })
}

const PARAMETERS_OF_A_TYPE: &str = "the type has parameters, so that a router could not know which type serves the resource\n\
                                    help: write `#[resource]` on an `impl` block instead: of one type, such as `impl \
                                    Users<Postgres>`, or of all whose parameters are those of the state";

const LIFETIME_OF_A_BLOCK: &str = "the `impl` block has a lifetime, which nothing decides\n\
                                   help: leave it to the compiler: `impl Users<'_>`";

/// Reads the items of a block.
fn items(content: &mut Cursor, marks: &[String]) -> syn::Result<Block> {
    let mut found = Block::default();
    loop {
        let attributes = Attributes::read(content, marks)?;
        let Some(start) = content.peek().map(TokenTree::span) else {
            return match attributes.mark {
                Some((mark, _)) => Err(Error::new(mark.span(), MARK)),
                None => Ok(found),
            };
        };
        visibility(content);
        let qualifiers = Qualifiers::read(content);
        if content.word("fn") {
            found.functions.push(function(content, attributes, &qualifiers)?);
            continue;
        }
        if let Some((mark, _)) = attributes.mark {
            return Err(Error::new(mark.span(), MARK));
        }
        let is_item = if qualifiers.is_constant || content.word("type") {
            // Angle brackets compare and shift here.
            while !content.is_empty() && !content.is_sign(0, ';') {
                content.next();
            }
            content.sign(';')
        } else {
            found.made.get_or_insert(start);
            called(content)
        };
        if !is_item {
            return Err(unread(start));
        }
    }
}

const MARK: &str = "`#[handler]` marks functions\nhelp: remove it here";

fn unread(at: Span) -> Error {
    Error::new(
        at,
        "`#[resource]` cannot read what stands here\n\
         help: in its block stand functions with a body, constants, types and calls of macros; put anything else into a \
         block without `#[resource]`",
    )
}

/// Reads the call of a macro.
fn called(content: &mut Cursor) -> bool {
    let is_call = content.path().is_some() && content.sign('!');
    let is_block = content.is_group(0, Delimiter::Brace);
    is_call && matches!(content.next(), Some(TokenTree::Group(_))) && (is_block || content.sign(';'))
}

/// Reads `pub` and what may follow it.
fn visibility(from: &mut Cursor) {
    if from.word("pub") {
        from.group(Delimiter::Parenthesis);
    }
}

/// What stands before `fn`.
#[derive(Default)]
struct Qualifiers {
    is_async: bool,
    is_constant: bool,
    unsafety: Option<Span>,
}

impl Qualifiers {
    fn read(from: &mut Cursor) -> Self {
        let mut found = Qualifiers::default();
        while !from.is_sign(1, '!') && !from.is_sign(1, ':') {
            match from.peek() {
                Some(TokenTree::Ident(word)) if word == "async" => found.is_async = true,
                Some(TokenTree::Ident(word)) if word == "const" => found.is_constant = true,
                Some(TokenTree::Ident(word)) if word == "unsafe" => found.unsafety = Some(word.span()),
                Some(TokenTree::Ident(word)) if word == "extern" || word == "default" || word == "safe" => {}
                Some(TokenTree::Literal(_)) => {}
                _ => break,
            }
            let is_constant = from.word("const") || from.next().is_none();
            if is_constant
                && !["async", "unsafe", "extern", "fn"]
                    .iter()
                    .any(|word| from.is_word(word))
            {
                break;
            }
        }
        found
    }
}

/// Reads a function from its name on.
fn function(content: &mut Cursor, attributes: Attributes, qualifiers: &Qualifiers) -> syn::Result<Function> {
    let start = content.peek().map_or_else(Span::call_site, TokenTree::span);
    let name = content.ident().ok_or_else(|| unread(start))?;
    let unread = || unread(name.span());
    let Generics { lifetimes, parameters } = generics(content)?;
    let inputs = content.group(Delimiter::Parenthesis).ok_or_else(unread)?;
    let Inputs {
        receiver,
        types,
        are_conditional,
    } = Inputs::read(&inputs)?;
    let is_returning = content.sign('-') && content.sign('>');
    if is_returning && (is_body(content) || content.is_sign(0, '-') || content.is_sign(0, '=')) {
        return Err(unread());
    }
    let returned = content.until(|content| content.is_word("where") || is_body(content));
    let returns_future = returned
        .as_deref()
        .is_some_and(|returned| returned.iter().any(names_future));
    content
        .until(is_body)
        .filter(|_| returned.is_some())
        .ok_or_else(unread)?;
    content.next().ok_or_else(unread)?;
    Ok(Function {
        name,
        attributes,
        lifetimes,
        parameter: parameters.into_iter().next(),
        is_async: qualifiers.is_async,
        unsafety: qualifiers.unsafety,
        receiver,
        arguments: types,
        has_conditional_arguments: are_conditional,
        returned: returned.unwrap_or_default(),
        returns_future,
    })
}

/// Whether a body stands next, or the end of a function without one. Braces behind `name!` belong to a type.
fn is_body(content: &Cursor) -> bool {
    content.is_sign(0, ';') || content.is_group(0, Delimiter::Brace) && !content.is_behind_macro()
}

/// Whether a part of a return type says that it is a future, as `Future` and `BoxFuture` do.
fn names_future(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Ident(word) => word.to_string().ends_with("Future"),
        TokenTree::Group(group) => group.stream().into_iter().any(|tree| names_future(&tree)),
        _ => false,
    }
}

/// Parameters in angle brackets.
#[derive(Default)]
struct Generics {
    lifetimes: Vec<Ident>,
    /// The others, and whether they are constants.
    parameters: Vec<(Ident, bool)>,
}

fn generics(from: &mut Cursor) -> syn::Result<Generics> {
    let span = from.peek().map_or_else(Span::call_site, TokenTree::span);
    let mut found = Generics::default();
    if !from.sign('<') {
        return Ok(found);
    }
    while !from.sign('>') {
        let part = from.until(|from| from.is_sign(0, ',') || from.is_sign(0, '>') && !from.is_arrow_head());
        let mut part = Cursor::of(part.filter(|_| !from.is_empty()).ok_or_else(|| unread(span))?);
        from.sign(',');
        Attributes::read(&mut part, &[])?;
        let is_lifetime = part.sign('\'');
        let is_constant = part.word("const");
        match part.ident() {
            Some(name) if is_lifetime => found.lifetimes.push(name),
            Some(name) => found.parameters.push((name, is_constant)),
            None => return Err(unread(span)),
        }
    }
    Ok(found)
}

/// What stands in the parentheses of a function.
#[derive(Default)]
struct Inputs {
    receiver: Option<Span>,
    types: Vec<Vec<TokenTree>>,
    are_conditional: bool,
}

impl Inputs {
    fn read(inputs: &Group) -> syn::Result<Self> {
        let mut found = Inputs::default();
        let unread = |at: Span| {
            Error::new(
                at,
                "`#[resource]` cannot read this argument\nhelp: an argument is a pattern and its type, as in `id: Path<u64>`",
            )
        };
        let inputs = parts(inputs.stream().into_iter().collect()).ok_or_else(|| unread(inputs.span()))?;
        for (number, input) in inputs.into_iter().enumerate() {
            let start = input.first().map_or_else(Span::call_site, TokenTree::span);
            let mut input = Cursor::of(input);
            found.are_conditional |= Attributes::read(&mut input, &[])?.is_conditional;
            input.until(Cursor::is_colon).ok_or_else(|| unread(start))?;
            match input.last() {
                Some(TokenTree::Ident(word)) if word == "self" && number == 0 => {
                    found.receiver = Some(word.span());
                    continue;
                }
                _ => {}
            }
            input.next();
            let written = input.until(|_| false).filter(|written| !written.is_empty());
            found.types.push(written.ok_or_else(|| unread(start))?);
        }
        Ok(found)
    }
}

/// Tokens as people write them: one text for one type, within a block.
pub(super) fn text(trees: &[TokenTree]) -> String {
    fn add(trees: impl Iterator<Item = TokenTree>, text: &mut String) {
        let mut was_word = false;
        for tree in trees {
            let is_word = matches!(&tree, TokenTree::Ident(_) | TokenTree::Literal(_));
            let is_spaced = is_word && (was_word || text.ends_with('>')) || text.ends_with([',', '+', ';']);
            if is_spaced || is_sign(&tree, '+') || is_sign(&tree, '-') || was_arrow(text) {
                text.push(' ');
            }
            was_word = is_word;
            match &tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => ("{ ", " }"),
                        Delimiter::None => ("", ""),
                    };
                    text.push_str(open);
                    add(group.stream().into_iter(), text);
                    text.push_str(close);
                }
                other => text.push_str(&other.to_string()),
            }
        }
    }
    fn was_arrow(text: &str) -> bool {
        text.ends_with("->")
    }
    let mut found = String::new();
    add(trees.iter().cloned(), &mut found);
    found
}
