//! Masks of fields within a column: which of them fall on which part of the column's type.

use arrow::datatypes::{DataType, Field, FieldRef};
use weir_connectors::pgtype::wide_item;
use weir_policies::{FieldMask, Mask, MaskKind};

use crate::PlanError;
use crate::functions::{Masked, Within};

/// Makes the mask of one field an expression over a column; the error names the mask.
pub(super) type MakeMask<'a> = dyn Fn(&Mask, &FieldRef) -> Result<Masked, PlanError> + 'a;

/// What is masked within a column; `None` if no mask falls on any of its fields.
pub(super) fn within(column: &Field, masks: &[FieldMask], make: &MakeMask<'_>) -> Result<Option<Within>, PlanError> {
    Walk { masks, make }.below(column, &mut Vec::new())
}

/// The ways to all fields within a column, from the column's name on.
pub fn paths(column: &Field) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    collect(column.data_type(), &mut vec![column.name().clone()], &mut found);
    found
}

fn collect(data_type: &DataType, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if let Some(element) = element(data_type) {
        return collect(element.data_type(), path, found);
    }
    let DataType::Struct(fields) = data_type else { return };
    for field in fields {
        path.push(field.name().clone());
        found.push(path.clone());
        collect(field.data_type(), path, found);
        path.pop();
    }
}

/// What an array holds, or a map beside its keys.
fn element(data_type: &DataType) -> Option<&FieldRef> {
    match data_type {
        DataType::List(element) | DataType::LargeList(element) | DataType::FixedSizeList(element, _) => Some(element),
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(fields) => fields.get(1),
            _ => None,
        },
        other => wide_item(other),
    }
}

struct Walk<'a> {
    masks: &'a [FieldMask],
    make: &'a MakeMask<'a>,
}

impl<'a> Walk<'a> {
    /// What is masked below a field, to which `path` leads.
    fn below(&self, field: &'a Field, path: &mut Vec<&'a str>) -> Result<Option<Within>, PlanError> {
        if let Some(element) = element(field.data_type()) {
            return Ok(self.below(element, path)?.map(|within| Within::Elements(Box::new(within))));
        }
        let DataType::Struct(fields) = field.data_type() else { return Ok(None) };
        let mut masked = Vec::new();
        for (place, field) in fields.iter().enumerate() {
            path.push(field.name());
            if let Some(within) = self.at(field, path)? {
                masked.push((place, within));
            }
            path.pop();
        }
        Ok((!masked.is_empty()).then_some(Within::Fields(masked)))
    }

    /// What is masked of a field, with what is below it.
    fn at(&self, field: &'a FieldRef, path: &mut Vec<&'a str>) -> Result<Option<Within>, PlanError> {
        let below = self.below(field, path)?;
        let Some(own) = self.masks.iter().find(|mask| mask.covers(path)) else { return Ok(below) };
        let own = self.own(&own.mask, field)?;
        Ok(Some(match (below, own) {
            (Some(below), Within::Value(own)) => Within::Both(Box::new(below), own),
            (_, own) => own,
        }))
    }

    /// A mask of single values falls on each element of an array.
    fn own(&self, mask: &Mask, field: &FieldRef) -> Result<Within, PlanError> {
        let whole = matches!(mask.kind, MaskKind::Null | MaskKind::Sql { .. });
        match element(field.data_type()) {
            Some(element) if !whole => Ok(Within::Elements(Box::new(self.own(mask, element)?))),
            _ => Ok(Within::Value((self.make)(mask, field)?)),
        }
    }
}
