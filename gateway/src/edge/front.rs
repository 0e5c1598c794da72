//! One stage at the root of a port.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use bluegate_core::openapi::Document;
use hyper::body::Incoming;
use hyper::{Request, Response};
use tokio::net::TcpListener;

use super::listen;
use crate::console::{Console, Overview, Shown, Trace};
use crate::service::{Body, Gateway};

/// One stage behind a port, which another can take the place of while requests are answered. The console is at
/// `/_bluegate/`; everything else is the stage's.
pub struct Front {
    site: RwLock<Arc<Site>>,
    console: Console,
    tell: Arc<dyn Fn(Arc<Trace>) + Send + Sync>,
}

struct Site {
    gateway: Gateway,
    document: Arc<Document>,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front")
            .field("gateway", &self.site().gateway)
            .finish_non_exhaustive()
    }
}

impl Front {
    /// Of a gateway, and the document that it was made of. Each request and its answer is told.
    pub fn new(
        gateway: Gateway,
        document: Arc<Document>,
        console: Console,
        tell: impl Fn(Arc<Trace>) + Send + Sync + 'static,
    ) -> Self {
        let tell: Arc<dyn Fn(Arc<Trace>) + Send + Sync> = Arc::new(tell);
        Self {
            site: RwLock::new(Arc::new(site(gateway, document, &console, &tell))),
            console,
            tell,
        }
    }

    /// Answers with another gateway from now on. Requests that have begun are answered by the one that they began with.
    pub fn replace(&self, gateway: Gateway, document: Arc<Document>) {
        let site = Arc::new(site(gateway, document, &self.console, &self.tell));
        *self.site.write().unwrap_or_else(PoisonError::into_inner) = site;
    }

    fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers until it is dropped.
    ///
    /// # Errors
    ///
    /// The listener is broken.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> std::io::Result<()> {
        let own = listener.local_addr()?;
        listen::serve(listener, move |request, peer| {
            let front = Arc::clone(&self);
            async move { front.answer(request, peer, own).await }
        })
        .await
    }

    async fn answer(&self, mut request: Request<Incoming>, peer: SocketAddr, own: SocketAddr) -> Response<Body> {
        let site = self.site();
        if Console::is_at(request.uri().path()) {
            let (head, body) = request.into_parts();
            return self.console.answer(head, body, peer, own, || site.overview()).await;
        }
        request.extensions_mut().insert(peer);
        site.gateway.answer(request).await
    }
}

impl Site {
    fn overview(&self) -> Overview {
        let (stage, prefix) = self.gateway.site();
        let gate = self.gateway.gate();
        Overview {
            stages: vec![Shown {
                stage,
                prefix,
                title: self.document.info.title.clone(),
                document: Some(Arc::clone(&self.document)),
            }],
            credentials: gate.credentials.clone(),
            keys: gate.usage.keys.clone(),
            now: self.gateway.clock().now(),
        }
    }
}

fn site(
    gateway: Gateway,
    document: Arc<Document>,
    console: &Console,
    tell: &Arc<dyn Fn(Arc<Trace>) + Send + Sync>,
) -> Site {
    let (console, tell) = (console.clone(), Arc::clone(tell));
    Site {
        gateway: gateway.watched(move |record| tell(console.see(&record))),
        document,
    }
}
