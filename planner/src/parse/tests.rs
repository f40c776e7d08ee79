//! Statements and what they become.

use std::time::{Duration, Instant};

use weir_encode::{CopyFormat, ForceQuote};

use super::*;

fn utility(sql: &str) -> Utility {
    match parse(sql).unwrap().remove(0).kind {
        Kind::Utility(utility) => utility,
        other => panic!("{sql}: {other:?}"),
    }
}

fn set(name: &str, value: &str) -> Utility {
    Utility::Set { name: name.to_owned(), value: SetValue::Values(vec![value.to_owned()]), local: false }
}

#[test]
fn settings_in_all_their_forms() {
    assert_eq!(utility("SET search_path TO lake"), set("search_path", "lake"));
    assert_eq!(utility("set statement_timeout = '5s'"), set("statement_timeout", "5s"));
    assert_eq!(utility("SET extra_float_digits = -3"), set("extra_float_digits", "-3"));
    assert_eq!(utility("SET TIME ZONE 'Europe/Madrid'"), set("timezone", "Europe/Madrid"));
    assert_eq!(utility("SET NAMES 'UTF8'"), set("client_encoding", "UTF8"));
    assert_eq!(utility("SET a.b = c"), set("a.b", "c"));
    assert_eq!(
        utility("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"),
        set("default_transaction_isolation", "repeatable read")
    );
    assert_eq!(utility("RESET ALL"), Utility::Reset { name: None });
    assert_eq!(
        utility("SHOW TRANSACTION ISOLATION LEVEL"),
        Utility::Show { name: Some("transaction_isolation".into()) }
    );
}

#[test]
fn transactions_in_all_their_forms() {
    assert_eq!(utility("begin"), Utility::Begin { start: false, isolation: None, read_only: None });
    assert_eq!(
        utility("START TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY"),
        Utility::Begin { start: true, isolation: Some("serializable".into()), read_only: Some(true) }
    );
    assert_eq!(utility("END"), Utility::Commit { chain: false });
    assert_eq!(utility("ABORT WORK"), Utility::Rollback { chain: false });
    assert_eq!(utility("ROLLBACK TO SAVEPOINT s"), Utility::RollbackTo("s".into()));
}

#[test]
fn statements_are_cut_at_semicolons_outside_of_quotes() {
    let parsed = parse(" SELECT ';' ; ; -- ;\n SELECT 2;").unwrap();
    let texts: Vec<_> = parsed.iter().map(|p| &*p.text).collect();
    assert_eq!(texts, ["SELECT ';'", "SELECT 2"]);
    assert!(parse(" ; -- nothing").unwrap().is_empty());
}

#[test]
fn a_syntax_error_names_the_token_and_its_place() {
    let check = |sql: &str, text: &str, at: Option<usize>| match parse(sql) {
        Err(PlanError::Syntax { message, position, .. }) => {
            assert_eq!((message.as_str(), position), (text, at), "{sql}")
        }
        other => panic!("{sql}: {other:?}"),
    };
    check("SELEC 1", "syntax error at or near \"SELEC\"", Some(1));
    check("SELECT 1; SELECT 2 FORM t", "syntax error at or near \"t\"", Some(25));
    check("SELECT (1", "syntax error at end of input", Some(10));
    check("SET x", "syntax error at end of input", Some(6));
}

/// A binder counts from a statement's own beginning, and errors from that of the client's text.
#[test]
fn statements_know_what_stands_before_them() {
    let before = |sql: &str| -> Vec<usize> {
        parse(sql).unwrap().iter().filter_map(Parsed::query).map(|query| query.before).collect()
    };
    assert_eq!(before("SELECT 'ä'; SELECT x"), [0, 12]);
    assert_eq!(before("BEGIN;\n  SELECT 1;COPY (SELECT x) TO STDOUT"), [9, 24]);
    match parse("SELECT 1; SELECT 1::float(0)") {
        Err(PlanError::Refused { position, .. }) => assert_eq!(position, Some(27)),
        other => panic!("{other:?}"),
    }
    let first = |sql: &str| match parse(sql).unwrap().remove(1).query().unwrap().no_parameter() {
        PlanError::Refused { message, position, .. } => (message, position),
        other => panic!("{other:?}"),
    };
    assert_eq!(first("SELECT 1; SELECT $2"), ("there is no parameter $2".to_owned(), Some(18)));
}

#[test]
fn deep_nesting_is_refused_not_overflown() {
    let deep = format!("SELECT {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(matches!(parse(&deep), Err(PlanError::TooComplex)));
}

#[test]
fn intervals_within_each_other_are_refused_not_overflown() {
    for interval in ["INTERVAL ", "INTERVAL(3) ", "INTERVAL YEAR TO MONTH ", "interval second (2) "] {
        let sql = format!("SELECT {}'1'", interval.repeat(60_000));
        assert!(matches!(parse(&sql), Err(PlanError::TooComplex)), "{interval}");
    }
    accepted(format!("SELECT {}", vec!["INTERVAL '1 day'"; 20_000].join(", ")));
}

#[test]
fn a_text_is_only_so_long() {
    for sign in [",1", " ", "(", ";"] {
        let sql = format!("SELECT 1{}", sign.repeat(1_000_000));
        assert!(matches!(parse(&sql), Err(PlanError::TooLong { limit: 1_000_000, .. })), "{sign}");
    }
    let many = "SELECT 1;".repeat(10_001);
    assert!(matches!(parse(&many), Err(PlanError::TooLong { what: "statements", .. })));
    accepted(format!("SELECT 1 IN ({})", vec!["1"; 200_000].join(",")));
    accepted(format!("SELECT '{}'", "word ".repeat(190_000)));
}

#[test]
fn writes_are_told_apart_from_syntax_errors() {
    for sql in ["INSERT INTO t VALUES (1)", "DELETE FROM t", "CREATE TABLE t (a int)", "COPY t FROM STDIN"] {
        assert!(matches!(parse(sql).unwrap()[0].kind, Kind::Refused(Refusal::ReadOnly(_))), "{sql}");
    }
}

#[test]
fn explain_takes_a_stage() {
    match &parse("EXPLAIN (STAGE permitted) SELECT 1").unwrap()[0].kind {
        Kind::Explain(explain) => assert_eq!((explain.stage, explain.analyze), (Stage::Permitted, false)),
        other => panic!("{other:?}"),
    };
}

#[track_caller]
fn refused(sql: String) {
    let begun = Instant::now();
    assert!(matches!(parse(&sql), Err(PlanError::TooComplex)), "{}", &sql[..40]);
    assert!(begun.elapsed() < Duration::from_secs(5), "{}", &sql[..40]);
}

#[track_caller]
fn accepted(sql: String) {
    let begun = Instant::now();
    assert!(parse(&sql).is_ok(), "{}", &sql[..40]);
    assert!(begun.elapsed() < Duration::from_secs(5), "{}", &sql[..40]);
}

fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
    format!("SELECT {}{inner}{}", open.repeat(levels), close.repeat(levels))
}

#[test]
fn chains_that_go_too_far_are_refused() {
    refused(format!("SELECT 1{}", "+1".repeat(1001)));
    parse(&format!("SELECT 1 WHERE 1 IN (-1{})", ", -1".repeat(5000))).unwrap();
    parse(&format!("SELECT 1 WHERE true{}", " OR 1 = 2".repeat(1500))).unwrap();
    refused(format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(5000)));
    refused(format!("EXPLAIN EXPLAIN {}", "SELECT 1, 2, 3, 4, 5, 6, 7"));
    let numbers = (0..100_000).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    accepted(format!("SELECT * FROM t WHERE a IN ({numbers})"));
}

#[test]
fn calls_are_read_or_refused_at_once_however_deep() {
    accepted(nested("abs(", "1", ")", 64));
    accepted(nested("replace(", "a", ", 'x', 'y')", 64));
    accepted(nested("ARRAY[", "1", "]", 64));
    accepted(format!("{} FROM pg_class", nested("abs(", "1", ")", 64)));
    refused(nested("abs(", "1", ")", 65));
    refused(nested("abs(", "1", ")", 200));
    refused(nested("\"abs\"(", "1", ")", 200));
    refused(nested("ARRAY[", "1", "]", 200));
    // No call, so that only the parser's own limit is met.
    accepted(nested("(", "1", ")", 200));
}

/// Their time doubles with each level: in the parser, or in the engine's planner.
#[test]
fn what_doubles_is_refused_where_calls_are_not() {
    accepted(nested("coalesce(", "a", ", 1)", 16));
    refused(nested("coalesce(", "a", ", 1)", 17));
    refused(nested("abs(CASE WHEN a THEN ", "1", " END)", 17));
    accepted(nested("CASE WHEN a THEN 1 ELSE ", "1", " END", 100));
    accepted(nested("floor(", "1", ", a)", 40));
    // Each bracket is tried as a sub-query and as a join.
    let joins = |levels| {
        let (open, close) = ("SELECT FROM ((".repeat(levels), ") CROSS JOIN t)".repeat(levels));
        format!("{open}SELECT FROM a_table_with_a_name{close}")
    };
    accepted(joins(8));
    refused(joins(40));
}

/// The name of a call holds its arguments, and is written at each level.
#[test]
fn long_texts_stand_in_few_calls() {
    let text = format!("'{}'", "x".repeat(100_000));
    accepted(nested("abs(", &text, ")", 8));
    refused(nested("abs(", &text, ")", 40));
    let deep = nested("abs(", "1", ")", 60).replacen("SELECT ", "", 1);
    refused(format!("SELECT {}", vec![deep; 20].join(", ")));
}

#[test]
fn names_of_arguments_are_read() {
    accepted("SELECT lpad(string => 'a', length => 3), lpad(string := 'a', length := 3)".to_owned());
}

fn kind(sql: &str) -> Kind {
    parse(sql).unwrap_or_else(|e| panic!("{sql}: {e}")).remove(0).kind
}

#[test]
fn cursors_in_all_their_forms() {
    let declare = |sql: &str| match kind(sql) {
        Kind::Declare(declare) => {
            (declare.cursor, declare.binary, declare.hold, engine_query(&declare.query).unwrap().to_string())
        }
        other => panic!("{sql}: {other:?}"),
    };
    let query = || "SELECT a FROM t".to_owned();
    assert_eq!(declare("DECLARE c CURSOR FOR select a from t"), ("c".into(), false, false, query()));
    assert_eq!(
        declare("declare \"C\" binary insensitive no scroll cursor with hold for select a from t"),
        ("C".into(), true, true, query())
    );
    let fetch = |sql: &str| match kind(sql) {
        Kind::Fetch(Fetch { cursor, reach, moves }) => (cursor, reach, moves),
        other => panic!("{sql}: {other:?}"),
    };
    for (sql, reach) in [
        ("FETCH c", Reach::Next(1)),
        ("FETCH FROM c", Reach::Next(1)),
        ("FETCH NEXT FROM c", Reach::Next(1)),
        ("FETCH 100 IN c", Reach::Next(100)),
        ("FETCH FORWARD 7 c", Reach::Next(7)),
        ("FETCH FORWARD c", Reach::Next(1)),
        ("FETCH ALL c", Reach::All),
        ("FETCH FORWARD ALL FROM c", Reach::All),
        ("FETCH FIRST c", Reach::Absolute(1)),
        ("FETCH ABSOLUTE 5 c", Reach::Absolute(5)),
        ("FETCH RELATIVE 5 c", Reach::Relative(5)),
        ("FETCH 0 c", Reach::Relative(0)),
        ("FETCH PRIOR c", Reach::Backward),
        ("FETCH LAST c", Reach::Backward),
        ("FETCH -3 c", Reach::Backward),
        ("FETCH BACKWARD ALL FROM c", Reach::Backward),
        ("FETCH ABSOLUTE -1 c", Reach::Backward),
    ] {
        assert_eq!(fetch(sql), ("c".to_owned(), reach, false), "{sql}");
    }
    assert_eq!(fetch("FETCH next"), ("next".to_owned(), Reach::Next(1), false));
    assert_eq!(fetch("MOVE 3 FROM c"), ("c".to_owned(), Reach::Next(3), true));
    for wrong in ["DECLARE c CURSOR FOR", "DECLARE CURSOR FOR SELECT 1", "FETCH", "FETCH 3 FROM", "FETCH x FROM c"] {
        assert!(matches!(parse(wrong), Err(PlanError::Syntax { .. })), "{wrong}");
    }
    assert!(matches!(kind("DECLARE c CURSOR FOR DELETE FROM t"), Kind::Refused(Refusal::ReadOnly("DELETE"))));
}

#[test]
fn copies_in_all_their_forms() {
    let copy = |sql: &str| match kind(sql) {
        Kind::Copy(copy) => (engine_query(&copy.query).unwrap().to_string(), copy.options),
        other => panic!("{sql}: {other:?}"),
    };
    let (query, options) = copy("COPY (select a from t where (b)) TO STDOUT");
    assert_eq!(query, "SELECT a FROM t WHERE (b)");
    assert_eq!((options.format, options.delimiter, &*options.null), (CopyFormat::Text, b'\t', "\\N"));
    assert_eq!(copy("COPY lake.\"T\" TO STDOUT").0, "SELECT * FROM lake.\"T\"");
    assert_eq!(copy("COPY t (a, \"B\") TO STDOUT WITH (FORMAT binary)").0, "SELECT a, \"B\" FROM t");
    let (_, options) = copy("COPY t TO STDOUT (FORMAT csv, HEADER, NULL 'x', DELIMITER ';', FORCE_QUOTE (a, b))");
    assert_eq!((options.format, options.header, options.delimiter, &*options.null), (CopyFormat::Csv, true, b';', "x"));
    assert_eq!(options.force_quote, ForceQuote::Columns(vec!["a".to_owned(), "b".to_owned()]));
    let (_, options) = copy("COPY t TO STDOUT WITH CSV HEADER DELIMITER AS '|' NULL '' FORCE QUOTE *");
    assert_eq!((options.format, options.header, options.delimiter), (CopyFormat::Csv, true, b'|'));
    assert_eq!(options.force_quote, ForceQuote::All);
    for sql in ["COPY t FROM STDIN", "COPY t (a) FROM '/tmp/x'"] {
        assert!(matches!(kind(sql), Kind::Refused(Refusal::ReadOnly("COPY FROM"))), "{sql}");
    }
    for sql in ["COPY t TO '/tmp/x'", "COPY (SELECT 1) TO PROGRAM 'cat'"] {
        assert!(matches!(parse(sql), Err(PlanError::Forbidden { .. })), "{sql}");
    }
    for sql in
        ["COPY t TO STDOUT (FORMAT binary, DELIMITER ',')", "COPY t TO STDOUT (FORMAT csv, FORMAT csv)", "COPY t TO"]
    {
        assert!(matches!(parse(sql), Err(PlanError::Syntax { .. })), "{sql}");
    }
    for sql in ["COPY t TO STDOUT (DELIMITER 'ab')", "COPY t TO STDOUT (QUOTE '!')", "COPY t TO STDOUT (FORMAT xml)"] {
        assert!(matches!(parse(sql), Err(PlanError::InvalidOption { .. })), "{sql}");
    }
}
