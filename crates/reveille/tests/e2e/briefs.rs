//! Briefs are added, named, replaced and removed.

use crate::{
    ferry::{at, morning},
    program::Folder,
};

#[test]
fn a_brief_of_any_script_gets_a_short_name() {
    let folder = Folder::new();
    let said = folder.ok(&["brief", "add", "Café & Krümel"]);
    assert!(said.contains("short name cafe-krumel"), "{said}");
    for (name, told) in [
        ("朝の便り", "`--short-name"),
        ("", "the name is empty"),
        (" ", "the name is empty"),
    ] {
        let said = folder.run(&["brief", "add", name]);
        assert!(said.code == Some(2) && said.err.contains(told), "{}", said.err);
    }
    folder.ok(&["brief", "add", "朝の便り", "--short-name", "asa"]);
    assert!(folder.ok(&["brief", "list"]).contains("朝の便り"));

    let plan = folder.ok(&["brief", "show", "asa"]);
    folder.write("plan.toml", &plan);
    let of_plan = ["--short-name", "yoru", "--plan", "plan.toml"];
    let said = folder.ok(&[&["brief", "add", "夜の便り"][..], &of_plan].concat());
    assert!(said.contains("Added 夜の便り, short name yoru."), "{said}");
}

#[test]
fn a_new_plan_says_from_when_it_holds() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let plan = folder.ok(&["brief", "show"]);
    folder.write("plan.toml", &format!("too_late = \"05:00\"\n{plan}"));
    let said = folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    assert!(
        said.contains("from the next edition compiled") && said.contains("05:00 on the next day"),
        "{said}"
    );
    assert!(
        said.contains("Its hours and its audience also hold") && !said.contains("`if_unknown`"),
        "{said}"
    );
    let plan = folder.ok(&["brief", "show"]).replace("\"resend\"", "\"hold\"");
    folder.write("plan.toml", &plan);
    let said = folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    assert!(
        said.contains("`editors` hold at once") && !said.contains("Its hours"),
        "{said}"
    );
}

#[test]
fn what_comes_next_can_be_pasted_and_a_wrong_brief_removed_while_there_are_several() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    folder.ok(&["brief", "add", "The Mourning Brief"]);
    let day = ["--day", "2026-03-10"];
    let edition = |command: &str, more: &[&str]| {
        let brief = ["edition", command, "the-morning-brief"];
        at(&folder, "04:35", &[&brief, more].concat()).out
    };
    let said = edition("compile", &[]);
    assert!(
        said.contains("`reveille edition approve the-morning-brief`"),
        "{said}"
    );
    let said = edition("compile", &day);
    assert!(
        said.contains("`reveille edition show the-morning-brief --day 2026-03-10`"),
        "{said}"
    );
    let said = edition("approve", &[]);
    assert!(
        said.contains("`reveille edition send the-morning-brief`"),
        "{said}"
    );

    at(&folder, "04:35", &["edition", "compile", "the-mourning-brief"]);
    let said = folder.run(&["brief", "remove", "the-morning-brief"]);
    assert!(
        said.code == Some(1) && said.err.contains("To have it rest"),
        "{}",
        said.err
    );
    folder.ok(&["brief", "remove", "the-mourning-brief"]);
    let list = folder.ok(&["brief", "list"]);
    assert!(
        list.contains("the-morning-brief") && !list.contains("mourning"),
        "{list}"
    );
}

#[test]
fn a_brief_is_edited_as_a_file() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief", "--zone", "Europe/London"]);
    let plan = folder.ok(&["brief", "show"]);
    folder.write(
        "plan.toml",
        &plan.replace("send_at = \"06:00\"", "send_at = \"07:15\""),
    );
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    assert!(folder.ok(&["brief", "list"]).contains("07:15 their time"));
    // What is not set stands there too, to be taken into use.
    let plan = folder.ok(&["brief", "show"]);
    assert!(plan.contains("now midnight, the end of its day"), "{plan}");
    for (key, value) in [
        ("lead_minutes", "an edition is compiled"),
        ("approval", "\"automatic\""),
        ("if_unknown", "\"resend\""),
        ("tell_missed", "missed"),
        ("access", "\"named\""),
        ("top", "before the sections"),
        ("bylines", "stands above the article"),
        ("clicks", "never per reader"),
        ("consent", "signing up"),
        ("most", "0: none"),
        ("newsrooms", "on their own"),
        ("mornings", "so many mornings"),
        ("quiet_days", "without anything new"),
        ("events.limit", "entries"),
    ] {
        let told = |line: &str| {
            let word = line.trim_start_matches(['#', ' ']).split(' ').next();
            line.starts_with('#') && word == Some(key.trim_start_matches("events."))
        };
        let mut lines = plan
            .lines()
            .skip_while(|line| key.starts_with("events.") && *line != "[events]");
        assert!(
            lines.any(|line| told(line) && line.contains(value)),
            "{key}: {plan}"
        );
    }
    folder.write(
        "days.toml",
        &plan.replace("lead_minutes = 75", "lead_minutes = 2881"),
    );
    let refused = folder.run(&["brief", "update", "the-morning-brief", "days.toml"]);
    assert!(
        refused.code == Some(1) && refused.err.contains("`lead_minutes` is 2881"),
        "{}",
        refused.err
    );
    let plan = plan
        .replace("# too_late = ", "too_late = ")
        .replace("# tips = ", "tips = ");
    folder.write("plan.toml", &plan);
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    let shown = folder.ok(&["brief", "show"]);
    assert!(shown.contains("\n# audience = \"SEGMENT\""), "{shown}");
    for set in ["\ntoo_late = \"11:00\"\n", "\ntips = \"tips@example.org\"\n"] {
        assert!(shown.contains(set), "{shown}");
    }
    let update = ["brief", "update", "the-morning-brief", "plan.toml"];
    // What is there already may come again; what was made from an earlier plan would undo what came since.
    folder.ok(&update);
    folder.write("plan.toml", &plan.replace("11:00", "12:00"));
    let refused = folder.run(&update);
    assert!(
        refused.code == Some(1) && refused.err.contains("somebody changed it meanwhile"),
        "{}",
        refused.err
    );
    folder.write("plan.toml", "name = 3");
    assert!(folder.run(&update).err.contains("plan.toml"));
    // A misspelt key would leave the default: a brief for named readers public.
    let misspelt = shown
        .replace("access = ", "acess = ")
        .replace("keywords = [", "keyword = [");
    folder.write("plan.toml", &misspelt);
    let said = folder.run(&update);
    assert!(
        said.err.contains("no `acess`") && said.err.contains(".keyword`"),
        "{}",
        said.err
    );
    assert_eq!(folder.ok(&["brief", "show"]), shown);
}
