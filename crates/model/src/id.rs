//! One id type per table, so that a story's id can never be taken for an article's.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A row of `sources`.
    SourceId
    /// A row of `items`.
    ItemId
    /// A row of `articles`.
    ArticleId
    /// A row of `stories`.
    StoryId
    /// A row of `briefs`.
    BriefId
    /// A row of `editions`.
    EditionId
    /// A row of `entries`.
    EntryId
    /// A row of `event_sections`.
    EventSectionId
    /// A row of `notices`.
    NoticeId
    /// A row of `subscribers`.
    SubscriberId
    /// A row of `deliveries`.
    DeliveryId
    /// A row of `jobs`.
    JobId
    /// A row of `rulings`.
    RulingId
    /// A row of `sessions`.
    SessionId
    /// A row of `api_tokens`.
    TokenId
    /// A row of `webhooks`.
    WebhookId
    /// A row of `webhook_calls`.
    CallId
    /// A row of `alerts`.
    AlertId
}
