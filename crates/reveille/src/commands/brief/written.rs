//! A plan as a file that a person reads and edits.

use reveille_model::{Brief, Numbering};

/// What a section may say; most say little of it.
const RULES: &str = r#"# A story belongs to a section of which it meets all the rules, each by any of its words:
#   keywords   words of its headline and first paragraphs, also with a usual ending ("bank": "banks"); for compounds, *
#              stands for any letters ("*bank": "Notenbank", "bank*": "Bankenaufsicht")
#   topics     what its source's feed or its page files it under, such as ["Defence", "Verteidigung"]: categories, tags and sections,
#              each whole, in any case
#   sources    names of those who carried or wrote it
#   places     names that its dateline, headline or first paragraph holds, as keywords
#   languages  what it is written in, such as "en"
#   kinds      news, opinion (or commentary), analysis, live, gallery, video, correction, stub (what stands before a paywall)
# `kind`: "standing" (stories; the usual one), "opinion" (commentary and nothing else), "sponsored" (what was paid for) or
# "calendar" (what the day brings, in order of time); the last two hold what editors write. `numbering`: "continuous" (its
# entries count on through all sections that do), "own" (from 1) or "none"; without it that of the brief, in a calendar none.
# Of several sections, one with particular topics, sources, places, languages or kinds goes first; then the one whose
# keywords fit best, the earlier of equals; and a section without rules takes the rest. `limit`: at most so many entries.
"#;

/// A plan as TOML, in front of it as comments the keys that are not set: TOML has no word for nothing.
pub(super) fn written(plan: &Brief) -> anyhow::Result<String> {
    let unset = [
        (
            plan.audience.is_none(),
            r#"audience = "SEGMENT"  # the readers to whom it goes; now to all on its list"#,
        ),
        (
            plan.days.is_all(),
            r#"days = ["mon", "tue", "wed", "thu", "fri"]  # the days on which it comes out; now every day"#,
        ),
        (
            plan.skip.is_empty(),
            r#"skip = ["2026-12-25"]  # days on which it does not come out all the same; now none"#,
        ),
        (
            plan.sources.is_empty(),
            r#"sources = ["The Harbour Post"]  # carriers on whose articles it draws (`reveille sources list`); now all"#,
        ),
        (
            plan.languages.is_empty(),
            r#"languages = ["en", "de"]  # languages of the articles on which it draws; now all"#,
        ),
        (
            plan.numbering == Numbering::default(),
            r#"numbering = "none"  # before entries: "continuous", "own" (each section from 1) or "none"; now continuous"#,
        ),
        (
            plan.top_numbering.is_none(),
            r#"top_numbering = "own"  # the same before the first stories; now what `numbering` says"#,
        ),
        (
            plan.too_late.is_usual(),
            "too_late = \"11:00\"  # readers who have not got it by then miss it; now midnight, the end of its day; with \"never\" \
             it comes up to six hours late, and after that the next morning, under its own date",
        ),
        (
            plan.tips.is_none(),
            r#"tips = "tips@example.org"  # where readers' answers go; now to the sender"#,
        ),
        (
            plan.editors.is_empty(),
            r#"editors = ["editor@example.org"]  # who is mailed when an edition waits for approval or its mailing rests; now nobody"#,
        ),
        (
            plan.front.is_empty(),
            r#"front.greeting = "Good morning."  # stands before the first entry; `front.editor` signs it, `front.notes = ["…"]`
#   stand behind the last section, `front.sponsor = { name = "…", text = "…", link = "…" }` behind the first, marked"#,
        ),
    ];
    let unset = unset.into_iter().filter(|(is_unset, _)| *is_unset);
    let unset: String = unset.map(|(_, line)| format!("# {line}\n")).collect();
    let mut written = toml::to_string_pretty(plan)?;
    let at = written.find("[[sections]]").unwrap_or(written.len());
    written.insert_str(at, RULES);
    written.insert_str(0, &unset);
    Ok(written)
}
