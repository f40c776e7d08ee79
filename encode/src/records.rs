//! Records in binary (`record_send` in PostgreSQL's rowtypes.c): how many fields, then the type, the length and the value of
//! each. Their texts are printed within the query.

use arrow::array::StructArray;
use arrow::datatypes::Fields;
use bytes::BytesMut;
use weir_connectors::pgtype;

use super::column::{Column, Context};
use super::error::EncodeError;
use super::strings::write_measured;
use super::types::{has_binary, kind_of, no_binary_output, oid};

/// One field of the records of a column.
pub(super) struct RecordField<'a> {
    oid: u32,
    has_binary: bool,
    column: Column<'a>,
}

pub(super) fn fields<'a>(fields: &Fields, array: &'a StructArray) -> Result<Vec<RecordField<'a>>, EncodeError> {
    // What keeps the place of none isn't one.
    let present = fields.iter().zip(array.columns()).filter(|(field, _)| pgtype::typname(field) != Some("void"));
    let bound = present.map(|(field, column)| {
        let kind = kind_of(field)?;
        // Constants without a type have one here.
        let is_unknown = pgtype::typname(field) == Some("unknown");
        let oid = if is_unknown { oid::UNKNOWN } else { kind.wire().oid };
        let has_binary = has_binary(kind.oid);
        Ok(RecordField { oid, has_binary, column: Column::bind(column.as_ref(), kind, has_binary)? })
    });
    bound.collect()
}

/// Appends the record of a row.
pub(super) fn write<const FRAME: bool>(
    fields: &[RecordField<'_>],
    row: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    write_measured::<FRAME>(out, |out| {
        out.extend_from_slice(&(fields.len() as u32).to_be_bytes());
        for field in fields {
            out.extend_from_slice(&field.oid.to_be_bytes());
            if !field.has_binary && !field.column.is_null(row) {
                return Err(no_binary_output(field.column.kind.oid));
            }
            field.column.write_field(row, out, context)?;
        }
        Ok(())
    })
}
