//! Values as texts and back.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::Field;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use std::sync::Arc;
use weir_values::{ValueError, float};

use super::columns::{Args, Text, external, map1, unexpected};
use super::{Proc, datetime_text, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    of_session("text_of", printed),
    of_session("array_in", read),
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

/// The values that texts are, of the result's type.
fn read(args: &Args<'_>) -> Result<ArrayRef> {
    let texts = args.array(0)?;
    let texts = texts.as_string_opt::<i32>().ok_or_else(|| unexpected(&texts))?;
    let field = Field::new("", args.result.clone(), true);
    let style = args.session.encoder_style();
    let null = ScalarValue::try_from(args.result)?;
    let mut values = Vec::with_capacity(texts.len());
    for text in texts {
        values.push(match text {
            Some(text) => {
                let value = weir_encode::read_text(&field, text, &style).map_err(of_encoder)?;
                if value.data_type() == *args.result { value } else { value.cast_to(args.result)? }
            }
            None => null.clone(),
        });
    }
    match values.is_empty() {
        true => Ok(arrow::array::new_empty_array(args.result)),
        false => ScalarValue::iter_to_array(values),
    }
}

pub(super) fn of_encoder(error: weir_encode::EncodeError) -> datafusion::error::DataFusionError {
    external(ValueError::new(error.sqlstate(), error.message()))
}
