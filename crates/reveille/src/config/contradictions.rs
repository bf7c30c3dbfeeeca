//! Settings that can each be read, and are still wrong: they name nothing, or cannot stand together.

use reveille_mail::dkim::Signer;
use reveille_model::CanonicalUrl;

use super::{Config, Returned, TlsKind, TransportKind, reader::Reader};

/// Notes every such fault.
pub(super) fn find(config: &Config, r: &mut Reader) {
    mail(config, r);
    signing(config, r);
    store(config, r);
    transport(config, r);
    if config.gather.shortest_interval_minutes > config.gather.longest_interval_minutes {
        r.fault(
            "gather.shortest_interval_minutes",
            "must not be more than `gather.longest_interval_minutes`",
        );
    }
    web(config, r);
    model(config, r);
    if config.gather.proxy.as_deref().is_some_and(|proxy| !is_web(proxy)) {
        r.fault(
            "gather.proxy",
            "expected an address such as http://proxy.example.org:3128",
        );
    }
    if config.gather.imap_password.is_some() && config.gather.imap_token_file.is_some() {
        r.fault(
            "gather.imap_token_file",
            "stands in place of `gather.imap_password`: give one of the two",
        );
    }
}

fn mail(config: &Config, r: &mut Reader) {
    let smtp = &config.mail.smtp;
    let proofs = u8::from(smtp.password.is_some()) + u8::from(smtp.token_file.is_some());
    if u8::from(smtp.user.is_some()) != proofs {
        r.fault(
            "mail.smtp.password",
            "`mail.smtp.user` and `mail.smtp.password` go together: give both or neither, or `mail.smtp.token_file` in place of the password",
        );
    }
    if !config.mail.relays.is_empty() && (smtp.user.is_some() || smtp.host != "localhost") {
        r.fault(
            "mail.relays",
            "stands in place of the server of `[mail.smtp]`: put that one into the list too, and take it out there",
        );
    }
    if smtp.tls == TlsKind::None && proofs > 0 {
        r.fault(
            "mail.smtp.tls",
            "a password would cross the network in clear text: use `starttls` or `implicit`",
        );
    }
    let taken = config.mail.returns.is_some() || config.mail.returns_listen.is_some();
    if taken && config.mail.return_address.is_none() {
        r.fault(
            "mail.return_address",
            "without it no mail comes back to `mail.returns` or `mail.returns_listen`: give both, or neither",
        );
    }
    let is_mailbox = matches!(config.mail.returns, Some(Returned::Imap(_)));
    let proofs =
        u8::from(config.mail.returns_password.is_some()) + u8::from(config.mail.returns_token_file.is_some());
    if u8::from(is_mailbox) != proofs {
        r.fault(
            "mail.returns_password",
            "goes with a mailbox in `mail.returns`, such as `imaps://bounce@mail.example.org/INBOX`: give both or neither, or `mail.returns_token_file` in place of the password",
        );
    }
    if config.mail.services.postmark_login.is_some() && !config.web.public_url.starts_with("https://") {
        r.fault(
            "mail.services.postmark_login",
            "would cross the network in clear text: it takes a `web.public_url` that begins with https",
        );
    }
}

fn signing(config: &Config, r: &mut Reader) {
    let dkim = &config.mail.dkim;
    match (&dkim.domain, &dkim.key) {
        (Some(_), None) => r.fault(
            "mail.dkim.key",
            "is missing or empty, and `mail.dkim.domain` asks for it: `reveille dkim keygen` makes one; where a service has it by \
             REVEILLE__MAIL__DKIM__KEY_FILE, whoever runs commands beside it needs that as well",
        ),
        (None, Some(_)) => r.fault(
            "mail.dkim.domain",
            "is empty, and `mail.dkim.key` signs for one: give both or neither",
        ),
        _ => {}
    }
    if dkim.ed25519_key.is_some() && dkim.key.is_none() {
        r.fault(
            "mail.dkim.ed25519_key",
            "signs beside `mail.dkim.key`, since not all receivers know its kind: give both, or this one as `mail.dkim.key`",
        );
    }
    let Some(domain) = &dkim.domain else { return };
    for (setting, selector, key) in [
        ("mail.dkim.key", &dkim.selector, &dkim.key),
        ("mail.dkim.ed25519_key", &dkim.ed25519_selector, &dkim.ed25519_key),
    ] {
        if let Some(Err(error)) = key.as_ref().map(|key| Signer::from_pem(domain, selector, key)) {
            r.fault(setting, &format!("nothing can be signed with it: {error}"));
        }
    }
}

fn store(config: &Config, r: &mut Reader) {
    if !config.store.url.starts_with("sqlite:") && !config.store.url.starts_with("postgres") {
        r.fault("store.url", "expected `sqlite:PATH` or `postgres://…`");
    }
    if config.store.url == "sqlite:" {
        r.fault(
            "store.url",
            "names no file: expected such as `sqlite:reveille.db`",
        );
    }
}

fn transport(config: &Config, r: &mut Reader) {
    if config.mail.transport == TransportKind::Smtp
        && config.mail.relays.is_empty()
        && config.mail.smtp.host.trim().is_empty()
    {
        r.fault("mail.smtp.host", "names no mail server");
    }
    if r.is_default("mail.transport") && !config.mail.relays.is_empty() {
        r.fault(
            "mail.relays",
            "names mail servers, and nothing says whether to use them: set `mail.transport` to `smtp`, or to `folder`, by which messages \
             are written to files",
        );
    }
    if config.mail.folder.as_os_str().is_empty() {
        r.fault("mail.folder", "names no folder");
    }
}

fn web(config: &Config, r: &mut Reader) {
    if !is_site(&config.web.public_url) {
        r.fault(
            "web.public_url",
            "expected an address without a path, such as https://brief.example.org: pages link from its root",
        );
    }
    if config.web.privacy.as_deref().is_some_and(|page| !is_web(page)) {
        r.fault(
            "web.privacy",
            "expected an address such as https://www.example.org/privacy",
        );
    }
    if let Some(origin) = config.web.form_origins.iter().find(|origin| !is_site(origin)) {
        r.fault(
            "web.form_origins",
            &format!("`{origin}` is no site: expected such as https://www.example.org"),
        );
    }
}

fn model(config: &Config, r: &mut Reader) {
    if let Some(url) = &config.model.url {
        if !is_web(url) {
            r.fault(
                "model.url",
                "expected an address such as http://127.0.0.1:11434/v1",
            );
        }
        if config.model.name.is_empty() {
            r.fault("model.name", "which model is to be asked at `model.url`?");
        }
        let is_here = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        let is_here = is_here.iter().any(|here| {
            url.strip_prefix(here)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
        if config.model.token.is_some() && !url.starts_with("https://") && !is_here {
            r.fault(
                "model.url",
                "the token would cross the network in clear text: use https, or a service on this machine",
            );
        }
    }
}

fn is_web(url: &str) -> bool {
    url.parse::<CanonicalUrl>().is_ok()
}

/// Whether it is an address without a path.
pub(super) fn is_site(url: &str) -> bool {
    url.parse::<CanonicalUrl>()
        .is_ok_and(|url| url.url().path() == "/")
}
