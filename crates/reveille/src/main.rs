//! Reveille makes the morning brief: gathers, folds, credits, composes and delivers it.

mod app;
mod archive;
mod cli;
mod clock;
mod commands;
mod config;
mod demo;
mod discovery;
mod editing;
mod entropy;
mod faces;
mod feeds;
mod jobs;
mod ledger;
mod letters;
mod load;
mod mask;
mod message_ids;
mod model;
mod outage;
mod post;
mod print;
mod private;
mod progress;
mod proofs;
mod reconcile;
mod returns;
mod schedule;
mod stop;
mod templates;
mod wording;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use crate::{cli::Cli, commands::SettingsError};

/// Wrong usage or settings.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse_from(cli::settings_first(std::env::args_os()));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("reveille: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    // Whatever still runs when a command ends (a slow page, say) is not waited for.
    let result = runtime.block_on(commands::run(cli));
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if print::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            if let Some(misuse) = error.downcast_ref::<clap::Error>() {
                misuse.exit();
            }
            eprintln!("reveille: {error:#}");
            if error.is::<SettingsError>() {
                ExitCode::from(USAGE)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}
