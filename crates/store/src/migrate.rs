//! The tables and their versions. Two folders of migrations with the same numbers; forward only.

use crate::{
    Store, StoreError,
    db::{Dialect, Tx},
    digest::fingerprint,
    sql::{args, sql},
};

/// One step of the tables, in the words of each database.
struct Migration {
    version: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($version:literal, $file:literal) => {
        Migration {
            version: $version,
            sqlite: include_str!(concat!("../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../migrations/postgres/", $file)),
        }
    };
}

/// In order; add at the end, and never change one that was released.
const MIGRATIONS: &[Migration] = &[
    migration!(1, "0001_morning.sql"),
    migration!(2, "0002_rulings.sql"),
    migration!(4, "0004_versions.sql"),
    migration!(5, "0005_consents.sql"),
    migration!(6, "0006_files.sql"),
    migration!(7, "0007_homes.sql"),
    migration!(8, "0008_pauses.sql"),
    migration!(9, "0009_polling.sql"),
    migration!(10, "0010_erasure.sql"),
    migration!(11, "0011_press.sql"),
    migration!(12, "0012_doubts.sql"),
    migration!(13, "0013_returns.sql"),
    migration!(14, "0014_archive.sql"),
    migration!(15, "0015_programs.sql"),
    migration!(16, "0016_sessions.sql"),
    migration!(17, "0017_late.sql"),
    migration!(19, "0019_tallies.sql"),
    migration!(20, "0020_in_hand.sql"),
    migration!(21, "0021_segments.sql"),
    migration!(23, "0023_moves.sql"),
    migration!(24, "0024_event_sections.sql"),
    migration!(26, "0026_corrections.sql"),
    migration!(27, "0027_clicks.sql"),
    migration!(28, "0028_figures.sql"),
    migration!(29, "0029_paces.sql"),
    migration!(30, "0030_keys.sql"),
    migration!(31, "0031_names.sql"),
    migration!(32, "0032_beside.sql"),
    migration!(35, "0035_unfolded.sql"),
    migration!(37, "0037_revisions.sql"),
    migration!(38, "0038_mailboxes.sql"),
    migration!(39, "0039_alerts.sql"),
    migration!(40, "0040_topics.sql"),
    migration!(41, "0041_came_back.sql"),
    migration!(42, "0042_deferred.sql"),
    migration!(43, "0043_leased.sql"),
    migration!(44, "0044_plans.sql"),
    migration!(45, "0045_counts.sql"),
    migration!(46, "0046_printed.sql"),
    migration!(47, "0047_pauses.sql"),
    migration!(48, "0048_answers.sql"),
    migration!(49, "0049_changed_briefs.sql"),
];

/// How the tables found compare with those that this release expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// There are none yet.
    Empty,
    /// They are as expected.
    Current,
    /// They are of an earlier release; [`Store::migrate`] brings them up.
    Old,
    /// They are of a later release; this one must not touch them.
    Newer,
}

impl Migration {
    const fn text(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

impl Store {
    /// How the tables found compare with those that this release expects.
    ///
    /// # Errors
    /// Where an applied migration differs from this release's, or the database fails.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let applied = applied(&mut self.begin().await?).await?;
        Ok(match applied {
            None => Schema::Empty,
            Some(version) if version == newest() => Schema::Current,
            Some(version) if version > newest() => Schema::Newer,
            Some(_) => Schema::Old,
        })
    }

    /// Brings the tables to what this release expects, all or nothing, and says how many steps that took. Nodes
    /// that start together wait for one another.
    ///
    /// # Errors
    /// Where the tables are of a later release or differ from what was released, or the database fails.
    pub async fn migrate(&self) -> Result<usize, StoreError> {
        let mut tx = self.begin().await?;
        let doing = "record the version of the tables";
        if tx.dialect() == Dialect::Postgres {
            // Any number will do, as long as every node takes the same one.
            tx.rows(
                sql(
                    "wait for other nodes",
                    "select 1 from pg_advisory_xact_lock(7383865435)",
                ),
                args![],
            )
            .await?;
        }
        let before = applied(&mut tx).await?;
        if before.is_none() {
            may_make_tables(&mut tx).await?;
            let table = "create table schema_versions (version bigint primary key, checksum text not null)";
            tx.run(sql(doing, table), args![]).await?;
        }
        let before = before.unwrap_or(0);
        if before > newest() {
            return Err(StoreError::Newer {
                found: before,
                known: newest(),
            });
        }
        let mut steps = 0;
        for migration in MIGRATIONS.iter().filter(|migration| migration.version > before) {
            let text = migration.text(tx.dialect());
            tx.script("bring its tables up to date", text).await?;
            let insert = "insert into schema_versions (version, checksum) values ($1, $2)";
            tx.run(sql(doing, insert), args![migration.version, fingerprint(text)])
                .await?;
            steps += 1;
        }
        tx.commit().await?;
        Ok(steps)
    }
}

/// Looks whether we may make tables, so that who may not is told what to do: from version 15 on PostgreSQL lets only the owner of
/// a database do so unasked.
async fn may_make_tables(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let doing = "ask for the rights of its role";
    let text = "select cast(current_user as text) as role, cast(current_database() as text) as database,
                cast(coalesce(current_schema(), 'public') as text) as schema,
                cast(case when has_schema_privilege(coalesce(current_schema(), 'public'), 'create') then 1 else 0 end as bigint) as may";
    let row = tx.row(sql(doing, text), args![]).await?;
    let row = row.ok_or(StoreError::Vanished { doing })?;
    match row.get::<i64>("may")? {
        0 => Err(StoreError::NoRight {
            role: row.get("role")?,
            database: row.get("database")?,
            schema: row.get("schema")?,
        }),
        _ => Ok(()),
    }
}

/// The newest version applied; `None` where there is no table of versions.
async fn applied(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let doing = "read the version of its tables";
    let lookup = match tx.dialect() {
        Dialect::Sqlite => "select name from sqlite_schema where type = 'table' and name = 'schema_versions'",
        Dialect::Postgres => {
            "select cast(table_name as text) as name from information_schema.tables
             where table_schema = current_schema() and table_name = 'schema_versions'"
        }
    };
    if tx.row(sql(doing, lookup), args![]).await?.is_none() {
        return Ok(None);
    }
    let rows = tx
        .rows(
            sql(
                doing,
                "select version, checksum from schema_versions order by version",
            ),
            args![],
        )
        .await?;
    let mut newest = 0;
    for row in rows {
        newest = row.get("version")?;
        let known = MIGRATIONS.iter().find(|migration| migration.version == newest);
        let checksum: String = row.get("checksum")?;
        if known.is_some_and(|known| fingerprint(known.text(tx.dialect())) != checksum) {
            return Err(StoreError::Altered { version: newest });
        }
    }
    Ok(Some(newest))
}
