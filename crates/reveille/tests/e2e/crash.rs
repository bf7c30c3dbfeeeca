//! Killed anywhere and started again, the morning ends as if nothing had happened.

use std::{
    thread,
    time::{Duration, Instant},
};

use reveille_testkit::postgres;

use crate::program::{Folder, without_ports};

/// Ten points spread over the morning, each shifted within its tenth by a fixed rule: different enough to hit
/// different steps, the same on every run.
fn points(whole: Duration) -> impl Iterator<Item = Duration> {
    (0..10_u32).map(move |tenth| whole * (tenth * 100 + (tenth * 37 + 11) % 100) / 1000)
}

/// Kills a demo after `point`, starts it again, and returns what it ends with.
fn interrupted(folder: &Folder, point: Duration, more: &[&str]) -> String {
    let demo = folder.start_demo(more);
    thread::sleep(point);
    // SIGKILL: no handler runs, nothing is flushed. A demo that has ended already is just as good a point.
    drop(demo);
    folder.demo(more)
}

/// The tally says so when repeats were dropped; that much may differ.
fn without_repeats(text: &str) -> String {
    let cut = text.rsplit_once(" (").filter(|_| text.ends_with("dropped)"));
    cut.map_or(text, |(kept, _)| kept).to_owned()
}

fn plain(text: &str) -> String {
    without_repeats(without_ports(text).trim_end())
}

#[test]
fn killed_at_ten_points_the_morning_ends_the_same_and_nobody_gets_it_twice() {
    let begun = Instant::now();
    let expected = plain(&Folder::new().demo(&[]));
    for point in points(begun.elapsed()) {
        let folder = Folder::new();
        let edition = interrupted(&folder, point, &[]);
        assert_eq!(plain(&edition), expected, "killed after {point:?}");
        let boxes = folder.mailboxes();
        assert_eq!(boxes.len(), 9, "killed after {point:?}: {boxes:?}");
        assert!(
            boxes.iter().all(|(_, messages)| *messages == 1),
            "killed after {point:?}: {boxes:?}"
        );
    }
}

#[test]
fn killed_on_postgresql_the_morning_ends_the_same_too() {
    let begun = Instant::now();
    let expected = plain(&Folder::new().demo(&[]));
    let server = postgres::url().unwrap();
    for (number, point) in points(begun.elapsed()).step_by(3).enumerate() {
        let url =
            postgres::create_database(server, &format!("crash_{}_{number}", std::process::id())).unwrap();
        let folder = Folder::new();
        let edition = interrupted(&folder, point, &["--set", &format!("store.url={url}")]);
        postgres::drop_database(&url);
        assert_eq!(plain(&edition), expected, "killed after {point:?}");
        assert!(
            folder.mailboxes().iter().all(|(_, messages)| *messages == 1),
            "killed after {point:?}"
        );
    }
}
