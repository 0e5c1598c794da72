//! Resources and routers wherever Rust has items and expressions.
#![deny(missing_docs, unreachable_pub, unused)]

mod deep {
    pub(crate) mod deeper {
        /// Private, and its handlers too.
        struct Users;

        #[bluegate::resource(name = "users")]
        impl Users {
            async fn get() {}

            async fn post() {}

            async fn any() {}

            #[handler]
            async fn show() {}
        }
    }
}

macro_rules! resource {
    ($type:ident, $name:literal, $($handler:ident),*) => {
        struct $type;

        #[bluegate::resource(name = $name)]
        impl $type {
            $(async fn $handler() {})*
        }
    };
}

resource!(Orders, "orders", get);

fn router() -> axum::Router {
    bluegate::routes!("./users.json")
}

#[test]
fn it_fits() {
    struct Local;

    #[bluegate::resource(name = "later")]
    impl Local {
        async fn get() {}
    }

    let routers = [router(), bluegate::routes!("./later.json"), {
        use bluegate::routes as other_name;
        axum::Router::new().nest("/v2", other_name!("./users.json"))
    }];
    let [first, second, third] = routers;
    let _ = first.merge(second).merge(third);
}
