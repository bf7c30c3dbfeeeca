//! A morning with three reports, of which that on a ferry turns out to be wrong.

use crate::{
    outlet::Outlet,
    program::{Folder, Said},
};

/// Runs a command at an hour of 10 March 2026, with the local web allowed.
pub(crate) fn at(folder: &Folder, hour: &str, arguments: &[&str]) -> Said {
    let now = format!("2026-03-10T{hour}:00Z");
    let here = ["--now", &now, "--set", "gather.allow_networks=127.0.0.0/8"];
    let hurry = ["--set", "gather.host_delay_millis=0"];
    let said = folder.run(&[&here[..], &hurry, arguments].concat());
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said
}

pub(crate) const FERRY: [&str; 3] = [
    "The ferry Aurora sank off Northport late on Monday with 214 people aboard, the coastguard said.",
    "All passengers were taken off by lifeboats within four hours, and eleven were treated at the Northport clinic.",
    "Captain Lena Ost told the harbour master that the Aurora had lost steering in the Kestrel channel.",
];
pub(crate) const BUDGET: [&str; 2] = [
    "Parliament in Tresse passed a budget of 4.1 billion crowns on Monday after two nights of debate.",
    "Finance minister Oda Brandt called the vote the hardest of her eleven years in office.",
];
const ORCHARD: [&str; 2] = [
    "Frost destroyed half of the cherry blossom in the Lower Vale on Sunday night, growers there said.",
    "The growers' union put the damage at some nine million crowns and asked for help from the province.",
];

/// A morning with three reports, gathered and compiled by half past four.
pub(crate) fn morning(folder: &Folder, approval: &str) -> Outlet {
    let outlet = Outlet::named("post");
    outlet.report("/ferry", "Ferry Aurora sinks off Northport", &FERRY);
    outlet.report(
        "/budget",
        "Tresse parliament passes budget after two nights",
        &BUDGET,
    );
    outlet.report(
        "/orchard",
        "Frost destroys half of cherry blossom in Lower Vale",
        &ORCHARD,
    );
    let dated = "Tue, 10 Mar 2026 01:10:00 GMT";
    let feed = outlet.feed(&[
        ("/ferry", "Ferry Aurora sinks off Northport", dated),
        (
            "/budget",
            "Tresse parliament passes budget after two nights",
            dated,
        ),
        (
            "/orchard",
            "Frost destroys half of cherry blossom in Lower Vale",
            dated,
        ),
    ]);
    folder.ok(&["brief", "add", "The Morning Brief", "--approval", approval]);
    at(
        folder,
        "04:00",
        &["sources", "add", &feed, "--carrier", "The Harbour Post"],
    );
    at(folder, "04:00", &["gather", "--all"]);
    let consent = ["--country", "GB", "--consent", "asked by letter"];
    at(
        folder,
        "04:00",
        &[&["subscribers", "add", "ann@example.org"][..], &consent].concat(),
    );
    at(folder, "04:30", &["edition", "compile"]);
    outlet
}

pub(crate) fn edition(folder: &Folder) -> Said {
    let said = at(folder, "05:30", &["edition", "show"]);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Said {
        out: one_line(&said.out),
        err: one_line(&said.err),
        ..said
    }
}

/// The ferry did not sink after all, by the page and in the sentence that the edition prints.
pub(crate) fn correct_the_ferry(outlet: &Outlet) {
    let corrected = FERRY[0].replace("sank", "ran aground");
    outlet.report(
        "/ferry",
        "Ferry Aurora runs aground off Northport",
        &[&corrected, FERRY[1], FERRY[2]],
    );
}

/// The mails that were handed over, each with its name.
pub(crate) fn mails(folder: &Folder) -> Vec<String> {
    let files = std::fs::read_dir(folder.path().join("outbox")).unwrap();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}
