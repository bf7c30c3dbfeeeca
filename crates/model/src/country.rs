//! Countries as readers name them.

/// A country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Country;
/// No country.
#[derive(Debug)]
pub struct CountryError;
