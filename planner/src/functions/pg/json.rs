//! json and jsonb over columns: see [`weir_values::json`].

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{Array, ArrayBuilder, ArrayRef, ListArray, ListBuilder, StringBuilder, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use weir_values::ValueError;
use weir_values::json::{self, Json, Kind};
use weir_values::numeric::Numeric;

use super::columns::{
    Arg, Args, Bool, Int4, Items, Maybe, Ret, Source, Text, bounded, external, map1, map2, map4, map5,
};
use super::compiled::Compiled;
use super::shapes::ShapedTexts;
use super::{Proc, seeing_nulls, strict, string};

pub(super) const PROCS: &[Proc] = &[
    strict("json_in", |args| checked(args, json::json_in)),
    strict("jsonb_in", |args| map1::<Text, _>(args, json::jsonb_in)),
    strict("jsonb_key", |args| map1::<Text, _>(args, json::jsonb_sort_key)),
    strict("jsonb_cmp", |args| map2::<Text, Text, _>(args, |a, b| Ok(json::jsonb_cmp(a, b)? as i32))),
    strict("json_object_field", |args| field(args, Kind::Json)),
    strict("jsonb_object_field", |args| field(args, Kind::Jsonb)),
    strict("json_object_field_text", |args| field_text(args, Kind::Json)),
    strict("jsonb_object_field_text", |args| field_text(args, Kind::Jsonb)),
    strict("json_array_element", |args| element(args, Kind::Json)),
    strict("jsonb_array_element", |args| element(args, Kind::Jsonb)),
    strict("json_array_element_text", |args| element_text(args, Kind::Json)),
    strict("jsonb_array_element_text", |args| element_text(args, Kind::Jsonb)),
    strict("json_extract_path", |args| path(args, Kind::Json)),
    strict("jsonb_extract_path", |args| path(args, Kind::Jsonb)),
    strict("json_extract_path_text", |args| path_text(args, Kind::Json)),
    strict("jsonb_extract_path_text", |args| path_text(args, Kind::Jsonb)),
    strict("jsonb_contains", |args| contains(args, 0, 1)),
    strict("jsonb_contained", |args| contains(args, 1, 0)),
    strict("jsonb_exists", |args| map2::<Text, Text, _>(args, json::jsonb_exists)),
    strict("jsonb_exists_any", |args| {
        map2::<Text, Items<Text>, _>(args, |text, keys| json::jsonb_exists_any(text, &keys))
    }),
    strict("jsonb_exists_all", |args| {
        map2::<Text, Items<Text>, _>(args, |text, keys| json::jsonb_exists_all(text, &keys))
    }),
    strict("jsonb_concat", |args| map2::<Text, Text, _>(args, json::jsonb_concat)),
    strict("jsonb_delete", |args| map2::<Text, Text, _>(args, json::jsonb_delete)),
    strict("jsonb_delete_idx", |args| map2::<Text, Int4, _>(args, json::jsonb_delete_index)),
    strict("jsonb_delete_array", |args| {
        map2::<Text, Items<Text>, _>(args, |text, keys| json::jsonb_delete_array(text, &keys))
    }),
    strict("jsonb_delete_path", |args| {
        map2::<Text, Items<Text>, _>(args, |text, path| json::jsonb_delete_path(text, &path))
    }),
    strict("jsonb_set", |args| {
        map4::<Text, Items<Text>, Text, Bool, _>(args, |text, path, new, creates| {
            json::jsonb_set(text, &path, new, creates)
        })
    }),
    seeing_nulls("jsonb_set_lax", set_lax),
    strict("jsonb_insert", |args| {
        map4::<Text, Items<Text>, Text, Bool, _>(args, |text, path, new, after| {
            json::jsonb_insert(text, &path, new, after)
        })
    }),
    strict("json_typeof", |args| map1::<Text, _>(args, |text| Ok(json::type_of(text)))),
    strict("jsonb_typeof", |args| map1::<Text, _>(args, |text| Ok(json::type_of(text)))),
    strict("json_array_length", |args| map1::<Text, _>(args, json::array_length)),
    strict("jsonb_array_length", |args| map1::<Text, _>(args, json::array_length)),
    strict("json_strip_nulls", |args| map1::<Text, _>(args, json::json_strip_nulls)),
    strict("jsonb_strip_nulls", |args| map1::<Text, _>(args, json::jsonb_strip_nulls)),
    strict("jsonb_pretty", |args| map1::<Text, _>(args, json::jsonb_pretty)),
    strict("jsonb_bool", |args| map1::<Text, _>(args, json::jsonb_bool)),
    strict("jsonb_numeric", |args| {
        map1::<Text, _>(args, |text| json::jsonb_number(text, "numeric").map(str::to_owned))
    }),
    strict("jsonb_int2", |args| number(args, "smallint", Numeric::to_i16)),
    strict("jsonb_int4", |args| number(args, "integer", Numeric::to_i32)),
    strict("jsonb_int8", |args| number(args, "bigint", Numeric::to_i64)),
    strict("jsonb_float4", |args| number(args, "real", Numeric::to_f32)),
    strict("jsonb_float8", |args| number(args, "double precision", Numeric::to_f64)),
    strict("json_array_elements", |args| elements(args, Kind::Json, "json_array_elements")),
    strict("jsonb_array_elements", |args| elements(args, Kind::Jsonb, "jsonb_array_elements")),
    strict("json_array_elements_text", |args| elements_text(args, Kind::Json)),
    strict("jsonb_array_elements_text", |args| elements_text(args, Kind::Jsonb)),
    strict("json_object_keys", |args| keys(args, Kind::Json)),
    strict("jsonb_object_keys", |args| keys(args, Kind::Jsonb)),
    strict("json_each", |args| pairs(args, Kind::Json, "json_each", false)),
    strict("jsonb_each", |args| pairs(args, Kind::Jsonb, "jsonb_each", false)),
    strict("json_each_text", |args| pairs(args, Kind::Json, "json_each_text", true)),
    strict("jsonb_each_text", |args| pairs(args, Kind::Jsonb, "jsonb_each_text", true)),
    strict("json_object", |args| object(args, Kind::Json)),
    strict("jsonb_object", |args| object(args, Kind::Jsonb)),
    strict("json_object_two_arg", |args| object_of_two(args, Kind::Json)),
    strict("jsonb_object_two_arg", |args| object_of_two(args, Kind::Jsonb)),
];

pub(super) type Checked<T> = std::result::Result<T, ValueError>;

/// Whether an argument is the same for all rows.
pub(super) fn is_constant(args: &Args<'_>, at: usize) -> bool {
    matches!(args.values.get(at), Some(ColumnarValue::Scalar(_)))
}

fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// A tree with texts of its own.
pub(super) fn lasting(value: Json<'_>) -> Json<'static> {
    match value {
        Json::Null => Json::Null,
        Json::Bool(flag) => Json::Bool(flag),
        Json::Number(text) => Json::Number(own(text)),
        Json::String(text) => Json::String(own(text)),
        Json::Array(items) => Json::Array(items.into_iter().map(lasting).collect()),
        Json::Object(pairs) => Json::Object(pairs.into_iter().map(|(key, value)| (own(key), lasting(value))).collect()),
    }
}

/// The texts as they are, if none of them is refused.
pub(super) fn checked(args: &Args<'_>, check: fn(&str) -> Checked<()>) -> Result<ArrayRef> {
    let texts = args.array(0)?;
    for text in string(&texts)?.iter().flatten() {
        check(text).map_err(external)?;
    }
    Ok(texts)
}

fn contains(args: &Args<'_>, whole: usize, part: usize) -> Result<ArrayRef> {
    let is_known = is_constant(args, part);
    let is_swapped = whole > part;
    let mut known = Compiled::of(args);
    map2::<Text, Text, _>(args, |left, right| {
        let (whole, part) = if is_swapped { (right, left) } else { (left, right) };
        match is_known {
            true => {
                let part = known.get(part, "", || Ok(lasting(json::jsonb_parse(part)?)))?;
                json::jsonb_contains_tree(whole, part)
            }
            false => json::jsonb_contains(whole, part),
        }
    })
}

fn number<R: Ret>(args: &Args<'_>, type_name: &str, convert: fn(&Numeric) -> Checked<R>) -> Result<ArrayRef> {
    map1::<Text, _>(args, |text| convert(&Numeric::parse(json::jsonb_number(text, type_name)?)?))
}

fn set_lax(args: &Args<'_>) -> Result<ArrayRef> {
    map5::<Maybe<Text>, Maybe<Items<Text>>, Maybe<Text>, Maybe<Bool>, Maybe<Text>, _>(
        args,
        |text, path, new, creates, treatment| match (text, path, creates) {
            (Some(text), Some(path), Some(creates)) => {
                json::jsonb_set_lax(text, &path, new, creates, treatment).map(Some)
            }
            _ => Ok(None),
        },
    )
}

/// A part of each text, which is copied from it only once.
fn parts<B: Arg>(
    args: &Args<'_>,
    mut part: impl for<'a, 'b> FnMut(&'a str, B::Value<'b>) -> Checked<Option<Cow<'a, str>>>,
) -> Result<ArrayRef> {
    let (texts, wanted) = (args.short(0)?, args.short(1)?);
    let (texts, wanted) = (Source::<Text>::new(&texts, args.rows)?, Source::<B>::new(&wanted, args.rows)?);
    let mut results = StringBuilder::new();
    for row in 0..args.rows {
        if texts.is_null(row) || wanted.is_null(row) {
            results.append_null();
            continue;
        }
        let (text, wanted) = (texts.get(row).map_err(external)?, wanted.get(row).map_err(external)?);
        results.append_option(part(text, wanted).map_err(external)?);
        bounded(results.values_slice().len())?;
    }
    Ok(Arc::new(results.finish()))
}

fn field(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Text>(args, |text, key| Ok(json::object_field(kind, text, key)?.map(Cow::Borrowed)))
}

fn field_text(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Text>(args, |text, key| json::object_field_text(kind, text, key))
}

fn element(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Int4>(args, |text, at| Ok(json::array_element(kind, text, at)?.map(Cow::Borrowed)))
}

fn element_text(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Int4>(args, |text, at| json::array_element_text(kind, text, at))
}

fn path(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Items<Text>>(args, |text, path| Ok(json::extract_path(kind, text, &path)?.map(Cow::Borrowed)))
}

fn path_text(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    parts::<Items<Text>>(args, |text, path| json::extract_path_text(kind, text, &path))
}

/// An array of texts for each text.
fn lists(args: &Args<'_>, mut fill: impl FnMut(&str, &mut StringBuilder) -> Checked<()>) -> Result<ArrayRef> {
    let texts = args.array(0)?;
    let mut results = ListBuilder::new(StringBuilder::new());
    for text in string(&texts)? {
        if let Some(text) = text {
            fill(text, results.values()).map_err(external)?;
        }
        results.append(text.is_some());
        bounded(results.values().values_slice().len())?;
    }
    Ok(Arc::new(results.finish()))
}

fn elements(args: &Args<'_>, kind: Kind, function: &str) -> Result<ArrayRef> {
    lists(args, |text, found| {
        json::array_elements(kind, function, text)?.for_each(|element| found.append_value(element));
        Ok(())
    })
}

fn elements_text(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    lists(args, |text, found| {
        json::array_elements_text(kind, text)?.into_iter().for_each(|element| found.append_option(element));
        Ok(())
    })
}

fn keys(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    lists(args, |text, found| {
        json::object_keys(kind, text)?.into_iter().for_each(|key| found.append_value(key));
        Ok(())
    })
}

/// The pairs of each object, as an array of records.
fn pairs(args: &Args<'_>, kind: Kind, function: &str, is_text: bool) -> Result<ArrayRef> {
    let DataType::List(item) = args.result else { return Err(no_records()) };
    let DataType::Struct(fields) = item.data_type() else { return Err(no_records()) };
    let texts = args.array(0)?;
    let texts = string(&texts)?;
    let (mut keys, mut values) = (StringBuilder::new(), StringBuilder::new());
    let mut lengths = Vec::with_capacity(texts.len());
    for text in texts {
        let before = keys.len();
        if let Some(text) = text {
            for pair in json::each(kind, function, text).map_err(external)? {
                let (key, value) = pair.map_err(external)?;
                keys.append_value(key);
                match is_text {
                    true => values.append_option(json::value_text(value).map_err(external)?),
                    false => values.append_value(value),
                }
            }
        }
        lengths.push(keys.len() - before);
        bounded(keys.values_slice().len() + values.values_slice().len())?;
    }
    let columns: Vec<ArrayRef> = vec![Arc::new(keys.finish()), Arc::new(values.finish())];
    let records = Arc::new(StructArray::try_new(fields.clone(), columns, None)?);
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(item), offsets, records, texts.nulls().cloned())?))
}

fn no_records() -> DataFusionError {
    DataFusionError::Internal("an array of records was expected".to_owned())
}

fn object(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    map1::<ShapedTexts, _>(args, |(texts, dimensions)| json::object_from_array(kind, &texts, &dimensions))
}

fn object_of_two(args: &Args<'_>, kind: Kind) -> Result<ArrayRef> {
    map2::<ShapedTexts, ShapedTexts, _>(args, |(keys, of_keys), (values, of_values)| {
        json::object_from_arrays(kind, &keys, &values, (of_keys.len(), of_values.len()))
    })
}
