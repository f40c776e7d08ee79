//! TABLESAMPLE: a part of a table's rows, drawn of those that its reader may see. BERNOULLI and SYSTEM both draw row by row.

use arrow::datatypes::DataType;
use datafusion::common::Column;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};
use pg_query::NodeEnum;
use pg_query::protobuf::{Node, RangeTableSample};

use super::expr::{inner, location, parts};
use super::from::Shown;
use super::scope::Scope;
use super::select::numbered;
use super::types::{Base, Coercion};
use super::{Binder, Result, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, is_hashed};

impl Binder<'_> {
    pub(super) fn table_sample(
        &mut self,
        sample: &RangeTableSample,
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown)> {
        let NodeEnum::RangeVar(table) = inner(sample.relation.as_deref())? else { return Err(not_yet("this in FROM")) };
        if table.schemaname.is_empty() && scope.ctes.contains_key(&table.relname) {
            let message = "TABLESAMPLE clause can only be applied to tables and materialized views".to_owned();
            let position = self.position(table.location);
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
        }
        let (plan, shown) = self.table(table, scope)?;
        let position = self.position(sample.location);
        let method = parts(&sample.method)?;
        let method = match method.as_slice() {
            [name @ ("bernoulli" | "system")] | ["pg_catalog", name @ ("bernoulli" | "system")] => *name,
            names => {
                let message = format!("tablesample method {} does not exist", names.join("."));
                return Err(PlanError::refused(code::UNDEFINED_OBJECT, message, position));
            }
        };
        let [percent] = sample.args.as_slice() else {
            let message = format!("tablesample method {method} requires 1 argument, not {}", sample.args.len());
            return Err(PlanError::refused(code::INVALID_TABLESAMPLE, message, position));
        };
        let percent = self.sample_argument(percent, Base::Float4, "TABLESAMPLE", scope)?;
        let drawn = match sample.repeatable.as_deref() {
            None => {
                let drawn = call("sample_drawn", vec![percent], DataType::Boolean);
                LogicalPlanBuilder::from(plan).filter(drawn)?
            }
            Some(seed) => {
                let seed = self.sample_argument(seed, Base::Float8, "REPEATABLE", scope)?;
                self.repeated_sample(plan, percent, seed)?
            }
        };
        Ok((drawn.build()?, shown))
    }

    /// The same rows for the same seed, as long as the table has the same.
    fn repeated_sample(&mut self, plan: LogicalPlan, percent: Expr, seed: Expr) -> Result<LogicalPlanBuilder> {
        if !is_hashed(plan.schema().fields().iter().map(|field| field.data_type().clone())) {
            return Err(not_yet("REPEATABLE of a table with columns of such types"));
        }
        let columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let (hash, number) = (self.unique("hash"), self.unique("number"));
        let column = |name: &str| Expr::Column(Column::new_unqualified(name));
        let hashed = call("sample_hash", columns.clone(), DataType::Int64).alias(hash.clone());
        let plan = LogicalPlanBuilder::from(plan).project(columns.iter().cloned().chain([hashed]))?;
        let row_number = datafusion::functions_window::row_number::row_number_udwf();
        let numbers = numbered(row_number, vec![column(&hash)], Vec::new()).alias(number.clone());
        let number = cast(column(&number), DataType::Int64);
        let drawn = call("sample_repeated", vec![percent, seed, column(&hash), number], DataType::Boolean);
        Ok(plan.window([numbers])?.filter(drawn)?.project(columns)?)
    }

    /// A number that TABLESAMPLE is told, which reads no row.
    fn sample_argument(&mut self, node: &Node, base: Base, clause: &str, scope: &Scope<'_>) -> Result<Expr> {
        let node = inner(Some(node))?;
        let within = Scope { outer: scope.outer, ctes: std::rc::Rc::clone(&scope.ctes), ..Scope::default() };
        let typed = self.expr(node, &within)?;
        self.only_rows(&typed.expr, "functions in FROM", node)?;
        let ty = typed.ty;
        let coerced = self.coerce(typed, base.into(), Coercion::Assignment, location(node));
        let typed = coerced.map_err(|error| match error {
            PlanError::CannotCast { position, .. } => {
                let wanted = super::types::PgType::from(base);
                let message = format!("argument of {clause} must be type {wanted}, not type {ty}");
                PlanError::Mismatch { message, position }
            }
            other => other,
        })?;
        // Nothing is drawn anew for each row of a query around.
        match super::select::has_sub_select(&typed.expr) || !super::levels::reads_no_columns(&typed.expr)? {
            true => Err(not_yet("such an argument of TABLESAMPLE")),
            false => Ok(typed.expr),
        }
    }
}
