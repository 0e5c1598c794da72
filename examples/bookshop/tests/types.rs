//! What the types of the shop say of its bodies.

// The handlers are registered by a crate that some code names.
use bookshop as _;

#[test]
fn the_file_tells_what_the_handlers_take_and_give() {
    bluegate::types!("routes.json");
}
