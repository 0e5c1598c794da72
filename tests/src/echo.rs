//! A backend that answers every request with what it was asked.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use serde_json::json;

use crate::HarnessError;

/// A running echo server on a free loopback port. Dropping it stops it.
#[derive(Debug)]
pub struct Echo {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Echo {
    /// Starts one. It answers 200 with `{"method": …, "target": …}`, or with the status that the header `X-Status`
    /// of the request asks for.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start() -> Result<Echo, HarnessError> {
        let broken = |source| HarnessError::Io {
            doing: "starting the echo server".to_owned(),
            source,
        };
        let listener = TcpListener::bind("127.0.0.1:0").map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(stream) = stream {
                    thread::spawn(move || answer(&stream));
                }
            }
        });
        Ok(Echo {
            address,
            stopping,
            thread: Some(thread),
        })
    }

    /// `http://127.0.0.1:PORT/`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // The server looks at the flag when somebody connects.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One request, one answer; a client that breaks off gets none.
fn answer(mut stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return;
    }
    let mut words = line.split_whitespace();
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let body = json!({"method": method, "target": target}).to_string();
    let (mut status, mut length) = ("200".to_owned(), 0);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).is_err() || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "x-status" => status = value.trim().to_owned(),
                _ => {}
            }
        }
    }
    let mut rest = vec![0; length];
    if reader.read_exact(&mut rest).is_err() {
        return;
    }
    let head = format!(
        "HTTP/1.1 {status} Echo\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let body = if method == "HEAD" { "" } else { &body };
    // The client may be gone.
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
}
