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
        "normal,build,dev",
        "--prefix",
        "none",
        "--format",
        "{p}\t{l}",
        "--target",
        "all",
    ]))?;
    let mut faults = BTreeSet::new();
    // Empty lines stand between the members of the workspace.
    for line in tree.lines().filter(|line| !line.is_empty()) {
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

/// Whether an SPDX expression can be met: of an `OR` one side suffices, of an `AND`, which binds closer, both are
/// needed. An old-style `/` means `OR`.
fn holds(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let any = sides(&expression, " OR ");
    let all = sides(&expression, " AND ");
    match expression
        .trim()
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
    {
        _ if any.len() > 1 => any.iter().any(|side| holds(side, allowed)),
        _ if all.len() > 1 => all.iter().all(|side| holds(side, allowed)),
        Some(inner) => holds(inner, allowed),
        None => allowed.contains(expression.trim()),
    }
}

/// The parts of an expression between operators that stand in no bracket.
fn sides<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let mut sides = Vec::new();
    let mut begin = 0;
    for (at, _) in expression.match_indices(operator) {
        let before = &expression[..at];
        if before.matches('(').count() == before.matches(')').count() {
            sides.push(&expression[begin..at]);
            begin = at + operator.len();
        }
    }
    sides.push(&expression[begin..]);
    sides
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
        assert!(!holds("(MIT OR Apache-2.0) AND GPL-3.0", &allowed));
        assert!(!holds("MIT AND GPL-3.0", &allowed));
        assert!(!holds("", &allowed));
    }
}
