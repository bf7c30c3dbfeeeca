//! Whether a domain's SPF record can be judged by, and lets our mail servers send (RFC 7208).

mod reading;

use std::net::IpAddr;

use anyhow::{bail, ensure};
use reading::{Reading, find, read};
use reveille_mail::records::spf::{MOST_LOOKUPS, MOST_VOID, Qualifier};

use super::{names::NameServers, relays::Relay};
use crate::commands::dkim::record_line;

/// Tries the record of the return path's domain, which is what receivers look at.
pub(super) async fn check(
    servers: &NameServers,
    domain: &str,
    relays: &[Relay<'_>],
) -> anyhow::Result<String> {
    let Some(own) = find(servers, domain).await? else {
        bail!(
            "{domain} does not say who may send its mail: publish {}",
            proposal(domain, relays)
        );
    };
    let reading = read(servers, domain, own).await?;
    ensure!(
        reading.lookups <= MOST_LOOKUPS,
        "the record of {domain} costs more than {MOST_LOOKUPS} look-ups, so that receivers judge by none of it: name addresses \
         (`ip4:`) in place of hosts and other domains' records"
    );
    ensure!(
        reading.void.len() <= MOST_VOID,
        "the record of {domain} refers to names that have nothing ({}), and with more than {MOST_VOID} of them receivers judge by none \
         of it: take them out",
        reading.void.join(", ")
    );
    ensure!(
        reading.ignored.is_empty(),
        "what stands behind `all` is ignored, as is {}: put it before, or take it out",
        reading.ignored.join(", ")
    );
    match reading.others {
        None | Some(Qualifier::Fail | Qualifier::SoftFail) => {}
        Some(Qualifier::Pass) => {
            bail!("the record of {domain} lets everybody send: end it in `-all` or `~all`, not in `+all`")
        }
        Some(Qualifier::Neutral) => {
            bail!("the record of {domain} says nothing of other senders: end it in `-all` or `~all`")
        }
    }
    let lookups = reading.lookups;
    let mut told = vec![format!(
        "{domain} says who may send, in {lookups} of {MOST_LOOKUPS} look-ups"
    )];
    if reading.others.is_none() {
        told.push(
            "what it says of others depends on who sends (`redirect=` with `%`), and is not known here"
                .to_owned(),
        );
    }
    told.extend(relays.iter().filter_map(|relay| doubt(&reading, relay)));
    Ok(told.join("; "))
}

/// What is to be said of a relay that the record does not name.
fn doubt(reading: &Reading, relay: &Relay<'_>) -> Option<String> {
    let host = relay.host;
    let unseen = format!("whether it names the address by which {host} sends cannot be seen from here");
    if relay.public().next().is_none() {
        return Some(unseen);
    }
    let is_allowed = |address| reading.allowed.iter().any(|network| network.contains(address));
    let missing = relay.public().filter(|address| !is_allowed(*address));
    let missing: Vec<String> = missing.map(term).collect();
    if missing.is_empty() || reading.is_open {
        return None;
    }
    Some(match relay.has_account {
        true => format!("{unseen}: see that it includes what whoever runs {host} names for SPF"),
        false => format!(
            "it does not name {host}: add `{}`, unless that server sends by another address",
            missing.join(" ")
        ),
    })
}

/// A record for a domain that has none. Where we sign in is another's server, which hands mail on to others that send it.
fn proposal(domain: &str, relays: &[Relay<'_>]) -> String {
    let (others, own): (Vec<_>, Vec<_>) = relays.iter().partition(|relay| relay.has_account);
    let mut terms: Vec<String> = own.iter().flat_map(|relay| relay.public()).map(term).collect();
    if !others.is_empty() {
        terms.push("include:DOMAIN".to_owned());
    }
    if terms.is_empty() {
        terms.push("ip4:ADDRESS".to_owned());
    }
    let line = record_line(domain, &format!("v=spf1 {} ~all", terms.join(" ")));
    let hosts: Vec<&str> = others.iter().map(|relay| relay.host).collect();
    match hosts.as_slice() {
        [] => line,
        hosts => format!(
            "{line}, where DOMAIN is what whoever runs {} names for SPF",
            hosts.join(", ")
        ),
    }
}

fn term(address: IpAddr) -> String {
    format!("ip{}:{address}", if address.is_ipv4() { 4 } else { 6 })
}
