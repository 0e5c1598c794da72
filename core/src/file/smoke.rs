//! Requests that show whether a deployment works.

use crate::decode::record;
use crate::span::Spanned;

use super::stage::Entries;
use super::words::VerbWord;

record! {
    /// A request that shows whether a deployment works, and what it must be answered with.
    pub struct SmokeEntry as "the smoke request", short "path" {
        /// The verb. Default: `GET`.
        optional method("method"): VerbWord,
        /// The path on the gateway, such as `/users/7?full=1`, or a whole URL, such as that of the service itself.
        required path("path"): Spanned<String>,
        /// Headers of the request.
        optional headers("headers"): Entries<String>,
        /// The body of the request.
        optional body("body"): Spanned<String>,
        /// Whether the request is signed with the credentials of the deployment, as routes with `AWS_IAM` want it.
        optional signed("signed"): bool,
        /// The status of the answer. Default: 200.
        optional status("status"): Spanned<u32>,
        /// A text that the answer has in it.
        optional contains("contains"): Spanned<String>,
        /// Whether the answer is JSON whose `digest` is that of the routes file, as `/.well-known/bluegate` has it.
        optional digest("digest"): bool,
    }
}
