//! What all handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Clone)]
pub struct AppState {
    shop: Arc<str>,
    asked: Arc<AtomicU64>,
}

impl AppState {
    pub fn new() -> AppState {
        AppState {
            shop: Arc::from("the shop"),
            asked: Arc::new(AtomicU64::new(0)),
        }
    }

    /// The name of a thing of the shop.
    pub fn name(&self, thing: &str) -> String {
        format!("{thing} of {}", self.shop)
    }

    /// Counts what was asked for, and gives its price.
    pub fn price(&self, id: u64) -> f64 {
        self.asked.fetch_add(1, Ordering::Relaxed);
        id as f64 / 4.0
    }
}
