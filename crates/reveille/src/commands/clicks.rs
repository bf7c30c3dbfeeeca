//! `reveille brief clicks` and `reveille edition clicks`: how often links of mails were followed.

use reveille_model::{Brief, BriefId, Day};
use reveille_store::{briefs, clicks, editions::StoredEdition};

use crate::{app::App, print};

/// Editions that are listed: four weeks of a daily brief.
const EDITIONS: u32 = 28;
/// The length of the longest bar, in characters.
const LONGEST: u64 = 24;

/// By edition, newest first.
pub(super) async fn of_brief(app: &App, id: BriefId) -> anyhow::Result<()> {
    if let Some(stored) = briefs::find(&app.store, id).await? {
        let how = match stored.brief.counts_clicks() {
            true => "counted, per entry and never per reader",
            false => "not counted (`--count` does)",
        };
        print::line(format!("{}: clicks are {how}.", stored.brief.name))?;
    }
    let editions = clicks::of_brief(&app.store, id, EDITIONS).await?;
    let most = editions.iter().map(|(_, clicks)| *clicks).max().unwrap_or(0);
    let row = |(day, clicks): &(Day, u64)| vec![day.to_string(), clicks.to_string(), bar(*clicks, most)];
    let rows: Vec<_> = editions.iter().map(row).collect();
    match most {
        0 => Ok(()),
        _ => print::line(print::table(&["EDITION", "CLICKS", ""], &rows)),
    }
}

/// By entry, in the order of the edition.
pub(super) async fn of_edition(app: &App, brief: &Brief, edition: &StoredEdition) -> anyhow::Result<()> {
    let counted = clicks::of_edition(&app.store, edition.id).await?;
    if counted.is_empty() && !brief.counts_clicks() {
        return print::line(format!(
            "{} does not count clicks: `reveille brief clicks {} --count` has them counted from the next edition on.",
            brief.name, brief.slug
        ));
    }
    let (total, most) = (counted.values().sum::<u64>(), counted.values().max());
    let most = most.copied().unwrap_or(0);
    let rows: Vec<_> = edition
        .edition
        .entries()
        .map(|entry| {
            let clicks = counted.get(&entry.number).copied().unwrap_or(0);
            vec![
                entry.number.to_string(),
                clicks.to_string(),
                bar(clicks, most),
                entry.headline.clone(),
            ]
        })
        .collect();
    let total = print::count(total, "click");
    print::line(format!("{}: {total} in its mails", edition.edition.day))?;
    print::line(print::table(&["ENTRY", "CLICKS", "", "HEADLINE"], &rows))
}

/// A bar whose length is its share of the most. Whatever was counted is seen.
fn bar(clicks: u64, most: u64) -> String {
    let length = (clicks * LONGEST).div_ceil(most.max(1));
    "█".repeat(usize::try_from(length).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn the_most_has_the_longest_bar_and_one_click_is_seen() {
        assert_eq!(bar(0, 0), "");
        assert_eq!(bar(1, 1_000_000), "█");
        assert_eq!(bar(5, 10).chars().count(), 12);
        assert_eq!(bar(10, 10).chars().count(), 24);
    }
}
