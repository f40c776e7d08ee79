//! Generated queries over what one principal may read.

use super::data::{Column, Kind};
use super::expression::{Expressions, Failing, Scope};
use super::known;
use super::seeded::Seeded;
use super::sql::{Dialect, Sql};
use crate::sql;

/// A table with the columns that the principal sees.
#[derive(Debug, Clone)]
pub struct Readable {
    pub table: Sql,
    pub columns: Vec<Column>,
}

/// How many levels of sub-queries a query has, and of expressions an expression.
const QUERY_DEPTH: usize = 2;
const EXPRESSION_DEPTH: usize = 3;
/// Steps of a recursive query.
const ROUNDS: usize = 3;

/// A topic's columns that are declared to hold no NULL.
const NEVER_NULL: [&str; 2] = ["_file", "_offset"];

/// Writes queries.
#[derive(Debug)]
pub struct Queries<'a> {
    pub(super) random: &'a mut Seeded,
    pub(super) tables: Vec<Readable>,
    failing: Option<Failing>,
    aliases: usize,
    /// Whether what is written stands in an aggregate or a window function.
    pub(super) aggregated: bool,
    unbounded: bool,
}

impl<'a> Queries<'a> {
    /// Over at least one table. Some expressions fail, if they are to.
    pub fn new(random: &'a mut Seeded, tables: &[Readable], failing: Option<Failing>) -> Self {
        let mut tables = tables.to_vec();
        if known::NULL_OF_NOT_NULL {
            tables.iter_mut().for_each(|table| table.columns.retain(|column| !NEVER_NULL.contains(&&*column.name)));
            tables.retain(|table| !table.columns.is_empty());
        }
        Self { random, tables, failing, aliases: 0, aggregated: false, unbounded: false }
    }

    /// Over columns some of which may be hashed.
    pub fn over_hashes(self, unbounded: bool) -> Self {
        Self { unbounded, ..self }
    }

    /// Whether there is nothing to ask for.
    pub fn has_no_table(&self) -> bool {
        self.tables.is_empty()
    }

    /// A whole statement.
    pub fn query(&mut self) -> Sql {
        let given = self.given();
        let kinds = self.kinds();
        let body = self.body(&kinds, &Scope::default(), QUERY_DEPTH);
        let whole = !known::LIMIT_WITHOUT_COLUMNS || body.selects_column();
        let order = if self.random.chance(60) { self.order(kinds.len(), whole) } else { sql![] };
        sql![given, body, order]
    }

    pub(super) fn expressions(&mut self) -> Expressions<'_> {
        Expressions {
            random: self.random,
            failing: self.failing,
            aggregated: self.aggregated,
            unbounded: self.unbounded,
        }
    }

    pub(super) fn value(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let depth = self.random.below(EXPRESSION_DEPTH + 1);
        self.expressions().value(scope, kind, depth)
    }

    pub(super) fn predicate(&mut self, scope: &Scope) -> Sql {
        let depth = 1 + self.random.below(EXPRESSION_DEPTH);
        self.expressions().predicate(scope, depth)
    }

    fn kinds(&mut self) -> Vec<Kind> {
        (0..1 + self.random.below(4)).map(|_| *self.random.pick(&Kind::ALL)).collect()
    }

    fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("q{}", self.aliases)
    }

    /// WITH, sometimes: what it names can be read by all that follows.
    fn given(&mut self) -> Sql {
        if !self.random.chance(15) {
            return sql![];
        }
        let name = self.alias();
        let (kinds, recursive) = (self.kinds(), self.random.chance(40));
        let (columns, query) = match recursive {
            true => self.recursion(&name),
            false => (outputs(&kinds), self.body(&kinds, &Scope::default(), 1)),
        };
        self.tables.push(Readable { table: sql![name.as_str()], columns });
        sql!["WITH ", if recursive { "RECURSIVE " } else { "" }, name, " AS (", query, ") "]
    }

    /// Follows a column's values from row to row.
    fn recursion(&mut self, name: &str) -> (Vec<Column>, Sql) {
        let from = self.random.pick(&self.tables.clone()).clone();
        let column = self.random.pick(&from.columns).clone();
        let (start, next) = (self.alias(), self.alias());
        let scope = scope_of(&from, &start);
        let condition = self.predicate(&scope);
        let columns = vec![
            Column { name: "step".to_owned(), kind: Kind::Int },
            Column { name: "followed".to_owned(), kind: column.kind },
        ];
        let seen = &column.name;
        let query = sql![
            format!("SELECT 1 AS step, {start}.\"{seen}\" AS followed FROM "),
            from.table.clone(),
            format!(" AS {start}"),
            Sql::optional([sql![" WHERE ", condition]]),
            format!(" UNION SELECT {name}.step + 1, {next}.\"{seen}\" FROM {name} JOIN "),
            from.table,
            format!(" AS {next} ON {next}.\"{seen}\" > {name}.followed WHERE {name}.step < {ROUNDS}"),
        ];
        (columns, query)
    }

    /// A query without ORDER BY that gives columns `o0`, `o1`, ... of these kinds. It may look at the columns of `outer`.
    pub(super) fn body(&mut self, kinds: &[Kind], outer: &Scope, depth: usize) -> Sql {
        if depth > 0 && self.random.chance(15) {
            let operator = *self.random.pick(&[" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT "]);
            let (left, right) = (self.select(kinds, outer, depth - 1), self.select(kinds, outer, depth - 1));
            return sql![left, Sql::optional([sql![operator, right]])];
        }
        self.select(kinds, outer, depth)
    }

    pub(super) fn select(&mut self, kinds: &[Kind], outer: &Scope, depth: usize) -> Sql {
        let (from, scope) = self.from(depth);
        let blind = known::FILTER_OVER_OUTER_JOIN && has_outer_join(&from);
        let condition = match !blind && self.random.chance(70) {
            true => Sql::optional([sql![" WHERE ", self.condition(&scope, outer, depth)]]),
            false => sql![],
        };
        let tail = sql![" FROM ", from, condition];
        match self.random.below(10) {
            0..3 => self.grouped(kinds, &scope, tail),
            3 => self.windowed(kinds, &scope, tail),
            _ => self.plain(kinds, &scope, tail, depth),
        }
    }

    fn plain(&mut self, kinds: &[Kind], scope: &Scope, tail: Sql, depth: usize) -> Sql {
        let distinct = if self.random.chance(12) { Sql::optional([sql!["DISTINCT "]]) } else { sql![] };
        let items = kinds.iter().map(|kind| match depth > 0 && self.random.chance(6) {
            true => self.scalar(*kind, scope),
            false => self.value(scope, *kind),
        });
        let items: Vec<Sql> = items.collect();
        sql!["SELECT ", distinct, listed(items), tail]
    }

    fn from(&mut self, depth: usize) -> (Sql, Scope) {
        let (mut from, mut scope) = self.relation(depth);
        for _ in 0..self.random.below(if depth == QUERY_DEPTH { 3 } else { 2 }) {
            let (joined, columns) = self.join(&from, &scope, depth);
            from = sql![from, joined];
            scope.columns.extend(columns.columns);
        }
        (from, scope)
    }

    /// A table, or a query in parentheses.
    pub(super) fn relation(&mut self, depth: usize) -> (Sql, Scope) {
        let alias = self.alias();
        if depth > 0 && self.random.chance(20) {
            let kinds = self.kinds();
            let body = self.body(&kinds, &Scope::default(), depth - 1);
            let inner = Readable { table: sql!["(", body, ")"], columns: outputs(&kinds) };
            let scope = scope_of(&inner, &alias);
            return (sql![inner.table, format!(" AS {alias}")], scope);
        }
        let table = self.random.pick(&self.tables).clone();
        let scope = scope_of(&table, &alias);
        (sql![table.table, format!(" AS {alias}")], scope)
    }

    /// One more relation, joined to those in scope.
    fn join(&mut self, from: &Sql, scope: &Scope, depth: usize) -> (Sql, Scope) {
        if self.random.chance(6) {
            return self.lateral(scope);
        }
        let (relation, columns) = self.relation(depth.min(1));
        let Some(equal) = self.equal(scope, &columns) else {
            return (sql![" CROSS JOIN ", relation], columns);
        };
        let full = !known::FULL_JOIN_OF_CONSTANTS || is_stored(from) && is_stored(&relation);
        let kinds = [" JOIN ", " JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "];
        let kind = *self.random.pick(if full { &kinds } else { &kinds[..4] });
        let both = Scope { columns: [scope.columns.clone(), columns.columns.clone()].concat(), ..Scope::default() };
        let blind = known::FILTER_OVER_OUTER_JOIN && (kind != " JOIN " || has_outer_join(from));
        let more = match !blind && self.random.chance(30) {
            true => Sql::optional([sql![" AND ", self.predicate(&both)]]),
            false => sql![],
        };
        (sql![kind, relation, " ON ", equal, more], columns)
    }

    /// A sub-query that sees the relations before it.
    fn lateral(&mut self, scope: &Scope) -> (Sql, Scope) {
        let alias = self.alias();
        let kind = *self.random.pick(&Kind::ALL);
        let body = self.correlated(kind, scope);
        let made = Readable { table: sql![], columns: outputs(&[kind]) };
        (sql![" CROSS JOIN LATERAL (", body, format!(") AS {alias}(o0)")], scope_of(&made, &alias))
    }

    /// An aggregate over the rows of a table that are equal to the outer row in a column.
    pub(super) fn correlated(&mut self, kind: Kind, outer: &Scope) -> Sql {
        let (from, scope) = self.relation(0);
        let condition = match self.equal(outer, &scope) {
            Some(equal) => sql![" WHERE ", equal, Sql::optional([sql![" AND ", self.predicate(&scope)]])],
            None => sql![" WHERE ", self.predicate(&scope)],
        };
        sql!["SELECT ", self.aggregate(&scope, kind), " FROM ", from, condition]
    }

    /// `a = b` for a column of either side of one kind, if there is a pair.
    pub(super) fn equal(&mut self, left: &Scope, right: &Scope) -> Option<Sql> {
        let same = |a: &Column| {
            let b = right.columns.iter().filter(|b| b.kind == a.kind);
            b.map(|b| format!("{} = {}", a.name, b.name)).collect::<Vec<_>>()
        };
        let pairs: Vec<String> = left.columns.iter().flat_map(same).collect();
        (!pairs.is_empty()).then(|| sql![self.random.pick(&pairs).as_str()])
    }

    /// ORDER BY all that is put out, and with it LIMIT.
    fn order(&mut self, columns: usize, limited: bool) -> Sql {
        let keys: Vec<String> = (1..=columns)
            .map(|number| {
                format!("{number}{}", self.random.pick(&["", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"]))
            })
            .collect();
        let limit = match limited && self.random.chance(50) {
            true => Sql::optional([sql![format!(" LIMIT {}", self.random.below(12))]]),
            false => sql![],
        };
        let offset = match limited && self.random.chance(15) {
            true => Sql::optional([sql![format!(" OFFSET {}", self.random.below(6))]]),
            false => sql![],
        };
        Sql::Order(Box::new(sql![" ORDER BY ", keys.join(", "), limit, offset]))
    }
}

/// Expressions as a list of columns `o0`, `o1`, ...
pub(super) fn listed(items: Vec<Sql>) -> Sql {
    let named = |(number, item)| {
        let comma = if number == 0 { "" } else { ", " };
        sql![comma, item, format!(" AS o{number}")]
    };
    Sql::Sequence(items.into_iter().enumerate().map(named).collect())
}

fn has_outer_join(from: &Sql) -> bool {
    let text = from.written(Dialect::Weir);
    [" LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "].iter().any(|join| text.contains(join))
}

/// Whether a relation is a table of the mesh.
fn is_stored(relation: &Sql) -> bool {
    matches!(relation, Sql::Sequence(parts) if matches!(parts.first(), Some(Sql::Table { .. })))
}

fn outputs(kinds: &[Kind]) -> Vec<Column> {
    kinds.iter().enumerate().map(|(number, kind)| Column { name: format!("o{number}"), kind: *kind }).collect()
}

fn scope_of(table: &Readable, alias: &str) -> Scope {
    let named = |column: &Column| Column { name: format!("{alias}.\"{}\"", column.name), kind: column.kind };
    Scope { columns: table.columns.iter().map(named).collect(), ..Scope::default() }
}
