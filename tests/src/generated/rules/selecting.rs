//! Conditions of row filters that ask sub-selects, which read tables of any source raw and whole: IN, EXISTS and single
//! values, beside plain conditions. Sub-selects stand under AND, OR and NOT alone.

use super::ROLES;
use crate::generated::data::{COMMON, Column, Kind, Table};
use crate::generated::expression::{Expressions, Scope};
use crate::generated::folder::quoted;
use crate::generated::seeded::Seeded;
use crate::generated::sql::Sql;
use crate::sql;

/// How deep sub-selects stand in sub-selects.
const DEPTH: usize = 1;

/// Writes conditions on the rows of the filtered tables.
pub(super) struct Selecting<'a> {
    random: &'a mut Seeded,
    tables: &'a [Table],
    row: Scope,
    /// Whether nothing stands before the row's columns, since the filter is for several tables: a table within would hide
    /// them by its own columns.
    is_bare: bool,
    aliases: usize,
}

impl<'a> Selecting<'a> {
    /// For a filter of the table `name`, or of several.
    pub fn new(random: &'a mut Seeded, tables: &'a [Table], name: Option<&str>, columns: &[Column]) -> Self {
        let before = name.map_or(String::new(), |name| format!("{name}."));
        let named = columns.iter().map(|column| (format!("{before}{}", quoted(&column.name)), column.kind));
        let row = scope(named);
        Self { random, tables, row, is_bare: name.is_none(), aliases: 0 }
    }

    pub fn condition(&mut self) -> Sql {
        let row = self.row.clone();
        let first = self.selecting(&row, DEPTH);
        match self.random.below(8) {
            0 => sql!["NOT ", first],
            1 => sql!["(", first, " AND ", self.predicate(&row), ")"],
            2 | 3 => sql!["(", self.predicate(&row), " OR ", first, ")"],
            4 => sql!["NOT (", first, " OR ", self.predicate(&row), ")"],
            5 => sql!["(", first, " OR NOT ", self.selecting(&row, 0), ")"],
            _ => first,
        }
    }

    /// A condition on a row that asks one sub-select.
    fn selecting(&mut self, row: &Scope, depth: usize) -> Sql {
        match self.random.below(8) {
            0..3 => self.member(row, depth),
            3..6 => {
                let (from, scope) = self.from();
                let test = *self.random.pick(&["EXISTS ", "NOT EXISTS "]);
                let links = self.links(row, &scope, &["=", "=", "=", "<", "<>"]);
                let conditions = links.into_iter().chain([self.more(&scope, depth)]);
                Sql::selecting(sql![test], sql!["SELECT 1 FROM ", from, filtered(conditions)])
            }
            _ => self.compared(row, depth),
        }
    }

    fn member(&mut self, row: &Scope, depth: usize) -> Sql {
        let (from, scope) = self.from();
        let kind = self.pair(row, &scope).0.kind;
        let (value, item) = (self.value(row, kind), self.value(&scope, kind));
        let test = *self.random.pick(&[" IN ", " NOT IN "]);
        // A single NULL leaves NOT IN no row.
        let known =
            self.random.chance(if test == " IN " { 10 } else { 60 }).then(|| sql!["(", item.clone(), " IS NOT NULL)"]);
        let links = if self.random.chance(25) { self.links(row, &scope, &["=", "<"]) } else { [None, None] };
        let conditions = [known].into_iter().chain(links).chain([self.more(&scope, depth)]);
        Sql::selecting(sql![value, test], sql!["SELECT ", item, " FROM ", from, filtered(conditions)])
    }

    /// A value of the row beside one of a sub-select.
    fn compared(&mut self, row: &Scope, depth: usize) -> Sql {
        let (from, scope) = self.from();
        let (own, of_select) = self.pair(row, &scope);
        let links = if self.random.chance(60) { self.links(row, &scope, &["="]) } else { [None, None] };
        let rest = sql![from, filtered(links.into_iter().chain([self.more(&scope, depth)]))];
        let operator = *self.random.pick(&[" = ", " <= ", " > ", " <> "]);
        // There is no greatest of two truths.
        if own.kind == Kind::Bool || self.random.chance(40) {
            let count = Sql::selecting(sql![], sql!["SELECT count(*) FROM ", rest]);
            return sql!["(", count, operator, self.random.between(0, 3).to_string(), ")"];
        }
        let extreme = *self.random.pick(&["min(", "max("]);
        let found = Sql::selecting(sql![], sql!["SELECT ", extreme, of_select.name, ") FROM ", rest]);
        sql!["(", own.name, operator, found, ")"]
    }

    /// A column of the select's beside one of the row, and perhaps one more: one of the same name, if two tables have it.
    fn links(&mut self, row: &Scope, scope: &Scope, operators: &[&str]) -> [Option<Sql>; 2] {
        let (own, of_select) = self.pair(row, scope);
        let bare = |name: &str| name.rsplit_once('.').map_or(name, |(_, bare)| bare).to_owned();
        let is_alike = |other: &&Column| {
            other.name != of_select.name && other.kind == of_select.kind && bare(&other.name) == bare(&of_select.name)
        };
        let alike: Vec<&Column> = scope.columns.iter().filter(is_alike).collect();
        let second = match alike.is_empty() {
            true => self.random.chance(20).then(|| self.pair(row, scope)),
            false => self.random.chance(60).then(|| (own.clone(), (*self.random.pick(&alike)).clone())),
        };
        let mut link = |(own, of_select): (Column, Column)| {
            sql![format!("{} {} {}", of_select.name, self.random.pick(operators), own.name)]
        };
        [Some(link((own, of_select))), second.map(link)]
    }

    /// Perhaps a condition without a look at the row.
    fn more(&mut self, scope: &Scope, depth: usize) -> Option<Sql> {
        self.random.chance(65).then(|| self.inner(scope, depth))
    }

    fn inner(&mut self, scope: &Scope, depth: usize) -> Sql {
        let plain = match self.random.chance(40) {
            true => self.expressions().of_principal(scope),
            false => self.predicate(scope),
        };
        match depth > 0 && self.random.chance(25) {
            true => sql!["(", plain, " AND ", self.selecting(scope, depth - 1), ")"],
            false => plain,
        }
    }

    /// One table, or two that are joined.
    fn from(&mut self) -> (Sql, Scope) {
        let (from, mut scope) = self.relation();
        if !self.random.chance(25) {
            return (from, scope);
        }
        let (other, columns) = self.relation();
        let (left, right) = self.pair(&scope, &columns);
        scope.columns.extend(columns.columns);
        (sql![from, " JOIN ", other, format!(" ON {} = {}", left.name, right.name)], scope)
    }

    fn relation(&mut self) -> (Sql, Scope) {
        self.aliases += 1;
        let alias = format!("s{}", self.aliases);
        let table = self.random.pick(self.tables);
        let named = Sql::Table { schema: table.schema, name: table.name.clone() };
        let columns = table.all_columns();
        if !self.is_bare && self.random.chance(80) {
            let columns = columns.iter().map(|column| (format!("{alias}.{}", quoted(&column.name)), column.kind));
            return (sql![named, format!(" AS {alias}")], scope(columns));
        }
        let (common, own) = columns.split_at(COMMON.len());
        let columns: Vec<&Column> = common.iter().chain(self.random.some(own, 25)).collect();
        let items =
            columns.iter().enumerate().map(|(at, column)| format!("x.{} AS {alias}_{at}", quoted(&column.name)));
        let items = items.collect::<Vec<_>>().join(", ");
        let columns = columns.iter().enumerate().map(|(at, column)| (format!("{alias}.{alias}_{at}"), column.kind));
        (sql!["(SELECT ", items, " FROM ", named, format!(" AS x) AS {alias}")], scope(columns))
    }

    /// A column of each side, both of one type: all tables have some in common.
    fn pair(&mut self, left: &Scope, right: &Scope) -> (Column, Column) {
        let same = |one: &Column| -> Vec<(Column, Column)> {
            let others = right.columns.iter().filter(|other| other.kind == one.kind);
            others.map(|other| (one.clone(), other.clone())).collect()
        };
        let pairs: Vec<_> = left.columns.iter().flat_map(same).collect();
        self.random.pick(&pairs).clone()
    }

    fn predicate(&mut self, scope: &Scope) -> Sql {
        let depth = 1 + self.random.below(2);
        self.expressions().predicate(scope, depth)
    }

    /// A column, mostly.
    fn value(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let depth = usize::from(self.random.chance(20));
        self.expressions().value(scope, kind, depth)
    }

    fn expressions(&mut self) -> Expressions<'_> {
        Expressions { random: self.random, failing: None, aggregated: false, unbounded: false }
    }
}

/// WHERE, if there is any condition.
fn filtered(conditions: impl IntoIterator<Item = Option<Sql>>) -> Sql {
    let parts = conditions.into_iter().flatten().enumerate().map(|(number, condition)| {
        let before = if number == 0 { " WHERE " } else { " AND " };
        sql![before, condition]
    });
    Sql::Sequence(parts.collect())
}

fn scope(columns: impl Iterator<Item = (String, Kind)>) -> Scope {
    let columns = columns.map(|(name, kind)| Column { name, kind }).collect();
    Scope { columns, roles: ROLES.map(str::to_owned).to_vec() }
}
