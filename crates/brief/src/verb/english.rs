//! English, whose verbs share their endings with nouns in the plural and with participles.

use std::sync::LazyLock;

use super::{FOREIGN_WORDS, List, TITLE_WORDS, Verb, Word, list};

/// Always finite, unless "to" stands before.
static AUXILIARIES: LazyLock<List> = LazyLock::new(|| {
    list(
        "is are was were am has have had do does did will would can could may might must shall should cannot ain't it's \
         he's she's that's there's here's what's who's let's where's how's",
    )
});

/// Past forms that are seldom or never participles, and present ones that are seldom or never nouns.
static FINITE: LazyLock<List> = LazyLock::new(|| {
    list(
        "said beat went came gave took saw knew began ran wrote broke chose drove flew threw wore grew spoke fell rose drew ate \
         sang sank swam rode shook stole tore woke froze forgot became overcame withdrew stood sat felt meant slept fled \
         quit swept fought met won abode arose awoke befell begot beheld besought blew bore clung crept dealt dove drank \
         dreamt dwelt flung forbade forbore foresaw foretold forgave forsook hid knelt leapt misread \
         mistook misunderstood outbid outdid outgrew outran outshone overate overran overrode oversaw overslept \
         overthrew overtook partook rang redrew regrew reran retook rewrote shone shrank slew slid slunk smote \
         snuck sought spat sped sprang stank strode strove swore thrust trod underwent \
         undertook undid wept withstood wove got \
         says seems remains becomes comes goes lies sits takes makes gives gets keeps means provides includes contains \
         brings begins allows requires wants knows believes thinks continues depends tells sees loses explains \
         argues describes suggests reveals introduces involves consists appears happens exists arrives occurs serves \
         applies belongs sells sends pays meets grows opens warns urges accuses denies insists expects \
         agrees refuses decides announces confirms admits adds asks joins helps \
         started unfolded stemmed lasted died arrived appeared happened occurred remained agreed resigned collapsed returned emerged disappeared warned \
         voted protested argued continued failed refused decided tried wanted seemed existed lived worked talked looked \
         walked insisted vowed promised apologised apologized pleaded testified responded replied rejoiced survived \
         stayed belonged evolved declined dropped surged plunged soared climbed crashed exploded erupted joined hoped",
    )
});

/// Past forms that are participles as well; those in -ed are known by that.
static PARTICIPLES: LazyLock<List> = LazyLock::new(|| {
    list(
        "made found told left led held lost paid sold built brought bought caught taught kept sent spent thought put set cut \
         hit shut let dug fed hung lit struck stuck stung swung spun slung wound wrung overheard upheld withheld shot cost hurt split spread heard read laid bent bet bid bound burnt cast forecast learnt lent \
         input offset rebuilt recast remade rent repaid resold rethought retold rewon shed shod slain slit spelt spilt \
         spoilt sprung strung underlay undercut overcame wrought",
    )
});

/// What a verb is before it gets an ending, where it is seldom a noun as well.
static BARE: LazyLock<List> = LazyLock::new(|| {
    list(
        "be have do say make take go come get give find think know see want let keep begin run hold bring write sit stand \
         lose pay meet set sell build fall cut rise hit win lead spend grow speak leave feel become show need use try ask \
         work call plan help turn start mean tell put send draw break choose drive fly throw wear catch teach buy fight \
         accuse agree allow announce appear arrive avoid ban believe block care carry check claim click consider contact \
         continue cover create decide defend demand deny die discover don't download eat embark end enjoy ensure enter \
         expect explore face fail fear fill follow gather grant weigh embrace rethink aim target seize happen hear hope imagine increase insist join kill launch \
         learn light link listen live look love master match meet miss move offer open oppose overturn pick play prefer \
         prepare prove push raise reach read receive recommend register reject release remain remember remove report \
         resign return reveal review save search see seek seem select serve share shut sign sleep step stop struggle \
         subscribe suffer suggest support suspect swap talk tend threaten topple transform travel understand unlock unveil \
         upgrade urge view visit vote wait walk warn watch wish wonder worry add apply approve argue attend back clash \
         confirm face flee gain hail head hope hunt mark mourn protest reveal seize slam urge vow \
         resume stall plunge jump slide slip soar surge tumble climb sink dip drop halt rally reopen retreat retaliate \
         collapse crash erupt escape evacuate expand flock loom pour shrink strike surrender swell tighten weaken widen \
         condemn criticise criticize rely deserve depend demonstrate blame battle brace welcome spread double triple ease emerge fade hit postpone cancel",
    )
});

/// What no finite verb follows: articles, prepositions, "to" and their like.
static LEADS_TO_NOUN: LazyLock<List> = LazyLock::new(|| {
    list(
        "a an the to of in on at by for from with without into onto over under about between among through during against \
         across behind beyond near off per via as than like and or nor my your our their its his her this these those no \
         any some every each many most more several few all both other new best top good great key big small long old \
         young main major first last next own high low such be been being",
    )
});

/// What opens the object of a verb: a participle takes none.
static OBJECTS: LazyLock<List> = LazyLock::new(|| {
    list(
        "a an the my your our their its his her this these those that no some every each many more several all both him \
         them us me you it himself herself itself themselves to how what whether why if where when who up out down off \
         away back into there one two three four five six seven eight nine ten nearly almost about",
    )
});

/// What opens a clause that has a verb of its own.
static SUBORDINATORS: LazyLock<List> = LazyLock::new(|| {
    list(
        "who whom whose which where when whenever while because although though if what whatever how why whether unless \
         wherever everything anything",
    )
});

/// Whether a word is a pronoun that a verb belongs to; "you" and "it" are objects as well, and subjects where they open a
/// clause.
fn is_subject(words: &[Word<'_>], at: usize) -> bool {
    const CLAUSES: [&str; 12] = [
        "and", "but", "or", "so", "if", "when", "that", "because", "what", "how", "where", "while",
    ];
    let lower = &*words[at].lower;
    let opens = at == 0 || words[at - 1].closes || CLAUSES.contains(&&*words[at - 1].lower);
    ["i", "we", "they", "he", "she", "who"].contains(&lower) || ["you", "it"].contains(&lower) && opens
}

/// Words that may stand between a subject and its verb.
fn is_adverb(word: &Word<'_>) -> bool {
    const ADVERBS: [&str; 19] = [
        "also", "now", "still", "already", "never", "not", "then", "just", "even", "soon", "once", "often",
        "always", "again", "later", "finally", "today", "ever", "both",
    ];
    word.is_small() && (word.lower.ends_with("ly") || ADVERBS.contains(&&*word.lower))
}

pub(super) fn main_verb(words: &[Word<'_>]) -> Verb {
    let Some(first) = words.first() else {
        return Verb::None;
    };
    let has_comma = words[..words.len() - 1].iter().any(|word| word.closes);
    if asks_only(words) {
        return Verb::Asks;
    }
    if first.lower == "which" || first.lower == "because" && !has_comma {
        return Verb::None;
    }
    let mut best = Verb::None;
    // Clauses whose verb is still to come.
    let mut waiting = 0_usize;
    for at in 0..words.len() {
        let word = &words[at];
        let has_verb = word.lower.contains("'s");
        if SUBORDINATORS.contains(&*word.lower) && !has_verb
            || is_conjunction(words, at)
            || opens_clause(words, at)
        {
            waiting += 1;
            continue;
        }
        let found = finite(words, at);
        // "Whose members pelted them": the members are no verb.
        let is_owned = at > 0
            && words[at - 1].lower == "whose"
            && at + 1 < words.len()
            && finite(words, at + 1) != Verb::None;
        if found == Verb::None || is_owned {
            continue;
        }
        if waiting > 0 {
            waiting -= 1;
        } else {
            best = best.max(found);
        }
    }
    // A text may be in another language than its page says.
    let signs = [
        "the", "of", "and", "to", "for", "a", "in", "is", "you", "with", "on",
    ];
    if asks_to(words) {
        best = best.min(Verb::Perhaps);
    }
    // "Applying the lessons of the war.", but not "Fighting spreads", nor "King Charles speaks".
    let is_led = words.get(1).is_some_and(|second| is_in_s(&second.lower));
    if best == Verb::Perhaps && first.lower.ends_with("ing") && !is_led {
        best = Verb::None;
    }
    let is_english = words.len() < FOREIGN_WORDS || words.iter().any(|word| signs.contains(&&*word.lower));
    if is_english { best } else { best.max(Verb::Perhaps) }
}

/// "How to moor a boat, why it drifts, and how to stop it.": clauses that ask, without the statement that they belong to.
fn asks_only(words: &[Word<'_>]) -> bool {
    const ASKING: [&str; 8] = ["how", "why", "what", "when", "where", "which", "who", "and"];
    let opens = |at: usize| at == 0 || words[at - 1].closes;
    let mut openings = (0..words.len())
        .filter(|&at| opens(at))
        .map(|at| &*words[at].lower);
    let is_many = openings.clone().nth(1).is_some();
    is_many && ["how", "why"].contains(&&*words[0].lower) && openings.all(|opening| ASKING.contains(&opening))
}

/// "Read on to learn why they are rare.": a verb that asks the reader to do something, and what goes with it.
fn asks_to(words: &[Word<'_>]) -> bool {
    const BEHIND: [&str; 17] = [
        "a", "an", "the", "your", "this", "these", "our", "how", "more", "out", "up", "into", "what",
        "which", "every", "all", "sure",
    ];
    let [first, second, ..] = words else { return false };
    let goes_on =
        ["read on", "keep reading", "stay tuned"].contains(&&*format!("{} {}", first.lower, second.lower));
    // "Watch Ann Example's talk", "Be part of the harbour's day"
    let is_name_ahead = || {
        words
            .iter()
            .skip(1)
            .take(3)
            .any(|word| word.is_capital() && word.lower.ends_with("'s"))
    };
    let invites = ["watch", "read", "hear", "see", "catch", "listen"].contains(&&*first.lower)
        && is_name_ahead()
        || first.lower == "be" && second.lower == "part";
    let is_asked = BEHIND.contains(&&*second.lower) || goes_on || invites;
    BARE.contains(&*first.lower) && is_asked
}

/// Whether a pronoun opens a clause that nothing else opens: "who thought she would", "until she did".
fn opens_clause(words: &[Word<'_>], at: usize) -> bool {
    if at == 0 || words[at - 1].closes || !["i", "we", "they", "he", "she"].contains(&&*words[at].lower) {
        return false;
    }
    let before = &*words[at - 1].lower;
    ["until", "before", "after", "since", "as"].contains(&before) || finite(words, at - 1) != Verb::None
}

/// Whether "that" opens a clause here, and does not point at something.
fn is_conjunction(words: &[Word<'_>], at: usize) -> bool {
    // "Into that boat": there it points.
    let is_that = at > 0
        && words[at].lower == "that"
        && !words[at].closes
        && !LEADS_TO_NOUN.contains(&*words[at - 1].lower);
    let next = words.get(at + 1);
    // "The port opened, that is clear."
    let is_subject = || words[at - 1].closes && next.is_some_and(|next| AUXILIARIES.contains(&*next.lower));
    is_that && !is_subject()
}

/// Whether this word is a finite verb.
fn finite(words: &[Word<'_>], at: usize) -> Verb {
    let word = &words[at];
    let lower = &*word.lower;
    let contracted = ["n't", "'re", "'ve", "'ll", "'d", "'m"]
        .iter()
        .any(|ending| lower.ends_with(ending));
    // "Don't moor here."
    if contracted && (lower != "don't" || at > 0) {
        return Verb::Main;
    }
    let Some(before_at) = words[..at].iter().rposition(|before| !is_adverb(before)) else {
        return opening(words, at);
    };
    let before = &words[before_at];
    if AUXILIARIES.contains(lower) && (word.is_small() || lower.contains('\'')) {
        return if before.lower == "to" {
            Verb::None
        } else {
            Verb::Main
        };
    }
    // "This copies each page": no noun in -s stands behind "this".
    let points = at == 1 && ["this", "that"].contains(&&*before.lower) && is_in_s(lower);
    if points {
        return Verb::Main;
    }
    // "The easiest boats to moor".
    let is_superlative = before.lower.ends_with("iest") && before.lower != "priest";
    if !word.is_small()
        || is_superlative
        || LEADS_TO_NOUN.contains(&*before.lower)
        || AUXILIARIES.contains(&*before.lower)
    {
        return Verb::None;
    }
    // "We say", "the ones they like": behind a pronoun stands a verb.
    let is_verb_form = word.text.chars().all(char::is_alphabetic)
        && !LEADS_TO_NOUN.contains(lower)
        && !OBJECTS.contains(lower);
    if is_subject(words, before_at)
        && !before.closes
        && is_verb_form
        && !is_adverb(word)
        && !lower.ends_with("ing")
    {
        return Verb::Main;
    }
    if before.closes && !["and", "but", "or"].contains(&lower) {
        // Behind a comma stands the verb of a subject before it ("The port, a large one, closed the gate"), or a participle.
        return behind_a_mark(words, at);
    }
    plain(words, at, before_at)
}

/// The first word: a verb that asks the reader to do something, or one that asks a question.
fn opening(words: &[Word<'_>], at: usize) -> Verb {
    let word = &words[at];
    if AUXILIARIES.contains(&*word.lower) && words.len() > at + 1 {
        return Verb::Main;
    }
    if BARE.contains(&*word.lower) {
        Verb::Perhaps
    } else {
        Verb::None
    }
}

fn behind_a_mark(words: &[Word<'_>], at: usize) -> Verb {
    let lower = &*words[at].lower;
    if FINITE.contains(lower) {
        return Verb::Main;
    }
    let takes_object = words.get(at + 1).is_some_and(takes_as_object) && !words[at].closes;
    // Two marks set something off between a subject and its verb.
    let set_off = words[..at].iter().filter(|word| word.closes).nth(1).is_some();
    if takes_object && set_off && (is_in_s(lower) || is_past(lower)) {
        return Verb::Main;
    }
    match takes_object && (is_past(lower) || is_in_s(lower)) || BARE.contains(lower) {
        true => Verb::Perhaps,
        false => Verb::None,
    }
}

/// A verb behind its subject, whose last word stands at `before`.
fn plain(words: &[Word<'_>], at: usize, before: usize) -> Verb {
    let (word, opens, before) = (&words[at], before == 0, &words[before]);
    let lower = &*word.lower;
    let next = words.get(at + 1).filter(|_| !word.closes);
    let by = next.is_some_and(|next| next.lower == "by");
    let object = next.is_some_and(takes_as_object);
    let followed = is_followed(words, at);
    let sure = |is: bool| if is { Verb::Main } else { Verb::Perhaps };
    if FINITE.contains(lower) {
        // "A tale told by crews"; but "the council voted by nine to four on Monday".
        return sure(!by || words.len() > TITLE_WORDS);
    }
    if is_past(lower) {
        // "Sold by", "made of", "based on".
        // "Projects related to boats"; but "the crew used to sail".
        let to = ["related", "dedicated", "compared"].contains(&lower)
            && next.is_some_and(|next| next.lower == "to");
        if by || to || MADE.contains(lower) && !object {
            return Verb::None;
        }
        // "Exampleton announced", and not "Deals announced"; and a title is seldom long.
        let named = before.is_capital() && !word.closes && !(opens && before.lower.ends_with('s'));
        return sure(followed || named || words.len() > TITLE_WORDS);
    }
    if is_in_s(lower) {
        // "Six steps to a house".
        if before.text.starts_with(char::is_numeric) {
            return Verb::None;
        }
        return match next {
            // "Lessons learned at sea", and not "offers dedicated space".
            Some(next) if is_past(&next.lower) && !is_followed(words, at + 1) => Verb::None,
            _ => sure(object || followed && !before.lower.ends_with('s') && !COMPOUNDS.contains(&lower)),
        };
    }
    if BARE.contains(lower) {
        let plural = before.lower.ends_with('s')
            || ["people", "police", "men", "women", "children"].contains(&&*before.lower);
        return sure(plural && next.is_some());
    }
    Verb::None
}

/// A past form that is a participle as well.
fn is_past(lower: &str) -> bool {
    lower.len() > 3 && lower.ends_with("ed") || PARTICIPLES.contains(lower)
}

/// Whether a noun or what goes with one stands behind a word, and no preposition.
fn is_followed(words: &[Word<'_>], at: usize) -> bool {
    let next = words.get(at + 1).filter(|_| !words[at].closes);
    // "Lawns dug up, roads closed".
    let next =
        next.filter(|next| !(next.closes && ["up", "out", "off", "down", "away"].contains(&&*next.lower)));
    next.is_some_and(|next| !PREPOSITIONS.contains(&*next.lower) && !AUXILIARIES.contains(&*next.lower))
}

/// Participles that follow a noun more often than they are its verb.
static MADE: LazyLock<List> = LazyLock::new(|| {
    list(
        "based compared combined dedicated designed located related associated aimed involved needed required used \
         made built called named filed filled packed topped covered inspired powered served",
    )
});

/// Plurals that stand before other nouns.
const COMPOUNDS: [&str; 11] = [
    "analytics",
    "sports",
    "sales",
    "arms",
    "news",
    "goods",
    "services",
    "rights",
    "politics",
    "economics",
    "systems",
];

/// What stands behind a noun or a participle as well as behind a verb.
static PREPOSITIONS: LazyLock<List> = LazyLock::new(|| {
    list(
        "of in on at by for from with without into onto over under about between among through during against across behind \
        beyond near per via as than like and or nor but to who which where when while after before since until \
        yesterday today here now available",
    )
});

/// Whether this word opens what somebody does something to: "announced the", "scored 20", "told Ann".
fn takes_as_object(next: &Word<'_>) -> bool {
    OBJECTS.contains(&*next.lower) || next.is_capital() || next.text.starts_with(char::is_numeric)
}

/// A word in -s: a noun in the plural, or a verb; "as" and "this" are neither, nor are "focus" and "across".
fn is_in_s(lower: &str) -> bool {
    let is_plain = lower.ends_with('s')
        && !["ss", "us", "is", "'s"]
            .iter()
            .any(|ending| lower.ends_with(ending));
    lower.len() > 3 && is_plain
}
