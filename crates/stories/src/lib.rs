//! Articles to copies, originals, stories and rank. Pure.
