//! The settings as a person reads them: the commented file of `init`, and `config show`.

use std::fmt::Write;

use reveille_model::without_password;

use super::{
    Config, Fault, Sources,
    layers::{Layers, Place, Written},
    reader::{Key, Reader, by_table},
};

/// The file that `init` writes: every key with its meaning, commented out where the default serves.
pub(crate) fn sample() -> String {
    let mut reader = Reader::new(Layers::new());
    Config::read(&mut reader);
    let known = reader
        .known
        .into_iter()
        .map(|(key, value, _)| (key, value))
        .collect();
    let mut text = String::from(
        "# Reveille's settings. Each line below shows its default: take off the `# ` to change it.\n\
         # The environment overrides this file (REVEILLE__WEB__LISTEN), `--set web.listen=…` overrides both.\n\
         # Sources, briefs and subscribers are not set here: `reveille sources add`, `brief add`, `subscribers add`.\n",
    );
    for (table, keys) in by_table(known) {
        let _ = write!(text, "\n[{table}]\n");
        for (key, value) in keys {
            let mark = if key.path == "store.url" { "" } else { "# " };
            let _ = write!(text, "# {}\n{mark}{} = {}\n", key.doc, name(key), literal(&value));
        }
    }
    text
}

/// Every setting as it holds, with its place where it is not the default; secrets hidden.
///
/// # Errors
/// All faults, as [`Config::load`].
pub(crate) fn settings(sources: &Sources) -> Result<String, Vec<Fault>> {
    Config::load(sources)?;
    let mut reader = Reader::new(super::layers::merge(sources)?);
    Config::read(&mut reader);
    let known = reader
        .known
        .into_iter()
        .map(|(key, value, place)| (key, (value, place)))
        .collect();
    let mut text = String::new();
    for (table, keys) in by_table(known) {
        let _ = writeln!(text, "{}[{table}]", if text.is_empty() { "" } else { "\n" });
        for (key, (value, place)) in keys {
            let shown = if key.secret {
                hidden(&value)
            } else {
                literal(&value)
            };
            let _ = match place {
                Place::Default => writeln!(text, "{} = {shown}", name(key)),
                place => writeln!(text, "{} = {shown}  # {place}", name(key)),
            };
        }
    }
    Ok(text)
}

fn name(key: Key) -> &'static str {
    key.path.rsplit_once('.').map_or(key.path, |(_, name)| name)
}

fn literal(value: &Written) -> String {
    let one = |text: &str| match text.parse::<u64>() {
        Ok(number) if number.to_string() == text => text.to_owned(),
        _ => toml::Value::from(text).to_string(),
    };
    match value {
        Written::One(text) => one(text),
        Written::Many(many) => format!(
            "[{}]",
            many.iter().map(|text| one(text)).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// What addresses begin with that are settings, among other secrets.
const SCHEMES: [&str; 6] = [
    "sqlite:",
    "postgres://",
    "postgresql://",
    "smtp://",
    "smtps://",
    "smtp+clear://",
];

/// An address keeps what is no secret; anything else is hidden whole.
fn hidden(value: &Written) -> String {
    let is_address = |text: &str| SCHEMES.iter().any(|scheme| text.starts_with(scheme));
    let one = |text: &str| match text {
        "" => String::new(),
        address if is_address(address) => without_password(address),
        _ => "…".to_owned(),
    };
    literal(&match value {
        // A list, perhaps: each of its parts may have a password.
        Written::One(text) if is_address(text) => {
            let parts: Vec<String> = text.split(',').map(|part| one(part.trim())).collect();
            Written::One(parts.join(", "))
        }
        Written::One(text) => Written::One(one(text)),
        Written::Many(many) => Written::Many(many.iter().map(|text| one(text)).collect()),
    })
}
