//! Window functions and their windows; frames are in [`super::frame`].

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::{Sort, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{AggregateUDF, Expr, WindowFrame, WindowFunctionDefinition, WindowUDF, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{FuncCall, Node, WindowDef};

use super::calls::Call;
use super::expr::inner;
use super::frame::{Framing, option};
use super::scope::Scope;
use super::types::{Base, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{Asked, Place, framed, is_fold, placed};

/// A window whose expressions are bound.
struct Bound {
    partition: Vec<Expr>,
    order: Vec<Sort>,
    framing: Framing,
}

pub(super) fn has_window(expr: &Expr) -> bool {
    expr.exists(|part| Ok(matches!(part, Expr::WindowFunction(_)))).unwrap_or(false)
}

impl Binder<'_> {
    pub(super) fn window_call(&mut self, call: Call<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let Call { node, function, mut arguments, result } = call;
        let name = function.name;
        let over = self.checked_over(node, name)?;
        self.no_window_in(node, &arguments)?;
        for argument in &mut arguments {
            *argument = self.settled(argument.clone())?;
        }
        match (name, arguments.as_slice()) {
            ("ntile", [_]) => {
                let held = Typed::new(lit(true), Base::Int4);
                self.placed(Place::Ntile, arguments, held, over, scope)
            }
            ("lag" | "lead", _) => self.shifted(name, arguments, over, scope),
            ("first_value" | "last_value", [value]) => {
                let value = value.clone();
                let asked = if name == "first_value" { Asked::First } else { Asked::Last };
                let held = Typed { expr: lit(true), ..value.clone() };
                let window = self.bound_window(over, scope)?;
                let expr = match &window.framing.engine {
                    Some(frame) => {
                        let frame = frame.clone();
                        windowed(self.engine_window(name)?, vec![value.expr], window, frame, None)
                    }
                    None => in_frame(asked, vec![value.expr], window, None, held.data.clone()),
                };
                Ok(Typed { expr, ..held })
            }
            ("nth_value", [value, _]) => {
                let held = Typed { expr: lit(true), ..value.clone() };
                let window = self.bound_window(over, scope)?;
                let exprs = arguments.into_iter().map(|argument| argument.expr).collect();
                Ok(Typed { expr: in_frame(Asked::Nth, exprs, window, None, held.data.clone()), ..held })
            }
            (_, []) => self.ranked(name, result, over, scope),
            _ => Err(not_yet("this function")),
        }
    }

    /// What a window function needs, and can't have.
    fn checked_over<'q>(&self, node: &'q FuncCall, name: &str) -> Result<&'q WindowDef> {
        let position = self.position(node.location);
        let refused = |code, message: String| Err(PlanError::refused(code, message, position));
        let Some(over) = node.over.as_deref() else {
            return refused(code::WRONG_OBJECT_TYPE, format!("window function {name} requires an OVER clause"));
        };
        if node.agg_filter.is_some() {
            let message = "FILTER is not implemented for non-aggregate window functions".to_owned();
            return refused(code::FEATURE_NOT_SUPPORTED, message);
        }
        if node.agg_distinct {
            let message = "DISTINCT is not implemented for window functions".to_owned();
            return refused(code::FEATURE_NOT_SUPPORTED, message);
        }
        Ok(over)
    }

    /// Arguments of a window function have none themselves.
    pub(super) fn no_window_in(&self, node: &FuncCall, arguments: &[Typed]) -> Result<()> {
        if !arguments.iter().any(|argument| has_window(&argument.expr)) {
            return Ok(());
        }
        let place = node.args.iter().filter_map(|arg| arg.node.as_ref()).find_map(super::places::window_call);
        let message = "window function calls cannot be nested".to_owned();
        Err(PlanError::refused(code::WINDOWING_ERROR, message, self.position(place.unwrap_or(node.location))))
    }

    /// What a row's place among the others is: frames don't matter.
    fn ranked(&mut self, name: &str, result: PgType, over: &WindowDef, scope: &Scope<'_>) -> Result<Typed> {
        let held = Typed { expr: lit(true), ty: result, data: result.storage() };
        let window = self.bound_window(over, scope)?;
        let frame = WindowFrame::new((!window.order.is_empty()).then_some(false));
        let expr = windowed(self.engine_window(name)?, Vec::new(), window, frame, None);
        // The engine counts in other integers.
        let expr = if held.ty.is(Base::Int8) { cast(expr, held.data.clone()) } else { expr };
        Ok(Typed { expr, ..held })
    }

    /// `lag` and `lead`: the engine's where what they are told is constant.
    fn shifted(&mut self, name: &str, arguments: Vec<Typed>, over: &WindowDef, scope: &Scope<'_>) -> Result<Typed> {
        let place = if name == "lag" { Place::Lag } else { Place::Lead };
        let mut arguments = arguments.into_iter();
        let value = arguments.next().ok_or_else(|| not_yet("this function"))?;
        let offset = arguments.next().unwrap_or_else(|| Typed::new(lit(1_i32), Base::Int4));
        let Some(otherwise) = arguments.next() else {
            let held = Typed { expr: lit(true), ..value.clone() };
            if let Expr::Literal(count, _) = &offset.expr
                && !count.is_null()
            {
                let count = Expr::Literal(count.cast_to(&DataType::Int64)?, None);
                let window = self.bound_window(over, scope)?;
                let frame = WindowFrame::new((!window.order.is_empty()).then_some(false));
                let expr = windowed(self.engine_window(name)?, vec![value.expr, count], window, frame, None);
                return Ok(Typed { expr, ..held });
            }
            let none = Expr::Literal(ScalarValue::try_from(&value.data)?, None);
            let otherwise = Typed { expr: none, ..value.clone() };
            return self.placed(place, vec![value, offset, otherwise], held, over, scope);
        };
        let (mut both, ty, data) = self.shared(vec![(value, -1), (otherwise, -1)], name)?;
        let (Some(otherwise), Some(value)) = (both.pop(), both.pop()) else { return Err(not_yet("this function")) };
        let held = Typed { expr: lit(true), ty, data };
        let of = |expr: Expr| Typed { expr, ..held.clone() };
        self.placed(place, vec![of(value), offset, of(otherwise)], held.clone(), over, scope)
    }

    fn placed(
        &mut self,
        place: Place,
        arguments: Vec<Typed>,
        held: Typed,
        over: &WindowDef,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let window = self.bound_window(over, scope)?;
        let function = WindowFunctionDefinition::WindowUDF(Arc::new(placed(place, held.data.clone())));
        let exprs = arguments.into_iter().map(|argument| argument.expr).collect();
        let frame = WindowFrame::new((!window.order.is_empty()).then_some(false));
        Ok(Typed { expr: windowed(function, exprs, window, frame, None), ..held })
    }

    fn engine_window(&self, name: &str) -> Result<WindowFunctionDefinition> {
        let function: Option<&Arc<WindowUDF>> = self.runtime.state.window_functions().get(name);
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        Ok(WindowFunctionDefinition::WindowUDF(function))
    }

    /// An aggregate over a window.
    pub(super) fn aggregate_over(
        &mut self,
        function: Arc<AggregateUDF>,
        arguments: Vec<Expr>,
        over: &WindowDef,
        filter: Option<Expr>,
        result: DataType,
        scope: &Scope<'_>,
    ) -> Result<Expr> {
        let window = self.bound_window(over, scope)?;
        Ok(match &window.framing.engine {
            Some(frame) if is_of_engine(function.name(), &window.framing) => {
                let frame = frame.clone();
                windowed(WindowFunctionDefinition::AggregateUDF(function), arguments, window, frame, filter)
            }
            _ => in_frame(Asked::Aggregate(function), arguments, window, filter, result),
        })
    }

    /// The least or greatest value of each frame by its key.
    pub(super) fn extreme_over(
        &mut self,
        is_min: bool,
        value: Typed,
        over: &WindowDef,
        filter: Option<Expr>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let held = Typed { expr: lit(true), ..value.clone() };
        let again = self.copy(&value)?;
        let key = self.key(again)?;
        let asked = if is_min { Asked::Least } else { Asked::Greatest };
        let window = self.bound_window(over, scope)?;
        Ok(Typed { expr: in_frame(asked, vec![value.expr, key], window, filter, held.data.clone()), ..held })
    }

    fn bound_window(&mut self, over: &WindowDef, scope: &Scope<'_>) -> Result<Bound> {
        let whole = self.window(over, scope)?;
        let mut partition = Vec::with_capacity(whole.partition.len());
        for node in whole.partition {
            let typed = self.expr_of(Some(node), scope)?;
            self.no_window_defined(&typed.expr, inner(Some(node))?)?;
            let typed = self.settled(typed)?;
            partition.push(self.key(typed)?);
        }
        let order = self.sort_keys(whole.order, scope)?;
        for (sort, node) in &order {
            self.no_window_defined(&sort.expr, inner(Some(*node))?)?;
        }
        let framing = self.framing(whole.frame, &order, scope)?;
        let order = order.into_iter().map(|(sort, _)| sort).collect();
        Ok(Bound { partition, order, framing })
    }

    fn no_window_defined(&self, expr: &Expr, node: &NodeEnum) -> Result<()> {
        if !has_window(expr) {
            return Ok(());
        }
        let message = "window functions are not allowed in window definitions".to_owned();
        let place = super::places::window_call(node).unwrap_or(-1);
        Err(PlanError::refused(code::WINDOWING_ERROR, message, self.position(place)))
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
}

/// Whether the engine computes an aggregate over such frames: where they don't only grow it takes rows back.
fn is_of_engine(name: &str, framing: &Framing) -> bool {
    // What grows with the rows is limited where the frames are ours.
    if name.contains("_agg") {
        return false;
    }
    let takes_back = matches!(name, "count" | "sum" | "min" | "max" | "avg") || is_fold(name).is_some();
    match framing.only_grows() {
        true => takes_back || name != "first_value",
        false => takes_back,
    }
}

fn windowed(
    fun: WindowFunctionDefinition,
    args: Vec<Expr>,
    window: Bound,
    window_frame: WindowFrame,
    filter: Option<Expr>,
) -> Expr {
    let params = WindowFunctionParams {
        args,
        partition_by: window.partition,
        order_by: window.order,
        window_frame,
        filter: filter.map(Box::new),
        null_treatment: None,
        distinct: false,
    };
    Expr::WindowFunction(Box::new(WindowFunction { fun, params }))
}

/// A function over frames that are told by columns.
fn in_frame(asked: Asked, mut args: Vec<Expr>, window: Bound, filter: Option<Expr>, result: DataType) -> Expr {
    let Framing { frame, offsets, keys, .. } = &window.framing;
    let function = framed(asked, args.len(), filter.is_some(), *frame, result);
    args.extend(filter);
    args.extend(offsets.iter().chain(keys).cloned());
    windowed(WindowFunctionDefinition::WindowUDF(Arc::new(function)), args, window, WindowFrame::new(None), None)
}

/// The parts of a window.
struct Window<'w> {
    partition: &'w [Node],
    order: &'w [Node],
    /// Whose frame it has.
    frame: &'w WindowDef,
}
