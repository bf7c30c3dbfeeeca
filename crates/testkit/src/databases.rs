//! A fresh, migrated store on each database.

use std::sync::atomic::{AtomicU32, Ordering};

use reveille_store::Store;

use crate::postgres;

/// A store that a test has for itself. It goes when this is dropped.
#[derive(Debug)]
pub struct Database {
    /// "SQLite" or "PostgreSQL": for messages.
    pub name: &'static str,
    /// Where it is, as `Store::open` takes it: for a second process or node.
    pub url: String,
    /// The store, its tables made, and its leases by the time that a test names.
    pub store: Store,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(tempfile::TempDir),
    Server,
}

impl Database {
    /// The folder with the file of a store on SQLite.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path()),
            Place::Server => None,
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if matches!(self.place, Place::Server) {
            // The server is thrown away soon; a database that stays until then harms nobody.
            postgres::drop_database(&self.url);
        }
    }
}

/// A fresh store on SQLite and one on PostgreSQL.
///
/// # Panics
/// Where either cannot be had; the message says what to install.
pub async fn databases() -> Vec<Database> {
    vec![sqlite_database().await, postgres_database().await]
}

/// A fresh store on SQLite, in a folder of its own.
///
/// # Panics
/// Where the folder or the store cannot be made.
pub async fn sqlite_database() -> Database {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary folder: {error}"));
    let url = format!("sqlite:{}", folder.path().join("store.sqlite").display());
    migrated("SQLite", url, Place::Folder(folder)).await
}

/// A fresh store on the PostgreSQL server that [`postgres::url`] names.
///
/// # Panics
/// Where there is no server and none can be started; the message says what to install.
pub async fn postgres_database() -> Database {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("reveille_{}_{number}", std::process::id());
    let server = postgres::url().unwrap_or_else(|error| panic!("{error}"));
    let url = postgres::create_database(server, &name).unwrap_or_else(|error| panic!("{error}"));
    migrated("PostgreSQL", url, Place::Server).await
}

async fn migrated(name: &'static str, url: String, place: Place) -> Database {
    let store = Store::open(&url)
        .await
        .unwrap_or_else(|error| panic!("{name} at {url}: {error:?}"))
        .leased_by_own_clock();
    if let Err(error) = store.migrate().await {
        panic!("{name} at {url}: {error:?}");
    }
    Database {
        name,
        url,
        store,
        place,
    }
}
