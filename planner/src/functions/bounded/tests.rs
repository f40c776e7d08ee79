//! Calls that are let through, and calls that are not.

use arrow::array::{Int64Array, StringArray};
use arrow::datatypes::Field;
use arrow::util::display::array_value_to_string;
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionContext;

use super::*;

fn session() -> SessionContext {
    let mut state = SessionStateBuilder::new()
        .with_expr_planners(vec![crate::functions::operators()])
        .with_default_features()
        .build();
    register(&mut state).unwrap();
    SessionContext::new_with_state(state)
}

/// The first value of a query.
async fn value(sql: &str) -> Result<String> {
    let batches = session().sql(sql).await?.collect().await?;
    Ok(array_value_to_string(batches[0].column(0), 0)?)
}

fn call(arguments: Vec<ColumnarValue>, rows: usize) -> ScalarFunctionArgs {
    let arg_fields = arguments.iter().map(|a| Arc::new(Field::new("", a.data_type(), true))).collect();
    ScalarFunctionArgs {
        args: arguments,
        arg_fields,
        number_rows: rows,
        return_field: Arc::new(Field::new("", DataType::Utf8, true)),
        config_options: Arc::new(ConfigOptions::new()),
    }
}

fn constant(text: &str) -> ColumnarValue {
    ColumnarValue::Scalar(ScalarValue::Utf8(Some(text.to_owned())))
}

fn column(text: &str, rows: usize) -> ColumnarValue {
    ColumnarValue::Array(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows))))
}

fn refused(growth: Growth, arguments: Vec<ColumnarValue>, rows: usize) -> bool {
    match growth.check(&call(arguments, rows)) {
        Ok(()) => false,
        Err(error) => FunctionError::find(&error).is_some(),
    }
}

#[test]
fn every_function_that_grows_has_its_limits_under_all_its_names() {
    let state = session().state();
    for name in ["repeat", "concat", "list_repeat", "make_list", "date_format", "regexp_replace", "range", "overlay"] {
        assert!(state.scalar_functions()[name].inner().is::<Bounded>(), "{name}");
    }
    for function in state.scalar_functions().values() {
        assert_eq!(function.inner().is::<Bounded>(), Growth::of(function.name()).is_some(), "{}", function.name());
    }
}

#[tokio::test]
async fn ordinary_calls_give_what_the_engine_gives() {
    for (sql, expected) in [
        ("SELECT repeat('ab', 3)", "ababab"),
        ("SELECT lpad('7', 3, '0')", "007"),
        ("SELECT concat('a', NULL, 'b', 1)", "ab1"),
        ("SELECT concat_ws('-', 'a', NULL, 'b')", "a-b"),
        ("SELECT replace('aXbX', 'X', '--')", "a--b--"),
        ("SELECT overlay('abcdef' PLACING 'XY' FROM 2 FOR 3)", "aXYef"),
        ("SELECT regexp_replace('foobar', 'o(.)', '<\\1>', 'g')", "f<o>bar"),
        ("SELECT array_to_string([1, NULL, 3], ',', '-')", "1,-,3"),
        ("SELECT array_repeat('a', 2)", "[a, a]"),
        ("SELECT range(1, 7, 2)", "[1, 3, 5]"),
        ("SELECT levenshtein('kitten', 'sitting')", "3"),
        ("SELECT length(repeat('x', 60000000))", "60000000"),
    ] {
        assert_eq!(value(sql).await.unwrap(), expected, "{sql}");
    }
}

#[tokio::test]
async fn values_that_would_be_too_large_are_refused_before_they_are_made() {
    for sql in [
        "repeat('x', 1000000000000)",
        "repeat(repeat('x', 1000000), 1000000)",
        "lpad('x', 1000000000)",
        "rpad('x', 1000000000, 'é')",
        "replace(repeat('x', 1000000), 'x', repeat('y', 1000))",
        "translate(repeat('x', 60000000), 'x', 'é')",
        "concat(repeat('x', 40000000), repeat('x', 40000000))",
        "concat_ws(repeat('x', 40000000), 'a', 'b', 'c')",
        "overlay(repeat('x', 40000000) PLACING repeat('y', 40000000) FROM 2 FOR 1)",
        "encode(repeat('x', 40000000), 'hex')",
        "regexp_replace(repeat('x', 1000000), 'x', repeat('y', 1000), 'g')",
        "regexp_replace(repeat('x', 20000000), '(.*)', '\\1\\1\\1\\1\\1\\1')",
        "regexp_match(repeat('x', 20000000), '((((.*))))')",
        "to_char(TIMESTAMP '2024-01-01 00:00:00', repeat('%c', 10000000))",
        "string_to_array(repeat('x,', 10000000), ',')",
        "array_to_string(range(1, 100000), repeat(',', 10000))",
        "array_repeat(1, 1000000000)",
        "array_replace_all(array_repeat('a', 100000), 'a', repeat('b', 10000))",
        "arrays_zip(range(1, 3000000), [1], [2])",
        "[repeat('x', 40000000), repeat('x', 40000000)]",
        "range(1, 1000000000)",
        "generate_series(DATE '2024-01-01', DATE '2023-01-01', INTERVAL '1 month -31 days')",
    ] {
        let error = value(&format!("SELECT {sql}")).await.unwrap_err();
        assert_eq!(FunctionError::find(&error), Some(FunctionError::TooLarge), "{sql}: {error}");
    }
}

/// Each value is small enough, and all of them together are not.
#[tokio::test]
async fn a_batch_of_values_has_a_limit_of_its_own() {
    let sql = |bytes: usize| {
        format!("SELECT max(length(repeat('x', {bytes} + value % 2))) FROM generate_series(1, 8192) AS t(value)")
    };
    assert_eq!(value(&sql(10_000)).await.unwrap(), "10001");
    let error = value(&sql(100_000)).await.unwrap_err();
    assert_eq!(FunctionError::find(&error), Some(FunctionError::TooLarge), "{error}");
}

#[test]
fn constants_count_for_every_row_of_a_batch() {
    let zeros = |rows| ColumnarValue::Array(Arc::new(Int64Array::from(vec![0; rows])));
    let large = "x".repeat(100_000);
    assert!(!refused(Growth::Repeat, vec![constant(&large), zeros(100)], 100));
    assert!(refused(Growth::Repeat, vec![constant(&large), zeros(8192)], 8192));
}

/// What the lengths alone would forbid is gone through.
#[test]
fn places_that_are_replaced_are_counted_where_lengths_say_too_little() {
    let text = format!("{}a", "x".repeat(2000));
    let to = "y".repeat(40);
    let global = |pattern: &str| vec![column(&text, 8192), constant(pattern), constant(&to), constant("gi")];
    assert!(!refused(Growth::RegexpReplace, global("A"), 8192));
    assert!(refused(Growth::RegexpReplace, global("X"), 8192));
    let plain = |from: &str| vec![column(&text, 8192), constant(from), constant(&to)];
    assert!(!refused(Growth::Replace, plain("a"), 8192));
    assert!(refused(Growth::Replace, plain("x"), 8192));
    assert!(!refused(Growth::Split, vec![column(&text, 8192), constant("a")], 8192));
    assert!(refused(Growth::Split, vec![column(&text, 8192), constant("x")], 8192));
}

#[test]
fn digits_of_floats_are_counted_where_their_number_says_too_little() {
    let lists = |value: f64| {
        let values = std::iter::repeat_n(Some(std::iter::repeat_n(Some(value), 1000)), 1000);
        let lists = arrow::array::ListArray::from_iter_primitive::<arrow::datatypes::Float64Type, _, _>(values);
        vec![ColumnarValue::Array(Arc::new(lists)), constant(",")]
    };
    assert!(!refused(Growth::ArrayText, lists(0.25), 1000));
    assert!(refused(Growth::ArrayText, lists(1e300), 1000));
}

#[tokio::test]
async fn levenshtein_takes_texts_as_long_as_postgresql_does() {
    let of = |one: usize, other: usize| format!("SELECT levenshtein(repeat('é', {one}), repeat('b', {other}))");
    assert_eq!(value(&of(255, 255)).await.unwrap(), "255");
    assert_eq!(value(&of(256, 0)).await.unwrap(), "256");
    let error = value(&of(1, 256)).await.unwrap_err();
    assert_eq!(FunctionError::find(&error), Some(FunctionError::TooLong { characters: 255 }));
    assert_eq!(
        FunctionError::TooLong { characters: 255 }.to_string(),
        "levenshtein argument exceeds maximum length of 255 characters"
    );
}

/// Nothing interrupts a comparison of every element with every other.
#[tokio::test]
async fn lengths_that_are_multiplied_have_a_limit() {
    for (sql, expected) in [
        ("array_has_all(range(1, 3000), range(1, 3000))", "true"),
        ("array_has_any(range(1, 30000), range(30001, 30010))", "false"),
        ("strpos(repeat('a', 100000), repeat('a', 10000) || 'b')", "0"),
        ("btrim('  a ')", "a"),
        ("length(btrim(repeat('a', 30000), repeat('b', 3000) || 'a'))", "0"),
        ("max(strpos(repeat('a', 100), 'b' || v)) FROM generate_series(1, 8192) AS t(v)", "0"),
    ] {
        assert_eq!(value(&format!("SELECT {sql}")).await.unwrap(), expected, "{sql}");
    }
    for sql in [
        "array_has_all(range(1, 400000), range(1, 400000))",
        "array_has_any(range(1, 400000), range(900000, 1300000))",
        "range(1, 400000) @> range(1, 400000)",
        "strpos(repeat('a', 30000000), repeat('a', 15000000) || 'b')",
        "position(repeat('a', 15000000) || 'b' IN repeat('a', 30000000))",
        "btrim(repeat('a', 300000), repeat('b', 300000) || 'a')",
        "ltrim(repeat('a', 300000), repeat('b', 300000) || 'a')",
        "trim(trailing repeat('b', 300000) || 'a' FROM repeat('a', 300000))",
    ] {
        let error = value(&format!("SELECT {sql}")).await.unwrap_err();
        assert_eq!(FunctionError::find(&error), Some(FunctionError::TooMuchWork), "{sql}: {error}");
    }
}

#[test]
fn an_error_is_found_in_what_the_engine_wraps_it_in() {
    let error = DataFusionError::from(FunctionError::TooLarge).context("while planning");
    let shared = DataFusionError::Shared(Arc::new(error));
    let arrow = arrow::error::ArrowError::ExternalError(Box::new(shared));
    assert_eq!(FunctionError::find(&DataFusionError::from(arrow)), Some(FunctionError::TooLarge));
    assert_eq!(FunctionError::find(&DataFusionError::Execution("other".to_owned())), None);
}
