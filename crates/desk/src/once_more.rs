//! Acts of readers that meet others' in the store.

use crate::PageError;

/// Changes the store, and does so once more where two transactions stood in each other's way and this one was undone: a reader need
/// not know of it. Where the connection was lost nobody knows what became of the first.
///
/// # Errors
/// As the act.
pub(crate) async fn once_more<T, F>(act: impl Fn() -> F) -> Result<T, PageError>
where
    F: Future<Output = Result<T, PageError>>,
{
    match act().await {
        Err(PageError::Store(error)) if error.is_transient() && !error.is_lost() => act().await,
        done => done,
    }
}
