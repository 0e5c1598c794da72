//! Events of REST APIs that the maintainers of `lambda_http` recorded. They stand beside its sources and those of
//! `aws_lambda_events`, where Cargo keeps them.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// Which packages have recordings, and where.
const FOLDERS: [(&str, &str); 2] = [("aws_lambda_events", "src/fixtures"), ("lambda_http", "tests/data")];

/// An event that API Gateway, its console or an emulator sent.
#[derive(Debug)]
pub(crate) struct Recording {
    /// The name of its file.
    pub(crate) name: String,
    /// As it was sent.
    pub(crate) event: Value,
}

/// What is called, in place of what was.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Call<'a> {
    pub(crate) verb: &'a str,
    /// The path of the routes file.
    pub(crate) resource: &'a str,
    /// What stands in the place of its parameter.
    pub(crate) parameter: Option<(&'a str, &'a str)>,
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Body<'a>,
}

/// As an event has it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Body<'a> {
    #[default]
    None,
    Text(&'a str),
    Base64(&'a str),
}

impl Call<'_> {
    /// The path that the resource makes with its parameter.
    pub(crate) fn path(&self) -> String {
        let (name, value) = self.parameter.unwrap_or_default();
        let path = self.resource.replace(&format!("{{{name}+}}"), value);
        path.replace(&format!("{{{name}}}"), value)
    }
}

/// All that there are.
pub(crate) static ALL: LazyLock<Vec<Recording>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (package, folder) in FOLDERS {
        let folder = folder_of(package).join(folder);
        let files = std::fs::read_dir(&folder);
        let files = files.unwrap_or_else(|error| panic!("`{package}` has no events in {}: {error}", folder.display()));
        let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        paths.sort();
        let found = paths.iter().filter_map(|path| {
            let event: Value = serde_json::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
            let name = path.file_name()?.to_string_lossy().into_owned();
            is_of_rest_api(&event).then_some(Recording { name, event })
        });
        let before = all.len();
        all.extend(found);
        assert!(
            all.len() > before,
            "no file in {} is an event of a REST API",
            folder.display()
        );
    }
    all
});

/// Whether a function was called for a method of a REST API, and not as an authorizer or by something else.
fn is_of_rest_api(event: &Value) -> bool {
    let is_text = |value: &Value| value.is_string();
    is_text(&event["httpMethod"]) && is_text(&event["requestContext"]["resourcePath"]) && event["methodArn"].is_null()
}

/// Where the sources of a dependency are.
fn folder_of(package: &str) -> PathBuf {
    static METADATA: LazyLock<Value> = LazyLock::new(|| {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // What tests do not need of other platforms may not be on this machine.
        let asked = Command::new(cargo)
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                "host-tuple",
            ])
            .args(["--manifest-path", manifest])
            .output();
        let answer =
            asked.unwrap_or_else(|error| panic!("`cargo metadata` tells where events are, and does not run: {error}"));
        let said = String::from_utf8_lossy(&answer.stderr);
        assert!(
            answer.status.success(),
            "`cargo metadata` does not tell where events are: {said}"
        );
        serde_json::from_slice(&answer.stdout).expect("JSON")
    });
    let packages = METADATA["packages"].as_array().expect("packages");
    let found = packages.iter().find(|one| one["name"] == package);
    let found = found.unwrap_or_else(|| panic!("`cargo metadata` knows no package `{package}`, which has the events"));
    let manifest = found["manifest_path"].as_str().expect("a path");
    PathBuf::from(manifest).parent().expect("a folder").to_owned()
}

impl Recording {
    /// Whether it has a list of all values beside the last one of each header.
    pub(crate) fn has_lists(&self) -> bool {
        self.event.get("multiValueHeaders").is_some()
    }

    /// The event of a call, which has all else as it was recorded.
    pub(crate) fn of(&self, call: &Call<'_>) -> Value {
        self.below("", call)
    }

    /// The same, of a call whose path has something before that of the resource.
    pub(crate) fn below(&self, before: &str, call: &Call<'_>) -> Value {
        let mut event = self.event.clone();
        let path = format!("{before}{}", call.path());
        let context = &mut event["requestContext"];
        context["resourcePath"] = json!(call.resource);
        context["httpMethod"] = json!(call.verb);
        // Older events do not have it.
        if let Some(told) = context.get_mut("path") {
            *told = json!(path);
        }
        event["resource"] = json!(call.resource);
        event["httpMethod"] = json!(call.verb);
        event["path"] = json!(path);
        event["pathParameters"] = match call.parameter {
            Some((name, value)) => json!({name: value}),
            None => Value::Null,
        };
        let (body, is_base64) = match call.body {
            Body::None => (Value::Null, false),
            Body::Text(text) => (json!(text), false),
            Body::Base64(text) => (json!(text), true),
        };
        event["body"] = body;
        if is_base64 || event.get("isBase64Encoded").is_some() {
            event["isBase64Encoded"] = json!(is_base64);
        }
        for key in ["queryStringParameters", "multiValueQueryStringParameters"] {
            if let Some(query) = event.get_mut(key) {
                *query = Value::Null;
            }
        }
        add(
            &mut event,
            "queryStringParameters",
            "multiValueQueryStringParameters",
            call.query,
        );
        add(&mut event, "headers", "multiValueHeaders", call.headers);
        event
    }
}

/// Puts values in the place of what has their names: the last one of each, and all of them where the event has lists.
fn add(event: &mut Value, single: &str, several: &str, values: &[(&str, &str)]) {
    if values.is_empty() {
        return;
    }
    for key in [single, several] {
        let Some(kept) = event.get_mut(key) else { continue };
        let mut all = kept.as_object().cloned().unwrap_or_default();
        all.retain(|had, _| !values.iter().any(|(name, _)| had.eq_ignore_ascii_case(name)));
        put(&mut all, key == several, values);
        *kept = Value::Object(all);
    }
}

fn put(all: &mut Map<String, Value>, as_lists: bool, values: &[(&str, &str)]) {
    for &(name, value) in values {
        if !as_lists {
            all.insert(name.to_owned(), json!(value));
        } else if let Some(Value::Array(list)) = all.get_mut(name) {
            list.push(json!(value));
        } else {
            all.insert(name.to_owned(), json!([value]));
        }
    }
}
