//! What programs may do, and what they are told.

use crate::state::words;

words! {
    /// What a bearer token lets a program do.
    Scope as "scope" {
        /// Look at the briefs, also at those for named readers.
        ReadBriefs = "briefs:read",
        /// Look at editions, also at those that are not out.
        ReadEditions = "editions:read",
        /// Look at readers, their data and the proof of their consent.
        ReadSubscribers = "subscribers:read",
        /// Ask readers, change what they chose, let them leave, erase them.
        WriteSubscribers = "subscribers:write",
        /// Look at figures.
        ReadStats = "stats:read",
    }
}

words! {
    /// What webhooks tell of.
    Event as "event" {
        /// Somebody asked for a brief, or was entered.
        Subscribed = "subscribed",
        /// They confirmed it.
        Confirmed = "confirmed",
        /// They left, or complained.
        Unsubscribed = "unsubscribed",
        /// Their mail host refuses them for good.
        Bounced = "bounced",
        /// An edition has gone out to all of its readers.
        EditionSent = "edition.sent",
        /// Somebody tries the webhook.
        Test = "test",
    }
}
