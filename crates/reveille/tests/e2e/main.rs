//! The built binary, used as a person would use it.
#![expect(clippy::unwrap_used, reason = "a test says by a panic what failed")]

mod archives;
mod bounce;
mod briefs;
mod broken;
mod commands;
mod corrections;
mod crash;
mod desk;
mod doctor;
mod editing;
mod events;
mod extract;
mod faults;
mod feed;
mod hubs;
mod keys;
mod late;
mod ledger;
mod letters;
mod mailbox;
mod mailing;
mod model;
mod morning;
mod nodes;
mod outlet;
mod program;
mod programs;
mod readers;
mod reconcile;
mod returns;
mod roles;
mod serving;
mod sources;
mod stories;
mod wires;
