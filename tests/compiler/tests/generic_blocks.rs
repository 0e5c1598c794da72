//! Generic blocks of one resource, in modules and under conditions, with layers; routers of one state and of all.

use axum::extract::{FromRef, Path, State};
use bluegate::{resource, routes};

#[derive(Clone)]
pub struct App<R, const N: usize = 3> {
    r: R,
}
pub trait Repo: Clone + Send + Sync + 'static {
    const LIMIT: usize;
    type Out: axum::response::IntoResponse;
    fn out(&self) -> Self::Out;
}
pub struct Odd<R, const N: usize>(R);
mod one {
    use super::*;
    #[resource(name = "odd", layer = axum::middleware::from_fn(super::log::<R>))]
    impl<R, const N: usize> Odd<R, N>
    where
        R: Repo,
        [(); N]: Sized,
    {
        pub async fn get(State(app): State<App<R, N>>) -> R::Out {
            app.r.out()
        }
        pub async fn post(State(_): State<App<R, N>>) {}
    }
}
pub async fn log<R: Repo>(r: axum::extract::Request, n: axum::middleware::Next) -> axum::response::Response {
    let _ = R::LIMIT;
    n.run(r).await
}
#[cfg(all())]
mod two {
    use super::*;
    #[cfg(not(any()))]
    #[resource("odd", part = 2)]
    impl<R: Repo, const N: usize> Odd<R, N> {
        pub async fn put(_: State<App<R, N>>) {}
        pub async fn delete() {}
    }
    #[cfg(any())]
    #[resource("odd", part = 2)]
    impl<R: Repo> Odd<R> {}
}
fn scope() {
    struct Local;
    #[resource("odd", part = 3)]
    impl Local {
        #[handler]
        async fn show(Path(_): Path<u64>) {}
        #[handler]
        async fn r#type(Path((_,)): Path<(u64,)>) {}
    }
    async fn pair<T: ToString + Default>(Path([_x, y]): Path<[String; 2]>) -> String {
        y + &T::default().to_string()
    }
    #[resource("odd", part = 4, handlers(pair = pair::<u8>))]
    enum Never {}
}
impl FromRef<App<P>> for u8 {
    fn from_ref(_: &App<P>) -> u8 {
        3
    }
}
#[derive(Clone)]
pub struct P;
impl Repo for P {
    const LIMIT: usize = 3;
    type Out = &'static str;
    fn out(&self) -> &'static str {
        "x"
    }
}
pub fn app<R: Repo>(r: R) -> axum::Router {
    routes!("./generic_blocks.json", App<R, 5>).with_state(App { r })
}
#[test]
fn it_fits() {
    scope();
    let _ = app(P);
    let _: axum::Router<App<P>> = routes!("./generic_blocks.json");
}
