//! The only crate that speaks SQL: SQLite and PostgreSQL behind one set of functions.
