//! A plan as a file that a person reads and edits.

use reveille_model::Brief;

/// A plan as TOML, in front of it as comments the keys that are not set: TOML has no word for nothing.
pub(super) fn written(plan: &Brief) -> anyhow::Result<String> {
    let unset = [
        (
            plan.audience.is_none(),
            r#"audience = "SEGMENT"  # the readers to whom it goes; now to all on its list"#,
        ),
        (
            plan.days.is_all(),
            r#"days = ["mon", "tue", "wed", "thu", "fri"]  # the days on which it comes out; now every day"#,
        ),
        (
            plan.skip.is_empty(),
            r#"skip = ["2026-12-25"]  # days on which it does not come out all the same; now none"#,
        ),
        (
            plan.too_late.is_none(),
            "too_late = \"11:00\"  # readers who have not got it by then miss it; now it comes up to six hours late, and after \
             that the next morning",
        ),
        (
            plan.tips.is_none(),
            r#"tips = "tips@example.org"  # where readers' answers go; now to the sender"#,
        ),
    ];
    let unset = unset.into_iter().filter(|(is_unset, _)| *is_unset);
    let unset: String = unset.map(|(_, line)| format!("# {line}\n")).collect();
    Ok(unset + &toml::to_string_pretty(plan)?)
}
