//! Bit strings over columns: see [`weir_values::bits`]. They are held as texts of 0 and 1, which the engine orders as
//! PostgreSQL does the bits.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::bits;

use super::columns::{Arg, Args, Bool, Int4, Int8, Text, external, map1, map2, map3, map4};
use super::fold::{Fold, FoldProc};
use super::written::{Texts, put, write2, write3};
use super::{Proc, ValueError, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("varbit_in", |args| map1::<Text, _>(args, bits::parse)),
    strict("bit", bit),
    strict("varbit", varbit),
    strict("bitfromint4", |args| match args.values.len() {
        1 => map1::<Int4, _>(args, |value| bits::from_int4(value, 1)),
        _ => map2::<Int4, Int4, _>(args, |value, length| bits::from_int4(value, length.max(1))),
    }),
    strict("bitfromint8", |args| match args.values.len() {
        1 => map1::<Int8, _>(args, |value| bits::from_int8(value, 1)),
        _ => map2::<Int8, Int4, _>(args, |value, length| bits::from_int8(value, length.max(1))),
    }),
    strict("bittoint4", |args| map1::<Text, _>(args, bits::to_int4)),
    strict("bittoint8", |args| map1::<Text, _>(args, bits::to_int8)),
    strict("bit_and", |args| map2::<Text, Text, _>(args, bits::and)),
    strict("bit_or", |args| map2::<Text, Text, _>(args, bits::or)),
    strict("bitxor", |args| map2::<Text, Text, _>(args, bits::xor)),
    strict("bitnot", |args| map1::<Text, _>(args, |bits| Ok(bits::not(bits)))),
    strict("bitshiftleft", |args| map2::<Text, Int4, _>(args, |bits, count| Ok(bits::shift_left(bits, count)))),
    strict("bitshiftright", |args| map2::<Text, Int4, _>(args, |bits, count| Ok(bits::shift_right(bits, count)))),
    strict("bitcat", |args| map2::<Text, Text, _>(args, bits::concat)),
    strict("bitlength", |args| map1::<Text, _>(args, |bits| Ok(bits::length(bits)))),
    strict("bitoctetlength", |args| map1::<Text, _>(args, |bits| Ok(bits::octet_length(bits)))),
    strict("bit_bit_count", |args| map1::<Text, _>(args, |bits| Ok(bits::bit_count(bits)))),
    strict("bitsubstr", |args| {
        write3::<Text, Int4, Int4, Texts>(args, |bits, start, count, out| {
            put(out, bits::substring(bits, start, Some(count))?)
        })
    }),
    strict("bitsubstr_no_len", |args| {
        write2::<Text, Int4, Texts>(args, |bits, start, out| put(out, bits::substring(bits, start, None)?))
    }),
    strict("bitoverlay", |args| {
        map4::<Text, Text, Int4, Int4, _>(args, |bits, new, start, count| bits::overlay(bits, new, start, Some(count)))
    }),
    strict("bitoverlay_no_len", |args| {
        map3::<Text, Text, Int4, _>(args, |bits, new, start| bits::overlay(bits, new, start, None))
    }),
    strict("bitposition", |args| map2::<Text, Text, _>(args, |within, bits| Ok(bits::position(bits, within)))),
    strict("bitgetbit", |args| map2::<Text, Int4, _>(args, bits::get_bit)),
    strict("bitsetbit", |args| map3::<Text, Int4, Int4, _>(args, bits::set_bit)),
];

/// A cast is explicit; a call says what it is. A length that is none changes nothing.
fn bit(args: &Args<'_>) -> Result<ArrayRef> {
    let sized = |bits: &str, length: i32, is_explicit: bool, out: &mut Texts| -> Result<(), ValueError> {
        match length > 0 && length != bits::length(bits) {
            true => put(out, bits::bit(bits, length, is_explicit)?),
            false => put(out, bits),
        }
    };
    match args.values.len() {
        2 => write2::<Text, Int4, Texts>(args, |bits, length, out| sized(bits, length, true, out)),
        _ => write3::<Text, Int4, Bool, Texts>(args, sized),
    }
}

fn varbit(args: &Args<'_>) -> Result<ArrayRef> {
    let sized = |bits: &str, length: i32, is_explicit: bool, out: &mut Texts| -> Result<(), ValueError> {
        match length > 0 {
            true => put(out, bits::varbit(bits, length, is_explicit)?),
            false => put(out, bits),
        }
    };
    match args.values.len() {
        2 => write2::<Text, Int4, Texts>(args, |bits, length, out| sized(bits, length, true, out)),
        _ => write3::<Text, Int4, Bool, Texts>(args, sized),
    }
}

pub(super) const FOLDS: &[FoldProc] = &[
    FoldProc { name: "bits_bit_and", start: || Box::new(Combined { by: bits::and, so_far: None }) },
    FoldProc { name: "bits_bit_or", start: || Box::new(Combined { by: bits::or, so_far: None }) },
    FoldProc { name: "bits_bit_xor", start: || Box::new(Combined { by: bits::xor, so_far: None }) },
];

/// All bit strings, which must be of one length, combined bit by bit.
#[derive(Debug)]
struct Combined {
    by: fn(&str, &str) -> Result<String, ValueError>,
    so_far: Option<String>,
}

impl Combined {
    fn add(&mut self, bits: &str) -> Result<()> {
        self.so_far = Some(match &self.so_far {
            None => bits.to_owned(),
            Some(so_far) => (self.by)(so_far, bits).map_err(external)?,
        });
        Ok(())
    }
}

impl Fold for Combined {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let lacking = || DataFusionError::Internal("an aggregate lacks an argument".to_owned());
        for bits in Text::column(columns.first().ok_or_else(lacking)?)?.iter().flatten() {
            self.add(bits)?;
        }
        Ok(())
    }

    /// What begins with a sign is a value: an empty state is none.
    fn state(&self) -> Vec<u8> {
        self.so_far.as_ref().map_or_else(Vec::new, |bits| ["+", bits].concat().into_bytes())
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        match std::str::from_utf8(state).ok().map(|state| state.strip_prefix('+')) {
            Some(Some(bits)) => self.add(bits),
            _ if state.is_empty() => Ok(()),
            _ => Err(DataFusionError::Internal("the state of an aggregate is broken".to_owned())),
        }
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Utf8(self.so_far.clone()))
    }

    fn size(&self) -> usize {
        self.so_far.as_ref().map_or(0, String::capacity)
    }
}
