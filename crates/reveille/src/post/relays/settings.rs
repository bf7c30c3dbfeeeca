//! The mail servers that the settings name.

use std::time::Duration;

use reveille_mail::{Account, Proof, smtp};

use super::Relays;
use crate::config::{Mail, Relay, Share, TlsKind};

impl Relays {
    /// Those of `mail.relays`, or else the one of `[mail.smtp]`.
    pub(crate) fn of(mail: &Mail) -> Self {
        let smtp = &mail.smtp;
        let account = |user: &str, proof| Account {
            user: user.to_owned(),
            proof,
        };
        let proof = match (&smtp.password, &smtp.token_file) {
            (Some(password), _) => Some(Proof::Password(password.clone())),
            (None, Some(file)) => Some(Proof::TokenFile(file.clone())),
            (None, None) => None,
        };
        let own = smtp::Options {
            host: smtp.host.clone(),
            port: smtp.port,
            tls: tls(smtp.tls),
            account: smtp
                .user
                .as_deref()
                .zip(proof)
                .map(|(user, proof)| account(user, proof)),
            hello: mail.from_address.domain().to_owned(),
            timeout: Some(Duration::from_secs(smtp.timeout_seconds)),
            patience: None,
            root: None,
        };
        let options = |relay: &Relay| {
            let proof = |password: &String| Proof::Password(password.clone());
            let options = smtp::Options {
                host: relay.host.clone(),
                port: relay.port,
                tls: tls(relay.tls),
                account: relay
                    .account
                    .as_ref()
                    .map(|(user, password)| account(user, proof(password))),
                ..own.clone()
            };
            (options, relay.share)
        };
        match mail.relays.split_first() {
            Some((first, others)) => Self::new(options(first), others.iter().map(options).collect()),
            None => Self::new((own, Share::Weight(1, None)), Vec::new()),
        }
    }
}

fn tls(kind: TlsKind) -> smtp::Tls {
    match kind {
        TlsKind::Implicit => smtp::Tls::Implicit,
        TlsKind::StartTls => smtp::Tls::StartTls,
        TlsKind::None => smtp::Tls::None,
    }
}
