//! An SPF record with all that it refers to (RFC 7208, section 4.6.4).

use std::net::IpAddr;

use anyhow::{Context, ensure};
use reveille_mail::records::spf::{MOST_LOOKUPS, MOST_MAIL_SERVERS, Mechanism, Qualifier, Spf, is_spf};
use reveille_model::Network;

use crate::commands::doctor::names::NameServers;

/// A record and all that it refers to.
pub(super) struct Reading {
    /// Questions that judging by it can cost.
    pub(super) lookups: usize,
    /// Names that it refers to and that have nothing.
    pub(super) void: Vec<String>,
    /// What stands in it behind `all`, in words.
    pub(super) ignored: Vec<String>,
    /// What it says of those whom it does not name; none where that depends on the sender.
    pub(super) others: Option<Qualifier>,
    /// Whom it lets send. The order of terms is left out of account.
    pub(super) allowed: Vec<Network>,
    /// Whether it may let others send, by names that are made from the sender's.
    pub(super) is_open: bool,
}

/// A record that is still to be read.
struct Step {
    domain: String,
    record: Spf,
    /// Whether it is the first one, or what that hands over to, and not only included.
    is_own: bool,
    /// Whether those whom it lets send may send.
    passes: bool,
}

/// A domain's record, where there is one.
pub(super) async fn find(servers: &NameServers, domain: &str) -> anyhow::Result<Option<Spf>> {
    let mut texts = servers.texts(domain).await?;
    texts.retain(|text| is_spf(text));
    ensure!(
        texts.len() <= 1,
        "{domain} has {} SPF records, so that receivers judge by none: leave one",
        texts.len()
    );
    let record = texts.first().map(|text| text.parse()).transpose();
    record.with_context(|| format!("receivers judge by none of the record of {domain}"))
}

/// Reads a record and those that it includes or hands over to.
pub(super) async fn read(servers: &NameServers, domain: &str, own: Spf) -> anyhow::Result<Reading> {
    let mut reading = Reading {
        lookups: 0,
        void: Vec::new(),
        ignored: Vec::new(),
        others: Some(Qualifier::Neutral),
        allowed: Vec::new(),
        is_open: false,
    };
    let mut todo = vec![Step {
        domain: domain.to_owned(),
        record: own,
        is_own: true,
        passes: true,
    }];
    while let Some(step) = todo.pop() {
        let next = reading.take(servers, &step).await?;
        // Records that include one another would never end.
        if reading.lookups > MOST_LOOKUPS {
            break;
        }
        for (domain, is_own, passes) in next {
            // Whose record it is depends on the sender.
            if domain.contains('%') {
                reading.is_open = true;
                reading.others = reading.others.filter(|_| !is_own);
                continue;
            }
            let record = find(servers, domain).await?.with_context(|| {
                let at = &step.domain;
                format!("the record of {at} refers to {domain}, which has none, so that receivers judge by none of it")
            })?;
            todo.push(Step {
                domain: domain.to_owned(),
                record,
                is_own,
                passes,
            });
        }
    }
    Ok(reading)
}

impl Reading {
    /// Adds what one record says; the domains that it refers to, each with what is to be known of its [`Step`].
    async fn take<'a>(
        &mut self,
        servers: &NameServers,
        step: &'a Step,
    ) -> anyhow::Result<Vec<(&'a str, bool, bool)>> {
        let Step { domain, record, .. } = step;
        let mut next = Vec::new();
        if step.is_own {
            self.others = Some(record.others());
            let told = |term| format!("`{term}` in the record of {domain}");
            self.ignored.extend(record.ignored.iter().map(told));
        }
        for (qualifier, mechanism) in &record.directives {
            self.lookups += usize::from(mechanism.is_lookup());
            let passes = step.passes && *qualifier == Qualifier::Pass;
            match mechanism {
                Mechanism::All => {}
                Mechanism::Include(other) => next.push((other.as_str(), false, passes)),
                Mechanism::Network(network) => self.allowed.extend(passes.then_some(*network)),
                Mechanism::Ptr | Mechanism::Exists(_) => self.is_open |= passes,
                Mechanism::A(Some(named), _) | Mechanism::Mx(Some(named), _) if named.contains('%') => {
                    self.is_open |= passes;
                }
                Mechanism::A(named, bits) | Mechanism::Mx(named, bits) => {
                    let named = named.as_ref().unwrap_or(domain);
                    let found = match mechanism {
                        Mechanism::Mx(..) => of_mail_servers(servers, domain, named).await?,
                        _ => servers.addresses(named).await?,
                    };
                    if found.is_empty() {
                        self.void.push(named.clone());
                    }
                    let networks = found.into_iter().filter_map(|address| network(address, *bits));
                    self.allowed.extend(networks.filter(|_| passes));
                }
            }
        }
        if let Some(other) = &record.redirect
            && !record.ends_itself()
        {
            self.lookups += 1;
            next.push((other, step.is_own, step.passes));
        }
        Ok(next)
    }
}

/// The addresses of a domain's mail servers, which the record at `at` means.
async fn of_mail_servers(servers: &NameServers, at: &str, domain: &str) -> anyhow::Result<Vec<IpAddr>> {
    let hosts = servers.mail_servers(domain).await?;
    ensure!(
        hosts.len() <= MOST_MAIL_SERVERS,
        "the record of {at} means the mail servers of {domain} (`mx`), which are {}, and with more than {MOST_MAIL_SERVERS} receivers \
         judge by none of it: name addresses (`ip4:`) in their place",
        hosts.len()
    );
    let mut addresses = Vec::new();
    for (_, host) in hosts.iter().filter(|(_, host)| !host.is_empty()) {
        addresses.extend(servers.addresses(host).await?);
    }
    Ok(addresses)
}

/// All that have so many bits (IPv4, IPv6) in common with an address.
fn network(address: IpAddr, (v4, v6): (u8, u8)) -> Option<Network> {
    let bits = if address.is_ipv4() { v4 } else { v6 };
    format!("{address}/{bits}").parse().ok()
}
