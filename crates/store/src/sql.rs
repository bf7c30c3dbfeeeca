//! How one SQL text meets two databases: parameters going in, columns coming out.
//!
//! A statement is a text in the common subset with `$1` placeholders, and the words for what it does. Values
//! travel as one of three native types, integer, real and text, so that nothing depends on what else a driver
//! could convert. Nothing here knows a table.

use std::borrow::Cow;

use reveille_model::{
    AlertId, AlertKind, ArticleId, ArticleKind, ArticleState, BriefId, CallId, CanonicalUrl, ConsentKind,
    CopyLink, Country, Day, DeliveryId, DeliveryState, EditionId, EditionState, EmailAddress, EntryId, Event,
    EventSectionId, EventState, ItemId, ItemState, JobId, Language, LinkPurpose, MailFormat, Month, NoticeId,
    NoticeKind, NoticeState, ReturnKind, RulingId, SessionId, Slug, SourceId, SourceKind, SourceState,
    StoryId, SubscriberId, SubscriberState, TokenId, UnixMillis, Uri, WebhookId, Zone, ZoneOrigin,
};
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

use crate::StoreError;

/// One statement, and what it does: "the store could not {doing}".
pub(crate) struct Sql {
    pub(crate) doing: &'static str,
    pub(crate) text: Cow<'static, str>,
    /// Whether the connection keeps it prepared.
    pub(crate) kept: bool,
}

impl Sql {
    /// Has the statement planned anew each time: PostgreSQL goes on with the plan that suited an empty table, which takes
    /// minutes once there is a million rows in it.
    pub(crate) const fn unkept(mut self) -> Self {
        self.kept = false;
        self
    }

    /// Keeps a built statement prepared, for one that comes in few lengths.
    pub(crate) const fn kept(mut self) -> Self {
        self.kept = true;
        self
    }
}

/// A fixed statement.
pub(crate) const fn sql(doing: &'static str, text: &'static str) -> Sql {
    Sql {
        doing,
        text: Cow::Borrowed(text),
        kept: true,
    }
}

/// A statement whose number of parameters varies. The text must be made of literals and placeholders only.
pub(crate) const fn built(doing: &'static str, text: String) -> Sql {
    Sql {
        doing,
        text: Cow::Owned(text),
        kept: false,
    }
}

/// How many rows one statement carries at most: SQLite takes 32,766 parameters, PostgreSQL 65,535.
pub(crate) const BATCH: usize = 500;

/// `($3, $4), ($5, $6)`: placeholders for so many rows of so many columns, counted from `first`.
pub(crate) fn rows_from(first: usize, rows: usize, columns: usize) -> String {
    let row = |row: usize| format!("({})", places(first + row * columns, columns));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// `$3, $4, $5`: so many placeholders counted from `first`.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The text with a bare `?` in place of each placeholder, where they stand once each and in order. SQLite's driver looks
/// every numbered one up among all, so that a statement's cost grows with the square of their number: with 6,000 of them
/// that was two thirds of an import.
pub(crate) fn unnumbered(text: &str) -> Option<String> {
    let mut bare = String::with_capacity(text.len());
    let (mut rest, mut next) = (text, 1);
    while let Some((before, after)) = rest.split_once('$') {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        if after[..end].parse() != Ok(next) {
            return None;
        }
        bare += before;
        bare.push('?');
        rest = &after[end..];
        next += 1;
    }
    bare += rest;
    Some(bare)
}

/// A value on its way into a statement. `None` is a null that still has its type, which PostgreSQL asks for.
#[derive(Debug, Clone)]
pub(crate) enum Arg<'a> {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<Cow<'a, str>>),
}

impl Arg<'_> {
    /// The null of its type.
    pub(crate) const fn null(&self) -> Self {
        match self {
            Self::Int(_) => Self::Int(None),
            Self::Real(_) => Self::Real(None),
            Self::Text(_) => Self::Text(None),
        }
    }
}

/// What can be a parameter.
pub(crate) trait Param<'a> {
    const NULL: Arg<'static>;
    fn arg(self) -> Arg<'a>;
}

/// A list of parameters of mixed types.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Param::arg($value)),*] };
}
pub(crate) use args;

impl<'a, T: Param<'a>> Param<'a> for Option<T> {
    const NULL: Arg<'static> = T::NULL;
    fn arg(self) -> Arg<'a> {
        self.map_or(T::NULL, T::arg)
    }
}

impl<'a> Param<'a> for &'a str {
    const NULL: Arg<'static> = Arg::Text(None);
    fn arg(self) -> Arg<'a> {
        // PostgreSQL's text cannot hold U+0000, which no reader misses.
        Arg::Text(Some(if self.contains('\0') {
            self.replace('\0', "").into()
        } else {
            self.into()
        }))
    }
}

impl<'a> Param<'a> for String {
    const NULL: Arg<'static> = Arg::Text(None);
    fn arg(self) -> Arg<'a> {
        let clean = if self.contains('\0') {
            self.replace('\0', "")
        } else {
            self
        };
        Arg::Text(Some(clean.into()))
    }
}

impl<'a> Param<'a> for &'a String {
    const NULL: Arg<'static> = Arg::Text(None);
    fn arg(self) -> Arg<'a> {
        self.as_str().arg()
    }
}

impl<'a> Param<'a> for f64 {
    const NULL: Arg<'static> = Arg::Real(None);
    fn arg(self) -> Arg<'a> {
        Arg::Real(Some(self))
    }
}

impl<'a> Param<'a> for i64 {
    const NULL: Arg<'static> = Arg::Int(None);
    fn arg(self) -> Arg<'a> {
        Arg::Int(Some(self))
    }
}

impl<'a> Param<'a> for u32 {
    const NULL: Arg<'static> = Arg::Int(None);
    fn arg(self) -> Arg<'a> {
        Arg::Int(Some(i64::from(self)))
    }
}

impl<'a> Param<'a> for usize {
    const NULL: Arg<'static> = Arg::Int(None);
    fn arg(self) -> Arg<'a> {
        Arg::Int(Some(i64::try_from(self).unwrap_or(i64::MAX)))
    }
}

/// A column's value on its way out, made from one of the native types.
pub(crate) trait Column: Sized {
    type Native: Native;
    fn read(native: Self::Native) -> Result<Self, String>;
}

/// What both drivers decode.
pub(crate) trait Native:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl Native for i64 {}
impl Native for f64 {}
impl Native for String {}

macro_rules! native_columns {
    ($($name:ty),+) => {$(
        impl Column for $name {
            type Native = $name;
            fn read(native: $name) -> Result<Self, String> {
                Ok(native)
            }
        }
    )+};
}
native_columns!(i64, f64, String);

macro_rules! counted_columns {
    ($($name:ty),+) => {$(
        impl Column for $name {
            type Native = i64;
            fn read(native: i64) -> Result<Self, String> {
                native.try_into().map_err(|_| format!("{native} is out of range"))
            }
        }
    )+};
}
counted_columns!(u32, u64, usize);

/// Types that are a number with a name.
macro_rules! number_columns {
    ($($name:ident),+) => {$(
        impl<'a> Param<'a> for $name {
            const NULL: Arg<'static> = Arg::Int(None);
            fn arg(self) -> Arg<'a> {
                Arg::Int(Some(self.0))
            }
        }
        impl Column for $name {
            type Native = i64;
            fn read(native: i64) -> Result<Self, String> {
                Ok(Self(native))
            }
        }
    )+};
}
number_columns!(
    SourceId,
    ItemId,
    ArticleId,
    StoryId,
    BriefId,
    EditionId,
    EntryId,
    EventSectionId,
    SubscriberId,
    DeliveryId,
    JobId,
    NoticeId,
    RulingId,
    SessionId,
    TokenId,
    WebhookId,
    AlertId,
    CallId,
    UnixMillis
);

/// Types that are a parsed string.
macro_rules! text_columns {
    ($($name:ident),+) => {$(
        impl Column for $name {
            type Native = String;
            fn read(native: String) -> Result<Self, String> {
                native.parse().map_err(|error| format!("{error}"))
            }
        }
    )+};
}
text_columns!(
    ArticleKind,
    ArticleState,
    CanonicalUrl,
    ConsentKind,
    CopyLink,
    Day,
    DeliveryState,
    EditionState,
    EventState,
    EmailAddress,
    Event,
    ItemState,
    Language,
    LinkPurpose,
    MailFormat,
    Month,
    ReturnKind,
    AlertKind,
    NoticeKind,
    NoticeState,
    Slug,
    SourceKind,
    SourceState,
    SubscriberState,
    Uri,
    Zone,
    ZoneOrigin
);

/// Words are written as they stand in the program.
macro_rules! word_params {
    ($($name:ident),+) => {$(
        impl<'a> Param<'a> for $name {
            const NULL: Arg<'static> = Arg::Text(None);
            fn arg(self) -> Arg<'a> {
                Arg::Text(Some(self.as_str().into()))
            }
        }
    )+};
}
word_params!(
    ArticleState,
    ConsentKind,
    CopyLink,
    DeliveryState,
    EditionState,
    EventState,
    Event,
    ItemState,
    LinkPurpose,
    MailFormat,
    ReturnKind,
    AlertKind,
    NoticeKind,
    NoticeState,
    SourceKind,
    SourceState,
    SubscriberState,
    ZoneOrigin
);

macro_rules! borrowed_params {
    ($($name:ident by $text:ident),+) => {$(
        impl<'a> Param<'a> for &'a $name {
            const NULL: Arg<'static> = Arg::Text(None);
            fn arg(self) -> Arg<'a> {
                Arg::Text(Some(self.$text().into()))
            }
        }
    )+};
}
borrowed_params!(CanonicalUrl by as_str, EmailAddress by as_str, Language by as_str, Slug by as_str, Uri by as_str, Zone by name);

impl<'a> Param<'a> for Country {
    const NULL: Arg<'static> = Arg::Text(None);
    fn arg(self) -> Arg<'a> {
        Arg::Text(Some(self.code().into()))
    }
}

impl Column for Country {
    type Native = String;
    fn read(native: String) -> Result<Self, String> {
        Self::from_code(&native).ok_or_else(|| format!("`{native}` is no country's code"))
    }
}

impl<'a> Param<'a> for Day {
    const NULL: Arg<'static> = Arg::Text(None);
    fn arg(self) -> Arg<'a> {
        Arg::Text(Some(self.to_string().into()))
    }
}

/// One row that came back, and what it came back from.
pub(crate) struct Row {
    pub(crate) doing: &'static str,
    pub(crate) native: NativeRow,
}

pub(crate) enum NativeRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column that is never null.
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, StoreError> {
        self.maybe(column)?
            .ok_or_else(|| self.unreadable(column, "it is null".to_owned()))
    }

    /// The value of a column that may be null.
    pub(crate) fn maybe<T: Column>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let native = match &self.native {
            NativeRow::Sqlite(row) => row.try_get::<Option<T::Native>, _>(column),
            NativeRow::Postgres(row) => row.try_get::<Option<T::Native>, _>(column),
        };
        match native {
            Ok(None) => Ok(None),
            Ok(Some(native)) => T::read(native)
                .map(Some)
                .map_err(|why| self.unreadable(column, why)),
            Err(error) => Err(self.unreadable(column, error.to_string())),
        }
    }

    /// The value of a column that holds JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        self.maybe_json(column)?
            .ok_or_else(|| self.unreadable(column, "it is null".to_owned()))
    }

    /// The value of a column that holds JSON or null.
    pub(crate) fn maybe_json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.maybe(column)?;
        text.map(|text| serde_json::from_str(&text))
            .transpose()
            .map_err(|error| self.unreadable(column, error.to_string()))
    }

    fn unreadable(&self, column: &'static str, why: String) -> StoreError {
        StoreError::Column {
            doing: self.doing,
            column,
            why,
        }
    }
}

/// A value as the JSON text of a column.
pub(crate) fn json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_in_order_lose_their_numbers() {
        let text = format!("insert into t values {}", rows_from(1, 2, 2));
        assert_eq!(
            unnumbered(&text).as_deref(),
            Some("insert into t values (?, ?), (?, ?)")
        );
        let text = format!("where a = $1 and b in ({})", places(2, 11));
        let bare = format!("where a = ? and b in ({})", ["?"; 11].join(", "));
        assert_eq!(unnumbered(&text), Some(bare));
        for other in [
            "a = $2 and b = $1",
            "a = $1 and b = $1",
            "a = $1 and b = $3",
            "a = $x",
        ] {
            assert_eq!(unnumbered(other), None, "{other}");
        }
    }
}
