//! Who may see the console: a browser of this machine, on a page of the console.
//!
//! Any web page can have the browser send requests to this machine. A page cannot choose what the browser says of the
//! request: its `Host`, which is the page's own name when that name is made to point here (DNS rebinding), its `Origin`
//! ([RFC 6454](https://www.rfc-editor.org/rfc/rfc6454)) and `Sec-Fetch-Site`
//! ([Fetch Metadata](https://www.w3.org/TR/fetch-metadata/)).

use std::net::{IpAddr, SocketAddr};

use http::header::{HOST, HeaderName, ORIGIN};
use http::request::Parts;

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Lets a request in, or says why not.
pub(super) fn check(head: &Parts, peer: SocketAddr) -> Result<(), &'static str> {
    let text = |name: &HeaderName| head.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if !peer.ip().to_canonical().is_loopback() {
        return Err("the console is for browsers on this machine");
    }
    let host = text(&HOST).unwrap_or_default();
    if !is_this_machine(host) {
        return Err("the console answers at 127.0.0.1 and localhost alone");
    }
    let is_read = head.method == http::Method::GET || head.method == http::Method::HEAD;
    match text(&ORIGIN) {
        Some(origin) if origin.strip_prefix("http://") == Some(host) => {}
        None if is_read => {}
        _ => return Err("the request comes from another page"),
    }
    // A link may lead here, and nothing else of another page.
    let is_link = is_read && text(&MODE) == Some("navigate");
    match text(&SITE) {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) if is_link => Ok(()),
        Some(_) => Err("the request comes from another page"),
    }
}

/// Whether a host, with its port, is a name of this machine that nobody else can have.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: &str, headers: &[(&str, &str)], peer: &str) -> bool {
        let mut request = http::Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        check(&head, peer.parse().unwrap()).is_ok()
    }

    #[test]
    fn hosts_are_names_of_this_machine_that_no_other_page_can_have() {
        for (host, is_taken) in [
            ("127.0.0.1:4566", true),
            ("127.0.0.2", true),
            ("localhost:3000", true),
            ("LOCALHOST", true),
            ("shop.localhost:3000", true),
            ("[::1]:4566", true),
            ("", false),
            ("evil.example", false),
            ("evil.example:4566", false),
            ("localhost.evil.example:4566", false),
            ("127.0.0.1.evil.example", false),
            ("notlocalhost", false),
            ("10.0.0.1:4566", false),
            ("0.0.0.0:4566", false),
            ("[::2]:4566", false),
            ("[::1", false),
        ] {
            assert_eq!(checked("GET", &[("Host", host)], "127.0.0.1:5"), is_taken, "{host}");
        }
        assert!(!checked("GET", &[], "127.0.0.1:5"));
    }

    #[test]
    fn what_changes_something_comes_from_a_page_of_the_console() {
        let host = ("Host", "127.0.0.1:4566");
        for (origin, is_taken) in [
            (Some("http://127.0.0.1:4566"), true),
            (None, false),
            (Some("null"), false),
            (Some("http://127.0.0.1:8080"), false),
            (Some("https://127.0.0.1:4566"), false),
            (Some("http://evil.example"), false),
        ] {
            let headers: Vec<_> = [host]
                .into_iter()
                .chain(origin.map(|origin| ("Origin", origin)))
                .collect();
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                assert_eq!(
                    checked(method, &headers, "127.0.0.1:5"),
                    is_taken,
                    "{method} {origin:?}"
                );
            }
            let is_read = is_taken || origin.is_none();
            assert_eq!(checked("GET", &headers, "127.0.0.1:5"), is_read, "{origin:?}");
        }
    }

    #[test]
    fn other_pages_may_link_to_it_and_load_nothing_of_it() {
        let host = ("Host", "localhost:4566");
        for (site, mode, is_taken) in [
            ("same-origin", "cors", true),
            ("none", "navigate", true),
            ("cross-site", "navigate", true),
            ("cross-site", "no-cors", false),
            // Another port of this machine.
            ("same-site", "cors", false),
        ] {
            let headers = [host, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)];
            assert_eq!(checked("GET", &headers, "[::1]:5"), is_taken, "{site} {mode}");
        }
        let origin = ("Origin", "http://localhost:4566");
        let headers = [
            host,
            origin,
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
        ];
        assert!(!checked("POST", &headers, "127.0.0.1:5"));
    }

    #[test]
    fn other_machines_see_nothing() {
        for (peer, is_taken) in [
            ("127.0.0.1:5", true),
            ("[::ffff:127.0.0.1]:5", true),
            ("10.0.0.7:5", false),
        ] {
            assert_eq!(checked("GET", &[("Host", "localhost")], peer), is_taken, "{peer}");
        }
    }
}
