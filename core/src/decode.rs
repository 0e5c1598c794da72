//! From the tree of a file to its structs, reporting everything that is wrong on the way.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::span::{Span, Spanned};
use crate::tree::{Member, Node, Value, nearest};

/// What a tree turns into. `None` means that an error was reported.
pub(crate) trait Decode: Sized {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self>;
}

impl Decode for bool {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::Bool(value) => Some(*value),
            other => {
                let help = match other {
                    Value::String(_) | Value::Number(_) => "write `true` or `false`, without quotes",
                    _ => "write `true` or `false`",
                };
                found.push(wrong_type(node, "`true` or `false`").with_help(help));
                None
            }
        }
    }
}

impl Decode for String {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::String(text) => Some(text.clone().into_owned()),
            other => {
                let help = match other {
                    Value::Array(_) => "write one value in double quotes, without brackets",
                    Value::Object(_) => "write one value in double quotes, without braces",
                    _ => "write the value in double quotes",
                };
                found.push(wrong_type(node, "a string").with_help(help));
                None
            }
        }
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        T::decode(node, found).map(|value| Spanned::new(value, node.span))
    }
}

impl<T: Decode> Decode for Vec<T> {
    /// Entries that are wrong are reported and left out, so that the others still say what they have to say.
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::Array(items) => {
                // Entries are large and lists mostly short: `collect` would make room for four.
                let mut values = Self::with_capacity(items.len());
                values.extend(items.iter().filter_map(|item| T::decode(item, found)));
                Some(values)
            }
            other => {
                let form = match other {
                    Value::Object(_) => "[{ … }]",
                    Value::String(_) => "[\"…\"]",
                    _ => "[ … ]",
                };
                let help = format!("put it in square brackets: `{form}`");
                found.push(wrong_type(node, "a list").with_help(help));
                None
            }
        }
    }
}

pub(crate) fn wrong_type(node: &Node<'_>, expected: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!("expected {expected}, found {}", node.value.kind()),
    )
    .at(node.span)
}

/// Decodes the value of a key. What is wrong with its type names the key: the excerpt of a secret file does not show it.
pub(crate) fn named<T: Decode>(key: &str, node: &Node<'_>, found: &mut Diagnostics) -> Option<T> {
    let before = found.iter().len();
    let value = T::decode(node, found);
    let items: &[Node<'_>] = match &node.value {
        Value::Array(items) => items,
        _ => &[],
    };
    for one in found.since(before).filter(|one| one.code == Code::WrongType) {
        let key = shortened(key);
        if one.span == Some(node.span) {
            one.message = format!("`{key}`: {}", one.message);
        } else if items.iter().any(|item| one.span == Some(item.span)) {
            one.message = format!("an entry of `{key}`: {}", one.message);
        }
    }
    value
}

/// The finding for a word that is none of the known ones.
pub(crate) fn unknown_word(what: &str, word: &str, known: &[&str], span: Span) -> Diagnostic {
    let listed = known
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ");
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? The known ones are {listed}"),
        None => format!("the known ones are {listed}"),
    };
    Diagnostic::new(Code::UnknownValue, format!("unknown {what} `{}`", shortened(word)))
        .at(span)
        .with_help(help)
}

/// The value that a word stands for; a word that is none of them is reported.
pub(crate) fn one_of<T: Copy, const N: usize>(
    what: &str,
    word: &str,
    all: [T; N],
    as_str: fn(T) -> &'static str,
    node: &Node<'_>,
    found: &mut Diagnostics,
) -> Option<T> {
    let meant = all.into_iter().find(|one| as_str(*one) == word);
    if meant.is_none() {
        found.push(unknown_word(what, word, &all.map(as_str), node.span));
    }
    meant
}

/// Words come from the file: a message shows a line's worth of them at most.
pub(crate) fn shortened(word: &str) -> String {
    if word.chars().count() <= 80 {
        return word.to_owned();
    }
    let start: String = word.chars().take(77).collect();
    format!("{start}...")
}

/// The key that a value in place of an object is mostly meant for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Short {
    pub(crate) key: &'static str,
    /// Whether a text may be shown: none of the AWS file is.
    pub(crate) shows_text: bool,
}

impl Short {
    fn help(self, value: &Value<'_>) -> Option<String> {
        let shown = match value {
            Value::Bool(value) => value.to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) if self.shows_text => format!("\"{}\"", shortened(text)),
            Value::String(_) => "\"…\"".to_owned(),
            Value::Array(_) => return Some("write one object, without the square brackets: `{ … }`".to_owned()),
            Value::Null | Value::Object(_) => return None,
        };
        Some(format!("write it as `{{\"{}\": {shown}}}`", self.key))
    }
}

/// Some of the keys of an object.
pub(crate) trait Part: Sized {
    /// Takes the keys. `None` means that an error was reported.
    fn take(fields: &mut Fields<'_>, found: &mut Diagnostics) -> Option<Self>;
}

/// The members of an object, taken key by key.
pub(crate) struct Fields<'a> {
    what: &'static str,
    span: Span,
    members: &'a [Member<'a>],
    known: Vec<&'static str>,
    faulty: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Begins with an object; anything else is reported. A value that stands in place of the object is mostly that of one
    /// key.
    pub(crate) fn of(
        what: &'static str,
        short: Option<Short>,
        node: &'a Node<'a>,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        match &node.value {
            Value::Object(members) => Some(Self {
                what,
                span: node.span,
                members,
                known: Vec::with_capacity(16),
                faulty: Vec::new(),
            }),
            _ => {
                let help = short.and_then(|short| short.help(&node.value));
                let help = help.unwrap_or_else(|| "put it in braces: `{ … }`".to_owned());
                found.push(wrong_type(node, &format!("{what} as an object")).with_help(help));
                None
            }
        }
    }

    /// Where the object stands.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    fn take(&mut self, key: &'static str) -> Option<&'a Node<'a>> {
        self.known.push(key);
        // The last one wins among duplicates, which were reported already.
        self.members
            .iter()
            .rev()
            .find(|member| member.key == key)
            .map(|member| &member.node)
            .filter(|node| node.value != Value::Null)
    }

    /// A key that may be absent; `null` is absent.
    pub(crate) fn optional<T: Decode>(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<T> {
        let node = self.take(key)?;
        self.decode(key, node, found)
    }

    /// A key that must be there, with something in its place when it is not: the rest still says what it has to say.
    pub(crate) fn expected<T: Decode + Default>(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<T> {
        Some(self.required(key, found).unwrap_or_default())
    }

    fn decode<T: Decode>(&mut self, key: &'static str, node: &Node<'_>, found: &mut Diagnostics) -> Option<T> {
        let errors = found.errors();
        let value = named(key, node, found);
        if found.errors() > errors {
            self.faulty.push(key);
        }
        value
    }

    /// A key that must be there. A missing one is reported by [`Fields::finish`]'s caller order, here.
    pub(crate) fn required<T: Decode>(&mut self, key: &'static str, found: &mut Diagnostics) -> Option<T> {
        if let Some(node) = self.take(key) {
            return self.decode(key, node, found);
        }
        self.faulty.push(key);
        let written = self.members.iter().find(|member| member.key == key);
        let (message, span) = match written {
            Some(member) => (format!("`{key}` is null, but {} needs it", self.what), member.node.span),
            None => (
                format!("{} has no `{key}`", self.what),
                // The opening brace: an object may go on over many lines.
                self.span.head(),
            ),
        };
        // A misspelt key is one mistake: `finish` reports it as unknown, with the right one as its help. So is a merge
        // key, which may hold this one.
        let stands_in = |member: &Member<'_>| member.key == "<<" || nearest(&member.key, [key]).is_some();
        let misspelt = written.is_none() && self.members.iter().any(stands_in);
        if misspelt {
            return None;
        }
        let help = format!("add `\"{key}\": …`");
        found.push(Diagnostic::new(Code::MissingKey, message).at(span).with_help(help));
        None
    }

    /// Reports the keys that nobody asked for, and returns those whose value was reported or that are misspelt.
    pub(crate) fn finish(mut self, found: &mut Diagnostics) -> Vec<&'static str> {
        for member in self.members {
            if self.known.contains(&&*member.key) {
                continue;
            }
            let listed = self
                .known
                .iter()
                .map(|key| format!("`{key}`"))
                .collect::<Vec<_>>()
                .join(", ");
            let near = nearest(&member.key, self.known.iter().copied());
            self.faulty.extend(near);
            let help = if member.key == "<<" {
                "merge keys are not part of YAML 1.2: use an alias for a whole value".to_owned()
            } else {
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("{} has the keys {listed}", self.what),
                }
            };
            found.push(
                Diagnostic::new(
                    Code::UnknownKey,
                    format!("unknown key `{}` in {}", shortened(&member.key), self.what),
                )
                .at(member.key_span)
                .with_help(help),
            );
        }
        self.faulty
    }
}

/// Declares an object of a file: the struct, how it is read, and its JSON Schema, from one description.
///
/// `short` or `shown` names the key that a value in place of the object is mostly meant for; `shown` shows a text.
///
/// Behind `; with` stand records whose keys are keys of this object too.
///
/// A field is `required`, `optional` (absent and `null` are the same) or `expected` (required, but the object is there
/// without it), has a Rust name, the key of the file and a type.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident as $what:literal $(, $visible:ident $short:literal)?
            $(; with $($part:ident : $part_type:ty),+)?
        {
            $(
                $(#[doc = $field_doc:literal])*
                $presence:ident $field:ident ($key:literal) : $type:ty
            ),* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// Where the object stands.
            pub span: $crate::Span,
            /// The keys with errors in their values, and those that a misspelt key stands for.
            pub faulty: Vec<&'static str>,
            $(
                $(#[doc = $field_doc])*
                pub $field: $crate::decode::record!(@type $presence $type),
            )*
            $($(
                /// Keys that stand in several kinds of objects.
                pub $part: $part_type,
            )+)?
        }

        impl $name {
            /// The keys of the object.
            pub const KEYS: &'static [&'static str] = &[$($key),*];
        }

        impl $crate::decode::Decode for $name {
            fn decode(
                node: &$crate::tree::Node<'_>,
                found: &mut $crate::Diagnostics,
            ) -> Option<Self> {
                let mut fields = $crate::decode::Fields::of(
                    $what,
                    $crate::decode::record!(@short $($visible $short)?),
                    node,
                    found,
                )?;
                let read = <Self as $crate::decode::Part>::take(&mut fields, found);
                let faulty = fields.finish(found);
                read.map(|read| Self { faulty, ..read })
            }
        }

        impl $crate::decode::Part for $name {
            fn take(fields: &mut $crate::decode::Fields<'_>, found: &mut $crate::Diagnostics) -> Option<Self> {
                $(let $field = fields.$presence::<$type>($key, found);)*
                $($(let $part = <$part_type as $crate::decode::Part>::take(fields, found);)+)?
                Some(Self {
                    span: fields.span(),
                    faulty: Vec::new(),
                    $($field: $crate::decode::record!(@value $presence $field),)*
                    $($($part: $part?,)+)?
                })
            }
        }

        #[cfg(feature = "openapi")]
        impl $crate::schema::Describe for $name {
            fn describe() -> serde_json::Value {
                $crate::schema::object(
                    &[$($doc),*],
                    &[$((
                        $key,
                        $crate::decode::record!(@required $presence),
                        &[$($field_doc),*],
                        <$type as $crate::schema::Describe>::describe,
                    )),*],
                    &[$($(<$part_type as $crate::schema::Describe>::describe),+)?],
                )
            }
        }
    };
    (@short) => { None };
    (@short short $key:literal) => { Some($crate::decode::Short { key: $key, shows_text: false }) };
    (@short shown $key:literal) => { Some($crate::decode::Short { key: $key, shows_text: true }) };
    (@type required $type:ty) => { $type };
    (@type expected $type:ty) => { $type };
    (@type optional $type:ty) => { Option<$type> };
    (@value required $field:ident) => { $field? };
    (@value expected $field:ident) => { $field? };
    (@value optional $field:ident) => { $field };
    (@required required) => { true };
    (@required expected) => { true };
    (@required optional) => { false };
}
pub(crate) use record;
