//! That the services are the same: what they answer.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bluegate_tests::http::Request;
use serde_json::{Value, json};

/// The requests: one for each route of a service of ten.
const REQUESTS: [(&str, &str); 10] = [
    ("GET", "/books0"),
    ("POST", "/books0"),
    ("GET", "/books0/7"),
    ("PUT", "/books0/7"),
    ("PATCH", "/books0/7"),
    ("DELETE", "/books0/7"),
    ("GET", "/labels/books0/red"),
    ("GET", "/books0/7/lines/last"),
    ("PUT", "/books0/7/lines/last"),
    ("DELETE", "/books0/7/lines/last"),
];

/// A service that ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which its answers then show.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Request, status and body.
type Answer = (String, u16, Value);

/// What a service answers.
pub(crate) fn of(binary: &Path) -> Result<Vec<Answer>, Box<dyn Error>> {
    let mut running = Running(Command::new(binary).stdout(Stdio::piped()).spawn()?);
    let output = running.0.stdout.take().ok_or("no output")?;
    let mut address = String::new();
    BufReader::new(output).read_line(&mut address)?;
    let address = address.trim();
    let mut answers = Vec::new();
    for (method, path) in REQUESTS {
        let mut request = Request::new(method, &format!("http://{address}{path}"));
        if ["POST", "PUT", "PATCH"].contains(&method) {
            request = request.json(&json!({"name": "a name", "tags": ["a tag"]}));
        }
        let response = request.send()?;
        let body = if response.body.is_empty() {
            Value::Null
        } else {
            response.json()?
        };
        answers.push((format!("{method} {path}"), response.status, body));
    }
    if answers.iter().any(|(_, status, _)| !(200..300).contains(status)) {
        return Err(format!("{}: {answers:#?}", binary.display()).into());
    }
    Ok(answers)
}
