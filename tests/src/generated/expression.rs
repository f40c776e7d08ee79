//! Generated expressions: well typed, and of the same meaning in Weir and in PostgreSQL.

use super::data::{Column, Kind};
use super::folder::literal;
use super::known;
use super::seeded::Seeded;
use super::sql::{AttributeKind, Sql};
use super::trap::trap;
use crate::sql;

/// What expressions may name.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Columns as they are written, `alias.name`.
    pub columns: Vec<Column>,
    /// Roles that may be asked for, in a rule, where attributes may be, too.
    pub roles: Vec<String>,
}

/// Expressions that fail on some values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failing {
    Division,
    Cast,
    /// On values that only the hidden rows of a twin hold.
    Hidden,
}

/// Writes expressions.
#[derive(Debug)]
pub struct Expressions<'a> {
    pub random: &'a mut Seeded,
    /// What some of the expressions fail with, if any.
    pub failing: Option<Failing>,
    /// Whether they stand in an aggregate or a window function.
    pub aggregated: bool,
    /// Whether integers may be of any size, as hashes are: none is reckoned with but its remainder, so that none overflows.
    pub unbounded: bool,
}

impl Expressions<'_> {
    /// An expression of the kind, `depth` levels deep at most.
    pub fn value(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Sql {
        if depth == 0 || self.random.chance(30) {
            return self.leaf(scope, kind);
        }
        let below = depth - 1;
        let inner = match self.random.below(10) {
            0 => self.choice(scope, kind, below),
            1 => sql!["coalesce(", self.value(scope, kind, below), ", ", self.value(scope, kind, below), ")"],
            2 => sql!["nullif(", self.value(scope, kind, below), ", ", self.value(scope, kind, below), ")"],
            _ => match kind {
                Kind::Int => self.int(scope, below),
                Kind::Long => self.long(scope, below),
                Kind::Text => self.text(scope, below),
                Kind::Bool => return self.predicate(scope, depth),
                Kind::Date => sql!["CAST(", self.value(scope, Kind::Moment, below), " AS date)"],
                Kind::Moment => self.moment(scope, below),
                Kind::Money => sql!["-(", self.value(scope, kind, below), ")"],
                Kind::Real => self.real(scope, below),
            },
        };
        Sql::value(kind, [inner])
    }

    /// A condition, `depth` levels deep at most.
    pub fn predicate(&mut self, scope: &Scope, depth: usize) -> Sql {
        let below = depth.saturating_sub(1);
        let inner = match self.random.below(if depth > 1 { 14 } else { 10 }) {
            0..4 => self.comparison(scope, below),
            4 => self.null_test(scope, below),
            5 => self.list(scope, below),
            6 => self.range(scope, below),
            7 => self.pattern(scope, below),
            8 => sql![self.leaf(scope, Kind::Bool)],
            9 if !scope.roles.is_empty() => self.of_principal(scope),
            9 => self.comparison(scope, below),
            10 => sql!["NOT (", self.predicate(scope, below), ")"],
            11 => {
                let test = *self.random.pick(&["TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN"]);
                sql!["((", self.predicate(scope, below), ") IS ", test, ")"]
            }
            _ => {
                let operator = *self.random.pick(&[" AND ", " OR "]);
                sql!["(", self.predicate(scope, below), operator, self.predicate(scope, below), ")"]
            }
        };
        Sql::value(Kind::Bool, [inner])
    }

    /// A column of the kind if there is one, else a constant.
    fn leaf(&mut self, scope: &Scope, kind: Kind) -> Sql {
        let named: Vec<&Column> = scope.columns.iter().filter(|column| column.kind == kind).collect();
        if !named.is_empty() && self.random.chance(80) {
            return Sql::value(kind, [sql![self.random.pick(&named).name.as_str()]]);
        }
        self.constant(kind)
    }

    pub fn constant(&mut self, kind: Kind) -> Sql {
        if self.random.chance(4) {
            return Sql::Text(format!("CAST(NULL AS {})", kind.sql_name()));
        }
        let value = kind.value(self.random);
        Sql::Text(match kind {
            // A small number by itself is an integer to PostgreSQL, and its sum with a hash another one.
            Kind::Long if self.unbounded => format!("CAST({value} AS bigint)"),
            Kind::Int | Kind::Long if value.starts_with('-') => format!("({value})"),
            Kind::Int | Kind::Long | Kind::Bool => value,
            Kind::Text => literal(&value),
            Kind::Date if self.aggregated && known::DATES_IN_AGGREGATES => {
                format!("CAST(TIMESTAMPTZ '{value} 00:00:00+00' AS date)")
            }
            Kind::Date => format!("DATE '{value}'"),
            Kind::Moment => format!("TIMESTAMPTZ '{value}'"),
            Kind::Money | Kind::Real => format!("CAST({value} AS {})", kind.sql_name()),
        })
    }

    fn choice(&mut self, scope: &Scope, kind: Kind, depth: usize) -> Sql {
        let (when, then) = (self.predicate(scope, depth), self.value(scope, kind, depth));
        let otherwise = self.value(scope, kind, depth);
        sql!["CASE WHEN ", when, " THEN ", then, Sql::optional([sql![" ELSE ", otherwise]]), " END"]
    }

    fn int(&mut self, scope: &Scope, depth: usize) -> Sql {
        if let Some(failing) = self.failing
            && self.random.chance(40)
        {
            return self.failing_int(failing, scope, depth);
        }
        let number = |random: &mut Seeded| random.between(1, 7).to_string();
        match self.random.below(8) {
            0 => sql!["(", self.operand(scope, depth), " + ", number(self.random), ")"],
            1 => sql!["(", self.operand(scope, depth), " - ", self.operand(scope, depth), ")"],
            2 => sql!["(", self.operand(scope, depth), " * ", number(self.random), ")"],
            3 => sql!["(", self.value(scope, Kind::Int, depth), " % ", number(self.random), ")"],
            4 => sql!["(", self.value(scope, Kind::Int, depth), " / ", number(self.random), ")"],
            5 => sql!["abs(", self.value(scope, Kind::Int, depth), ")"],
            6 => sql!["strpos(", self.value(scope, Kind::Text, depth), ", ", self.value(scope, Kind::Text, depth), ")"],
            _ => sql!["length(", self.value(scope, Kind::Text, depth), ")"],
        }
    }

    fn operand(&mut self, scope: &Scope, depth: usize) -> Sql {
        let value = self.value(scope, Kind::Int, depth);
        if self.unbounded { Sql::value(Kind::Int, [sql!["(", value, " % 99991)"]]) } else { value }
    }

    /// Fails where the divisor is 0, or where the text is no number.
    fn failing_int(&mut self, failing: Failing, scope: &Scope, depth: usize) -> Sql {
        match failing {
            Failing::Division => {
                let operator = *self.random.pick(&[" / ", " % "]);
                let off = self.random.between(-1, 6).to_string();
                sql!["(10", operator, "(", self.operand(scope, depth), " - ", off, "))"]
            }
            Failing::Cast => sql!["CAST(", self.value(scope, Kind::Text, depth), " AS integer)"],
            Failing::Hidden => match scope.columns.is_empty() {
                true => self.constant(Kind::Int),
                false => {
                    let column = self.random.pick(&scope.columns).clone();
                    trap(self.random, &column)
                }
            },
        }
    }

    fn long(&mut self, scope: &Scope, depth: usize) -> Sql {
        match self.random.below(3) {
            0 => sql!["CAST(", self.value(scope, Kind::Int, depth), " AS bigint)"],
            1 => sql!["(", self.value(scope, Kind::Long, depth), " + ", self.value(scope, Kind::Int, depth), ")"],
            _ => sql!["(", self.value(scope, Kind::Long, depth), " / ", self.random.between(1, 9).to_string(), ")"],
        }
    }

    fn text(&mut self, scope: &Scope, depth: usize) -> Sql {
        let value = self.value(scope, Kind::Text, depth);
        let (from, count) = (self.random.between(1, 3).to_string(), self.random.between(0, 3).to_string());
        match self.random.below(9) {
            0 => sql!["upper(", value, ")"],
            1 => sql!["lower(", value, ")"],
            2 => sql!["substr(", value, ", ", from, ", ", count, ")"],
            3 => sql!["left(", value, ", ", count, ")"],
            4 => sql!["right(", value, ", ", count, ")"],
            5 => sql!["replace(", value, ", 'e', '-')"],
            6 => sql!["CAST(", self.value(scope, Kind::Int, depth), " AS text)"],
            7 => sql!["CAST(", self.value(scope, Kind::Date, depth), " AS text)"],
            _ => sql!["(", value, " || ", self.value(scope, Kind::Text, depth), ")"],
        }
    }

    fn moment(&mut self, scope: &Scope, depth: usize) -> Sql {
        let period = *self.random.pick(&["minute", "hour", "day", "month"]);
        sql!["date_trunc('", period, "', ", self.value(scope, Kind::Moment, depth), ")"]
    }

    fn real(&mut self, scope: &Scope, depth: usize) -> Sql {
        match self.random.below(3) {
            0 => sql!["CAST(", self.value(scope, Kind::Int, depth), " AS double precision)"],
            1 => sql!["(", self.value(scope, Kind::Real, depth), " - ", self.value(scope, Kind::Real, depth), ")"],
            _ => sql!["(", self.value(scope, Kind::Real, depth), " * CAST(2 AS double precision))"],
        }
    }

    fn comparison(&mut self, scope: &Scope, depth: usize) -> Sql {
        let kind = self.kind(scope);
        let operator =
            *self.random.pick(&["=", "=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]);
        let left = self.value(scope, kind, depth);
        sql!["(", left, " ", operator, " ", self.value(scope, kind, depth), ")"]
    }

    fn null_test(&mut self, scope: &Scope, depth: usize) -> Sql {
        let kind = self.kind(scope);
        let test = *self.random.pick(&["NULL", "NOT NULL"]);
        sql!["(", self.value(scope, kind, depth), " IS ", test, ")"]
    }

    fn list(&mut self, scope: &Scope, depth: usize) -> Sql {
        let kind = self.kind(scope);
        let test = *self.random.pick(&[" IN (", " NOT IN ("]);
        let mut parts = vec![sql!["("], self.value(scope, kind, depth), sql![test], self.constant(kind)];
        for _ in 0..self.random.below(4) {
            parts.push(Sql::optional([sql![", "], self.constant(kind)]));
        }
        parts.push(sql!["))"]);
        Sql::Sequence(parts)
    }

    fn range(&mut self, scope: &Scope, depth: usize) -> Sql {
        let kind = self.kind(scope);
        let test = *self.random.pick(&[" BETWEEN ", " NOT BETWEEN "]);
        sql!["(", self.value(scope, kind, depth), test, self.constant(kind), " AND ", self.constant(kind), ")"]
    }

    fn pattern(&mut self, scope: &Scope, depth: usize) -> Sql {
        let test = *self.random.pick(&[" LIKE ", " NOT LIKE ", " ILIKE "]);
        let pattern = *self.random.pick(&["'%'", "'b%'", "'%e%'", "'_b%'", "'%th'", "'N%'", "'%r_n'", "''"]);
        sql!["(", self.value(scope, Kind::Text, depth), test, pattern, ")"]
    }

    /// What only a rule can ask.
    pub fn of_principal(&mut self, scope: &Scope) -> Sql {
        let attribute = |name, kind| Sql::Attribute { name, kind };
        match self.random.below(6) {
            0 | 1 => sql!["(", self.leaf(scope, Kind::Text), " = ", attribute("team", AttributeKind::Text), ")"],
            2 => sql!["(", self.leaf(scope, Kind::Int), " <= ", attribute("level", AttributeKind::Int), ")"],
            3 => sql!["(", self.leaf(scope, Kind::Text), " = ANY(", attribute("teams", AttributeKind::Texts), "))"],
            4 => sql!["has_role('", self.random.pick(&scope.roles).as_str(), "')"],
            _ => sql!["(current_user = 'u1')"],
        }
    }

    /// The kind of one of the columns, mostly.
    pub fn kind(&mut self, scope: &Scope) -> Kind {
        match scope.columns.is_empty() || self.random.chance(10) {
            true => *self.random.pick(&Kind::ALL),
            false => self.random.pick(&scope.columns).kind,
        }
    }
}
