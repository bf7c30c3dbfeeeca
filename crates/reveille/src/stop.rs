//! Work that somebody stops: it is broken off between two steps, and whoever comes next goes on at once.

use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;

/// Does work that runs jobs until it is done, or the process is told to stop: then nothing. What was under way then is
/// another's at once.
///
/// # Errors
/// Where the work fails, or the store.
pub(crate) async fn until_stopped<T>(
    app: &App,
    work: impl Future<Output = anyhow::Result<T>>,
) -> anyhow::Result<Option<T>> {
    tokio::select! {
        done = work => return done.map(Some),
        never = app.keep_time() => match never {},
        () = told_to_stop() => {}
    }
    // Whoever says it twice does not wait for the mail server's last answers.
    tokio::select! {
        stopped = app.stop() => stopped?,
        () = told_to_stop() => {}
    }
    Ok(None)
}

/// Ctrl-C, or the service manager's SIGTERM: heard from this call on, though nobody waits yet.
pub(crate) fn told_to_stop() -> impl Future<Output = ()> {
    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(heard);
    async {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

/// A signal that is heard from this call on.
fn heard(kind: SignalKind) -> impl Future<Output = ()> {
    let signal = signal(kind);
    async {
        match signal {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    }
}
