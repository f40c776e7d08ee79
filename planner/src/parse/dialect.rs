//! PostgreSQL's dialect as the parser knows it, without what makes it read the same tokens over and over.
//!
//! The parser takes back what doesn't fit and tries something else: where calls are nested, each level doubles the
//! tries. For the arguments of calls the dialect can prevent that. What remains (`position(a, b)`, `floor(a, b)`, a
//! mistake inside of `CAST`) is counted, and ended where it gets out of hand.

use std::any::TypeId;
use std::cell::Cell;

use datafusion::sql::sqlparser::ast::Expr;
use datafusion::sql::sqlparser::dialect::{Dialect, PostgreSqlDialect, Precedence};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};

/// The dialect for one statement.
#[derive(Debug)]
pub(super) struct Postgres {
    allowance: u64,
    begun: Cell<u64>,
}

impl Postgres {
    /// The parser may begin so many expressions, those that it takes back among them.
    pub fn with_allowance(expressions: u64) -> Self {
        Self { allowance: expressions, begun: Cell::new(0) }
    }

    /// Whether the parser would have begun more. What it made is then worth nothing, be it a tree or an error.
    pub fn is_exhausted(&self) -> bool {
        self.begun.get() > self.allowance
    }
}

const BASE: PostgreSqlDialect = PostgreSqlDialect {};

/// Methods without arguments, answered as PostgreSQL's dialect answers them.
macro_rules! as_in_postgresql {
    ($($method:ident)*) => { $(fn $method(&self) -> bool { BASE.$method() })* };
}

impl Dialect for Postgres {
    /// The parser asks in places for PostgreSQL's dialect by its type.
    fn dialect(&self) -> TypeId {
        TypeId::of::<PostgreSqlDialect>()
    }

    /// Names of arguments are names: no other expression can stand before `=>`, so none is tried.
    fn supports_named_fn_args_with_expr_name(&self) -> bool {
        false
    }

    /// PostgreSQL's older way to name an argument: `f(a := 1)`.
    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        true
    }

    /// Called for every expression, but never to read one: only to count it.
    fn parse_prefix(&self, _parser: &mut Parser<'_>) -> Option<Result<Expr, ParserError>> {
        self.begun.set(self.begun.get() + 1);
        // The one error that the parser doesn't answer with another try.
        self.is_exhausted().then_some(Err(ParserError::RecursionLimitExceeded))
    }

    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        BASE.identifier_quote_style(identifier)
    }

    fn is_delimited_identifier_start(&self, character: char) -> bool {
        BASE.is_delimited_identifier_start(character)
    }

    fn is_identifier_start(&self, character: char) -> bool {
        BASE.is_identifier_start(character)
    }

    fn is_identifier_part(&self, character: char) -> bool {
        BASE.is_identifier_part(character)
    }

    fn is_custom_operator_part(&self, character: char) -> bool {
        BASE.is_custom_operator_part(character)
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        BASE.is_reserved_for_identifier(keyword)
    }

    fn get_next_precedence(&self, parser: &Parser<'_>) -> Option<Result<u8, ParserError>> {
        BASE.get_next_precedence(parser)
    }

    fn prec_value(&self, precedence: Precedence) -> u8 {
        BASE.prec_value(precedence)
    }

    // All that the base answers differently from the trait; what it leaves to the trait is left there.
    as_in_postgresql! {
        allow_extract_custom
        allow_extract_single_quotes
        supports_alter_column_type_using
        supports_array_typedef_with_brackets
        supports_bitwise_shift_operators
        supports_comma_separated_trim
        supports_comment_on
        supports_comment_optimizer_hint
        supports_create_index_with_clause
        supports_create_table_like_parenthesized
        supports_empty_projections
        supports_explain_with_utility_options
        supports_factorial_operator
        supports_filter_during_aggregation
        supports_geometric_types
        supports_group_by_expr
        supports_insert_table_alias
        supports_interval_options
        supports_listen_notify
        supports_load_extension
        supports_named_fn_args_with_colon_operator
        supports_nested_comments
        supports_notnull_operator
        supports_numeric_literal_underscores
        supports_select_wildcard_with_alias
        supports_set_names
        supports_string_escape_constant
        supports_unicode_string_literal
        supports_xml_expressions
    }
}

#[cfg(test)]
mod tests {
    use datafusion::sql::sqlparser::ast::Statement;
    use datafusion::sql::sqlparser::tokenizer::Tokenizer;

    use super::*;

    fn parsed(dialect: &dyn Dialect, sql: &str) -> Result<Vec<Statement>, ParserError> {
        let tokens = Tokenizer::new(dialect, sql).tokenize_with_location()?;
        Parser::new(dialect).with_tokens_with_locations(tokens).parse_statements()
    }

    /// Each line has something that only PostgreSQL's dialect, or not every dialect, reads so.
    #[test]
    fn statements_are_read_as_in_postgresql() {
        for sql in [
            "SELECT a::text, b[1:2], c[1][2], $1 FROM t WHERE x NOTNULL AND y ISNULL",
            "SELECT E'a\\nb', U&'\\0061', $tag$it's$tag$, B'01', X'1F', 1_000, 'a' 'b'",
            "SELECT \"Quoted\".\"Column\", naïve_1$ FROM \"S\".\"T\" AS t (a, b)",
            "SELECT 2 ^ 3, 7 << 1 | 2 & 3 # 4, ~5, @ -6, |/ 4, ||/ 8, !! 5",
            "SELECT a -> 'x' ->> 'y', a #> '{x}', a @> b, a <@ b, a ? 'k', a ?| b, a && b",
            "SELECT a ~ 'x', a !~* 'x', a ~~ 'x', a OPERATOR(pg_catalog.=) b, a COLLATE \"C\" < b",
            "SELECT a AT TIME ZONE 'UTC' + INTERVAL '1 day', INTERVAL '1' DAY, INTERVAL(3) '1 second'",
            "SELECT extract(isodow FROM a), extract('year' FROM a), trim(a, 'x'), trim(BOTH 'x' FROM a), position('a' IN b)",
            "SELECT overlay(a PLACING b FROM 1 FOR 2), substring(a FROM 2 FOR 3), substring(a, 2), floor(a), ceil(b)",
            "SELECT count(*) FILTER (WHERE a > 0), array_agg(a ORDER BY b), f(VARIADIC a), t.* FROM t",
            "SELECT FROM t",
            "SELECT * FROM a NATURAL JOIN b CROSS JOIN LATERAL f(a.x) WITH ORDINALITY AS g(x, n)",
            "SELECT a, sum(b) OVER (PARTITION BY a ORDER BY c ROWS 1 PRECEDING) FROM t GROUP BY GROUPING SETS ((a), ())",
            "SELECT ARRAY[1, 2] || ARRAY(SELECT 3), '{1}'::int[], a = ANY (b), ROW(1, 2), (1, 2) = (3, 4)",
            "SELECT date '2024-01-01', timestamp with time zone '2024-01-01 00:00:00+00', box '((0,0),(1,1))'",
            "SELECT 1 /* a /* nested */ comment */ + 2 -- end",
            "WITH RECURSIVE r AS MATERIALIZED (VALUES (1) UNION ALL SELECT 2) SELECT * FROM r FETCH FIRST 1 ROW ONLY",
            "EXPLAIN (ANALYZE, COSTS off) SELECT json_object('a': 1)",
            "INSERT INTO t AS x (a) VALUES (1) ON CONFLICT DO NOTHING RETURNING *",
            "SELECT a NOT BETWEEN SYMMETRIC 1 AND 2",
            "SELECT `a`",
            "SELECT f(a b)",
        ] {
            let (ours, theirs) = (parsed(&Postgres::with_allowance(1000), sql), parsed(&BASE, sql));
            // Names of arguments stand in the tree in another way.
            match sql.contains("json_object") {
                true => assert_eq!(ours.is_ok(), theirs.is_ok(), "{sql}: {ours:?}"),
                false => assert_eq!(ours, theirs, "{sql}"),
            }
        }
    }

    #[test]
    fn the_parser_takes_it_for_postgresql() {
        let dialect = Postgres::with_allowance(1);
        assert!((&dialect as &dyn Dialect).is::<PostgreSqlDialect>());
    }

    #[test]
    fn arguments_have_names_in_both_ways() {
        for sql in ["SELECT f(a => 1, \"B\" => g(2))", "SELECT f(a := 1, b := g(c => 2))", "SELECT * FROM f(1, a => 2)"]
        {
            assert!(parsed(&Postgres::with_allowance(1000), sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn arguments_are_read_once() {
        let dialect = Postgres::with_allowance(1000);
        parsed(&dialect, &format!("SELECT {}1{}", "abs(".repeat(40), ")".repeat(40))).unwrap();
        assert_eq!(dialect.begun.get(), 41);
    }

    #[test]
    fn reading_over_and_over_comes_to_an_end() {
        for (open, close) in [("position(", ", 1)"), ("floor(", " , a)"), ("convert(", ", 'x')"), ("CAST(", ")")] {
            let dialect = Postgres::with_allowance(10_000);
            let sql = format!("SELECT {}1{}", open.repeat(40), close.repeat(40));
            assert!(parsed(&dialect, &sql).is_err() && dialect.is_exhausted(), "{open}");
        }
    }
}
