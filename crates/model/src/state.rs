//! How a state is spelled in a table, an URL and a log: one lower-case word per variant.

/// A word that names no state of the noun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not {} {noun} (expected one of: {expected})", if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" })]
pub struct UnknownState {
    /// What was being read, for example "delivery state".
    pub noun: &'static str,
    /// The word that was found.
    pub word: String,
    /// The words that would have been right.
    pub expected: String,
}

/// Declares an enum with its words: `as_str`, `ALL`, `Display`, `FromStr` and serde all use the same spelling.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident as $noun:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that stands for this variant in tables, URLs and logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownState;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownState {
                        noun: $noun,
                        word: word.to_owned(),
                        expected: [$($word),+].join(", "),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;
