//! Cross-origin access.

use super::words::VerbWord;
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// Cross-origin access to a path.
    pub struct CorsEntry as "the cors section", shown "enable" {
        /// Whether browsers may call the path from other origins. Default: false.
        optional enable("enable"): bool,
        /// Part of the format of ct-api-gateway-deployer, where it removes a sample mapping template. bluegate
        /// writes that template only for `--compat`.
        optional remove_default_response_templates("removeDefaultResponseTemplates"): bool,
        /// Request headers that browsers may send beyond the usual ones.
        optional allow_headers("allowHeaders"): Vec<Spanned<String>>,
        /// Whether browsers may send the headers that every client of API Gateway needs. Default: true.
        optional usual_headers("usualHeaders"): bool,
        /// The origins that may call, such as `https://shop.example.com`. Default: `*`, all of them.
        optional origins("origins"): Spanned<Vec<Spanned<String>>>,
        /// Whether browsers may send cookies and other credentials. Default: false.
        optional credentials("credentials"): Spanned<bool>,
        /// How long browsers may keep the answer to a preflight, in seconds.
        optional max_age("maxAge"): Spanned<u32>,
        /// Headers of answers that scripts may read.
        optional expose_headers("exposeHeaders"): Vec<Spanned<String>>,
        /// The verbs that browsers may use. Default: those of the path.
        optional allow_methods("allowMethods"): Vec<Spanned<VerbWord>>,
    }
}
