//! `reveille edition`: one day's brief, from draft to inbox.

mod forecast;
mod mailing;
mod proof;

use std::io::Read;

use anyhow::Context;
use reveille_brief::{Finding, Severity, render};
use reveille_desk::{Change, Right, Seen, Words, outlook};
use reveille_mail::Message;
use reveille_model::{
    Brief, Day, Edition, EditionState, Entry, MailFormat, Notice, NoticeKind, NoticeState, Slug,
};
use reveille_store::{briefs::StoredBrief, editions::StoredEdition};

use super::{clicks, find_brief, input};
use crate::{
    app::App,
    cli::{EditionCommand, Format, Reword, Which},
    editing, faces,
    jobs::{self, HandEdits},
    letters, print, wording,
};

pub(super) async fn run(app: &App, command: EditionCommand) -> anyhow::Result<()> {
    match command {
        EditionCommand::Compile { which, again } => compile(app, &which, again).await,
        EditionCommand::Show { which, format } => {
            let (brief, mut edition) = find(app, &which).await?;
            show(app, &brief.brief, &mut edition, format).await
        }
        EditionCommand::Update { file, which } => update(app, &which, &file).await,
        EditionCommand::Propose { number, which } => propose(app, &which, number).await,
        EditionCommand::Reword(options) => reword(app, options).await,
        EditionCommand::Approve { revision, which } => approve(app, &which, revision).await,
        EditionCommand::Recall { which } => {
            let (_, edition) = find(app, &which).await?;
            let open = jobs::recall(app, &edition).await?;
            print::line("Taken back: nobody has it, and its page is gone from the web.")?;
            report(&which, &open)
        }
        EditionCommand::Proof { to, brief, day } => proof::send(app, &Which { brief, day }, &to).await,
        EditionCommand::Send { which } => mailing::send(app, &which).await,
        EditionCommand::Forecast { which } => forecast::run(app, &which).await,
        EditionCommand::Clicks { which } => {
            let (brief, edition) = find(app, &which).await?;
            clicks::of_edition(app, &brief.brief, &edition).await
        }
        EditionCommand::Correct {
            number,
            text,
            headline,
            summary,
            send,
            which,
        } => {
            let right = Right::parse(&text, headline.as_deref(), summary.as_deref())?;
            mailing::correct(app, &which, number, &right, send).await
        }
        EditionCommand::List { brief } => list(app, brief.as_ref()).await,
    }
}

/// Who changes an edition by a command.
const BY_COMMAND: &str = "the command line";

pub(super) async fn find(app: &App, which: &Which) -> anyhow::Result<(StoredBrief, StoredEdition)> {
    let brief = find_brief(app, which.brief.as_ref()).await?;
    let day = which.day.unwrap_or_else(|| app.now().day(&brief.brief.zone));
    let edition = reveille_store::editions::find_by_day(&app.store, brief.id, day).await?;
    let edition = edition.with_context(|| match which.day.is_none() && !brief.brief.comes_out_on(day) {
        true => not_today(&brief.brief, day),
        false => {
            let slug = &brief.brief.slug;
            format!("there is no edition of {day} yet: `reveille edition compile {slug} --day {day}`")
        }
    })?;
    Ok((brief, edition))
}

/// Why there is no edition of a day, and what to do.
fn not_today(brief: &Brief, day: Day) -> String {
    format!(
        "{} does not come out on {}, and next on {} (`days` and `skip` of its plan); `--day` names an edition of another day",
        brief.name,
        day.long(),
        brief.next_day(day).long()
    )
}

async fn compile(app: &App, which: &Which, again: bool) -> anyhow::Result<()> {
    let brief = find_brief(app, which.brief.as_ref()).await?;
    let day = which.day.unwrap_or_else(|| app.now().day(&brief.brief.zone));
    anyhow::ensure!(
        which.day.is_some() || brief.brief.comes_out_on(day),
        not_today(&brief.brief, day)
    );
    let edits = if again { HandEdits::Lose } else { HandEdits::Keep };
    let edition = jobs::compile(app, &brief, day, edits).await?;
    anyhow::ensure!(
        !edition.is_edited_draft(),
        "the edition of {day} was edited by hand and stays as it is; `--again` makes it anew, and loses what was edited"
    );
    report(which, &edition)
}

/// Takes an editor's edit of an open edition: of the one that the file names.
async fn update(app: &App, which: &Which, file: &str) -> anyhow::Result<()> {
    let mut text = String::new();
    let (mut opened, _) = input::open(file)?;
    let name = input::name(file);
    opened
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {name}"))?;
    let edited = render::from_json(&text).with_context(|| {
        format!("{name} is no edition as `reveille edition show --format json` prints it")
    })?;
    let named = Which {
        brief: which.brief.clone().or_else(|| Some(edited.slug.clone())),
        day: which.day.or(Some(edited.day)),
    };
    let (_, stored) = find(app, &named).await?;
    report(which, &jobs::update(app, &stored, edited, BY_COMMAND).await?)
}

async fn find_entry(app: &App, which: &Which, number: usize) -> anyhow::Result<(StoredEdition, Entry)> {
    let (_, stored) = find(app, which).await?;
    let entry = stored
        .edition
        .entries()
        .find(|entry| entry.number == number)
        .cloned();
    let day = stored.edition.day;
    let entry = entry.with_context(|| format!("the edition of {day} has no entry {number}"))?;
    Ok((stored, entry))
}

/// Shows what a model proposes for an entry beside what the entry and its article say.
async fn propose(app: &App, which: &Which, number: usize) -> anyhow::Result<()> {
    let (stored, entry) = find_entry(app, which, number).await?;
    let offer = wording::propose(app, stored.id, entry.key()).await?;
    print::line(format!(
        "Entry {number} says:\n  {}\n  {}\n{} proposes:\n  {}\n  {}\nThe article: {}",
        entry.headline, entry.summary, offer.model, offer.headline, offer.summary, entry.link
    ))?;
    for found in offer.faults.iter().chain(&offer.doubts) {
        print::line(format!("  {found}"))?;
    }
    if !offer.faults.is_empty() {
        return print::line("So it cannot be used. Nothing was changed.");
    }
    print::line(format!(
        "Nothing was changed. Once you have read it:\n  reveille edition reword {number} {} --headline {} --summary {} --model {}",
        named(which, &stored),
        quoted(&offer.headline),
        quoted(&offer.summary),
        quoted(&offer.model)
    ))
}

/// Sets the words of an entry; those that are not given stay.
async fn reword(app: &App, options: Reword) -> anyhow::Result<()> {
    let (stored, entry) = find_entry(app, &options.which, options.number).await?;
    let words = Words {
        headline: options.headline.unwrap_or_else(|| entry.headline.clone()),
        summary: options.summary.unwrap_or_else(|| entry.summary.clone()),
        model: options.model,
        language: options.language,
    };
    let seen = Seen {
        edition: stored.id,
        revision: stored.revision,
    };
    let reword = Change::Reword(entry.key(), words);
    report(
        &options.which,
        &editing::change(app, seen, reword, BY_COMMAND).await?,
    )
}

/// Lets an edition go out: of this revision and no other, where one is named.
async fn approve(app: &App, which: &Which, revision: Option<u32>) -> anyhow::Result<()> {
    let (brief, edition) = find(app, which).await?;
    if let Some(revision) = revision {
        jobs::ensure_seen(app, &edition, revision).await?;
    }
    jobs::approve(app, &edition).await?;
    let day = edition.edition.day;
    print::line(format!(
        "Approved the edition of {day}. `reveille edition send {}`, or `reveille serve`, delivers it.",
        named(which, &edition)
    ))?;
    let warnings = forecast::warnings(app, &brief, day).await?;
    warnings.into_iter().try_for_each(print::line)
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// What a command has to say to mean this edition: its brief, and the day where it was given.
fn named(which: &Which, edition: &StoredEdition) -> String {
    match which.day {
        Some(_) => exactly(edition),
        None => edition.edition.slug.to_string(),
    }
}

/// What a command has to say to mean this edition and no later one.
pub(super) fn exactly(edition: &StoredEdition) -> String {
    outlook::exactly(&edition.edition.slug, edition.edition.day)
}

/// What was found in an edition, and what to do next.
fn report(which: &Which, edition: &StoredEdition) -> anyhow::Result<()> {
    let entries = print::count(edition.edition.entries().count(), "entry");
    for finding in findings(edition)? {
        print::line(format!("  {finding}"))?;
    }
    let next = match edition.state {
        EditionState::Draft => "its faults must be mended before it can be approved".to_owned(),
        EditionState::Checked => {
            let named = named(which, edition);
            format!(
                "`reveille edition show {named}` prints it, `reveille edition approve {named}` lets it go out"
            )
        }
        EditionState::Approved | EditionState::Sent | EditionState::Corrected => {
            "it was approved before and stays as it was".to_owned()
        }
    };
    print::line(format!(
        "{}, {}: {entries}, {} ({}); {next}.",
        edition.edition.name,
        edition.edition.day,
        edition.state,
        render::length(&edition.edition)
    ))
}

fn findings(edition: &StoredEdition) -> anyhow::Result<Vec<String>> {
    let findings: Vec<Finding> = serde_json::from_str(&edition.findings)?;
    let told = |finding: &Finding| {
        let severity = if finding.severity == Severity::Fault {
            "fault"
        } else {
            "warning"
        };
        let entry = finding
            .entry
            .map_or(String::new(), |number| in_entry(&edition.edition, number));
        format!("{severity}{entry}: {}", finding.text)
    };
    Ok(findings.iter().map(told).collect())
}

/// " in entry 3"; where readers have no such number, commands take it all the same.
fn in_entry(edition: &Edition, number: usize) -> String {
    let name = edition.name_of(number);
    match edition.is_quotable(number) {
        true => format!(" in {name}"),
        false => format!(" in {name} (entry {number} to commands)"),
    }
}

async fn show(app: &App, brief: &Brief, edition: &mut StoredEdition, format: Format) -> anyhow::Result<()> {
    edition.edition.changes = reveille_store::notices::changes(&app.store, edition.id).await?;
    edition.edition.revision = edition.revision;
    let edition = &*edition;
    let text = match format {
        Format::Text => render::text(&edition.edition),
        Format::Markdown => render::markdown(&edition.edition),
        Format::Json => render::json(&edition.edition),
        Format::Html => {
            let links = letters::links(app, brief, edition, letters::NOBODY);
            render::html_mail(&edition.edition, &links, &app.templates)?
        }
        // The last of its lines ends in CRLF, too.
        Format::Eml => {
            let mail = reveille_mail::build(&sample(app, brief, edition)?);
            return print::exactly(&mail.into_bytes());
        }
        Format::Pdf => return print_pdf(edition),
        Format::Epub => {
            let url = letters::links(app, brief, edition, letters::NOBODY).edition;
            return print::file(&render::epub(&edition.edition, &url)?, "edition.epub");
        }
    };
    print::line(text.trim_end())?;
    if matches!(format, Format::Text) {
        for finding in findings(edition)? {
            eprintln!("{finding}");
        }
        for line in notices(app, edition).await? {
            eprintln!("{line}");
        }
    }
    Ok(())
}

/// Prints the file for print, and tells what this machine has no font for.
fn print_pdf(edition: &StoredEdition) -> anyhow::Result<()> {
    let pdf = render::pdf(&edition.edition, faces::faces)?;
    if !pdf.unset.is_empty() {
        let signs: String = pdf.unset.iter().take(20).collect();
        eprintln!(
            "No font of this machine has {} of the signs, such as {signs}; “[…]” stands for them. Install one for their \
             script (on Debian fonts-noto-core or fonts-noto-cjk), and print it again.",
            pdf.unset.len()
        );
    }
    print::file(&pdf.bytes, "edition.pdf")
}

/// What became of its entries' articles since it was compiled, each with what the entry said and says.
async fn notices(app: &App, edition: &StoredEdition) -> anyhow::Result<Vec<String>> {
    let notices = reveille_store::notices::list(&app.store, edition.id).await?;
    let mut lines: Vec<String> = notices.iter().flat_map(notice_lines).collect();
    for (id, notice) in reveille_store::notices::corrections(&app.store, edition.id).await? {
        let tally = reveille_store::deliveries::tally(&app.store, id).await?;
        if !tally.is_empty() {
            let number = notice.before.number;
            lines.push(format!(
                "correction of entry {number} mailed at {}: {}",
                notice.at,
                jobs::in_words(&tally)
            ));
        }
    }
    Ok(lines)
}

fn notice_lines(notice: &Notice) -> Vec<String> {
    let (number, before) = (notice.before.number, &notice.before);
    let said = notice
        .note
        .as_ref()
        .map(|note| format!(" ({note})"))
        .unwrap_or_default();
    let (kind, state) = (told(notice), notice.state);
    let mut lines = vec![format!(
        "{state}, entry {number}: “{}” {kind} at {}{said}",
        before.headline, notice.at
    )];
    let Some(after) = &notice.after else { return lines };
    for (name, old, new) in [
        ("headline", before.headline.clone(), after.headline.clone()),
        ("credit", before.credit.to_string(), after.credit.to_string()),
        ("summary", before.summary.clone(), after.summary.clone()),
        ("marks", before.marks.join(", "), after.marks.join(", ")),
        (
            "corrections",
            before.corrections.join(" "),
            after.corrections.join(" "),
        ),
    ] {
        if old != new {
            lines.push(format!(
                "  {name}: {}",
                reveille_brief::marked(&reveille_brief::words(&old, &new))
            ));
        }
    }
    lines
}

/// "The ferry sank" was withdrawn.
fn told(notice: &Notice) -> &'static str {
    match notice.kind {
        _ if notice.state == NoticeState::Corrected => "was corrected by an editor",
        NoticeKind::Changed => "was changed at its source",
        NoticeKind::Withdrawn => "was withdrawn",
        NoticeKind::Withheld => "is not to be used for now",
        NoticeKind::Missing => "is no longer on its page",
    }
}

/// Editions that are listed.
const LISTED: u32 = 60;

/// The mail as its sender would get it.
fn sample(app: &App, brief: &Brief, edition: &StoredEdition) -> anyhow::Result<Message> {
    let own = app.config.mail.from_address.clone();
    let message_id = format!(
        "{}.{}.sample@{}",
        edition.edition.slug,
        edition.edition.day,
        own.domain()
    );
    let reader = letters::Reader {
        email: own,
        format: MailFormat::Html,
        token: letters::NOBODY.to_owned(),
        message_id,
    };
    Ok(letters::Printed::new(app, brief, edition.clone(), &[])?.to(app, &reader))
}

/// "sent", or "sent, needs correction".
async fn state(app: &App, edition: &StoredEdition) -> anyhow::Result<String> {
    let notices = reveille_store::notices::list(&app.store, edition.id).await?;
    let wrong = |notice: &Notice| notice.state == NoticeState::NeedsCorrection;
    Ok(if notices.iter().any(wrong) {
        format!("{}, {}", edition.state, NoticeState::NeedsCorrection)
    } else {
        edition.state.to_string()
    })
}

async fn list(app: &App, slug: Option<&Slug>) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let mut table = Vec::new();
    for edition in reveille_store::editions::list(&app.store, brief.id, LISTED).await? {
        let tally = reveille_store::deliveries::tally(&app.store, edition.id).await?;
        let entries = edition.edition.entries().count();
        let deliveries = if edition.state.is_open() {
            "–".to_owned()
        } else {
            jobs::in_words(&tally)
        };
        table.push(vec![
            edition.edition.day.to_string(),
            state(app, &edition).await?,
            entries.to_string(),
            deliveries,
        ]);
    }
    match table.as_slice() {
        [] => print::line(format!(
            "No edition yet: `reveille edition compile {}`.",
            brief.brief.slug
        )),
        rows => print::line(print::table(&["DAY", "STATE", "ENTRIES", "DELIVERIES"], rows)),
    }
}
