//! What is told of an event from several sides in one night.

#![expect(
    clippy::unwrap_used,
    reason = "sample data that does not parse must fail the test"
)]

use std::collections::BTreeMap;

use reveille_model::{ArticleId, ArticleKind};
use reveille_stories::{Doc, Folding, Options, fold};

/// The first five are about one flood, the last two fill one form.
const NIGHT: [(&str, &str); 11] = [
    (
        "Hundreds brought out by boat as the Orrel floods Marwick",
        "The river Orrel rose over its banks at Marwick on Monday night, and boats brought out 340 people from the lower town.\n\
         The dam at Tolverton held, but its keepers opened the sluices at eleven, an hour after the warning.\n\
         Two men are missing in Mill Street, said fire chief Ada Brune, who had sixty boats on the water by midnight.\n\
         The school on Castle Hill took in those who had nowhere to go; the army will bring tents in the morning.",
    ),
    (
        "Marwick counts what the Orrel took",
        "Mud stood a yard deep in the shops of Mill Street when the Orrel went down on Tuesday.\n\
         The flood in Marwick wrecked 1,200 houses, the bridge to Castle Hill and the only bakery of the lower town, the council counted by noon.\n\
         Power will be out for a week: the station stands below the Tolverton dam and was under water until six.\n\
         Whoever lost a home may sleep in the school, where the cooks have made soup since four.",
    ),
    (
        "Water minister resigns over the late warning at Tolverton",
        "Water minister Jonas Keld resigned on Tuesday over the flood in Marwick, whose lower town was warned an hour before the sluices opened.\n\
         His office had known since noon that the dam at Tolverton would not take more of the Orrel, the premier said in parliament.\n\
         Keld said that he had trusted a gauge which failed. The opposition wants to hear the keepers of the dam, too.\n\
         It is the third resignation of the premier's second year.",
    ),
    (
        "Insurers expect to pay 400 million crowns for the flood in Marwick",
        "The flood of the Orrel will cost insurers about 400 million crowns, their association reckoned on Tuesday.\n\
         Most houses in the lower town of Marwick are not insured against a flood, since premiums rose after the dam at Tolverton was cut in height.\n\
         Shares of Northern Mutual fell by six in the hundred. It insures the power station and the bridge to Castle Hill.",
    ),
    (
        "Map: where the Orrel left its banks",
        "Our map shows how far the Orrel came into Marwick between ten at night and six in the morning.\n\
         The lower town lies two yards below Castle Hill; Mill Street was the first to go, the station below the Tolverton dam the last.\n\
         Blue is the flood of Monday, grey that of forty years ago.",
    ),
    (
        "Stallholders vote to open on Sundays",
        "Stallholders of the covered market in Venn voted to open on Sundays, by forty votes to thirty-two.\n\
         The fishmongers, who buy at the harbour before dawn and sleep on Sundays, were against it to a man.\n\
         The town will run a tram to the hall from ten o'clock, and the baker's row wants to share the cost of a second.",
    ),
    (
        "Last lighthouse keeper leaves Skarn",
        "The keeper of the Skarn lighthouse will leave it in June, the last on this coast to go.\n\
         From then on the lamp is watched from Ostrand, eighty miles to the south, by two men and a screen.\n\
         Ilse Varga kept it for thirty-one years and missed nine nights, all of them for weddings.",
    ),
    (
        "Drought empties the reservoirs of Sul",
        "For the third month no rain fell in Sul, and the reservoirs hold a tenth of what they should, the water office said.\n\
         Farmers at the dam of Pell drove their cattle to the coast. A flood is what they pray for, one of them said.\n\
         The minister of farming promised hay.",
    ),
    (
        "Premier names her budget",
        "The premier laid her budget before parliament on Tuesday: schools get more, roads less.\n\
         The opposition called it thin. A vote is due in June, before the summer.\n\
         Taxes on tobacco rise by a tenth, and the railway to Venn is put off again.",
    ),
    (
        "Harbour office: warning of gales for Alderport and the Kestrel channel",
        "The harbour office has issued a warning of gales for Alderport and the Kestrel channel, in force from 4 o'clock to 11 o'clock on Tuesday.\n\
         Who need not put out should stay in port, and boats lying in the open roads should be moved behind the mole.\n\
         The office will look at this notice again at 9 o'clock and lift it or let it stand.\n\
         Gusts of forty knots may come where the channel narrows.\n\
         The office answers calls on the number that hangs at every harbour master's door, and on the radio every full hour.",
    ),
    (
        "Harbour office: warning of fog for Northport and the Saltholm ferry",
        "The harbour office has issued a warning of fog for Northport and the Saltholm ferry, in force from 2 o'clock to 8 o'clock on Tuesday.\n\
         Who need not put out should stay in port, and boats lying in the open roads should be moved behind the mole.\n\
         The office will look at this notice again at 7 o'clock and lift it or let it stand.\n\
         Nobody will see farther than two boats' lengths until the sun is up.\n\
         The office answers calls on the number that hangs at every harbour master's door, and on the radio every full hour.",
    ),
];

/// The night with each text a story by itself, as are those that many others tell too.
fn folded(day: impl Fn(usize) -> &'static str) -> Folding {
    let doc = |(at, (title, text)): (usize, &(&str, &str))| Doc {
        id: ArticleId(at as i64),
        source: format!("paper{at}.example"),
        carrier: format!("Paper {at}"),
        url: format!("https://paper{at}.example/").parse().unwrap(),
        canonical: None,
        at: format!("{}T04:{at:02}:00Z", day(at)).parse().unwrap(),
        title: (*title).to_owned(),
        text: (*text).to_owned(),
        origins: Vec::new(),
        kind: ArticleKind::News,
        weight: 1.0,
    };
    let docs: Vec<Doc> = NIGHT.iter().enumerate().map(doc).collect();
    let options = Options {
        join: 1e9,
        ..Options::default()
    };
    fold(&docs, &options)
}

/// Who stands beside each, in the order of their ids.
fn beside(folding: &Folding) -> BTreeMap<i64, Vec<i64>> {
    let others = |story: &reveille_stories::Story| {
        assert!(
            story.beside.is_sorted_by(|a, b| a.likeness >= b.likeness),
            "{story:?}"
        );
        let mut others: Vec<i64> = story.beside.iter().map(|beside| beside.lead.0).collect();
        others.sort_unstable();
        others
    };
    folding
        .stories
        .iter()
        .map(|story| (story.lead.0, others(story)))
        .collect()
}

#[test]
fn what_a_flood_brings_stands_beside_it_and_nothing_else_does() {
    let told = beside(&folded(|_| "2031-03-10"));
    let (flood, others) = (0..5_i64, 5..NIGHT.len() as i64);
    for story in flood.clone() {
        assert!(!told[&story].is_empty(), "{story}: {told:?}");
        assert!(told[&story].iter().all(|other| flood.contains(other)), "{told:?}");
        assert!(
            told[&story].iter().all(|other| told[other].contains(&story)),
            "{told:?}"
        );
    }
    assert_eq!(told[&1], [0, 2, 3, 4], "the damage is like all others");
    for story in others {
        assert!(told[&story].is_empty(), "{story}: {told:?}");
    }
}

#[test]
fn what_came_another_night_does_not_stand_beside_it() {
    let told = beside(&folded(|at| if at == 4 { "2031-03-12" } else { "2031-03-10" }));
    assert!(told[&4].is_empty(), "{told:?}");
    assert_eq!(told[&1], [0, 2, 3]);
}
