//! The views of the oracle: the columns that exist for a user, masked, where they show.

use super::masks::masked;
use super::shown_by;
use crate::generated::data::{Column, Table};
use crate::generated::folder::quoted;
use crate::generated::rules::Rules;

/// What a user sees of a table.
pub(super) fn view(user: &str, table: &Table, columns: &[Column], rules: &Rules) -> String {
    let (schema, name) = (table.schema, &table.name);
    format!(
        "CREATE VIEW {user}_{schema}.{name} WITH (security_barrier, security_invoker) AS SELECT {}
         FROM data_{schema}.{name};
         GRANT SELECT ON {user}_{schema}.{name} TO {user};\n",
        cells(table, columns, rules)
    )
}

/// What a view shows of the columns, as a list of expressions over the table behind it.
pub fn cells(table: &Table, columns: &[Column], rules: &Rules) -> String {
    let cell = |column: &Column| {
        let (shown, own) = (shown_cell(table, column, rules), quoted(&column.name));
        let type_name = column.kind.sql_name();
        format!("CAST(CASE WHEN {shown} THEN {} END AS {type_name}) AS {own}", masked(table, column, rules))
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(", ")
}

/// A cell shows where one of those who grant its column shows the row.
fn shown_cell(table: &Table, column: &Column, rules: &Rules) -> String {
    let grantors = rules.grantors(table, &column.name);
    let shown = grantors.iter().map(|subject| {
        format!("(pg_has_role(current_user, '{subject}', 'USAGE') AND {})", shown_by(rules, table, subject))
    });
    shown.collect::<Vec<_>>().join(" OR ")
}
