//! Lists as PostgreSQL arrays (`array_out` and `array_send` in PostgreSQL's arrayfuncs.c).
//!
//! Text: `{1,NULL,"a b"}`. Binary: dimensions, whether there are NULLs, element type, then each dimension's length and lower
//! bound, then the elements as length and value. Lists of lists are further dimensions, and must be rectangular as there.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::DataType;
use bytes::BytesMut;

use super::cell::BARE;
use super::column::{Column, Context, Values};
use super::error::EncodeError;
use super::strings::write_measured;
use super::types::oid;

/// PostgreSQL's MAXDIM.
const MAX_DIMENSIONS: usize = 6;

/// Where the items of a row's list are.
pub(super) enum Ranges<'a> {
    Small(&'a [i32]),
    Large(&'a [i64]),
    Fixed(usize),
    SmallView(&'a [i32], &'a [i32]),
    LargeView(&'a [i64], &'a [i64]),
}

impl<'a> Ranges<'a> {
    /// The ranges and the items of any list array.
    pub(super) fn of_list(array: &'a dyn Array) -> Result<(Self, &'a ArrayRef), EncodeError> {
        Ok(match array.data_type() {
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                (Self::Small(list.value_offsets()), list.values())
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                (Self::Large(list.value_offsets()), list.values())
            }
            DataType::ListView(_) => {
                let list = array.as_list_view::<i32>();
                (Self::SmallView(list.value_offsets(), list.value_sizes()), list.values())
            }
            DataType::LargeListView(_) => {
                let list = array.as_list_view::<i64>();
                (Self::LargeView(list.value_offsets(), list.value_sizes()), list.values())
            }
            DataType::FixedSizeList(_, _) => {
                let list = array.as_fixed_size_list();
                (Self::Fixed(list.value_length() as usize), list.values())
            }
            other => return Err(EncodeError::schema_mismatch("a list", other)),
        })
    }

    #[inline]
    pub(super) fn of_row(&self, row: usize) -> std::ops::Range<usize> {
        match self {
            Self::Small(offsets) => offsets[row] as usize..offsets[row + 1] as usize,
            Self::Large(offsets) => offsets[row] as usize..offsets[row + 1] as usize,
            Self::Fixed(size) => row * size..(row + 1) * size,
            Self::SmallView(offsets, sizes) => offsets[row] as usize..(offsets[row] + sizes[row]) as usize,
            Self::LargeView(offsets, sizes) => offsets[row] as usize..(offsets[row] + sizes[row]) as usize,
        }
    }
}

/// The lengths of an array's dimensions.
struct Shape {
    lengths: [usize; MAX_DIMENSIONS],
    dimensions: usize,
}

/// Appends the array of a row.
pub(super) fn write<const FRAME: bool>(
    column: &Column<'_>,
    row: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    write_measured::<FRAME>(out, |out| {
        let shape = Shape::of(column, row)?;
        if column.binary {
            return write_binary(column, row, &shape, out, context);
        }
        if shape.dimensions == 0 {
            out.extend_from_slice(b"{}");
            return Ok(());
        }
        write_text(column, row, &shape, 0, out, context)
    })
}

impl Shape {
    /// The shape by the first item of each level; that the others have it too is checked where they are written.
    fn of(column: &Column<'_>, top: usize) -> Result<Self, EncodeError> {
        let mut shape = Self { lengths: [0; MAX_DIMENSIONS], dimensions: 0 };
        let (mut level, mut row) = (column, top);
        while let Values::List(ranges, items) = &level.values {
            if shape.dimensions == MAX_DIMENSIONS {
                return Err(too_many_dimensions(column.kind.depth));
            }
            let range = ranges.of_row(row);
            shape.lengths[shape.dimensions] = range.len();
            shape.dimensions += 1;
            if range.is_empty() {
                // All innermost lists are empty: no dimensions. Only the first is: not rectangular.
                shape.dimensions = 0;
                return if is_empty(column, top) { Ok(shape) } else { Err(not_rectangular()) };
            }
            if matches!(items.values, Values::List(..)) && items.is_null(range.start) {
                return Err(not_rectangular());
            }
            (level, row) = (items, range.start);
        }
        Ok(shape)
    }
}

/// Whether the list and the lists in it hold no element.
fn is_empty(column: &Column<'_>, row: usize) -> bool {
    match &column.values {
        Values::List(ranges, items) => ranges.of_row(row).all(|item| !items.is_null(item) && is_empty(items, item)),
        _ => false,
    }
}

fn too_many_dimensions(depth: usize) -> EncodeError {
    let message = format!("number of array dimensions ({depth}) exceeds the maximum allowed ({MAX_DIMENSIONS})");
    EncodeError::new("54000", message)
}

fn not_rectangular() -> EncodeError {
    EncodeError::new("2202E", "multidimensional arrays must have sub-arrays with matching dimensions")
}

/// The items of a list at `level`, once its length was compared with the shape's.
fn checked_range(
    ranges: &Ranges<'_>,
    row: usize,
    shape: &Shape,
    level: usize,
) -> Result<std::ops::Range<usize>, EncodeError> {
    let range = ranges.of_row(row);
    if range.len() == shape.lengths[level] { Ok(range) } else { Err(not_rectangular()) }
}

fn write_text(
    column: &Column<'_>,
    row: usize,
    shape: &Shape,
    level: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    let Values::List(ranges, items) = &column.values else { return Err(not_rectangular()) };
    let range = checked_range(ranges, row, shape, level)?;
    let is_inner = matches!(items.values, Values::List(..));
    out.extend_from_slice(b"{");
    for item in range.clone() {
        if item > range.start {
            out.extend_from_slice(b",");
        }
        match (items.is_null(item), is_inner) {
            (true, true) => return Err(not_rectangular()),
            (true, false) => out.extend_from_slice(b"NULL"),
            (false, true) => write_text(items, item, shape, level + 1, out, context)?,
            (false, false) => write_element(items, item, out, context)?,
        }
    }
    out.extend_from_slice(b"}");
    Ok(())
}

pub(super) fn write_element(
    items: &Column<'_>,
    item: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    let start = out.len();
    items.write_value::<BARE>(item, out, context)?;
    let never_quoted = matches!(
        items.kind.oid,
        oid::BOOL | oid::INT2 | oid::INT4 | oid::INT8 | oid::FLOAT4 | oid::FLOAT8 | oid::NUMERIC | oid::UUID
    );
    if !never_quoted && needs_quotes(&out[start..]) {
        quote(start, out, &mut context.scratch);
    }
    Ok(())
}

/// What would be read as something else without quotes: nothing, NULL, and array syntax or blanks.
fn needs_quotes(text: &[u8]) -> bool {
    text.is_empty()
        || text.eq_ignore_ascii_case(b"null")
        || text.iter().any(|byte| matches!(byte, b'"' | b'\\' | b'{' | b'}' | b',' | b' ' | b'\t'..=b'\r'))
}

/// Puts quotes round what `out` holds from `start`, and backslashes before quotes and backslashes.
fn quote(start: usize, out: &mut BytesMut, scratch: &mut Vec<u8>) {
    scratch.clear();
    scratch.extend_from_slice(&out[start..]);
    out.truncate(start);
    out.extend_from_slice(b"\"");
    for byte in scratch.iter() {
        if matches!(byte, b'"' | b'\\') {
            out.extend_from_slice(b"\\");
        }
        out.extend_from_slice(&[*byte]);
    }
    out.extend_from_slice(b"\"");
}

fn write_binary(
    column: &Column<'_>,
    row: usize,
    shape: &Shape,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<(), EncodeError> {
    out.extend_from_slice(&(shape.dimensions as u32).to_be_bytes());
    let flags = out.len();
    out.extend_from_slice(&0_u32.to_be_bytes());
    out.extend_from_slice(&column.kind.element_oid().to_be_bytes());
    if shape.dimensions == 0 {
        return Ok(());
    }
    for length in &shape.lengths[..shape.dimensions] {
        out.extend_from_slice(&(*length as u32).to_be_bytes());
        out.extend_from_slice(&1_u32.to_be_bytes());
    }
    if write_binary_items(column, row, shape, 0, out, context)? {
        out[flags + 3] = 1;
    }
    Ok(())
}

/// Appends the elements; whether there was a NULL among them.
fn write_binary_items(
    column: &Column<'_>,
    row: usize,
    shape: &Shape,
    level: usize,
    out: &mut BytesMut,
    context: &mut Context,
) -> Result<bool, EncodeError> {
    let Values::List(ranges, items) = &column.values else { return Err(not_rectangular()) };
    let is_inner = matches!(items.values, Values::List(..));
    let mut has_null = false;
    for item in checked_range(ranges, row, shape, level)? {
        let is_null = items.is_null(item);
        if is_inner {
            if is_null {
                return Err(not_rectangular());
            }
            has_null |= write_binary_items(items, item, shape, level + 1, out, context)?;
        } else {
            has_null |= is_null;
            items.write_field(item, out, context)?;
        }
    }
    Ok(has_null)
}
