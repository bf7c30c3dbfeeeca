//! Weights of the pair model, as learnt; see `weights/README.md` for what from and how.

/// One set: log-odds per unit.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) bias: f32,
    /// Of headline, lead, body, names, headline in lead.
    pub(crate) similarities: [f32; 5],
    /// Of the days between the texts.
    pub(crate) days: f32,
    /// Of the root of the days between the texts.
    pub(crate) root_days: f32,
}

/// Dated texts of some length.
pub(crate) const FULL: Weights = Weights {
    bias: -3.27,
    similarities: [3.07, 2.50, 7.49, 4.98, 5.63],
    days: -2.42,
    root_days: 1.30,
};

/// Dated headlines and teasers.
pub(crate) const TEASER: Weights = Weights {
    bias: -5.41,
    days: FULL.days,
    root_days: FULL.root_days,
    ..UNDATED_TEASER
};

/// Undated texts of some length.
pub(crate) const UNDATED_FULL: Weights = Weights {
    bias: -5.33,
    similarities: [2.92, 3.05, 10.04, 4.88, 5.67],
    days: 0.00,
    root_days: 0.00,
};

/// Undated headlines and teasers.
pub(crate) const UNDATED_TEASER: Weights = Weights {
    bias: -8.34,
    similarities: [3.57, 6.79, 12.70, 0.44, 1.72],
    days: 0.00,
    root_days: 0.00,
};

/// Dated headlines without a text. What is a teaser's beginning is here the whole, so less of it is asked.
pub(crate) const HEADLINE: Weights = Weights { bias: -3.6, ..TEASER };
