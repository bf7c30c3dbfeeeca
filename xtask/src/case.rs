//! `cargo xtask new-case`: a case is a folder with its input, what is expected, and a note on where it is from.

use anyhow::{Context, ensure};

/// A crate that keeps cases: where, and its files; the input stands first, the note last.
struct Keeper {
    name: &'static str,
    folder: &'static str,
    files: [&'static str; 3],
}

const KEEPERS: [Keeper; 6] = [
    Keeper {
        name: "feed",
        folder: "feed/tests/cases",
        files: ["input", "expected.txt", "note.md"],
    },
    Keeper {
        name: "extract",
        folder: "extract/tests/cases",
        files: ["input.html", "expected.json", "NOTE.md"],
    },
    Keeper {
        name: "stories",
        folder: "stories/tests/cases",
        files: ["articles.jsonl", "expected.json", "note.md"],
    },
    Keeper {
        name: "bounce",
        folder: "mail/tests/bounce",
        files: ["mail.eml", "expected.json", "note.md"],
    },
    Keeper {
        name: "summary",
        folder: "brief/cases/summaries",
        files: ["input.txt", "expected.txt", "note.md"],
    },
    Keeper {
        name: "sentence",
        folder: "brief/cases/sentences",
        files: ["input.txt", "expected.txt", "note.md"],
    },
];

pub(crate) fn new(kind: &str, name: &str) -> anyhow::Result<()> {
    let keepers = KEEPERS.map(|keeper| keeper.name).join(", ");
    let keeper = KEEPERS
        .into_iter()
        .find(|keeper| keeper.name == kind)
        .with_context(|| format!("there are no cases of `{kind}` (there are: {keepers})"))?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    ensure!(
        !name.is_empty() && name.bytes().all(plain),
        "`{name}`: name a case by lower-case words with hyphens, for example `bare-ampersand`"
    );
    let folder = crate::root().join("crates").join(keeper.folder).join(name);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let [input, expected, note] = keeper.files;
    let words =
        "What is odd here, where such input comes from, and that the text is your own (or its licence).\n";
    for (file, text) in [(input, ""), (expected, ""), (note, words)] {
        std::fs::write(folder.join(file), text)?;
    }
    println!(
        "Made {}: fill in {input}, {expected} and {note}.",
        folder.display()
    );
    Ok(())
}
