//! What actions declare of requests beside their paths.

use super::{Action, Kind};

/// What an action declares of the query string and of the headers.
#[derive(Debug)]
pub struct Contract {
    /// Parameters of the query string.
    pub query: &'static [RequestParameter],
    /// Headers.
    pub headers: &'static [RequestParameter],
}

impl Contract {
    /// Nothing is declared, which leaves everything to the handler.
    pub(crate) const SILENT: &'static Contract = &Contract {
        query: &[],
        headers: &[],
    };
}

/// A parameter of the query string, or a header: its name, whether requests must have it, and the type of its values,
/// unless a schema says what they are.
#[derive(Debug, Clone, Copy)]
pub struct RequestParameter(pub &'static str, pub bool, pub Option<Kind>);

/// Actions of which some declare something: the numbers of those, in the order of the contracts.
///
/// # Panics
///
/// When there is no such action, or no such contract.
#[must_use]
pub const fn declaring<const N: usize>(
    mut actions: [Action; N],
    contracts: &'static [Contract],
    numbers: &[usize],
) -> [Action; N] {
    let mut at = 0;
    while at < numbers.len() {
        actions[numbers[at]].contract = &contracts[at];
        at += 1;
    }
    actions
}
