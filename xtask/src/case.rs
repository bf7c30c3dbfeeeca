//! `cargo xtask new-case`: a case is a folder with its input, what is expected, and a note on where it is from.

use anyhow::{Context, ensure};

/// Crates that keep cases, and the name of the input file there.
const KEEPERS: [(&str, &str); 4] = [
    ("feed", "input.xml"),
    ("extract", "input.html"),
    ("stories", "input.jsonl"),
    ("brief", "input.txt"),
];

pub(crate) fn new(krate: &str, name: &str) -> anyhow::Result<()> {
    let keepers = KEEPERS.map(|(name, _)| name).join(", ");
    let (_, input) = KEEPERS
        .into_iter()
        .find(|(keeper, _)| *keeper == krate)
        .with_context(|| format!("`{krate}` keeps no cases (these do: {keepers})"))?;
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    ensure!(
        plain && !name.is_empty(),
        "`{name}`: name a case by lower-case words with hyphens, for example `bare-ampersand`"
    );
    let folder = crate::root()
        .join("crates")
        .join(krate)
        .join("tests/cases")
        .join(name);
    ensure!(!folder.exists(), "{} is there already", folder.display());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let note =
        "What is odd here, where such input comes from, and that the text is your own (or its licence).\n";
    for (file, text) in [(input, ""), ("expected.json", "{}\n"), ("note.md", note)] {
        std::fs::write(folder.join(file), text)?;
    }
    println!(
        "Made {}: fill in {input}, expected.json and note.md.",
        folder.display()
    );
    Ok(())
}
