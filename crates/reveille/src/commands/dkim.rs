//! `reveille dkim`: keys that prove the sender's domain, and what to put into the DNS for them.

use std::{io::Write, path::Path, process::Command};

use anyhow::{Context, ensure};
use reveille_mail::dkim::{Signer, ed25519_pem};
use reveille_model::EmailAddress;

use crate::{
    cli::{self, DkimCommand},
    config::{Config, Dkim},
    entropy, print, private,
};

/// A string of a TXT record holds no more (RFC 1035, section 3.3.14).
const STRING: usize = 255;

pub(super) fn run(config: &Config, set: Option<String>, command: DkimCommand) -> anyhow::Result<()> {
    let DkimCommand::Keygen { folder, domain } = command;
    // Whoever leaves the option's name out would have keys of another domain, in a folder of this one's name.
    if let Some(name) = folder.to_str().filter(|_| !folder.exists())
        && format!("postmaster@{name}").parse::<EmailAddress>().is_ok()
    {
        let what = format!(
            "`{name}` reads as a domain, and a folder is expected here: name the domain by `--domain {name}`, or the folder as \
             `./{name}`"
        );
        return Err(cli::misuse(&what).into());
    }
    let (usual, whence) = match set {
        Some(set) => (set, "`mail.dkim.domain`"),
        None => (
            config.mail.from_address.domain().to_owned(),
            "the domain of `mail.from_address`",
        ),
    };
    if domain.is_none() {
        print::line(format!(
            "These keys are for {usual}, {whence}; `--domain` names another one.\n"
        ))?;
    }
    let domain = domain.unwrap_or(usual);
    let dkim = &config.mail.dkim;
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    // RSA primes are openssl's business, which every system has that runs a mail server.
    let rsa = rsa_pem().context("an RSA key is made by the program `openssl`, which could not be run")?;
    let ed25519 = ed25519_pem(&seed()?);
    for (selector, pem) in [(&dkim.selector, &rsa), (&dkim.ed25519_selector, &ed25519)] {
        let signer = Signer::from_pem(&domain, selector, pem)?;
        let path = folder.join(format!("{selector}.pem"));
        write_secret(&path, pem)?;
        let (name, value) = signer.record();
        print::line(format!("{}\n", record_line(&name, &value)))?;
    }
    // Whoever sets them may be elsewhere.
    print::line(settings(dkim, &domain, &std::path::absolute(&folder)?))
}

/// What to set once the records stand in the DNS.
fn settings(dkim: &Dkim, domain: &str, folder: &Path) -> String {
    let file = |selector: &str| folder.join(format!("{selector}.pem")).display().to_string();
    format!(
        "Put these records into the DNS. Once they are there, set in the settings file, under the line `[mail.dkim]` where it has that \
         already\n\n[mail.dkim]\n\
         domain = \"{domain}\"\nselector = \"{}\"\ned25519_selector = \"{}\"\n\nand in the environment\n  REVEILLE__MAIL__DKIM__KEY_FILE={}\n  REVEILLE__MAIL__DKIM__ED25519_KEY_FILE={}",
        dkim.selector,
        dkim.ed25519_selector,
        file(&dkim.selector),
        file(&dkim.ed25519_selector)
    )
}

fn seed() -> anyhow::Result<[u8; 32]> {
    let (high, low) = (entropy::bits()?.to_be_bytes(), entropy::bits()?.to_be_bytes());
    let mut seed = [0; 32];
    seed[..16].copy_from_slice(&high);
    seed[16..].copy_from_slice(&low);
    Ok(seed)
}

/// A key of 2048 bits, which is what all receivers take and one TXT record holds.
fn rsa_pem() -> anyhow::Result<String> {
    let arguments = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    let made = Command::new("openssl").args(arguments).output()?;
    ensure!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr).trim()
    );
    Ok(String::from_utf8(made.stdout)?)
}

/// Writes a new file that its owner alone can read.
fn write_secret(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = private::create_new(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("cannot write {} (a key that is there is kept)", path.display()))
}

/// A TXT record as zone files have it (RFC 1035, section 5.1).
pub(super) fn record_line(name: &str, text: &str) -> String {
    let strings = text.as_bytes().chunks(STRING);
    let strings: Vec<_> = strings
        .map(|part| format!("\"{}\"", String::from_utf8_lossy(part)))
        .collect();
    format!("{name}. IN TXT {}", strings.join(" "))
}
