//! The page in a browser.

use std::net::SocketAddr;
use std::time::Duration;

use bluegate_core::openapi::Document;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::page::page;
use crate::commands::local::{bind, broken, runtime};
use crate::commands::signals::Signals;
use crate::exit::Exit;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// The longest head of a request, in bytes: browsers send a part of it.
const LONGEST: u64 = 64 * 1024;

/// How long a browser may take to ask or to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shows the page of the document that `read` gives at each look.
pub(super) fn run(
    address: SocketAddr,
    terminal: &mut Terminal,
    read: impl Fn(&mut Terminal) -> Result<Document, Stop>,
) -> Result<Exit, Stop> {
    runtime()?.block_on(serve(address, terminal, read))
}

async fn serve(
    address: SocketAddr,
    terminal: &mut Terminal,
    read: impl Fn(&mut Terminal) -> Result<Document, Stop>,
) -> Result<Exit, Stop> {
    let mut signals = Signals::begin()?;
    let listener = bind(address).await?;
    let address = listener.local_addr().map_err(|error| broken(&error))?;
    terminal.step("Listening", &format!("on {address}, until Ctrl-C"));
    terminal.data(&format!("http://{address}/\n"))?;
    let (asked, mut requests) = mpsc::channel(16);
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    let asked = asked.clone();
                    // Browsers open connections that they say nothing on.
                    tokio::spawn(async move {
                        if let Ok(Ok(request)) = timeout(PATIENCE, head(stream)).await {
                            let _ = asked.send(request).await;
                        }
                    });
                }
            }
            Some((stream, first)) = requests.recv() => {
                let response = response(&first, terminal, &read);
                // One that goes away is nobody's trouble.
                tokio::spawn(timeout(PATIENCE, write(stream, response)));
            }
            _ = signals.next() => return Ok(Exit::Done),
        }
    }
}

/// The first line of a request.
async fn head(stream: TcpStream) -> std::io::Result<(TcpStream, String)> {
    let mut reader = BufReader::new(stream.take(LONGEST));
    let mut first = String::new();
    reader.read_line(&mut first).await?;
    let mut line = String::new();
    while reader.read_line(&mut line).await? > 2 {
        line.clear();
    }
    Ok((reader.into_inner().into_inner(), first))
}

async fn write(mut stream: TcpStream, response: String) -> std::io::Result<()> {
    stream.write_all(response.as_bytes()).await?;
    stream.shutdown().await
}

fn response(first: &str, terminal: &mut Terminal, read: impl Fn(&mut Terminal) -> Result<Document, Stop>) -> String {
    let mut words = first.split(' ');
    let (verb, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, kind, body) = match (verb, path) {
        ("GET", "/" | "/openapi.json") => match read(terminal) {
            Ok(document) if path == "/" => ("200 OK", "text/html", page(&document)),
            Ok(document) => ("200 OK", "application/json", document.to_json_pretty()),
            Err(stop) => {
                if let Stop::Findings(findings) = &stop {
                    terminal.findings(findings);
                }
                let text = "The files have errors: they are in the terminal.\n";
                ("500 Internal Server Error", "text/plain", text.to_owned())
            }
        },
        ("GET", _) => ("404 Not Found", "text/plain", "Not found\n".to_owned()),
        _ => ("405 Method Not Allowed", "text/plain", "Not allowed\n".to_owned()),
    };
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
