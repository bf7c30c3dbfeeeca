//! Page bytes and URL to a clean article with its evidence of origin. Pure.
