//! Window functions, their windows and frames.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition, cast, lit,
};
use pg_query::NodeEnum;
use pg_query::protobuf::{Node, WindowDef, a_const};

use super::calls::Call;
use super::expr::inner;
use super::scope::Scope;
use super::types::Base;
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    pub(super) fn window_call(&mut self, call: Call<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let Call { node, function, arguments, result } = call;
        let name = function.name;
        let Some(over) = node.over.as_deref() else {
            let message = format!("window function {name} requires an OVER clause");
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(node.location)));
        };
        if node.agg_filter.is_some() {
            let message = "FILTER is not implemented for non-aggregate window functions".to_owned();
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(node.location)));
        }
        if node.agg_distinct {
            let message = "DISTINCT is not implemented for window functions".to_owned();
            return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(node.location)));
        }
        let mut held = Typed { expr: lit(true), ty: result, data: result.storage() };
        let mut exprs = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.into_iter().enumerate() {
            let argument = self.settled(argument)?;
            if at == 0 && !matches!(name, "ntile") {
                held = Typed { expr: lit(true), ..argument.clone() };
            }
            exprs.push(match (name, at, &argument.expr) {
                (_, 0, _) if name != "ntile" => argument.expr,
                ("lag" | "lead", 2, _) if argument.data == held.data => argument.expr,
                ("lag" | "lead", 2, _) => return Err(not_yet("a default that is held in another way")),
                (_, _, Expr::Literal(value, _)) => {
                    Expr::Literal(value.cast_to(&arrow::datatypes::DataType::Int64)?, None)
                }
                _ => return Err(not_yet("an argument of a window function that is computed")),
            });
        }
        let function = self.view.runtime.state.window_functions().get(name);
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        let expr = self.over(WindowFunctionDefinition::WindowUDF(function), exprs, over, None, scope)?;
        // The engine counts in other integers.
        let counts = held.ty.is(Base::Int8) && matches!(name, "row_number" | "rank" | "dense_rank");
        let expr = match counts || name == "ntile" {
            true => cast(expr, held.data.clone()),
            false => expr,
        };
        Ok(Typed { expr, ..held })
    }

    pub(super) fn over(
        &mut self,
        fun: WindowFunctionDefinition,
        args: Vec<Expr>,
        over: &WindowDef,
        filter: Option<Expr>,
        scope: &Scope<'_>,
    ) -> Result<Expr> {
        let whole = self.window(over, scope)?;
        let mut partition_by = Vec::with_capacity(whole.partition.len());
        for node in whole.partition {
            let typed = self.expr_of(Some(node), scope)?;
            let typed = self.settled(typed)?;
            partition_by.push(self.key(typed)?);
        }
        let order_by = self.sort_items(whole.order, scope)?;
        let window_frame = self.frame(whole.frame, &order_by)?;
        let params = WindowFunctionParams {
            args,
            partition_by,
            order_by,
            window_frame,
            filter: filter.map(Box::new),
            null_treatment: None,
            distinct: false,
        };
        Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })))
    }

    /// A window with what it takes over from the one that it names.
    fn window<'w>(&self, over: &'w WindowDef, scope: &'w Scope<'_>) -> Result<Window<'w>> {
        let own = Window { partition: &over.partition_clause, order: &over.order_clause, frame: over };
        let named = match (over.name.as_str(), over.refname.as_str()) {
            ("", "") => return Ok(own),
            (name, "") => name,
            (_, name) => name,
        };
        let position = self.position(over.location);
        let Some(known) = scope.windows.iter().find(|window| window.name == named) else {
            return Err(PlanError::refused(
                code::UNDEFINED_OBJECT,
                format!("window \"{}\" does not exist", named),
                position,
            ));
        };
        let base = self.window_of_definition(known, scope)?;
        if over.refname.is_empty() {
            return Ok(base);
        }
        let wrong = |what: &str| {
            let message = format!("cannot override {what} of window \"{named}\"");
            Err(PlanError::refused(code::WINDOWING_ERROR, message, position))
        };
        if !own.partition.is_empty() {
            return wrong("PARTITION BY clause");
        }
        if !own.order.is_empty() && !base.order.is_empty() {
            return wrong("ORDER BY clause");
        }
        if base.frame.frame_options & option::NONDEFAULT != 0 {
            let message = format!("cannot copy window \"{named}\" because it has a frame clause");
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        let order = if own.order.is_empty() { base.order } else { own.order };
        Ok(Window { partition: base.partition, order, frame: over })
    }

    fn window_of_definition<'w>(&self, known: &'w WindowDef, scope: &'w Scope<'_>) -> Result<Window<'w>> {
        match known.refname.is_empty() {
            true => Ok(Window { partition: &known.partition_clause, order: &known.order_clause, frame: known }),
            false => {
                // It was checked to name one before it, so this ends.
                let before = scope.windows.iter().take_while(|window| window.name != known.name);
                let Some(base) = before.into_iter().find(|window| window.name == known.refname) else {
                    let position = self.position(known.location);
                    return Err(PlanError::refused(
                        code::UNDEFINED_OBJECT,
                        format!("window \"{}\" does not exist", known.refname),
                        position,
                    ));
                };
                let base = self.window_of_definition(base, scope)?;
                let order = if known.order_clause.is_empty() { base.order } else { &known.order_clause[..] };
                Ok(Window { partition: base.partition, order, frame: known })
            }
        }
    }

    fn frame(&mut self, over: &WindowDef, order_by: &[datafusion::logical_expr::expr::Sort]) -> Result<WindowFrame> {
        let options = over.frame_options;
        if options & option::NONDEFAULT == 0 {
            return Ok(WindowFrame::new((!order_by.is_empty()).then_some(false)));
        }
        let has = |bit| options & bit != 0;
        let units = match () {
            () if has(option::EXCLUDE) => return Err(not_yet("EXCLUDE")),
            () if has(option::ROWS) => WindowFrameUnits::Rows,
            () if has(option::GROUPS) => WindowFrameUnits::Groups,
            () if has(option::RANGE) => WindowFrameUnits::Range,
            () => return Err(not_yet("this frame")),
        };
        let position = self.position(over.location);
        if units == WindowFrameUnits::Groups && order_by.is_empty() {
            let message = "GROUPS mode requires an ORDER BY clause".to_owned();
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        let by_offset = option::START_OFFSET_PRECEDING
            | option::START_OFFSET_FOLLOWING
            | option::END_OFFSET_PRECEDING
            | option::END_OFFSET_FOLLOWING;
        if units == WindowFrameUnits::Range && has(by_offset) && order_by.len() != 1 {
            let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column".to_owned();
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        let unbounded = || ScalarValue::UInt64(None);
        let (start, end) = (over.start_offset.as_deref(), over.end_offset.as_deref());
        let start = match () {
            () if has(option::START_UNBOUNDED_PRECEDING) => WindowFrameBound::Preceding(unbounded()),
            () if has(option::START_CURRENT_ROW) => WindowFrameBound::CurrentRow,
            () if has(option::START_OFFSET_PRECEDING) => {
                WindowFrameBound::Preceding(self.offset(start, units, "starting")?)
            }
            () if has(option::START_OFFSET_FOLLOWING) => {
                WindowFrameBound::Following(self.offset(start, units, "starting")?)
            }
            () => return Err(not_yet("this frame")),
        };
        let end = match () {
            () if has(option::END_UNBOUNDED_FOLLOWING) => WindowFrameBound::Following(unbounded()),
            () if has(option::END_CURRENT_ROW) => WindowFrameBound::CurrentRow,
            () if has(option::END_OFFSET_PRECEDING) => WindowFrameBound::Preceding(self.offset(end, units, "ending")?),
            () if has(option::END_OFFSET_FOLLOWING) => WindowFrameBound::Following(self.offset(end, units, "ending")?),
            () => return Err(not_yet("this frame")),
        };
        Ok(WindowFrame::new_bounds(units, start, end))
    }

    /// How far a frame reaches: a number of rows or groups, or a distance of values, which the engine reads from its text.
    fn offset(&mut self, node: Option<&Node>, units: WindowFrameUnits, which: &str) -> Result<ScalarValue> {
        let node = inner(node)?;
        if units == WindowFrameUnits::Range {
            return match node {
                NodeEnum::AConst(constant) => match &constant.val {
                    Some(a_const::Val::Ival(value)) if value.ival < 0 => Err(invalid_size()),
                    Some(a_const::Val::Fval(value)) if value.fval.starts_with('-') => Err(invalid_size()),
                    Some(a_const::Val::Ival(value)) => Ok(ScalarValue::Utf8(Some(value.ival.to_string()))),
                    Some(a_const::Val::Fval(value)) => Ok(ScalarValue::Utf8(Some(value.fval.clone()))),
                    Some(a_const::Val::Sval(value)) => Ok(ScalarValue::Utf8(Some(value.sval.clone()))),
                    _ => Err(not_yet("this frame")),
                },
                NodeEnum::TypeCast(cast) => match inner(cast.arg.as_deref())? {
                    NodeEnum::AConst(constant) => match &constant.val {
                        Some(a_const::Val::Sval(value)) => Ok(ScalarValue::Utf8(Some(value.sval.clone()))),
                        _ => Err(not_yet("this frame")),
                    },
                    _ => Err(not_yet("this frame")),
                },
                _ => Err(not_yet("this frame")),
            };
        }
        let typed = self.expr(node, &Scope::default())?;
        let ty = typed.ty;
        let position = self.position(super::expr::location(node));
        let typed = self.implicitly(typed, Base::Int8).map_err(|error| match error {
            PlanError::CannotCast { .. } => {
                let clause = if units == WindowFrameUnits::Rows { "ROWS" } else { "GROUPS" };
                let message = format!("argument of {clause} must be type bigint, not type {ty}");
                PlanError::Mismatch { message, position }
            }
            other => other,
        })?;
        match typed.expr {
            Expr::Literal(ScalarValue::Int64(Some(count)), _) => match u64::try_from(count) {
                Ok(count) => Ok(ScalarValue::UInt64(Some(count))),
                Err(_) => {
                    let error = weir_values::ValueError::new(
                        weir_values::code::INVALID_PRECEDING_OR_FOLLOWING,
                        format!("frame {which} offset must not be negative"),
                    );
                    Err(PlanError::Value { error, position: None })
                }
            },
            _ => Err(not_yet("this frame")),
        }
    }
}

fn invalid_size() -> PlanError {
    let message = "invalid preceding or following size in window function";
    let error = weir_values::ValueError::new(weir_values::code::INVALID_PRECEDING_OR_FOLLOWING, message);
    PlanError::Value { error, position: None }
}

/// The parts of a window.
struct Window<'w> {
    partition: &'w [Node],
    order: &'w [Node],
    /// Whose frame it has.
    frame: &'w WindowDef,
}

/// Bits of `frameOptions` (parsenodes.h).
mod option {
    pub const NONDEFAULT: i32 = 0x1;
    pub const RANGE: i32 = 0x2;
    pub const ROWS: i32 = 0x4;
    pub const GROUPS: i32 = 0x8;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x20;
    pub const END_UNBOUNDED_FOLLOWING: i32 = 0x100;
    pub const START_CURRENT_ROW: i32 = 0x200;
    pub const END_CURRENT_ROW: i32 = 0x400;
    pub const START_OFFSET_PRECEDING: i32 = 0x800;
    pub const END_OFFSET_PRECEDING: i32 = 0x1000;
    pub const START_OFFSET_FOLLOWING: i32 = 0x2000;
    pub const END_OFFSET_FOLLOWING: i32 = 0x4000;
    pub const EXCLUDE: i32 = 0x8000 | 0x10000 | 0x20000;
}
