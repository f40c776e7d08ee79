//! Values of any types as json and jsonb: see [`weir_values::json`].
//!
//! What kind a value is, a column of texts doesn't tell. So the binder hands over, before the texts that are printed of
//! the values, a constant: [`Plan`].

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StringArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::ValueError;
use weir_values::datetime::{DateStyle, Style};
use weir_values::json::{self, Arg as Value, ArrayAgg, Kind, ObjectAgg};

use super::columns::{Arg, Args, Items, Source, Text, bounded, external, map2, unexpected};
use super::fold::{Fold, FoldProc};
use super::json::Checked;
use super::shapes::ShapedTexts;
use super::{Proc, datetime_text, of_session, seeing_nulls, strict, string};

pub(super) const PROCS: &[Proc] = &[
    strict("json_value_of", |args| {
        each_row(args, |plan, values| match values {
            [] | [Value::Null] => Ok(None),
            [value, ..] => json::to_json(plan.kind, *value).map(Some),
        })
    }),
    seeing_nulls("json_array_of", |args| each_row(args, |plan, values| plan.array(values).map(Some))),
    seeing_nulls("json_object_of", |args| each_row(args, |plan, values| plan.object(values).map(Some))),
    seeing_nulls("json_build_object_of", |args| {
        each_row(args, |plan, values| json::build_object(plan.kind, values).map(Some))
    }),
    seeing_nulls("json_row_of", |args| {
        each_row(args, |plan, values| {
            let fields = values.chunks_exact(2).filter_map(|pair| match pair {
                [Value::Text(name), value] => Some((*name, *value)),
                _ => None,
            });
            json::row_to_json(fields, plan.is_pretty).map(Some)
        })
    }),
    strict("json_items", |args| {
        map2::<Text, ShapedTexts, _>(args, |plan, (texts, dimensions)| {
            let plan = Plan::parse(plan);
            let values: Vec<Value<'_>> = texts.into_iter().map(|text| plan.value(0, text)).collect();
            json::array_to_json(&values, &dimensions, plan.is_pretty)
        })
    }),
    strict("json_array_of_items", |args| each_list(args, |plan, values| plan.array(values))),
    strict("json_build_object_of_items", |args| each_list(args, |plan, values| json::build_object(plan.kind, values))),
    strict("json_agg_items", |args| {
        map2::<Text, Items<Text>, _>(args, |plan, texts| Plan::parse(plan).collected(texts.into_iter()))
    }),
    strict("json_object_agg_items", |args| {
        map2::<Text, Pairs, _>(args, |plan, pairs| Plan::parse(plan).collected_pairs(pairs.into_iter()))
    }),
    of_session("json_moment", moments),
];

pub(super) const FOLDS: &[FoldProc] = &[
    FoldProc { name: "json_agg_of", start: || Box::new(Collected::of(false)) },
    FoldProc { name: "json_object_agg_of", start: || Box::new(Collected::of(true)) },
];

/// What is built of values, and which kinds they are: `b` stands for jsonb, `a` for no nulls, `u` for no key twice, `p`
/// for lines; behind a colon there is a letter for each value.
struct Plan<'p> {
    kind: Kind,
    absent_on_null: bool,
    unique_keys: bool,
    is_pretty: bool,
    letters: &'p [u8],
}

impl<'p> Plan<'p> {
    fn parse(text: &'p str) -> Self {
        let (flags, letters) = text.split_once(':').unwrap_or((text, ""));
        Self {
            kind: if flags.contains('b') { Kind::Jsonb } else { Kind::Json },
            absent_on_null: flags.contains('a'),
            unique_keys: flags.contains('u'),
            is_pretty: flags.contains('p'),
            letters: letters.as_bytes(),
        }
    }

    /// A value of the kind that a letter says.
    fn value<'t>(&self, at: usize, text: Option<&'t str>) -> Value<'t> {
        let Some(text) = text else { return Value::Null };
        match self.letters.get(at) {
            Some(b'n') => Value::Number(text),
            Some(b'b') => Value::Bool(text == "t"),
            Some(b'j') => Value::Json(text),
            Some(b'c') => Value::Composite(text),
            _ => Value::Text(text),
        }
    }

    fn array(&self, values: &[Value<'_>]) -> Checked<String> {
        json::build_array(self.kind, values, self.absent_on_null)
    }

    fn object(&self, values: &[Value<'_>]) -> Checked<String> {
        json::object(self.kind, values, self.absent_on_null, self.unique_keys)
    }

    /// What an aggregate of one argument gives.
    fn collected<'t>(&self, texts: impl Iterator<Item = Option<&'t str>>) -> Checked<Option<String>> {
        let mut built = ArrayAgg::default();
        for text in texts {
            match text {
                None if self.absent_on_null => built.skip(),
                text => built.push(self.kind, self.value(0, text))?,
            }
        }
        Ok(built.finish())
    }

    /// What an aggregate of keys and values gives.
    fn collected_pairs<'t>(
        &self,
        pairs: impl Iterator<Item = (Option<&'t str>, Option<&'t str>)>,
    ) -> Checked<Option<String>> {
        let mut built = ObjectAgg::default();
        for (key, value) in pairs {
            let (key, value) = (self.value(0, key), self.value(1, value));
            built.push(self.kind, key, value, self.absent_on_null, self.unique_keys)?;
        }
        built.finish(self.kind)
    }
}

/// Calls for each row with what is to be built and the values.
fn each_row(args: &Args<'_>, build: fn(&Plan<'_>, &[Value<'_>]) -> Checked<Option<String>>) -> Result<ArrayRef> {
    let plan = args.short(0)?;
    let plan = Plan::parse(string(&plan)?.iter().flatten().next().unwrap_or_default());
    let arrays = (1..args.values.len()).map(|at| args.short(at)).collect::<Result<Vec<_>>>()?;
    let mut sources = Vec::with_capacity(arrays.len());
    for array in &arrays {
        sources.push(Source::<Text>::new(array, args.rows)?);
    }
    let mut results = StringBuilder::new();
    let mut values = Vec::with_capacity(sources.len());
    for row in 0..args.rows {
        values.clear();
        for (at, source) in sources.iter().enumerate() {
            let text = if source.is_null(row) { None } else { Some(source.get(row).map_err(external)?) };
            values.push(plan.value(at, text));
        }
        results.append_option(build(&plan, &values).map_err(external)?);
        bounded(results.values_slice().len())?;
    }
    Ok(Arc::new(results.finish()))
}

/// The same where the values are an array's, all of one kind.
fn each_list(args: &Args<'_>, build: fn(&Plan<'_>, &[Value<'_>]) -> Checked<String>) -> Result<ArrayRef> {
    map2::<Text, Items<Text>, _>(args, |plan, texts| {
        let plan = Plan::parse(plan);
        let values: Vec<Value<'_>> = texts.into_iter().map(|text| plan.value(0, text)).collect();
        build(&plan, &values)
    })
}

/// An array of pairs, each an array of two texts.
struct Pairs;

impl Arg for Pairs {
    type Column<'c> = (&'c ListArray, &'c ListArray, &'c StringArray);
    type Value<'c> = Vec<(Option<&'c str>, Option<&'c str>)>;

    fn column(array: &ArrayRef) -> Result<Self::Column<'_>> {
        let lists = array.as_list_opt::<i32>().ok_or_else(|| unexpected(array))?;
        let pairs = lists.values().as_list_opt::<i32>().ok_or_else(|| unexpected(lists.values()))?;
        let texts = pairs.values().as_string_opt::<i32>().ok_or_else(|| unexpected(pairs.values()))?;
        Ok((lists, pairs, texts))
    }

    fn is_null(column: &Self::Column<'_>, at: usize) -> bool {
        column.0.is_null(at)
    }

    fn get<'c>(column: &Self::Column<'c>, at: usize) -> Result<Self::Value<'c>, ValueError> {
        let (lists, pairs, texts) = *column;
        let text = |place: usize| (!texts.is_null(place)).then(|| texts.value(place));
        let (bounds, starts) = (lists.value_offsets(), pairs.value_offsets());
        let places = bounds[at] as usize..bounds[at + 1] as usize;
        let whole = places.filter(|place| pairs.value_length(*place) == 2);
        Ok(whole.map(|place| (text(starts[place] as usize), text(starts[place] as usize + 1))).collect())
    }
}

/// Dates and moments as in JSON: ISO 8601 with a `T`, whatever DateStyle says.
fn moments(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.array(0)?;
    let style = Style { date_style: DateStyle::Iso, ..args.session.style() };
    let texts = datetime_text::texts(&array, &style).ok_or_else(|| unexpected(&array))?;
    let has_zone = match array.data_type() {
        DataType::Timestamp(_, zone) => zone.is_some(),
        _ => return Ok(Arc::new(texts)),
    };
    let mut results = StringBuilder::with_capacity(texts.len(), 0);
    let mut moment = String::new();
    for text in &texts {
        let Some((date, time)) = text.and_then(|text| text.split_once(' ')) else {
            results.append_option(text);
            continue;
        };
        let (time, era) = time.strip_suffix(" BC").map_or((time, ""), |time| (time, " BC"));
        moment.clear();
        moment.push_str(date);
        moment.push('T');
        moment.push_str(time);
        // The offset of a zone always has its minutes.
        if has_zone && time.rfind(['+', '-']).is_some_and(|sign| time.len() - sign == 3) {
            moment.push_str(":00");
        }
        moment.push_str(era);
        results.append_value(&moment);
    }
    Ok(Arc::new(results.finish()))
}

/// The arguments of an aggregate in their order; the result is built of them in the end.
#[derive(Debug)]
struct Collected {
    is_object: bool,
    /// Empty while there was no row.
    plan: String,
    /// The texts, each behind its length.
    texts: Vec<u8>,
}

/// The length of no text.
const NO_TEXT: u32 = u32::MAX;

impl Collected {
    fn of(is_object: bool) -> Self {
        Self { is_object, plan: String::new(), texts: Vec::new() }
    }

    fn push(&mut self, text: Option<&str>) {
        let length = text.map_or(NO_TEXT, |text| u32::try_from(text.len()).unwrap_or(NO_TEXT));
        self.texts.extend_from_slice(&length.to_le_bytes());
        self.texts.extend_from_slice(text.unwrap_or_default().as_bytes());
    }

    fn texts(&self) -> Texts<'_> {
        Texts(&self.texts)
    }
}

/// Reads back what was collected.
struct Texts<'t>(&'t [u8]);

impl<'t> Iterator for Texts<'t> {
    type Item = Option<&'t str>;

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length);
        if length == NO_TEXT {
            self.0 = rest;
            return Some(None);
        }
        let (text, rest) = rest.split_at_checked(length as usize)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Some)
    }
}

impl Fold for Collected {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some((plans, values)) = columns.split_first() else { return Ok(()) };
        if self.plan.is_empty()
            && let Some(plan) = string(plans)?.iter().flatten().next()
        {
            plan.clone_into(&mut self.plan);
        }
        let values = values.iter().map(string).collect::<Result<Vec<_>>>()?;
        for row in 0..plans.len() {
            for column in &values {
                self.push((!column.is_null(row)).then(|| column.value(row)));
            }
        }
        bounded(self.texts.len())
    }

    /// The plan behind its length, and the texts.
    fn state(&self) -> Vec<u8> {
        let mut state = Vec::with_capacity(1 + self.plan.len() + self.texts.len());
        state.push(u8::try_from(self.plan.len()).unwrap_or_default());
        state.extend_from_slice(self.plan.as_bytes());
        state.extend_from_slice(&self.texts);
        state
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        let broken = || DataFusionError::Internal("the state of an aggregate is broken".to_owned());
        let (length, rest) = state.split_first().ok_or_else(broken)?;
        let (plan, texts) = rest.split_at_checked(usize::from(*length)).ok_or_else(broken)?;
        if self.plan.is_empty() {
            std::str::from_utf8(plan).map_err(|_| broken())?.clone_into(&mut self.plan);
        }
        self.texts.extend_from_slice(texts);
        bounded(self.texts.len())
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        if self.plan.is_empty() {
            return Ok(ScalarValue::Utf8(None));
        }
        let plan = Plan::parse(&self.plan);
        let mut texts = self.texts();
        let built = match self.is_object {
            true => plan.collected_pairs(std::iter::from_fn(|| Some((texts.next()?, texts.next()?)))),
            false => plan.collected(texts),
        };
        Ok(ScalarValue::Utf8(built.map_err(external)?))
    }

    fn size(&self) -> usize {
        self.plan.capacity() + self.texts.capacity()
    }
}
