//! Aggregates of records that differ, which the engine can't tell apart: all are collected with their keys first.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::{Expr, lit};

use super::aggregates::Clauses;
use super::records::{Output, record_of};
use super::types::Base;
use super::{Binder, Result, Typed, not_yet};
use crate::functions::pg::call;

impl Binder<'_> {
    /// `array_agg(DISTINCT record)`, in the order of the records or the other way around.
    pub(super) fn distinct_records(&mut self, value: Typed, clauses: Clauses<'_>) -> Result<Typed> {
        let again = self.copy(&value)?;
        let key = self.key(again)?;
        if clauses.node.over.is_some() {
            self.only_plain_over(clauses.node)?;
        }
        let (ascending, nulls_first) =
            clauses.order_by.first().map_or((true, false), |sort| (sort.asc, sort.nulls_first));
        let part = |name: &str, ty, data| Output { name: name.to_owned(), ty, data };
        let pair = record_of(&[
            part("key", Base::Bytea.into(), DataType::Binary),
            part("value", value.ty.without_modifier(), value.data.clone()),
        ]);
        let pairs = call("record_fields", vec![key, value.expr], pair);
        let function = self.runtime.state.aggregate_functions().get("array_agg");
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        let filter = clauses.filter.map(Box::new);
        let collect = AggregateFunction::new_udf(function, vec![pairs], false, filter, Vec::new(), None);
        let data = DataType::new_list(value.data, true);
        let arguments = vec![Expr::AggregateFunction(collect), lit(ascending), lit(nulls_first)];
        let expr = call("records_apart", arguments, data.clone());
        Ok(Typed { expr, ty: value.ty.without_modifier().array_of(), data })
    }
}
