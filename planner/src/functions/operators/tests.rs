//! `||` and the constructors, as queries plan them.

use arrow::util::display::array_value_to_string;
use datafusion::execution::SessionStateBuilder;
use datafusion::prelude::SessionContext;

use super::*;
use crate::functions::FunctionError;

fn session() -> SessionContext {
    let state = SessionStateBuilder::new().with_expr_planners(vec![crate::functions::operators()]);
    SessionContext::new_with_state(state.with_default_features().build())
}

async fn value(sql: &str) -> Result<String> {
    let batches = session().sql(sql).await?.collect().await?;
    Ok(array_value_to_string(batches[0].column(0), 0)?)
}

#[tokio::test]
async fn operands_are_joined_and_null_is_null() {
    for (sql, expected) in [
        ("SELECT 'a' || 'b' || 1 || 'c'", "ab1c"),
        ("SELECT 'a' || ('b' || 2)", "ab2"),
        ("SELECT ('a' || NULL || 'b') IS NULL", "true"),
        ("SELECT max(a || b || a) FROM (VALUES ('x', 'y'), ('z', NULL)) AS t(a, b)", "xyx"),
        ("SELECT max(arrow_cast(a, 'Utf8View') || '-' || b) FROM (VALUES ('x', 'y')) AS t(a, b)", "x-y"),
        ("SELECT ARRAY[1, 2] || 3", "[1, 2, 3]"),
        ("SELECT 0 || ARRAY[1]", "[0, 1]"),
        ("SELECT ARRAY[1] || ARRAY[2]", "[1, 2]"),
    ] {
        assert_eq!(value(sql).await.unwrap(), expected, "{sql}");
    }
    let error = value("SELECT 1 || 2").await.unwrap_err();
    assert!(error.to_string().contains("string concat"), "{error}");
}

#[tokio::test]
async fn a_chain_is_one_call() {
    let plan = session().sql("SELECT a || b || 'x' || a FROM (VALUES ('x', 'y')) AS t(a, b)").await.unwrap();
    let shown = plan.logical_plan().display_indent().to_string();
    assert!(shown.contains("textcat(t.a, t.b, Utf8(\"x\"), t.a)"), "{shown}");
}

#[tokio::test]
async fn a_parameter_beside_it_is_a_text() {
    let plan = session().sql("SELECT $1 || 'x', 1 || $2, $3 || $4").await.unwrap();
    let types = plan.logical_plan().get_parameter_types().unwrap();
    assert_eq!(types.len(), 4);
    assert!(types.values().all(|data_type| *data_type == Some(DataType::Utf8)), "{types:?}");
}

/// Each step doubles the value, and the text of the statement grows by a line.
#[tokio::test]
async fn values_that_double_come_to_an_end() {
    let steps: Vec<_> = (1..=40).map(|n| format!("t{n} AS (SELECT a || a AS a FROM t{})", n - 1)).collect();
    let sql = format!(
        "WITH t0 AS (SELECT column1 AS a FROM (VALUES ('xxxxxxxx'), ('y'))), {} SELECT length(a) FROM t40",
        steps.join(", ")
    );
    let error = value(&sql).await.unwrap_err();
    assert_eq!(FunctionError::find(&error), Some(FunctionError::TooLarge), "{error}");
}

#[tokio::test]
async fn constructors_have_limits() {
    let half = "array_repeat(1, 2000000)";
    for sql in [
        format!("ARRAY[{half}, {half}, {half}]"),
        format!("{half} || {half} || {half}"),
        format!("ARRAY[{half}, {half}] || {half}"),
    ] {
        let error = value(&format!("SELECT {sql}")).await.unwrap_err();
        assert_eq!(FunctionError::find(&error), Some(FunctionError::TooLarge), "{sql}: {error}");
    }
}
