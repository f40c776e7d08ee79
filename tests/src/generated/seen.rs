//! What the oracle shows a user of each row of the tables behind the views.

use std::collections::BTreeMap;

use super::data::{Cell, Column, Table};
use super::folder::insert;
use super::hashes;
use super::query::Readable;
use super::rls::{cells, run};
use super::rules::Rules;
use super::sql::{Dialect, Sql};
use crate::raw::Raw;

/// The cells that a user sees, by the number of the row in its table; a row that isn't here is hidden.
pub type Seen = BTreeMap<usize, Vec<Cell>>;

/// The oracle, asked as one user.
pub struct Oracle<'a> {
    pub superuser: Raw,
    pub user: Raw,
    /// What the user may read.
    pub readable: &'a [Readable],
    pub rules: &'a Rules,
}

impl Oracle<'_> {
    /// The columns of a table that the user may read.
    pub fn columns(&self, table: &Table) -> &[Column] {
        let name = Sql::Table { schema: table.schema, name: table.name.clone() }.written(Dialect::Weir);
        let found = self.readable.iter().find(|readable| readable.table.written(Dialect::Weir) == name);
        found.map_or(&[], |readable| &readable.columns)
    }

    /// Gives the tables other rows, each with its number in one more column.
    pub fn replace(&mut self, tables: &[Table]) {
        let replaced = |table: &Table| {
            let (schema, name) = (format!("data_{}", table.schema), &table.name);
            format!(
                "TRUNCATE {schema}.{name} RESTART IDENTITY;
                 ALTER TABLE {schema}.{name} ADD COLUMN IF NOT EXISTS row_number serial;\n{}",
                insert(&schema, name, &table.all_rows())
            )
        };
        let mut script: String = tables.iter().map(replaced).collect();
        if self.rules.hash() {
            script += &hashes::script(tables);
        }
        run(&mut self.superuser, &script);
    }

    /// What the user sees of a table's rows, as they were put in by [`Oracle::replace`].
    pub fn seen(&mut self, table: &Table) -> Seen {
        let columns = self.columns(table);
        if columns.is_empty() {
            return Seen::new();
        }
        let shown = cells(table, columns, self.rules);
        let sql = format!("SELECT row_number - 1, {shown} FROM data_{}.{}", table.schema, table.name);
        let number = |cell: Cell| cell.and_then(|text| text.parse().ok()).expect("a row's number");
        rows(&mut self.user, &sql).into_iter().map(|mut row| (number(row.remove(0)), row)).collect()
    }
}

fn rows(session: &mut Raw, sql: &str) -> Vec<Vec<Cell>> {
    let messages = session.query(sql);
    if let Some(error) = messages.iter().find(|message| message.tag == 'E') {
        panic!("{:?}: {sql}", error.field('M'));
    }
    let text = |value: Option<Vec<u8>>| value.map(|bytes| String::from_utf8(bytes).expect("text in UTF-8"));
    let rows = messages.iter().filter(|message| message.tag == 'D');
    rows.map(|message| message.values().into_iter().map(text).collect()).collect()
}
