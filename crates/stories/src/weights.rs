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
    bias: -3.27,
    similarities: [3.07, 3.00, 7.52, 4.99, -1.65, 5.63],
    days: -2.39,
    root_days: 1.27,
};

/// Dated headlines and teasers.
pub(crate) const TEASER: Weights = Weights {
    bias: -5.30,
    similarities: [2.82, 8.40, 12.53, 0.33, -3.77, 0.85],
    days: -2.63,
    root_days: 1.45,
};

/// Undated texts of some length.
pub(crate) const UNDATED_FULL: Weights = Weights {
    bias: -5.09,
    similarities: [2.29, 1.40, 14.96, -0.50, -0.24, 3.98],
    days: 0.00,
    root_days: 0.00,
};

/// Undated headlines and teasers.
pub(crate) const UNDATED_TEASER: Weights = Weights {
    bias: -8.23,
    similarities: [2.82, 8.40, 12.53, 0.33, -3.77, 0.85],
    days: 0.00,
    root_days: 0.00,
};

/// Dated headlines without a text. What is a teaser's beginning is here the whole, so less of it is asked.
pub(crate) const HEADLINE: Weights = Weights { bias: -3.6, ..TEASER };
