//! Statements with their parameters, as each database's driver takes them.

/// Binds the parameters in order; expands once for each driver.
macro_rules! query {
    ($text:expr, $kept:expr, $args:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($text)).persistent($kept);
        for arg in $args {
            query = match arg {
                Arg::Int(value) => query.bind(value),
                Arg::Real(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
            };
        }
        query
    }};
}

/// As PostgreSQL takes it: numbered, and many rows as arrays.
macro_rules! postgres {
    ($sql:expr, $args:expr) => {
        query!($sql.text, $sql.kept, $args)
    };
    ($sql:expr, $args:expr, $arrays:expr) => {{
        let mut query = postgres!($sql, $args);
        for array in $arrays {
            query = match array {
                Array::Int(values) => query.bind(values),
                Array::Real(values) => query.bind(values),
                Array::Text(values) => query.bind(values),
            };
        }
        query
    }};
}

/// As SQLite takes it: built texts have many placeholders, which are bound faster without their numbers.
macro_rules! sqlite {
    ($sql:expr, $args:expr) => {{
        let text = match $sql.text {
            Cow::Owned(text) => Cow::Owned(unnumbered(&text).unwrap_or(text)),
            fixed => fixed,
        };
        query!(text, $sql.kept, $args)
    }};
}
