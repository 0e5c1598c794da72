//! A proxy between a client and an emulator, which makes single calls fail and counts all of them.
//!
//! ```no_run
//! # fn main() -> Result<(), bluegate_tests::HarnessError> {
//! use bluegate_tests::proxy::{Fault, Proxy};
//!
//! let proxy = Proxy::start("http://127.0.0.1:4566")?;
//! proxy.fail("GET", "/stages", 2, Fault::throttled(Some(1)));
//! // ... a client whose AWS_ENDPOINT_URL is `proxy.endpoint()` ...
//! assert_eq!(proxy.calls("GET", "/stages"), 3);
//! # Ok(())
//! # }
//! ```

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use crate::HarnessError;

/// What becomes of a call.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It is answered with this, and the emulator does not hear of it.
    Answer {
        /// The status.
        status: u16,
        /// The code of the error, as API Gateway names it.
        code: &'static str,
        /// Its text.
        message: String,
        /// How many seconds the client is asked to wait.
        retry_after: Option<u32>,
    },
    /// The connection ends before the request is read.
    Reset,
    /// The emulator does it, but the connection ends before the answer comes.
    LostAnswer,
}

impl Fault {
    /// Too many calls.
    #[must_use]
    pub fn throttled(retry_after: Option<u32>) -> Fault {
        Fault::Answer {
            status: 429,
            code: "TooManyRequestsException",
            message: "Too Many Requests".to_owned(),
            retry_after,
        }
    }

    /// An error with these words.
    #[must_use]
    pub fn error(status: u16, code: &'static str, message: &str) -> Fault {
        Fault::Answer {
            status,
            code,
            message: message.to_owned(),
            retry_after: None,
        }
    }
}

#[derive(Debug)]
struct Rule {
    method: String,
    end: String,
    left: usize,
    fault: Fault,
}

#[derive(Debug, Default)]
struct Seen {
    rules: Vec<Rule>,
    /// Method and path of each call.
    calls: Vec<(String, String)>,
}

/// A running proxy on a free loopback port. Dropping it stops it.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Starts one in front of `http://host:port`.
    ///
    /// # Errors
    /// When no port is free.
    ///
    /// # Panics
    /// When the endpoint is not `http://`: a mistake in the test.
    pub fn start(endpoint: &str) -> Result<Proxy, HarnessError> {
        let behind = endpoint.strip_prefix("http://").expect("an http endpoint").to_owned();
        let broken = |source| HarnessError::Io {
            doing: "starting the proxy".to_owned(),
            source,
        };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let stopping = Arc::new(AtomicBool::new(false));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (stop, into) = (Arc::clone(&stopping), Arc::clone(&seen));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(stream) = stream {
                    let (behind, seen) = (behind.clone(), Arc::clone(&into));
                    // A client that went away is what some faults are for.
                    thread::spawn(move || drop(pass(&stream, &behind, &seen)));
                }
            }
        });
        Ok(Proxy {
            address,
            seen,
            stopping,
            thread: Some(thread),
        })
    }

    /// The URL for `AWS_ENDPOINT_URL`: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next `times` calls of this method whose path ends like this fail. What was said first counts first.
    pub fn fail(&self, method: &str, end: &str, times: usize, fault: Fault) {
        locked(&self.seen).rules.push(Rule {
            method: method.to_owned(),
            end: end.to_owned(),
            left: times,
            fault,
        });
    }

    /// How many calls there were of this method whose path ends like this, failed ones included.
    pub fn calls(&self, method: &str, end: &str) -> usize {
        let seen = locked(&self.seen);
        let calls = seen.calls.iter();
        calls
            .filter(|(made, path)| made == method && path.ends_with(end))
            .count()
    }

    /// All calls from now on, each as `GET /restapis`; those before are forgotten.
    pub fn take_calls(&self) -> Vec<String> {
        let calls = std::mem::take(&mut locked(&self.seen).calls);
        calls
            .into_iter()
            .map(|(method, path)| format!("{method} {path}"))
            .collect()
    }

    /// Ends all faults.
    pub fn heal(&self) {
        locked(&self.seen).rules.clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // The listener waits for a connection, and this is one.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    // Counters are as good after a panic as before.
    seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// One request, one connection: what comes back ends with it.
fn pass(mut client: &TcpStream, behind: &str, seen: &Mutex<Seen>) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = String::new();
    let mut length = 0_u64;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        if lower.starts_with("expect:") {
            client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        } else if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words
        .next()
        .unwrap_or_default()
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    let fault = fault_of(&mut locked(seen), &method, &path);
    if matches!(fault, Some(Fault::Reset)) {
        return Ok(());
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let answer = match &fault {
        Some(Fault::Answer {
            status,
            code,
            message,
            retry_after,
        }) => failure(*status, code, message, *retry_after),
        _ => {
            let mut emulator = TcpStream::connect(behind)?;
            emulator.write_all(head.as_bytes())?;
            emulator.write_all(b"Connection: close\r\n\r\n")?;
            emulator.write_all(&body)?;
            let mut answer = Vec::new();
            emulator.read_to_end(&mut answer)?;
            answer
        }
    };
    if matches!(fault, Some(Fault::LostAnswer)) {
        return Ok(());
    }
    client.write_all(&answer)
}

fn fault_of(seen: &mut Seen, method: &str, path: &str) -> Option<Fault> {
    seen.calls.push((method.to_owned(), path.to_owned()));
    let rule = seen
        .rules
        .iter_mut()
        .find(|rule| rule.left > 0 && rule.method == method && path.ends_with(&rule.end))?;
    rule.left -= 1;
    Some(rule.fault.clone())
}

fn failure(status: u16, code: &str, message: &str, retry_after: Option<u32>) -> Vec<u8> {
    let body = serde_json::json!({ "message": message }).to_string();
    let wait = retry_after.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
    format!(
        "HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nx-amzn-ErrorType: {code}\r\n{wait}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{echo::Echo, http};

    #[test]
    fn calls_pass_but_for_those_that_are_to_fail() {
        let echo = Echo::start().unwrap();
        let proxy = Proxy::start(echo.url().trim_end_matches('/')).unwrap();
        let get = |path: &str| http::get(&format!("{}{path}", proxy.endpoint()));
        proxy.fail("GET", "/b", 1, Fault::throttled(Some(3)));
        proxy.fail("GET", "/c", 1, Fault::Reset);
        proxy.fail("GET", "/d", 1, Fault::LostAnswer);
        assert_eq!(get("/a?x=1").unwrap().json().unwrap()["target"], "/a?x=1");
        let throttled = get("/b").unwrap();
        assert_eq!((throttled.status, throttled.header("Retry-After")), (429, Some("3")));
        assert_eq!(get("/b").unwrap().status, 200);
        for path in ["/c", "/d"] {
            assert!(get(path).is_err(), "{path}");
            assert_eq!(get(path).unwrap().status, 200, "{path}");
        }
        assert_eq!(proxy.calls("GET", "/b"), 2);
        assert_eq!(proxy.take_calls().len(), 7);
        proxy.fail("GET", "/a", 9, Fault::Reset);
        proxy.heal();
        assert_eq!(get("/a").unwrap().status, 200);
    }
}
