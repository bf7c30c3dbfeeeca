//! Weights of the pair model, as learnt; see `weights/README.md` for what from and how.

/// One set: log-odds per unit.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) bias: f32,
    /// Of headline, lead, body, names, word pairs, headline in lead.
    pub(crate) similarities: [f32; 6],
    /// Of the days between the texts.
    pub(crate) days: f32,
    /// Of the root of the days between the texts.
    pub(crate) root_days: f32,
}

/// Dated texts of some length.
pub(crate) const FULL: Weights = Weights {
    bias: -3.10,
    similarities: [1.62, 1.24, 10.51, 0.66, -0.62, 5.63],
    days: -2.68,
    root_days: 1.50,
};

/// Dated headlines and teasers.
pub(crate) const TEASER: Weights = Weights {
    bias: -5.0,
    similarities: [2.08, 4.6, 16.64, 1.1, -4.74, 3.61],
    days: -2.68,
    root_days: 1.50,
};

/// Undated texts of some length.
pub(crate) const UNDATED_FULL: Weights = Weights {
    bias: -5.0,
    similarities: [1.1, 0.0, 12.0, -3.0, 1.0, 4.5],
    days: 0.0,
    root_days: 0.0,
};

/// Undated headlines and teasers.
pub(crate) const UNDATED_TEASER: Weights = Weights {
    bias: -8.43,
    similarities: [2.08, 4.6, 16.64, 1.1, -4.74, 3.61],
    days: 0.0,
    root_days: 0.0,
};
