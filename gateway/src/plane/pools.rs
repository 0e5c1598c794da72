//! User pools, of a build that cannot tell their tokens.

use serde_json::{Map, Value as Json};

/// The public keys of user pools: none, without the feature `cognito`.
#[derive(Debug, Clone, Default)]
pub struct Pools;

impl Pools {
    #[expect(clippy::unused_self, reason = "that of the feature `cognito` has keys")]
    pub(super) fn claims(&self, _: &str) -> Result<Map<String, Json>, String> {
        Err("the feature `cognito` is not built in".to_owned())
    }
}
