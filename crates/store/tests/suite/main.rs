//! The store's one suite: every function, on SQLite and on PostgreSQL, through the public faces.

#![expect(clippy::unwrap_used, reason = "here a failed unwrap is a failed test")]

mod alerts;
mod articles;
mod briefs;
mod changes;
mod clicks;
mod consents;
mod corrections;
mod db;
mod deliveries;
mod doubt;
mod editions;
mod erasure;
mod event_sections;
mod files;
mod fixture;
mod follow;
mod forecasts;
mod handover;
mod hubs;
mod items;
mod jobs;
mod late;
mod leases;
mod ledger;
mod lists;
mod moves;
mod paces;
mod pooler;
mod postponed;
mod recall;
mod returns;
mod rulings;
mod search;
mod segments;
mod service_calls;
mod sessions;
mod sources;
mod stories;
mod subscribers;
mod versions;
mod webhooks;
