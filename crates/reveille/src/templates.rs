//! Operators' own templates, from the folder that `look.templates` names: there for every brief, or in a folder of the
//! brief's short name for that one.

use std::{fs, io, path::Path};

use anyhow::{Context, ensure};
use reveille_brief::render::{Form, Templates};
use reveille_model::Slug;

/// Ours, with those of the folder in their place; each of them renders the sample.
///
/// # Errors
/// Where the folder cannot be read, or holds a template that cannot render.
pub(crate) fn load(folder: Option<&str>) -> anyhow::Result<Templates> {
    let mut templates = Templates::built_in();
    let Some(folder) = folder.map(Path::new) else {
        return Ok(templates);
    };
    let unread = || format!("look.templates: cannot read {}", folder.display());
    take(&mut templates, folder, None)?;
    for inside in fs::read_dir(folder).with_context(unread)? {
        let inside = inside.with_context(unread)?.path();
        let slug = inside
            .file_name()
            .and_then(|name| name.to_str())
            .map(str::parse::<Slug>);
        if let (true, Some(Ok(slug))) = (inside.is_dir(), slug) {
            take(&mut templates, &inside, Some(&slug))?;
        }
    }
    templates.check().context("look.templates")?;
    Ok(templates)
}

fn take(templates: &mut Templates, folder: &Path, brief: Option<&Slug>) -> anyhow::Result<()> {
    for form in Form::ALL {
        let file = folder.join(form.file());
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", file.display())),
        };
        let taken = templates.replace(brief, form, text);
        taken.with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// Writes ours into a folder, to be changed there.
///
/// # Errors
/// Where a file of that name is there already, or cannot be written.
pub(crate) fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for form in Form::ALL {
        let file = folder.join(form.file());
        ensure!(
            !file.exists(),
            "{} is there already; move it away first",
            file.display()
        );
        fs::write(&file, form.built_in()).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}
