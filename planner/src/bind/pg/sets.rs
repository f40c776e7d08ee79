//! Functions that return several rows, in the select list: each gives an array per row, whose items become rows.

use std::collections::HashSet;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ScalarValue, UnnestOptions};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast, lit};
use pg_query::NodeEnum;

use super::aggregate::replace;
use super::arrays::{fitting, flat, item_data};
use super::calls::Call;
use super::grouping::Groups;
use super::records::{Output, field_of, named, record_of};
use super::scope::Scope;
use super::types::{Base, PgType};
use super::{Binder, Named, Result, Typed, catalog, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, called_late, is_known, is_long};

/// Stands in an expression for the rows of the array that it is called with.
const ROWS_OF: &str = "rows_of";

/// What the arguments of these are [`Binder::within`].
pub(super) const AGGREGATES: &str = "aggregate function calls";
pub(super) const WINDOWS: &str = "window function calls";
pub(super) const FROM_FUNCTIONS: &str = "functions in FROM";

/// The rows of a function: an array for each row, and what its items are.
pub(super) struct Rows {
    pub array: Expr,
    pub item: PgType,
    pub data: DataType,
    /// Of records, their columns.
    pub outputs: Vec<Output>,
}

impl Binder<'_> {
    /// A call in the select list, to be unfolded by [`Self::unfold`].
    pub(super) fn set_in_list(&mut self, call: Call<'_>) -> Result<Typed> {
        let rows = self.rows_in_list(call)?;
        let ty = if rows.outputs.is_empty() { rows.item } else { named(rows.item) };
        Ok(Typed { expr: marker(&rows), ty, data: rows.data })
    }

    /// The columns of the records that a call in the select list gives; `None` for what gives none.
    pub(super) fn fields_of_set(&mut self, node: &NodeEnum, scope: &Scope<'_>) -> Result<Option<Vec<Named>>> {
        let NodeEnum::FuncCall(node) = node else { return Ok(None) };
        let name = self.function_name(node)?;
        if let Some(told) = self.told(name, node, scope)? {
            return Ok(Some(fields(&told.record, told.outputs)));
        }
        if !catalog::functions(name).iter().any(|function| function.returns_set && function.outputs.len() > 1) {
            return Ok(None);
        }
        let call = self.resolved(name, node, scope)?;
        let rows = self.rows_in_list(call)?;
        let marker = marker(&rows);
        Ok(Some(fields(&marker, rows.outputs)))
    }

    /// `(f(x)).field`, if `f` returns a set of records.
    pub(super) fn field_of_set(&mut self, node: &NodeEnum, field: &str, scope: &Scope<'_>) -> Result<Option<Typed>> {
        let Some(fields) = self.fields_of_set(node, scope)? else { return Ok(None) };
        match fields.into_iter().find(|named| named.name == field) {
            Some(named) => Ok(Some(named.typed)),
            None => {
                let message = format!("could not identify column \"{field}\" in record data type");
                let position = self.position(super::expr::location(node));
                Err(PlanError::refused(code::UNDEFINED_COLUMN, message, position))
            }
        }
    }

    fn rows_in_list(&mut self, call: Call<'_>) -> Result<Rows> {
        if let Some(what) = self.within {
            let position = self.position(call.node.location);
            let (message, hint) = match what {
                AGGREGATES | WINDOWS => (
                    format!("{what} cannot contain set-returning function calls"),
                    Some("You might be able to move the set-returning function into a LATERAL FROM item."),
                ),
                FROM_FUNCTIONS => ("set-returning functions must appear at top level of FROM".to_owned(), None),
                // An alternative may be computed or not: rows may not.
                "CASE" | "COALESCE" => (
                    format!("set-returning functions are not allowed in {what}"),
                    Some("You might be able to move the set-returning function into a LATERAL FROM item."),
                ),
                what => (format!("set-returning functions are not allowed in {what}"), None),
            };
            return Err(PlanError::Refused { code: code::FEATURE_NOT_SUPPORTED, message, hint, position });
        }
        self.rows_of(call)
    }

    pub(super) fn rows_of(&mut self, call: Call<'_>) -> Result<Rows> {
        let Call { function, mut arguments, result, .. } = call;
        if function.source == "array_unnest" {
            let array = arguments.into_iter().next().ok_or_else(|| not_yet("unnest of nothing"))?;
            let array = flat(array)?;
            let data = item_data(&array.data)?.clone();
            return Ok(Rows { array: array.expr, item: array.ty.element(), data, outputs: Vec::new() });
        }
        if matches!(function.source, "json_to_recordset" | "jsonb_to_recordset") {
            // There is nothing that tells the columns.
            arguments.push(Typed::new(lit(function.name), Base::Text));
            let data = result.storage();
            let list = DataType::new_list(data.clone(), true);
            let array = self.procedure_held("json_undetermined", arguments, result, list)?.expr;
            return Ok(Rows { array, item: result, data, outputs: Vec::new() });
        }
        if let ("json_populate_recordset" | "jsonb_populate_recordset", [base, json, ..]) =
            (function.source, arguments.as_slice())
        {
            let Some(record) = self.undetermined(function.name, base, result)? else {
                let rows = self.populated_rows(base.clone(), json.clone(), function.name)?;
                return Ok(Rows { item: result, outputs: Vec::new(), ..rows });
            };
            let data = record.data.clone();
            let array =
                crate::functions::pg::call("array_of", vec![record.expr], DataType::new_list(data.clone(), true));
            return Ok(Rows { array, item: result, data, outputs: Vec::new() });
        }
        if is_known(function.source).is_none() {
            return Err(not_yet(function.source));
        }
        if let ("_pg_expandarray", [array]) = (function.source, arguments.as_slice()) {
            let array = flat(array.clone())?;
            let item = Output { name: "x".to_owned(), ty: array.ty.element(), data: item_data(&array.data)?.clone() };
            let number = Output { name: "n".to_owned(), ty: Base::Int4.into(), data: DataType::Int32 };
            let outputs = vec![item, number];
            let data = record_of(&outputs);
            let list = DataType::new_list(data.clone(), true);
            let array = crate::functions::pg::call("_pg_expandarray", vec![array.expr], list);
            return Ok(Rows { array, item: result, data, outputs });
        }
        let output = |(name, ty): &(&str, PgType)| Output { name: (*name).to_owned(), ty: *ty, data: ty.storage() };
        let outputs: Vec<Output> = function.outputs.iter().map(output).collect();
        let outputs = if outputs.len() > 1 { outputs } else { Vec::new() };
        let data = if outputs.is_empty() { result.storage() } else { record_of(&outputs) };
        let list = DataType::new_list(data.clone(), true);
        if function.name == "generate_series"
            && let Some(array) = self.long_series(function.source, &arguments, &list)?
        {
            return Ok(Rows { array, item: result, data, outputs });
        }
        let array = self.procedure_held(function.source, arguments, result, list)?.expr;
        Ok(Rows { array, item: result, data, outputs })
    }

    /// A series of so many constants that it is made when the statement runs.
    fn long_series(&mut self, source: &'static str, arguments: &[Typed], list: &DataType) -> Result<Option<Expr>> {
        let constants = constants(arguments);
        if !constants.is_some_and(|constants| is_long(&constants)) {
            return Ok(None);
        }
        self.session_dependent |= is_known(source).ok_or_else(|| not_yet(source))?;
        let held = arguments.iter().map(|argument| Ok(fitting(source, argument.clone())?.expr));
        let held = held.collect::<Result<Vec<_>>>()?;
        Ok(called_late(source, held, list.clone(), &self.session))
    }

    /// Makes rows of the arrays in a select list: side by side, the shorter ones filled up with NULLs. Sets that others
    /// take come before these.
    pub(super) fn unfold(&mut self, plan: LogicalPlan, exprs: Vec<Expr>) -> Result<(LogicalPlan, Vec<Expr>)> {
        let (mut plan, mut exprs) = (plan, exprs);
        loop {
            let markers = innermost(&exprs)?;
            if markers.is_empty() {
                return Ok((plan, exprs));
            }
            (plan, exprs) = self.unfold_together(plan, exprs, markers, None)?;
        }
    }

    /// The same with columns by which the rows of one row before stand together, and in their order.
    pub(super) fn unfold_in_place(
        &mut self,
        plan: LogicalPlan,
        exprs: Vec<Expr>,
    ) -> Result<(LogicalPlan, Vec<Expr>, Vec<Typed>)> {
        let row = self.unique("row");
        let number = datafusion::functions_window::row_number::row_number_udwf();
        let number = super::select::numbered(number, Vec::new(), Vec::new()).alias(row.clone());
        let plan = LogicalPlanBuilder::from(plan).window([number])?.build()?;
        let row = cast(Expr::Column(Column::new_unqualified(row)), DataType::Int64);
        let mut places = vec![Typed::new(row, Base::Int8)];
        let (mut plan, mut exprs) = (plan, exprs);
        loop {
            let markers = innermost(&exprs)?;
            if markers.is_empty() {
                return Ok((plan, exprs, places));
            }
            let place = self.unique("place");
            places.push(Typed::new(Expr::Column(Column::new_unqualified(place.clone())), Base::Int8));
            (plan, exprs) = self.unfold_together(plan, exprs, markers, Some(place))?;
        }
    }

    /// `place` is to be the name of a column that numbers the rows made of one.
    fn unfold_together(
        &mut self,
        plan: LogicalPlan,
        exprs: Vec<Expr>,
        markers: Vec<Expr>,
        place: Option<String>,
    ) -> Result<(LogicalPlan, Vec<Expr>)> {
        let mut kept: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let mut arrays = Vec::with_capacity(markers.len());
        let mut found: Vec<(Expr, Expr)> = Vec::with_capacity(markers.len());
        let mut counted = Vec::with_capacity(markers.len());
        for marker in markers {
            let Expr::ScalarFunction(call) = &marker else { return Err(not_yet("this set")) };
            let array = call.args.first().cloned().ok_or_else(|| not_yet("this set"))?;
            if place.is_some() {
                counted.push(array.clone());
            }
            let column = Column::new_unqualified(self.unique("rows"));
            kept.push(array.alias(column.name.clone()));
            arrays.push(column.clone());
            found.push((marker, Expr::Column(column)));
        }
        if let Some(place) = place {
            let numbers = call("ordinals", counted, DataType::new_list(DataType::Int64, true));
            kept.push(numbers.alias(place.clone()));
            arrays.push(Column::new_unqualified(place));
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

    /// Sets that rows are grouped by come before the grouping: `exprs` read them there.
    pub(super) fn unfold_groups(
        &mut self,
        plan: LogicalPlan,
        mut groups: Groups,
        exprs: Vec<Expr>,
    ) -> Result<(LogicalPlan, Groups, Vec<Expr>)> {
        let mut places = Vec::new();
        for (at, item) in groups.items.iter().enumerate() {
            if has_set(&item.expr)? {
                places.push(at);
            }
        }
        if places.is_empty() {
            return Ok((plan, groups, exprs));
        }
        let sets: Vec<Expr> = places.iter().map(|at| groups.items[*at].expr.clone()).collect();
        let (plan, columns) = self.unfold(plan, sets.clone())?;
        for (at, column) in places.into_iter().zip(&columns) {
            groups.items[at].expr = column.clone();
        }
        let known = sets.into_iter().zip(columns).collect();
        let exprs = exprs.into_iter().map(|expr| replace(expr, &known)).collect::<Result<_>>()?;
        Ok((plan, groups, exprs))
    }
}

/// The values of arguments that are all constants.
pub(super) fn constants(arguments: &[Typed]) -> Option<Vec<&ScalarValue>> {
    let constant = |argument: &'_ Typed| matches!(&argument.expr, Expr::Literal(value, _) if !value.is_null());
    let values = arguments.iter().filter(|argument| constant(argument)).filter_map(|argument| match &argument.expr {
        Expr::Literal(value, _) => Some(value),
        _ => None,
    });
    let values: Vec<&ScalarValue> = values.collect();
    (values.len() == arguments.len()).then_some(values)
}

/// The columns of records, each of which reads them itself.
fn fields(record: &Expr, outputs: Vec<Output>) -> Vec<Named> {
    let field = |Output { name, ty, data }: Output| {
        let expr = field_of(record.clone(), &name);
        Named { name, typed: Typed { expr, ty, data } }
    };
    outputs.into_iter().map(field).collect()
}

fn marker(rows: &Rows) -> Expr {
    call(ROWS_OF, vec![rows.array.clone()], rows.data.clone())
}

pub(super) fn is_marker(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarFunction(call) if call.func.name() == ROWS_OF)
}

/// The sets that take no others.
fn innermost(exprs: &[Expr]) -> Result<Vec<Expr>> {
    let mut markers: Vec<Expr> = Vec::new();
    for expr in exprs {
        expr.apply(|part| {
            if is_marker(part) && !has_marker_within(part)? {
                if !markers.contains(part) {
                    markers.push(part.clone());
                }
                return Ok(TreeNodeRecursion::Jump);
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    Ok(markers)
}

fn has_marker_within(marker: &Expr) -> Result<bool> {
    let Expr::ScalarFunction(call) = marker else { return Ok(false) };
    for argument in &call.args {
        if has_set(argument)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an expression has a function in it that returns several rows.
pub(super) fn has_set(expr: &Expr) -> Result<bool> {
    Ok(expr.exists(|part| Ok(is_marker(part)))?)
}

/// The plan with the items of arrays in columns as rows. The engine takes it that a column that told the rows apart still does:
/// such columns go by a function that it can't see through.
pub(super) fn unnested(plan: LogicalPlan, columns: Vec<Column>, keeps_rows: bool) -> Result<LogicalPlan> {
    let dependencies = plan.schema().functional_dependencies();
    let telling: HashSet<usize> = dependencies.iter().flat_map(|one| one.source_indices.iter().copied()).collect();
    let plan = match telling.is_empty() {
        true => plan,
        false => {
            let kept = plan.schema().iter().enumerate().map(|(at, (relation, field))| {
                let column = Expr::Column(Column::new(relation.cloned(), field.name()));
                match telling.contains(&at) {
                    true => call("itself", vec![column], field.data_type().clone())
                        .alias_qualified(relation.cloned(), field.name()),
                    false => column,
                }
            });
            let kept: Vec<Expr> = kept.collect();
            LogicalPlanBuilder::from(plan).project(kept)?.build()?
        }
    };
    let options = UnnestOptions::new().with_preserve_nulls(keeps_rows);
    Ok(LogicalPlanBuilder::from(plan).unnest_columns_with_options(columns, options)?.build()?)
}
