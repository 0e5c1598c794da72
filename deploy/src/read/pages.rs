//! Lists that API Gateway gives a page at a time.

use crate::api::{CallError, Page};

/// More pages are no list: an account has at most 600 regional APIs by default, and a page 500 of them.
const MOST_PAGES: usize = 100;

/// Everything in a list, page by page.
// Not `AsyncFn`: of its futures rustc cannot tell that they may move to another thread.
pub(super) async fn pages<T, F>(read: impl Fn(Option<String>) -> F) -> Result<Vec<T>, CallError>
where
    F: Future<Output = Result<Page<T>, CallError>>,
{
    let mut items = Vec::new();
    let mut at: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = read(at.clone()).await?;
        items.extend(page.items);
        match page.next {
            // An emulator that ignores positions would send the same page for ever.
            Some(next) if at.as_ref() != Some(&next) => at = Some(next),
            _ => break,
        }
    }
    Ok(items)
}
