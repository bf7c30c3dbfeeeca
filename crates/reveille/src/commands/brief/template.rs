//! `reveille brief template`: how mails and pages look.

use std::path::Path;

use anyhow::Context;

use crate::{app::App, cli::TemplateCommand, print, templates};

pub(super) fn run(app: &App, command: TemplateCommand) -> anyhow::Result<()> {
    match command {
        TemplateCommand::Init { folder } => {
            templates::write(&folder)?;
            print::line(format!(
                "Wrote our templates into {0}. Set `look.templates` to {0}, change them, and let `reveille brief template \
                 check` look them over.",
                folder.display()
            ))
        }
        TemplateCommand::Check { out } => check(app, out.as_deref()),
    }
}

fn check(app: &App, out: Option<&Path>) -> anyhow::Result<()> {
    for (name, made) in app.templates.check()? {
        print::line(format!("{name}: {} KB of the sample", made.len().div_ceil(1024)))?;
        if let Some(folder) = out {
            let file = folder.join(name.replace('/', "-"));
            std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&file, made))
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
}
