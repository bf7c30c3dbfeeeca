//! What mail servers answered to many readers, told by what is common to them.

use std::{cmp::Reverse, collections::BTreeMap};

use reveille_store::{
    StoreError,
    deliveries::{self, Answers, Mailing},
};

use crate::{app::App, jobs::NONE_TAKEN, mask, print};

/// So many answers are told to a person …
const IN_TEXT: usize = 3;
/// … and so many to a program; the others are summed.
const IN_JSON: usize = 20;

/// An answer, and to how many readers it was given.
type Counted = (String, u64);

/// The same, most frequent answer first, where answers count as one that differ by what is of one reader only.
pub(super) fn grouped(answers: Answers) -> Answers {
    let mut readers = BTreeMap::<String, u64>::new();
    for (answer, count) in answers.given {
        *readers.entry(mask::answer(&answer)).or_default() += count;
    }
    let mut given: Vec<_> = readers.into_iter().collect();
    given.sort_by_key(|(_, count)| Reverse(*count));
    Answers { given, ..answers }
}

/// What waits of a mailing since the mail server takes such messages from nobody, grouped.
pub(in crate::commands) async fn waiting(app: &App, mailing: Mailing) -> Result<Answers, StoreError> {
    Ok(grouped(deliveries::waiting(&app.store, mailing).await?))
}

/// Whether of what waits nobody can say yet if the mail server's words speak of it: nothing else was taken.
pub(in crate::commands) fn is_unexplained(waiting: &Answers) -> bool {
    waiting
        .given
        .iter()
        .all(|(answer, _)| answer.contains(NONE_TAKEN))
}

/// How many readers these are, of whom that is true, and what most of them were answered; nothing where there are none.
pub(in crate::commands) fn in_text(answers: &Answers, what: &str) -> Vec<String> {
    let readers = answers.readers;
    if readers == 0 {
        return Vec::new();
    }
    let mut lines = vec![match answers.is_more {
        true => format!("{readers:>10} or more  {what}; of the first {readers}:"),
        false => format!("{readers:>10}  {what}:"),
    }];
    let (told, others) = first(answers, IN_TEXT);
    let line = |(answer, readers): &Counted| format!("{readers:>16}  {}", print::harmless(answer));
    lines.extend(told.iter().map(line));
    if !others.is_empty() {
        lines.push(format!(
            "{:>16}  had other answers: {}",
            sum(others),
            others.len()
        ));
    }
    lines
}

/// The same for programs.
pub(super) fn in_json(answers: &Answers) -> serde_json::Value {
    let (told, others) = first(answers, IN_JSON);
    let answer = |(answer, readers): &Counted| serde_json::json!({ "answer": answer, "readers": readers });
    serde_json::json!({
        "readers": answers.readers,
        "or_more": answers.is_more,
        "answers": told.iter().map(answer).collect::<Vec<_>>(),
        "others": { "answers": others.len(), "readers": sum(others) },
    })
}

/// So many of the answers, and the others.
fn first(answers: &Answers, most: usize) -> (&[Counted], &[Counted]) {
    answers.given.split_at(most.min(answers.given.len()))
}

fn sum(answers: &[Counted]) -> u64 {
    answers.iter().map(|(_, readers)| readers).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of so many answers, each to one reader.
    fn told(given: impl IntoIterator<Item = String>, is_more: bool) -> (Vec<String>, serde_json::Value) {
        let given: Vec<_> = given.into_iter().map(|answer| (answer, 1)).collect();
        let readers = given.len() as u64;
        let answers = grouped(Answers {
            readers,
            is_more,
            given,
        });
        (in_text(&answers, "were put off"), in_json(&answers))
    }

    #[test]
    fn answers_that_differ_by_an_id_are_one() {
        let later = (0..9_998).map(|id| format!("said no: 451 4.3.0 try later (queue id 3F{id}C)"));
        let busy = (0..2).map(|id| format!("said no: 451 4.7.1 <reader{id}@example.org> greylisted"));
        let (text, json) = told(busy.chain(later), true);
        let expected = [
            "     10000 or more  were put off; of the first 10000:",
            "            9998  said no: 451 4.3.0 try later (queue id …)",
            "               2  said no: 451 4.7.1 <…> greylisted",
        ];
        assert_eq!(text, expected);
        assert_eq!(json["answers"][0]["readers"], 9_998, "{json}");
        assert_eq!(
            json["others"],
            serde_json::json!({ "answers": 0, "readers": 0 }),
            "{json}"
        );
    }

    #[test]
    fn the_rest_is_summed() {
        let (text, json) = told(
            (b'a'..=b'z').map(|word| format!("451 {}", char::from(word))),
            false,
        );
        assert_eq!(text[0], "        26  were put off:");
        assert_eq!(text[4..], ["              23  had other answers: 23"]);
        assert_eq!(json["answers"].as_array().unwrap().len(), IN_JSON);
        assert_eq!(
            json["others"],
            serde_json::json!({ "answers": 6, "readers": 6 }),
            "{json}"
        );
        assert_eq!(told([], false).0, Vec::<String>::new());
    }
}
