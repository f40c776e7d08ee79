//! Values of composite types of sources: records whose fields are told by the type. Columns of them come as texts.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, Expr, lit};
use weir_values::record::read_record;

use super::coerce::freed;
use super::composite_types::Composite;
use super::records::fields_of_record;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::call;

/// NULL where a value is, else a record.
fn where_present(value: &Expr, record: Expr, data: &DataType) -> Result<Expr> {
    let null = Expr::Literal(ScalarValue::try_from(data)?, None);
    let branches = vec![(Box::new(value.clone().is_null()), Box::new(null))];
    Ok(Expr::Case(Case::new(None, branches, Some(Box::new(record)))))
}

impl Binder<'_> {
    /// The value of a composite type that a text is. One that a source gives fits its fields' modifiers.
    pub(super) fn composite_of(
        &mut self,
        text: Typed,
        to: PgType,
        composite: &Composite,
        is_of_source: bool,
    ) -> Result<Typed> {
        let count = composite.fields.len() as i32;
        let mut fields = Vec::with_capacity(composite.fields.len());
        for (at, field) in (0_i32..).zip(&composite.fields) {
            let text = self.copy(&text)?.expr;
            let part = call("record_part", vec![text, lit(count), lit(at)], DataType::Utf8);
            let part = Typed::new(part, Base::Text);
            let value = match Composite::get(field.ty) {
                Some(within) => self.composite_of(part, field.ty, within, is_of_source)?,
                None if is_of_source || field.declared.typmod < 0 => self.read(part, field.ty)?,
                None => self.read_as_input(part, field.declared)?,
            };
            fields.push(held_as(value, &field.data)?);
        }
        let record = call("record_fields", fields, composite.data.clone());
        let expr = where_present(&text.expr, record, &composite.data)?;
        Ok(Typed { expr, ty: to, data: composite.data.clone() })
    }

    /// The same of a quoted constant, of which is told what is wrong with it.
    pub(super) fn composite_constant(&mut self, text: &str, to: PgType, composite: &Composite) -> Result<Typed> {
        let mut columns: Vec<Option<String>> = Vec::with_capacity(composite.fields.len());
        read_record(text, composite.fields.len(), |_, column| {
            columns.push(column.map(str::to_owned));
            Ok(())
        })
        .map_err(|error| PlanError::Value { error, position: None })?;
        for (column, field) in columns.iter().zip(&composite.fields) {
            match (column, Composite::get(field.ty)) {
                (Some(column), Some(within)) => {
                    self.composite_constant(column, field.ty, within)?;
                }
                (Some(column), None) => {
                    self.constant(column, field.ty)?;
                }
                (None, _) => {}
            }
        }
        self.composite_of(Typed::new(lit(text), Base::Text), to, composite, false)
    }

    /// A record as a value of a composite type, field by field.
    pub(super) fn as_composite(
        &mut self,
        record: Typed,
        to: PgType,
        composite: &Composite,
        location: i32,
    ) -> Result<Typed> {
        let values = fields_of_record(&record)?;
        if values.len() != composite.fields.len() {
            let (from, to) = (record.ty.to_string(), to.to_string());
            return Err(PlanError::CannotCast { from, to, position: self.position(location) });
        }
        let mut fields = Vec::with_capacity(values.len());
        for (value, field) in values.into_iter().zip(&composite.fields) {
            let value = self.coerce(value, field.declared, Coercion::Explicit, location)?;
            fields.push(held_as(value, &field.data)?);
        }
        let made = call("record_fields", fields, composite.data.clone());
        let expr = match super::records::is_row(&record) {
            true => made,
            false => where_present(&record.expr, made, &composite.data)?,
        };
        Ok(Typed { expr, ty: to, data: composite.data.clone() })
    }
}

/// A value as a field holds it.
fn held_as(value: Typed, data: &DataType) -> Result<Expr> {
    let value = match value.ty.is_array {
        true => super::arrays::widened(super::arrays::free_items(value)?)?,
        false => freed(value)?,
    };
    match value.data == *data {
        true => Ok(value.expr),
        false => Err(not_yet("this field of a composite type")),
    }
}
