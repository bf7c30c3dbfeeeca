//! Readers by what they have in common: counted from a tally that the database keeps, listed from the readers themselves.

use std::collections::BTreeMap;

use reveille_model::{Brief, BriefId, Home, Month, Segment, SubscriberId, SubscriberState, UnixMillis};

use crate::{
    Store, StoreError, Tx, briefs,
    counts::Counts,
    sql::{Arg, Row, args, built, json, places, sql},
    subscribers::{self, Subscriber},
};

/// A segment under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSegment {
    /// What people call it.
    pub name: String,
    /// Whom it holds.
    pub segment: Segment,
}

/// Keeps a segment, in place of the one that had the name.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, name: &str, segment: &Segment, now: UnixMillis) -> Result<(), StoreError> {
    let text = "insert into segments (name, segment, created_at) values ($1, $2, $3)
                on conflict (name) do update set segment = excluded.segment";
    let args = args![name, json(segment)?, now];
    tx.run(sql("keep a segment", text), args).await.map(drop)
}

/// The segment of this name.
pub async fn find(store: &Store, name: &str) -> Result<Option<StoredSegment>, StoreError> {
    let text = "select name, segment from segments where name = $1";
    let row = store.row(sql("find a segment", text), args![name]).await?;
    row.as_ref().map(read).transpose()
}

/// All segments by name.
pub async fn list(store: &Store) -> Result<Vec<StoredSegment>, StoreError> {
    let text = "select name, segment from segments order by name";
    let rows = store.rows(sql("list segments", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// Forgets a segment. `false`: there is none of this name.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    let text = "delete from segments where name = $1";
    Ok(tx.run(sql("forget a segment", text), args![name]).await? == 1)
}

/// How many readers a segment holds.
pub async fn count(store: &Store, segment: &Segment) -> Result<u64, StoreError> {
    let mut filter = Filter::of(store, segment).await?;
    // The months of the tally are texts that sort by time.
    if let Some(from) = &segment.from {
        filter.that("month >= ", args![from.as_str().to_owned()]);
    }
    if let Some(until) = &segment.until {
        filter.that("month <= ", args![until.as_str().to_owned()]);
    }
    let text = format!(
        "select cast(coalesce(sum(readers), 0) as bigint) as readers from reader_tally where {}",
        filter.text
    );
    let row = store.row(built("count a segment", text), filter.args).await?;
    row.map_or(Ok(0), |row| row.get("readers"))
}

/// The segment to which a brief's editions go, within its list; `None` where they go to all of it.
///
/// # Errors
/// Where the segment is gone, too: nobody can know whom it meant.
pub async fn audience(store: &Store, brief: &Brief) -> Result<Option<Segment>, StoreError> {
    let Some(name) = &brief.audience else {
        return Ok(None);
    };
    let doing = "find the segment to which a brief goes";
    let stored = find(store, name).await?.ok_or(StoreError::Vanished { doing })?;
    let within = stored.segment.within(brief);
    within.ok_or(StoreError::Vanished { doing }).map(Some)
}

/// Whether a brief's editions go to a reader who lives there and came then. To nobody, where the segment is gone.
///
/// # Errors
/// Where the database fails.
pub async fn is_mailed_to(
    store: &Store,
    brief: &Brief,
    home: &Home,
    joined: UnixMillis,
) -> Result<bool, StoreError> {
    match audience(store, brief).await {
        Ok(audience) => Ok(audience.is_none_or(|audience| audience.holds(home, joined))),
        Err(StoreError::Vanished { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// To how many readers a brief goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// So many are of its audience, those who pause included …
    pub audience: u64,
    /// … of so many on its list.
    pub list: u64,
}

/// To how many readers a brief goes now.
pub async fn reach(store: &Store, brief: &Brief) -> Result<Reach, StoreError> {
    let list = count(store, &Segment::of_list(&brief.slug)).await?;
    let audience = match audience(store, brief).await? {
        Some(segment) => count(store, &segment).await?,
        None => list,
    };
    Ok(Reach { audience, list })
}

/// A page of a segment's readers in the order in which they came: those after `after`, `limit` at most.
pub async fn readers(
    store: &Store,
    segment: &Segment,
    after: Option<SubscriberId>,
    limit: u32,
) -> Result<Vec<Subscriber>, StoreError> {
    let mut filter = Filter::of(store, segment).await?;
    filter.joined(segment);
    filter.that("id > ", args![after.unwrap_or(SubscriberId(0))]);
    subscribers::list_where(store, &filter.text, filter.args, limit).await
}

/// Counts a brief's new readers in this state, who came at that time: each by their country's code, empty where none is known, and their zone.
pub(crate) async fn came(
    tx: &mut Tx,
    brief: BriefId,
    state: SubscriberState,
    homes: impl IntoIterator<Item = (String, String)>,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let mut counted = BTreeMap::<_, i64>::new();
    for home in homes {
        *counted.entry(home).or_default() += 1;
    }
    let (state, month) = (state.as_str(), Month::of(at));
    let counted = counted.into_iter().map(|((country, zone), many)| {
        let kind = vec![state.to_owned(), country, zone, month.as_str().to_owned()];
        ((brief, kind), many)
    });
    TALLY.add(tx, counted).await
}

const TALLY: Counts = Counts {
    table: "reader_tally",
    kind: &["state", "country", "zone", "month"],
    number: "readers",
};

/// Adds the rows of one kind in the tally up, where there are more than two of them on average.
pub async fn fold_tally(tx: &mut Tx) -> Result<(), StoreError> {
    TALLY.fold(tx).await
}

/// How many readers a brief has in each state; states without any are left out.
pub async fn count_states(
    store: &Store,
    brief: BriefId,
) -> Result<BTreeMap<SubscriberState, u64>, StoreError> {
    let text = "select state, cast(sum(readers) as bigint) as readers from reader_tally where brief_id = $1
                group by state having sum(readers) > 0";
    let rows = store
        .rows(sql("count a brief's readers", text), args![brief])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("state")?, row.get("readers")?)))
        .collect()
}

fn read(row: &Row) -> Result<StoredSegment, StoreError> {
    Ok(StoredSegment {
        name: row.get("name")?,
        segment: row.json("segment")?,
    })
}

/// A condition that grows, with its values.
pub(crate) struct Filter<'a> {
    pub(crate) text: String,
    pub(crate) args: Vec<Arg<'a>>,
}

impl<'a> Filter<'a> {
    /// What the tally and the readers share.
    async fn of(store: &Store, segment: &Segment) -> Result<Self, StoreError> {
        let all = briefs::list(store).await?;
        let briefs = all
            .iter()
            .filter(|stored| segment.within(&stored.brief).is_some());
        let mut filter = Self {
            text: String::new(),
            args: Vec::new(),
        };
        filter.among("brief_id", briefs.flat_map(|stored| args![stored.id]).collect());
        let states = [SubscriberState::Active, SubscriberState::Paused];
        filter.among(
            "state",
            states.into_iter().flat_map(|state| args![state]).collect(),
        );
        filter.living(segment);
        Ok(filter)
    }

    /// Only those of an audience, among a brief's readers.
    pub(crate) fn audience(&mut self, audience: Option<&Segment>) {
        if let Some(segment) = audience {
            self.living(segment);
            self.joined(segment);
        }
    }

    /// Only those who live where the segment's readers do.
    fn living(&mut self, segment: &Segment) {
        if !segment.countries.is_empty() {
            let countries = segment.countries.iter();
            self.among("country", countries.flat_map(|country| args![*country]).collect());
        }
        if !segment.zones.is_empty() {
            let zones = segment.zones.iter();
            let names = zones.flat_map(|zone| args![zone.name().to_owned()]);
            self.among("zone", names.collect());
        }
    }

    /// Only readers who came when the segment's did.
    fn joined(&mut self, segment: &Segment) {
        if let Some(from) = &segment.from {
            self.that("created_at >= ", args![from.start()]);
        }
        if let Some(until) = &segment.until {
            self.that("created_at < ", args![until.next().start()]);
        }
    }

    /// Only rows whose column is one of these; none where there are none.
    fn among(&mut self, column: &str, values: Vec<Arg<'static>>) {
        if values.is_empty() {
            self.and("1 = 0");
            return;
        }
        let places = places(self.args.len() + 1, values.len());
        self.and(&format!("{column} in ({places})"));
        self.args.extend(values);
    }

    /// Only rows of which this is true, with the value behind it.
    fn that(&mut self, condition: &str, value: Vec<Arg<'static>>) {
        let place = places(self.args.len() + 1, 1);
        self.and(&format!("{condition}{place}"));
        self.args.extend(value);
    }

    fn and(&mut self, condition: &str) {
        if !self.text.is_empty() {
            self.text += " and ";
        }
        self.text += condition;
    }
}
