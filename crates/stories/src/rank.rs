//! How much a story matters on one morning, and why.

use std::{f64::consts::LN_2, iter};

use reveille_model::{Fact, Reason, UnixMillis, Zone};

const HOUR: f64 = 3_600_000.0;
/// A story falls to half its newness in so many hours.
const HALF_LIFE: f64 = 12.0;
/// Hours that count as "just now" when a story's pace is judged.
pub const RECENT_HOURS: i64 = 3;

/// What a story's rank is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Newsrooms that wrote of it themselves.
    pub independent: usize,
    /// Its articles, copies included.
    pub articles: usize,
    /// Those of its articles that carry another's text.
    pub copies: usize,
    /// Those of its articles that came within the last [`RECENT_HOURS`].
    pub recent: usize,
    /// Its earliest article.
    pub first: UnixMillis,
    /// Its latest article.
    pub last: UnixMillis,
    /// The best weight that the editor gave one of its sources; 1 is usual.
    pub weight: f64,
    /// The sections of the brief about whose topics, keywords or places it is.
    pub interests: Vec<String>,
    /// 1 for a story that no edition held yet, 0 for one that was sent and has nothing new.
    pub novelty: f64,
}

/// A story's rank at `now`, higher first, with its reasons as editors are shown them; clock times are those of
/// `zone`. The rank is the sum of the reasons' weights.
#[must_use]
pub fn rank(facts: &Facts, now: UnixMillis, zone: &Zone) -> (f64, Vec<Reason>) {
    let interests = facts.interests.iter();
    let reasons: Vec<Reason> = iter::once(newsrooms(facts.independent))
        .chain(copies(facts.copies))
        .chain([newness(facts, now, zone)])
        .chain(rising(facts))
        .chain(interests.map(|section| inside(format!("of interest: {section}"), 1.0)))
        .chain(known(facts.novelty))
        .chain(of_source(facts.weight))
        .collect();
    (reasons.iter().map(|reason| reason.weight).sum(), reasons)
}

/// A reason that is a fact of the story.
fn of_fact(text: String, weight: f64, fact: Fact) -> Reason {
    Reason {
        text,
        fact: Some(fact),
        weight,
        inside: false,
    }
}

/// A reason that is of what editors think or printed before.
fn inside(text: String, weight: f64) -> Reason {
    Reason {
        text,
        fact: None,
        weight,
        inside: true,
    }
}

fn newsrooms(independent: usize) -> Reason {
    let count = independent.max(1);
    let noun = if count == 1 { "newsroom" } else { "newsrooms" };
    let weight = 2.0 * (1.0 + count as f64).log2();
    of_fact(format!("{count} {noun}"), weight, Fact::Newsrooms { count })
}

fn copies(count: usize) -> Option<Reason> {
    let noun = if count == 1 { "copy" } else { "copies" };
    let weight = 0.5 * (1.0 + count as f64).log2();
    (count > 0).then(|| of_fact(format!("{count} {noun}"), weight, Fact::Copies { count }))
}

/// Its latest article says how new it is; the words tell when its first one came.
fn newness(facts: &Facts, now: UnixMillis, zone: &Zone) -> Reason {
    let age = (now.since(facts.last) as f64 / HOUR).max(0.0);
    let weight = 2.0 * (-age / HALF_LIFE * LN_2).exp();
    let first = facts.first.civil(zone);
    let time = first.strftime("%H:%M").to_string();
    let day = Some(facts.first.day(zone)).filter(|day| *day != now.day(zone));
    let when = match day {
        None => format!("first {time}"),
        // A night begins the day before; a weekday says that shorter than a date.
        Some(_) => first.strftime("first %a %H:%M").to_string(),
    };
    of_fact(when, weight, Fact::First { time, day })
}

/// Most of its articles came just now.
fn rising(facts: &Facts) -> Option<Reason> {
    let before = facts.articles.saturating_sub(facts.recent);
    let is_rising = facts.recent >= 2 && facts.recent > before;
    is_rising.then(|| of_fact("rising".to_owned(), 1.0, Fact::Rising))
}

/// How much of it readers know already; nothing where the novelty is no number.
fn known(novelty: f64) -> Option<Reason> {
    let known = 1.0 - novelty.clamp(0.0, 1.0);
    let text = if known > 0.5 {
        "sent before"
    } else {
        "follows an earlier entry"
    };
    (known > 0.0).then(|| inside(text.to_owned(), -6.0 * known))
}

/// What the editor thinks of the source, where it is anything.
fn of_source(weight: f64) -> Option<Reason> {
    let text = if weight > 1.0 {
        "preferred source"
    } else {
        "lesser source"
    };
    let told = weight.is_finite() && (weight - 1.0).abs() > 1e-9;
    told.then(|| inside(text.to_owned(), 2.0 * weight.clamp(0.1, 10.0).log2()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            independent: 9,
            articles: 16,
            copies: 5,
            recent: 10,
            first: "2031-03-10T04:12:00Z".parse().unwrap(),
            last: "2031-03-10T05:40:00Z".parse().unwrap(),
            weight: 1.0,
            interests: vec!["harbour".to_owned()],
            novelty: 1.0,
        }
    }

    fn at(facts: &Facts) -> (f64, Vec<String>) {
        let (score, reasons) = rank(facts, "2031-03-10T06:00:00Z".parse().unwrap(), &Zone::UTC);
        (score, reasons.into_iter().map(|reason| reason.text).collect())
    }

    #[test]
    fn reasons_read_as_readers_are_shown_them() {
        let texts = at(&facts()).1;
        assert_eq!(
            texts,
            [
                "9 newsrooms",
                "5 copies",
                "first 04:12",
                "rising",
                "of interest: harbour"
            ]
        );
        let earlier = Facts {
            first: "2031-03-09T22:00:00Z".parse().unwrap(),
            ..facts()
        };
        assert_eq!(at(&earlier).1[2], "first Sun 22:00");
        let berlin = "Europe/Berlin".parse().unwrap();
        assert_eq!(rank(&facts(), facts().last, &berlin).1[2].text, "first 05:12");
    }

    #[test]
    fn each_fact_moves_the_rank_its_way() {
        let base = at(&facts()).0;
        assert!(
            at(&Facts {
                independent: 3,
                articles: 8,
                ..facts()
            })
            .0 < base
        );
        assert!(
            at(&Facts {
                independent: 1,
                copies: 13,
                ..facts()
            })
            .0 < base,
            "copies are no reports"
        );
        assert!(
            at(&Facts {
                interests: Vec::new(),
                ..facts()
            })
            .0 < base
        );
        assert!(
            at(&Facts {
                novelty: 0.0,
                ..facts()
            })
            .0 < base
        );
        assert!(
            at(&Facts {
                weight: 2.0,
                ..facts()
            })
            .0 > base
        );
        assert!(
            at(&Facts {
                last: "2031-03-09T05:40:00Z".parse().unwrap(),
                ..facts()
            })
            .0 < base
        );
    }

    #[test]
    fn absurd_facts_still_give_a_number() {
        let absurd = Facts {
            independent: 0,
            articles: 0,
            copies: 0,
            recent: 7,
            first: UnixMillis(i64::MAX),
            last: UnixMillis(i64::MIN),
            weight: f64::NAN,
            interests: Vec::new(),
            novelty: f64::NAN,
        };
        assert!(at(&absurd).0.is_finite());
    }
}
