//! A server on loopback that gives the answers it was told to, and remembers what it was asked.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    delay: Duration,
}

impl Answer {
    /// A JSON body.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "application/json".to_owned())],
            body: body.to_owned(),
            delay: Duration::ZERO,
        }
    }

    /// An error as API Gateway sends it: the code in a header, the words in the body.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({ "message": message }).to_string();
        Self::json(status, &body)
            .header("x-amzn-ErrorType", code)
            .header("x-amzn-RequestId", "4f2e7a10-recorded")
    }

    pub(crate) fn html(status: u16) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", "text/html; charset=utf-8".to_owned())],
            body: "<!doctype html><title>500 Internal Server Error</title>".to_owned(),
            delay: Duration::ZERO,
        }
    }

    /// The API as `GetRestApi` and `PutRestApi` answer with it.
    pub(crate) fn api(name: &str) -> Self {
        Self::json(
            200,
            &serde_json::json!({ "id": "abc123def4", "name": name }).to_string(),
        )
    }

    pub(crate) fn deployment() -> Self {
        Self::json(201, r#"{"id": "dep123"}"#)
    }

    /// The same answer, which takes its time.
    #[cfg(unix)]
    pub(crate) fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// What the server answers to what it is asked.
type Answering = Box<dyn FnMut(&str, &str) -> Option<Answer> + Send>;

/// The server. It answers what it was given, in order, and the last answer again and again; or as an API Gateway
/// with one API would.
pub(crate) struct Server {
    endpoint: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// What it was asked, answered or not.
    begun: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        Self::start(
            "111111111111",
            Box::new(move |_, _| match answers.len() {
                0 | 1 => answers.front().cloned(),
                _ => answers.pop_front(),
            }),
        )
    }

    /// An API Gateway with the API `abc123def4`, which has no stage yet. A call that begins like one of the
    /// exceptions, such as `PUT /restapis`, gets that answer, each one once.
    pub(crate) fn gateway(exceptions: impl IntoIterator<Item = (&'static str, Answer)>) -> Self {
        Self::gateway_of("111111111111", exceptions)
    }

    /// The same, whose STS names this account.
    pub(crate) fn gateway_of(
        account: &'static str,
        exceptions: impl IntoIterator<Item = (&'static str, Answer)>,
    ) -> Self {
        let mut exceptions: Vec<_> = exceptions.into_iter().collect();
        let mut has_stage = false;
        Self::start(
            account,
            Box::new(move |method, target| {
                let call = format!("{method} {target}");
                if let Some(place) = exceptions.iter().position(|(start, _)| call.starts_with(start)) {
                    return Some(exceptions.remove(place).1);
                }
                let path = path_of(target);
                let parts: Vec<&str> = path.split(['?']).next()?.trim_matches('/').split('/').collect();
                Some(match (method, parts.as_slice()) {
                    ("POST", ["restapis"]) => Answer::json(201, r#"{"id": "new1234567", "name": "Shop API"}"#),
                    ("POST", ["restapis", _, "deployments"]) => Answer::deployment(),
                    ("GET", ["restapis", _, "deployments", _]) => Answer::json(200, r#"{"id": "dep123"}"#),
                    ("POST", ["restapis", _, "stages"]) => {
                        has_stage = true;
                        Answer::json(201, r#"{"stageName": "dev", "deploymentId": "dep123"}"#)
                    }
                    ("GET", ["restapis", _, "stages", _]) if has_stage => {
                        Answer::json(200, r#"{"stageName": "dev", "deploymentId": "dep123"}"#)
                    }
                    ("GET", ["restapis", id]) | ("PUT" | "PATCH", ["restapis", id]) => {
                        Answer::json(200, &serde_json::json!({ "id": id, "name": "Shop API" }).to_string())
                    }
                    ("GET", ["vpclinks", _]) => Answer::json(200, r#"{"id": "abc123", "status": "AVAILABLE"}"#),
                    ("GET", ["restapis"] | ["restapis", _, _]) => Answer::json(200, r#"{"item": []}"#),
                    ("PUT" | "DELETE", ["tags", ..]) => Answer::json(204, ""),
                    _ => Answer::error(404, "NotFoundException", "Invalid identifier specified"),
                })
            }),
        )
    }

    fn start(account: &'static str, mut answering: Answering) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("a bound port"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let begun = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&asked);
        let noted = Arc::clone(&begun);
        // It ends with the process: a thread that waits for connections costs nothing.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if let Some(question) = serve(stream, account, &mut answering, &noted)
                    && !is_to_sts(&question.method, &question.target)
                {
                    remembered.lock().expect("no panic while held").push(question);
                }
            }
        });
        Self { endpoint, asked, begun }
    }

    /// The calls that change something, as `PUT /restapis/abc123def4`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let asked = self.asked();
        let writes = asked.iter().filter(|one| one.method != "GET");
        writes
            .map(|one| {
                let path = one.target.split('?').next().unwrap_or_default();
                format!("{} {path}", one.method)
            })
            .collect()
    }

    /// Waits until it is asked something that begins like this.
    #[cfg(unix)]
    pub(crate) fn waits_for(&self, call: &str) {
        for _ in 0..3000 {
            let begun = self.begun.lock().expect("no panic while held").clone();
            if begun.iter().any(|one| one.starts_with(call)) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody asked `{call}`");
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic while held").clone()
    }
}

/// What STS answers. It is asked at the same endpoint, and counts as nothing that API Gateway was asked.
fn identity(account: &str) -> Answer {
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <GetCallerIdentityResult><Arn>arn:aws:iam::{account}:user/deployer</Arn><UserId>AIDAEXAMPLE</UserId>\
        <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    );
    Answer {
        status: 200,
        headers: vec![("Content-Type", "text/xml".to_owned())],
        body,
        delay: Duration::ZERO,
    }
}

/// A proxy is asked for a whole URL.
fn path_of(target: &str) -> &str {
    target
        .strip_prefix("http://")
        .and_then(|rest| rest.find('/').map(|slash| &rest[slash..]))
        .unwrap_or(target)
}

fn is_to_sts(method: &str, target: &str) -> bool {
    method == "POST" && path_of(target) == "/"
}

fn serve(stream: TcpStream, account: &str, answering: &mut Answering, begun: &Mutex<Vec<String>>) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut length = 0;
    let mut authorization = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => value.trim().clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    begun
        .lock()
        .expect("no panic while held")
        .push(format!("{method} {target}"));
    let answer = if is_to_sts(&method, &target) {
        identity(account)
    } else {
        answering(&method, &target)?
    };
    thread::sleep(answer.delay);
    let mut text = format!(
        "HTTP/1.1 {} -\r\nContent-Length: {}\r\nConnection: close\r\n",
        answer.status,
        answer.body.len()
    );
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(&answer.body);
    let asked = Asked {
        method,
        target,
        authorization,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let mut stream = reader.into_inner();
    stream.write_all(text.as_bytes()).ok()?;
    Some(asked)
}
