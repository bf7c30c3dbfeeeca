//! Sections of a brief that are about one event.

use reveille_model::{BriefId, Day, EventSection, EventSectionId};

use crate::{
    Store, StoreError, Tx,
    sql::{Row, args, json, sql},
};

/// A row of `event_sections`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSection {
    /// Its row.
    pub id: EventSectionId,
    /// Its brief.
    pub brief: BriefId,
    /// The section.
    pub section: EventSection,
    /// How often it was changed.
    pub changes: i64,
}

/// Adds a section to a brief.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    brief: BriefId,
    section: &EventSection,
) -> Result<EventSectionId, StoreError> {
    let doing = "add an event section";
    let text = "insert into event_sections (brief_id, state, last_on, section, changes)
                values ($1, $2, $3, $4, 0) returning id";
    let args = args![brief, section.state, section.last, json(section)?];
    let row = tx.row(sql(doing, text), args).await?;
    row.ok_or(StoreError::Vanished { doing })?.get("id")
}

/// Puts what a section has become in its place. `false`: somebody has changed it since it was read.
pub async fn update(tx: &mut Tx, stored: &StoredSection) -> Result<bool, StoreError> {
    let text = "update event_sections set state = $3, last_on = $4, section = $5, changes = changes + 1
                where id = $1 and changes = $2";
    let section = &stored.section;
    let args = args![
        stored.id,
        stored.changes,
        section.state,
        section.last,
        json(section)?
    ];
    Ok(tx.run(sql("change an event section", text), args).await? == 1)
}

/// The section with this id.
pub async fn find(store: &Store, id: EventSectionId) -> Result<Option<StoredSection>, StoreError> {
    let text = "select id, brief_id, section, changes from event_sections where id = $1";
    let row = store.row(sql("find an event section", text), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// A brief's sections that are open or had something new since a day, in the order in which they were added.
pub async fn list(store: &Store, brief: BriefId, since: Day) -> Result<Vec<StoredSection>, StoreError> {
    let text = "select id, brief_id, section, changes from event_sections
                where brief_id = $1 and (state = 'open' or last_on >= $2) order by id";
    let rows = store
        .rows(sql("list event sections", text), args![brief, since])
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<StoredSection, StoreError> {
    Ok(StoredSection {
        id: row.get("id")?,
        brief: row.get("brief_id")?,
        section: row.json("section")?,
        changes: row.get("changes")?,
    })
}
