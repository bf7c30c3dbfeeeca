//! Opening, transactions, migrations, backup, errors.

use std::path::Path;

use reveille_store::{Schema, Store, StoreError, sources, tally};
use reveille_testkit::{databases, postgres};

use crate::fixture::{MORNING, alter, new_source, second_node, source};

#[tokio::test]
async fn what_was_committed_is_there_and_what_was_dropped_is_not() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        source(&mut tx, "kept").await;
        tx.commit().await.unwrap();

        let mut tx = db.store.begin().await.unwrap();
        source(&mut tx, "dropped").await;
        drop(tx);

        let other = second_node(&db.url).await;
        let names: Vec<String> = sources::list(&other, sources::Filter::default())
            .await
            .unwrap()
            .into_iter()
            .map(|source| source.carrier)
            .collect();
        assert_eq!(names, ["The kept"], "{}", db.name);
    }
}

#[tokio::test]
async fn a_transaction_in_which_a_statement_failed_cannot_be_committed() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        source(&mut tx, "herald").await;
        let morning = crate::fixture::brief(&mut tx).await;
        let nobody = reveille_model::SourceId(9_999);
        let error = reveille_store::briefs::set_sources(&mut tx, morning, &[nobody])
            .await
            .unwrap_err();
        assert!(!error.is_transient(), "{}: {error:?}", db.name);
        let error = tx.commit().await.unwrap_err();
        assert!(matches!(error, StoreError::Broken), "{}: {error:?}", db.name);
        assert_eq!(tally(&db.store).await.unwrap().sources, 0, "{}", db.name);
    }
}

#[tokio::test]
async fn tables_are_made_once_and_known_again() {
    for db in databases().await {
        assert_eq!(db.store.schema().await.unwrap(), Schema::Current, "{}", db.name);
        assert_eq!(db.store.migrate().await.unwrap(), 0, "{}", db.name);
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("new").display()))
        .await
        .unwrap();
    assert_eq!(store.schema().await.unwrap(), Schema::Empty);
    assert!(store.migrate().await.unwrap() > 0);
    assert_eq!(store.schema().await.unwrap(), Schema::Current);
}

#[tokio::test]
async fn nodes_that_start_together_make_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = postgres::url().unwrap();
    let name = format!("together_{}", std::process::id());
    let on_server = postgres::create_database(server, &name).unwrap();
    for url in [
        format!("sqlite:{}", folder.path().join("new").display()),
        on_server,
    ] {
        let (one, two) = (second_node(&url).await, second_node(&url).await);
        let (first, second) = tokio::join!(one.migrate(), two.migrate());
        let steps = [first.unwrap(), second.unwrap()];
        assert!(
            steps.contains(&0) && steps.iter().sum::<usize>() > 0,
            "{url}: {steps:?}"
        );
    }
}

#[tokio::test]
async fn tables_of_a_later_release_are_left_alone() {
    for db in databases().await {
        alter(
            &db.url,
            "insert into schema_versions (version, checksum) values (9999, 'x')",
        )
        .await;
        assert_eq!(db.store.schema().await.unwrap(), Schema::Newer, "{}", db.name);
        let error = db.store.migrate().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Newer { found: 9999, .. }),
            "{}: {error}",
            db.name
        );
        assert!(error.to_string().contains("reveille"), "{error}");
    }
}

#[tokio::test]
async fn an_altered_migration_is_refused() {
    for db in databases().await {
        alter(
            &db.url,
            "update schema_versions set checksum = 'x' where version = 1",
        )
        .await;
        let error = db.store.migrate().await.unwrap_err();
        assert!(
            matches!(error, StoreError::Altered { version: 1 }),
            "{}: {error}",
            db.name
        );
    }
}

#[tokio::test]
async fn faulty_addresses_are_refused_in_words() {
    for address in [
        "",
        "store.sqlite",
        "mysql://db.example/x",
        "sqlite:",
        "sqlite::memory:",
    ] {
        let error = Store::open(address).await.unwrap_err();
        assert!(error.to_string().contains("sqlite:PATH"), "{address}: {error}");
    }
}

#[tokio::test]
async fn an_unreachable_store_is_named_without_its_password() {
    let error = Store::open("postgres://ann:secret@127.0.0.1:1/news")
        .await
        .unwrap_err();
    assert!(
        error.is_lost() && error.is_transient() && !error.is_disk_full(),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "the store at 127.0.0.1 (database news) could not be opened"
    );
    let error = Store::open("sqlite:/nowhere/at/all/store.sqlite")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("/nowhere/at/all/store.sqlite"),
        "{error}"
    );
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_letter_is_refused_with_the_remedy() {
    let (server, name) = (postgres::url().unwrap(), format!("latin_{}", std::process::id()));
    let made = format!(
        "create database {name} encoding 'LATIN1' locale_provider libc locale 'C' template template0"
    );
    postgres::execute(server, &made).unwrap();
    let url = postgres::with_database(server, &name).unwrap();
    let error = Store::open(&url).await.unwrap_err().to_string();
    assert!(
        error.contains("LATIN1") && error.contains(&format!("createdb -E UTF8 -T template0 {name}")),
        "{error}"
    );
    postgres::drop_database(&url);
}

#[tokio::test]
async fn a_role_that_may_make_no_tables_is_told_who_lets_it() {
    let (server, name) = (postgres::url().unwrap(), format!("modest_{}", std::process::id()));
    let url = postgres::create_database(server, &name).unwrap();
    postgres::execute(server, &format!("create role {name}")).unwrap();
    let sign = if url.contains('?') { '&' } else { '?' };
    let store = Store::open(&format!("{url}{sign}options=-c%20role%3D{name}"))
        .await
        .unwrap();
    let error = store.migrate().await.unwrap_err().to_string();
    assert!(
        error.contains(&format!("alter database {name} owner to {name}"))
            && error.contains(&format!("grant create on schema public to {name}")),
        "{error}"
    );
    store.close().await;
    postgres::drop_database(&url);
    postgres::execute(server, &format!("drop role {name}")).unwrap();
}

#[tokio::test]
async fn a_trial_finds_a_store_that_cannot_be_written() {
    for db in databases().await {
        db.store.try_writing().await.unwrap();
        assert_eq!(db.store.schema().await.unwrap(), Schema::Current, "{}", db.name);
    }
    let db = reveille_testkit::postgres_database().await;
    let sign = if db.url.contains('?') { '&' } else { '?' };
    let read_only = format!("{}{sign}options=-c%20default_transaction_read_only%3Don", db.url);
    let error = Store::open(&read_only).await.unwrap().try_writing().await;
    assert!(error.is_err());
}

#[tokio::test]
async fn a_file_that_is_moved_away_is_missed_and_not_made_anew() {
    let db = reveille_testkit::sqlite_database().await;
    db.store.ensure_in_place().unwrap();
    let path = Store::file(&db.url).unwrap();
    let aside = path.with_extension("aside");
    std::fs::rename(path, &aside).unwrap();
    for error in [
        db.store.ensure_in_place().unwrap_err(),
        db.store.try_writing().await.unwrap_err(),
    ] {
        assert!(
            error.is_lost() && error.to_string().contains("moved away"),
            "{error}"
        );
    }
    assert!(!path.exists());
    // Another one in its place is none of ours.
    std::fs::copy(&aside, path).unwrap();
    assert!(db.store.ensure_in_place().is_err());
    std::fs::remove_file(path).unwrap();
    std::fs::rename(&aside, path).unwrap();
    db.store.try_writing().await.unwrap();
}

#[tokio::test]
async fn connections_that_were_cut_fail_as_lost_and_new_ones_take_their_place() {
    let db = reveille_testkit::postgres_database().await;
    tally(&db.store).await.unwrap();
    // In hand: one that rests may be looked at and replaced before it can fail.
    let mut tx = db.store.begin().await.unwrap();
    alter(
        &db.url,
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    )
    .await;
    let error = sources::insert(&mut tx, &new_source("herald"), MORNING)
        .await
        .unwrap_err();
    assert!(error.is_lost() && error.is_transient(), "{error:?}");
    drop(tx);
    let mut lost = 0;
    while let Err(error) = tally(&db.store).await {
        assert!(error.is_lost() && error.is_transient(), "{error:?}");
        lost += 1;
    }
    assert!(
        lost <= 10,
        "each connection that was open fails once at most: {lost}"
    );
}

#[tokio::test]
async fn a_backup_is_a_whole_store() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        source(&mut tx, "herald").await;
        tx.commit().await.unwrap();
        let Some(folder) = db.folder() else {
            let error = db.store.backup(Path::new("/nowhere")).await.unwrap_err();
            assert!(error.to_string().contains("pg_dump"), "{error}");
            continue;
        };
        let file = folder.join("it's a copy.sqlite");
        db.store.backup(&file).await.unwrap();
        let copy = Store::open(&format!("sqlite:{}", file.display())).await.unwrap();
        assert_eq!(copy.schema().await.unwrap(), Schema::Current);
        assert_eq!(tally(&copy).await.unwrap(), tally(&db.store).await.unwrap());
        let error = db.store.backup(&file).await.unwrap_err();
        assert!(matches!(error, StoreError::BackupPath(_)), "{error}");
    }
}

#[tokio::test]
async fn readers_cannot_write_and_do_not_wait_for_the_writer() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        source(&mut tx, "herald").await;
        let seen = sources::find_by_url(&db.store, &new_source("herald").url)
            .await
            .unwrap();
        assert_eq!(seen, None, "{}", db.name);
        tx.commit().await.unwrap();
        let seen = sources::find_by_url(&db.store, &new_source("herald").url)
            .await
            .unwrap();
        assert_eq!(seen.map(|source| source.created_at), Some(MORNING), "{}", db.name);
    }
}
