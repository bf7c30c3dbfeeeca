//! The faces that an edition is set in: those that are bundled, and those that the caller found for other scripts.

use std::{
    fmt,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use harfrust::{Direction, Feature, ShapeOptions, ShapePlan, Shaper, ShaperData, Tag, UnicodeBuffer};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::{FontRef, MetadataProvider};

/// One font. A copy costs nothing.
#[derive(Clone)]
pub struct Face(Arc<Inner>);

struct Inner {
    data: Arc<dyn AsRef<[u8]> + Send + Sync>,
    index: u32,
    shaper: ShaperData,
    /// To make a plan takes ten times as long as to shape a word by it.
    plans: Mutex<Vec<(Direction, harfrust::Script, Arc<ShapePlan>)>>,
    per_em: f32,
    /// How much larger it is set than others, to look as large as they do.
    scale: f32,
    font: Font,
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Face({} bytes, index {})", self.bytes().len(), self.0.index)
    }
}

impl Face {
    /// The font of this index in the bytes of a TrueType or OpenType file or collection; `None` where there is none, or
    /// where it has no outlines, as fonts of coloured pictures.
    #[must_use]
    pub fn new(data: Vec<u8>, index: u32) -> Option<Self> {
        Self::of(Arc::new(data), index, 1.0)
    }

    fn of(data: Arc<dyn AsRef<[u8]> + Send + Sync>, index: u32, scale: f32) -> Option<Self> {
        let font = Font::new(Arc::clone(&data).into(), index)?;
        let read = FontRef::from_index((*data).as_ref(), index).ok()?;
        read.outline_glyphs().format()?;
        let shaper = ShaperData::new(&read);
        let per_em = f32::from(
            read.metrics(
                skrifa::instance::Size::unscaled(),
                skrifa::instance::LocationRef::default(),
            )
            .units_per_em,
        );
        (per_em > 0.0).then(|| {
            Self(Arc::new(Inner {
                index,
                shaper,
                plans: Mutex::default(),
                per_em,
                scale,
                font,
                data,
            }))
        })
    }

    /// Whether it has a glyph for the sign.
    #[must_use]
    pub fn covers(&self, sign: char) -> bool {
        self.read().is_some_and(|font| font.charmap().map(sign).is_some())
    }

    /// Whether both are the same font.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn bytes(&self) -> &[u8] {
        (*self.0.data).as_ref()
    }

    fn read(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(self.bytes(), self.0.index).ok()
    }

    /// The size in which it stands beside others of that size.
    pub(super) fn scaled(&self, size: f32) -> f32 {
        size * self.0.scale
    }

    pub(super) fn font(&self) -> Font {
        self.0.font.clone()
    }

    /// The glyphs of a text that runs in one direction, in the order in which they stand, in parts of an em.
    pub(super) fn shape(&self, text: &str, right_to_left: bool) -> Vec<KrillaGlyph> {
        let Some(font) = self.read() else {
            return Vec::new();
        };
        let shaper = self.0.shaper.shaper(&font).build();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if right_to_left {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        let plan = self.plan(&shaper, &buffer);
        let shaped = shaper.shape(buffer, ShapeOptions::new().plan(Some(&plan)).features(&*FEATURES));
        let mut starts: Vec<usize> = shaped
            .glyph_infos()
            .iter()
            .map(|info| info.cluster as usize)
            .collect();
        starts.sort_unstable();
        let end = |start: usize| {
            starts
                .get(starts.partition_point(|&at| at <= start))
                .copied()
                .unwrap_or(text.len())
        };
        let em = |units: i32| units as f32 / self.0.per_em;
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        glyphs
            .map(|(info, place)| {
                let start = info.cluster as usize;
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    em(place.x_advance),
                    em(place.x_offset),
                    em(place.y_offset),
                    em(place.y_advance),
                    start..end(start),
                    None,
                )
            })
            .collect()
    }

    /// How texts of the buffer's direction and script are shaped.
    fn plan(&self, shaper: &Shaper<'_>, buffer: &UnicodeBuffer) -> Arc<ShapePlan> {
        let (direction, script) = (buffer.direction(), buffer.script());
        let mut plans = self.0.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., plan)) = plans
            .iter()
            .find(|known| (known.0, known.1) == (direction, script))
        {
            return Arc::clone(plan);
        }
        let plan = Arc::new(ShapePlan::new(shaper, direction, Some(script), None, &*FEATURES));
        plans.push((direction, script, Arc::clone(&plan)));
        plan
    }
}

/// Numbers of one width, so that they stand in columns.
static FEATURES: LazyLock<[Feature; 1]> = LazyLock::new(|| [Feature::new(Tag::new(b"tnum"), 1, ..)]);

/// What a face is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Headlines and headings.
    Heading,
    /// All else.
    Text,
    /// Our own labels in it.
    Label,
}

macro_rules! bundled {
    ($($name:literal * $scale:literal),*) => {
        [$(Face::of(Arc::new(include_bytes!(concat!("../../../fonts/", $name, ".ttf"))), 0, $scale)),*]
    };
}

/// Subsets of Noto under the SIL Open Font License; see `fonts/OFL.txt`.
static BUNDLED: LazyLock<Vec<Face>> = LazyLock::new(|| {
    let faces = bundled![
        "NotoSerif-Bold" * 1.0,
        "NotoNaskhArabic-Bold" * 1.2,
        "NotoSansHebrew-Bold" * 1.0,
        "NotoSans-Bold" * 1.0,
        "NotoSans-Regular" * 1.0,
        "NotoNaskhArabic-Regular" * 1.2,
        "NotoSansHebrew-Regular" * 1.0
    ];
    faces.into_iter().flatten().collect()
});

/// The bundled faces, and others for what they lack.
#[derive(Clone, Copy)]
pub(super) struct Fonts<'a> {
    others: &'a [Face],
}

impl<'a> Fonts<'a> {
    pub(super) const fn with(others: &'a [Face]) -> Self {
        Self { others }
    }

    /// The face that sets a sign with all its marks, the fittest that there is.
    pub(super) fn of(self, role: Role, sign: &str) -> Option<&'a Face> {
        let start = match role {
            Role::Heading => 0,
            Role::Label => 3,
            Role::Text => 4,
        };
        // Better a word in another weight than none.
        let bundled = BUNDLED[start..].iter();
        let mut faces = bundled.chain(self.others).chain(&BUNDLED[..start]);
        faces.find(|face| sign.chars().filter(|&c| !hides(c)).all(|c| face.covers(c)))
    }
}

/// Joiners and selectors, which change their neighbours and are not seen themselves.
pub(super) const fn hides(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bundled_faces_are_there_and_each_sets_its_script() {
        assert_eq!(BUNDLED.len(), 7);
        let fonts = Fonts::with(&[]);
        for sign in [
            "a", "ß", "Ł", "ế", "Ω", "Ж", "ї", "„", "№", "ا", "پ", "א", "é", "[", "…", "·",
        ] {
            for role in [Role::Heading, Role::Text, Role::Label] {
                assert!(fonts.of(role, sign).is_some(), "{sign} {role:?}");
            }
        }
        assert!(fonts.of(Role::Text, "見").is_none());
    }

    #[test]
    fn arabic_letters_join_and_run_from_the_right() {
        let face = Fonts::with(&[]).of(Role::Text, "ب").unwrap();
        let joined = face.shape("ببب", true);
        let clusters: Vec<usize> = joined.iter().map(|glyph| glyph.text_range.start).collect();
        assert!(
            clusters.is_sorted_by(|a, b| a >= b),
            "the last letter stands first: {clusters:?}"
        );
        let alone = face.shape("ب", true);
        assert!(!joined.iter().any(|glyph| glyph.glyph_id == alone[0].glyph_id));
    }

    #[test]
    fn what_is_no_font_is_no_face() {
        assert!(Face::new(b"no font".to_vec(), 0).is_none());
        assert!(Face::new(include_bytes!("../../../fonts/NotoSans-Bold.ttf").to_vec(), 1).is_none());
    }
}
