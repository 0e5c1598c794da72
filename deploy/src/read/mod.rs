//! An API as it is: found, read, and what descriptions and tags say of how it came to be so.

mod brought;
mod error;
mod find;
mod function;
mod identify;
mod lock;
mod marker;
mod pages;
mod past;
mod reading;
mod recover;
mod time;

pub use brought::{brought, is_brought, unmanaged_responses};
pub use error::ReadError;
pub use find::{all_named, find};
pub use function::{FunctionAccess, read_function};
pub(crate) use function::{is_missing, lacks_functions};
pub use identify::{identify, is_about_sts};
pub use lock::{Lock, is_interrupted};
pub use marker::{DraftMark, Marker, waiting};
pub use past::{previous, superfluous};
pub(crate) use reading::is_left_out;
pub use reading::{
    Needs, Reading, Surroundings, is_whole, read, read_brief, read_deployments, read_draft, read_rest,
    read_surroundings, served,
};
pub use recover::recover;
pub use time::moment;
