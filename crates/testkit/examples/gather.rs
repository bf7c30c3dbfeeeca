//! How the built `reveille` gathers, against the figures that it is to reach: the share of polls that end in 304 over a
//! recorded day, a thousand due sources on five hundred hosts, and what five thousand sources cost while they are only
//! being watched.
//!
//! `cargo xtask bench gather FILE.jsonl.xz`; a line of FILE is `{"date", "source", …}`: when which outlet published.
//! The figures name their origin in the issue that asked for them.

#[path = "gather/day.rs"]
mod day;
#[path = "gather/hosts.rs"]
mod hosts;
#[path = "gather/program.rs"]
mod program;
#[path = "gather/watch.rs"]
mod watch;

use std::{error::Error, path::PathBuf};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    hosts::run()?;
    watch::run().await?;
    let Some(file) = std::env::args().nth(1) else {
        println!("No recorded day was given: the share of 304s was not measured.");
        return Ok(());
    };
    day::run(&PathBuf::from(file))
}
