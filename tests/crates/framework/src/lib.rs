//! A crate by way of which others have bluegate.

pub use bluegate as gate;
