//! Bodies that are compressed
//! ([compression](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html)).

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};

use super::limits::LARGEST_BODY;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Identity,
}

impl Coding {
    pub(super) const NAMES: [(&'static str, Self); 3] = [
        ("gzip", Self::Gzip),
        ("deflate", Self::Deflate),
        ("identity", Self::Identity),
    ];

    /// Of the value of `Content-Encoding`.
    pub(super) fn of(name: &str) -> Option<Self> {
        let known = Self::NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
        known.map(|(_, coding)| *coding)
    }

    /// What a client takes: of the names in its `Accept-Encoding` the one that it likes best, the first of equals. A
    /// star names none.
    pub(super) fn accepted(header: &str) -> Option<Self> {
        let mut best: Option<(f64, Self)> = None;
        for part in header.split(',') {
            let (name, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.trim().strip_prefix("q=");
            let weight = weight.map_or(1., |weight| weight.trim().parse().unwrap_or(0.));
            if let Some(coding) = Self::of(name)
                && weight > best.map_or(0., |(best, _)| best)
            {
                best = Some((weight, coding));
            }
        }
        best.map(|(_, coding)| coding)
    }

    /// The body as it was before; none if it is not written like this, or larger than one may be.
    pub(super) fn unpacked(self, body: Bytes) -> Option<Bytes> {
        let most = LARGEST_BODY as u64 + 1;
        let mut unpacked = Vec::new();
        match self {
            Self::Gzip => GzDecoder::new(&*body).take(most).read_to_end(&mut unpacked),
            Self::Deflate => ZlibDecoder::new(&*body).take(most).read_to_end(&mut unpacked),
            Self::Identity => return Some(body),
        }
        .ok()?;
        Some(unpacked.into())
    }

    pub(super) fn packed(self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Gzip => {
                let mut packer = GzEncoder::new(Vec::new(), Compression::default());
                packer.write_all(body)?;
                packer.finish()
            }
            Self::Deflate => {
                let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
                packer.write_all(body)?;
                packer.finish()
            }
            Self::Identity => Ok(body.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_what_it_names() {
        for (header, coding) in [
            ("gzip", Some(Coding::Gzip)),
            ("br, deflate, gzip", Some(Coding::Deflate)),
            ("deflate;q=0.5, gzip;q=0.8", Some(Coding::Gzip)),
            ("gzip;q=0", None),
            ("*", None),
            ("", None),
            ("identity", Some(Coding::Identity)),
            ("GZIP; q=x, deflate", Some(Coding::Deflate)),
        ] {
            assert_eq!(Coding::accepted(header), coding, "{header}");
        }
    }

    #[test]
    fn what_is_packed_is_unpacked_again_and_nothing_else_is() {
        let body = Bytes::from("a".repeat(1_000));
        for (_, coding) in Coding::NAMES {
            let packed = coding.packed(&body).unwrap();
            assert_eq!(coding.unpacked(packed.into()), Some(body.clone()));
        }
        assert_eq!(Coding::Gzip.unpacked("no".into()), None);
        assert_eq!(Coding::Deflate.unpacked(body), None);
    }

    #[test]
    fn a_bomb_is_not_unpacked_whole() {
        let bomb = Coding::Gzip.packed(&vec![0; 4 * LARGEST_BODY]).unwrap();
        assert_eq!(Coding::Gzip.unpacked(bomb.into()).unwrap().len(), LARGEST_BODY + 1);
    }
}
