//! Types of all kinds that serde takes, tried as bodies.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI16, NonZeroU8};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::AtomicU16;

use super::*;

/// What came of trying each type, by its name.
macro_rules! tried_all {
    ($($type:ty),+ $(,)?) => {
        [$((stringify!($type), tried_as(OF, Model::of::<$type>().read_and_written::<$type, Json>(), Claim::of_body))),+]
    };
}

#[track_caller]
fn are_exact(all: &[(&str, Tried)]) {
    for (name, tried) in all {
        assert!(tried.wrong.is_empty() && tried.untried.is_empty(), "{name}: {tried:#?}");
    }
}

fn yes() -> bool {
    true
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE", deny_unknown_fields)]
struct Renamed {
    first_name: String,
    #[serde(rename = "$id")]
    id: u64,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    both: bool,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Event {
    Nothing,
    BookAdded {
        book_id: u32,
        by_whom: Option<String>,
    },
    #[serde(rename = "gone!")]
    BookGone(u32),
    Moved(u8, String),
    #[serde(rename_all = "UPPERCASE")]
    Loud {
        how_loud: f64,
    },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct AllDefault {
    list: Vec<String>,
    number: i32,
    text: String,
    inner: Option<Box<AllDefault>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct SomeDefault {
    #[serde(default)]
    number: i32,
    #[serde(default = "yes")]
    is_on: bool,
    always: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what serde makes of it matters")]
struct Skipping {
    #[serde(skip)]
    never: Option<u8>,
    #[serde(skip_serializing)]
    only_in: u8,
    #[serde(skip_deserializing)]
    only_out: u8,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    maybe: Vec<u8>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "only what serde makes of it matters")]
enum SkippingVariants {
    Known,
    #[serde(skip)]
    Hidden,
    #[serde(skip_deserializing)]
    OnlyOut(u8),
    #[serde(skip_serializing)]
    OnlyIn(u8),
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Hexed {
    #[serde(with = "hex")]
    #[schemars(with = "hex::Text")]
    colour: u32,
    #[serde(serialize_with = "hex::serialize", deserialize_with = "hex::deserialize")]
    #[schemars(with = "hex::Text")]
    other: u32,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct FlatMap {
    id: u8,
    #[serde(flatten)]
    rest: HashMap<String, u16>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct FlatValues {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Place {
    street_name: String,
    number: Option<u16>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct FlatEnums {
    #[serde(flatten)]
    shape: Shape,
    #[serde(flatten)]
    event: Action,
    #[serde(flatten)]
    who: Who,
    at: i64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "shape", rename_all_fields = "camelCase")]
enum Shape {
    Dot,
    Circle { how_wide: f32 },
    Other(Place),
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Action {
    Add { copies: u8 },
    Remove(Place),
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Who {
    Person { name: String },
    Machine { serial: u32 },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct FlatTwice {
    #[serde(flatten)]
    outer: FlatOnce,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct FlatOnce {
    #[serde(flatten)]
    place: Place,
    more: Option<char>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "is", deny_unknown_fields)]
enum Adjacent {
    Unit,
    One(u8),
    Two(u8, Option<String>),
    Named { a: bool },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", deny_unknown_fields)]
enum Internal {
    Plain {},
    Named { a: bool, b: Option<u8> },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Untagged {
    Nothing,
    Flag(bool),
    Number(i16),
    Text(String),
    List(Vec<Untagged>),
    Nested(Shape),
    Map { key: String },
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outer")]
enum Nested {
    A(Shape),
    B { inner: Adjacent },
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Simple {
    #[serde(rename = "first one")]
    First,
    Second,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Transparent {
    inner: Vec<Simple>,
    #[serde(skip)]
    nothing: PhantomData<u8>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Wrapped(u8);

#[derive(Serialize, Deserialize, JsonSchema)]
struct Pair(u8, String);

#[derive(Serialize, Deserialize, JsonSchema)]
struct Numbers {
    a: u128,
    b: i128,
    c: NonZeroU8,
    d: NonZeroI16,
    e: f32,
    f: char,
    g: (),
    h: usize,
    i: isize,
    j: AtomicU16,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Lists {
    tuple: (u8, Option<String>, [i8; 3]),
    set: BTreeSet<u8>,
    hashed: HashSet<String>,
    empty: [u8; 0],
    one: (u8,),
    pairs: Vec<(String, f64)>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Maps {
    numbers: HashMap<u8, String>,
    signed: BTreeMap<i32, u8>,
    words: BTreeMap<Word, u8>,
    nested: HashMap<String, HashMap<String, Option<u8>>>,
}

#[derive(Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Word {
    One,
    Two,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Std {
    host: Ipv4Addr,
    any: IpAddr,
    file: PathBuf,
    range: Range<u8>,
    answer: Result<u8, String>,
    text: Cow<'static, str>,
    boxed: Box<[u8]>,
    nothing: PhantomData<u8>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Options {
    plain: Option<u8>,
    twice: Option<Option<u8>>,
    unit: Option<()>,
    list: Option<Vec<Option<u8>>>,
    #[serde(default)]
    defaulted: Option<Wrapped>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Folder {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
enum Entry {
    File(String),
    Folder(Box<Folder>),
    Link { to: Option<Box<Entry>> },
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(bound = "T: Serialize + DeserializeOwned")]
struct Bound<T> {
    it: T,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(from = "Raw", into = "Raw")]
#[derive(Clone)]
struct Converted {
    sum: u32,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Raw {
    parts: Vec<u16>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(expecting = "a place to be")]
struct Expecting {
    x: Option<f32>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Remote {
    #[serde(with = "TheirsHere")]
    theirs: Theirs,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Any {
    value: Value,
    object: serde_json::Map<String, Value>,
    number: Option<serde_json::Number>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Foreign {
    at: chrono::DateTime<chrono::Utc>,
    day: chrono::NaiveDate,
    local: chrono::NaiveDateTime,
    hour: chrono::NaiveTime,
    id: uuid::Uuid,
    url: url::Url,
    bytes: bytes::Bytes,
    map: indexmap::IndexMap<String, u8>,
    #[serde(with = "time::serde::timestamp")]
    #[schemars(with = "i64", range(min = -377_705_116_800_i64, max = 253_402_300_799_i64))]
    seconds: time::OffsetDateTime,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Grid<const N: usize> {
    #[serde(bound = "")]
    cells: Vec<[u8; 2]>,
}

impl Default for AllDefault {
    fn default() -> Self {
        AllDefault {
            list: Vec::new(),
            number: 7,
            text: "x".to_owned(),
            inner: None,
        }
    }
}

impl From<Raw> for Converted {
    fn from(raw: Raw) -> Self {
        Converted {
            sum: raw.parts.into_iter().map(u32::from).sum(),
        }
    }
}

impl From<Converted> for Raw {
    fn from(converted: Converted) -> Self {
        Raw {
            parts: vec![converted.sum as u16],
        }
    }
}

/// What another crate has.
struct Theirs {
    secret: u8,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Theirs")]
struct TheirsHere {
    secret: u8,
}

impl JsonSchema for Theirs {
    fn schema_name() -> Cow<'static, str> {
        TheirsHere::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        TheirsHere::json_schema(generator)
    }
}

mod hex {
    use super::*;

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema matters")]
    pub(super) struct Text(#[schemars(regex(pattern = "^#[0-9a-fA-F]{6}$"))] String);

    pub(super) fn serialize<S: serde::Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("#{number:06x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        number.ok_or_else(|| serde::de::Error::custom("no colour"))
    }
}

#[test]
fn names_and_defaults_are_as_serde_has_them() {
    are_exact(&tried_all![
        Renamed,
        Event,
        AllDefault,
        SomeDefault,
        Skipping,
        SkippingVariants,
        Hexed,
        Expecting,
        Remote
    ]);
}

#[test]
fn what_is_flattened_is_as_serde_has_it() {
    are_exact(&tried_all![FlatMap, FlatValues, FlatEnums, FlatTwice]);
}

#[test]
fn enums_of_all_representations_are_as_serde_has_them() {
    are_exact(&tried_all![
        Shape, Action, Who, Adjacent, Internal, Untagged, Nested, Simple, Word
    ]);
}

#[test]
fn wrappers_and_generics_are_as_serde_has_them() {
    are_exact(&tried_all![
        Transparent,
        Wrapped,
        Pair,
        Options,
        Folder,
        Entry,
        Page<Pair>,
        Page<Page<u8>>,
        Bound<Place>,
        Grid<3>,
        Converted
    ]);
}

#[test]
fn types_of_the_standard_library_are_as_serde_has_them() {
    are_exact(&tried_all![Numbers, Lists, Maps, Std, Any]);
}

#[test]
fn types_of_other_crates_are_as_serde_has_them() {
    are_exact(&tried_all![Foreign]);
}
