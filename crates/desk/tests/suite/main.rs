//! The pages, asked over the router in process, on SQLite and on PostgreSQL; HTML is asked by selector.

#![expect(clippy::unwrap_used, reason = "here a failed unwrap is a failed test")]

mod answer;
mod api;
mod briefs;
mod clicks;
mod corrections;
mod editions;
mod editors;
mod events;
mod keys;
mod languages;
mod late;
mod links;
mod moves;
mod my_data;
mod order;
mod plans;
mod programs;
mod proofs;
mod public;
mod refusals;
mod sections;
mod settings;
mod several;
mod sign_up;
mod site;
mod sources;
mod websub;
mod words;
