//! Values as texts and back.

use arrow::array::{ArrayBuilder, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::Field;
use datafusion::error::Result;
use std::sync::Arc;
use weir_values::{ValueError, float};

use super::columns::{Args, Text, bounded, external, map1, unexpected};
use super::shapes::Results;
use super::{Proc, datetime_text, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    of_session("text_of", printed),
    strict("array_in", read),
    strict("float4in", |args| map1::<Text, _>(args, float::parse_f32)),
    strict("float8in", |args| map1::<Text, _>(args, float::parse_f64)),
];

/// What is printed of each value.
fn printed(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    if array.data_type().is_temporal()
        && let Some(texts) = datetime_text::texts(&array, &args.session.style())
    {
        return Ok(Arc::new(texts));
    }
    let field = Field::new("", array.data_type().clone(), true);
    let texts = weir_encode::texts(array.as_ref(), &field, &args.session.encoder_style()).map_err(of_encoder)?;
    Ok(Arc::new(texts))
}

/// The arrays of texts that texts are.
fn read(args: &Args<'_>) -> Result<ArrayRef> {
    let texts = args.array(0)?;
    let texts = texts.as_string_opt::<i32>().ok_or_else(|| unexpected(&texts))?;
    let mut items = StringBuilder::new();
    let mut results = Results::new();
    for text in texts {
        let array = text.map(weir_values::array::Array::parse).transpose().map_err(external)?;
        let array = array.map(|array| {
            array.try_map(|item| {
                items.append_value(item);
                Ok((0, items.len() - 1))
            })
        });
        results.push(array.transpose().map_err(external)?)?;
        bounded(items.values_slice().len())?;
    }
    let items: ArrayRef = Arc::new(items.finish());
    results.finish(&[&items], args.result)
}

pub(super) fn of_encoder(error: weir_encode::EncodeError) -> datafusion::error::DataFusionError {
    external(ValueError::new(error.sqlstate(), error.message()))
}
