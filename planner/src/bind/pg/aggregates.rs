//! Calls of aggregates: which of the engine's or of ours computes one.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::{AggregateFunction, Sort};
use datafusion::logical_expr::{AggregateUDF, Expr, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{FuncCall, Node};

use super::arrays::free_items;
use super::calls::Call;
use super::coerce::freed;
use super::expr::inner;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{call, fold, fold_items, is_fold};

/// What goes with the arguments of an aggregate.
pub(super) struct Clauses<'q> {
    pub(super) node: &'q FuncCall,
    pub(super) filter: Option<Expr>,
    pub(super) order_by: Vec<Sort>,
    pub(super) is_distinct: bool,
}

impl Binder<'_> {
    pub(super) fn aggregate_call(&mut self, call: Call<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let Call { node, function, mut arguments, result } = call;
        self.holds_no_calls(node, &arguments)?;
        let clauses = self.clauses(node, scope)?;
        for argument in &mut arguments {
            *argument = self.settled(argument.clone())?;
        }
        if node.over.is_some() {
            return self.aggregate(Call { node, function, arguments, result }, clauses, scope);
        }
        // Whose aggregate it is, the direct arguments of an ordered-set aggregate don't tell.
        let direct = if node.agg_within_group { node.args.len().min(arguments.len()) } else { 0 };
        let aggregated = arguments.iter().skip(direct).map(|argument| &argument.expr);
        let query = self.query_of(clauses.exprs().chain(aggregated), scope)?;
        self.direct_around(query, node, &arguments[..direct], scope)?;
        self.holds_none_of(query, &arguments, &clauses)?;
        let value = self.aggregate(Call { node, function, arguments, result }, clauses, scope)?;
        self.read_of(query, value, node.location, scope)
    }

    /// An aggregate of the query itself, or one over a window.
    fn aggregate(&mut self, call: Call<'_>, mut clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let Call { node, function, arguments, result } = call;
        if node.agg_distinct {
            for (argument, written) in arguments.iter().zip(&node.args) {
                self.check_equality(argument.ty, super::expr::location(inner(Some(written))?))?;
            }
        }
        let of_records = arguments.first().is_some_and(super::records::has_fields);
        if node.agg_distinct && node.over.is_none() {
            self.check_distinct_order(node, scope)?;
            match (super::select::keeps_rows(function.name), arguments.first()) {
                // Duplicates are found by sorting.
                (true, Some(first)) if clauses.order_by.is_empty() && !of_records => {
                    clauses.order_by.push(self.key(first.clone())?.sort(true, false));
                }
                (true, _) => {}
                (false, _) => clauses.order_by.clear(),
            }
            // To some it's all one how often they see a value.
            clauses.is_distinct &= !matches!(
                function.name,
                "min" | "max" | "bool_and" | "bool_or" | "every" | "bit_and" | "bit_or" | "any_value"
            );
        }
        if function.name == "count" && arguments.is_empty() && !node.agg_star {
            let message = "count(*) must be used to call a parameterless aggregate function".to_owned();
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(node.location)));
        }
        let is_ordered_set = is_ordered_set(function.name);
        if node.agg_within_group != is_ordered_set {
            let message = match is_ordered_set {
                true => format!("WITHIN GROUP is required for ordered-set aggregate {}", function.name),
                false => {
                    format!("{} is not an ordered-set aggregate, so it cannot have WITHIN GROUP", function.name)
                }
            };
            return Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(node.location)));
        }
        if node.agg_within_group {
            if node.over.is_some() {
                let message = format!("OVER is not supported for ordered-set aggregate {}", function.name);
                return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(node.location)));
            }
            if is_hypothetical(function.name) {
                return self.hypothetical(function.name, clauses, scope);
            }
            return self.within_group(function.name, arguments, result, clauses, scope);
        }
        let first = arguments.first().cloned();
        match (function.name, first) {
            ("count", _) => {
                let exprs = match arguments.is_empty() {
                    true => vec![Expr::Literal(ScalarValue::Int64(Some(1)), None)],
                    false => self.distinct_keys(&clauses, arguments)?,
                };
                self.of_engine("count", exprs, Typed::new(lit(true), Base::Int8), clauses, scope)
            }
            ("sum", Some(value)) if value.ty.base.is_integer() && !value.ty.is(Base::Int8) => {
                let wide = cast(value.expr, DataType::Int64);
                self.of_engine("sum", vec![wide], Typed::new(lit(true), Base::Int8), clauses, scope)
            }
            ("sum", Some(value)) if matches!(value.ty.base, Base::Int8 | Base::Numeric) => {
                self.sum(value, clauses, scope)
            }
            ("sum" | "avg", Some(value)) if value.ty.base.is_float() => {
                let result_type = result;
                let wide = self.implicitly(value, Base::Float8)?;
                let total = match (function.name, node.over.is_some()) {
                    // The engine takes back what leaves a frame, which rounds otherwise.
                    ("sum", true) => self.folded("float8_sum", vec![wide], Base::Float8.into(), clauses, scope)?,
                    (_, true) => self.folded("float8_avg", vec![wide], Base::Float8.into(), clauses, scope)?,
                    (name, false) => self.of_floats(name, wide, clauses, scope)?,
                };
                self.coerce(total, result_type, Coercion::Explicit, -1)
            }
            ("avg", Some(value)) if value.ty.base.is_integer() || value.ty.is(Base::Numeric) => {
                self.average(value, clauses, scope)
            }
            ("min" | "max", Some(value)) => self.extreme(function.name == "min", value, clauses, scope),
            ("bool_and" | "every" | "bool_or", _) => {
                let engine = if function.name == "bool_or" { "bool_or" } else { "bool_and" };
                self.of_engine(engine, exprs(arguments), Typed::new(lit(true), Base::Bool), clauses, scope)
            }
            ("bit_and" | "bit_or" | "bit_xor", Some(value)) if value.ty.base.is_integer() => {
                let held = Typed { expr: lit(true), ..value };
                self.of_engine(function.name, exprs(arguments), held, clauses, scope)
            }
            ("string_agg", Some(value)) if value.ty.is(Base::Text) => {
                let held = Typed { expr: lit(true), ..value.clone() };
                match &arguments[1].expr {
                    // The engine's must come in one order with all others of the query.
                    Expr::Literal(delimiter, _)
                        if !delimiter.is_null()
                            && clauses.is_distinct
                            && node.over.is_none()
                            && is_told_apart_by_engine(&clauses, std::slice::from_ref(&value)) =>
                    {
                        let delimiter = arguments[1].expr.clone();
                        self.joined_apart(value, delimiter, clauses, scope)
                    }
                    Expr::Literal(delimiter, _)
                        if !delimiter.is_null() && node.over.is_none() && clauses.order_by.is_empty() =>
                    {
                        let joined = self.of_engine("string_agg", exprs(arguments), held, clauses, scope)?;
                        // The engine's texts of that kind may be longer than ours.
                        Ok(Typed { expr: cast(joined.expr, DataType::Utf8), ..joined })
                    }
                    _ => self.folded("string_agg", arguments, result, clauses, scope),
                }
            }
            ("array_agg", Some(value)) if node.agg_distinct && of_records && !value.ty.is_array => {
                self.distinct_records(value, clauses)
            }
            ("array_agg", Some(value)) if !value.ty.is_array => self.collected(value, clauses, scope),
            ("array_agg", Some(value)) => {
                let value = free_items(value)?;
                if of_records {
                    return Err(not_yet("arrays of arrays of records"));
                }
                let arrays = self.collected(value, clauses, scope)?;
                self.procedure("arrays_collected", vec![arrays], result)
            }
            ("any_value", Some(value)) => {
                let present = value.expr.clone().is_not_null();
                let held = Typed { expr: lit(true), ..value.clone() };
                let clauses = clauses.and(present);
                self.of_engine("first_value", vec![value.expr], held, clauses, scope)
            }
            (name, Some(_)) => self.over_collected(name, arguments, result, clauses, scope),
            _ => Err(not_yet("this aggregate")),
        }
    }

    /// What goes with the arguments of a call.
    pub(super) fn clauses<'q>(&mut self, node: &'q FuncCall, scope: &Scope<'_>) -> Result<Clauses<'q>> {
        let filter = node.agg_filter.as_deref();
        let filter = filter.map(|filter| {
            let filter = inner(Some(filter))?;
            let condition = self.within("FILTER", |binder| binder.condition(filter, scope, "FILTER"))?;
            self.only_rows(&condition, "FILTER", filter)?;
            Ok::<_, PlanError>(condition)
        });
        let filter = filter.transpose()?;
        let order_by = match (node.agg_within_group, &scope.row_order) {
            (true, _) => Vec::new(),
            // As their sub-select orders the rows.
            (false, Some(order))
                if node.agg_order.is_empty()
                    && node.over.is_none()
                    && !node.agg_distinct
                    && super::select::keeps_rows(self.function_name(node)?) =>
            {
                vec![order.clone().sort(true, false)]
            }
            (false, _) => self.sort_items(&node.agg_order, scope)?,
        };
        Ok(Clauses { node, filter, order_by, is_distinct: node.agg_distinct })
    }

    /// Values of which DISTINCT tells those apart that differ, as PostgreSQL does.
    fn distinct_keys(&mut self, clauses: &Clauses<'_>, arguments: Vec<Typed>) -> Result<Vec<Expr>> {
        match clauses.is_distinct {
            true => arguments.into_iter().map(|argument| self.key(argument)).collect(),
            false => Ok(exprs(arguments)),
        }
    }

    /// A sum that is a numeric.
    fn sum(&mut self, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.implicitly(value, Base::Numeric)?;
        match &value.data {
            // 10,000,000,000 of the largest values still fit; of more digits the engine's sum would wrap around in silence.
            DataType::Decimal128(precision, scale) if *precision <= 28 => {
                self.sum_held_as(DataType::Decimal128(38, *scale), value, clauses, scope)
            }
            DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) if *precision <= 66 => {
                self.sum_held_as(DataType::Decimal256(76, *scale), value, clauses, scope)
            }
            _ => self.folded("numeric_sum", vec![value], Base::Numeric.into(), clauses, scope),
        }
    }

    fn sum_held_as(&mut self, data: DataType, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let wide = cast(value.expr, data.clone());
        let held = Typed { expr: lit(true), ty: Base::Numeric.into(), data };
        self.of_engine("sum", vec![wide], held, clauses, scope)
    }

    /// The engine's sum or average of floats: if it is infinite without a value that is, it has overflowed.
    fn of_floats(&mut self, name: &str, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let held = Typed::new(lit(true), Base::Float8);
        let again = self.copy(&value)?.expr;
        let endless = again.clone().eq(lit(f64::INFINITY)).or(again.eq(lit(f64::NEG_INFINITY)));
        let total = self.of_engine(name, vec![value.expr], held.clone(), clauses.again(), scope)?;
        let function = self.runtime.state.aggregate_functions().get("bool_or");
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        let endless = Expr::AggregateFunction(AggregateFunction::new_udf(
            function,
            vec![endless],
            false,
            clauses.filter.map(Box::new),
            Vec::new(),
            None,
        ));
        let expr = call("float_total", vec![total.expr, endless], held.data.clone());
        Ok(Typed { expr, ..held })
    }

    /// How many there are, or how many that differ.
    pub(super) fn count_of(&mut self, value: Expr, distinct: bool, filter: Option<Expr>) -> Result<Expr> {
        let function = self.runtime.state.aggregate_functions().get("count");
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        let filter = filter.map(Box::new);
        let count = AggregateFunction::new_udf(function, vec![value], distinct, filter, Vec::new(), None);
        Ok(Expr::AggregateFunction(count))
    }

    fn average(&mut self, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let value = self.implicitly(value, Base::Numeric)?;
        if value.is_free_numeric() {
            return self.folded("numeric_avg", vec![value], Base::Numeric.into(), clauses, scope);
        }
        let again = self.copy(&value)?;
        let both = clauses.again();
        let count = self.of_engine("count", vec![again.expr], Typed::new(lit(true), Base::Int8), both, scope)?;
        let sum = self.sum(value, clauses, scope)?;
        let count = self.implicitly(count, Base::Numeric)?;
        super::operators::free("numeric_div", sum, count)
    }

    fn extreme(&mut self, is_min: bool, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let held = Typed { expr: lit(true), ..value.clone() };
        if Self::is_plain_key(&value) {
            let name = if is_min { "min" } else { "max" };
            return self.of_engine(name, vec![value.expr], held, clauses, scope);
        }
        if value.ty.base.is_float() && !value.ty.is_array {
            // The engine's own passes over NaN, which PostgreSQL takes for the largest.
            let name = if is_min { "min" } else { "max" };
            let rank = if value.ty.is(Base::Float4) { DataType::Int32 } else { DataType::Int64 };
            let ranked = call("float_rank", vec![value.expr], rank.clone());
            let found = self.of_engine(name, vec![ranked], Typed { data: rank, ..held.clone() }, clauses, scope)?;
            return Ok(Typed { expr: call("float_of_rank", vec![found.expr], value.data), ..held });
        }
        if let (Some(over), true) = (clauses.node.over.as_deref(), clauses.order_by.is_empty()) {
            self.only_plain_over(clauses.node)?;
            return self.extreme_over(is_min, value, over, clauses.filter, scope);
        }
        let again = self.copy(&value)?;
        let key = if again.ty.is_array { self.array_order(again)? } else { self.key(again)? };
        let present = value.expr.clone().is_not_null();
        let order_by = vec![key.sort(is_min, false)];
        let clauses = Clauses { order_by, ..clauses.and(present) };
        self.of_engine("first_value", vec![value.expr], held, clauses, scope)
    }

    /// `array_agg(value)`
    pub(super) fn collected(&mut self, value: Typed, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let data = DataType::new_list(value.data.clone(), true);
        let held = Typed { expr: lit(true), ty: value.ty.without_modifier().array_of(), data };
        if clauses.is_distinct && clauses.node.over.is_none() {
            let array = match is_told_apart_by_engine(&clauses, std::slice::from_ref(&value)) {
                true => self.items_told_apart(value, &clauses, scope)?,
                false => self.distinct_arrays(vec![value], &clauses, scope)?.swap_remove(0),
            };
            return Ok(Typed { expr: array, ..held });
        }
        self.of_engine("array_agg", vec![value.expr], held, clauses, scope)
    }

    /// `f(fraction) WITHIN GROUP (ORDER BY value)`: from the array of the values in order.
    fn within_group(
        &mut self,
        name: &str,
        mut arguments: Vec<Typed>,
        result: PgType,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let source = match name {
            "percentile_disc" => "percentile_disc",
            "percentile_cont" => "percentile_cont",
            "mode" => "mode",
            _ => return Err(not_yet("this aggregate")),
        };
        let value = arguments.pop().ok_or_else(|| not_yet("this aggregate"))?;
        if value.ty.is_array {
            return Err(not_yet("this aggregate of arrays"));
        }
        if arguments.iter().any(|argument| super::arrays::is_wide(&argument.data)) {
            return Err(not_yet("fractions in an array of several dimensions"));
        }
        let order_by = self.sort_items(&clauses.node.agg_order, scope)?;
        let clauses = Clauses { order_by, ..clauses.and(value.expr.clone().is_not_null()) };
        let data = value.data.clone();
        let keys = match source {
            "mode" => {
                let again = self.copy(&value)?;
                let key = self.key(again)?;
                Some(self.of_engine("array_agg", vec![key], value.clone(), clauses.again(), scope)?.expr)
            }
            _ => None,
        };
        let values =
            self.of_engine("array_agg", vec![value.expr], Typed { expr: lit(true), ..value }, clauses, scope)?;
        let direct = arguments.into_iter().map(|argument| argument.expr);
        let all: Vec<Expr> = direct.chain([values.expr]).chain(keys).collect();
        let data = if result.is_array { DataType::new_list(data, true) } else { data };
        Ok(Typed { expr: call(source, all, data.clone()), ty: result, data })
    }

    /// Aggregates that are folded one value after the other, or computed from all values at once.
    fn over_collected(
        &mut self,
        name: &str,
        arguments: Vec<Typed>,
        result: PgType,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let base = arguments.first().map_or(Base::Unknown, |value| value.ty.base);
        let kind = match (name, base) {
            ("sum" | "avg", Base::Interval) => format!("interval_{name}"),
            ("sum", Base::Money) => "money_sum".to_owned(),
            ("bit_and" | "bit_or" | "bit_xor", Base::Bit) => format!("bits_{name}"),
            ("range_agg" | "range_intersect_agg", base) => {
                let element = base.range_of().ok_or_else(|| not_yet("this aggregate"))?;
                format!("{name}_{}", PgType::from(element).typname())
            }
            ("stddev" | "variance" | "stddev_samp" | "stddev_pop" | "var_samp" | "var_pop", _) => {
                let standard = match name {
                    "stddev" => "stddev_samp",
                    "variance" => "var_samp",
                    other => other,
                };
                let kind = if base.is_float() { "float8" } else { "numeric" };
                format!("{kind}_{standard}")
            }
            (name, _) => name.to_owned(),
        };
        let fold_name = is_fold(&kind).ok_or_else(|| not_yet("this aggregate"))?;
        let mut wanted = Vec::with_capacity(arguments.len());
        for argument in arguments {
            wanted.push(match argument.ty.base {
                Base::Float4 => self.implicitly(argument, Base::Float8)?,
                base if base.is_integer() && kind.starts_with("numeric") => self.implicitly(argument, Base::Numeric)?,
                _ => argument,
            });
        }
        self.folded(fold_name, wanted, result, clauses, scope)
    }

    fn folded(
        &mut self,
        name: &'static str,
        arguments: Vec<Typed>,
        result: PgType,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let data = result.storage();
        if !clauses.order_by.is_empty() {
            return self.folded_in_order(name, arguments, result, clauses, scope);
        }
        let function = fold(name, data.clone()).ok_or_else(|| not_yet("this aggregate"))?;
        let key = match (clauses.is_distinct, arguments.as_slice()) {
            (false, _) => None,
            (true, [value]) => {
                let value = freed(self.copy(value)?)?;
                Some(self.key(value)?)
            }
            (true, _) => return Err(not_yet("DISTINCT over several arguments")),
        };
        let arguments = arguments.into_iter().map(|value| Ok(freed(value)?.expr)).collect::<Result<Vec<_>>>()?;
        let arguments = arguments.into_iter().chain(key).collect();
        let held = Typed { expr: lit(true), ty: result, data };
        self.with_clauses(function, arguments, held, clauses, scope)
    }

    /// Partial results aren't merged in order, so that the values' arrays are made first, and those are folded.
    fn folded_in_order(
        &mut self,
        name: &'static str,
        arguments: Vec<Typed>,
        result: PgType,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let values = arguments.into_iter().map(freed).collect::<Result<Vec<_>>>()?;
        let arrays = match clauses.is_distinct {
            true => self.distinct_arrays(values, &clauses, scope)?,
            false => self.arrays_of(values.into_iter().map(|value| value.expr), &clauses, scope)?,
        };
        let data = result.storage();
        let expr = fold_items(name, arrays, data.clone()).ok_or_else(|| not_yet("this aggregate"))?;
        Ok(Typed { expr, ty: result, data })
    }

    /// The arrays of what expressions give for each row, in one order.
    pub(super) fn arrays_of(
        &mut self,
        values: impl Iterator<Item = Expr>,
        clauses: &Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Expr>> {
        let held = Typed::new(lit(true), Base::Bool);
        values
            .map(|value| Ok(self.of_engine("array_agg", vec![value], held.clone(), clauses.again(), scope)?.expr))
            .collect()
    }

    /// The texts that differ, joined.
    fn joined_apart(&mut self, text: Typed, delimiter: Expr, clauses: Clauses<'_>, scope: &Scope<'_>) -> Result<Typed> {
        let held = Typed { expr: lit(true), ..text.clone() };
        let clauses = clauses.and(text.expr.clone().is_not_null());
        let items = self.items_told_apart(text, &clauses, scope)?;
        Ok(Typed { expr: call("array_to_text", vec![items, delimiter], DataType::Utf8), ..held })
    }

    /// The array of the values that differ, which the engine finds; in order only then, since it has but one order for all aggregates
    /// of a query.
    fn items_told_apart(&mut self, value: Typed, clauses: &Clauses<'_>, scope: &Scope<'_>) -> Result<Expr> {
        let data = DataType::new_list(value.data.clone(), true);
        let (descending, nulls_first) = clauses.order_by.first().map_or((false, false), |by| (!by.asc, by.nulls_first));
        let clauses = Clauses { order_by: Vec::new(), ..clauses.again() };
        let items = self.of_engine("array_agg", vec![value.expr], Typed::new(lit(true), Base::Bool), clauses, scope)?;
        Ok(call("items_sorted", vec![items.expr, lit(descending), lit(nulls_first)], data))
    }

    /// The arrays of arguments, of rows with equal ones only the first.
    fn distinct_arrays(
        &mut self,
        arguments: Vec<Typed>,
        clauses: &Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Expr>> {
        let keys = arguments.iter().map(|argument| self.key(argument.clone())).collect::<Result<Vec<_>>>()?;
        self.arrays_apart(keys, arguments, clauses, scope)
    }

    /// The arrays of values, of rows with equal keys only the first: equal ones stand together in any order that tells all of them
    /// apart.
    pub(super) fn arrays_apart(
        &mut self,
        keys: Vec<Expr>,
        values: Vec<Typed>,
        clauses: &Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Vec<Expr>> {
        let mut order_by = clauses.order_by.clone();
        for key in &keys {
            // The engine takes no expression twice.
            if order_by.iter().all(|sort| sort.expr != *key) {
                order_by.push(key.clone().sort(true, false));
            }
        }
        let clauses = Clauses { order_by, is_distinct: false, ..clauses.again() };
        let keys = self.arrays_of(keys.into_iter(), &clauses, scope)?;
        let is_first = call("first_of_equals", keys, DataType::new_list(DataType::Boolean, true));
        let lists: Vec<DataType> = values.iter().map(|value| DataType::new_list(value.data.clone(), true)).collect();
        let arrays = self.arrays_of(values.into_iter().map(|value| value.expr), &clauses, scope)?;
        let arrays = arrays.into_iter().zip(lists);
        Ok(arrays.map(|(array, list)| call("items_that_hold", vec![array, is_first.clone()], list)).collect())
    }

    /// The engine's aggregate of a name.
    pub(super) fn of_engine(
        &mut self,
        name: &str,
        arguments: Vec<Expr>,
        held: Typed,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let function = self.runtime.state.aggregate_functions().get(name);
        let function = Arc::clone(function.ok_or_else(|| not_yet("this function"))?);
        self.with_clauses(function, arguments, held, clauses, scope)
    }

    pub(super) fn with_clauses(
        &mut self,
        function: Arc<AggregateUDF>,
        arguments: Vec<Expr>,
        held: Typed,
        clauses: Clauses<'_>,
        scope: &Scope<'_>,
    ) -> Result<Typed> {
        let Clauses { node, filter, order_by, is_distinct } = clauses;
        let expr = match node.over.as_deref() {
            Some(over) => {
                self.only_plain_over(node)?;
                if !order_by.is_empty() {
                    return Err(not_yet("this aggregate over a window"));
                }
                self.aggregate_over(function, arguments, over, filter, held.data.clone(), scope)?
            }
            None => {
                let filter = filter.map(Box::new);
                Expr::AggregateFunction(AggregateFunction::new_udf(
                    function,
                    arguments,
                    is_distinct,
                    filter,
                    order_by,
                    None,
                ))
            }
        };
        Ok(Typed { expr, ..held })
    }

    /// ORDER BY inside of a call: by expressions alone.
    pub(super) fn sort_items(&mut self, nodes: &[Node], scope: &Scope<'_>) -> Result<Vec<Sort>> {
        Ok(self.sort_keys(nodes, scope)?.into_iter().map(|(sort, _)| sort).collect())
    }

    /// ORDER BY inside of a call or a window, each with what it was written as. One that came before orders nothing more.
    pub(super) fn sort_keys<'q>(&mut self, nodes: &'q [Node], scope: &Scope<'_>) -> Result<Vec<(Sort, &'q Node)>> {
        let mut keys: Vec<(Sort, &Node)> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let NodeEnum::SortBy(by) = inner(Some(node))? else { return Err(not_yet("this ORDER BY")) };
            let typed = self.expr_of(by.node.as_deref(), scope)?;
            let typed = self.settled(typed)?;
            self.check_order(typed.ty, super::expr::location(inner(by.node.as_deref())?))?;
            let sort = self.sort(typed, by)?;
            if keys.iter().all(|(before, _)| before.expr != sort.expr) {
                keys.push((sort, node));
            }
        }
        Ok(keys)
    }
}

impl<'q> Clauses<'q> {
    pub(super) fn exprs(&self) -> impl Iterator<Item = &Expr> {
        self.filter.iter().chain(self.order_by.iter().map(|sort| &sort.expr))
    }

    /// The same for another aggregate of the same call.
    pub(super) fn again(&self) -> Self {
        Self { filter: self.filter.clone(), order_by: self.order_by.clone(), ..*self }
    }

    /// With one more condition on what is counted in.
    fn and(self, condition: Expr) -> Self {
        let filter = match self.filter {
            Some(filter) => filter.and(condition),
            None => condition,
        };
        Self { filter: Some(filter), ..self }
    }
}

fn is_hypothetical(name: &str) -> bool {
    matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist")
}

fn is_ordered_set(name: &str) -> bool {
    is_hypothetical(name) || matches!(name, "percentile_disc" | "percentile_cont" | "mode")
}

/// Whether the engine finds duplicates as PostgreSQL does: values that are equal are the same, and they are ordered by nothing else.
fn is_told_apart_by_engine(clauses: &Clauses<'_>, arguments: &[Typed]) -> bool {
    let is_argument = |sort: &Sort| arguments.iter().any(|argument| argument.expr == sort.expr);
    clauses.is_distinct && arguments.iter().all(Binder::is_plain_key) && clauses.order_by.iter().all(is_argument)
}

fn exprs(arguments: Vec<Typed>) -> Vec<Expr> {
    arguments.into_iter().map(|argument| argument.expr).collect()
}
