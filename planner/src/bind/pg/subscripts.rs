//! `array[1][2]`, `array[1:2]`, `jsonb['key']`.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, Expr, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{AIndices, AIndirection, Node};
use weir_values::array::MAX_DIMENSIONS;

use super::arrays::{is_wide, item_data};
use super::expr::{inner, location};
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::call;

impl Binder<'_> {
    pub(super) fn indirection(&mut self, indirection: &AIndirection, scope: &Scope<'_>) -> Result<Typed> {
        let node = inner(indirection.arg.as_deref())?;
        if let [step] = indirection.indirection.as_slice()
            && let NodeEnum::String(field) = inner(Some(step))?
            && let Some(value) = self.field_of_set(node, &field.sval, scope)?
        {
            return Ok(value);
        }
        self.steps(node, &indirection.indirection, scope)
    }

    /// What subscripts and names of fields lead to, one after the other.
    pub(super) fn steps(&mut self, node: &NodeEnum, steps: &[Node], scope: &Scope<'_>) -> Result<Typed> {
        let place = location(node);
        let (mut value, mut rest) = match steps.split_first() {
            Some((Node { node: Some(NodeEnum::String(name)) }, rest)) => {
                match self.column_of_row(node, &name.sval, scope)? {
                    Some(column) => (column, rest),
                    None => (self.expr(node, scope)?, steps),
                }
            }
            _ => (self.expr(node, scope)?, steps),
        };
        while let Some((first, after)) = rest.split_first() {
            if value.ty.base == Base::Opaque {
                return Err(not_yet("a part of a value of this type"));
            }
            match inner(Some(first))? {
                NodeEnum::String(field) => {
                    value = self.field_at(value, &field.sval, place)?;
                    rest = after;
                }
                NodeEnum::AIndices(_) => {
                    let count = rest.iter().take_while(|step| matches!(step.node, Some(NodeEnum::AIndices(_)))).count();
                    let (indices, after) = rest.split_at(count);
                    value = self.subscripted(value, indices, place, scope)?;
                    rest = after;
                }
                _ => {
                    let message = "row expansion via \"*\" is not supported here".to_owned();
                    return Err(PlanError::refused(code::FEATURE_NOT_SUPPORTED, message, self.position(place)));
                }
            }
        }
        Ok(value)
    }

    fn field_at(&mut self, value: Typed, name: &str, place: i32) -> Result<Typed> {
        match value.ty {
            ty if ty.is(Base::Record) => self.field_named(&value, name, place),
            ty => {
                let message = format!("column notation .{name} applied to type {ty}, which is not a composite type");
                Err(PlanError::refused(code::WRONG_OBJECT_TYPE, message, self.position(place)))
            }
        }
    }

    fn subscripted(&mut self, value: Typed, steps: &[Node], place: i32, scope: &Scope<'_>) -> Result<Typed> {
        let value = if value.ty.base.vector_of().is_some() { self.array_of_vector(value)? } else { value };
        let indices = steps.iter().map(|step| match inner(Some(step))? {
            NodeEnum::AIndices(indices) => Ok(indices.as_ref()),
            _ => Err(not_yet("this subscript")),
        });
        let indices = indices.collect::<Result<Vec<_>>>()?;
        match value.ty {
            ty if ty.is(Base::Jsonb) => self.jsonb_subscript(value, &indices, scope),
            ty if ty.is_array => self.array_subscript(value, &indices, scope),
            ty => {
                let message = format!("cannot subscript type {ty} because it does not support subscripting");
                Err(PlanError::Mismatch { message, position: self.position(place) })
            }
        }
    }

    fn array_subscript(&mut self, array: Typed, indices: &[&AIndices], scope: &Scope<'_>) -> Result<Typed> {
        if indices.len() > MAX_DIMENSIONS {
            let count = indices.len();
            let message =
                format!("number of array dimensions ({count}) exceeds the maximum allowed ({MAX_DIMENSIONS})");
            return Err(PlanError::refused(code::PROGRAM_LIMIT_EXCEEDED, message, None));
        }
        let is_slice = indices.iter().any(|index| index.is_slice);
        let mut bounds = Vec::with_capacity(2 * indices.len());
        for index in indices {
            let low = self.subscript(index.lidx.as_deref(), scope)?;
            let high = self.subscript(index.uidx.as_deref(), scope)?;
            bounds.push((index.is_slice, low, high));
        }
        match is_slice {
            true => {
                let bounds = bounds.into_iter().flat_map(|(is_slice, low, high)| {
                    let low = low.unwrap_or_else(|| lit(if is_slice { i32::MIN } else { 1 }));
                    [low, high.unwrap_or_else(|| lit(i32::MAX))]
                });
                let bounds = bounds.collect();
                self.unless_null_array(array, bounds, |array, bounds| Ok(sliced(array, bounds)))
            }
            false => {
                let places = bounds.into_iter().map(|(_, _, high)| high.ok_or_else(|| not_yet("this subscript")));
                self.unless_null_array(array, places.collect::<Result<_>>()?, element)
            }
        }
    }

    /// A part of an array. Of one that is NULL it is NULL, and where the part stands isn't computed.
    fn unless_null_array(
        &mut self,
        array: Typed,
        places: Vec<Expr>,
        part: impl FnOnce(Typed, Vec<Expr>) -> Result<Typed>,
    ) -> Result<Typed> {
        let is_plain = |place: &Expr| matches!(place, Expr::Literal(..) | Expr::Column(_));
        if places.iter().all(is_plain) || array.expr.is_volatile() {
            return part(array, places);
        }
        // Of a constant NULL PostgreSQL computes what is constant of its places nevertheless.
        let is_null = call("nullable", vec![self.copy(&array)?.expr], array.data.clone()).is_null();
        let part = part(array, places)?;
        let null = Expr::Literal(ScalarValue::try_from(&part.data)?, None);
        let case = Case::new(None, vec![(Box::new(is_null), Box::new(null))], Some(Box::new(part.expr)));
        Ok(Typed { expr: Expr::Case(case), ..part })
    }

    fn subscript(&mut self, node: Option<&Node>, scope: &Scope<'_>) -> Result<Option<Expr>> {
        let Some(node) = node else { return Ok(None) };
        let node = inner(Some(node))?;
        let typed = self.expr(node, scope)?;
        let is_unknown = typed.ty.is(Base::Unknown);
        let coerced = self.coerce(typed, Base::Int4.into(), Coercion::Assignment, location(node));
        match coerced {
            Ok(typed) => Ok(Some(typed.expr)),
            Err(PlanError::CannotCast { .. }) if !is_unknown => Err(PlanError::Mismatch {
                message: "array subscript must have type integer".to_owned(),
                position: self.position(location(node)),
            }),
            Err(error) => Err(error),
        }
    }

    /// A path of keys and places.
    fn jsonb_subscript(&mut self, value: Typed, indices: &[&AIndices], scope: &Scope<'_>) -> Result<Typed> {
        let mut path = Vec::with_capacity(indices.len());
        for index in indices {
            if index.is_slice {
                let at = index.uidx.as_deref().or(index.lidx.as_deref());
                let at = at.and_then(|node| node.node.as_ref()).map_or(-1, location);
                let message = "jsonb subscript does not support slices".to_owned();
                return Err(PlanError::Mismatch { message, position: self.position(at) });
            }
            let node = inner(index.uidx.as_deref())?;
            let key = self.expr(node, scope)?;
            path.push(self.jsonb_key(key, location(node))?.expr);
        }
        let texts = PgType::from(Base::Text).array_of();
        let data = texts.storage();
        let path = Typed { expr: call("array_of", path, data.clone()), ty: texts, data };
        self.operate("#>", value, path, -1)
    }

    fn jsonb_key(&mut self, key: Typed, place: i32) -> Result<Typed> {
        if key.ty.is(Base::Unknown) {
            return self.settled(key);
        }
        let converts = |to: Base| super::catalog::cast(key.ty, to.into(), Coercion::Implicit).is_some();
        let to = match (converts(Base::Int4), converts(Base::Text)) {
            (true, false) => Base::Int4,
            (false, true) => Base::Text,
            (is_integer, _) => {
                let message = format!("subscript type {} is not supported", key.ty);
                let hint = match is_integer {
                    true => "jsonb subscript must be coercible to only one type, integer or text.",
                    false => "jsonb subscript must be coercible to either integer or text.",
                };
                let position = self.position(place);
                return Err(PlanError::Refused { code: code::DATATYPE_MISMATCH, message, hint: Some(hint), position });
            }
        };
        let key = self.coerce(key, to.into(), Coercion::Implicit, place)?;
        self.printed(key)
    }

    /// `ARRAY[a, b]` of arrays, whose items all have the type `element` or else one that they share.
    pub(super) fn array_of_arrays(&mut self, items: Vec<(Typed, i32)>, element: Option<PgType>) -> Result<Typed> {
        let types: Vec<PgType> = items.iter().map(|(item, _)| item.ty).collect();
        if types.iter().any(|ty| ty.base == Base::Record) {
            return Err(not_yet("arrays of arrays of records"));
        }
        let (to, how) = match element {
            Some(element) => (element.array_of(), Coercion::Explicit),
            None => {
                let common = common_type(&types).map_err(|(chosen, at)| {
                    let message = format!("ARRAY types {chosen} and {} cannot be matched", types[at]);
                    PlanError::Mismatch { message, position: self.position(items[at].1) }
                })?;
                (common, Coercion::Implicit)
            }
        };
        let mut arrays = Vec::with_capacity(items.len());
        for (item, at) in items {
            arrays.push(super::arrays::free_items(self.coerce(item, to, how, at)?)?);
        }
        self.procedure("array_of_arrays", arrays, to.without_modifier())
    }
}

fn sliced(array: Typed, bounds: Vec<Expr>) -> Typed {
    let data = array.data.clone();
    let arguments = std::iter::once(array.expr).chain(bounds).collect();
    Typed { expr: call("array_slices", arguments, data.clone()), ty: array.ty, data }
}

fn element(array: Typed, places: Vec<Expr>) -> Result<Typed> {
    let (data, ty): (DataType, PgType) = (item_data(&array.data)?.clone(), array.ty.element());
    let is_list = !is_wide(&array.data) && places.len() == 1;
    let name = if is_list { "array_subscript" } else { "array_element" };
    let arguments = std::iter::once(array.expr).chain(places).collect();
    Ok(Typed { expr: call(name, arguments, data.clone()), ty, data })
}
