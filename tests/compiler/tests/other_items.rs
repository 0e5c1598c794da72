//! What stands beside handlers in an `impl` block.

use bluegate::{resource, routes};

struct Users<T>(T);

struct FutureDate;

struct FuturesError;

#[resource(name = "users", allow(unrouted))]
impl Users<[u8; 3]>
where
    [u8; 3]: Default,
{
    #![allow(dead_code)]

    const LIMIT: usize = { 3 };
    const MAKE: fn() -> usize = || 4;

    /// Named after a verb, but no handler: it has a receiver.
    fn get(&self) -> u8 {
        self.0[0]
    }

    /// Named after a verb, but no handler: it is not async.
    fn options() -> usize {
        Self::LIMIT + (Self::MAKE)()
    }

    /// Named after a verb, but no handler: what it returns is no future.
    fn delete(due: FutureDate) -> Result<FutureDate, FuturesError>
    where
        std::future::Ready<()>: Future,
    {
        Ok(due)
    }

    const fn head() -> u8 {
        1
    }

    unsafe fn patch() {}

    extern "C" fn put() {}

    fn take(mut self, (a, b): (u8, u8)) -> Self {
        self.0 = [a, b, 0];
        self
    }

    #[handler]
    async fn all((): ()) {}
}

struct Later;

#[resource(name = "later")]
impl Later {
    async fn get() -> Result<(), axum::http::StatusCode> {
        let users = Users([0; 3]).take((1, 2));
        let _ = (users.get(), Users::options(), Users::head());
        Ok(())
    }
}

#[test]
fn it_fits() {
    let _: axum::Router = routes!("./later.json");
}
