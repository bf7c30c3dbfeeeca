//! Where rows are read.

use super::{Store, Tx};
use crate::{
    StoreError,
    deliveries::keep_tallies,
    sql::{Arg, Row, Sql},
};

/// What is read from: the store, or a transaction, which sees what it has written itself. Whoever holds a transaction reads
/// from it: it takes no second connection, of which there may be none left, and holds what it has held.
#[derive(Debug)]
pub enum View<'a> {
    /// As of now.
    Store(&'a Store),
    /// As the transaction sees it.
    Tx(&'a mut Tx),
}

impl View<'_> {
    /// As [`Store::lease_clock`].
    pub(crate) const fn lease_clock(&self, own: &'static str) -> &'static str {
        match self {
            Self::Store(store) => store.lease_clock(own),
            Self::Tx(tx) => tx.lease_clock(own),
        }
    }

    /// Has what a transaction has counted so far be read with the rest.
    pub(crate) async fn count_in(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Store(_) => Ok(()),
            Self::Tx(tx) => keep_tallies(tx).await,
        }
    }

    pub(crate) async fn rows(&mut self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Store(store) => store.rows(sql, args).await,
            Self::Tx(tx) => tx.rows(sql, args).await,
        }
    }

    pub(crate) async fn row(&mut self, sql: Sql, args: Vec<Arg<'_>>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }
}

impl<'a> From<&'a Store> for View<'a> {
    fn from(store: &'a Store) -> Self {
        Self::Store(store)
    }
}

impl<'a> From<&'a mut Tx> for View<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        Self::Tx(tx)
    }
}

/// The same for a while.
impl<'a> From<&'a mut View<'_>> for View<'a> {
    fn from(view: &'a mut View<'_>) -> Self {
        match view {
            View::Store(store) => Self::Store(store),
            View::Tx(tx) => Self::Tx(tx),
        }
    }
}
