//! What the compiler can tell of an extractor of a header.

use super::params::{Header, Probe};

impl<T: TakesHeader> Probe<T> {
    /// The header that it takes.
    pub const HEADER: Option<Header> = Some(Header {
        name: T::NAME,
        is_required: T::REQUIRED,
    });
}

#[doc = include_str!("../docs/takes_header.md")]
pub trait TakesHeader {
    /// The name of the header, in letters of any case.
    const NAME: &'static str;

    /// Whether a request without it is refused.
    const REQUIRED: bool = true;
}

impl<T: TakesHeader> TakesHeader for Option<T> {
    const NAME: &'static str = T::NAME;
    const REQUIRED: bool = false;
}

#[cfg(feature = "axum-extra")]
impl<E: TakesHeader, R> TakesHeader for axum_extra::extract::WithRejection<E, R> {
    const NAME: &'static str = E::NAME;
    const REQUIRED: bool = E::REQUIRED;
}

#[cfg(feature = "typed-header")]
mod typed {
    use axum_extra::TypedHeader;
    use axum_extra::headers::{self, authorization::Credentials};

    use super::TakesHeader;

    impl<H: TakesHeader> TakesHeader for TypedHeader<H> {
        const NAME: &'static str = H::NAME;
        const REQUIRED: bool = H::REQUIRED;
    }

    impl<C: Credentials> TakesHeader for headers::Authorization<C> {
        const NAME: &'static str = "authorization";
    }

    impl<C: Credentials> TakesHeader for headers::ProxyAuthorization<C> {
        const NAME: &'static str = "proxy-authorization";
    }

    /// The headers of requests that `headers` has types for, each with its name, which a constant cannot ask for, and
    /// whether there is no value for a request without it.
    macro_rules! headers {
        ($($type:ident $name:literal $required:literal;)+) => {
            $(
                impl TakesHeader for headers::$type {
                    const NAME: &'static str = $name;
                    const REQUIRED: bool = $required;
                }
            )+

            #[cfg(test)]
            #[test]
            fn names_and_what_is_required_are_those_of_the_types() {
                use headers::Header as _;

                $(
                    assert_eq!(headers::$type::name(), $name);
                    let without = headers::$type::decode(&mut std::iter::empty());
                    assert_eq!(without.is_err(), $required, "{}", $name);
                )+
            }
        };
    }

    headers! {
        AccessControlRequestHeaders "access-control-request-headers" false;
        AccessControlRequestMethod "access-control-request-method" true;
        CacheControl "cache-control" false;
        Connection "connection" false;
        ContentDisposition "content-disposition" true;
        ContentEncoding "content-encoding" false;
        ContentLength "content-length" true;
        ContentRange "content-range" true;
        ContentType "content-type" true;
        Cookie "cookie" false;
        Date "date" true;
        Expect "expect" true;
        Host "host" true;
        IfMatch "if-match" false;
        IfModifiedSince "if-modified-since" true;
        IfNoneMatch "if-none-match" false;
        IfRange "if-range" true;
        IfUnmodifiedSince "if-unmodified-since" true;
        Origin "origin" true;
        Pragma "pragma" true;
        Range "range" true;
        Referer "referer" true;
        SecWebsocketKey "sec-websocket-key" true;
        SecWebsocketVersion "sec-websocket-version" true;
        Te "te" false;
        TransferEncoding "transfer-encoding" false;
        Upgrade "upgrade" true;
        UserAgent "user-agent" true;
    }
}
