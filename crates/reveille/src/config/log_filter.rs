//! Which lines are logged.

use std::str::FromStr;

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Levels, each for all or for a module, parted by commas.
pub(super) struct LogFilter(pub(super) String);

impl FromStr for LogFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // To the log a word that is no level is a module, of which everything is told, and of all others nothing. It is rather a
        // level that somebody mistyped.
        let is_clear = |part: &str| part.contains(['=', '[']) || part.trim().parse::<LevelFilter>().is_ok();
        let is_right = text.split(',').all(is_clear) && EnvFilter::builder().parse(text).is_ok();
        is_right.then(|| Self(text.to_owned())).ok_or(
            "expected `error`, `warn`, `info`, `debug`, `trace` or `off`, for all or per module as `reveille_gather=debug`, several \
             parted by commas",
        )
    }
}
