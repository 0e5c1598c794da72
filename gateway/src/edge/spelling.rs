//! How the names of headers were spelt: the HTTP library has them in small letters, and API Gateway shows templates and
//! functions what the client wrote.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::plane::is_known_header;
use crate::service::Spelling;

/// As much of a head is looked at, in bytes: longer ones are refused.
const LONGEST: usize = 64 * 1024;

/// What a client sent of its next requests.
#[derive(Debug, Clone, Default)]
pub(super) struct Heads(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    bytes: Vec<u8>,
    /// Whether what comes is the body of a request that is not answered yet.
    is_body: bool,
}

impl Heads {
    /// A connection whose client is listened to.
    pub(super) fn of<T>(&self, io: T) -> Heard<T> {
        let heads = self.clone();
        Heard { io, heads }
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the request that has just been read spelt the names that are not spelt in one way. Of one that was sent before
    /// another with a body was answered nothing is known.
    pub(super) fn spelling(&self, headers: &HeaderMap) -> Spelling {
        const END: &[u8] = b"\r\n\r\n";
        let mut sent = self.sent();
        let end = sent.bytes.windows(END.len()).position(|window| window == END);
        let end = end.map_or(sent.bytes.len(), |at| at + END.len());
        let lines = || sent.bytes[..end].split(|byte| *byte == b'\n');
        let names = headers.keys().filter(|name| !is_known_header(name));
        let spelt = names.filter_map(|name| {
            let length = name.as_str().len();
            let mut given = lines()
                .filter(|line| line.get(length) == Some(&b':'))
                .map(|line| &line[..length]);
            let given = given.find(|given| given.eq_ignore_ascii_case(name.as_str().as_bytes()))?;
            let given = std::str::from_utf8(given)
                .ok()
                .filter(|given| *given != name.as_str())?;
            Some((name.clone(), given.to_owned()))
        });
        let spelling = Spelling(spelt.collect());
        sent.is_body = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
        match sent.is_body {
            true => sent.bytes.clear(),
            false => drop(sent.bytes.drain(..end)),
        }
        spelling
    }

    /// That the request is answered: a head is next.
    pub(super) fn answered(&self) {
        self.sent().is_body = false;
    }
}

/// A connection whose client is listened to.
#[derive(Debug)]
pub(super) struct Heard<T> {
    io: T,
    heads: Heads,
}

impl<T: AsyncRead + Unpin> AsyncRead for Heard<T> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, read: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let known = read.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(context, read);
        let mut sent = self.heads.sent();
        if !sent.is_body {
            let more = &read.filled()[known..];
            let room = LONGEST.saturating_sub(sent.bytes.len()).min(more.len());
            sent.bytes.extend_from_slice(&more[..room]);
        }
        drop(sent);
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Heard<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    fn headers(names: &[&str]) -> HeaderMap {
        let name = |name: &&str| HeaderName::from_bytes(name.as_bytes()).unwrap();
        names
            .iter()
            .map(|one| (name(one), HeaderValue::from_static("v")))
            .collect()
    }

    #[tokio::test]
    async fn names_are_spelt_as_the_client_of_that_request_spelt_them() {
        let (mut client, server) = tokio::io::duplex(1024);
        let heads = Heads::default();
        let mut server = heads.of(server);
        let mut sends = async |text: &str| {
            client.write_all(text.as_bytes()).await.unwrap();
            server.read_exact(&mut vec![0; text.len()]).await.unwrap();
        };
        let spelt = |names: &[&str]| {
            let found = heads.spelling(&headers(names)).0;
            found.into_iter().map(|(_, given)| given).collect::<Vec<_>>()
        };
        // Two at once, as pipelines have them.
        sends("GET / HTTP/1.1\r\nHost: h\r\ntEsT-a: X-B: 1\r\n\r\nGET / HTTP/1.1\r\nX-B: 1\r\n\r\n").await;
        assert_eq!(spelt(&["host", "test-a", "x-b"]), ["tEsT-a"]);
        assert_eq!(spelt(&["x-b"]), ["X-B"]);
        sends("POST / HTTP/1.1\r\nX-C: 1\r\nContent-Length: 8\r\n\r\n").await;
        assert_eq!(spelt(&["x-c", "content-length"]), ["X-C"]);
        sends("\nX-D: 1\n").await;
        heads.answered();
        sends("GET / HTTP/1.1\r\nx-D: 1\r\n\r\n").await;
        assert_eq!(spelt(&["x-d"]), ["x-D"]);
        sends(&"a".repeat(1_000)).await;
    }
}
