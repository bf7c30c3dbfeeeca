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

/// What stands in every plan.
const KEYS: &str = r#"# In every plan:
#   name         what stands above each edition, and in its sender's name; `slug` is its short name in addresses, and stays
#   description  a sentence about it, for the sign-up page
#   language     in which it speaks to its readers: "en", "de", "fr" or "es"
#   access       "public": anybody may read it and sign up; "named": its pages answer nobody, and you enter its readers
#   send_at      when it reaches readers, on their own clock
#   lead_minutes so many minutes before `send_at`, on the clock of `zone`, an edition is compiled; 2880 at most
#   zone         the editors' time zone, which says what day it is
#   approval     "manual": somebody approves each edition; "automatic": one approves itself where the checks find no fault
#   if_unknown   what becomes of a message that the mail server gave no answer to: "resend" (it goes out once more after ten minutes),
#                "hold" (it waits for your word) or "reconcile" (the mail server's log decides: `mail.relay_log`)
#   tell_missed  true: who missed an edition is told so in the next one; or false
#   top          so many stories stand first, before the sections
#   bylines      true: credits also name who stands above the article; or false
#   clicks       true: it is counted how often each entry's link is followed, never per reader; or false
#   consent      the sentence that readers agree to when signing up
"#;

const EVENTS_BEGIN: &str = "\n[events]\n";

/// When an event gets a section of its own.
const EVENTS: &str = "\
#   most         so many sections of events open by themselves at the same time; 0: none
#   newsrooms    a story opens one that so many newsrooms reported on their own in one night …
#   mornings     … or that the brief tells of on so many mornings
#   quiet_days   it ends when so many days pass without anything new
#   limit        it has at most so many entries
";

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
    if let Some(at) = written.find(EVENTS_BEGIN) {
        written.insert_str(at + EVENTS_BEGIN.len(), EVENTS);
    }
    written.insert_str(0, &format!("{unset}{KEYS}"));
    Ok(written)
}
