//! The page in a browser.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Args, page_of};
use crate::commands::signals::Signals;
use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::terminal::Terminal;

/// The longest head of a request, in bytes: browsers send a part of it.
const LONGEST: u64 = 64 * 1024;

/// How long a browser may take to ask or to listen.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn run(args: &Args, address: SocketAddr, terminal: &mut Terminal) -> Result<Exit, Stop> {
    if !address.ip().is_loopback() && !args.allow_remote {
        let failure = Failure::new("remote", format!("{address} can be reached from other machines"))
            .with_help("listen on 127.0.0.1, or say `--allow-remote`");
        return Err(failure.into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("runtime", format!("cannot start: {error}")))?;
    runtime.block_on(serve(args, address, terminal))
}

async fn serve(args: &Args, address: SocketAddr, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let mut signals =
        Signals::new().map_err(|error| Failure::new("signals", format!("cannot listen to signals: {error}")))?;
    let cannot_listen = |error: std::io::Error| {
        Failure::new("listen", format!("cannot listen on {address}: {error}"))
            .with_help("another port: `--listen 127.0.0.1:0` takes any that is free")
    };
    let listener = TcpListener::bind(address).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
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
                let response = response(&first, args, terminal);
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

fn response(first: &str, args: &Args, terminal: &mut Terminal) -> String {
    let mut words = first.split(' ');
    let (verb, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (status, kind, body) = match (verb, path) {
        ("GET", "/" | "/openapi.json") => match args.read(terminal) {
            Ok((_, document)) if path == "/" => ("200 OK", "text/html", page_of(&document)),
            Ok((_, document)) => ("200 OK", "application/json", document.to_json_pretty()),
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
