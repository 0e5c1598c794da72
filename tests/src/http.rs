//! A blocking HTTP/1.1 client that sends what it is told: methods in any case, paths as they are
//! written (`//`, `..`, `%2F`), headers in any number. One connection per request.
//!
//! ```no_run
//! # fn main() -> Result<(), bluegate_tests::HarnessError> {
//! use bluegate_tests::http::Request;
//!
//! let response = Request::new("gEt", "http://127.0.0.1:8080/a//b/../c")
//!     .header("Accept", "text/plain")
//!     .send()?;
//! assert_eq!(response.status, 308);
//! # Ok(())
//! # }
//! ```

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, SystemTime},
};

use bluegate_gateway::plane::{Credential, Request as Signed};
use serde_json::Value;

use crate::HarnessError;

/// The region that the harness uses throughout.
pub const REGION: &str = "us-east-1";

/// Long enough for an emulator's first request on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A request under construction.
#[derive(Debug, Clone)]
pub struct Request {
    method: String,
    authority: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request for a URL of the form `http://host:port/target`; the target is sent as it stands.
    ///
    /// # Panics
    /// When the URL is not `http://` or has no port: a mistake in the test.
    pub fn new(method: &str, url: &str) -> Request {
        let rest = url
            .strip_prefix("http://")
            .unwrap_or_else(|| panic!("{url} does not begin with http://"));
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        assert!(authority.contains(':'), "{url} has no port");
        Request {
            method: method.to_owned(),
            authority: authority.to_owned(),
            target: if target.is_empty() { "/" } else { target }.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Adds a header. `Host`, `Content-Length` and `Connection` are sent of themselves unless they
    /// are given here.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = Some(body.into());
        self
    }

    /// Signs what the request is so far for a service of AWS (`execute-api` is that of stages), with the key that local
    /// tools agree on, `test` with the secret `test`.
    #[must_use]
    pub fn signed_for(self, service: &str) -> Request {
        let (path, query) = self.target.split_once('?').unwrap_or((&self.target, ""));
        let mut signed = Signed {
            method: self.method.clone(),
            sent_path: path.to_owned(),
            query: query.to_owned(),
            body: self.body.clone().unwrap_or_default().into(),
            ..Signed::default()
        };
        signed.headers.set("Host", &self.authority);
        Credential::test().sign_for(service, &mut signed, REGION, SystemTime::now().into());
        let header = |name| signed.headers.get(name).unwrap_or_default().to_owned();
        let (authorization, date) = (header("Authorization"), header("X-Amz-Date"));
        self.header("Authorization", &authorization).header("X-Amz-Date", &date)
    }

    /// Sets the body to a JSON value, with its `Content-Type`.
    #[must_use]
    pub fn json(self, value: &Value) -> Request {
        self.header("Content-Type", "application/json").body(value.to_string())
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Errors
    /// When the connection fails, or the answer is not HTTP/1.1 or does not come in time.
    pub fn send(&self) -> Result<Response, HarnessError> {
        self.exchange().map_err(|source| HarnessError::Io {
            doing: format!("{} http://{}{}", self.method, self.authority, self.target),
            source,
        })
    }

    fn exchange(&self) -> io::Result<Response> {
        let stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        // One write: a server may close as soon as it has refused the head.
        (&stream).write_all(&self.bytes())?;
        read_response(&mut BufReader::new(&stream), &self.method)
    }

    fn bytes(&self) -> Vec<u8> {
        let given = |name: &str| self.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let mut line = |name: &str, value: &str| {
            head.push_str(&format!("{name}: {value}\r\n"));
        };
        if !given("Host") {
            line("Host", &self.authority);
        }
        if !given("Connection") {
            line("Connection", "close");
        }
        if let Some(body) = &self.body
            && !given("Content-Length")
        {
            line("Content-Length", &body.len().to_string());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

/// `GET url`.
///
/// # Errors
/// Those of [`Request::send`].
pub fn get(url: &str) -> Result<Response, HarnessError> {
    Request::new("GET", url).send()
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in the order they came, names as they were written.
    pub headers: Vec<(String, String)>,
    /// The body, with the transfer encoding undone.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The values of all headers of that name.
    pub fn header_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`HarnessError::Answer`] with status and body when it is not JSON.
    pub fn json(&self) -> Result<Value, HarnessError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| HarnessError::answer("the body is not JSON", format!("{error}: {self:?}")))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &self.text())
            .finish()
    }
}

fn read_response(reader: &mut impl BufRead, method: &str) -> io::Result<Response> {
    loop {
        let line = read_line(reader)?;
        let status = line
            .strip_prefix("HTTP/1.")
            .and_then(|rest| rest.split(' ').nth(1))
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| malformed(format!("not a status line: {line:?}")))?;
        let headers = read_headers(reader)?;
        // An interim answer (RFC 9110, 15.2): the one that counts follows.
        if (100..200).contains(&status) {
            continue;
        }
        let mut response = Response {
            status,
            headers,
            body: Vec::new(),
        };
        // RFC 9112, 6.3: these have no body, whatever their headers say.
        if !(method.eq_ignore_ascii_case("HEAD") || status == 204 || status == 304) {
            response.body = read_body(reader, &response)?;
        }
        return Ok(response);
    }
}

fn read_headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| malformed(format!("not a header: {line:?}")))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_body(reader: &mut impl BufRead, response: &Response) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if response
        .header("Transfer-Encoding")
        .is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    {
        loop {
            let line = read_line(reader)?;
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(digits, 16).map_err(|_| malformed(format!("not a chunk size: {line:?}")))?;
            if size == 0 {
                read_headers(reader)?;
                return Ok(body);
            }
            read_exactly(reader, size, &mut body)?;
            if !read_line(reader)?.is_empty() {
                return Err(malformed("a chunk is longer than it says".to_owned()));
            }
        }
    }
    match response.header("Content-Length") {
        Some(length) => {
            let length = length
                .parse()
                .map_err(|_| malformed(format!("not a length: {length:?}")))?;
            read_exactly(reader, length, &mut body)?;
        }
        None => {
            reader.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

fn read_exactly(reader: &mut impl BufRead, size: u64, body: &mut Vec<u8>) -> io::Result<()> {
    let read = reader.take(size).read_to_end(body)?;
    if read as u64 == size {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    // Headers are bytes; those outside ASCII are read as Latin-1, as they were once defined.
    Ok(bytes.into_iter().map(char::from).collect())
}

fn malformed(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, bytes: &str) -> io::Result<Response> {
        read_response(&mut bytes.as_bytes(), method)
    }

    #[test]
    fn the_target_and_the_method_are_sent_as_written() {
        let bytes = Request::new("gEt", "http://127.0.0.1:1/a//b/%2F/../?q=%20")
            .header("X-Twice", "1")
            .header("X-Twice", "2")
            .bytes();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "gEt /a//b/%2F/../?q=%20 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\
             X-Twice: 1\r\nX-Twice: 2\r\n\r\n"
        );
    }

    #[test]
    fn a_given_host_replaces_the_one_of_the_url_and_a_body_has_its_length() {
        let bytes = Request::new("POST", "http://127.0.0.1:1")
            .header("host", "shop.example")
            .body("ab")
            .bytes();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\nhost: shop.example\r\n\r\nab"
        );
    }

    #[test]
    fn a_body_ends_at_its_length() {
        let response = read("GET", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nabc").unwrap();
        assert_eq!((response.status, response.text().as_str()), (200, "ab"));
    }

    #[test]
    fn chunks_are_joined_and_trailers_skipped() {
        let response = read(
            "GET",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
        )
        .unwrap();
        assert_eq!(response.text(), "abc0123456789");
    }

    #[test]
    fn without_a_length_a_body_ends_with_the_connection() {
        assert_eq!(read("GET", "HTTP/1.0 404 \r\n\r\nrest").unwrap().text(), "rest");
    }

    #[test]
    fn head_204_and_304_have_no_body_whatever_the_headers_say() {
        for (method, status) in [("head", 200), ("GET", 204), ("GET", 304)] {
            let text = format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\n\r\n");
            let response = read(method, &text).unwrap();
            assert_eq!(response.body, b"");
            assert_eq!(response.header("CONTENT-LENGTH"), Some("5"));
        }
    }

    #[test]
    fn interim_answers_are_skipped() {
        let response = read(
            "PUT",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
        );
        assert_eq!(response.unwrap().status, 201);
    }

    #[test]
    fn a_cut_or_foreign_answer_is_an_error() {
        for cut in [
            "",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
            "SSH-2.0-OpenSSH\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        ] {
            assert!(read("GET", cut).is_err(), "{cut:?}");
        }
    }
}
