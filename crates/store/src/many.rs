//! Statements over many rows of parameters, so many at a time as one carries.
//!
//! The text takes the rows as `{rows}`, a query with the columns `column1`, `column2` and so on; other parameters come before
//! them, numbered from `$1`. SQLite is given a placeholder for each value. PostgreSQL would plan each of some thousand
//! placeholders anew every time: it is given one array for each column, and so one text for any number of rows.

use std::borrow::Cow;

use crate::sql::{Arg, BATCH, Sql, rows_from};

/// The statement for SQLite, with all its parameters in order.
pub(crate) fn sqlite<'a>(sql: &Sql, args: &[Arg<'a>], rows: Vec<Vec<Arg<'a>>>) -> (Sql, Vec<Arg<'a>>) {
    // Only full ones come again.
    let kept = sql.kept && rows.len() == BATCH;
    let (statement, all) = with_values(sql, args, rows);
    (Sql { kept, ..statement }, all)
}

/// The statement for either database that runs over and over with a few rows. It has as many as the next power of two, so that
/// a connection keeps few texts prepared; those that are missing are nulls, which equal nothing.
pub(crate) fn filled<'a>(sql: &Sql, args: &[Arg<'a>], mut rows: Vec<Vec<Arg<'a>>>) -> (Sql, Vec<Arg<'a>>) {
    let nobody = rows.first().map(|row| row.iter().map(Arg::null).collect());
    rows.resize(rounded(rows.len()), nobody.unwrap_or_default());
    with_values(sql, args, rows)
}

/// How many rows a statement for so many has that is filled up.
pub(crate) const fn rounded(rows: usize) -> usize {
    rows.next_power_of_two()
}

/// A placeholder for each value, and the values in that order.
fn with_values<'a>(sql: &Sql, args: &[Arg<'a>], rows: Vec<Vec<Arg<'a>>>) -> (Sql, Vec<Arg<'a>>) {
    let columns = rows.first().map_or(0, Vec::len);
    let values = format!("values {}", rows_from(args.len() + 1, rows.len(), columns));
    let statement = Sql {
        doing: sql.doing,
        text: sql.text.replace("{rows}", &values).into(),
        kept: sql.kept,
    };
    let mut all = args.to_vec();
    all.extend(rows.into_iter().flatten());
    (statement, all)
}

/// The statement for PostgreSQL, and what follows the parameters before the rows.
pub(crate) fn postgres<'a>(sql: &Sql, before: usize, rows: Vec<Vec<Arg<'a>>>) -> (Sql, Vec<Array<'a>>) {
    let arrays = arrays(rows);
    let numbered = |part: fn(usize, &Array<'_>) -> String, from: usize| {
        let parts = arrays.iter().enumerate().map(|(n, array)| part(from + n, array));
        parts.collect::<Vec<_>>().join(", ")
    };
    let query = format!(
        "select * from unnest({}) as v ({})",
        numbered(|n, array| format!("${n}::{}[]", array.kind()), before + 1),
        numbered(|n, _| format!("column{n}"), 1),
    );
    let statement = Sql {
        doing: sql.doing,
        text: sql.text.replace("{rows}", &query).into(),
        kept: sql.kept,
    };
    (statement, arrays)
}

/// One column of all rows.
pub(crate) enum Array<'a> {
    Int(Vec<Option<i64>>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<Cow<'a, str>>>),
}

impl Array<'_> {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Int(_) => "bigint",
            Self::Real(_) => "double precision",
            Self::Text(_) => "text",
        }
    }
}

/// A column has one type in all rows, since a null has it too.
fn arrays(rows: Vec<Vec<Arg<'_>>>) -> Vec<Array<'_>> {
    let many = rows.len();
    let mut arrays: Vec<Array<'_>> = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        if index == 0 {
            arrays.extend(row.iter().map(|arg| match arg {
                Arg::Int(_) => Array::Int(Vec::with_capacity(many)),
                Arg::Real(_) => Array::Real(Vec::with_capacity(many)),
                Arg::Text(_) => Array::Text(Vec::with_capacity(many)),
            }));
        }
        for (array, arg) in arrays.iter_mut().zip(row) {
            match (array, arg) {
                (Array::Int(values), Arg::Int(value)) => values.push(value),
                (Array::Real(values), Arg::Real(value)) => values.push(value),
                (Array::Text(values), Arg::Text(value)) => values.push(value),
                (_, arg) => unreachable!("a column of two types: {arg:?}"),
            }
        }
    }
    arrays
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Param, args, sql};

    #[test]
    fn what_runs_over_and_over_comes_in_few_lengths() {
        let text =
            "update t set a = v.column2 from (select $1 as at) as u, ({rows}) as v where t.id = v.column1";
        let rows = (1..=3_i64).map(|id| args![id, "a"]).collect();
        let (statement, all) = filled(&sql("", text), &[7_i64.arg()], rows);
        assert!(
            statement
                .text
                .contains("(values ($2, $3), ($4, $5), ($6, $7), ($8, $9)) as v"),
            "{}",
            statement.text
        );
        assert!(statement.kept);
        assert!(matches!(all[7..], [Arg::Int(None), Arg::Text(None)]), "{all:?}");
    }
}
