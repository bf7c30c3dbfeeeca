//! To whom of a brief's list its editions go.

use reveille_model::{Brief, Day, Forecast, Home, Segment, UnixMillis, Zone};

use crate::{Store, StoreError, View, briefs::StoredBrief, segments, subscribers};

/// Those on a brief's list who are mailed its editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// All of them.
    List,
    /// Those whom a segment holds, within the list.
    Segment(Segment),
    /// Nobody: the segment is gone, or holds no reader of this brief, and none can know whom it meant.
    Gone,
}

impl Audience {
    /// Whether a reader who lives there and came then is among them.
    #[must_use]
    pub fn holds(&self, home: &Home, joined: UnixMillis) -> bool {
        match self {
            Self::List => true,
            Self::Segment(segment) => segment.holds(home, joined),
            Self::Gone => false,
        }
    }

    /// What narrows the list, where anything does.
    ///
    /// # Errors
    /// Where the segment is gone: better none are mailed than all.
    pub fn segment(&self) -> Result<Option<&Segment>, StoreError> {
        match self {
            Self::List => Ok(None),
            Self::Segment(segment) => Ok(Some(segment)),
            Self::Gone => Err(StoreError::Vanished {
                doing: "find the segment to which a brief goes",
            }),
        }
    }
}

/// Whom a brief's editions go to.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn find(view: impl Into<View<'_>>, brief: &Brief) -> Result<Audience, StoreError> {
    let Some(name) = &brief.audience else {
        return Ok(Audience::List);
    };
    let stored = segments::find(view, name).await?;
    let within = stored.and_then(|stored| stored.segment.within(brief));
    Ok(within.map_or(Audience::Gone, Audience::Segment))
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
///
/// # Errors
/// Where its segment is gone, too.
pub async fn reach(store: &Store, brief: &Brief) -> Result<Reach, StoreError> {
    let list = segments::count(store, &Segment::of_list(&brief.slug)).await?;
    let audience = match find(store, brief).await?.segment()? {
        Some(segment) => segments::count(store, segment).await?,
        None => list,
    };
    Ok(Reach { audience, list })
}

/// How many active readers of a brief's audience live in each zone, those included whose pause ends with the edition of `day`, where
/// one is named; none where its segment is gone.
pub async fn by_zone(
    store: &Store,
    brief: &StoredBrief,
    day: Option<Day>,
) -> Result<Vec<(Zone, u64)>, StoreError> {
    match find(store, &brief.brief).await? {
        Audience::Gone => Ok(Vec::new()),
        audience => subscribers::count_by_zone(store, brief.id, audience.segment()?, day).await,
    }
}

/// In which hours the edition of `day`, ready at `ready`, leaves for this audience of its brief as it is today, those included
/// whose pause ends with it.
///
/// # Errors
/// Where the audience is gone, too.
pub async fn forecast(
    store: &Store,
    (brief, audience): (&StoredBrief, &Audience),
    day: Day,
    ready: UnixMillis,
) -> Result<Forecast, StoreError> {
    let zones = subscribers::count_by_zone(store, brief.id, audience.segment()?, Some(day)).await?;
    Ok(Forecast::of(day, &brief.brief, ready, zones))
}
