//! Services whose prefixes, paths and parameters are written in unusual ways.

use axum::{Json, Router};
use bluegate::{resource, routes};
use serde_json::Value;

use crate::service::{Values, info};

struct Startup;

#[resource(name = "Startup")]
impl Startup {
    async fn get(values: Values) -> Json<Value> {
        info("Users", values)
    }

    async fn post(values: Values) -> Json<Value> {
        info("Users", values)
    }
}

/// The services, by the names of the recorded cases.
pub(crate) fn routers() -> [(&'static str, Router); 9] {
    [
        ("baseline", routes!("./startup/baseline.json")),
        ("url_prefix empty", routes!("./startup/prefix_empty.json")),
        ("url_prefix \"/\"", routes!("./startup/prefix_slash.json")),
        (
            "url_prefix trailing slash",
            routes!("./startup/prefix_trailing_slash.json"),
        ),
        ("path empty without params", routes!("./startup/path_empty.json")),
        (
            "path trailing slash + param -> double slash",
            routes!("./startup/path_trailing_slash.json"),
        ),
        ("type 'int(fixed_digits=3)'", routes!("./startup/fixed_digits.json")),
        ("type 'string(maxlength=2)'", routes!("./startup/maxlength.json")),
        ("param name 'ID'", routes!("./startup/capital_name.json")),
    ]
}
