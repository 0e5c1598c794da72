//! Handlers that come through macros as attributes, items and visibilities.

use bluegate::{resource, routes};

macro_rules! marked {
    ($type:ident { $($(#[$attribute:meta])* $visibility:vis fn $name:ident;)* }) => {
        struct $type;

        #[resource(name = "users")]
        impl $type {
            $($(#[$attribute])* $visibility async fn $name() {})*
        }
    };
}

marked!(Users {
    fn get;
    #[doc(hidden)]
    pub(crate) fn post;
    #[handler(allow(unrouted))]
    fn other;
    pub fn any;
    #[inline]
    #[bluegate::handler]
    fn show;
});

macro_rules! whole {
    ($type:ident { $($item:item)* }) => {
        struct $type;

        #[resource(name = "orders")]
        impl $type {
            $($item)*
        }
    };
}

whole!(Orders {
    async fn get() {}
    #[handler(allow(unrouted))]
    async fn other(_: axum::http::HeaderMap) {}
    const LIMIT: u8 = { 3 };
});

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./users.json");
    let _ = Orders::LIMIT;
}
