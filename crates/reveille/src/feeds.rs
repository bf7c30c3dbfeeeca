//! What fetched documents say as feeds, or of feeds. They are read beside the runtime's own threads, which the largest of
//! them would hold up.

use std::panic;

use reveille_feed::{Feed, FeedError, Hint, PageLinks};
use reveille_gather::Document;

/// The document as a feed, and itself.
pub(crate) async fn parse(document: Document) -> (Document, Result<Feed, FeedError>) {
    aside(document, |document| {
        let hint = Hint {
            url: Some(document.url.url()),
            content_type: document.content_type.as_deref(),
        };
        reveille_feed::parse(&document.body, &hint)
    })
    .await
}

/// The feeds and the icon that the document names as a page, and itself.
pub(crate) async fn page_links(document: Document) -> (Document, PageLinks) {
    aside(document, |document| {
        reveille_feed::page_links(&document.body, document.url.url())
    })
    .await
}

async fn aside<T: Send + 'static>(
    document: Document,
    read: impl FnOnce(&Document) -> T + Send + 'static,
) -> (Document, T) {
    let reading = tokio::task::spawn_blocking(move || {
        let read = read(&document);
        (document, read)
    });
    // What was begun is not cancelled: it can only have panicked, and does so here as if it had been read in place.
    reading
        .await
        .unwrap_or_else(|error| panic::resume_unwind(error.into_panic()))
}
