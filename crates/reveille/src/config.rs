//! What a deployment sets: one TOML file, overridden by the environment, overridden by flags.
//!
//! `keys.rs` is the only list of keys. The file that `init` writes, what `config show` prints and what
//! `config check` demands are all made from it. Editorial matter (sources, briefs, subscribers) lives in tables.

mod contradictions;
mod endpoint;
// A key is a line.
#[rustfmt::skip]
mod keys;
mod layers;
mod log_filter;
mod rate;
mod reader;
mod relay;
mod returned;
mod show;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

pub(crate) use layers::{Fault, Place};
pub(crate) use rate::Rate;
use reader::Reader;
pub(crate) use relay::{Relay, Share};
pub(crate) use returned::{Imap, Returned};
use reveille_mail::webhook::{postmark::Login, sendgrid::PublicKey, sns::Topic, standard::Secret};
use reveille_model::{EmailAddress, Network};
pub(crate) use show::{sample, settings};

/// A deployment's settings.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) store: Store,
    pub(crate) gather: Gather,
    pub(crate) stories: Stories,
    pub(crate) mail: Mail,
    pub(crate) web: Web,
    pub(crate) look: Look,
    pub(crate) model: Model,
    pub(crate) log: Log,
}

/// Who may be asked to propose words.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub(crate) url: Option<String>,
    pub(crate) name: String,
    pub(crate) token: Option<String>,
    pub(crate) timeout_seconds: u64,
}

/// How mails and pages look.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) templates: Option<String>,
}

/// Where everything is kept.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) url: String,
}

/// How sources are read.
#[derive(Debug, Clone)]
pub(crate) struct Gather {
    pub(crate) contact: String,
    pub(crate) shortest_interval_minutes: u32,
    pub(crate) longest_interval_minutes: u32,
    pub(crate) workers: usize,
    pub(crate) max_age_hours: u32,
    pub(crate) host_delay_millis: u64,
    pub(crate) timeout_seconds: u64,
    pub(crate) max_page_mib: usize,
    pub(crate) proxy: Option<String>,
    pub(crate) imap_password: Option<String>,
    pub(crate) imap_token_file: Option<PathBuf>,
    pub(crate) warc: Option<String>,
    pub(crate) allow_networks: Vec<Network>,
}

/// What counts as one night.
#[derive(Debug, Clone)]
pub(crate) struct Stories {
    pub(crate) window_hours: u32,
}

/// How editions leave.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) transport: TransportKind,
    pub(crate) from_address: EmailAddress,
    pub(crate) return_address: Option<EmailAddress>,
    pub(crate) returns: Option<Returned>,
    pub(crate) returns_password: Option<String>,
    pub(crate) returns_token_file: Option<PathBuf>,
    pub(crate) returns_listen: Option<SocketAddr>,
    pub(crate) relay_log: Option<PathBuf>,
    pub(crate) resolver: Option<SocketAddr>,
    pub(crate) identity: String,
    pub(crate) folder: PathBuf,
    pub(crate) smtp: Smtp,
    pub(crate) relays: Vec<Relay>,
    pub(crate) rates: Vec<Rate>,
    pub(crate) dkim: Dkim,
    pub(crate) services: Services,
}

/// What proves that a mail service's call is its own; one that has none may not call.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    pub(crate) mailgun_key: Option<String>,
    pub(crate) sendgrid_key: Option<PublicKey>,
    pub(crate) postmark_login: Option<Login>,
    pub(crate) standard_secret: Option<Secret>,
    pub(crate) ses_topic: Option<Topic>,
}

/// The mail server that editions are handed to.
#[derive(Debug, Clone)]
pub(crate) struct Smtp {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: TlsKind,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) token_file: Option<PathBuf>,
    pub(crate) connections: usize,
    pub(crate) timeout_seconds: u64,
}

/// The signature that proves the sender's domain (RFC 6376).
#[derive(Debug, Clone)]
pub(crate) struct Dkim {
    pub(crate) domain: Option<String>,
    pub(crate) selector: String,
    pub(crate) key: Option<String>,
    pub(crate) ed25519_selector: String,
    pub(crate) ed25519_key: Option<String>,
}

/// The web pages.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) privacy: Option<String>,
    pub(crate) trusted_proxies: Vec<Network>,
    pub(crate) form_origins: Vec<String>,
}

/// What is logged.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    /// `None`: what is usual for the command.
    pub(crate) filter: Option<String>,
    pub(crate) format: LogFormat,
}

/// One of a few words, each a variant.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($variant),+ }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!("expected one of: {}", [$($word),+].join(", "))),
                }
            }
        }
    };
}
choice! {
    /// What takes the finished messages.
    TransportKind { Folder = "folder", Smtp = "smtp" }
}
choice! {
    /// When a connection to the mail server is encrypted.
    TlsKind { Implicit = "implicit", StartTls = "starttls", None = "none" }
}
choice! {
    /// How a log line looks.
    LogFormat { Text = "text", Json = "json" }
}

/// Where settings come from, strongest first: `flags`, then `environment`, then `file`.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// The configuration file: its path for messages, and its text.
    pub(crate) file: Option<(PathBuf, String)>,
    /// Environment variables; only those that begin with `REVEILLE__` count.
    pub(crate) environment: BTreeMap<String, String>,
    /// `--set key=value` flags in order.
    pub(crate) flags: Vec<(String, String)>,
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// All faults at once, each with its key, its place and what was expected.
    pub(crate) fn load(sources: &Sources) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::new(layers::merge(sources)?);
        let config = Self::read(&mut reader);
        contradictions::find(&config, &mut reader);
        reader.finish().map(|()| config)
    }
}

/// The domain for which keys are to sign, whether or not they are set.
pub(crate) fn dkim_domain(sources: &Sources) -> Option<String> {
    let given = layers::merge(sources).ok()?.remove("mail.dkim.domain")?;
    match given.value {
        layers::Written::One(domain) => Some(domain).filter(|domain| !domain.is_empty()),
        layers::Written::Many(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let own = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<Vec<_>>()
        };
        Config::load(&Sources {
            file: Some((PathBuf::from("reveille.toml"), file.to_owned())),
            environment: own(environment).into_iter().collect(),
            flags: own(flags),
        })
        .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn sites_are_kept_as_browsers_name_them() {
        let web = |url: &str, form: &str| {
            let config = load("", &[], &[("web.public_url", url), ("web.form_origins", form)]);
            config.map(|config| (config.web.public_url, config.web.form_origins))
        };
        let (url, forms) = web("HTTPS://Brief.Example/", "https://WWW.example.org:443").unwrap();
        assert_eq!(
            (url.as_str(), &forms[..]),
            (
                "https://brief.example",
                &["https://www.example.org".to_owned()][..]
            )
        );
        let faults = web("https://brief.example/Desk", "www.Example.org").unwrap_err();
        assert!(
            faults.len() == 2 && faults[1].contains("`www.Example.org` is no site"),
            "{faults:?}"
        );
    }

    #[test]
    fn the_stronger_place_wins() {
        let file = "[web]\nlisten = \"127.0.0.1:1\"\n[log]\nfilter = \"warn\"\n[gather]\nworkers = 3";
        let environment = [
            ("REVEILLE__WEB__LISTEN", "127.0.0.1:2"),
            ("REVEILLE__LOG__FILTER", "debug"),
        ];
        let config = load(file, &environment, &[("web.listen", "127.0.0.1:3")]).unwrap();
        assert_eq!(config.web.listen.port(), 3);
        assert_eq!(config.log.filter.as_deref(), Some("debug"));
        assert_eq!(config.gather.workers, 3);
        assert_eq!(config.gather.shortest_interval_minutes, 5);
    }

    #[test]
    fn what_names_nothing_is_a_fault() {
        let file = "[store]\nurl = \"sqlite:\"\n[gather]\nallow_networks = [\"10.0.0.0/8\", \"10.0.0.0/33\"]\n[mail]\nfolder = \"\"\n\
            transport = \"smtp\"\n[mail.smtp]\nhost = \" \"\n[web]\ntrusted_proxies = [\"the other one\"]";
        let all = load(file, &[], &[]).unwrap_err().join("\n");
        let relays = load("[mail]\nrelays = [\"smtps://mail.example.org\"]", &[], &[]);
        assert!(relays.unwrap_err()[0].contains("set `mail.transport` to `smtp`"));
        for expected in [
            "store.url: names no file",
            "gather.allow_networks: number 2: `10.0.0.0/33` is not a network",
            "mail.folder: names no folder",
            "mail.smtp.host: names no mail server",
            "web.trusted_proxies: number 1",
        ] {
            assert!(all.contains(expected), "{expected}: {all}");
        }
    }

    #[test]
    fn where_something_listens_may_be_an_address_alone() {
        let file = "[web]\nlisten = \"0.0.0.0\"\n[mail]\nreturn_address = \"bounce@example.org\"\n\
            returns_listen = \"::\"\nresolver = \"192.0.2.53\"";
        let config = load(file, &[], &[]).unwrap();
        assert_eq!(config.web.listen.to_string(), "0.0.0.0:8080");
        assert_eq!(config.mail.returns_listen.unwrap().to_string(), "[::]:25");
        assert_eq!(config.mail.resolver.unwrap().to_string(), "192.0.2.53:53");
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_places() {
        let file = "[stor]\nurl = \"x\"\n[gather]\nworkers = \"many\"\nmax_age_hour = 5\n[mail.smtp]\nport = 99999\nuser = \"me\"";
        let faults = load(file, &[("REVEILLE__LOG__FORMAT", "xml")], &[]).unwrap_err();
        let all = faults.join("\n");
        for expected in [
            "reveille.toml:2:1: stor.url: unknown key (did you mean `store.url`?)",
            "reveille.toml:4:11: gather.workers: `many` is not right: expected a whole number from 1 to 256",
            "reveille.toml:5:1: gather.max_age_hour: unknown key (did you mean `gather.max_age_hours`?)",
            "reveille.toml:7:8: mail.smtp.port: `99999` is not right: expected a whole number from 1 to 65535",
            "mail.smtp.password: `mail.smtp.user` and `mail.smtp.password` go together",
            "REVEILLE__LOG__FORMAT: log.format: `xml` is not right: expected one of: text, json",
        ] {
            assert!(all.contains(expected), "missing: {expected}\nin:\n{all}");
        }
        assert_eq!(faults.len(), 6);
    }

    #[test]
    fn settings_that_contradict_each_other_are_told() {
        let faults = load(
            "[gather]\nshortest_interval_minutes = 60\nlongest_interval_minutes = 30",
            &[],
            &[],
        );
        let faults = faults.unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(
            faults[0].contains("gather.longest_interval_minutes"),
            "{faults:?}"
        );
    }

    #[test]
    fn a_mailbox_wants_its_password_and_a_password_an_encrypted_way() {
        let services = "[mail.services]\npostmark_login = \"hook:tide-7\"\nstandard_secret = \"tide-7\"\n\
            sendgrid_key = \"no key\"\nses_topic = \"bounces\"";
        let file = format!("[mail]\nreturns = \"imaps://bounce@mail.example\"\n{services}");
        let all = load(&file, &[], &[]).unwrap_err().join("\n");
        for expected in [
            "mail.return_address: without it",
            "mail.returns_password: goes with a mailbox",
            "mail.services.postmark_login: would cross the network in clear text",
            "mail.services.standard_secret: ",
            "mail.services.sendgrid_key: ",
            "mail.services.ses_topic: ",
        ] {
            assert!(all.contains(expected), "{expected}: {all}");
        }
        assert!(!all.contains("tide-7"), "{all}");
        let file = "[mail]\nreturns = \"imaps://bounce:tide-7@mail.example\"";
        let all = load(file, &[], &[]).unwrap_err().join("\n");
        assert!(
            all.contains("leave the password out") && !all.contains("tide-7"),
            "{all}"
        );
    }

    #[test]
    fn broken_toml_is_told_with_its_place() {
        let faults = load("[store]\nurl = \n", &[], &[]).unwrap_err();
        assert!(faults[0].starts_with("reveille.toml:2:"), "{faults:?}");
    }

    #[test]
    fn a_secret_is_read_from_the_file_that_its_twin_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "hunter2\n").unwrap();
        let twin = ("REVEILLE__MAIL__SMTP__PASSWORD_FILE", path.to_str().unwrap());
        let config = load("[mail.smtp]\nuser = \"me\"", &[twin], &[]).unwrap();
        assert_eq!(config.mail.smtp.password.as_deref(), Some("hunter2"));
        let gone = ("REVEILLE__MAIL__SMTP__PASSWORD_FILE", "/nowhere/at/all");
        assert!(load("[mail.smtp]\nuser = \"me\"", &[gone], &[]).unwrap_err()[0].contains("/nowhere/at/all"));
    }

    #[test]
    fn the_sample_file_holds_every_key_and_is_right() {
        let text = sample();
        let live: String = text
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|l| l.contains(" = "))
                    .unwrap_or(line)
            })
            .fold(String::new(), |all, line| all + line + "\n");
        load(&live, &[], &[]).unwrap();
        load(&text, &[], &[]).unwrap();
        assert!(text.contains("url = \"sqlite:reveille.db\""), "{text}");
    }

    #[test]
    fn shown_settings_hide_secrets() {
        let sources = Sources {
            file: Some((
                "reveille.toml".into(),
                "[mail.smtp]\nuser = \"me\"\npassword = \"hunter2\"".to_owned(),
            )),
            environment: BTreeMap::from([(
                "REVEILLE__STORE__URL".into(),
                "postgres://me:hunter3@db/x".into(),
            )]),
            ..Sources::default()
        };
        let shown = settings(&sources).unwrap();
        assert!(shown.contains("user = \"me\""), "{shown}");
        assert!(!shown.contains("hunter"), "{shown}");
        assert!(shown.contains("postgres://me:…@db/x"), "{shown}");

        let relays = "smtps://me:hunter2@a.example, smtps://me:hunter3@b.example?weight=2";
        let shown = settings(&Sources {
            environment: BTreeMap::from([
                ("REVEILLE__MAIL__TRANSPORT".into(), "smtp".into()),
                ("REVEILLE__MAIL__RELAYS".into(), relays.into()),
                (
                    "REVEILLE__STORE__URL".into(),
                    "postgres:///x?password=hunter4".into(),
                ),
                ("REVEILLE__MODEL__TOKEN".into(), "hunter5://hunter6".into()),
            ]),
            ..Sources::default()
        })
        .unwrap();
        assert!(!shown.contains("hunter"), "{shown}");
        assert!(
            shown.contains("smtps://me:…@a.example, smtps://me:…@b.example?weight=2"),
            "{shown}"
        );
    }
}
