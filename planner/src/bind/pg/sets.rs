//! Functions that return several rows, in the select list and in FROM: each gives an array per row, whose items become
//! rows.

use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ScalarValue, UnnestOptions};
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{Alias, FuncCall, Node, RangeFunction};

use super::arrays::{flat, item_data};
use super::calls::Call;
use super::expr::{inner, parts};
use super::from::Shown;
use super::scope::{Scope, Table};
use super::types::{Base, PgType};
use super::{Binder, Named, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, is_known};

/// Stands in an expression for the rows of the array that it is called with.
const ROWS_OF: &str = "rows_of";

/// Series of so many numbers are made row by row, in no order that is kept.
const SERIES_OF_ITEMS: i128 = 1_000_000;

/// The rows of a function: an array for each row, and what its items are.
struct Rows {
    array: Expr,
    item: PgType,
    data: DataType,
    /// Of records, their columns.
    outputs: Vec<(String, PgType)>,
}

impl Binder<'_> {
    /// A call in the select list, to be unfolded by [`Self::unfold`].
    pub(super) fn set_in_list(&mut self, call: Call<'_>) -> Result<Typed> {
        if let Some(what) = self.within {
            let message = format!("set-returning functions are not allowed in {what}");
            let position = self.position(call.node.location);
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, position));
        }
        let rows = self.rows_of(call)?;
        if !rows.outputs.is_empty() {
            return Err(not_yet("a set of records in the select list"));
        }
        let expr = crate::functions::pg::call(ROWS_OF, vec![rows.array], rows.data.clone());
        Ok(Typed { expr, ty: rows.item, data: rows.data })
    }

    fn rows_of(&mut self, call: Call<'_>) -> Result<Rows> {
        let Call { function, arguments, result, .. } = call;
        if function.source == "array_unnest" {
            let array = arguments.into_iter().next().ok_or_else(|| not_yet("unnest of nothing"))?;
            let array = flat(array)?;
            let data = item_data(&array.data)?.clone();
            return Ok(Rows { array: array.expr, item: array.ty.element(), data, outputs: Vec::new() });
        }
        if is_known(function.source).is_none() {
            return Err(not_yet(function.source));
        }
        let outputs: Vec<(String, PgType)> =
            function.outputs.iter().map(|(name, ty)| ((*name).to_owned(), *ty)).collect();
        let outputs = if outputs.len() > 1 { outputs } else { Vec::new() };
        let data = match outputs.is_empty() {
            true => result.storage(),
            false => DataType::Struct(
                outputs.iter().map(|(name, ty)| Field::new(name, ty.storage(), true)).collect::<Fields>(),
            ),
        };
        let list = DataType::new_list(data.clone(), true);
        let array = self.procedure_held(function.source, arguments, result, list)?.expr;
        Ok(Rows { array, item: result, data, outputs })
    }

    /// Makes rows of the arrays in a select list: side by side, the shorter ones filled up with NULLs.
    pub(super) fn unfold(&mut self, plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut found: Vec<(Expr, Expr)> = Vec::new();
        for expr in &exprs {
            expr.apply(|part| {
                if is_marker(part) && !found.iter().any(|(known, _)| known == part) {
                    let name = self.unique("rows");
                    found.push((part.clone(), Expr::Column(Column::new_unqualified(name))));
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        if found.is_empty() {
            return Ok((plan, exprs));
        }
        let mut kept: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let mut arrays = Vec::with_capacity(found.len());
        for (marker, column) in &found {
            let (Expr::ScalarFunction(call), Expr::Column(column)) = (marker, column) else {
                return Err(not_yet("this set"));
            };
            let array = call.args.first().cloned().ok_or_else(|| not_yet("this set"))?;
            if array.exists(|part| Ok(is_marker(part)))? {
                return Err(not_yet("a set inside of a set"));
            }
            kept.push(array.alias(column.name.clone()));
            arrays.push(column.clone());
        }
        let plan = unnested(LogicalPlanBuilder::from(plan).project(kept)?.build()?, arrays, false)?;
        let exprs = exprs.into_iter().map(|expr| {
            let replaced = expr.transform_down(|part| match found.iter().find(|(marker, _)| *marker == part) {
                Some((_, column)) => Ok(Transformed::new(column.clone(), true, TreeNodeRecursion::Jump)),
                None => Ok(Transformed::no(part)),
            })?;
            Ok(replaced.data)
        });
        Ok((plan, exprs.collect::<Result<_>>()?))
    }

    /// A function in FROM. What it reads of the tables before it, it reads of each of their rows: then these are in its plan.
    pub(super) fn range_function(
        &mut self,
        range: &RangeFunction,
        before: Option<LogicalPlan>,
        keeps_rows: bool,
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        if !range.coldeflist.is_empty() {
            return Err(not_yet("a function with a column definition list"));
        }
        let calls = self.calls_of(range)?;
        if let [(name, RangeCall::Call(node))] = calls.as_slice()
            && let Some(streamed) = self.streamed_series(name, node, range, scope)?
        {
            return Ok(streamed);
        }
        let (mut arrays, mut columns) = (Vec::new(), Vec::new());
        for (name, node) in &calls {
            let (array, named) = self.range_call(name, node, range.alias.as_ref(), calls.len() == 1, scope)?;
            arrays.push(array);
            columns.push(named);
        }
        let reads_before =
            arrays.iter().any(|array| array.exists(|part| Ok(matches!(part, Expr::Column(_)))).unwrap_or(true));
        let base = match (reads_before, before) {
            (true, Some(before)) => before,
            (true, None) => return Err(not_yet("a function over no table")),
            (false, _) => LogicalPlanBuilder::empty(true).build()?,
        };
        self.unnest_range(base, arrays, columns, range, reads_before, keeps_rows)
    }

    /// `generate_series` of constant integers, which the engine makes row by row, however many they are.
    fn streamed_series(
        &mut self,
        name: &str,
        node: &FuncCall,
        range: &RangeFunction,
        scope: &Scope<'_>,
    ) -> Result<Option<(LogicalPlan, Shown, bool)>> {
        if name != "generate_series" || range.ordinality {
            return Ok(None);
        }
        let call = self.resolved(name, node, scope)?;
        let base = match call.function.source {
            "generate_series_int4" | "generate_series_step_int4" => Base::Int4,
            "generate_series_int8" | "generate_series_step_int8" => Base::Int8,
            _ => return Ok(None),
        };
        let mut numbers = Vec::with_capacity(3);
        for argument in &call.arguments {
            match &argument.expr {
                Expr::Literal(ScalarValue::Int32(Some(number)), _) => numbers.push(i64::from(*number)),
                Expr::Literal(ScalarValue::Int64(Some(number)), _) => numbers.push(*number),
                _ => return Ok(None),
            }
        }
        let step = numbers.get(2).copied().unwrap_or(1);
        let [start, end] = [numbers[0], numbers[1]];
        // What is empty or an error isn't the engine's, nor is the end of its numbers.
        let has_rows = (step > 0 && start <= end) || (step < 0 && start >= end);
        if !has_rows || end.checked_add(step).is_none() {
            return Ok(None);
        }
        // Few fit into an array, whose items stay in order.
        if (i128::from(end) - i128::from(start)) / i128::from(step) < SERIES_OF_ITEMS {
            return Ok(None);
        }
        let source = self.context.get_table_function_source(name, numbers.into_iter().map(lit).collect())?;
        let wanted = range.alias.as_ref().map_or(name, |alias| alias.aliasname.as_str());
        let renamed = range.alias.as_ref().map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let named = match renamed.as_slice() {
            [] => wanted,
            [column] => column,
            _ => return Ok(None),
        };
        let qualifier = self.qualifier(datafusion::common::TableReference::bare(wanted));
        let scanned = LogicalPlanBuilder::scan(self.unique("series"), source, None)?.build()?;
        let value = scanned.schema().columns().into_iter().next().ok_or_else(|| not_yet("a series"))?;
        let unique = self.unique(named);
        let typed = Typed::new(Expr::Column(Column::new(Some(qualifier.clone()), unique.clone())), base);
        let held = cast(Expr::Column(value), typed.data.clone()).alias_qualified(Some(qualifier), unique);
        let plan = LogicalPlanBuilder::from(scanned).project([held])?.build()?;
        let columns = vec![Named { name: named.to_owned(), typed }];
        let table = Table { schema: None, alias: wanted.to_owned(), columns: columns.clone(), is_optional: false };
        Ok(Some((plan, Shown { tables: vec![table], columns, row_order: None }, false)))
    }

    /// The calls that stand side by side, with their names.
    fn calls_of<'q>(&self, range: &'q RangeFunction) -> Result<Vec<(String, RangeCall<'q>)>> {
        let mut calls = Vec::new();
        for function in &range.functions {
            let NodeEnum::List(list) = inner(Some(function))? else { return Err(not_yet("this function in FROM")) };
            let node = list.items.first().ok_or_else(|| not_yet("this function in FROM"))?;
            match inner(Some(node))? {
                NodeEnum::FuncCall(call) => {
                    let name = self.function_name(call)?.to_owned();
                    // `unnest(a, b)` is both side by side.
                    match name == "unnest" && call.args.len() > 1 {
                        true => calls.extend(call.args.iter().map(|arg| (name.clone(), RangeCall::Array(arg)))),
                        false => calls.push((name, RangeCall::Call(call))),
                    }
                }
                _ => calls.push((String::new(), RangeCall::Value(node))),
            }
        }
        Ok(calls)
    }

    /// One call: its array, and its columns, whose expressions come later.
    fn range_call(
        &mut self,
        name: &str,
        node: &RangeCall<'_>,
        alias: Option<&Alias>,
        is_alone: bool,
        scope: &Scope<'_>,
    ) -> Result<(Expr, Vec<Named>)> {
        let rows = match node {
            RangeCall::Array(arg) => {
                let array = self.expr_of(Some(arg), scope)?;
                let array = flat(array)?;
                let data = item_data(&array.data)?.clone();
                Rows { array: array.expr, item: array.ty.element(), data, outputs: Vec::new() }
            }
            RangeCall::Call(call) => match self.set_call(name, call, scope)? {
                Some(rows) => rows,
                None => {
                    let value = self.call(call, scope)?;
                    one_row(value)
                }
            },
            RangeCall::Value(value) => one_row(self.expr_of(Some(value), scope)?),
        };
        let shown = match (alias, is_alone) {
            (Some(alias), true) => alias.aliasname.clone(),
            _ => name.to_owned(),
        };
        let named = |name: String, ty: PgType, data: DataType| {
            let expr = Expr::Column(Column::new_unqualified(String::new()));
            Named { name, typed: Typed { expr, ty, data } }
        };
        let columns = match rows.outputs.is_empty() {
            true => vec![named(self.single_name(name).unwrap_or(shown), rows.item, rows.data)],
            false => rows.outputs.into_iter().map(|(name, ty)| named(name, ty, ty.storage())).collect(),
        };
        Ok((rows.array, columns))
    }

    /// The one OUT argument's name, which is the column's whatever the alias.
    fn single_name(&self, name: &str) -> Option<String> {
        let function = super::catalog::functions(name).first()?;
        match function.outputs.as_slice() {
            [(name, _)] if !name.is_empty() => Some((*name).to_owned()),
            _ => None,
        }
    }

    fn set_call(&mut self, name: &str, node: &FuncCall, scope: &Scope<'_>) -> Result<Option<Rows>> {
        if !super::catalog::functions(name).iter().any(|function| function.returns_set) {
            return Ok(None);
        }
        let call = self.resolved(name, node, scope)?;
        match call.function.returns_set {
            true => self.rows_of(call).map(Some),
            false => Ok(None),
        }
    }

    fn unnest_range(
        &mut self,
        base: LogicalPlan,
        arrays: Vec<Expr>,
        columns: Vec<Vec<Named>>,
        range: &RangeFunction,
        reads_before: bool,
        keeps_rows: bool,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        let before: Vec<Expr> = base.schema().columns().into_iter().map(Expr::Column).collect();
        let before = if reads_before { before } else { Vec::new() };
        let mut projected = before.clone();
        let mut unnests = Vec::with_capacity(arrays.len());
        let mut numbers = None;
        for (at, array) in arrays.into_iter().enumerate() {
            let name = self.unique("rows");
            if range.ordinality && at == 0 {
                let name = self.unique("ordinality");
                let list = DataType::new_list(DataType::Int64, true);
                projected.push(call("ordinals", vec![array.clone()], list).alias(name.clone()));
                numbers = Some(Column::new_unqualified(name));
            }
            // An empty array has no rows, NULL has one where rows are kept.
            let array = match keeps_rows {
                true => {
                    let list =
                        DataType::new_list(columns[at].first().map_or(DataType::Null, |c| c.typed.data.clone()), true);
                    match columns[at].len() {
                        1 => call("null_if_empty", vec![array], list),
                        _ => return Err(not_yet("LEFT JOIN with a function that returns records")),
                    }
                }
                false => array,
            };
            projected.push(array.alias(name.clone()));
            unnests.push(Column::new_unqualified(name));
        }
        if numbers.is_some() && unnests.len() > 1 {
            return Err(not_yet("WITH ORDINALITY over several functions"));
        }
        let all = unnests.iter().cloned().chain(numbers.clone()).collect();
        let plan = unnested(LogicalPlanBuilder::from(base).project(projected)?.build()?, all, keeps_rows)?;
        let wanted = match &range.alias {
            Some(alias) => alias.aliasname.clone(),
            None => self.range_name(range),
        };
        let qualifier = self.qualifier(datafusion::common::TableReference::bare(wanted.as_str()));
        let renamed = range.alias.as_ref().map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let mut exprs = Vec::new();
        let mut shown = Vec::new();
        let mut add = |binder: &mut Self, expr: Expr, column: Named| {
            let name = renamed.get(shown.len()).map_or(column.name.clone(), |name| (*name).to_owned());
            let unique = binder.unique(&name);
            exprs.push(expr.alias_qualified(Some(qualifier.clone()), unique.clone()));
            let expr = Expr::Column(Column::new(Some(qualifier.clone()), unique));
            shown.push(Named { name, typed: Typed { expr, ..column.typed } });
        };
        for (column, outputs) in unnests.into_iter().zip(columns) {
            let is_record = outputs.len() > 1;
            for output in outputs {
                let expr = Expr::Column(column.clone());
                let expr = match is_record {
                    true => datafusion::functions::core::expr_fn::get_field(expr, output.name.clone()),
                    false => expr,
                };
                add(self, expr, output);
            }
        }
        if let Some(column) = numbers {
            let named =
                Named { name: "ordinality".to_owned(), typed: Typed::new(Expr::Column(column.clone()), Base::Int8) };
            add(self, Expr::Column(column), named);
        }
        if renamed.len() > shown.len() {
            let (has, given) = (shown.len(), renamed.len());
            let message = format!("table \"{wanted}\" has {has} columns available but {given} columns specified");
            return Err(PlanError::InvalidColumnReference { message, position: None });
        }
        let all = before.into_iter().chain(exprs);
        let plan = LogicalPlanBuilder::from(plan).project(all)?.build()?;
        let table = Table { schema: None, alias: wanted, columns: shown.clone(), is_optional: false };
        Ok((plan, Shown { tables: vec![table], columns: shown, row_order: None }, reads_before))
    }

    fn range_name(&self, range: &RangeFunction) -> String {
        let first = range.functions.first().and_then(|function| match &function.node {
            Some(NodeEnum::List(list)) => list.items.first(),
            _ => None,
        });
        match first.and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::FuncCall(call)) => self.function_name(call).unwrap_or_default().to_owned(),
            Some(node) => super::targets::figured(node).unwrap_or_default(),
            None => String::new(),
        }
    }
}

enum RangeCall<'q> {
    Call(&'q FuncCall),
    Array(&'q Node),
    Value(&'q Node),
}

/// A value as the only row of a function in FROM.
fn one_row(value: Typed) -> Rows {
    let list = DataType::new_list(value.data.clone(), true);
    let array = call("array_of", vec![value.expr], list);
    Rows { array, item: value.ty, data: value.data, outputs: Vec::new() }
}

fn is_marker(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarFunction(call) if call.func.name() == ROWS_OF)
}

fn unnested(plan: LogicalPlan, columns: Vec<Column>, keeps_rows: bool) -> Result<LogicalPlan> {
    let options = UnnestOptions::new().with_preserve_nulls(keeps_rows);
    Ok(LogicalPlanBuilder::from(plan).unnest_columns_with_options(columns, options)?.build()?)
}
