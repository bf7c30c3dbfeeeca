//! What a deployment sets: one TOML file, overridden by the environment, overridden by flags.
//!
//! [`Config::read`] is the only list of keys. The file that `init` writes, what `config show` prints and what
//! `config check` demands are all made from it. Editorial matter (sources, briefs, subscribers) lives in tables.

mod contradictions;
mod endpoint;
mod layers;
mod rate;
mod reader;
mod relay;
mod returned;
mod show;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use endpoint::Endpoint;
pub(crate) use layers::{Fault, Place};
pub(crate) use rate::Rate;
use reader::{Key, Reader};
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

    /// The one list of keys.
    fn read(r: &mut Reader) -> Self {
        Self {
            store: Store {
                url: r.read(Key::new("store.url", "sqlite:reveille.db", "`sqlite:PATH`, or `postgres://user@host/database` when one machine is not enough.").secret()),
            },
            gather: Gather {
                contact: r.read(Key::new("gather.contact", "", "Where publishers can reach you: an address or page, sent with every request.")),
                shortest_interval_minutes: r.read(Key::new("gather.shortest_interval_minutes", "5", "Reveille learns how often each source publishes and asks it accordingly, but never sooner than this.").within(1, 1440)),
                longest_interval_minutes: r.read(Key::new("gather.longest_interval_minutes", "240", "… and never later than this, whatever the source says of itself.").within(1, 10_080)),
                workers: r.read(Key::new("gather.workers", "64", "Sources and pages read at the same time.").within(1, 256)),
                max_age_hours: r.read(Key::new("gather.max_age_hours", "48", "Entries older than this are not read.").within(1, 1_000_000)),
                host_delay_millis: r.read(Key::new("gather.host_delay_millis", "500", "Least time from one request to a host to the next; there are never two at once.").within(0, 60_000)),
                timeout_seconds: r.read(Key::new("gather.timeout_seconds", "30", "Longest time for one page.").within(1, 50)),
                max_page_mib: r.read(Key::new("gather.max_page_mib", "8", "Largest page or feed, in MiB after decompression.").within(1, 256)),
                proxy: r.optional(Key::new("gather.proxy", "", "An HTTP proxy, `http://host:port`; empty for none.")),
                imap_password: r.optional(Key::new("gather.imap_password", "", "The password of mailboxes that were given none of their own by `sources sign-in`. Better set as REVEILLE__GATHER__IMAP_PASSWORD_FILE.").secret()),
                warc: r.optional(Key::new("gather.warc", "", "A folder in which every page that is read is kept too, in WARC files by the hour; empty for none.")),
                allow_networks: r.list_of(Key::new("gather.allow_networks", "[]", "Private networks that sources may stand in, as `10.1.0.0/16`. All others are refused.")),
            },
            stories: Stories {
                window_hours: r.read(Key::new("stories.window_hours", "36", "How far back an edition looks for stories.").within(1, 1_000_000)),
            },
            mail: Mail {
                transport: r.read(Key::new("mail.transport", "folder", "`smtp` sends; `folder` writes each message as an .eml file.")),
                from_address: r.read(Key::new("mail.from_address", "brief@example.org", "The address that readers see as the sender.")),
                return_address: r.optional(Key::new("mail.return_address", "", "Where bounces go, such as `bounce@example.org`; each mail puts `+` and its reader's key before the @. Empty: to `from_address`, unread.")),
                returns: r.optional(Key::new("mail.returns", "", "The Maildir into which your mail server puts what comes to `return_address`, or the mailbox at your provider, as `imaps://bounce@mail.example.org/INBOX`; `serve` reads it.")),
                returns_password: r.optional(Key::new("mail.returns_password", "", "The password of that mailbox. Better given as REVEILLE__MAIL__RETURNS_PASSWORD_FILE.").secret()),
                returns_listen: r.optional::<Endpoint<25>>(Key::new("mail.returns_listen", "", "Or the address and port at which `serve` takes that mail itself, such as `0.0.0.0:25`: the MX of `return_address` then points here.")).map(|at| at.0),
                relay_log: r.optional(Key::new("mail.relay_log", "", "The mail server's own log (Postfix or Exim), where this machine can read it: asked for briefs whose `if_unknown` is `reconcile` which messages without an answer it took. Every node must read that of the one server that all use.")),
                resolver: r.optional::<Endpoint<53>>(Key::new("mail.resolver", "", "The name server that `doctor` asks about your domains, as `192.0.2.53:53`; empty for those of this machine (/etc/resolv.conf).")).map(|at| at.0),
                identity: r.read(Key::new("mail.identity", "", "Who sends this, with postal address; stands at the foot of every mail, as many laws ask.")),
                folder: r.read(Key::new("mail.folder", "outbox", "Where `folder` writes.")),
                smtp: Smtp {
                    host: r.read(Key::new("mail.smtp.host", "localhost", "The mail server's name.")),
                    port: r.read(Key::new("mail.smtp.port", "587", "465 for `implicit`, 587 for `starttls`, 25 for `none`.").within(1, 65535)),
                    tls: r.read(Key::new("mail.smtp.tls", "starttls", "`implicit`, `starttls` or, on a trusted machine only, `none`.")),
                    user: r.optional(Key::new("mail.smtp.user", "", "Leave empty where the server asks for no password.")),
                    password: r.optional(Key::new("mail.smtp.password", "", "Better given as REVEILLE__MAIL__SMTP__PASSWORD_FILE.").secret()),
                    token_file: r.optional(Key::new("mail.smtp.token_file", "", "In place of a password: a file with an access token (XOAUTH2), read for each connection. Something else must keep it fresh.")),
                    connections: r.read(Key::new("mail.smtp.connections", "4", "Connections at the same time, to all mail servers together.").within(1, 64)),
                    timeout_seconds: r.read(Key::new("mail.smtp.timeout_seconds", "60", "Longest wait for one reply.").within(1, 600)),
                },
                relays: r.list_of(Key::new("mail.relays", "[]", "Several mail servers in place of the one of `[mail.smtp]`, as `smtps://user:password@mail.example.org?weight=3` (`smtp:` for STARTTLS). `&warm-up=2026-12-01` begins with little on that day, `?reserve` waits until no other can be reached.").secret()),
                rates: r.list_of(Key::new("mail.rates", "[]", "Most messages a second to a receiving domain, as `example.org=5`, over all nodes. Whoever asks us to wait gets fewer of its own accord.")),
                dkim: Dkim {
                    domain: r.optional(Key::new("mail.dkim.domain", "", "Signs every mail when set; usually the domain of `from_address`.")),
                    selector: r.read(Key::new("mail.dkim.selector", "reveille", "The key's name: `SELECTOR._domainkey.DOMAIN` in the DNS.")),
                    key: r.optional(Key::new("mail.dkim.key", "", "The private key as PEM (PKCS#8); `reveille dkim keygen` makes one. Better given as REVEILLE__MAIL__DKIM__KEY_FILE.").secret()),
                    ed25519_selector: r.read(Key::new("mail.dkim.ed25519_selector", "reveille-ed25519", "The name of the second key.")),
                    ed25519_key: r.optional(Key::new("mail.dkim.ed25519_key", "", "A second key, in Ed25519, which signs beside the first: not all receivers know its kind. Better given as REVEILLE__MAIL__DKIM__ED25519_KEY_FILE.").secret()),
                },
                services: Services {
                    mailgun_key: r.optional(Key::new("mail.services.mailgun_key", "", "Mailgun's HTTP webhook signing key: its calls to `/returns/mailgun` tell of bounces and complaints. Better given as REVEILLE__MAIL__SERVICES__MAILGUN_KEY_FILE, as those below are.").secret()),
                    sendgrid_key: r.optional(Key::new("mail.services.sendgrid_key", "", "SendGrid's verification key for its signed event webhook, to `/returns/sendgrid`.")),
                    postmark_login: r.optional(Key::new("mail.services.postmark_login", "", "The `user:password` that Postmark's calls to `/returns/postmark` bring, since it signs none.").secret()),
                    standard_secret: r.optional(Key::new("mail.services.standard_secret", "", "The `whsec_…` of a service that signs as Standard Webhooks say, such as Resend, to `/returns/standard`.").secret()),
                    ses_topic: r.optional(Key::new("mail.services.ses_topic", "", "The ARN of the SNS topic by which Amazon SES tells of bounces and complaints, to `/returns/ses`; with signatures of version 2.")),
                },
            },
            web: Web {
                listen: r.read::<Endpoint<8080>>(Key::new("web.listen", "127.0.0.1:8080", "Address and port of the web pages.")).0,
                public_url: r.read(Key::new("web.public_url", "http://127.0.0.1:8080", "How readers reach these pages; links in mails begin with it.")),
                privacy: r.optional(Key::new("web.privacy", "", "The page that says what becomes of readers' data, as `https://www.example.org/privacy`; sign-up forms link it, beside `mail.identity`.")),
                trusted_proxies: r.list_of(Key::new("web.trusted_proxies", "[]", "Web servers in front of these pages, as `10.1.0.0/16`: their `X-Forwarded-For` is believed, as that of one on this machine always is.")),
                form_origins: r.list(Key::new("web.form_origins", "[]", "Other sites that may hold the sign-up form, as `https://www.example.org`; `reveille brief form` prints it.")),
            },
            look: Look {
                templates: r.optional(Key::new("look.templates", "", "A folder with templates of your own, as `reveille brief template init` writes them; empty for ours.")),
            },
            model: Model {
                url: r.optional(Key::new("model.url", "", "A service with OpenAI's interface, hosted or on this machine, as `http://127.0.0.1:11434/v1`; an editor can then ask it for a headline and a summary. Empty: none is ever asked.")),
                name: r.read(Key::new("model.name", "", "Which of its models.")),
                token: r.optional(Key::new("model.token", "", "What it asks for, where it does. Better given as REVEILLE__MODEL__TOKEN_FILE.").secret()),
                timeout_seconds: r.read(Key::new("model.timeout_seconds", "60", "Longest wait for an answer; at the desk it is never more than 18.").within(1, 600)),
            },
            log: Log {
                filter: r.optional(Key::new("log.filter", "", "`error`, `warn`, `info`, `debug`, or per module as `reveille_gather=debug`. Left empty: `info` in `serve`, and `warn` in every other command, which says itself what it does.")),
                format: r.read(Key::new("log.format", "text", "`text` or `json`.")),
            },
        }
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
