//! What is held otherwise than it is printed, such as the number of a table that is printed as its name, or a record: a struct
//! of its text and of the value itself. The text format sends the one, the binary format the other.

use arrow::array::{Array, AsArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};

use super::column::Column;
use super::error::EncodeError;
use super::types::Kind;

/// No source names the fields of a struct so, by which such values are told from documents.
const NAMES: [&str; 2] = ["shown: text", "shown: value"];

/// How values of the type `value` are held together with their texts.
pub fn shown(text: DataType, value: DataType) -> DataType {
    let fields = NAMES.iter().zip([text, value]).map(|(name, data)| Field::new(*name, data, true));
    DataType::Struct(fields.collect::<Fields>())
}

/// The field of the texts, if values are held together with these.
pub(super) fn text_field(data_type: &DataType) -> Option<&FieldRef> {
    let DataType::Struct(fields) = data_type else { return None };
    match fields.as_ref() {
        [text, value] if [text, value].into_iter().zip(NAMES).all(|(field, name)| field.name() == name) => Some(text),
        _ => None,
    }
}

/// Binds what the format sends; `None` for a column without texts of its own.
pub(super) fn bind<'a>(array: &'a dyn Array, kind: Kind, binary: bool) -> Option<Result<Column<'a>, EncodeError>> {
    text_field(array.data_type())?;
    let both = array.as_struct_opt()?;
    let sent = both.columns().get(usize::from(binary))?;
    let bound = Column::bind(sent.as_ref(), kind, binary);
    Some(bound.map(|column| Column { nulls: NullBuffer::union(column.nulls.as_ref(), both.nulls()), ..column }))
}
