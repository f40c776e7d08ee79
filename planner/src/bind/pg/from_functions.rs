//! Functions in FROM, side by side where there are several: what they return becomes rows beside those of the tables that
//! they read.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ScalarValue, TableReference};
use datafusion::logical_expr::planner::ContextProvider;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableSource, cast, lit, when};
use pg_query::protobuf::{Alias, FuncCall, JoinExpr, Node, RangeFunction};
use pg_query::{NodeEnum, NodeRef};
use weir_values::datetime::Zone;

use super::calls::Call;
use super::expr::{inner, parts};
use super::from::Shown;
use super::input_checks::one_row_of;
use super::records::{Output, field_of, record_of};
use super::scope::{Scope, Table};
use super::select::numbered;
use super::sets::{FROM_FUNCTIONS, Rows, constants, unnested};
use super::types::{Base, PgType};
use super::{Binder, Named, Result, Typed, catalog, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, each_item_with, is_long, timestamps};
use crate::permit::FunctionSource;

/// Series of so many numbers are made row by row, in no order that is kept: their array would be too wide a constant.
const SERIES_OF_ITEMS: i128 = 400_000;

/// What gives rows in FROM: an array for each row of what stands before it, and the columns of the items.
pub(super) struct RowSource {
    pub array: Expr,
    pub item: DataType,
    /// Their expressions come later.
    pub columns: Vec<Named>,
    /// Whether the items are records of the columns.
    pub is_record: bool,
}

/// What FROM says of its rows.
pub(super) struct Frame<'r> {
    /// Its name if no alias gives it another.
    pub name: String,
    pub alias: Option<&'r Alias>,
    pub has_ordinality: bool,
    pub beside: Option<Beside<'r>>,
}

/// The LEFT JOIN that rows are the right side of: rows of the left side stay where there are none.
#[derive(Clone, Copy)]
pub(super) struct Beside<'r> {
    pub join: &'r JoinExpr,
    pub left: &'r Shown,
    pub scope: &'r Scope<'r>,
}

impl Binder<'_> {
    /// A function in FROM. What it reads of the tables before it, it reads of each of their rows: then these are in its plan.
    pub(super) fn range_function(
        &mut self,
        range: &RangeFunction,
        before: Option<LogicalPlan>,
        beside: Option<Beside<'_>>,
        scope: &Scope<'_>,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        let calls = self.calls_of(range)?;
        self.check_definitions(range, calls.len())?;
        if let [RangeCall { name, source: CallSource::Call(node), definitions: [] }] = calls.as_slice()
            && let Some(streamed) = self.streamed_series(name, node, range, scope)?
        {
            return Ok(streamed);
        }
        let mut sources = Vec::with_capacity(calls.len());
        for call in &calls {
            sources.push(self.range_call(call, range.alias.as_ref(), calls.len() == 1, scope)?);
        }
        let (name, alias) = (self.range_name(range), range.alias.as_ref());
        let frame = Frame { name, alias, has_ordinality: range.ordinality, beside };
        self.range_rows(sources, before, frame)
    }

    /// `generate_series` of constant integers or timestamps, which is made row by row, however many they are.
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
        let call = self.within(FROM_FUNCTIONS, |binder| binder.resolved(name, node, scope))?;
        let (source, base) = match call.function.source {
            "generate_series_int4" | "generate_series_step_int4" => (self.series_of_integers(&call)?, Base::Int4),
            "generate_series_int8" | "generate_series_step_int8" => (self.series_of_integers(&call)?, Base::Int8),
            "generate_series_timestamp" => (self.series_of_timestamps(&call, None)?, Base::Timestamp),
            "generate_series_timestamptz" => {
                (self.series_of_timestamps(&call, Some(self.session.zone()))?, Base::Timestamptz)
            }
            _ => return Ok(None),
        };
        let Some(source) = source else { return Ok(None) };
        self.session_dependent |= base == Base::Timestamptz;
        let wanted = range.alias.as_ref().map_or(name, |alias| alias.aliasname.as_str());
        let renamed = range.alias.as_ref().map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let named = match renamed.as_slice() {
            [] => wanted,
            [column] => column,
            _ => return Ok(None),
        };
        let qualifier = self.qualifier(TableReference::bare(wanted));
        let scanned = LogicalPlanBuilder::scan(self.unique("series"), source, None)?.build()?;
        let value = scanned.schema().columns().into_iter().next().ok_or_else(|| not_yet("a series"))?;
        let unique = self.unique(named);
        let typed = Typed::new(Expr::Column(Column::new(Some(qualifier.clone()), unique.clone())), base);
        let held = cast(Expr::Column(value), typed.data.clone()).alias_qualified(Some(qualifier), unique);
        let plan = LogicalPlanBuilder::from(scanned).project([held])?.build()?;
        let columns = vec![Named { name: named.to_owned(), typed }];
        let table = Table {
            schema: None,
            alias: wanted.to_owned(),
            columns: columns.clone(),
            is_optional: false,
            is_unnamed: false,
        };
        Ok(Some((plan, Shown { tables: vec![table], columns, row_order: None }, false)))
    }

    /// The engine's own series of integers, if it is a long one.
    fn series_of_integers(&self, call: &Call<'_>) -> Result<Option<Arc<dyn TableSource>>> {
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
        let numbers = numbers.into_iter().map(lit).collect();
        Ok(Some(self.context.get_table_function_source("generate_series", numbers)?))
    }

    /// A series of timestamps, if it is a long one.
    fn series_of_timestamps(&self, call: &Call<'_>, zone: Option<Zone>) -> Result<Option<Arc<dyn TableSource>>> {
        let Some(constants) = constants(&call.arguments).filter(|constants| is_long(constants)) else {
            return Ok(None);
        };
        let table = timestamps(&constants, zone).transpose()?;
        Ok(table.map(|table| Arc::new(FunctionSource(table)) as Arc<dyn TableSource>))
    }

    /// The calls that stand side by side, with their names.
    fn calls_of<'q>(&self, range: &'q RangeFunction) -> Result<Vec<RangeCall<'q>>> {
        let mut calls = Vec::new();
        for function in &range.functions {
            let NodeEnum::List(list) = inner(Some(function))? else { return Err(not_yet("this function in FROM")) };
            let node = list.items.first().ok_or_else(|| not_yet("this function in FROM"))?;
            let definitions = match list.items.get(1).and_then(|node| node.node.as_ref()) {
                Some(NodeEnum::List(definitions)) => definitions.items.as_slice(),
                _ => range.coldeflist.as_slice(),
            };
            match inner(Some(node))? {
                NodeEnum::FuncCall(call) => {
                    let name = self.function_name(call)?.to_owned();
                    let is_plain = !call.func_variadic && call.over.is_none();
                    // `unnest(a, b)` is both side by side.
                    match name == "unnest" && call.args.len() > 1 && is_plain {
                        true => calls.extend(call.args.iter().map(|arg| RangeCall {
                            name: name.clone(),
                            source: CallSource::Array(arg, call.location),
                            definitions,
                        })),
                        false => calls.push(RangeCall { name, source: CallSource::Call(call), definitions }),
                    }
                }
                _ => calls.push(RangeCall { name: String::new(), source: CallSource::Value(node), definitions }),
            }
        }
        Ok(calls)
    }

    /// One call: its array, and its columns, whose expressions come later.
    fn range_call(
        &mut self,
        range: &RangeCall<'_>,
        alias: Option<&Alias>,
        is_alone: bool,
        scope: &Scope<'_>,
    ) -> Result<RowSource> {
        let name = range.name.as_str();
        let rows = self.within(FROM_FUNCTIONS, |binder| match range.source {
            CallSource::Array(arg, place) => {
                let array = binder.expr_of(Some(arg), scope)?;
                if array.ty.is(Base::Unknown) {
                    let name = "pg_catalog.unnest(unknown)".to_owned();
                    let position = binder.position(place);
                    return Err(PlanError::UndefinedFunction { name, is_ambiguous: true, position });
                }
                let array = super::arrays::flat(array)?;
                let data = super::arrays::item_data(&array.data)?.clone();
                Ok(Rows { array: array.expr, item: array.ty.element(), data, outputs: Vec::new() })
            }
            CallSource::Call(call) => match binder.set_call(name, call, range.definitions, scope)? {
                Some(rows) => Ok(rows),
                None => {
                    let value = binder.call(call, scope)?;
                    binder.no_definitions(range.definitions, &[])?;
                    Ok(one_row(value))
                }
            },
            CallSource::Value(value) => {
                let value = binder.expr_of(Some(value), scope)?;
                binder.no_definitions(range.definitions, &[])?;
                let value = binder.settled(value)?;
                Ok(one_row(value))
            }
        })?;
        self.no_aggregates(&rows.array, &range.source)?;
        let shown = match (alias, is_alone) {
            (Some(alias), true) => alias.aliasname.clone(),
            _ => name.to_owned(),
        };
        let named = |name: String, ty: PgType, data: DataType| {
            let expr = Expr::Column(Column::new_unqualified(String::new()));
            Named { name, typed: Typed { expr, ty, data } }
        };
        let is_record = !rows.outputs.is_empty();
        let columns = match is_record {
            false => vec![named(self.single_name(name).unwrap_or(shown), rows.item, rows.data.clone())],
            true => rows.outputs.into_iter().map(|output| named(output.name, output.ty, output.data)).collect(),
        };
        Ok(RowSource { array: rows.array, item: rows.data, columns, is_record })
    }

    /// What is computed for each row of FROM knows no groups and no windows.
    fn no_aggregates(&self, array: &Expr, source: &CallSource<'_>) -> Result<()> {
        let has_window = array.exists(|part| Ok(matches!(part, Expr::WindowFunction(_))))?;
        if !has_window && !super::aggregate::has_aggregate(array) {
            return Ok(());
        }
        let is_it = |call: &FuncCall| match has_window {
            true => call.over.is_some(),
            false => {
                let name = self.function_name(call).unwrap_or_default();
                catalog::functions(name).iter().any(|function| function.kind == catalog::Kind::Aggregate)
            }
        };
        let within = |node: &Node| {
            let nodes = node.node.as_ref().map(|node| node.nodes()).unwrap_or_default();
            nodes.into_iter().find_map(|(node, ..)| match node {
                NodeRef::FuncCall(call) if is_it(call) => Some(call.location),
                _ => None,
            })
        };
        let place = match source {
            CallSource::Call(call) if is_it(call) => Some(call.location),
            CallSource::Call(call) => call.args.iter().find_map(within),
            CallSource::Array(node, _) | CallSource::Value(node) => within(node),
        };
        let position = place.and_then(|place| self.position(place));
        match has_window {
            true => {
                let message = format!("window functions are not allowed in {FROM_FUNCTIONS}");
                Err(PlanError::refused(code::WINDOWING_ERROR, message, position))
            }
            false => {
                let message = format!("aggregate functions are not allowed in {FROM_FUNCTIONS}");
                Err(PlanError::Grouping { message, position })
            }
        }
    }

    /// The one OUT argument's name, which is the column's whatever the alias.
    fn single_name(&self, name: &str) -> Option<String> {
        let function = catalog::functions(name).first()?;
        match function.outputs.as_slice() {
            [(name, _)] if !name.is_empty() => Some((*name).to_owned()),
            _ => None,
        }
    }

    /// The call of a function that returns a set, or a record whose columns FROM defines.
    fn set_call(
        &mut self,
        name: &str,
        node: &FuncCall,
        definitions: &[Node],
        scope: &Scope<'_>,
    ) -> Result<Option<Rows>> {
        if let Some(told) = self.told(name, node, scope)? {
            self.no_definitions(definitions, catalog::functions(name).first().map_or(&[], |known| &known.outputs))?;
            return Ok(Some(one_row_of(told)));
        }
        let gives_rows =
            |function: &catalog::Function| function.returns_set || super::definitions::is_of_json(function);
        if !catalog::functions(name).iter().any(gives_rows) {
            return Ok(None);
        }
        let call = self.resolved(name, node, scope)?;
        self.only_scalar(node, name)?;
        if call.result.is(Base::Record) && call.function.outputs.is_empty() {
            return self.defined(call, definitions).map(Some);
        }
        self.no_definitions(definitions, &call.function.outputs)?;
        match call.function.returns_set {
            true => self.rows_of(call).map(Some),
            false => Ok(None),
        }
    }

    /// The rows of arrays side by side, beside the rows of what they read.
    pub(super) fn range_rows(
        &mut self,
        sources: Vec<RowSource>,
        before: Option<LogicalPlan>,
        frame: Frame<'_>,
    ) -> Result<(LogicalPlan, Shown, bool)> {
        let mut reads_before = false;
        for source in &sources {
            reads_before |= source.array.exists(|part| {
                Ok(match part {
                    Expr::Column(_) => true,
                    Expr::ScalarSubquery(query) => !query.outer_ref_columns.is_empty(),
                    _ => false,
                })
            })?;
        }
        let base = match (reads_before, before) {
            (true, Some(before)) => before,
            (true, None) => return Err(not_yet("a function over no table")),
            (false, _) => LogicalPlanBuilder::empty(true).build()?,
        };
        let mut lists: Vec<List> = Vec::with_capacity(sources.len() + 1);
        let (mut exprs, mut shown) = (Vec::new(), Vec::new());
        let wanted = frame.alias.map_or(frame.name, |alias| alias.aliasname.clone());
        let qualifier = self.qualifier(TableReference::bare(wanted.as_str()));
        let renamed = frame.alias.map(|alias| parts(&alias.colnames)).transpose()?.unwrap_or_default();
        let mut add = |binder: &mut Self, expr: Expr, column: Named| {
            let name = renamed.get(shown.len()).map_or(column.name.clone(), |name| (*name).to_owned());
            let unique = Column::new(Some(qualifier.clone()), binder.unique(&name));
            exprs.push((expr, unique.clone()));
            shown.push(Named { name, typed: Typed { expr: Expr::Column(unique), ..column.typed } });
        };
        let arrays: Vec<Expr> = sources.iter().map(|source| source.array.clone()).collect();
        for RowSource { array, item, columns, is_record } in sources {
            let column = Column::new_unqualified(self.unique("rows"));
            for output in columns {
                let expr = Expr::Column(column.clone());
                let expr = if is_record { field_of(expr, &output.name) } else { expr };
                add(self, expr, output);
            }
            lists.push(List { array, item, column });
        }
        if frame.has_ordinality {
            let column = Column::new_unqualified(self.unique("ordinality"));
            let typed = Typed::new(Expr::Column(column.clone()), Base::Int8);
            add(self, Expr::Column(column.clone()), Named { name: "ordinality".to_owned(), typed });
            let array = call("ordinals", arrays.clone(), DataType::new_list(DataType::Int64, true));
            lists.push(List { array, item: DataType::Int64, column });
        }
        if renamed.len() > shown.len() {
            let (has, given) = (shown.len(), renamed.len());
            let message = format!("table \"{wanted}\" has {has} columns available but {given} columns specified");
            return Err(PlanError::InvalidColumnReference { message, position: None });
        }
        let table =
            Table { schema: None, alias: wanted, columns: shown.clone(), is_optional: false, is_unnamed: false };
        let shown = Shown { tables: vec![table], columns: shown, row_order: None };
        let beside = frame.beside.filter(|_| reads_before);
        let kept: Vec<Expr> = match reads_before {
            true => base.schema().columns().into_iter().map(Expr::Column).collect(),
            false => Vec::new(),
        };
        if let Some(beside) = &beside {
            let joined = beside.left.clone().beside(shown.clone());
            let condition = self.join_condition(beside.join, &joined, beside.scope)?;
            let is_always = |expr: &Expr| matches!(expr, Expr::Literal(ScalarValue::Boolean(Some(true)), _));
            let condition = condition.filter(|condition| !is_always(condition));
            if let Some(condition) = condition.as_ref().filter(|condition| !is_of_items(condition, &lists)) {
                let plan = self.rows_joined(base, (lists, arrays), (kept, exprs), condition.clone())?;
                return Ok((plan, shown, true));
            }
            lists = lists_joined(lists, &exprs, condition, &joined)?;
        }
        let columns = lists.iter().map(|list| list.column.clone()).collect();
        let arrays = lists.into_iter().map(|list| list.array.alias(list.column.name));
        let projected = kept.iter().cloned().chain(arrays);
        let plan = LogicalPlanBuilder::from(base).project(projected)?.build()?;
        let plan = unnested(plan, columns, beside.is_some())?;
        let exprs = exprs.into_iter().map(|(expr, column)| expr.alias_qualified(column.relation, column.name));
        let plan = LogicalPlanBuilder::from(plan).project(kept.into_iter().chain(exprs))?.build()?;
        Ok((plan, shown, reads_before))
    }

    /// The rows of a LEFT JOIN on a condition that is told of whole rows: those for which it holds, and one with NULLs for
    /// each row before of which there are none.
    fn rows_joined(
        &mut self,
        base: LogicalPlan,
        (mut lists, arrays): (Vec<List>, Vec<Expr>),
        (kept, exprs): (Vec<Expr>, Vec<(Expr, Column)>),
        condition: Expr,
    ) -> Result<LogicalPlan> {
        let [row, place, holds, first] = ["row", "place", "holds", "first"].map(|name| self.unique(name));
        let column = |name: &str| Expr::Column(Column::new_unqualified(name));
        let row_number = datafusion::functions_window::row_number::row_number_udwf();
        let numbers = numbered(Arc::clone(&row_number), Vec::new(), Vec::new()).alias(row.clone());
        let base = LogicalPlanBuilder::from(base).window([numbers])?;
        let array = call("ordinals", arrays, DataType::new_list(DataType::Int64, true));
        lists.push(List { array, item: DataType::Int64, column: Column::new_unqualified(place.clone()) });
        let lists = lists_joined(lists, &[], None, &Shown::default())?;
        let columns = lists.iter().map(|list| list.column.clone()).collect();
        let arrays = lists.into_iter().map(|list| list.array.alias(list.column.name));
        let projected = kept.iter().cloned().chain([column(&row)]).chain(arrays);
        let plan = unnested(base.project(projected)?.build()?, columns, true)?;
        let named = exprs
            .iter()
            .map(|(expr, column)| expr.clone().alias_qualified(column.relation.clone(), column.name.clone()));
        let all = kept.iter().cloned().chain([column(&row), column(&place)]).chain(named);
        let plan = LogicalPlanBuilder::from(plan).project(all)?.build()?;
        // Where there is no row there is no place.
        let is_held = column(&place).is_not_null().and(super::sublink::counted(condition)?).is_true();
        let all: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let plan = LogicalPlanBuilder::from(plan).project(all.into_iter().chain([is_held.alias(holds.clone())]))?;
        let order = vec![column(&holds).sort(false, false), column(&place).sort(true, false)];
        let numbers = numbered(row_number, vec![column(&row)], order).alias(first.clone());
        let plan = plan.window([numbers])?.filter(column(&holds).or(column(&first).eq(lit(1_u64))))?;
        let values = exprs.into_iter().map(|(_, named)| {
            let value = when(column(&holds), Expr::Column(named.clone())).end()?;
            Ok::<_, PlanError>(value.alias_qualified(named.relation, named.name))
        });
        let values = values.collect::<Result<Vec<_>>>()?;
        Ok(plan.project(kept.into_iter().chain(values))?.build()?)
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

/// An array whose items become rows of a column.
struct List {
    array: Expr,
    item: DataType,
    column: Column,
}

/// Whether a condition can be told of the items of the one array, before they are rows.
fn is_of_items(condition: &Expr, lists: &[List]) -> bool {
    let is_beyond = |part: &Expr| {
        matches!(
            part,
            Expr::ScalarSubquery(_)
                | Expr::InSubquery(_)
                | Expr::Exists(_)
                | Expr::SetComparison(_)
                | Expr::OuterReferenceColumn(..)
        )
    };
    lists.len() == 1 && !condition.exists(|part| Ok(is_beyond(part))).unwrap_or(true)
}

/// The arrays of a LEFT JOIN: with the items alone for which its condition holds, and NULL, which has one row, where there
/// are none.
fn lists_joined(
    lists: Vec<List>,
    exprs: &[(Expr, Column)],
    condition: Option<Expr>,
    joined: &Shown,
) -> Result<Vec<List>> {
    let flags = match (condition, lists.first()) {
        (Some(condition), Some(first)) => Some(item_flags(condition, first, exprs, joined)?),
        _ => None,
    };
    let joined = lists.into_iter().map(|List { array, item, column }| {
        let held = DataType::new_list(item.clone(), true);
        let array = match &flags {
            Some(flags) => call("items_that_hold", vec![array, flags.clone()], held.clone()),
            None => array,
        };
        List { array: call("null_if_empty", vec![array], held), item, column }
    });
    Ok(joined.collect())
}

/// For each item of an array whether a condition holds for it and for the row beside it.
fn item_flags(condition: Expr, list: &List, exprs: &[(Expr, Column)], joined: &Shown) -> Result<Expr> {
    let [item, beside] = ["item", "beside"].map(|name| Expr::Column(Column::new_unqualified(name)));
    let mut fields: Vec<Output> = Vec::new();
    let mut values: Vec<Expr> = Vec::new();
    let replaced = condition.transform_down(|part| {
        let Expr::Column(column) = &part else { return Ok(Transformed::no(part)) };
        if let Some((expr, _)) = exprs.iter().find(|(_, named)| named == column) {
            let of_item = expr.clone().transform_down(|part| match part {
                Expr::Column(read) if read == list.column => Ok(Transformed::yes(item.clone())),
                Expr::Column(_) => Err(not_yet("LEFT JOIN with a function on the numbers of its rows").into()),
                part => Ok(Transformed::no(part)),
            })?;
            return Ok(Transformed::new(of_item.data, true, TreeNodeRecursion::Jump));
        }
        let known = joined.columns.iter().chain(joined.tables.iter().flat_map(|table| &table.columns));
        let known = known.map(|named| &named.typed).find(|typed| typed.expr == part);
        let Some(typed) = known else { return Err(not_yet("LEFT JOIN with a function on such a condition").into()) };
        let name = match values.iter().position(|value| *value == part) {
            Some(at) => fields[at].name.clone(),
            None => {
                let name = format!("c{}", values.len());
                fields.push(Output { name: name.clone(), ty: typed.ty, data: typed.data.clone() });
                values.push(part);
                name
            }
        };
        Ok(Transformed::new(field_of(beside.clone(), &name), true, TreeNodeRecursion::Jump))
    })?;
    let data = record_of(&fields);
    let beside = (!values.is_empty()).then(|| (call("record_fields", values, data.clone()), data));
    let flags = DataType::new_list(DataType::Boolean, true);
    Ok(each_item_with(list.array.clone(), list.item.clone(), beside, replaced.data, flags))
}

/// A function of FROM with the columns that are defined of it.
struct RangeCall<'q> {
    name: String,
    source: CallSource<'q>,
    definitions: &'q [Node],
}

#[derive(Clone, Copy)]
enum CallSource<'q> {
    Call(&'q FuncCall),
    /// One of the arrays of the `unnest` that begins at a place.
    Array(&'q Node, i32),
    Value(&'q Node),
}

/// A value as the only row of a function in FROM.
fn one_row(value: Typed) -> Rows {
    let list = DataType::new_list(value.data.clone(), true);
    let array = call("array_of", vec![value.expr], list);
    Rows { array, item: value.ty, data: value.data, outputs: Vec::new() }
}
