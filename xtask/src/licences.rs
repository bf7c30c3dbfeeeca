//! Every dependency's licence is one that `deny.toml` allows. The file is the one that cargo-deny reads too, for
//! whoever has it and the network that its advisory list needs.

use std::{collections::BTreeSet, process::Command};

use anyhow::{Context, bail};

pub(crate) fn check() -> anyhow::Result<()> {
    let path = crate::root().join("deny.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let allowed = allowed(&text);
    // One line a crate: "name version licence-expression".
    let tree = crate::output(Command::new("cargo").args([
        "tree",
        "--workspace",
        "--edges",
        "all",
        "--prefix",
        "none",
        "--format",
        "{p}\t{l}",
        "--target",
        "all",
    ]))?;
    let mut faults = BTreeSet::new();
    for line in tree.lines() {
        let (package, licence) = line
            .trim_end_matches(" (*)")
            .split_once('\t')
            .unwrap_or((line, ""));
        if !holds(licence, &allowed) {
            faults.insert(format!("{package}: `{licence}`"));
        }
    }
    if !faults.is_empty() {
        bail!(
            "licences that deny.toml does not allow:\n  {}",
            faults.into_iter().collect::<Vec<_>>().join("\n  ")
        );
    }
    Ok(())
}

/// The quoted names of the `allow = [ … ]` list.
fn allowed(deny: &str) -> BTreeSet<String> {
    let list = deny
        .split_once("allow = [")
        .map_or("", |(_, rest)| rest.split(']').next().unwrap_or_default());
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression can be met: of an `OR` one side suffices, of an `AND` both are needed.
fn holds(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim().trim_start_matches('(').trim_end_matches(')');
    let alternatives = expression.split(" OR ");
    alternatives.into_iter().any(|side| {
        side.split(" AND ")
            .all(|term| allowed.contains(term.trim().trim_matches(['(', ')'])))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_holds_where_one_alternative_is_allowed() {
        let allowed = allowed("[licenses]\nallow = [\n  \"MIT\", # why\n  \"Zlib\",\n]\n");
        assert!(holds("MIT OR Apache-2.0", &allowed));
        assert!(holds("Apache-2.0/MIT", &allowed));
        assert!(holds("(MIT OR Apache-2.0) AND Zlib", &allowed));
        assert!(!holds("MIT AND GPL-3.0", &allowed));
        assert!(!holds("", &allowed));
    }
}
