//! What the DNS has to say of a sender's domains, as Gmail, Yahoo and Microsoft ask it of whoever mails many people.

use anyhow::{Context, anyhow, bail};
use reveille_mail::{
    dkim::Signer,
    records::{
        dkim,
        dmarc::{self, Policy, Wish},
    },
};
use reveille_model::site_of;

use super::{
    names::{AskError, NameServers},
    relays, spf,
};
use crate::{commands::dkim::record_line, config::Config, config::TransportKind, post};

/// Tries each record, where mail is sent.
pub(super) async fn check(config: &Config) -> Vec<(&'static str, anyhow::Result<String>)> {
    let mail = &config.mail;
    if mail.transport == TransportKind::Folder {
        return Vec::new();
    }
    let servers = NameServers::new(mail.resolver);
    let from = mail.from_address.domain();
    // Silence is told once, and waited for once.
    let known = servers.mail_servers(from).await;
    if let Err(silence @ AskError::Silence(_)) = known {
        return vec![("DNS", Err(silence.into()))];
    }
    let back = mail
        .return_address
        .as_ref()
        .unwrap_or(&mail.from_address)
        .domain();
    // Keys that cannot be read are the fault of another part.
    let keys = post::signing_keys(&mail.dkim).unwrap_or_default();
    let mut tried = Vec::new();
    for key in &keys {
        tried.push(("DKIM", published(&servers, &key.signer).await));
    }
    let named = post::Relays::of(mail);
    let relays = relays::find(&servers, &named).await;
    let signed = mail
        .dkim
        .domain
        .as_ref()
        .map(|domain| domain.to_ascii_lowercase());
    tried.extend([
        ("SPF", spf::check(&servers, back, &relays).await),
        ("DMARC", policy(&servers, from, signed.as_deref(), back).await),
        ("MX", mail_comes_back(&servers, from, back).await),
        ("PTR", relays::check(&servers, &relays).await),
    ]);
    tried
}

/// Whether receivers find the key that a signer signs with.
async fn published(servers: &NameServers, signer: &Signer) -> anyhow::Result<String> {
    let (name, own) = signer.record();
    let publish = || format!("publish {}", record_line(&name, &own));
    match servers.texts(&name).await?.as_slice() {
        [] => bail!("there is no key at {name}: {}", publish()),
        [record] => {
            let checked = dkim::check(record, &own);
            checked.map_err(|fault| {
                anyhow!("the record at {name} is of no use, since {fault}: {}", publish())
            })?;
            Ok(format!("{name} holds the key that signs"))
        }
        several => bail!(
            "there are {} records at {name}, and receivers may take any: leave one, and {}",
            several.len(),
            publish()
        ),
    }
}

/// Whether there is a policy for the domain that readers see, and whether our mail counts as that domain's.
async fn policy(
    servers: &NameServers,
    from: &str,
    signed: Option<&str>,
    back: &str,
) -> anyhow::Result<String> {
    let found = walk(servers, from).await?;
    let owner = dmarc::organisation(from, &found);
    let at = |domain: &str| found.iter().find(|(at, _)| *at == domain);
    let Some((at, policy)) = at(from).or_else(|| at(owner)) else {
        bail!(
            "there is no policy for {from}, as large mail hosts demand it: publish {}",
            record_line(&format!("_dmarc.{}", site_of(from)), "v=DMARC1; p=none")
        );
    };
    let mut aligned = Vec::new();
    for (way, domain, is_strict) in [
        ("DKIM", signed, policy.strict_dkim),
        ("SPF", Some(back), policy.strict_spf),
    ] {
        let Some(domain) = domain else { continue };
        let is_aligned = domain == from
            || !is_strict && dmarc::organisation(domain, &walk(servers, domain).await?) == owner;
        if is_aligned {
            aligned.push(format!("{way} ({domain})"));
        }
    }
    if aligned.is_empty() {
        bail!(
            "readers see mail from {from}, which neither signs it nor is the domain of its return path ({back}), so that it fails \
             the policy at _dmarc.{at}: set `mail.dkim.domain = \"{from}\"`"
        );
    }
    let wish = policy.wish_for(from, at);
    let mut told = format!("_dmarc.{at} says {}", wish.as_str());
    match &policy.fault {
        Some(fault) => told += &format!(" to receivers, since {fault}: write `p=none`, or what you wish"),
        None if wish == Wish::None => told += ", which asks receivers for nothing yet",
        None => {}
    }
    told += &format!("; mail is {from}'s by {}", aligned.join(" and "));
    if !policy.reports {
        told += "; `rua=mailto:ADDRESS` would have receivers tell you what they see";
    }
    Ok(told)
}

/// The policies that decide about a domain, from its own to that of the shortest name above it.
async fn walk<'a>(servers: &NameServers, domain: &'a str) -> anyhow::Result<Vec<(&'a str, Policy)>> {
    let mut found = Vec::new();
    for at in dmarc::walk(domain) {
        let name = format!("_dmarc.{at}");
        let mut texts = servers.texts(&name).await?;
        texts.retain(|text| dmarc::is_dmarc(text));
        match texts.as_slice() {
            [] => {}
            [text] => {
                let policy = text.parse();
                found.push((
                    at,
                    policy.with_context(|| format!("the record at {name} is of no use: `{text}`"))?,
                ));
            }
            several => bail!(
                "there are {} policies at {name}, and receivers go by none: leave one",
                several.len()
            ),
        }
    }
    Ok(found)
}

/// Whether readers' answers and what cannot be delivered have somewhere to go.
async fn mail_comes_back(servers: &NameServers, from: &str, back: &str) -> anyhow::Result<String> {
    let mut told = vec![takes_mail(servers, from).await?];
    if back != from {
        told.push(takes_mail(servers, back).await?);
    }
    Ok(told.join(", "))
}

/// Where a domain takes mail (RFC 5321, section 5.1).
async fn takes_mail(servers: &NameServers, domain: &str) -> anyhow::Result<String> {
    let hosts = servers.mail_servers(domain).await?;
    if hosts.iter().any(|(_, host)| host.is_empty()) {
        bail!(
            "{domain} says by a null MX that it takes no mail (RFC 7505): mail hosts refuse what comes from there, and nothing comes \
             back; take it out, and publish `{domain}. IN MX 10 HOST.`"
        );
    }
    if hosts.is_empty() {
        return match servers.addresses(domain).await?.is_empty() {
            true => bail!(
                "{domain} takes no mail, so that nothing can come back, and mail hosts refuse what comes from there: publish \
                 `{domain}. IN MX 10 HOST.`"
            ),
            false => Ok(format!("{domain} takes mail itself")),
        };
    }
    for (_, host) in &hosts {
        if !servers.addresses(host).await?.is_empty() {
            return Ok(format!("{domain} takes mail at {host}"));
        }
    }
    let names: Vec<&str> = hosts.iter().map(|(_, host)| host.as_str()).collect();
    bail!(
        "{domain} takes mail at {}, which has no address: publish `{}. IN A ADDRESS`",
        names.join(", "),
        names[0]
    )
}
