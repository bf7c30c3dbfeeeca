//! Test support: both databases, a fake clock and a fake web. Development only.
