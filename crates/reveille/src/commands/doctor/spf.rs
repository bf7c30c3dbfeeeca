//! Whether a domain's SPF record can be judged by, and lets our mail servers send (RFC 7208).

mod reading;

use std::net::IpAddr;

use anyhow::{bail, ensure};
use reading::{Reading, find, read};
use reveille_mail::records::spf::{MOST_LOOKUPS, Qualifier};

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
            record_line(domain, &proposal(relays))
        );
    };
    let reading = read(servers, domain, own).await?;
    ensure!(
        reading.lookups <= MOST_LOOKUPS,
        "the record of {domain} costs more than {MOST_LOOKUPS} look-ups, so that receivers judge by none of it: name addresses \
         (`ip4:`) in place of hosts and other domains' records"
    );
    match reading.others {
        Qualifier::Fail | Qualifier::SoftFail => {}
        Qualifier::Pass => {
            bail!("the record of {domain} lets everybody send: end it in `-all` or `~all`, not in `+all`")
        }
        Qualifier::Neutral => {
            bail!("the record of {domain} says nothing of other senders: end it in `-all` or `~all`")
        }
    }
    let lookups = reading.lookups;
    let relays = relays.iter().filter_map(|relay| doubt(&reading, relay));
    let told = [format!(
        "{domain} says who may send, in {lookups} of {MOST_LOOKUPS} look-ups"
    )];
    Ok(told.into_iter().chain(relays).collect::<Vec<_>>().join("; "))
}

/// What is to be said of a relay that the record does not name.
fn doubt(reading: &Reading, relay: &Relay<'_>) -> Option<String> {
    let host = relay.host;
    if relay.public().next().is_none() {
        return Some(format!(
            "whether it names the address by which {host} sends cannot be seen from here"
        ));
    }
    let is_allowed = |address| reading.allowed.iter().any(|network| network.contains(address));
    let missing = relay.public().filter(|address| !is_allowed(*address));
    let missing: Vec<String> = missing.map(term).collect();
    (!missing.is_empty() && !reading.is_open).then(|| {
        format!(
            "it does not name {host}: add `{}`, unless that server sends by another address",
            missing.join(" ")
        )
    })
}

/// A record for a domain that has none.
fn proposal(relays: &[Relay<'_>]) -> String {
    let mut terms: Vec<String> = relays.iter().flat_map(Relay::public).map(term).collect();
    if terms.is_empty() {
        terms.push("ip4:ADDRESS".to_owned());
    }
    format!("v=spf1 {} ~all", terms.join(" "))
}

fn term(address: IpAddr) -> String {
    format!("ip{}:{address}", if address.is_ipv4() { 4 } else { 6 })
}
