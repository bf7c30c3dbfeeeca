//! The mail servers that mail is handed to, as the world sees them.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::bail;

use super::names::{AskError, NameServers};
use crate::post::Relays;

/// A mail server that we hand mail to.
pub(super) struct Relay<'a> {
    pub(super) host: &'a str,
    /// Whether we sign in: then it is likely another's, who sees to its addresses.
    pub(super) has_account: bool,
    addresses: Result<Vec<IpAddr>, AskError>,
}

impl Relay<'_> {
    /// Those of its addresses that the world can see. Mail may leave by others all the same.
    pub(super) fn public(&self) -> impl Iterator<Item = IpAddr> {
        let addresses = self.addresses.iter().flatten().copied();
        addresses.filter(|address| reveille_gather::is_public(*address))
    }
}

/// Their addresses.
pub(super) async fn find<'a>(servers: &NameServers, named: &'a Relays) -> Vec<Relay<'a>> {
    let mut relays = Vec::new();
    for server in named.all() {
        let host = server.host.as_str();
        let addresses = match host.parse() {
            Ok(address) => Ok(vec![address]),
            // No name server is to be asked about it (RFC 6761, section 6.3).
            Err(_) if host == "localhost" => Ok(vec![Ipv4Addr::LOCALHOST.into()]),
            Err(_) => servers.addresses(host).await,
        };
        relays.push(Relay {
            host,
            has_account: server.account.is_some(),
            addresses,
        });
    }
    relays
}

/// Whether each public address has a name that leads back to it, without which Gmail and others refuse mail.
pub(super) async fn check(servers: &NameServers, relays: &[Relay<'_>]) -> anyhow::Result<String> {
    let (mut told, mut faults) = (Vec::new(), Vec::new());
    for relay in relays {
        if let Err(error) = &relay.addresses {
            faults.push(error.to_string());
        }
        if relay.public().next().is_none() {
            told.push(format!(
                "by which address {} sends cannot be seen from here; that one needs a name that leads back to it",
                relay.host
            ));
        }
        for address in relay.public() {
            match (name(servers, address).await?, relay.has_account) {
                (Ok(name), _) => told.push(format!("{address} is {name}, and back")),
                (Err(fault), true) => told.push(format!("{fault}; that is the affair of whoever runs {}", relay.host)),
                (Err(fault), false) => faults.push(format!(
                    "{fault}: have whoever gave you the address publish its name, and publish `NAME. IN {} {address}` yourself",
                    if address.is_ipv4() { "A" } else { "AAAA" }
                )),
            }
        }
    }
    match faults.is_empty() {
        true => Ok(told.join("; ")),
        false => bail!("{}", faults.join("; ")),
    }
}

/// The name of an address that leads back to it; or else what is wrong.
async fn name(servers: &NameServers, address: IpAddr) -> Result<Result<String, String>, AskError> {
    let names = servers.names(address).await?;
    for name in &names {
        if servers.addresses(name).await?.contains(&address) {
            return Ok(Ok(name.clone()));
        }
    }
    Ok(Err(match names.as_slice() {
        [] => format!("{address} has no name (PTR)"),
        names => format!(
            "{address} is called {}, which does not lead back to it",
            names.join(", ")
        ),
    }))
}
