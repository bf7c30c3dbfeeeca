//! The machine's fonts, for scripts that the bundled ones lack. They are looked for once an edition needs them, and
//! then kept.

use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use reveille_brief::render::Face;

/// Where systems keep fonts.
const FOLDERS: [&str; 5] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
];
/// And where users do, in their home.
const OWN_FOLDERS: [&str; 3] = [".local/share/fonts", ".fonts", "Library/Fonts"];
/// Folders within folders that are looked into.
const DEPTH: usize = 4;
/// A larger file is left alone; in bytes. The largest collections for East Asia have a third of it.
const LARGEST: u64 = 64 << 20;
/// The fonts of one collection.
const COLLECTED: u32 = 16;

/// What was found, and signs that no font of the machine has.
struct Known {
    faces: Vec<Face>,
    nowhere: BTreeSet<char>,
}

static KNOWN: Mutex<Known> = Mutex::new(Known {
    faces: Vec::new(),
    nowhere: BTreeSet::new(),
});

/// Faces that have these signs between them, as far as the machine has any.
pub(crate) fn faces(signs: &BTreeSet<char>) -> Vec<Face> {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let mut missing = signs.difference(&known.nowhere).copied().collect::<BTreeSet<_>>();
        missing.retain(|&sign| !known.faces.iter().any(|face| face.covers(sign)));
        if missing.is_empty() {
            return known.faces.clone();
        }
        match fittest(&files(), &missing) {
            Some(face) => known.faces.push(face),
            None => known.nowhere.append(&mut missing),
        }
    }
}

/// The first face that has all of the signs, else the one that has most.
fn fittest(files: &[PathBuf], signs: &BTreeSet<char>) -> Option<Face> {
    let mut best: Option<(usize, Face)> = None;
    for file in files {
        let Ok(data) = fs::read(file) else { continue };
        for face in (0..COLLECTED).map_while(|index| Face::new(data.clone(), index)) {
            let covered = signs.iter().filter(|&&sign| face.covers(sign)).count();
            if covered > best.as_ref().map_or(0, |(most, _)| *most) {
                best = Some((covered, face));
            }
        }
        if best.as_ref().is_some_and(|(most, _)| *most == signs.len()) {
            break;
        }
    }
    best.map(|(_, face)| face)
}

/// The font files of the machine, upright and of book weight first.
fn files() -> Vec<PathBuf> {
    let home = env::home_dir();
    let own = home
        .iter()
        .flat_map(|home| OWN_FOLDERS.map(|folder| home.join(folder)));
    let mut files = Vec::new();
    for folder in own.chain(FOLDERS.map(PathBuf::from)) {
        collect(&folder, DEPTH, &mut files);
    }
    let is_slanted = |name: &str| {
        ["Bold", "Italic", "Oblique", "Mono"]
            .iter()
            .any(|word| name.contains(word))
    };
    files.sort_by_cached_key(|path| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        (is_slanted(&name), !name.contains("Regular"), path.clone())
    });
    files
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(about) = fs::metadata(&path) else { continue };
        let ending = path.extension().map(OsStr::to_ascii_lowercase);
        let is_font =
            ending.is_some_and(|ending| ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending == *known));
        if about.is_dir() && depth > 0 {
            collect(&path, depth - 1, files);
        } else if is_font && about.len() <= LARGEST {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_face_that_has_most_is_taken_and_damaged_files_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../brief/fonts");
        fs::write(folder.path().join("a.ttf"), b"no font").unwrap();
        fs::copy(
            fonts.join("NotoSansHebrew-Regular.ttf"),
            folder.path().join("b.ttf"),
        )
        .unwrap();
        fs::create_dir(folder.path().join("deeper")).unwrap();
        fs::copy(
            fonts.join("NotoSans-Regular.ttf"),
            folder.path().join("deeper/c.TTF"),
        )
        .unwrap();
        let mut files = Vec::new();
        collect(folder.path(), DEPTH, &mut files);
        files.sort();
        assert_eq!(files.len(), 3);
        let face = fittest(&files, &BTreeSet::from(['a', 'b', 'א'])).unwrap();
        assert!(face.covers('a') && !face.covers('א'));
        assert!(fittest(&files, &BTreeSet::from(['見'])).is_none());
    }
}
