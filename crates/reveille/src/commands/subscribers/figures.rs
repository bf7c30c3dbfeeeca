//! `reveille subscribers figures`: growth, exits by reason and returned mail, month by month. Of single readers it tells
//! nothing, and whether they read is not known at all.

use reveille_model::{Month, Slug, SubscriberState};
use reveille_store::{
    figures::{self, Figures},
    reader_tally,
};

use crate::{app::App, commands::find_brief, print};

/// Months that are shown at most, the last ones: two years.
const MONTHS: usize = 24;
/// The steps of a bar, an eighth of a line each.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) async fn run(app: &App, slug: Option<&Slug>) -> anyhow::Result<()> {
    let brief = find_brief(app, slug).await?;
    let counted = reader_tally::count_states(&app.store, brief.id).await?;
    let count = |state: &SubscriberState| counted.get(state).copied().unwrap_or(0);
    let states = SubscriberState::ALL
        .iter()
        .map(|state| format!("{} {state}", count(state)));
    let states: Vec<String> = states.collect();
    print::line(format!("{}: {}", brief.brief.name, states.join(", ")))?;
    let by_month = figures::by_month(&app.store, brief.id).await?;
    let Some((first, _)) = by_month.first_key_value() else {
        return print::line("Nobody has come or gone yet.");
    };
    let (first, now) = (first.clone(), Month::of(app.now()));
    // A month in which nothing happened has its place, too.
    let all =
        std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= now);
    let months: Vec<(Month, Figures)> = all
        .map(|month| (month.clone(), by_month.get(&month).copied().unwrap_or_default()))
        .collect();
    let shown = &months[months.len().saturating_sub(MONTHS)..];
    print::line(print::table(
        &[
            "MONTH",
            "CAME",
            "LEFT",
            "COMPLAINED",
            "ERASED",
            "NO SUCH ADDRESS",
            "RETURNED FOR NOW",
        ],
        &shown.iter().map(row).collect::<Vec<_>>(),
    ))?;
    let of_months = |name: &str, of: fn(&Figures) -> u64| {
        let values: Vec<u64> = shown.iter().map(|(_, figures)| of(figures)).collect();
        plot(name, &values)
    };
    print::line(of_months("came", |figures| figures.came))?;
    print::line(of_months("went", |figures| {
        figures.left + figures.complained + figures.erased + figures.hard
    }))
}

fn row((month, figures): &(Month, Figures)) -> Vec<String> {
    let Figures {
        came,
        left,
        complained,
        erased,
        hard,
        soft,
    } = figures;
    let counts = [came, left, complained, erased, hard, soft].map(u64::to_string);
    [month.to_string()].into_iter().chain(counts).collect()
}

/// A line of bars, with what the full one stands for: each line has its own.
fn plot(name: &str, values: &[u64]) -> String {
    match values.iter().copied().max().unwrap_or(0) {
        0 => format!("{name:<9} nobody"),
        most => format!("{name:<9} {}  {most} a month at most", bars(values)),
    }
}

/// A bar for each value, the largest one full; nothing for none.
fn bars(values: &[u64]) -> String {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let bar = |value: &u64| match value {
        0 => ' ',
        value => {
            STEPS[usize::try_from((value * 8).div_ceil(most))
                .unwrap_or(8)
                .clamp(1, 8)
                - 1]
        }
    };
    values.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::{bars, plot};

    #[test]
    fn the_largest_value_has_a_full_bar_and_the_smallest_is_seen() {
        assert_eq!(bars(&[0, 1, 50, 100]), " ▁▄█");
        assert_eq!(bars(&[0, 0]), "  ");
        assert_eq!(bars(&[]), "");
    }

    #[test]
    fn a_plot_says_what_its_bars_stand_for() {
        assert_eq!(plot("came", &[2, 0, 4]), "came      ▄ █  4 a month at most");
        assert_eq!(plot("went", &[0, 0]), "went      nobody");
    }
}
