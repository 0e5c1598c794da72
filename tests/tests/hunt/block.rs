//! Random blocks, each with a file that it fits and one with a mistake.

use std::fmt::Write as _;

use crate::random::Random;

/// How many kinds of mistakes there are.
pub(crate) const MISTAKES: usize = 5;

/// How many ways there are to write the handlers of a resource.
pub(crate) const FORMS: usize = 4;

/// Where handlers stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In one block.
    Block,
    /// In two blocks.
    Blocks,
    /// In a block of any state of one kind.
    Generic,
    /// In a module, listed by a type.
    Free,
}

pub(crate) struct Case {
    code: String,
    /// The type of the router's state.
    state: &'static str,
    pub(crate) fitting: String,
    pub(crate) mistaken: String,
    /// What is wrong in the second file.
    pub(crate) mistake: &'static str,
}

/// What the blocks use.
const PRELUDE: &str = "
use axum::extract::{Path, State};
use axum::response::IntoResponse;

const SIZE: usize = 1;

#[derive(Clone)]
pub struct App;

pub struct Page<const N: usize>;

impl<const N: usize> IntoResponse for Page<N> {
    fn into_response(self) -> axum::response::Response {
        ().into_response()
    }
}

pub struct Is<const B: bool>;

pub trait True {}

impl True for Is<true> {}

type Id<T> = Path<T>;

#[derive(serde::Deserialize, bluegate::QueryParams)]
pub struct Filter {
    page: Option<u32>,
    #[serde(default)]
    author: String,
}

type Filtered = axum::extract::Query<Filter>;

macro_rules! made {
    ($($tokens:tt)*) => { $($tokens)* };
}

pub struct Users<const N: usize>;

pub struct Any<R>(R);

#[derive(Clone)]
pub struct Of<R>(R);

impl<R> axum::extract::FromRef<Of<R>> for App {
    fn from_ref(_: &Of<R>) -> App {
        App
    }
}
";

/// One parameter of the file, and how handlers take it.
const PARAMETERS: [(&str, &[&str]); 4] = [
    (
        "int(max=200)",
        &[
            "u8",
            "u64",
            "i32",
            "String",
            "std::num::NonZeroU32",
            "std::borrow::Cow<'_, str>",
        ],
    ),
    (
        "string",
        &[
            "String",
            "std::borrow::Cow<'static, str>",
            "Box<str>",
            "std::string::String",
        ],
    ),
    ("uuid", &["String", "std::sync::Arc<str>"]),
    ("float", &["f64", "f32", "String"]),
];

/// What an action declares of its query string, which `Filter` fits; and what it does not.
const QUERY: &str = r#"{"name": "page", "type": "int(max=9)"}, {"name": "author"}"#;
const OTHER_QUERIES: [&str; 3] = [
    r#"{"name": "page"}, {"name": "author"}"#,
    r#"{"name": "page", "type": "int(signed=True)"}, {"name": "author"}"#,
    r#"{"name": "page", "type": "int"}, {"name": "autor"}"#,
];

/// A type that takes one value, for a converter.
fn value(random: &mut Random, kind: usize) -> &'static str {
    PARAMETERS[kind].1[random.below(PARAMETERS[kind].1.len())]
}

/// An argument that takes the parameters, the first of them as a number if that is said.
fn path(random: &mut Random, form: Form, kinds: &[usize], starts_with_number: bool) -> String {
    let mut values: Vec<&str> = kinds.iter().map(|kind| value(random, *kind)).collect();
    if starts_with_number {
        values[0] = "u64";
    }
    let extractor = random.one(&["Path", "axum::extract::Path", "::axum::extract::Path", "Id", "self::Id"]);
    let inside = match &values[..] {
        [one] => match random.below(4) {
            0 => format!("({one},)"),
            1 => format!("[{one}; {{ SIZE }}]"),
            2 => format!("[{one}; const {{ 2 - 1 }}]"),
            _ => (*one).to_owned(),
        },
        many => format!("({})", many.join(", ")),
    };
    match random.below(5) {
        // What is in a tuple of a listed function nobody sees.
        0 if form != Form::Free => format!("_: (axum::http::Method, {extractor}<{inside}>)"),
        1 => format!("_: Option<{extractor}<{inside}>>"),
        2 if extractor.ends_with("Path") => format!("{extractor}(_): {extractor}<{inside}>"),
        3 => format!("#[allow(unused)] _all @ _: {extractor}<{inside}>"),
        _ => format!("mut _path: {extractor}<{inside},>"),
    }
}

/// A handler: its attributes, its signature and a body.
fn handler(random: &mut Random, form: Form, name: &str, arguments: &[String]) -> String {
    let attribute = random.one(&[
        "",
        "/// Says `-> Page<{ 1 }> {`.",
        "#[inline]",
        "#[cfg(all())]",
        "#[cfg_attr(all(), inline, cfg(not(nothing)))]",
        "#[allow(clippy::unused_async)] #[doc = \"}\"]",
        "#[must_use = \"fn get() {}\"]",
    ]);
    let returned = random.one(&[
        "",
        "-> Page<{ SIZE + 1 }>",
        "-> Result<Page<{ if 1 < 2 { 1 } else { 2 } }>, String>",
        "-> made! { String }",
        "-> made!(Page<2>)",
        "-> [u8; { 3 }]",
        "-> (axum::http::StatusCode, Page<{ 1 }>)",
        "-> impl IntoResponse",
    ]);
    let bounds = random.one(&[
        "",
        "where Is<{ 1 < 2 }>: True",
        "where [(); { 1 << 2 }]: Sized,",
        "where for<'a> fn(&'a u8) -> Page<{ 1 }>: Copy",
    ]);
    let (before, lifetimes) = match random.below(4) {
        _ if form == Form::Free => ("pub async fn", ""),
        0 => ("pub(crate) async fn", "<'long>"),
        1 => ("pub async fn", ""),
        _ => ("async fn", ""),
    };
    let body = match returned {
        "-> impl IntoResponse" => "\"}\"",
        _ => random.one(&["todo!()", "let _ = '{'; todo!()", "{ todo!(\"}} fn get() {{\") }"]),
    };
    let mark = if form == Form::Free { "" } else { "#[handler]" };
    format!(
        "    {attribute}\n    {mark}\n    {before} {name}{lifetimes}({}) {returned} {bounds} {{ {body} }}\n",
        arguments.join(", ")
    )
}

/// Something else that stands in a block.
fn other(random: &mut Random, number: usize) -> String {
    let items = [
        format!("const C{number}: u8 = 1 << 3;"),
        format!("const D{number}: bool = 1 < 2 && 3 > 2;"),
        format!("const E{number}: Page<{{ 1 }}> = Page::<{{ 1 }}> {{}};"),
        format!("pub const fn f{number}<T: Fn() -> Page<{{ 1 }}>>(_: &T) -> u8 {{ 1 }}"),
        format!("unsafe extern \"C\" fn g{number}() {{}}"),
        format!("fn h{number}(&self) -> Page<{{ SIZE }}> where Is<{{ 2 > 1 }}>: True {{ Page }}"),
        format!("made! {{ fn m{number}() {{}} }}"),
        format!("made!(fn n{number}() {{}});"),
        format!("#[cfg(nothing)] async fn o{number}(_: Missing) -> Missing {{}}"),
    ];
    items[random.below(items.len())].clone()
}

impl Case {
    pub(crate) fn new(random: &mut Random, mistake: usize, form: usize) -> Self {
        let form = [Form::Block, Form::Blocks, Form::Generic, Form::Free][form];
        // Those of the first block, and those of the second.
        let mut codes = [String::new(), String::new()];
        let mut methods = Vec::new();
        let count = 2 + random.below(4);
        let at = random.below(count);
        for number in 0..count {
            let mut kinds: Vec<usize> = (0..1 + random.below(3))
                .map(|_| random.below(PARAMETERS.len()))
                .collect();
            let is_number = mistake == 3 && number == at;
            if is_number {
                kinds[0] = 0;
            }
            let code = &mut codes[usize::from(form == Form::Blocks && random.below(2) == 0)];
            let mut arguments = vec![path(random, form, &kinds, is_number)];
            for argument in ["_: State<App>", "_: axum::http::HeaderMap"] {
                if random.below(2) == 0 {
                    arguments.insert(random.below(arguments.len() + 1), argument.to_owned());
                }
            }
            let has_query = mistake == 4 && number == at || random.below(3) == 0;
            if has_query {
                let query = match random.below(4) {
                    0 if form != Form::Free => "_: (axum::http::Method, Filtered)",
                    1 => "axum::extract::Query(_): axum::extract::Query<Filter>",
                    2 => "_: axum::extract::Query<self::Filter,>",
                    _ => "_: Filtered",
                };
                arguments.insert(random.below(arguments.len() + 1), query.to_owned());
            }
            if random.below(2) == 0 {
                let body = random.one(&["_: String", "_: axum::Json<Vec<u8>>", "_: axum::extract::Request"]);
                arguments.push(body.to_owned());
            }
            if random.below(2) == 0 && form != Form::Free {
                writeln!(code, "    {}", other(random, number)).unwrap();
            }
            *code += &handler(random, form, &format!("handler{number}"), &arguments);
            methods.push(Method {
                number,
                kinds,
                query: has_query.then_some(QUERY),
            });
        }
        let of_type = random.one(&["Users<1>", "Users<{ SIZE }>", "Users<{ if 1 < 2 { 3 } else { 4 } }>"]);
        let bounds = random.one(&["", "where Is<{ 1 < 2 }>: True", "where [(); { 1 << 2 }]: Sized,"]);
        let [code, second] = codes;
        let code = match form {
            Form::Block => format!("#[bluegate::resource(name = \"NAME\")]\nimpl {of_type} {bounds} {{\n{code}}}\n"),
            Form::Blocks => format!(
                "#[bluegate::resource(name = \"NAME\", state = App)]\nimpl {of_type} {bounds} {{\n{code}}}\n\
                 mod second {{\nuse super::*;\n#[bluegate::resource(name = \"NAME\", part = 2, state = App)]\n\
                 impl Users<9> {{\n{second}}}\n}}\n"
            ),
            Form::Generic => {
                let bounds = bounds.trim_start_matches("where");
                format!(
                    "#[bluegate::resource(name = \"NAME\", state = Of<R>)]\n\
                     impl<R: Clone + Send + Sync + 'static> Any<R> where R: Into<u64>, {bounds} {{\n{code}}}\n"
                )
            }
            Form::Free => {
                let listed: String = (0..count)
                    .map(|number| format!("handler{number} = free::handler{number}, "))
                    .collect();
                format!(
                    "mod free {{\nuse super::*;\n{code}}}\n\
                     #[bluegate::resource(name = \"NAME\", handlers({listed}), state = App)]\nstruct Listed;\n"
                )
            }
        };
        let code = format!("{PRELUDE}\n{code}");
        let fitting = file(&methods, None);
        let mistake = match mistake {
            0 => "an action without its handler",
            1 => {
                methods.remove(at);
                "a handler without an action"
            }
            2 => {
                methods[at].kinds.push(1);
                "a parameter more"
            }
            3 => {
                methods[at].kinds[0] = 2;
                "a text for a number"
            }
            _ => {
                methods[at].query = Some(random.one(&OTHER_QUERIES));
                "a query string that does not fit"
            }
        };
        let mistaken = file(&methods, (mistake == "an action without its handler").then_some(count));
        Case {
            code,
            state: if form == Form::Generic { "Of<u8>" } else { "App" },
            fitting,
            mistaken,
            mistake,
        }
    }

    /// The block in a module of a name, with its router.
    pub(crate) fn module(&self, name: &str) -> String {
        let state = self.state;
        format!(
            "{}\npub fn router() -> axum::Router<{state}> {{\n    bluegate::routes!(\"./{name}.json\", {state})\n}}\n",
            self.code.replace("NAME", name)
        )
    }
}

/// A method of a file.
struct Method {
    number: usize,
    kinds: Vec<usize>,
    query: Option<&'static str>,
}

/// A routes file, perhaps with an action for a handler with a number that there is not.
fn file(methods: &[Method], missing: Option<usize>) -> String {
    let mut written: Vec<String> = methods
        .iter()
        .map(|Method { number, kinds, query }| {
            let query = query.map_or_else(String::new, |query| format!(", \"query\": [{query}]"));
            let parameters = kinds.iter().enumerate();
            let braces: String = parameters.clone().map(|(at, _)| format!("/{{p{at}}}")).collect();
            let types: Vec<String> = parameters
                .map(|(at, kind)| format!("{{\"name\": \"p{at}\", \"type\": \"{}\"}}", PARAMETERS[*kind].0))
                .collect();
            format!(
                "{{\"path\": \"/m{number}{braces}\", \"pathParams\": [{}], \"actions\": [{{\"type\": \"GET\", \"handler\": \
                 \"handler{number}\"{query}}}]}}",
                types.join(", ")
            )
        })
        .collect();
    written.extend(missing.map(|number| {
        format!("{{\"path\": \"/more\", \"actions\": [{{\"type\": \"GET\", \"handler\": \"handler{number}\"}}]}}")
    }));
    format!(
        "{{\"blueprint\": {{\"name\": \"hunt\", \"resources\": [{{\"name\": \"NAME\", \"methods\": [{}]}}]}}}}\n",
        written.join(", ")
    )
}

/// A program with sixty handlers that no action names, and a file with sixty actions whose handlers there are not.
pub(crate) fn many() -> (String, String) {
    let mut code = "struct Users;\n#[bluegate::resource(name = \"many\")]\nimpl Users {\n".to_owned();
    let mut actions = Vec::new();
    for number in 0..60 {
        writeln!(code, "#[handler]\nasync fn a_handler_with_a_long_name_{number}() {{}}").unwrap();
        actions.push(format!(
            "{{\"path\": \"/m{number}\", \"actions\": [{{\"type\": \"GET\", \"handler\": \
             \"a_handlr_with_a_long_name_{number}s\"}}]}}"
        ));
    }
    code += "}\nfn main() {\n    let _: axum::Router = bluegate::routes!(\"./many.json\");\n}\n";
    let file = format!(
        "{{\"blueprint\": {{\"name\": \"hunt\", \"resources\": [{{\"name\": \"many\", \"methods\": [{}]}}]}}}}\n",
        actions.join(", ")
    );
    (code, file)
}
