//! Ranges and multiranges: see [`weir_values::range`]. The last argument of each function is the name of a type of theirs.

use std::cmp::Ordering;

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::range::{self, Span, Subtype};

use super::columns::{Arg, Args, Items, Maybe, Text, map1, map2, map3};
use super::parsed::Parsed;
use super::range_types::{Checked, Element, by_element, multirange_text, range_text, read};
use super::{Proc, of_session, seeing_nulls, strict};

pub(super) const PROCS: &[Proc] = &[
    seeing_nulls("range_constructor2", |args| by_element!(args, made)),
    seeing_nulls("range_constructor3", |args| by_element!(args, made_with_flags)),
    strict("multirange_constructor0", |args| map1::<Text, _>(args, |_| Ok("{}"))),
    strict("multirange_constructor1", |args| by_element!(args, of_one)),
    strict("multirange_constructor2", |args| by_element!(args, of_array)),
    strict("multirange_unnest", |args| by_element!(args, unnested)),
    of_session("range_out", |args| by_element!(args, shown)),
    strict("range_key", |args| by_element!(args, key)),
    strict("range_cmp", |args| by_element!(args, ordered)),
    strict("multirange_cmp", |args| by_element!(args, ordered)),
    strict("range_lower", |args| by_element!(args, bound, false)),
    strict("range_upper", |args| by_element!(args, bound, true)),
    strict("multirange_lower", |args| by_element!(args, bound, false)),
    strict("multirange_upper", |args| by_element!(args, bound, true)),
    strict("range_empty", |args| by_element!(args, tested, Test::Empty)),
    strict("range_lower_inc", |args| by_element!(args, tested, Test::LowerInclusive)),
    strict("range_upper_inc", |args| by_element!(args, tested, Test::UpperInclusive)),
    strict("range_lower_inf", |args| by_element!(args, tested, Test::LowerInfinite)),
    strict("range_upper_inf", |args| by_element!(args, tested, Test::UpperInfinite)),
    strict("multirange_empty", |args| by_element!(args, tested, Test::Empty)),
    strict("multirange_lower_inc", |args| by_element!(args, tested, Test::LowerInclusive)),
    strict("multirange_upper_inc", |args| by_element!(args, tested, Test::UpperInclusive)),
    strict("multirange_lower_inf", |args| by_element!(args, tested, Test::LowerInfinite)),
    strict("multirange_upper_inf", |args| by_element!(args, tested, Test::UpperInfinite)),
    strict("range_contains_elem", |args| by_element!(args, contains_element)),
    strict("multirange_contains_elem", |args| by_element!(args, contains_element)),
    strict("elem_contained_by_range", |args| by_element!(args, element_contained)),
    strict("elem_contained_by_multirange", |args| by_element!(args, element_contained)),
    strict("range_contains", |args| by_element!(args, related, Relation::Contains)),
    strict("range_contains_multirange", |args| by_element!(args, related, Relation::Contains)),
    strict("multirange_contains_range", |args| by_element!(args, related, Relation::Contains)),
    strict("multirange_contains_multirange", |args| by_element!(args, related, Relation::Contains)),
    strict("range_contained_by", |args| by_element!(args, related, Relation::Contained)),
    strict("range_contained_by_multirange", |args| by_element!(args, related, Relation::Contained)),
    strict("multirange_contained_by_range", |args| by_element!(args, related, Relation::Contained)),
    strict("multirange_contained_by_multirange", |args| by_element!(args, related, Relation::Contained)),
    strict("range_overlaps", |args| by_element!(args, related, Relation::Overlaps)),
    strict("range_overlaps_multirange", |args| by_element!(args, related, Relation::Overlaps)),
    strict("multirange_overlaps_range", |args| by_element!(args, related, Relation::Overlaps)),
    strict("multirange_overlaps_multirange", |args| by_element!(args, related, Relation::Overlaps)),
    strict("range_before", |args| by_element!(args, related, Relation::Before)),
    strict("range_before_multirange", |args| by_element!(args, related, Relation::Before)),
    strict("multirange_before_range", |args| by_element!(args, related, Relation::Before)),
    strict("multirange_before_multirange", |args| by_element!(args, related, Relation::Before)),
    strict("range_after", |args| by_element!(args, related, Relation::After)),
    strict("range_after_multirange", |args| by_element!(args, related, Relation::After)),
    strict("multirange_after_range", |args| by_element!(args, related, Relation::After)),
    strict("multirange_after_multirange", |args| by_element!(args, related, Relation::After)),
    strict("range_overleft", |args| by_element!(args, related, Relation::Overleft)),
    strict("range_overleft_multirange", |args| by_element!(args, related, Relation::Overleft)),
    strict("multirange_overleft_range", |args| by_element!(args, related, Relation::Overleft)),
    strict("multirange_overleft_multirange", |args| by_element!(args, related, Relation::Overleft)),
    strict("range_overright", |args| by_element!(args, related, Relation::Overright)),
    strict("range_overright_multirange", |args| by_element!(args, related, Relation::Overright)),
    strict("multirange_overright_range", |args| by_element!(args, related, Relation::Overright)),
    strict("multirange_overright_multirange", |args| by_element!(args, related, Relation::Overright)),
    strict("range_adjacent", |args| by_element!(args, related, Relation::Adjacent)),
    strict("range_adjacent_multirange", |args| by_element!(args, related, Relation::Adjacent)),
    strict("multirange_adjacent_range", |args| by_element!(args, related, Relation::Adjacent)),
    strict("multirange_adjacent_multirange", |args| by_element!(args, related, Relation::Adjacent)),
    strict("range_union", |args| by_element!(args, combined, Combination::Union)),
    strict("range_minus", |args| by_element!(args, combined, Combination::Minus)),
    strict("range_intersect", |args| by_element!(args, combined, Combination::Intersect)),
    strict("multirange_union", |args| by_element!(args, combined_multiranges, Combination::Union)),
    strict("multirange_minus", |args| by_element!(args, combined_multiranges, Combination::Minus)),
    strict("multirange_intersect", |args| by_element!(args, combined_multiranges, Combination::Intersect)),
    strict("range_merge", |args| by_element!(args, merged)),
    strict("range_merge_from_multirange", |args| by_element!(args, merged_multirange)),
];

/// How two of them lie to each other.
#[derive(Clone, Copy)]
enum Relation {
    Contains,
    Contained,
    Overlaps,
    Before,
    After,
    Overleft,
    Overright,
    Adjacent,
}

impl Relation {
    fn holds<S: Subtype>(self, subtype: &S, a: &[Span<S::Value>], b: &[Span<S::Value>]) -> bool {
        match self {
            Self::Contains => range::contains(subtype, a, b),
            Self::Contained => range::contains(subtype, b, a),
            Self::Overlaps => range::overlaps(subtype, a, b),
            Self::Before => range::before(subtype, a, b),
            Self::After => range::after(subtype, a, b),
            Self::Overleft => range::overleft(subtype, a, b),
            Self::Overright => range::overright(subtype, a, b),
            Self::Adjacent => range::adjacent(subtype, a, b),
        }
    }
}

/// What is asked of one.
#[derive(Clone, Copy)]
enum Test {
    Empty,
    LowerInclusive,
    UpperInclusive,
    LowerInfinite,
    UpperInfinite,
}

impl Test {
    fn holds<V>(self, spans: &[Span<V>]) -> bool {
        match self {
            Self::Empty => range::isempty(spans),
            Self::LowerInclusive => range::lower_inc(spans),
            Self::UpperInclusive => range::upper_inc(spans),
            Self::LowerInfinite => range::lower_inf(spans),
            Self::UpperInfinite => range::upper_inf(spans),
        }
    }
}

/// What is made of two.
#[derive(Clone, Copy)]
enum Combination {
    Union,
    Minus,
    Intersect,
}

fn taken<S: Element>(value: Option<<S::Column as Arg>::Value<'_>>) -> Checked<Option<S::Value>> {
    value.map(S::taken).transpose()
}

fn made<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map2::<Maybe<S::Column>, Maybe<S::Column>, _>(args, |lower, upper| {
        let range = range::range(&subtype, taken::<S>(lower)?, taken::<S>(upper)?, Some("[)"))?;
        Ok(range_text(&subtype, range.as_ref()))
    })
}

fn made_with_flags<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map3::<Maybe<S::Column>, Maybe<S::Column>, Maybe<Text>, _>(args, |lower, upper, flags| {
        let range = range::range(&subtype, taken::<S>(lower)?, taken::<S>(upper)?, flags)?;
        Ok(range_text(&subtype, range.as_ref()))
    })
}

/// The multirange of a range.
fn of_one<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| Ok(multirange_text(&subtype, range::parse_range(&subtype, text)?.as_slice())))
}

/// The multirange of an array of ranges.
fn of_array<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Items<Text>, _>(args, |items| {
        let ranges = items.into_iter().map(|item| item.map(|text| range::parse_range(&subtype, text)).transpose());
        let ranges = ranges.collect::<Checked<Vec<_>>>()?;
        Ok(multirange_text(&subtype, &range::multirange(&subtype, ranges)?))
    })
}

fn unnested<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| {
        let spans = range::parse_multirange(&subtype, text)?;
        Ok(spans.iter().map(|span| Some(range_text(&subtype, Some(span)))).collect::<Vec<_>>())
    })
}

/// As the session prints them.
fn shown<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let (held, shown) = (S::held(), S::of_session(args.session));
    map1::<Text, _>(args, |text| {
        let spans = read(&held, text)?;
        Ok(match text.starts_with('{') {
            true => multirange_text(&shown, spans.as_slice()),
            false => range_text(&shown, spans.as_slice().first()),
        })
    })
}

fn key<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| {
        let mut key = Vec::new();
        range::sort_key(&subtype, read(&subtype, text)?.as_slice(), &mut key);
        Ok(key)
    })
}

fn ordered<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map2::<Text, Text, _>(args, |a, b| {
        let (a, b) = (read(&subtype, a)?, read(&subtype, b)?);
        let order: Ordering = range::compare(&subtype, a.as_slice(), b.as_slice());
        Ok(order as i32)
    })
}

fn bound<S: Element>(args: &Args<'_>, is_upper: bool) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| {
        let spans = read(&subtype, text)?;
        let value = if is_upper { range::upper(spans.as_slice()) } else { range::lower(spans.as_slice()) };
        Ok(value.map(S::given))
    })
}

fn tested<S: Element>(args: &Args<'_>, test: Test) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| Ok(test.holds(read(&subtype, text)?.as_slice())))
}

fn contains_element<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    let mut spans = Parsed::new(args, 0, |text: &str| read(&subtype, text));
    map2::<Text, S::Column, _>(args, |text, element| {
        let element = S::taken(element)?;
        Ok(range::contains_element(&subtype, spans.read(text)?.as_slice(), &element))
    })
}

fn element_contained<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    let mut spans = Parsed::new(args, 1, |text: &str| read(&subtype, text));
    map2::<S::Column, Text, _>(args, |element, text| {
        let element = S::taken(element)?;
        Ok(range::contains_element(&subtype, spans.read(text)?.as_slice(), &element))
    })
}

fn related<S: Element>(args: &Args<'_>, relation: Relation) -> Result<ArrayRef> {
    let subtype = S::held();
    let mut left = Parsed::new(args, 0, |text: &str| read(&subtype, text));
    let mut right = Parsed::new(args, 1, |text: &str| read(&subtype, text));
    map2::<Text, Text, _>(args, |a, b| {
        Ok(relation.holds(&subtype, left.read(a)?.as_slice(), right.read(b)?.as_slice()))
    })
}

fn combined<S: Element>(args: &Args<'_>, how: Combination) -> Result<ArrayRef> {
    let subtype = S::held();
    let mut left = Parsed::new(args, 0, |text: &str| range::parse_range(&subtype, text));
    let mut right = Parsed::new(args, 1, |text: &str| range::parse_range(&subtype, text));
    map2::<Text, Text, _>(args, |a, b| {
        let (a, b) = (left.read(a)?, right.read(b)?);
        let range = match how {
            Combination::Union => range::range_union(&subtype, a, b)?,
            Combination::Minus => range::range_minus(&subtype, a, b)?,
            Combination::Intersect => range::range_intersect(&subtype, a, b),
        };
        Ok(range_text(&subtype, range.as_ref()))
    })
}

fn combined_multiranges<S: Element>(args: &Args<'_>, how: Combination) -> Result<ArrayRef> {
    let subtype = S::held();
    let mut left = Parsed::new(args, 0, |text: &str| range::parse_multirange(&subtype, text));
    let mut right = Parsed::new(args, 1, |text: &str| range::parse_multirange(&subtype, text));
    map2::<Text, Text, _>(args, |a, b| {
        let (a, b) = (left.read(a)?, right.read(b)?);
        let spans = match how {
            Combination::Union => range::union(&subtype, a, b),
            Combination::Minus => range::minus(&subtype, a, b),
            Combination::Intersect => range::intersect(&subtype, a, b),
        };
        Ok(multirange_text(&subtype, &spans))
    })
}

fn merged<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map2::<Text, Text, _>(args, |a, b| {
        let (a, b) = (read(&subtype, a)?, read(&subtype, b)?);
        Ok(range_text(&subtype, range::range_merge(&subtype, a.as_slice(), b.as_slice()).as_ref()))
    })
}

fn merged_multirange<S: Element>(args: &Args<'_>) -> Result<ArrayRef> {
    let subtype = S::held();
    map1::<Text, _>(args, |text| {
        let spans = range::parse_multirange(&subtype, text)?;
        Ok(range_text(&subtype, range::range_merge(&subtype, &spans, &[]).as_ref()))
    })
}
