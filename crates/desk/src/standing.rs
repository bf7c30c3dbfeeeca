//! How a mailing stands, in words: for the desk and for the command line.

use std::collections::BTreeMap;

use reveille_model::DeliveryState;

/// How the deliveries of an edition, or the mails of a correction, stand: "9 sent, 1 refused".
#[must_use]
pub fn deliveries_in_words(tally: &BTreeMap<DeliveryState, u64>) -> String {
    let parts: Vec<String> = tally
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if parts.is_empty() {
        "no readers".to_owned()
    } else {
        parts.join(", ")
    }
}
