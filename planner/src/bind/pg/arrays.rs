//! Arrays of any shape. An array that surely has one dimension from 1 is held in a list; what may have another shape is held
//! with it: see [`weir_encode::wide_array`]. How one is held, `Typed.data` tells alone.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::datatypes::{DataType, Int32Type};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::Expr;
use weir_encode::{wide_array, wide_item};

use super::coerce::freed;
use super::types::{Base, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::functions::pg::{Session, call, each_item, evaluate, takes_any_shape};

/// Functions that may give an array of any shape whatever they are given.
const OF_ANY_SHAPE: [&str; 4] = ["array_of_arrays", "arrays_collected", "array_fill", "array_fill_with_lower_bounds"];

/// Functions that compare items of their first two arguments.
const COMPARING: [&str; 13] = [
    "array_eq",
    "array_ne",
    "array_lt",
    "array_le",
    "array_gt",
    "array_ge",
    "array_position",
    "array_position_start",
    "array_positions",
    "arraycontains",
    "arraycontained",
    "arrayoverlap",
    "width_bucket_array",
];

pub(super) fn is_wide(data: &DataType) -> bool {
    wide_item(data).is_some()
}

/// How the items of an array are held.
pub(super) fn item_data(data: &DataType) -> Result<&DataType> {
    match data {
        DataType::List(item) => Ok(item.data_type()),
        other => wide_item(other).ok_or_else(|| not_yet("this array")),
    }
}

/// How an array of other items is held in the same way.
fn held_alike(data: &DataType, item: DataType) -> DataType {
    if is_wide(data) { wide_array(item) } else { DataType::new_list(item, true) }
}

/// How a function's results are held.
pub(super) fn result_data(source: &str, arguments: &[Typed], result: PgType) -> DataType {
    let bare = result.without_modifier();
    if bare.base == Base::Record
        && let Some(records) = arguments.iter().find(|argument| super::records::has_fields(argument))
    {
        return match (records.ty.is_array, bare.is_array) {
            (false, true) => DataType::new_list(records.data.clone(), true),
            _ => records.data.clone(),
        };
    }
    let may_be_wide = OF_ANY_SHAPE.contains(&source)
        || (source != "array_positions" && arguments.iter().any(|argument| is_wide(&argument.data)));
    match result.is_array && may_be_wide {
        true => wide_array(bare.element().storage()),
        false => bare.storage(),
    }
}

/// The array held in another way.
fn rehold(array: Typed, name: &'static str, data: DataType) -> Result<Typed> {
    let expr = match array.expr {
        Expr::Literal(value, _) if value.is_null() => Expr::Literal(ScalarValue::try_from(&data)?, None),
        Expr::Literal(value, _) => Expr::Literal(evaluate(name, &[value], &data, &Session::default())?, None),
        expr => call(name, vec![expr], data.clone()),
    };
    Ok(Typed { expr, data, ..array })
}

/// The array with its shape.
pub(super) fn widened(array: Typed) -> Result<Typed> {
    match item_data(&array.data)?.clone() {
        _ if is_wide(&array.data) => Ok(array),
        item => rehold(array, "array_widened", wide_array(item)),
    }
}

/// The array in the form that another one has: with its shape, or as a list, which it has to have the shape of.
pub(super) fn held_as(other: &DataType, array: Typed) -> Result<Typed> {
    match (is_wide(other), wide_item(&array.data).cloned()) {
        (true, _) => widened(array),
        (false, Some(item)) => rehold(array, "array_narrowed", DataType::new_list(item, true)),
        (false, None) => Ok(array),
    }
}

/// An argument of a function that takes lists alone; an array of another shape is an error when it comes.
pub(super) fn fitting(source: &str, argument: Typed) -> Result<Typed> {
    let argument = match argument.ty.is(Base::Numeric) || !argument.ty.is_array {
        true => freed(argument)?,
        false if argument.ty.base == Base::Numeric && item_data(&argument.data).is_ok() => free_items(argument)?,
        false => argument,
    };
    match wide_item(&argument.data).cloned() {
        Some(item) if !takes_any_shape(source) => rehold(argument, "array_narrowed", DataType::new_list(item, true)),
        _ => Ok(argument),
    }
}

/// The items of an array, one behind the other whatever its shape.
pub(super) fn flat(array: Typed) -> Result<Typed> {
    match wide_item(&array.data).cloned() {
        Some(item) => rehold(array, "array_items", DataType::new_list(item, true)),
        None => Ok(array),
    }
}

/// A constant of one dimension from 1 is a list.
pub(super) fn narrowed(array: Typed) -> Typed {
    let Expr::Literal(ScalarValue::Struct(value), _) = &array.expr else { return array };
    let [lower, _, items] = value.columns() else { return array };
    let (Some(lower), Some(items)) = (lower.as_list_opt::<i32>(), items.as_list_opt::<i32>()) else { return array };
    let is_plain =
        lower.value(0).as_primitive_opt::<Int32Type>().is_some_and(|lower| matches!(&lower.values()[..], [] | [1]));
    if !is_wide(&array.data) || value.is_null(0) || !is_plain {
        return array;
    }
    let list = ScalarValue::List(Arc::new(items.clone()));
    let data = list.data_type();
    Typed { expr: Expr::Literal(list, None), data, ..array }
}

/// A constant array: a list if it has one dimension from 1.
pub(super) fn constant_of(array: weir_values::array::Array<ScalarValue>, item: &DataType) -> Result<ScalarValue> {
    let null = ScalarValue::try_from(item)?;
    let items: Vec<ScalarValue> = array.items.into_iter().map(|value| value.unwrap_or_else(|| null.clone())).collect();
    let list = ScalarValue::new_list_nullable(&items, item);
    if matches!(array.lower_bounds.as_slice(), [] | [1]) {
        return Ok(ScalarValue::List(list));
    }
    let numbers = |numbers: Vec<i32>| {
        let numbers: Vec<ScalarValue> = numbers.into_iter().map(ScalarValue::from).collect();
        ScalarValue::new_list_nullable(&numbers, &DataType::Int32)
    };
    let DataType::Struct(fields) = wide_array(item.clone()) else { return Err(not_yet("this array")) };
    let parts: Vec<ArrayRef> = vec![numbers(array.lower_bounds), numbers(array.dimensions), list];
    let value = StructArray::try_new(fields, parts, None).map_err(datafusion::error::DataFusionError::from)?;
    Ok(ScalarValue::Struct(Arc::new(value)))
}

/// Arrays that meet: with their shapes if one has to be, and numerics with their digits if these differ.
pub(super) fn one_shape(typed: Vec<Typed>) -> Result<Vec<Typed>> {
    let is_missing = |one: &Typed| matches!(&one.expr, Expr::Literal(value, _) if value.is_null());
    let held: Vec<&DataType> =
        typed.iter().filter(|one| one.ty.is_array && !is_missing(one)).map(|one| &one.data).collect();
    let Some(first) = held.first().copied() else { return Ok(typed) };
    if held.iter().all(|data| *data == first) && !is_wide(first) {
        return Ok(typed);
    }
    let any_wide = held.iter().any(|data| is_wide(data));
    let alike = |array: Typed| {
        let array = free_items(array)?;
        if any_wide { widened(array) } else { Ok(array) }
    };
    typed.into_iter().map(|one| if one.ty.is_array { alike(one) } else { Ok(one) }).collect()
}

pub(super) fn both_of_one_shape(left: Typed, right: Typed) -> Result<(Typed, Typed)> {
    let mut both = one_shape(vec![left, right])?.into_iter();
    both.next().zip(both.next()).ok_or_else(|| not_yet("these arrays"))
}

/// A column that stands for the items of an array.
fn item_column() -> Expr {
    Expr::Column(Column::new_unqualified("item"))
}

/// Numerics with each their own digits.
pub(super) fn free_items(array: Typed) -> Result<Typed> {
    let data = item_data(&array.data)?.clone();
    let item = Typed { expr: item_column(), ty: array.ty.element(), data: data.clone() };
    let free = freed(item)?;
    if free.data == data {
        return Ok(array);
    }
    let ty = free.ty.array_of();
    if matches!(&array.expr, Expr::Literal(value, _) if value.is_null()) {
        let held = held_alike(&array.data, free.data);
        return Ok(Typed { expr: Expr::Literal(ScalarValue::try_from(&held)?, None), ty, data: held });
    }
    let held = held_alike(&array.data, free.data);
    Ok(Typed { expr: each_item(array.expr, data, free.expr, held.clone()), ty, data: held })
}

impl Binder<'_> {
    /// The array, of the same shape, of what is made of each item.
    pub(super) fn each_of(
        &mut self,
        array: Typed,
        made: impl FnOnce(&mut Self, Typed) -> Result<Typed>,
    ) -> Result<Typed> {
        let data = item_data(&array.data)?.clone();
        let item = Typed { expr: item_column(), ty: array.ty.element(), data: data.clone() };
        let made = made(self, item)?;
        let ty = made.ty.array_of();
        let held = held_alike(&array.data, made.data);
        match made.expr == item_column() {
            true => Ok(Typed { expr: array.expr, ty, data: held }),
            false => Ok(Typed { expr: each_item(array.expr, data, made.expr, held.clone()), ty, data: held }),
        }
    }

    /// A value by which the engine tells values apart as PostgreSQL does.
    fn told_apart(&mut self, value: Typed) -> Result<Typed> {
        let value = freed(value)?;
        if Self::is_plain_key(&value) {
            return Ok(value);
        }
        let data = match value.ty.base {
            base if base.is_float() || base == Base::Bpchar => value.data.clone(),
            _ => DataType::Binary,
        };
        Ok(Typed { expr: self.key(value.clone())?, data, ..value })
    }

    /// The array of what tells its items apart.
    pub(super) fn item_keys(&mut self, array: Typed) -> Result<Typed> {
        self.each_of(array, |binder, item| binder.told_apart(item))
    }

    /// What the engine orders and tells apart as PostgreSQL does arrays.
    pub(super) fn array_key(&mut self, array: Typed) -> Result<Expr> {
        let keys = self.item_keys(array)?;
        match is_wide(&keys.data) {
            true => Ok(call("array_order", vec![keys.expr], DataType::Binary)),
            false => Ok(keys.expr),
        }
    }

    /// What orders arrays, however they are held.
    pub(super) fn array_order(&mut self, array: Typed) -> Result<Expr> {
        let keys = self.item_keys(array)?;
        Ok(call("array_order", vec![keys.expr], DataType::Binary))
    }

    /// The arguments of a function that compares items: what tells them apart goes in their place, or behind them.
    pub(super) fn keyed(
        &mut self,
        source: &'static str,
        mut arguments: Vec<Typed>,
    ) -> Result<(&'static str, Vec<Typed>)> {
        let tell = |binder: &mut Self, value: Typed| match value.ty.is_array {
            true => binder.item_keys(value),
            false => binder.told_apart(value),
        };
        if COMPARING.contains(&source) {
            for argument in arguments.iter_mut().take(2) {
                *argument = tell(self, argument.clone())?;
            }
            return Ok((source, arguments));
        }
        let keyed = match source {
            "array_remove" => "array_remove_keyed",
            "array_replace" => "array_replace_keyed",
            _ => return Ok((source, arguments)),
        };
        let [array, value, ..] = arguments.as_slice() else { return Err(not_yet("this call")) };
        let free = freed(value.clone())?;
        if Self::is_plain_key(&free) {
            return Ok((source, arguments));
        }
        let keys = [self.copy(array)?, self.copy(value)?];
        for key in keys {
            arguments.push(tell(self, key)?);
        }
        Ok((keyed, arguments))
    }
}
