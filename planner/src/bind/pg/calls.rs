//! Function calls: which function a name means for these arguments (`pg_proc.dat`), and what computes it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{AggregateFunction, ScalarFunction, Sort, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition, cast, lit,
};
use pg_query::NodeEnum;
use pg_query::protobuf::{CoercionForm, FuncCall, WindowDef};

use super::expr::{inner, parts};
use super::resolve::{Candidate, choose};
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;

/// One of a name's functions.
struct Row {
    arguments: Vec<PgType>,
    result: PgType,
    means: Means,
}

#[derive(Clone, Copy)]
enum Means {
    /// The engine's function of that name, whose arguments are converted to what it takes.
    Engine(&'static str, &'static [DataType]),
    /// The engine's aggregate of that name.
    Aggregate(&'static str),
    /// An aggregate over numerics of any digits.
    SumOfNumeric,
    /// The sum over the count, as numerics.
    Average,
    /// A window function whose results are counts.
    Window(&'static str),
    /// There is one, which isn't known here yet.
    NotYet,
}

impl Candidate for Row {
    fn arguments(&self) -> &[PgType] {
        &self.arguments
    }
}

static FUNCTIONS: LazyLock<HashMap<&'static str, Vec<Row>>> = LazyLock::new(table);

fn table() -> HashMap<&'static str, Vec<Row>> {
    use Base::*;
    let mut all: HashMap<&'static str, Vec<Row>> = HashMap::new();
    let mut add = |name, arguments: &[Base], result: Base, means| {
        let arguments = arguments.iter().map(|base| PgType::from(*base)).collect();
        all.entry(name).or_default().push(Row { arguments, result: result.into(), means });
    };
    use DataType::{Int64, Utf8};
    for name in ["length", "char_length", "character_length"] {
        add(name, &[Text], Int4, Means::Engine("character_length", &[Utf8]));
    }
    add("octet_length", &[Text], Int4, Means::Engine("octet_length", &[Utf8]));
    add("lower", &[Text], Text, Means::Engine("lower", &[Utf8]));
    add("upper", &[Text], Text, Means::Engine("upper", &[Utf8]));
    add("reverse", &[Text], Text, Means::Engine("reverse", &[Utf8]));
    add("md5", &[Text], Text, Means::Engine("md5", &[Utf8]));
    add("replace", &[Text, Text, Text], Text, Means::Engine("replace", &[Utf8, Utf8, Utf8]));
    add("starts_with", &[Text, Text], Bool, Means::Engine("starts_with", &[Utf8, Utf8]));
    add("strpos", &[Text, Text], Int4, Means::Engine("strpos", &[Utf8, Utf8]));
    add("position", &[Text, Text], Int4, Means::Engine("strpos", &[Utf8, Utf8]));
    add("split_part", &[Text, Text, Int4], Text, Means::Engine("split_part", &[Utf8, Utf8, Int64]));
    for name in ["substring", "substr"] {
        add(name, &[Text, Int4, Int4], Text, Means::Engine("substr", &[Utf8, Int64, Int64]));
        add(name, &[Text, Int4], Text, Means::Engine("substr", &[Utf8, Int64]));
    }
    for name in ["btrim", "ltrim", "rtrim"] {
        add(name, &[Text], Text, Means::Engine(name, &[Utf8]));
        add(name, &[Text, Text], Text, Means::Engine(name, &[Utf8, Utf8]));
    }
    for name in ["sqrt", "exp", "ln"] {
        add(name, &[Float8], Float8, Means::Engine(name, &[DataType::Float64]));
    }
    for name in ["sqrt", "exp", "ln", "ceil", "ceiling", "floor"] {
        add(name, &[Numeric], Numeric, Means::NotYet);
    }
    for name in ["ceil", "ceiling", "floor"] {
        let engine = if name == "floor" { "floor" } else { "ceil" };
        add(name, &[Float8], Float8, Means::Engine(engine, &[DataType::Float64]));
    }
    add("count", &[], Int8, Means::Aggregate("count"));
    for base in [Int2, Int4] {
        add("sum", &[base], Int8, Means::Aggregate("sum"));
    }
    add("sum", &[Int8], Numeric, Means::SumOfNumeric);
    add("sum", &[Numeric], Numeric, Means::SumOfNumeric);
    add("sum", &[Float8], Float8, Means::Aggregate("sum"));
    add("avg", &[Float8], Float8, Means::Aggregate("avg"));
    for base in [Int2, Int4, Int8, Numeric] {
        add("avg", &[base], Numeric, Means::Average);
    }
    for name in ["min", "max"] {
        for base in [Int2, Int4, Int8, Float4, Float8, Numeric, Text, Bytea, Date, Time, Timestamp, Timestamptz] {
            add(name, &[base], base, Means::Aggregate(name));
        }
    }
    for name in ["bool_and", "bool_or"] {
        add(name, &[Bool], Bool, Means::Aggregate(name));
    }
    add("every", &[Bool], Bool, Means::Aggregate("bool_and"));
    add("string_agg", &[Text, Text], Text, Means::Aggregate("string_agg"));
    for name in ["stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"] {
        let engine = match name {
            "stddev" => "stddev",
            "variance" => "var",
            other => other,
        };
        add(name, &[Float8], Float8, Means::Aggregate(engine));
        for base in [Int2, Int4, Int8, Numeric, Float4] {
            add(name, &[base], Numeric, Means::NotYet);
        }
    }
    for (name, base) in [("sum", Float4), ("sum", Interval), ("avg", Float4), ("avg", Interval)] {
        add(name, &[base], base, Means::NotYet);
    }
    for name in ["min", "max"] {
        for base in [Bpchar, Interval] {
            add(name, &[base], base, Means::NotYet);
        }
    }
    for name in
        ["length", "octet_length", "reverse", "md5", "substring", "substr", "position", "btrim", "ltrim", "rtrim"]
    {
        add(name, &[Bytea], Bytea, Means::NotYet);
    }
    add("string_agg", &[Bytea, Bytea], Bytea, Means::NotYet);
    for name in ["row_number", "rank", "dense_rank"] {
        add(name, &[], Int8, Means::Window(name));
    }
    all
}

impl Binder<'_> {
    pub(super) fn call(&mut self, call: &FuncCall, scope: &Scope<'_>) -> Result<Typed> {
        let names = parts(&call.funcname)?;
        let name = match names.as_slice() {
            [name] | ["pg_catalog", name] => *name,
            _ => return Err(not_yet("a function of another schema")),
        };
        if call.agg_within_group || call.func_variadic || call.args.iter().any(is_named) {
            return Err(not_yet("this call"));
        }
        let is_syntax = call.funcformat == CoercionForm::CoerceSqlSyntax as i32;
        if !FUNCTIONS.contains_key(name) && (is_syntax || self.is_known_elsewhere(name)) {
            return Err(not_yet("this function"));
        }
        let arguments = call.args.iter().map(|arg| self.expr_of(Some(arg), scope)).collect::<Result<Vec<_>>>()?;
        let Some(rows) = FUNCTIONS.get(name) else {
            let types: Vec<PgType> = arguments.iter().map(|argument| argument.ty).collect();
            return Err(self.no_function(name, &types, call.location));
        };
        if name == "count" {
            return self.count(call, arguments, scope);
        }
        let types: Vec<PgType> = arguments.iter().map(|a| a.ty.without_modifier()).collect();
        let row = choose(rows, &types).map_err(|_| self.no_function(name, &types, call.location))?;
        let coerced = arguments.into_iter().zip(&row.arguments);
        let coerced = coerced.map(|(argument, want)| self.coerce(argument, *want, Coercion::Implicit, call.location));
        let coerced = coerced.collect::<Result<Vec<_>>>()?;
        match row.means {
            Means::Engine(function, wanted) => {
                self.only_scalar(call)?;
                let arguments = coerced.into_iter().zip(wanted);
                let arguments = arguments.map(|(typed, data)| super::coerce::engine_cast(typed, data.clone()));
                let arguments = arguments.collect::<Result<Vec<_>>>()?;
                let function = self.view.runtime.state.scalar_functions().get(function);
                let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
                let expr = Expr::ScalarFunction(ScalarFunction::new_udf(function, arguments));
                // The engine gives some of its counts as other integers.
                let expr = if row.result.is(Base::Int4) { cast(expr, DataType::Int32) } else { expr };
                Ok(Typed { expr, ty: row.result, data: row.result.storage() })
            }
            Means::Aggregate(function) => {
                let first = coerced.first().cloned();
                let is_kept = matches!(name, "min" | "max");
                if first.as_ref().is_some_and(Typed::is_free_numeric) {
                    return Err(not_yet("an aggregate of numerics whose digits depend on their values"));
                }
                let data = match first {
                    Some(first) if is_kept => first.data,
                    _ => row.result.storage(),
                };
                let result = Typed { expr: lit(true), ty: row.result, data };
                self.aggregate(function, coerced.into_iter().map(|t| t.expr).collect(), result, call, scope)
            }
            Means::SumOfNumeric => {
                let typed = coerced.into_iter().next().ok_or_else(|| not_yet("this function"))?;
                self.sum(typed, call, scope)
            }
            Means::Average => {
                let typed = coerced.into_iter().next().ok_or_else(|| not_yet("this function"))?;
                let counted = Typed::new(lit(true), Base::Int8);
                let again = self.copy(&typed)?.expr;
                let count = self.aggregate("count", vec![again], counted, call, scope)?;
                let sum = self.sum(typed, call, scope)?;
                super::operators::free("numeric_div", sum, count)
            }
            Means::NotYet => Err(not_yet("this function")),
            Means::Window(function) => {
                let over = call.over.as_deref().ok_or_else(|| not_yet("a window function without OVER"))?;
                let function = self.view.runtime.state.window_functions().get(function);
                let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
                let expr =
                    self.over(WindowFunctionDefinition::WindowUDF(function), Vec::new(), over, None, false, scope)?;
                Ok(Typed::new(cast(expr, DataType::Int64), Base::Int8))
            }
        }
    }

    fn no_function(&self, name: &str, types: &[PgType], location: i32) -> PlanError {
        // Of types that aren't all known here there may be one.
        if types.iter().any(|ty| ty.is_array || matches!(ty.base, Base::Interval | Base::Timestamptz | Base::Time)) {
            return not_yet("this function");
        }
        let types: Vec<String> = types.iter().map(PgType::to_string).collect();
        let name = format!("{name}({})", types.join(", "));
        PlanError::UndefinedFunction { name, position: self.position(location) }
    }

    /// Whether the engine's reading of SQL knows the function.
    fn is_known_elsewhere(&self, name: &str) -> bool {
        let state = &self.view.runtime.state;
        state.scalar_functions().contains_key(name)
            || state.aggregate_functions().contains_key(name)
            || state.window_functions().contains_key(name)
            || state.table_functions().contains_key(name)
            || state.higher_order_functions().contains_key(name)
            || super::super::rewrite::is_of_session(name)
            || matches!(name, "grouping" | "row" | "array")
    }

    /// A sum that is a numeric.
    fn sum(&mut self, typed: Typed, call: &FuncCall, scope: &Scope<'_>) -> Result<Typed> {
        let typed = super::coerce::convert(typed, Base::Numeric.into())?;
        let scale = match &typed.data {
            DataType::Decimal128(_, scale) => *scale,
            _ => return Err(not_yet("so many digits")),
        };
        let data = DataType::Decimal128(38, scale);
        let wide = cast(typed.expr, data.clone());
        self.aggregate("sum", vec![wide], Typed { expr: lit(true), ty: Base::Numeric.into(), data }, call, scope)
    }

    fn only_scalar(&self, call: &FuncCall) -> Result<()> {
        let plain = call.over.is_none()
            && call.agg_filter.is_none()
            && call.agg_order.is_empty()
            && !call.agg_distinct
            && !call.agg_star;
        if plain { Ok(()) } else { Err(not_yet("this call")) }
    }

    /// `count(*)` and `count(value)`, of a value of any type.
    fn count(&mut self, call: &FuncCall, arguments: Vec<Typed>, scope: &Scope<'_>) -> Result<Typed> {
        let result = Typed::new(lit(true), Base::Int8);
        let arguments = match (call.agg_star, arguments.len()) {
            (true, 0) => vec![Expr::Literal(ScalarValue::Int64(Some(1)), None)],
            (false, 1) => {
                let settled = arguments.into_iter().map(|argument| self.settled(argument));
                settled.collect::<Result<Vec<_>>>()?.into_iter().map(|t| t.expr).collect()
            }
            _ => return Err(not_yet("this call")),
        };
        self.aggregate("count", arguments, result, call, scope)
    }

    fn aggregate(
        &mut self,
        function: &str,
        arguments: Vec<Expr>,
        result: Typed,
        call: &FuncCall,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let function = self.view.runtime.state.aggregate_functions().get(function);
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        let filter = call.agg_filter.as_deref();
        let filter = filter.map(|filter| self.condition(inner(Some(filter))?, scope, "FILTER")).transpose()?;
        let order_by = self.sort_items(&call.agg_order, scope)?;
        let expr = match call.over.as_deref() {
            Some(over) => {
                if !order_by.is_empty() || call.agg_distinct {
                    return Err(not_yet("this call"));
                }
                let definition = WindowFunctionDefinition::AggregateUDF(function);
                self.over(definition, arguments, over, filter, false, scope)?
            }
            None => {
                let filter = filter.map(Box::new);
                Expr::AggregateFunction(AggregateFunction::new_udf(
                    function,
                    arguments,
                    call.agg_distinct,
                    filter,
                    order_by,
                    None,
                ))
            }
        };
        Ok(Typed { expr, ..result })
    }

    /// ORDER BY inside of a call or a window: by expressions alone.
    fn sort_items(&mut self, nodes: &[pg_query::protobuf::Node], scope: &Scope<'_>) -> Result<Vec<Sort>> {
        nodes
            .iter()
            .map(|node| {
                let NodeEnum::SortBy(by) = inner(Some(node))? else { return Err(not_yet("this ORDER BY")) };
                let typed = self.expr_of(by.node.as_deref(), scope)?;
                let typed = self.settled(typed)?;
                super::select::sort(typed, by)
            })
            .collect()
    }

    fn over(
        &mut self,
        fun: WindowFunctionDefinition,
        args: Vec<Expr>,
        over: &WindowDef,
        filter: Option<Expr>,
        distinct: bool,
        scope: &Scope<'_>,
    ) -> Result<Expr> {
        if !over.name.is_empty() || !over.refname.is_empty() {
            return Err(not_yet("a named window"));
        }
        let partition_by = over.partition_clause.iter().map(|node| {
            let typed = self.expr_of(Some(node), scope)?;
            super::select::plain_key(&typed)?;
            Ok(self.settled(typed)?.expr)
        });
        let partition_by = partition_by.collect::<Result<Vec<_>>>()?;
        let order_by = self.sort_items(&over.order_clause, scope)?;
        let window_frame = frame(over, !order_by.is_empty())?;
        let params = WindowFunctionParams {
            args,
            partition_by,
            order_by,
            window_frame,
            filter: filter.map(Box::new),
            null_treatment: None,
            distinct,
        };
        Ok(Expr::WindowFunction(Box::new(WindowFunction { fun, params })))
    }
}

fn is_named(node: &pg_query::protobuf::Node) -> bool {
    matches!(node.node, Some(NodeEnum::NamedArgExpr(_)))
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

fn frame(over: &WindowDef, is_ordered: bool) -> Result<WindowFrame> {
    let options = over.frame_options;
    if options & option::NONDEFAULT == 0 {
        return Ok(WindowFrame::new(is_ordered.then_some(false)));
    }
    let has = |bit| options & bit != 0;
    let units = match () {
        () if has(option::EXCLUDE) => return Err(not_yet("EXCLUDE")),
        () if has(option::ROWS) => WindowFrameUnits::Rows,
        () if has(option::GROUPS) => WindowFrameUnits::Groups,
        () if has(option::RANGE) => WindowFrameUnits::Range,
        () => return Err(not_yet("this frame")),
    };
    let offset = |node: Option<&pg_query::protobuf::Node>| match inner(node)? {
        NodeEnum::AConst(constant) => match &constant.val {
            Some(pg_query::protobuf::a_const::Val::Ival(value))
                if value.ival >= 0 && units != WindowFrameUnits::Range =>
            {
                Ok(ScalarValue::UInt64(Some(value.ival as u64)))
            }
            _ => Err(not_yet("this frame")),
        },
        _ => Err(not_yet("this frame")),
    };
    let unbounded = || ScalarValue::UInt64(None);
    let start = match () {
        () if has(option::START_UNBOUNDED_PRECEDING) => WindowFrameBound::Preceding(unbounded()),
        () if has(option::START_CURRENT_ROW) => WindowFrameBound::CurrentRow,
        () if has(option::START_OFFSET_PRECEDING) => WindowFrameBound::Preceding(offset(over.start_offset.as_deref())?),
        () if has(option::START_OFFSET_FOLLOWING) => WindowFrameBound::Following(offset(over.start_offset.as_deref())?),
        () => return Err(not_yet("this frame")),
    };
    let end = match () {
        () if has(option::END_UNBOUNDED_FOLLOWING) => WindowFrameBound::Following(unbounded()),
        () if has(option::END_CURRENT_ROW) => WindowFrameBound::CurrentRow,
        () if has(option::END_OFFSET_PRECEDING) => WindowFrameBound::Preceding(offset(over.end_offset.as_deref())?),
        () if has(option::END_OFFSET_FOLLOWING) => WindowFrameBound::Following(offset(over.end_offset.as_deref())?),
        () => return Err(not_yet("this frame")),
    };
    Ok(WindowFrame::new_bounds(units, start, end))
}
