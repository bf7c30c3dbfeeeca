//! Whether mail can leave, and is what mail hosts and laws want of whoever mails many people.

use anyhow::{Context, bail, ensure};
use reveille_mail::smtp::Tls;
use reveille_model::{CanonicalUrl, Clock};

use crate::{
    config::{Config, Mail, TransportKind},
    post::{Post, signing_keys, told},
};

/// Whether each mail server takes mail of ours, and keys are where they belong.
pub(super) async fn servers(mail: &Mail, clock: &Clock) -> anyhow::Result<String> {
    let post = Post::new(mail, clock.clone())?;
    for key in signing_keys(&mail.dkim)? {
        let (setting, wanted, kind) = (key.setting, key.wanted, key.signer.kind());
        ensure!(
            kind == wanted,
            "{setting} holds a key in {kind} where one in {wanted} belongs: put each key in its own setting, and its record \
             under that one's selector"
        );
    }
    let (mut names, mut failures) = (Vec::new(), Vec::new());
    for (server, failure) in post.try_all().await {
        let name = format!("{}:{}", server.host, server.port);
        match (failure, server.tls) {
            (Some(failure), _) => failures.push(told(&failure)),
            (None, Tls::None) => names.push(format!("{name} takes mail, not encrypted")),
            (None, Tls::StartTls | Tls::Implicit) => names.push(format!("{name} takes mail over TLS")),
        }
    }
    if !failures.is_empty() {
        failures.extend(names);
        bail!("look at `mail.smtp` and `mail.relays`: {}", failures.join("; "));
    }
    let signed = match &mail.dkim.domain {
        Some(domain) => format!("signed for {domain}"),
        None => "not signed (`mail.dkim.domain`); many mail hosts will distrust it".to_owned(),
    };
    Ok(match mail.transport {
        TransportKind::Smtp => format!("{}; {signed}", names.join(", ")),
        TransportKind::Folder => {
            let folder = &mail.folder;
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot write to {}", folder.display()))?;
            format!("messages are written to {}, not sent", folder.display())
        }
    })
}

/// What Gmail, Yahoo and Microsoft ask of whoever mails many people, and laws such as CAN-SPAM, as far as the settings show it.
pub(super) fn bulk(config: &Config) -> anyhow::Result<String> {
    let (mail, public) = (&config.mail, &config.web.public_url);
    if mail.transport == TransportKind::Folder {
        return Ok("nothing is sent".to_owned());
    }
    let domain = mail.from_address.domain();
    let top = domain.rsplit('.').next().unwrap_or_default();
    let is_example = ["example", "invalid", "localhost", "test"].contains(&top)
        || ["example.com", "example.net", "example.org"].contains(&domain);
    let is_outside = public.parse::<CanonicalUrl>().is_ok_and(|url| {
        url.url().scheme() == "https" && !["localhost", "127.0.0.1", "[::1]"].contains(&url.host())
    });
    let ours = [Some(&mail.from_address), mail.return_address.as_ref()];
    let wanting = [
        (
            ours.into_iter().flatten().any(|own| !own.as_str().is_ascii()),
            "`mail.from_address` and `mail.return_address` are to be in ASCII: other mail servers than those with SMTPUTF8 take \
             nothing from such a one",
        ),
        (
            mail.identity.trim().is_empty(),
            "`mail.identity` is empty: laws ask for the sender's name and postal address",
        ),
        (
            is_example,
            "`mail.from_address` is that of an example: mail hosts refuse it",
        ),
        (
            !is_outside,
            "`web.public_url` is no https address: to leave by one click (RFC 8058) mail hosts call it",
        ),
        (
            mail.dkim.domain.is_none(),
            "`mail.dkim.domain` is empty: large mail hosts take no unsigned bulk mail (`reveille dkim keygen`)",
        ),
    ];
    let wanting: Vec<&str> = wanting
        .into_iter()
        .filter_map(|(wants, text)| wants.then_some(text))
        .collect();
    match wanting.as_slice() {
        [] => Ok("it says who sends it, is signed, and can be left by one click".to_owned()),
        some => bail!("{}", some.join("; ")),
    }
}
