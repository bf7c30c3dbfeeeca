//! An SPF record with all that it refers to (RFC 7208, section 4.6.4).

use anyhow::{Context, ensure};
use reveille_mail::records::spf::{MOST_LOOKUPS, Mechanism, Qualifier, Spf, is_spf};
use reveille_model::Network;

use crate::commands::doctor::names::{AskError, NameServers};

/// A record and all that it refers to.
pub(super) struct Reading {
    /// Questions that judging by it can cost.
    pub(super) lookups: usize,
    /// What it says of those whom it does not name.
    pub(super) others: Qualifier,
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
        others: Qualifier::Neutral,
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
    ) -> Result<Vec<(&'a str, bool, bool)>, AskError> {
        let mut next = Vec::new();
        if step.is_own {
            self.others = step.record.others();
        }
        for (qualifier, mechanism) in &step.record.directives {
            self.lookups += usize::from(mechanism.is_lookup());
            let passes = step.passes && *qualifier == Qualifier::Pass;
            match mechanism {
                Mechanism::Include(other) => next.push((other.as_str(), false, passes)),
                other if passes => match networks(servers, &step.domain, other).await? {
                    Some(networks) => self.allowed.extend(networks),
                    None => self.is_open = true,
                },
                _ => {}
            }
        }
        if let Some(other) = &step.record.redirect
            && !step.record.ends_itself()
        {
            self.lookups += 1;
            next.push((other, step.is_own, step.passes));
        }
        Ok(next)
    }
}

/// The addresses that a mechanism means; none where that depends on the sender.
async fn networks(
    servers: &NameServers,
    at: &str,
    mechanism: &Mechanism,
) -> Result<Option<Vec<Network>>, AskError> {
    let (named, (v4, v6)) = match mechanism {
        Mechanism::A(named, bits) | Mechanism::Mx(named, bits) => (named.as_deref().unwrap_or(at), *bits),
        Mechanism::Ptr | Mechanism::Exists(_) => return Ok(None),
        Mechanism::Network(network) => return Ok(Some(vec![*network])),
        Mechanism::All | Mechanism::Include(_) => return Ok(Some(Vec::new())),
    };
    if named.contains('%') {
        return Ok(None);
    }
    let hosts = match mechanism {
        Mechanism::Mx(..) => servers
            .mail_servers(named)
            .await?
            .into_iter()
            .map(|(_, host)| host)
            .collect(),
        _ => vec![named.to_owned()],
    };
    let mut networks = Vec::new();
    for host in hosts.iter().filter(|host| !host.is_empty()) {
        for address in servers.addresses(host).await? {
            let bits = if address.is_ipv4() { v4 } else { v6 };
            networks.extend(format!("{address}/{bits}").parse::<Network>());
        }
    }
    Ok(Some(networks))
}
