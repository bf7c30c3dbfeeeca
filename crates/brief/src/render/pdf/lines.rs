//! Text to lines: which face sets what, where a line may end (UAX 14), and in which order its parts stand (UAX 9).

use std::{collections::BTreeSet, ops::Range};

use krilla::text::KrillaGlyph;
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation;

use super::fonts::{Face, Fonts, Role, hides};

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) role: Role,
    /// In points.
    pub(super) size: f32,
    pub(super) ink: Ink,
}

/// The colours of print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Muted,
}

/// A text in one style. Its direction is its own, whatever stands around it.
#[derive(Debug, Clone)]
pub(super) struct Run {
    text: String,
    style: Style,
}

impl Run {
    /// The text as it can be set: on one line, and without what changes the direction or has no glyph. Letters that no
    /// face sets are told, and "[…]" stands for them; pictures are left out.
    pub(super) fn new(text: &str, style: Style, fonts: Fonts<'_>, unset: &mut BTreeSet<char>) -> Self {
        Self {
            text: printable(text, style.role, fonts, unset),
            style,
        }
    }
}

/// A part of a line that is drawn in one go.
pub(super) struct Piece {
    /// From the left end of the line, in points.
    pub(super) x: f32,
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    pub(super) face: Face,
    pub(super) style: Style,
}

/// One line. Its pieces stand in the order in which they are read.
pub(super) struct Line {
    pub(super) pieces: Vec<Piece>,
    /// Without the space at its end, in points.
    pub(super) width: f32,
    /// Whether some of it runs from right to left, so that its glyphs do not stand in the order of its text.
    pub(super) is_mixed: bool,
}

impl Line {
    /// What it says.
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }
}

fn printable(text: &str, role: Role, fonts: Fonts<'_>, unset: &mut BTreeSet<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let mut gap = false;
        for sign in word.graphemes(true) {
            if fonts.of(role, sign).is_some() && !sign.chars().all(hides) && !sign.contains(is_control) {
                out.push_str(sign);
                gap = false;
            } else if sign
                .chars()
                .any(|c| !hides(c) && !is_control(c) && !is_picture(c))
            {
                unset.extend(sign.chars());
                if !gap {
                    out.push_str("[…]");
                }
                gap = true;
            }
        }
        if out[before..].trim().is_empty() {
            out.truncate(before);
        }
    }
    out
}

/// Marks without a glyph, among them those that turn the direction of what follows.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Emoji and what belongs to them.
const fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' | '\u{E0020}'..='\u{E007F}')
}

/// Keeps a run to itself: it takes its direction from its first letter (UAX 9, section 2.4).
const ISOLATE: char = '\u{2068}';
const END: char = '\u{2069}';

/// Sets runs as one paragraph of this width, a space between them.
pub(super) fn lines(runs: &[Run], right_to_left: bool, width: f32, fonts: Fonts<'_>) -> Vec<Line> {
    let base = if right_to_left { Level::rtl() } else { Level::ltr() };
    let atoms = atoms(runs, base, fonts);
    let mut lines = Vec::new();
    let mut line: Vec<Atom> = Vec::new();
    for word in words(atoms, width) {
        let filled = line.iter().map(|atom| atom.width).sum::<f32>();
        if !line.is_empty() && filled + seen(&word) > width {
            lines.push(placed(std::mem::take(&mut line), base));
        }
        line.extend(word);
    }
    if !line.is_empty() {
        lines.push(placed(line, base));
    }
    lines
}

/// The smallest part that is set as a whole.
struct Atom {
    text: String,
    style: Style,
    face: Face,
    level: Level,
    glyphs: Vec<KrillaGlyph>,
    width: f32,
    /// Whether a line may begin with it.
    opens: bool,
}

impl Atom {
    fn new(text: &str, style: Style, face: &Face, level: Level, opens: bool) -> Self {
        let glyphs = face.shape(text, level.is_rtl());
        Self {
            width: glyphs.iter().map(|glyph| glyph.x_advance).sum::<f32>() * face.scaled(style.size),
            text: text.to_owned(),
            face: face.clone(),
            style,
            level,
            glyphs,
            opens,
        }
    }

    fn is_space(&self) -> bool {
        self.text == " "
    }
}

/// Cuts where face, style or direction change, where a line may end, and around spaces.
fn atoms(runs: &[Run], base: Level, fonts: Fonts<'_>) -> Vec<Atom> {
    let mut text = String::new();
    let mut ends = Vec::new();
    for run in runs {
        text.extend([
            ISOLATE.to_string().as_str(),
            &run.text,
            END.to_string().as_str(),
            " ",
        ]);
        ends.push(text.len());
    }
    let bidi = BidiInfo::new(&text, Some(base));
    let breaks: BTreeSet<usize> = unicode_linebreak::linebreaks(&text).map(|(at, _)| at).collect();
    let mut atoms = Vec::new();
    let mut open: Option<(Range<usize>, Key<'_>, bool)> = None;
    let mut may_break = false;
    for (at, sign) in text.grapheme_indices(true) {
        may_break |= breaks.contains(&at);
        if sign.starts_with([ISOLATE, END]) {
            continue;
        }
        let run = &runs[ends.partition_point(|&end| end <= at)];
        let Some(face) = fonts.of(run.style.role, sign) else {
            continue;
        };
        let key = Key {
            style: run.style,
            face,
            level: bidi.levels[at],
            space: sign == " ",
        };
        match &mut open {
            Some((range, same, _)) if *same == key && !may_break && !key.space && range.end == at => {
                range.end += sign.len();
            }
            _ => {
                atoms.extend(
                    open.take()
                        .map(|(range, key, opens)| key.atom(&text[range], opens)),
                );
                open = Some((at..at + sign.len(), key, may_break));
                may_break = false;
            }
        }
    }
    atoms.extend(open.map(|(range, key, opens)| key.atom(&text[range], opens)));
    atoms
}

/// What signs share that are set together.
struct Key<'a> {
    style: Style,
    face: &'a Face,
    level: Level,
    space: bool,
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.style == other.style
            && std::ptr::eq(self.face, other.face)
            && self.level == other.level
            && self.space == other.space
    }
}

impl Key<'_> {
    fn atom(&self, text: &str, opens: bool) -> Atom {
        Atom::new(text, self.style, self.face, self.level, opens)
    }
}

/// Atoms between which no line ends. What is wider than a line is cut between signs.
fn words(atoms: Vec<Atom>, width: f32) -> Vec<Vec<Atom>> {
    let mut words: Vec<Vec<Atom>> = Vec::new();
    for atom in atoms {
        match words.last_mut() {
            Some(word) if !atom.opens => word.push(atom),
            _ => words.push(vec![atom]),
        }
    }
    let fitting = |word: Vec<Atom>| {
        if seen(&word) <= width {
            return vec![word];
        }
        let signs = word.iter().flat_map(|atom| {
            let signs = atom.text.graphemes(true);
            signs.map(|sign| vec![Atom::new(sign, atom.style, &atom.face, atom.level, true)])
        });
        signs.collect()
    };
    words.into_iter().flat_map(fitting).collect()
}

/// The width of atoms without the space at their end.
fn seen(atoms: &[Atom]) -> f32 {
    let end = atoms
        .iter()
        .rposition(|atom| !atom.is_space())
        .map_or(0, |last| last + 1);
    atoms[..end].iter().map(|atom| atom.width).sum()
}

/// Puts the atoms of a line where they stand. The space at its end hangs over.
fn placed(mut atoms: Vec<Atom>, base: Level) -> Line {
    let width = seen(&atoms);
    for atom in atoms.iter_mut().rev().take_while(|atom| atom.is_space()) {
        atom.level = base;
    }
    let levels: Vec<Level> = atoms.iter().map(|atom| atom.level).collect();
    let whole: f32 = atoms.iter().map(|atom| atom.width).sum();
    let mut x = if base.is_rtl() { width - whole } else { 0.0 };
    let mut places = vec![0.0; atoms.len()];
    for index in BidiInfo::reorder_visual(&levels) {
        places[index] = x;
        x += atoms[index].width;
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last = None;
    for (atom, x) in atoms.into_iter().zip(places) {
        let level = atom.level;
        match pieces.last_mut() {
            // Neighbours that run from left to right are one piece.
            Some(piece)
                if last == Some(level)
                    && level.is_ltr()
                    && piece.style == atom.style
                    && piece.face.is(&atom.face) =>
            {
                let shift = piece.text.len();
                piece.text.push_str(&atom.text);
                piece.glyphs.extend(atom.glyphs.into_iter().map(|mut glyph| {
                    glyph.text_range = glyph.text_range.start + shift..glyph.text_range.end + shift;
                    glyph
                }));
            }
            _ => pieces.push(Piece {
                x,
                text: atom.text,
                glyphs: atom.glyphs,
                face: atom.face,
                style: atom.style,
            }),
        }
        last = Some(level);
    }
    Line {
        pieces,
        width,
        is_mixed: levels.iter().any(Level::is_rtl),
    }
}
