//! From what a person typed to what is done: one module per noun.

mod articles;
mod backup;
mod bounce;
mod brief;
mod clicks;
mod delivery;
mod desk;
mod dkim;
mod doctor;
mod edition;
mod extract;
mod feed;
mod gather;
mod init;
mod input;
mod output;
mod segments;
mod serve;
mod sources;
mod stories;
mod subscribers;
mod tokens;
mod webhooks;

pub(crate) use desk::link;
pub(crate) use gather::night;
pub(crate) use serve::{desk, keep_clicks};

use std::{collections::BTreeMap, io::IsTerminal, path::PathBuf};

use anyhow::{Context, bail};
use reveille_model::{Clock, Day, Slug, without_password};
use reveille_store::briefs::StoredBrief;

use crate::{
    app::{self, App},
    cli::{self, Cli, Command, ConfigCommand, Global},
    clock,
    config::{self, Config, Fault, LogFormat, Sources},
    demo,
    model::Model,
    print, templates,
};

/// The settings are wrong.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {}:\n{}", print::count(.0.len(), "fault"), .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
pub(crate) struct SettingsError(pub(crate) Vec<Fault>);

/// Runs one command to its end.
///
/// # Errors
/// What kept it from its end, for a person to read.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    // Only fails where a provider is installed already, which serves as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let global = cli.global;
    match cli.command {
        Command::Demo(options) => demo::run(&options, global.settings).await,
        Command::Init { force } => init::run(&config_path(&global), force),
        Command::Config(ConfigCommand::Check) => {
            let config = load(&global)?;
            try_out(&config, &global)?;
            print::line(format!(
                "The settings are right. The store is {}.",
                shown_store(&config)
            ))
        }
        Command::Config(ConfigCommand::Show) => print::line(
            config::settings(&places(&global)?)
                .map_err(SettingsError)?
                .trim_end(),
        ),
        Command::Dkim(command) => {
            let (config, domain) = load_unsigned(&global)?;
            dkim::run(&config, domain, command)
        }
        Command::Doctor => doctor::run(&load(&global)?, clock_of(&global)).await,
        Command::Backup { file } => backup::run(&load(&global)?, &file).await,
        Command::Sources(command) => sources::run(&global, command).await,
        Command::Extract(options) => extract::run(&global, &options).await,
        Command::Feed(options) => feed::run(&global, &options).await,
        Command::Bounce(options) => bounce::run(&global, &options).await,
        Command::Gather { all, warc } if warc.is_empty() => gather::run(&open(&global).await?, all).await,
        Command::Gather { warc, .. } => gather::read_archives(&begin(&global).await?, &warc).await,
        Command::Stories(cli::Stories { jsonl, command }) => match (jsonl, command) {
            (Some(place), _) => stories::answer_lines(&place),
            (None, Some(command)) => stories::run(&open(&global).await?, command).await,
            (None, None) => Err(cli::misuse("name what to do, or give `--jsonl`").into()),
        },
        Command::Articles(command) => articles::run(&open(&global).await?, command).await,
        Command::Brief(command) => brief::run(&global, command).await,
        Command::Edition(command) => edition::run(&open(&global).await?, command).await,
        Command::Delivery(command) => delivery::run(&open(&global).await?, command).await,
        Command::Desk(command) => desk::run(&open(&global).await?, command).await,
        Command::Subscribers(command) => subscribers::run(&open(&global).await?, command).await,
        Command::Segments(command) => segments::run(&open(&global).await?, command).await,
        Command::Tokens(command) => tokens::run(&open(&global).await?, command).await,
        Command::Webhooks(command) => webhooks::run(&open(&global).await?, command).await,
        Command::Serve { roles } => {
            start_log(&load(&global)?, OF_SERVICE);
            serve::run(&begin(&global).await?, &roles).await
        }
    }
}

fn config_path(global: &Global) -> PathBuf {
    named_config(global).unwrap_or_else(|| PathBuf::from("reveille.toml"))
}

/// The settings file that somebody named. An empty variable is as none, as scripts unset them.
fn named_config(global: &Global) -> Option<PathBuf> {
    let by_environment = || std::env::var_os("REVEILLE_CONFIG").filter(|name| !name.is_empty());
    global
        .config
        .clone()
        .or_else(|| by_environment().map(PathBuf::from))
}

/// The three places of settings. A file that was named must exist; the usual one need not.
fn places(global: &Global) -> anyhow::Result<Sources> {
    let path = config_path(global);
    let file = match std::fs::read_to_string(&path) {
        Ok(text) => Some((path, text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named_config(global).is_none() => None,
        Err(error) => {
            let place = config::Place::File(path, 1, 1);
            let fault = Fault {
                place,
                key: String::new(),
                text: format!("cannot be read: {error}"),
            };
            return Err(SettingsError(vec![fault]).into());
        }
    };
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("REVEILLE__"))
        .collect();
    Ok(Sources {
        file,
        environment,
        flags: global.settings.clone(),
    })
}

fn load(global: &Global) -> anyhow::Result<Config> {
    Ok(Config::load(&places(global)?).map_err(SettingsError)?)
}

/// The settings without keys that sign, which may still have to be made, and the domain for which they are to sign.
fn load_unsigned(global: &Global) -> anyhow::Result<(Config, Option<String>)> {
    let mut places = places(global)?;
    let keys = ["REVEILLE__MAIL__DKIM__KEY", "REVEILLE__MAIL__DKIM__ED25519_KEY"];
    places
        .environment
        .retain(|name, _| !keys.contains(&name.trim_end_matches("_FILE")));
    for key in ["mail.dkim.key", "mail.dkim.ed25519_key"] {
        places.flags.push((key.to_owned(), String::new()));
    }
    let domain = config::dkim_domain(&places);
    places.flags.push(("mail.dkim.domain".to_owned(), String::new()));
    Ok((Config::load(&places).map_err(SettingsError)?, domain))
}

async fn open(global: &Global) -> anyhow::Result<App> {
    let config = load(global)?;
    start_log(&config, OF_COMMAND);
    App::open(app::open_store(&config).await?, config, clock_of(global)).await
}

/// For what may be the first command of all: makes the store if it is missing, and says where.
async fn begin(global: &Global) -> anyhow::Result<App> {
    let config = load(global)?;
    start_log(&config, OF_COMMAND);
    if app::is_to_come(&config) {
        try_out(&config, global)?;
    }
    let (store, is_new) = app::open_or_make_store(&config).await?;
    if is_new {
        eprintln!("Made a new store {}.", app::store_place(&config));
    }
    App::open(store, config, clock_of(global)).await
}

/// Readies what the settings ask for and drops it again, that no new store is made where one of them cannot be used.
fn try_out(config: &Config, global: &Global) -> anyhow::Result<()> {
    let clock = clock_of(global);
    app::gatherer(config, clock.clone())?;
    Model::new(config, &clock)?;
    templates::load(config.look.templates.as_deref())?;
    Ok(())
}

fn clock_of(global: &Global) -> Clock {
    global
        .now
        .map_or_else(clock::system, |start| clock::Settable::starting_at(start).clock())
}

/// What is logged where the settings do not say: a service tells what it does, a command prints that itself. That the database
/// was slow is told to whoever reads a service's log; whoever waits for a command knows, and can do nothing about its statement.
const OF_SERVICE: &str = "info,sqlx=warn";
pub(crate) const OF_COMMAND: &str = "warn,sqlx=error";

/// Logs to standard error, the `usual` where the settings do not say what: standard output is for what was asked for.
pub(crate) fn start_log(config: &Config, usual: &str) {
    let filter = config.log.filter.as_deref().unwrap_or(usual);
    let filter = tracing_subscriber::EnvFilter::new(filter);
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second start finds the first one's log in place, and leaves it.
    let _ = match config.log.format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}

/// Without user and password.
fn shown_store(config: &Config) -> String {
    let shown = without_password(&config.store.url);
    match shown.split_once('@') {
        Some((_, host)) => format!("PostgreSQL at {host}"),
        None => shown,
    }
}

/// The brief of that name; without a name, the only one there is.
async fn find_brief(app: &App, slug: Option<&Slug>) -> anyhow::Result<StoredBrief> {
    if let Some(slug) = slug {
        let brief = reveille_store::briefs::find_by_slug(&app.store, slug).await?;
        return brief.with_context(|| no_brief(slug));
    }
    let mut briefs = reveille_store::briefs::list(&app.store).await?;
    match (briefs.pop(), briefs.len()) {
        (Some(only), 0) => Ok(only),
        (Some(_), _) => bail!("there are several briefs: name one (`reveille brief list` shows all)"),
        (None, _) => bail!("there is no brief yet: `reveille brief add \"The Morning Brief\"` makes one"),
    }
}

/// Why nothing was found by a name, which may be the day of an edition.
fn no_brief(slug: &Slug) -> String {
    let hint = match slug.as_str().parse::<Day>() {
        Ok(day) => format!("; the day of an edition is given by `--day {day}`"),
        Err(_) => String::new(),
    };
    format!("there is no brief `{slug}` (`reveille brief list` shows all){hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_a_statement_was_slow_is_told_in_a_services_log_alone() {
        for (usual, expected) in [(OF_SERVICE, ["own", "slow"].as_slice()), (OF_COMMAND, &["own"])] {
            let (told, heard) = std::sync::mpsc::channel();
            let log = tracing_subscriber::fmt().with_env_filter(usual);
            let log = log.with_writer(move || Told(told.clone())).finish();
            tracing::subscriber::with_default(log, || {
                tracing::warn!("own");
                tracing::warn!(target: "sqlx::query", "slow");
            });
            let heard: Vec<String> = heard.try_iter().collect();
            assert_eq!(heard.len(), expected.len(), "{usual}: {heard:?}");
            assert!(
                heard.iter().zip(expected).all(|(line, word)| line.contains(word)),
                "{heard:?}"
            );
        }
    }

    /// Hands on each line.
    struct Told(std::sync::mpsc::Sender<String>);

    impl std::io::Write for Told {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}
