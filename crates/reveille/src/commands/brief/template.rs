//! `reveille brief template`: how mails and pages look.

use std::path::Path;

use anyhow::Context;
use reveille_brief::render::Form;

use crate::{
    cli::{Global, TemplateCommand},
    commands::load,
    config::Config,
    print, templates,
};

pub(super) fn run(global: &Global, command: TemplateCommand) -> anyhow::Result<()> {
    match command {
        TemplateCommand::Init { folder } => {
            templates::write(&folder)?;
            print::line(format!(
                "Wrote our templates into {0}. Set `look.templates` to {0}, change them, and let `reveille brief template \
                 check` look them over.",
                folder.display()
            ))
        }
        TemplateCommand::Check { out } => check(&load(global)?, out.as_deref()),
    }
}

fn check(config: &Config, out: Option<&Path>) -> anyhow::Result<()> {
    let templates = templates::load(config.look.templates.as_deref())?;
    for (name, made) in templates.check()? {
        print::line(format!("{name}: {} KB of the sample", made.len().div_ceil(1024)))?;
        if let Some(folder) = out {
            let file = folder.join(name.replace('/', "-"));
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, made))
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    match &config.look.templates {
        _ if templates.has_own() => Ok(()),
        None => print::line(
            "Nothing of your own was checked: `look.templates` names no folder, so that these are Reveille's.",
        ),
        Some(folder) => print::line(format!(
            "Nothing of your own was checked: neither {folder} nor a folder of a brief's short name in it holds one of {}.",
            Form::ALL.map(Form::file).join(", ")
        )),
    }
}
