//! How the texts of ranges and multiranges are read, and the functions of theirs that go by the type's name.

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::numeric::Numeric;
use weir_values::range;

use super::columns::{Args, Date, Int4, Int8, Text, Timestamp, map1, map2};
use super::range_types::{Dates, Element, Moments, Numerics, multirange_text, range_text};
use super::{Proc, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("int4range_in", read_range::<range::Int4>),
    strict("int8range_in", read_range::<range::Int8>),
    strict("numrange_in", read_range::<Numerics>),
    of_session("daterange_in", read_range::<Dates>),
    of_session("tsrange_in", read_range::<Moments<false>>),
    of_session("tstzrange_in", read_range::<Moments<true>>),
    strict("int4multirange_in", read_multirange::<range::Int4>),
    strict("int8multirange_in", read_multirange::<range::Int8>),
    strict("nummultirange_in", read_multirange::<Numerics>),
    of_session("datemultirange_in", read_multirange::<Dates>),
    of_session("tsmultirange_in", read_multirange::<Moments<false>>),
    of_session("tstzmultirange_in", read_multirange::<Moments<true>>),
    // They are held so.
    strict("int4range_canonical", |args| args.array(0)),
    strict("int8range_canonical", |args| args.array(0)),
    strict("daterange_canonical", |args| args.array(0)),
    strict("int4range_subdiff", |args| map2::<Int4, Int4, _>(args, |a, b| Ok(f64::from(a) - f64::from(b)))),
    strict("int8range_subdiff", |args| map2::<Int8, Int8, _>(args, |a, b| Ok(a as f64 - b as f64))),
    strict("numrange_subdiff", |args| {
        map2::<Text, Text, _>(args, |a, b| Numeric::parse(a)?.sub(&Numeric::parse(b)?)?.to_f64())
    }),
    strict("daterange_subdiff", |args| map2::<Date, Date, _>(args, |a, b| Ok(f64::from(a) - f64::from(b)))),
    strict("tsrange_subdiff", seconds),
    strict("tstzrange_subdiff", seconds),
];

/// As the session's settings say, to how ranges are held.
fn read_range<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let (given, held) = (S::of_session(args.session), S::held());
    map1::<Text, _>(args, |text| Ok(range_text(&held, range::parse_range(&given, text)?.as_ref())))
}

fn read_multirange<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let (given, held) = (S::of_session(args.session), S::held());
    map1::<Text, _>(args, |text| Ok(multirange_text(&held, &range::parse_multirange(&given, text)?)))
}

fn seconds(args: &Args<'_>) -> Result<ArrayRef> {
    map2::<Timestamp, Timestamp, _>(args, |a, b| Ok((a as f64 - b as f64) / 1e6))
}
