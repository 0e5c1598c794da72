//! Paths: from what was written to each of their spellings.

use crate::blueprint::{Parameter, RoutePath, Segment};
use crate::converter::Converter;
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::file::{MethodEntry, ParameterEntry, ResourceEntry};
use crate::reference::References;
use crate::span::{Span, Spanned};

use super::foreign;

/// The longest path that fits a URL of an edge-optimised API, in bytes (API Gateway quotas).
const MAX_PATH: usize = 8192;

/// More parameters than any path has room for; keeps hostile files cheap.
const MAX_PARAMETERS: usize = 256;

/// The segments of `url_prefix`. Slashes at its end mean nothing; `/` is no prefix at all.
pub(super) fn prefix(written: &Spanned<String>, found: &mut Diagnostics) -> Vec<String> {
    let text = written.trim_end_matches('/');
    let mut segments = Vec::new();
    for part in parts(text, written.span, "the prefix", found).unwrap_or_default() {
        match part {
            Part::Literal(text) => segments.push(text),
            Part::Parameter { name, .. } => found.push(
                Diagnostic::new(
                    Code::PartialSegment,
                    format!("the prefix holds a parameter, `{{{name}}}`"),
                )
                .at(written.span)
                .with_help("move it into the paths of the methods, or into the `prefix` of their resource"),
            ),
        }
    }
    segments
}

/// What stands before the paths of a resource. Slashes at its end mean nothing. `None` when an error was reported.
pub(super) fn before(resource: &ResourceEntry, found: &mut Diagnostics) -> Option<Vec<Part>> {
    if resource.faulty.contains(&"prefix") {
        return None;
    }
    let Some(written) = &resource.prefix else {
        return Some(Vec::new());
    };
    let errors_before = found.errors();
    let text = written.trim_end_matches('/');
    if text.len() > MAX_PATH {
        found.push(too_long(text.len(), written.span));
        return None;
    }
    let parts = parts(text, written.span, "the prefix", found)?;
    if let Some(Part::Parameter { name, .. }) = parts
        .iter()
        .find(|part| matches!(part, Part::Parameter { greedy: true, .. }))
    {
        found.push(
            Diagnostic::new(
                Code::GreedyNotLast,
                format!("`{{{name}+}}` takes the rest of the path, so no paths can stand behind this prefix"),
            )
            .at(written.span)
            .with_help(format!("write `{{{name}}}`")),
        );
    }
    (found.errors() == errors_before).then_some(parts)
}

/// The segments of what is written, as far as they are any.
fn parts(text: &str, span: Span, what: &str, found: &mut Diagnostics) -> Option<Vec<Part>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut parts = Vec::new();
    for piece in pieces(text, span, what, found)? {
        match classify(piece, span, found) {
            Some(Piece::Literal(text)) => parts.push(Part::Literal(text.to_owned())),
            Some(Piece::Parameter { name, greedy }) => parts.push(Part::Parameter {
                name: name.to_owned(),
                greedy,
                span,
            }),
            None => {}
        }
    }
    Some(parts)
}

/// The path of a method with its parameters, in every spelling, behind what stands before the paths of its resource.
/// `None` when an error was reported. `is_seed` says that the file was written for ct-api-gateway-deployer, where lists of
/// parameters lengthen paths.
pub(super) fn compose(
    method: &MethodEntry,
    before: &[Part],
    prefix: &str,
    prefix_segments: usize,
    is_seed: bool,
    found: &mut Diagnostics,
) -> Option<RoutePath> {
    let errors_before = found.errors();
    let written = &method.path;
    if written.len() > MAX_PATH {
        found.push(too_long(written.len(), written.span));
        return None;
    }
    let declared = declared(method, found);
    let text = written.strip_suffix('/').unwrap_or(written);
    let ends_with_slash = text.len() < written.len();
    let mut parts: Vec<Part> = before.to_vec();
    parts.extend(self::parts(text, written.span, "the path", found)?);
    let in_path = parts.len();
    let has_braces = parts.iter().any(|part| matches!(part, Part::Parameter { .. }));
    for entry in declared {
        let named = |part: &Part| matches!(part, Part::Parameter { name, .. } if *name == entry.name.value);
        if !parts.iter().any(named) {
            let name = &entry.name;
            if has_braces && method.path_params.is_some() {
                found.push(
                    Diagnostic::new(
                        Code::ForeignPathParameter,
                        format!(
                            "the path `{}` has no parameter `{}`",
                            shortened(written),
                            shortened(name)
                        ),
                    )
                    .at(name.span)
                    .with_help(format!(
                        "write `{{{0}}}` where it stands in the path, or remove `{0}` here",
                        shortened(name)
                    )),
                );
            } else if method.query_params.is_some() && !is_seed {
                found.push(
                    Diagnostic::new(
                        Code::AppendedParameter,
                        format!("`queryParams` lists parameters of the path: this one makes it `{}/{{{}}}`", shortened(text), shortened(name)),
                    )
                    .at(name.span)
                    .with_help(
                        "if that is meant, write it into the path and use `pathParams`; handlers read what follows the `?` \
                         with `Query`, and the file does not name it",
                    ),
                );
            }
            parts.push(Part::Parameter {
                name: entry.name.value.clone(),
                greedy: false,
                span: entry.name.span,
            });
        }
    }
    // Appended parameters stand behind the slash that the path ends with.
    let trailing_slash = ends_with_slash && parts.len() == in_path && !(prefix.is_empty() && parts.is_empty());
    let segments = segments(parts, declared, trailing_slash, written, found);
    if found.errors() > errors_before {
        return None;
    }
    let path = spell(segments, prefix, prefix_segments, trailing_slash, method.span);
    if trailing_slash && !path.segments.is_empty() {
        found.push(
            Diagnostic::new(
                Code::TrailingSlash,
                format!(
                    "the gateway's path is `{}`: API Gateway has no paths that end with a slash",
                    path.gateway
                ),
            )
            .at(written.span)
            .with_help("the service keeps the slash; remove it here if that is not meant"),
        );
    }
    if path.service.len() > MAX_PATH {
        found.push(too_long(path.service.len(), written.span));
        return None;
    }
    Some(path)
}

fn too_long(bytes: usize, span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DeepPath,
        format!("the path has {bytes} bytes; a URL of API Gateway has {MAX_PATH}"),
    )
    .at(span)
    .with_help("shorten it")
}

/// The parameters that a method lists, under either of the key's names.
fn declared<'a>(method: &'a MethodEntry, found: &mut Diagnostics) -> &'a [ParameterEntry] {
    if let (Some(path_params), Some(query_params)) = (&method.path_params, &method.query_params) {
        found.push(
            Diagnostic::new(Code::KeyConflict, "a method has both `pathParams` and `queryParams`")
                .at(query_params.span.head())
                .with_note("the other one is here", path_params.span.head())
                .with_help("keep one: both list path parameters"),
        );
    }
    let list = method.path_params.as_ref().or(method.query_params.as_ref());
    let list: &[ParameterEntry] = list.map_or(&[], |list| &list.value);
    if list.len() > MAX_PARAMETERS {
        found.push(
            Diagnostic::new(
                Code::DeepPath,
                format!("the path has {} parameters; {MAX_PARAMETERS} is the limit", list.len()),
            )
            .at(method.path.span)
            .with_help("remove some"),
        );
        return &[];
    }
    for (number, entry) in list.iter().enumerate() {
        check_name(&entry.name, entry.name.span, found);
        if let Some(first) = list[..number].iter().find(|other| other.name.value == entry.name.value) {
            found.push(
                Diagnostic::new(
                    Code::RepeatedParameter,
                    format!("the parameter `{}` is listed twice", shortened(&entry.name)),
                )
                .at(entry.name.span)
                .with_note("the first one is here", first.name.span)
                .with_help("remove one of the two"),
            );
        }
    }
    list
}

/// API Gateway takes parameter names of letters, digits, `.`, `_`, `$` and `-` (developer guide, known issues).
fn check_name(name: &str, span: Span, found: &mut Diagnostics) {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._$-".contains(&byte);
    if name.is_empty() || !name.bytes().all(fits) {
        found.push(
            Diagnostic::new(
                Code::ParameterName,
                format!("`{}` is no name of a parameter", shortened(name)),
            )
            .at(span)
            .with_help("a name is made of letters, digits, `_`, `-`, `.` and `$`"),
        );
    }
}

/// What stands between the slashes of a path that starts with one.
fn pieces<'a>(text: &'a str, span: Span, what: &str, found: &mut Diagnostics) -> Option<Vec<&'a str>> {
    if let Some(expanded) = foreign::expanded(text) {
        found.push(
            Diagnostic::new(
                Code::ForeignParameter,
                format!(
                    "{what} `{}` has a parameter that stands for several segments",
                    shortened(text)
                ),
            )
            .at(span)
            .with_help(format!("write `{expanded}`")),
        );
        return None;
    }
    let Some(rest) = text.strip_prefix('/') else {
        found.push(
            Diagnostic::new(
                Code::PathStart,
                format!("{what} `{}` does not start with a slash", shortened(text)),
            )
            .at(span)
            .with_help(format!("write `/{}`", shortened(text))),
        );
        return None;
    };
    let pieces: Vec<&str> = rest.split('/').collect();
    if pieces.contains(&"") {
        found.push(
            Diagnostic::new(
                Code::PathStart,
                format!("{what} `{}` has an empty segment", shortened(text)),
            )
            .at(span)
            .with_help("write one slash between two segments"),
        );
        return None;
    }
    Some(pieces)
}

enum Piece<'a> {
    Literal(&'a str),
    Parameter { name: &'a str, greedy: bool },
}

/// What a segment is. `None` when an error was reported.
fn classify<'a>(piece: &'a str, span: Span, found: &mut Diagnostics) -> Option<Piece<'a>> {
    let shown = shortened(piece);
    let mut refuse = |code: Code, message: String, help: String| {
        found.push(Diagnostic::new(code, message).at(span).with_help(help));
        None
    };
    let references = References::of(piece);
    if !references.unfilled.is_empty() {
        return refuse(
            Code::Reference,
            format!(
                "`{shown}` is a variable, and no path depends on one: the service is built before they have values"
            ),
            "write the text itself; a part of the path that requests decide is a parameter, such as `{id}`".to_owned(),
        );
    }
    if !references.variables.is_empty() {
        return refuse(
            Code::Reference,
            format!("`{shown}` refers to a stage variable: API Gateway fills in none in a path"),
            "write the text itself; stage variables may stand in `baseEndpointURL`".to_owned(),
        );
    }
    if let Some(help) = foreign::meant(piece) {
        return refuse(
            Code::ForeignParameter,
            format!("`{shown}` is a parameter in the syntax of another framework"),
            help,
        );
    }
    if let Some(inner) = piece.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
        && !inner.contains(['{', '}'])
    {
        let (name, greedy) = match inner.strip_suffix('+') {
            Some(name) => (name, true),
            None => (inner, false),
        };
        let before = found.errors();
        check_name(name, span, found);
        return (found.errors() == before).then_some(Piece::Parameter { name, greedy });
    }
    if piece.contains(['{', '}']) {
        return refuse(
            Code::PartialSegment,
            format!("`{shown}` mixes text and parameters in one segment"),
            format!(
                "a parameter takes a whole segment: write `/{}` instead of `/{shown}`",
                foreign::parted(piece)
            ),
        );
    }
    // Clients remove dot segments before they send a request (RFC 3986, 5.2.4).
    if piece == "." || piece == ".." {
        return refuse(
            Code::PathCharacter,
            format!("the segment `{piece}` never arrives: clients remove it"),
            "write the path without it".to_owned(),
        );
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.,:-".contains(c);
    if let Some(bad) = piece.chars().find(|&c| !fits(c)) {
        let help = match bad {
            '?' | '&' | '=' | '#' => "leave the query string out: handlers read it with `Query`",
            ' ' => "write `-` or `_` instead of the space",
            _ => "a segment is made of letters, digits and `_` `.` `,` `:` `-`",
        };
        return refuse(
            Code::PathCharacter,
            format!(
                "the character `{}` in `{shown}` is refused by API Gateway",
                bad.escape_debug()
            ),
            help.to_owned(),
        );
    }
    Some(Piece::Literal(piece))
}

/// A segment whose parameter has no type yet.
#[derive(Clone)]
pub(super) enum Part {
    Literal(String),
    Parameter { name: String, greedy: bool, span: Span },
}

/// Types the parameters and finds the greedy one.
fn segments(
    parts: Vec<Part>,
    declared: &[ParameterEntry],
    trailing_slash: bool,
    written: &Spanned<String>,
    found: &mut Diagnostics,
) -> Vec<Segment> {
    let count = parts.len();
    let mut segments: Vec<Segment> = Vec::with_capacity(count);
    for (number, part) in parts.into_iter().enumerate() {
        let (name, explicit, span) = match part {
            Part::Literal(text) => {
                segments.push(Segment::Literal(text));
                continue;
            }
            Part::Parameter { name, greedy, span } => (name, greedy, span),
        };
        let repeated = segments
            .iter()
            .any(|other| matches!(other, Segment::Parameter(other) if other.name == name));
        if repeated {
            found.push(
                Diagnostic::new(
                    Code::RepeatedParameter,
                    format!("the parameter `{name}` stands twice in the path"),
                )
                .at(written.span)
                .with_help("give each parameter a name of its own"),
            );
        }
        let entry = declared.iter().find(|entry| entry.name.value == name);
        let converter = match entry.and_then(|entry| entry.converter.as_ref()) {
            Some(written) => written.converter.clone(),
            None if explicit => Converter::Path,
            None => Converter::ANY_STRING,
        };
        let last = number + 1 == count && !trailing_slash;
        let takes_rest = converter == Converter::Path;
        if explicit && !takes_rest {
            found.push(
                Diagnostic::new(
                    Code::BadParameterType,
                    format!(
                        "`{{{name}+}}` takes the rest of the path, but its type is `{}`",
                        converter.name()
                    ),
                )
                .at(entry.map_or(span, |entry| entry.name.span))
                .with_help(format!("write the type `path`, or `{{{name}}}`")),
            );
        } else if explicit && !last {
            found.push(
                Diagnostic::new(
                    Code::GreedyNotLast,
                    format!("`{{{name}+}}` takes the rest of the path, so nothing can follow it"),
                )
                .at(written.span)
                .with_help(format!("move it to the end, or write `{{{name}}}`")),
            );
        } else if takes_rest && !last {
            found.push(
                Diagnostic::new(
                    Code::GreedyBecomesSegment,
                    format!("the parameter `{name}` is a `path`, but not the last segment: it takes one segment"),
                )
                .at(entry.map_or(span, |entry| entry.name.span))
                .with_help("write the type `string`, or move it to the end"),
            );
        }
        segments.push(Segment::Parameter(Parameter {
            name,
            greedy: takes_rest && last,
            // One segment of a path is a string: what the converter of the service has to check.
            converter: if takes_rest && !last {
                Converter::ANY_STRING
            } else {
                converter
            },
            // Known when the path is spelt.
            offset: 0,
            span: entry.map_or(span, |entry| entry.span),
        }));
    }
    segments
}

fn spell(
    mut segments: Vec<Segment>,
    prefix: &str,
    prefix_segments: usize,
    trailing_slash: bool,
    span: Span,
) -> RoutePath {
    let mut offset = prefix.len();
    for segment in &mut segments {
        offset += 1;
        match segment {
            Segment::Literal(text) => offset += text.len(),
            Segment::Parameter(parameter) => parameter.offset = std::mem::take(&mut offset),
        }
    }
    let is_greedy = matches!(segments.last(), Some(Segment::Parameter(parameter)) if parameter.greedy);
    let written = segments.iter().map(|segment| match segment {
        Segment::Literal(text) => text.len(),
        Segment::Parameter(parameter) => parameter.name.len() + "{+}".len(),
    });
    let length: usize = written.map(|length| length + "/".len()).sum();
    let join = |start: &str, greedy: fn(&str) -> String| {
        let mut path = String::with_capacity(start.len() + length + "/".len());
        path.push_str(start);
        for segment in &segments {
            path.push('/');
            match segment {
                Segment::Literal(text) => path.push_str(text),
                Segment::Parameter(parameter) if parameter.greedy => path.push_str(&greedy(&parameter.name)),
                Segment::Parameter(parameter) => {
                    path.push('{');
                    path.push_str(&parameter.name);
                    path.push('}');
                }
            }
        }
        path
    };
    let rooted = |mut path: String, slash: bool| {
        if slash || path.is_empty() {
            path.push('/');
        }
        path
    };
    let axum = rooted(join(prefix, |name| format!("{{*{name}}}")), trailing_slash);
    let axum_loose = match axum.strip_suffix('/') {
        _ if is_greedy || axum == "/" => Vec::new(),
        // Flask takes a second slash for the one that may be left out.
        Some(bare) => vec![bare.to_owned(), format!("{axum}/")],
        None => vec![format!("{axum}/")],
    };
    RoutePath {
        gateway: rooted(join("", |name| format!("{{{name}+}}")), false),
        service: rooted(join(prefix, |name| format!("{{{name}+}}")), trailing_slash),
        axum,
        axum_loose,
        backend: rooted(join(prefix, |name| format!("{{{name}}}")), trailing_slash),
        segments,
        prefix_segments,
        trailing_slash,
        span,
    }
}
