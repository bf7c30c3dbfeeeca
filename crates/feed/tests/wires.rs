//! IPTC's own example documents and what a person reads in them.
//!
//! The documents are openly licensed; each folder of `tests/wires` holds its licence.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::{fs, path::Path};

use reveille_feed::{Action, Entry, Hint, parse};

/// What is to be found in one document.
struct Gold {
    file: &'static str,
    headline: &'static str,
    byline: Option<&'static str>,
    dateline: Option<&'static str>,
    version: Option<u32>,
    status: Option<&'static str>,
    signals: &'static [&'static str],
    action: Action,
}

const GOLD: &[Gold] = &[
    Gold {
        file: "newsml-g2/LISTING_1_A_NewsML-G2_News_Item.xml",
        headline: "Fed to halt QE to avert \"bubble\"",
        byline: Some("Meredith Jameson"),
        dateline: Some("Berlin"),
        version: Some(11),
        status: Some("usable"),
        signals: &["update"],
        action: Action::Update,
    },
    Gold {
        file: "newsml-g2/LISTING_2_NewsML-G2_Text_Document.xml",
        headline: "Fed to halt QE to avert \"bubble\"",
        byline: Some("By Meredith Jameson, Staff Reporter"),
        dateline: Some("New York, NY"),
        version: Some(11),
        status: Some("usable"),
        signals: &[],
        action: Action::Update,
    },
    Gold {
        file: "newsml-g2/LISTING_27_Company_Financial_Information.xml",
        headline: "Acme Widgets announces annual results",
        byline: None,
        dateline: None,
        version: Some(11),
        status: Some("usable"),
        signals: &[],
        action: Action::Update,
    },
    Gold {
        file: "newsml-g2/LISTING_28_Illustrating_Located_Subject_and_Dateline.xml",
        headline: "",
        byline: Some("Thomson Reuters"),
        dateline: Some("MOSCOW, Monday (Reuters)"),
        version: None,
        status: None,
        signals: &[],
        action: Action::New,
    },
    Gold {
        file: "ninjs/ntb_text.json",
        headline: "Google har kjøpt giganttomt i Skien",
        byline: Some("NTB"),
        dateline: None,
        version: Some(6),
        status: Some("usable"),
        signals: &[],
        action: Action::Update,
    },
    Gold {
        file: "ninjs/imageEncodedRights.json",
        headline: "MotoGP - Spain - Valentino Rossi",
        byline: Some("John Smith"),
        dateline: None,
        version: None,
        status: None,
        signals: &[],
        action: Action::New,
    },
];

fn entry(bytes: &[u8]) -> Entry {
    let mut feed = parse(bytes, &Hint::default()).unwrap();
    assert_eq!((feed.entries.len(), feed.faults), (1, Vec::new()));
    feed.entries.remove(0)
}

#[test]
fn the_examples_of_the_standards_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wires");
    for gold in GOLD {
        let entry = entry(&fs::read(folder.join(gold.file)).unwrap());
        let wire = entry.wire.unwrap();
        let file = gold.file;
        assert_eq!(entry.title, gold.headline, "{file}");
        assert_eq!(wire.byline.as_deref(), gold.byline, "{file}");
        assert_eq!(wire.dateline.as_deref(), gold.dateline, "{file}");
        assert_eq!(wire.version, gold.version, "{file}");
        assert_eq!(wire.status.as_deref(), gold.status, "{file}");
        assert_eq!(wire.signals, gold.signals, "{file}");
        assert_eq!(wire.action(), gold.action, "{file}");
    }
}

/// One story through its life, in each format: every message must carry the id of the first, or name it.
#[test]
fn updates_corrections_and_kills_meet_the_first_message() {
    type Message = fn(version: u32, status: &str, signal: &str) -> String;
    let newsml_g2: Message = |version, status, signal| {
        format!(
            r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x" version="{version}"><itemMeta>
            <pubStatus qcode="stat:{status}"/><signal qcode="sig:{signal}"/></itemMeta></newsItem>"#
        )
    };
    let newsml: Message = |version, status, signal| {
        format!(
            r#"<NewsML><NewsItem><Identification><NewsIdentifier><RevisionId>{version}</RevisionId><PublicIdentifier>urn:x:{version}N</PublicIdentifier>
            </NewsIdentifier></Identification><NewsManagement><Status FormalName="{status}"/><Instruction FormalName="{signal}"/></NewsManagement></NewsItem></NewsML>"#
        )
    };
    let ninjs: Message = |version, status, signal| {
        format!(r#"{{"uri":"urn:x","version":"{version}","pubStatus":"{status}","signals":["{signal}"]}}"#)
    };
    let nitf: Message = |version, status, signal| {
        let correction = if signal == "correction" {
            "<correction/>"
        } else {
            ""
        };
        format!(
            r#"<nitf><head><docdata management-status="{status}"><doc-id id-string="urn:x"/><du-key version="{version}"/>{correction}</docdata></head></nitf>"#
        )
    };
    for message in [newsml_g2, newsml, ninjs, nitf] {
        let life = [
            (1, "usable", "none", Action::New),
            (2, "usable", "update", Action::Update),
            (3, "usable", "correction", Action::Correction),
            (4, "withheld", "none", Action::Withhold),
            (5, "canceled", "none", Action::Kill),
        ];
        for (version, status, signal, action) in life {
            let text = message(version, status, signal);
            let entry = entry(text.as_bytes());
            let wire = entry.wire.unwrap();
            assert_eq!(
                (entry.id.as_str(), wire.version),
                ("urn:x", Some(version)),
                "{text}"
            );
            assert_eq!(wire.action(), action, "{text}");
        }
    }
}
