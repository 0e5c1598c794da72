//! The examples on the pages of the rules do what the pages say.

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::{AwsFile, Code, Diagnostics, Mode, Source, read_aws, read_blueprint};

/// Rules whose example is shortened, or which a command finds and not the core.
const NOT_SHOWN: [&str; 14] = [
    "BG0001", "BG0002", "BG0014", "BG0015", "BG0016", "BG0112", "BG0113", "BG0127", "BG0145", "BG0146", "BG0206",
    "BG0207", "BG0401", "BG0402",
];

/// What is found in an AWS file beside a small routes file.
#[cfg(feature = "gateway")]
fn beside(file: &AwsFile) -> Diagnostics {
    let routes = r#"{"blueprint": {"name": "b", "resources": [{"name": "r", "methods": [
        {"path": "/users/{id}", "actions": [{"type": "GET"}]}, {"path": "/health", "actions": [{"type": "GET"}]}]}]}}"#;
    let blueprint = read_blueprint(&Source::new("routes.json", routes), Mode::Strict).value;
    bluegate_core::aws::pair(file, &blueprint.expect("a blueprint"), None).aws
}

#[cfg(not(feature = "gateway"))]
fn beside(_: &AwsFile) -> Diagnostics {
    Diagnostics::new()
}

/// Rules about both files.
#[cfg(not(feature = "gateway"))]
const OF_BOTH: [&str; 3] = ["BG0212", "BG0214", "BG0215"];
#[cfg(feature = "gateway")]
const OF_BOTH: [&str; 0] = [];

/// What is found in a document that is imported.
#[cfg(feature = "import")]
fn imported(document: &str) -> Diagnostics {
    bluegate_core::import::import(&Source::new("api.json", document), None).diagnostics
}

#[cfg(not(feature = "import"))]
fn imported(_: &str) -> Diagnostics {
    Diagnostics::new()
}

/// Rules about documents that are imported.
#[cfg(not(feature = "import"))]
const OF_DOCUMENTS: [&str; 3] = ["BG0301", "BG0302", "BG0303"];
#[cfg(feature = "import")]
const OF_DOCUMENTS: [&str; 0] = [];

/// What is found in an excerpt, with the rest of a file around it.
fn findings(code: Code, excerpt: &str) -> Diagnostics {
    if code.as_str().starts_with("BG03") {
        return imported(excerpt);
    }
    let has = |key: &str| excerpt.contains(&format!("\"{key}\""));
    if [
        "apiGateway",
        "region",
        "aws",
        "access_key_id",
        "stage",
        "baseEndpointURL",
        "rest_api_id",
    ]
    .iter()
    .any(|key| has(key))
    {
        let whole = if has("apiGateway") {
            excerpt.to_owned()
        } else if has("region") || has("aws") {
            excerpt.replacen('{', "{\"apiGateway\": {},", 1)
        } else {
            format!("{{\"apiGateway\": {excerpt}}}")
        };
        let read = read_aws(&Source::new("aws.config.json", whole).secret());
        let mut found = read.diagnostics;
        if let Some(file) = read.value {
            found.extend(Environment::resolve(&file, None, Needs::Nothing).diagnostics);
            found.extend(beside(&file));
        }
        return found;
    }
    let blueprint = |inner: &str| format!("{{\"blueprint\": {{\"name\": \"b\", \"resources\": [{inner}]}}}}");
    let resource = |inner: &str| blueprint(&format!("{{\"name\": \"r\", \"methods\": [{inner}]}}"));
    let whole = if has("blueprint") || has("openapi") {
        excerpt.to_owned()
    } else if has("resources") {
        format!("{{\"blueprint\": {excerpt}}}")
    } else if has("methods") {
        blueprint(excerpt)
    } else if has("path") {
        resource(excerpt)
    } else {
        resource(&format!("{{\"path\": \"/x\", \"actions\": [{excerpt}]}}"))
    };
    read_blueprint(&Source::new("routes.json", whole), Mode::Strict).diagnostics
}

/// The JSON blocks of a section.
fn blocks<'a>(page: &'a str, section: &str) -> Vec<&'a str> {
    let start = page.find(section).expect("the section") + section.len();
    let end = page[start..].find("\n## ").map_or(page.len(), |end| start + end);
    page[start..end]
        .split("```json")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect()
}

#[test]
fn wrong_examples_are_found_and_right_ones_are_not() {
    for code in Code::ALL
        .iter()
        .filter(|code| !NOT_SHOWN.contains(&code.as_str()) && !OF_BOTH.contains(&code.as_str()))
        .filter(|code| !OF_DOCUMENTS.contains(&code.as_str()))
    {
        let page = code.explanation();
        let wrong = blocks(page, "## What is wrong");
        assert!(!wrong.is_empty(), "{code} shows nothing wrong");
        for block in wrong {
            let found = findings(*code, block);
            assert!(
                found.iter().any(|found| found.code == *code),
                "{code}: {found:?} in {block}"
            );
        }
        for block in blocks(page, "## What to do") {
            let found = findings(*code, block);
            assert!(found.is_empty(), "{code}: {found:?} in {block}");
        }
    }
}
