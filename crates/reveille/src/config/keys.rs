//! The one list of keys, table by table, in the order in which the file has them.

use url::Url;

use super::{
    Config, Dkim, Gather, Log, Look, Mail, Model, Services, Smtp, Store, Stories, Web,
    contradictions::is_site,
    endpoint::Endpoint,
    log_filter::LogFilter,
    reader::{Key, Reader},
};

impl Config {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            store: Store::read(r),
            gather: Gather::read(r),
            stories: Stories::read(r),
            mail: Mail::read(r),
            web: Web::read(r),
            look: Look::read(r),
            model: Model::read(r),
            log: Log::read(r),
        }
    }
}

impl Store {
    fn read(r: &mut Reader) -> Self {
        Self {
            url: r.read(Key::new("store.url", "sqlite:reveille.db", "`sqlite:PATH`, or `postgres://user@host/database` when one machine is not enough.").secret()),
        }
    }
}

impl Gather {
    fn read(r: &mut Reader) -> Self {
        Self {
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
            imap_token_file: r.optional(Key::new("gather.imap_token_file", "", "In place of that password: a file with an access token (XOAUTH2), read for each visit. Something else must keep it fresh.")),
            warc: r.optional(Key::new("gather.warc", "", "A folder in which every page that is read is kept too, in WARC files by the hour; empty for none.")),
            allow_networks: r.list_of(Key::new("gather.allow_networks", "[]", "Private networks that sources may stand in, as `10.1.0.0/16`. All others are refused.")),
        }
    }
}

impl Stories {
    fn read(r: &mut Reader) -> Self {
        Self {
            window_hours: r.read(Key::new("stories.window_hours", "36", "How far back an edition looks for stories.").within(1, 1_000_000)),
        }
    }
}

impl Mail {
    fn read(r: &mut Reader) -> Self {
        Self {
            transport: r.read(Key::new("mail.transport", "folder", "`smtp` sends; `folder` writes each message as an .eml file.")),
            from_address: r.read(Key::new("mail.from_address", "brief@example.org", "The address that readers see as the sender.")),
            return_address: r.optional(Key::new("mail.return_address", "", "Where bounces go, such as `bounce@example.org`; each mail puts `+` and its reader's key before the @. Empty: to `from_address`, unread.")),
            returns: r.optional(Key::new("mail.returns", "", "The Maildir into which your mail server puts what comes to `return_address`, or the mailbox at your provider, as `imaps://bounce@mail.example.org/INBOX`; `serve` reads it.")),
            returns_password: r.optional(Key::new("mail.returns_password", "", "The password of that mailbox. Better given as REVEILLE__MAIL__RETURNS_PASSWORD_FILE.").secret()),
            returns_token_file: r.optional(Key::new("mail.returns_token_file", "", "In place of that password: a file with an access token (XOAUTH2), read for each visit. Something else must keep it fresh.")),
            returns_listen: r.optional::<Endpoint<25>>(Key::new("mail.returns_listen", "", "Or the address and port at which `serve` takes that mail itself, such as `0.0.0.0:25`: the MX of `return_address` then points here.")).map(|at| at.0),
            relay_log: r.optional(Key::new("mail.relay_log", "", "The mail server's own log (Postfix or Exim), where this machine can read it: asked for briefs whose `if_unknown` is `reconcile` which messages without an answer it took. Every node must read that of the one server that all use.")),
            resolver: r.optional::<Endpoint<53>>(Key::new("mail.resolver", "", "The name server that `doctor` asks about your domains, as `192.0.2.53:53`; empty for those of this machine (/etc/resolv.conf).")).map(|at| at.0),
            identity: r.read(Key::new("mail.identity", "", "Who sends this, with postal address; stands at the foot of every mail, as many laws ask.")),
            folder: r.read(Key::new("mail.folder", "outbox", "Where `folder` writes.")),
            smtp: Smtp::read(r),
            relays: r.list_of(Key::new("mail.relays", "[]", "Several mail servers in place of the one of `[mail.smtp]`, as `smtps://user:password@mail.example.org?weight=3` (`smtp:` for STARTTLS, `smtp+clear:` without encryption, on a trusted machine only). `&warm-up=2026-12-01` begins with little on that day, `?reserve` waits until no other can be reached.").secret()),
            rates: r.list_of(Key::new("mail.rates", "[]", "Most messages a second to a receiving domain, as `example.org=5`, over all nodes. Whoever asks us to wait gets fewer of its own accord.")),
            dkim: Dkim::read(r),
            services: Services::read(r),
        }
    }
}

impl Smtp {
    fn read(r: &mut Reader) -> Self {
        Self {
            host: r.read(Key::new("mail.smtp.host", "localhost", "The mail server's name.")),
            port: r.read(Key::new("mail.smtp.port", "587", "465 for `implicit`, 587 for `starttls`, 25 for `none`.").within(1, 65535)),
            tls: r.read(Key::new("mail.smtp.tls", "starttls", "`implicit`, `starttls` or, on a trusted machine only, `none`.")),
            user: r.optional(Key::new("mail.smtp.user", "", "Leave empty where the server asks for no password.")),
            password: r.optional(Key::new("mail.smtp.password", "", "Better given as REVEILLE__MAIL__SMTP__PASSWORD_FILE.").secret()),
            token_file: r.optional(Key::new("mail.smtp.token_file", "", "In place of a password: a file with an access token (XOAUTH2), read for each connection. Something else must keep it fresh.")),
            connections: r.read(Key::new("mail.smtp.connections", "4", "Connections at the same time, to all mail servers together.").within(1, 64)),
            timeout_seconds: r.read(Key::new("mail.smtp.timeout_seconds", "60", "Longest wait for one reply. For the one to a whole message it is always 600, since a server that is given up before it answers may have taken it.").within(1, 600)),
        }
    }
}

impl Dkim {
    fn read(r: &mut Reader) -> Self {
        Self {
            domain: r.optional(Key::new("mail.dkim.domain", "", "Signs every mail when set; usually the domain of `from_address`.")),
            selector: r.read(Key::new("mail.dkim.selector", "reveille", "The key's name: `SELECTOR._domainkey.DOMAIN` in the DNS.")),
            key: r.optional(Key::new("mail.dkim.key", "", "The private key as PEM (PKCS#8); `reveille dkim keygen` makes one. Better given as REVEILLE__MAIL__DKIM__KEY_FILE.").secret()),
            ed25519_selector: r.read(Key::new("mail.dkim.ed25519_selector", "reveille-ed25519", "The name of the second key.")),
            ed25519_key: r.optional(Key::new("mail.dkim.ed25519_key", "", "A second key, in Ed25519, which signs beside the first: not all receivers know its kind. Better given as REVEILLE__MAIL__DKIM__ED25519_KEY_FILE.").secret()),
        }
    }
}

impl Services {
    fn read(r: &mut Reader) -> Self {
        Self {
            mailgun_key: r.optional(Key::new("mail.services.mailgun_key", "", "Mailgun's HTTP webhook signing key: its calls to `/returns/mailgun` tell of bounces and complaints. Better given as REVEILLE__MAIL__SERVICES__MAILGUN_KEY_FILE, as those below are.").secret()),
            sendgrid_key: r.optional(Key::new("mail.services.sendgrid_key", "", "SendGrid's verification key for its signed event webhook, to `/returns/sendgrid`.")),
            postmark_login: r.optional(Key::new("mail.services.postmark_login", "", "The `user:password` that Postmark's calls to `/returns/postmark` bring, since it signs none.").secret()),
            standard_secret: r.optional(Key::new("mail.services.standard_secret", "", "The `whsec_…` of a service that signs as Standard Webhooks say, such as Resend, to `/returns/standard`.").secret()),
            ses_topic: r.optional(Key::new("mail.services.ses_topic", "", "The ARN of the SNS topic by which Amazon SES tells of bounces and complaints, to `/returns/ses`; with signatures of version 2.")),
        }
    }
}

impl Web {
    fn read(r: &mut Reader) -> Self {
        Self {
            listen: r.read::<Endpoint<8080>>(Key::new("web.listen", "127.0.0.1:8080", "Address and port of the web pages.")).0,
            public_url: as_browsers_have_it(r.read(Key::new("web.public_url", "http://127.0.0.1:8080", "How readers reach these pages; links in mails begin with it."))),
            privacy: r.optional(Key::new("web.privacy", "", "The page that says what becomes of readers' data, as `https://www.example.org/privacy`; sign-up forms link it, beside `mail.identity`.")),
            trusted_proxies: r.list_of(Key::new("web.trusted_proxies", "[]", "Web servers in front of these pages, as `10.1.0.0/16`: their `X-Forwarded-For` is believed, as that of one on this machine always is.")),
            form_origins: r.list(Key::new("web.form_origins", "[]", "Other sites that may hold the sign-up form, as `https://www.example.org`; `reveille brief form` prints it.")).into_iter().map(as_browsers_have_it).collect(),
        }
    }
}

/// A site as an `Origin` line names it (Fetch standard, section 3.1): in lower case, without the port that is usual. What is no site
/// stays as it is written, to be told as such.
fn as_browsers_have_it(site: String) -> String {
    let url = Url::parse(&site).ok().filter(|_| is_site(&site));
    url.map_or(site, |url| url.origin().ascii_serialization())
}

impl Look {
    fn read(r: &mut Reader) -> Self {
        Self {
            templates: r.optional(Key::new("look.templates", "", "A folder with templates of your own, as `reveille brief template init` writes them; empty for ours.")),
        }
    }
}

impl Model {
    fn read(r: &mut Reader) -> Self {
        Self {
            url: r.optional(Key::new("model.url", "", "A service with OpenAI's interface, hosted or on this machine, as `http://127.0.0.1:11434/v1`; an editor can then ask it for a headline and a summary. Empty: none is ever asked.")),
            name: r.read(Key::new("model.name", "", "Which of its models.")),
            token: r.optional(Key::new("model.token", "", "What it asks for, where it does. Better given as REVEILLE__MODEL__TOKEN_FILE.").secret()),
            timeout_seconds: r.read(Key::new("model.timeout_seconds", "60", "Longest wait for an answer; at the desk it is never more than 18.").within(1, 600)),
        }
    }
}

impl Log {
    fn read(r: &mut Reader) -> Self {
        Self {
            filter: r.optional::<LogFilter>(Key::new("log.filter", "", "`error`, `warn`, `info`, `debug`, or per module as `reveille_gather=debug`. Left empty: `info` in `serve`, and `warn` in every other command, which says itself what it does; that a statement took the database long is told by `serve` alone.")).map(|filter| filter.0),
            format: r.read(Key::new("log.format", "text", "`text` or `json`.")),
        }
    }
}
