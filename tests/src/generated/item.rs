//! What stands in generated queries beside plain expressions: conditions with sub-queries, groups, windows.

use super::data::Kind;
use super::expression::Scope;
use super::known;
use super::query::{Queries, listed};
use super::sql::Sql;
use crate::sql;

impl Queries<'_> {
    /// A condition of WHERE, with sub-queries as long as there is depth.
    pub(super) fn condition(&mut self, scope: &Scope, outer: &Scope, depth: usize) -> Sql {
        let mut condition = self.predicate(scope);
        if let Some(equal) = self.equal(outer, scope)
            && self.random.chance(70)
        {
            condition = Sql::value(Kind::Bool, [sql!["(", condition, " AND ", equal, ")"]]);
        }
        if depth > 0 && self.random.chance(25) {
            let operator = *self.random.pick(&[" AND ", " AND ", " OR "]);
            let nested = Sql::value(Kind::Bool, [self.nested(scope, depth - 1)]);
            condition = Sql::value(Kind::Bool, [sql!["(", condition, operator, nested, ")"]]);
        }
        condition
    }

    fn nested(&mut self, scope: &Scope, depth: usize) -> Sql {
        let kind = self.expressions().kind(scope);
        match self.random.below(5) {
            0 | 1 => {
                let tests = [" IN (", " NOT IN ("];
                let test = *self.random.pick(if known::NOT_IN_WITH_NULL { &tests[..1] } else { &tests });
                let value = self.value(scope, kind);
                sql!["(", value, test, self.select(&[kind], &Scope::default(), depth), "))"]
            }
            2 | 3 => {
                let test = *self.random.pick(&["EXISTS (", "NOT EXISTS ("]);
                sql![test, self.exists(scope), ")"]
            }
            _ => {
                let operator = *self.random.pick(&[" = ", " <= ", " > "]);
                let value = self.value(scope, kind);
                sql!["(", value, operator, self.scalar(kind, scope), ")"]
            }
        }
    }

    /// Rows of a table that go with the outer row.
    fn exists(&mut self, outer: &Scope) -> Sql {
        let (from, scope) = self.relation(0);
        let predicate = self.predicate(&scope);
        let equal = self.equal(outer, &scope).map_or(sql![], |equal| Sql::optional([sql![" AND ", equal]]));
        sql!["SELECT 1 FROM ", from, " WHERE ", predicate, equal]
    }

    /// A sub-query of one value, that goes with the outer row or doesn't.
    pub(super) fn scalar(&mut self, kind: Kind, outer: &Scope) -> Sql {
        let outer = if self.random.chance(50) { outer.clone() } else { Scope::default() };
        Sql::value(kind, [sql!["(", self.correlated(kind, &outer), ")"]])
    }

    /// Groups by up to two columns; what isn't one of them is an aggregate.
    pub(super) fn grouped(&mut self, kinds: &[Kind], scope: &Scope, tail: Sql) -> Sql {
        let mut keys: Vec<_> = (0..self.random.below(3)).map(|_| self.random.pick(&scope.columns).clone()).collect();
        keys.dedup();
        let item = |this: &mut Self, kind: &Kind| {
            let key = keys.iter().find(|key| key.kind == *kind);
            match key {
                Some(key) if this.random.chance(60) => sql![key.name.as_str()],
                _ => this.aggregate(scope, *kind),
            }
        };
        let items = kinds.iter().map(|kind| item(self, kind)).collect();
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        let groups = match (names.is_empty(), self.random.below(10)) {
            (true, _) => sql![],
            (false, 0) => sql![format!(" GROUP BY ROLLUP ({})", names.join(", "))],
            (false, _) => sql![format!(" GROUP BY {}", names.join(", "))],
        };
        let having = match self.random.chance(20) {
            true => Sql::optional([sql![" HAVING ", self.having(scope)]]),
            false => sql![],
        };
        sql!["SELECT ", listed(items), tail, groups, having]
    }

    fn having(&mut self, scope: &Scope) -> Sql {
        let kind = *self.random.pick(&[Kind::Int, Kind::Long, Kind::Text, Kind::Date]);
        let operator = *self.random.pick(&[" > ", " <= ", " <> "]);
        sql![self.aggregate(scope, kind), operator, self.expressions().constant(kind)]
    }

    /// An aggregate over a scope's rows.
    pub(super) fn aggregate(&mut self, scope: &Scope, kind: Kind) -> Sql {
        self.aggregated = true;
        let call = self.call(scope, kind);
        self.aggregated = false;
        call
    }

    fn call(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let extreme = *self.random.pick(&["min(", "max("]);
        let call = match (kind, self.random.below(4)) {
            (Kind::Long, 0) => sql!["count(*)"],
            (Kind::Long, 1) => sql!["sum(", self.varying(scope, Kind::Int), ")"],
            (Kind::Long, choice) => {
                let counted = self.expressions().kind(scope);
                let distinct = if choice == 2 { "DISTINCT " } else { "" };
                sql!["count(", distinct, self.varying(scope, counted), ")"]
            }
            (Kind::Bool, choice) => {
                let every = if choice < 2 { "bool_and(" } else { "bool_or(" };
                sql![every, self.varying(scope, kind), ")"]
            }
            (Kind::Real | Kind::Money, 0) => sql!["sum(", self.varying(scope, kind), ")"],
            _ => sql![extreme, self.varying(scope, kind), ")"],
        };
        let only = match self.random.chance(12) {
            true => Sql::optional([sql![" FILTER (WHERE ", self.predicate(scope), ")"]]),
            false => sql![],
        };
        sql![call, only]
    }

    /// An expression over some column: aggregates of constants have bugs of their own.
    fn varying(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let value = self.value(scope, kind);
        if value.names_column() {
            return value;
        }
        let column = self.random.pick(&scope.columns).name.clone();
        Sql::value(kind, [sql![format!("CASE WHEN {column} IS NOT NULL THEN "), value, " END"]])
    }

    /// Plain expressions beside window functions.
    pub(super) fn windowed(&mut self, kinds: &[Kind], scope: &Scope, tail: Sql) -> Sql {
        let item = |this: &mut Self, kind: &Kind| match this.random.chance(70) {
            true => this.window(scope, *kind),
            false => this.value(scope, *kind),
        };
        let items = kinds.iter().map(|kind| item(self, kind)).collect();
        sql!["SELECT ", listed(items), tail]
    }

    fn window(&mut self, scope: &Scope, kind: Kind) -> Sql {
        self.aggregated = true;
        let call = self.window_call(scope, kind);
        self.aggregated = false;
        call
    }

    /// A window function whose result is the same whichever order rows have that are alike.
    fn window_call(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let names: Vec<String> = scope.columns.iter().map(|column| column.name.clone()).collect();
        let total = names.join(", ");
        let part = match self.random.chance(50) {
            true => format!("PARTITION BY {} ", self.random.pick(&names)),
            false => String::new(),
        };
        let some =
            if self.random.chance(50) { format!("ORDER BY {}", self.random.pick(&names)) } else { String::new() };
        let (by_some, by_all) = (format!(" OVER ({part}{some})"), format!(" OVER ({part}ORDER BY {total})"));
        match (kind, self.random.below(6)) {
            (Kind::Long, 0) => number("rank()", by_all),
            (Kind::Long, 1) => number("row_number()", by_all),
            (Kind::Long, 2) => number("dense_rank()", format!(" OVER ({part}ORDER BY {})", self.random.pick(&names))),
            (_, 3) => sql!["lag(", self.varying(scope, kind), ")", by_all],
            (_, 4) => sql!["first_value(", self.varying(scope, kind), ")", by_all],
            _ => {
                let (extreme, value) = (*self.random.pick(&["min(", "max("]), self.varying(scope, kind));
                match kind {
                    Kind::Long => sql!["count(", value, ")", by_some],
                    Kind::Bool => sql!["bool_or(", value, ")", by_some],
                    _ => sql![extreme, value, ")", by_some],
                }
            }
        }
    }
}

/// The number that a window function gives a row.
fn number(function: &str, over: String) -> Sql {
    match known::NUMBERS_OF_ROWS {
        true => sql!["CAST(", function, over, " AS bigint)"],
        false => sql![function, over],
    }
}
