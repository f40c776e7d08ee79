//! By how much a function's result may outgrow its arguments.
//!
//! Each formula is an upper bound that also holds for many rows together: sums for what adds up, the longest or greatest
//! for what multiplies. So most batches are let through by one look at their totals, and rows are gone through only
//! where these say too much; texts only where even the rows' lengths do.

use arrow::array::{Array, ArrayRef, AsArray, GenericListArray, OffsetSizeTrait};
use arrow::datatypes::{DataType, Field, Float16Type, Float32Type, Float64Type, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions::regex::regexp_count;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};

use super::arguments::{Arguments, Rows};
use super::extent::Extent;
use super::range::Series;
use super::{FunctionError, MAX_BATCH_BYTES, MAX_VALUE_BYTES};

/// Of an element that the engine copies by an index, builds with a builder that doubles, or both.
const ELEMENT_BYTES: u64 = 16;
/// Of an element of a series.
const NUMBER_BYTES: u64 = 8;
/// The longest text of a value that isn't text itself: a `numeric` of 76 digits, an interval.
const VALUE_TEXT_BYTES: u64 = 80;
/// The same for floating point, which is written without exponents: 5e-324 takes 326 characters.
const FLOAT_TEXT_BYTES: u64 = 330;
/// The longest text that a character of a date's pattern stands for: `%+` is 35 characters.
const PATTERN_GROWTH: u64 = 20;
/// Of an entry in the table by which characters are translated.
const TRANSLATION_BYTES: u64 = 48;
/// Of a part of a dotted name, while it is taken apart.
const NAME_PART_BYTES: u64 = 32;
/// What begins a reference to what was matched.
const REFERENCES: &[char] = &['\\', '$'];
/// As in PostgreSQL's fuzzystrmatch.
const MAX_LEVENSHTEIN_CHARACTERS: usize = 255;

/// Pairs of elements that a batch may have compared: some seconds.
const MAX_PAIRS: u64 = 1 << 30;
/// Pairs of bytes that a batch may have compared: some seconds, since a comparison takes many bytes at once.
const MAX_SEARCH: u64 = 1 << 36;

/// Pairs of characters that a batch may have compared: a second.
const MAX_TRIM: u64 = 1 << 34;

/// Bytes of a row's result.
type SizeOfRow<'a> = Box<dyn Fn(usize) -> u64 + 'a>;

/// How the room of a result is told from the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::functions) enum Growth {
    /// The arguments one behind another.
    Sum,
    /// The same with the first argument between the others.
    Joined,
    /// The first argument as often as the second says.
    Repeat,
    /// As many characters as the second argument says.
    Pad,
    /// The third argument for each place where the second stands in the first.
    Replace,
    /// Characters for characters.
    Translate,
    /// The second argument within the first.
    Overlay,
    /// Two digits for a byte.
    Encode,
    /// The third argument for places that the second matches, with copies of what it matched.
    RegexpReplace,
    /// A copy for each group of the second argument.
    RegexpMatch,
    /// The second argument is a pattern of dates.
    DatePattern,
    /// Quotes doubled.
    Quote,
    /// A name taken apart.
    NameParts,
    /// An element for each part between the second argument.
    Split,
    /// Elements as text, with the second argument between them and the third for those that are missing.
    ArrayText,
    /// The first argument as an element, as often as the second says.
    ArrayRepeat,
    /// One element like the third argument.
    ArrayReplace,
    /// Any elements like the third argument.
    ArrayReplaceAll,
    /// Elements of all arguments beside each other, as many as the longest has.
    ArrayZip,
    /// Elements from one bound to another.
    Range,
    /// No growth: the time grows with the product of the lengths, and nothing interrupts it.
    Levenshtein,
    /// The same with the numbers of two arrays' elements.
    Pairs,
    /// The same where the second text is looked for in the first.
    Search,
    /// The same where each character of the first text is looked for in the second.
    Trim,
}

impl Growth {
    /// What the function of this name does; `None` for those that don't outgrow their arguments.
    pub fn of(function: &str) -> Option<Self> {
        Some(match function {
            "concat" | "make_array" | "array_append" | "array_prepend" | "array_concat" | "array_union" => Self::Sum,
            "concat_ws" => Self::Joined,
            "repeat" => Self::Repeat,
            "lpad" | "rpad" => Self::Pad,
            "replace" => Self::Replace,
            "translate" => Self::Translate,
            "overlay" => Self::Overlay,
            "encode" => Self::Encode,
            "regexp_replace" => Self::RegexpReplace,
            "regexp_match" => Self::RegexpMatch,
            "to_char" => Self::DatePattern,
            "quote_ident" => Self::Quote,
            "parse_ident" => Self::NameParts,
            "string_to_array" => Self::Split,
            "array_to_string" => Self::ArrayText,
            "array_repeat" => Self::ArrayRepeat,
            "array_replace" => Self::ArrayReplace,
            "array_replace_n" | "array_replace_all" => Self::ArrayReplaceAll,
            "arrays_zip" => Self::ArrayZip,
            "range" | "generate_series" => Self::Range,
            "levenshtein" => Self::Levenshtein,
            "array_has_all" | "array_has_any" => Self::Pairs,
            "strpos" => Self::Search,
            "btrim" | "ltrim" | "rtrim" => Self::Trim,
            _ => return None,
        })
    }

    /// An error for a call whose result would take more room than it may.
    pub fn check(self, call: &ScalarFunctionArgs) -> Result<()> {
        let arguments = Arguments::new(call);
        match self {
            Self::Levenshtein => return Ok(levenshtein(&arguments)?),
            Self::Pairs => return Ok(within(&arguments, MAX_PAIRS, |extent| extent.slots)?),
            Self::Search => return Ok(within(&arguments, MAX_SEARCH, |extent| extent.bytes)?),
            Self::Trim => return Ok(within(&arguments, MAX_TRIM, |extent| extent.bytes)?),
            Self::Range => {
                let series = Series::new(&arguments);
                return match fits(&arguments, 0, |row| series.elements(row).saturating_mul(NUMBER_BYTES)) {
                    true => Ok(()),
                    false => Err(FunctionError::TooLarge.into()),
                };
            }
            _ => {}
        }
        if self.room(arguments.all()) <= MAX_VALUE_BYTES {
            return Ok(());
        }
        let spread = arguments.spread();
        if fits(&arguments, spread, |row| self.room(arguments.row(row))) {
            return Ok(());
        }
        // Counting matches spreads the constants too.
        if spread <= MAX_BATCH_BYTES
            && let Some(exactly) = self.exactly(&arguments, call)?
            && fits(&arguments, spread, exactly)
        {
            return Ok(());
        }
        Err(FunctionError::TooLarge.into())
    }

    /// Bytes of the results, or more.
    fn room(self, rows: Rows<'_>) -> u64 {
        let spread = rows.single().map_or_else(|| rows.spread(), |_| 0);
        spread.saturating_add(self.result(rows))
    }

    fn result(self, rows: Rows<'_>) -> u64 {
        let bytes = |argument| rows.sum(argument).bytes;
        let room = |argument| rows.sum(argument).room();
        let each = |size: u64| rows.count().saturating_mul(size);
        let last = rows.arguments();
        match self {
            Self::Sum => add((0..last).map(room)),
            Self::Joined => {
                let between = last.saturating_sub(2) as u64;
                add((1..last).map(room)).saturating_add(bytes(0).saturating_mul(between))
            }
            Self::Repeat => bytes(0).saturating_mul(rows.greatest(1)),
            Self::Pad => {
                let width = if last < 3 { 1 } else { rows.constant_text(2).map_or(4, widest) };
                bytes(0).saturating_add(each(rows.greatest(1).saturating_mul(width)))
            }
            Self::Replace => {
                let shortest = rows.constant_text(1).map_or(1, |from| from.len().max(1)) as u64;
                let found = bytes(0) / shortest;
                bytes(0).saturating_add(found.saturating_mul(rows.longest(2)))
            }
            Self::Translate => {
                let table = rows.longest(1).saturating_mul(TRANSLATION_BYTES);
                bytes(0).saturating_mul(rows.constant_text(2).map_or(4, widest)).saturating_add(table)
            }
            // With a negative count some of the first argument comes twice.
            Self::Overlay => bytes(0).saturating_mul(2).saturating_add(bytes(1)),
            Self::Encode | Self::Quote => bytes(0).saturating_mul(2).saturating_add(each(ELEMENT_BYTES)),
            Self::RegexpReplace => {
                let matches = if is_global(rows) { bytes(0).saturating_add(rows.count()) } else { rows.count() };
                replaced(bytes(0), matches, rows.longest(2), references(rows))
            }
            Self::RegexpMatch => {
                let groups = rows.constant_text(1).map_or(rows.longest(1), |pattern| count(pattern, &['(']));
                room(0).saturating_mul(groups.saturating_add(1))
            }
            Self::DatePattern => bytes(1).saturating_mul(PATTERN_GROWTH).saturating_add(each(ELEMENT_BYTES)),
            Self::NameParts => bytes(0).saturating_mul(NAME_PART_BYTES),
            Self::Split => {
                let shortest = rows.constant_text(1).map_or(1, |between| between.len().max(1)) as u64;
                split(bytes(0), (bytes(0) / shortest).saturating_add(rows.count()))
            }
            Self::ArrayText => {
                let between = rows.longest(1).saturating_add(rows.longest(2));
                let sum = rows.sum(0);
                let texts = sum.slots.saturating_mul(rows.element_text(0));
                sum.bytes.saturating_add(texts).saturating_add(sum.slots.saturating_mul(between))
            }
            Self::ArrayRepeat => {
                let element = room(0).saturating_add(each(ELEMENT_BYTES));
                element.saturating_mul(rows.greatest(1))
            }
            Self::ArrayReplace => room(0).saturating_add(room(2)),
            Self::ArrayReplaceAll => room(0).saturating_add(rows.sum(0).slots.saturating_mul(rows.longest(2))),
            Self::ArrayZip => {
                let slots = add((0..last).map(|argument| rows.sum(argument).slots));
                add((0..last).map(room)).saturating_add(slots.saturating_mul(ELEMENT_BYTES * last as u64))
            }
            Self::Range | Self::Levenshtein | Self::Pairs | Self::Search | Self::Trim => 0,
        }
    }

    /// Bytes of each row's result by what stands in the texts, where that says more than their lengths.
    fn exactly<'a>(self, arguments: &'a Arguments<'a>, call: &ScalarFunctionArgs) -> Result<Option<SizeOfRow<'a>>> {
        let text = |argument, row| arguments.text(argument, row).unwrap_or_default();
        Ok(match self {
            Self::Pad => Some(Box::new(move |row| {
                let (padded, fill) = (text(0, row), arguments.text(2, row).unwrap_or(" "));
                let wanted = arguments.number(1, row).map_or(0, |wanted| usize::try_from(wanted).unwrap_or(0));
                let missing = wanted.saturating_sub(padded.chars().count()) as u64;
                missing.saturating_mul(widest(fill)).saturating_add(padded.len() as u64)
            })),
            Self::Replace => Some(Box::new(move |row| {
                let (within, from, to) = (text(0, row), text(1, row), text(2, row));
                let found = if from.is_empty() { 0 } else { within.matches(from).count() as u64 };
                (within.len() as u64).saturating_add(found.saturating_mul(to.len() as u64))
            })),
            Self::Split => Some(Box::new(move |row| {
                let within = text(0, row);
                let parts = match arguments.text(1, row) {
                    Some("") => 1,
                    Some(between) => within.matches(between).count() + 1,
                    None => within.chars().count(),
                };
                split(within.len() as u64, parts as u64)
            })),
            Self::RegexpReplace => matches(call)?.map(|found| -> SizeOfRow<'a> {
                let found = found.as_primitive::<Int64Type>().clone();
                Box::new(move |row| {
                    let place = if found.len() == 1 { 0 } else { row };
                    let found = if found.is_null(place) { 0 } else { found.value(place).max(0).cast_unsigned() };
                    let (within, to) = (text(0, row), text(2, row));
                    replaced(within.len() as u64, found, to.len() as u64, count(to, REFERENCES))
                })
            }),
            Self::ArrayText => Some(Box::new(move |row| {
                let rows = arguments.row(row);
                let sum = rows.sum(0);
                let between = rows.longest(1).saturating_add(rows.longest(2));
                let floats = arguments.array(0).and_then(|(array, constant)| {
                    let row = if constant { 0 } else { row };
                    float_texts(&array.slice(row, 1))
                });
                let texts = floats.unwrap_or_else(|| sum.slots.saturating_mul(rows.element_text(0)));
                sum.bytes.saturating_add(texts).saturating_add(sum.slots.saturating_mul(between))
            })),
            _ => None,
        })
    }
}

/// Whether each row's value, and all of them with the constants that are spread over them, are small enough.
fn fits(arguments: &Arguments<'_>, spread: u64, size: impl Fn(usize) -> u64) -> bool {
    let mut sum = spread;
    for row in 0..arguments.rows() {
        let size = size(row);
        if size > MAX_VALUE_BYTES {
            return false;
        }
        sum = sum.saturating_add(size);
    }
    sum <= MAX_BATCH_BYTES
}

fn add(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

/// Bytes of a text after `found` replacements by a text of `to` bytes, which refers to what was matched so many times.
/// Matches don't overlap, so that all copies of one group together are no longer than the text.
fn replaced(within: u64, found: u64, to: u64, references: u64) -> u64 {
    let references = if found == 0 { 0 } else { references };
    within.saturating_add(found.saturating_mul(to)).saturating_add(within.saturating_mul(references))
}

fn split(within: u64, parts: u64) -> u64 {
    within.saturating_add(parts.saturating_mul(ELEMENT_BYTES))
}

/// Bytes of a text's widest character.
fn widest(text: &str) -> u64 {
    match text.is_ascii() {
        true => 1,
        false => text.chars().map(char::len_utf8).max().unwrap_or(1) as u64,
    }
}

fn count(text: &str, characters: &[char]) -> u64 {
    text.matches(characters).count() as u64
}

/// Whether `regexp_replace` replaces more than the first match.
fn is_global(rows: Rows<'_>) -> bool {
    match rows.arguments() {
        ..4 => false,
        _ => rows.constant_text(3).is_none_or(|flags| flags.contains('g')),
    }
}

/// How often the replacement refers to what was matched: `\1`, `${1}`, `$name`.
fn references(rows: Rows<'_>) -> u64 {
    let in_row = || rows.single().and_then(|(arguments, row)| arguments.text(2, row));
    let to = rows.constant_text(2).or_else(in_row);
    to.map_or_else(|| rows.longest(2), |to| count(to, REFERENCES))
}

/// How often the pattern of `regexp_replace` matches in each row; `None` where that isn't for the engine to say.
fn matches(call: &ScalarFunctionArgs) -> Result<Option<ArrayRef>> {
    let [within, pattern, _, ColumnarValue::Scalar(flags)] = call.args.as_slice() else { return Ok(None) };
    let mut arguments = vec![within.clone(), pattern.clone()];
    let mut fields: Vec<_> = call.arg_fields.iter().take(2).cloned().collect();
    let other_flags = flags.try_as_str().flatten().unwrap_or_default().replace('g', "");
    if !other_flags.is_empty() {
        let other_flags = ScalarValue::Utf8(Some(other_flags)).cast_to(&flags.data_type())?;
        arguments.extend([ScalarValue::Int64(Some(1)), other_flags].map(ColumnarValue::Scalar));
        fields.extend(call.arg_fields.get(3).into_iter().flat_map(|field| [field.clone(), field.clone()]));
    }
    let counted = regexp_count().inner().invoke_with_args(ScalarFunctionArgs {
        args: arguments,
        arg_fields: fields,
        number_rows: call.number_rows,
        return_field: Field::new("found", DataType::Int64, true).into(),
        config_options: call.config_options.clone(),
    })?;
    let counted = counted.to_array(1)?;
    Ok(counted.as_primitive_opt::<Int64Type>().is_some().then_some(counted))
}

impl Rows<'_> {
    /// Bytes of an element of a list, however deep, as text, beside the bytes that it has as a value.
    fn element_text(self, argument: usize) -> u64 {
        let mut data_type = self.data_type(argument);
        while let Some(DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _)) =
            &data_type
        {
            data_type = Some(field.data_type().clone());
        }
        match data_type {
            Some(DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) => 0,
            Some(DataType::Float16 | DataType::Float32 | DataType::Float64) => FLOAT_TEXT_BYTES,
            _ => VALUE_TEXT_BYTES,
        }
    }
}

/// Characters of the floating point numbers in lists; `None` if other values are in them.
fn float_texts(array: &ArrayRef) -> Option<u64> {
    match array.data_type() {
        DataType::List(_) => float_texts(&elements(array.as_list::<i32>())),
        DataType::LargeList(_) => float_texts(&elements(array.as_list::<i64>())),
        DataType::Float16 => {
            Some(add(array.as_primitive::<Float16Type>().values().iter().map(|value| float_text(f64::from(*value)))))
        }
        DataType::Float32 => {
            Some(add(array.as_primitive::<Float32Type>().values().iter().map(|value| float_text(f64::from(*value)))))
        }
        DataType::Float64 => {
            Some(add(array.as_primitive::<Float64Type>().values().iter().map(|value| float_text(*value))))
        }
        _ => None,
    }
}

/// The elements of all lists of an array, which may be a part of another.
fn elements<O: OffsetSizeTrait>(lists: &GenericListArray<O>) -> ArrayRef {
    match lists.value_offsets() {
        [first, .., last] => lists.values().slice(first.as_usize(), last.as_usize() - first.as_usize()),
        _ => lists.values().slice(0, 0),
    }
}

/// Digits before and behind the point, by the power of ten.
fn float_text(value: f64) -> u64 {
    let power = value.abs().log10();
    // Zero and infinity have no power; what is no number has none either.
    24 + if power.is_finite() { power.abs() as u64 } else { 0 }
}

/// The lengths of the first two arguments, multiplied and added up over the rows, may not be more than `most`.
fn within(arguments: &Arguments<'_>, most: u64, length: fn(Extent) -> u64) -> Result<(), FunctionError> {
    let pairs = |rows: Rows<'_>| length(rows.sum(0)).saturating_mul(length(rows.sum(1)));
    if pairs(arguments.all()) <= most || add((0..arguments.rows()).map(|row| pairs(arguments.row(row)))) <= most {
        return Ok(());
    }
    Err(FunctionError::TooMuchWork)
}

/// Neither argument may be longer than PostgreSQL lets it be, unless the other is empty.
fn levenshtein(arguments: &Arguments<'_>) -> Result<(), FunctionError> {
    let long =
        |text: &str| text.len() > MAX_LEVENSHTEIN_CHARACTERS && text.chars().count() > MAX_LEVENSHTEIN_CHARACTERS;
    for row in 0..arguments.rows() {
        if let (Some(one), Some(other)) = (arguments.text(0, row), arguments.text(1, row))
            && !one.is_empty()
            && !other.is_empty()
            && (long(one) || long(other))
        {
            return Err(FunctionError::TooLong { characters: MAX_LEVENSHTEIN_CHARACTERS });
        }
    }
    Ok(())
}
