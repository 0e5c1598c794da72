//! Documents of others come back as they were: what `import` makes of each is generated again, and both documents are
//! compared by what API Gateway makes of them. The reader and the facts of this test are its own.
#![cfg(feature = "import")]

mod adopted;
mod backend;
mod document;
mod facts;
mod kinds;
mod schema;

use std::path::{Path, PathBuf};

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::import::{Import, import};
use bluegate_core::openapi::{self, Target};
use bluegate_core::{Code, Diagnostics, Files, Mode, Placeholders, Source, fill_routes, read_aws, read_blueprint};

use facts::Facts;

/// Documents that are no YAML or JSON before their tool has run, and are read all the same.
const UNFINISHED: [&str; 3] = ["032.yaml", "115.json", "116.json"];

/// What does not come over, and is told: functions of CloudFormation cannot be computed, CORS declares its headers, and a
/// model belongs to a media type.
const TOLD: [(&str, &str); 3] = [
    ("021.json", "CORS origin"),
    ("116.json", "declares 404 headers"),
    ("116.json", "cache-control"),
];

/// What this test reads otherwise: it takes `Yes` for a text, as YAML 1.2 does.
const READ_OTHERWISE: [&str; 1] = ["039.yaml: post /devicetype body application/json"];

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/corpus");
    let files = std::fs::read_dir(folder).expect("the corpus");
    let files = files.map(|entry| entry.expect("a file").path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end != "md"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 100);
    files
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// What `generate` writes for the files of an import.
fn generated(import: &Import, name: &str) -> String {
    let aws = import.aws_json().unwrap_or_else(|| "{\"apiGateway\": {}}".into());
    let (aws, _) = read_aws(&Source::new("aws.config.json", aws))
        .into_result()
        .expect(name);
    let environment = Environment::resolve(&aws, None, Needs::Nothing)
        .into_result()
        .expect(name)
        .0;
    let routes = Source::new("routes.json", import.routes_json());
    let (blueprint, _) = read_blueprint(&routes, Mode::Strict).into_result().expect(name);
    let files = Files::default();
    let filled = fill_routes(
        &routes,
        Mode::Strict,
        &files,
        &blueprint,
        &environment.variables,
        Placeholders::Stay,
    );
    let ((_, blueprint), _) = filled.into_result().expect(name);
    openapi::document(&blueprint, &Target::of(&environment)).to_json()
}

/// Whether somebody was told of a difference: its matter, its operation or its model is among what does not come over.
fn is_told(found: &Diagnostics, difference: &str) -> bool {
    let lost = found.iter().filter(|one| one.code == Code::LostPart);
    let mut lost = lost.map(|one| one.message.as_str());
    let words: Vec<&str> = difference.split(' ').take(2).collect();
    lost.any(|message| {
        let is_there = match words.as_slice() {
            [verb, path] => message.starts_with(&format!("{} {path} ", verb.to_uppercase())),
            _ => false,
        };
        let is_of_model = message.starts_with("the model `") && difference.contains(" model ");
        is_there || is_of_model || words.iter().any(|word| message.contains(&format!("{word}:")))
    })
}

#[test]
fn documents_of_others_come_back_as_they_were() {
    let mut wrong = Vec::new();
    for path in documents() {
        let name = name(&path);
        let source = Source::read(&path).expect("a document");
        let (import, found) = import(&source, None)
            .into_result()
            .unwrap_or_else(|found| panic!("{name}: {found:?}"));
        let again = document::read(&generated(&import, name)).expect("JSON");
        let text = match UNFINISHED.contains(&name) {
            true => document::finished(source.text()),
            false => source.text().to_owned(),
        };
        let original = document::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let differences = Facts::of(&original).differences(&Facts::of(&again));
        for difference in differences {
            let line = format!("{name}: {difference}");
            let mut expected = TOLD.iter();
            let is_expected = expected.any(|(known, matter)| *known == name && difference.contains(matter));
            let is_known = READ_OTHERWISE.contains(&line.as_str());
            if !(is_known || is_expected && is_told(&found, &difference)) {
                wrong.push(line);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_facts_of_this_test_tell_documents_apart() {
    let document = |operation: &str| {
        let text = format!(
            "openapi: 3.0.1\ninfo: {{title: a}}\npaths:\n  /a:\n    post: {operation}\ncomponents:\n  securitySchemes:\n    \
             key: {{type: apiKey, name: x-api-key, in: header}}\n"
        );
        document::read(&text).expect("YAML")
    };
    let plain = "{x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'https://a/a'}}";
    let one = document(plain);
    for other in [
        plain.replace("https", "http"),
        plain.replace("POST", "PUT"),
        plain.replace("http_proxy", "http"),
        plain.replace("{x-", "{security: [{key: []}], x-"),
        plain.replace("{x-", "{parameters: [{name: q, in: query}], x-"),
        plain.replace("{x-", "{requestBody: {content: {a/b: {schema: {type: string}}}}, x-"),
        plain.replace("'}}", "', timeoutInMillis: 50}}"),
        plain.replace("'}}", "', requestParameters: {integration.request.header.x: \"'y'\"}}}"),
    ] {
        let other = document(&other);
        assert!(!Facts::of(&one).differences(&Facts::of(&other)).is_empty(), "{other}");
        assert_eq!(Facts::of(&other).differences(&Facts::of(&other)), Vec::<String>::new());
    }
}

#[test]
fn broken_documents_are_refused_or_read_and_never_more() {
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document");
        // The end is cut off, and then a line is missing.
        for part in 1..4 {
            let mut at = text.len() * part / 4;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let line = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            let next = text[line..].find('\n').map_or(text.len(), |end| line + end + 1);
            for broken in [text[..at].to_owned(), format!("{}{}", &text[..line], &text[next..])] {
                let found = import(&Source::new(name(&path), broken), None);
                assert!(
                    found.value.is_some() || found.diagnostics.has_errors(),
                    "{}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn what_is_written_is_shorter_than_what_was_read() {
    let (mut before, mut after) = (0, 0);
    for path in documents() {
        let source = Source::read(&path).expect("a document");
        if let Some(import) = import(&source, None).value {
            before += source.text().lines().count();
            after += import.routes_yaml().lines().count();
        }
    }
    assert!(after * 2 < before, "{after} lines of {before}");
}
