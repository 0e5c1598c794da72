//! Signing a request in its headers.

use time::OffsetDateTime;

use super::super::message::Request;
use super::canonical::Canonical;
use super::{ALGORITHM, Credential, basic_date, hex, keyed, signing_key};
use hmac::Mac as _;

impl Credential {
    /// Signs a request to a stage of a region. It has to have its `Host`; what it had of another signature is replaced.
    pub fn sign(&self, request: &mut Request, region: &str, now: OffsetDateTime) {
        self.sign_for("execute-api", request, region, now);
    }

    /// As [`Credential::sign`], for another service than stages: `apigateway` is the control plane.
    pub fn sign_for(&self, service: &str, request: &mut Request, region: &str, now: OffsetDateTime) {
        let date = basic_date(now);
        request.headers.remove("authorization");
        request.headers.set("X-Amz-Date", &date);
        match &self.token {
            Some(token) => request.headers.set("X-Amz-Security-Token", token),
            None => request.headers.remove("x-amz-security-token"),
        }
        let signed = ["host", "x-amz-date", "x-amz-security-token"].into_iter();
        let signed: Vec<String> = signed
            .filter(|name| request.headers.get(name).is_some())
            .map(str::to_owned)
            .collect();
        let scope = [&date[..8], region, service, "aws4_request"].map(str::to_owned);
        let to_sign = Canonical::of(request, &signed, false).to_sign(&date, &scope);
        let signature = keyed(&signing_key(self, &scope), to_sign.as_bytes())
            .finalize()
            .into_bytes();
        let header = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={}, Signature={}",
            self.access_key,
            scope.join("/"),
            signed.join(";"),
            hex(&signature)
        );
        request.headers.set("Authorization", header);
    }
}
