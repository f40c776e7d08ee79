//! The frames of windows: which of them the engine knows, and the columns that tell the others.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, WindowFrame, WindowFrameBound, WindowFrameUnits, cast, when};
use pg_query::NodeEnum;
use pg_query::protobuf::{Node, WindowDef};

use super::super::windows::MAX_REACH;
use super::catalog;
use super::coerce::freed;
use super::expr::{inner, location};
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::{Bound, Exclude, Frame, Unit, call};

/// A frame in both its forms.
pub(super) struct Framing {
    /// The engine's, if it has such a one.
    pub engine: Option<WindowFrame>,
    pub frame: Frame,
    /// The columns of its bounds.
    pub offsets: Vec<Expr>,
    /// What the window is ordered by.
    pub keys: Vec<Expr>,
}

impl Framing {
    /// Whether no row leaves it that was in the frame of the row before.
    pub fn only_grows(&self) -> bool {
        self.frame.start == Bound::Unbounded
    }
}

impl Binder<'_> {
    pub(super) fn framing(&mut self, over: &WindowDef, order: &[(Sort, &Node)], scope: &Scope<'_>) -> Result<Framing> {
        let frame = frame_of(over.frame_options)?;
        let position = self.position(over.location);
        let by_offset = frame.start.has_offset() || frame.end.has_offset();
        if frame.unit == Unit::Groups && order.is_empty() {
            let message = "GROUPS mode requires an ORDER BY clause".to_owned();
            return Err(PlanError::refused(code::WINDOWING_ERROR, message, position));
        }
        if frame.unit == Unit::Range && by_offset {
            return match order {
                [(sort, by)] => self.range(over, frame, by, sort, scope),
                _ => {
                    let message =
                        "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column".to_owned();
                    Err(PlanError::refused(code::WINDOWING_ERROR, message, position))
                }
            };
        }
        let clause = if frame.unit == Unit::Rows { "ROWS" } else { "GROUPS" };
        let mut offsets = Vec::new();
        for (bound, node) in [(frame.start, &over.start_offset), (frame.end, &over.end_offset)] {
            if bound.has_offset() {
                let within = format!("window {clause}");
                offsets.push(self.number_for_all(inner(node.as_deref())?, scope, clause, &within)?);
            }
        }
        let engine = of_engine(over.frame_options & option::NONDEFAULT == 0, frame, &offsets, !order.is_empty());
        let keys = order.iter().map(|(sort, _)| sort.expr.clone()).collect();
        Ok(Framing { engine, frame, offsets, keys })
    }

    /// RANGE with an offset: for each row, what its key is with the offset.
    fn range(
        &mut self,
        over: &WindowDef,
        mut frame: Frame,
        by: &Node,
        sort: &Sort,
        scope: &Scope<'_>,
    ) -> Result<Framing> {
        let NodeEnum::SortBy(by) = inner(Some(by))? else { return Err(not_yet("this ORDER BY")) };
        let key = self.expr_of(by.node.as_deref(), scope)?;
        let key = self.settled(key)?;
        frame.descending = !sort.asc;
        let (mut offsets, mut keys) = (Vec::new(), Vec::new());
        let bounds = [(true, frame.start, &over.start_offset), (false, frame.end, &over.end_offset)];
        for (is_start, bound, node) in bounds {
            if !bound.has_offset() {
                continue;
            }
            let offset = self.distance(inner(node.as_deref())?, key.ty, scope)?;
            let wrong = self.is_negative(&offset, key.ty)?;
            let again = self.copy(&key)?;
            let is_minus = (bound == Bound::Preceding) != frame.descending;
            let shown = offset.expr.clone();
            let farthest = if is_start == frame.descending { "Infinity" } else { "-Infinity" };
            let (key, limit) = self.reached(again, offset, is_minus, farthest)?;
            offsets.extend([shown, wrong, limit]);
            keys.push(key);
        }
        keys.dedup();
        if keys.len() != 1 {
            return Err(not_yet("a frame whose bounds are of different types"));
        }
        Ok(Framing { engine: None, frame, offsets, keys })
    }

    /// How far RANGE reaches, in a type that goes with the key's.
    fn distance(&mut self, node: &NodeEnum, key: PgType, scope: &Scope<'_>) -> Result<Typed> {
        let typed = self.expr(node, scope)?;
        self.only_rows(&typed.expr, "window RANGE", node)?;
        let position = self.position(location(node));
        let known: &[Base] = match key.base {
            _ if key.is_array => &[],
            Base::Int2 | Base::Int4 => &[Base::Int8, Base::Int4, Base::Int2],
            Base::Int8 => &[Base::Int8],
            Base::Float4 | Base::Float8 => &[Base::Float8],
            Base::Numeric => &[Base::Numeric],
            Base::Date | Base::Timestamp | Base::Timestamptz | Base::Time | Base::Timetz | Base::Interval => {
                &[Base::Interval]
            }
            _ => &[],
        };
        let refused = |why: String, hint: Option<&'static str>| {
            let message = format!("RANGE with offset PRECEDING/FOLLOWING {why}");
            Err(PlanError::Refused { code: code::FEATURE_NOT_SUPPORTED, message, hint, position })
        };
        if known.is_empty() {
            let shown = match key.is_array {
                true => "anyarray".to_owned(),
                false if key.is_string() && !key.is(Base::Bpchar) => "text".to_owned(),
                false => key.to_string(),
            };
            return refused(format!("is not supported for column type {shown}"), None);
        }
        let wanted = if typed.ty.is(Base::Unknown) { key } else { typed.ty };
        let fits = |base: &&Base| {
            typed.ty.is(Base::Unknown) || catalog::cast(typed.ty, (**base).into(), Coercion::Implicit).is_some()
        };
        let fitting: Vec<Base> = known.iter().filter(fits).copied().collect();
        let chosen = match (known.iter().find(|base| wanted.is(**base)), fitting.as_slice()) {
            (Some(base), _) => *base,
            (None, [base]) => *base,
            (None, []) => {
                let why = format!("is not supported for column type {key} and offset type {}", typed.ty);
                return refused(why, Some("Cast the offset value to an appropriate type."));
            }
            (None, _) => {
                let why = format!("has multiple interpretations for column type {key} and offset type {}", typed.ty);
                return refused(why, Some("Cast the offset value to the exact intended type."));
            }
        };
        let typed = self.coerce(typed, chosen.into(), Coercion::Implicit, location(node))?;
        self.same_for_all(&typed.expr, "RANGE", node, scope)?;
        Ok(typed)
    }

    /// Whether an offset is less than nothing.
    fn is_negative(&mut self, offset: &Typed, key: PgType) -> Result<Expr> {
        if matches!(key.base, Base::Time | Base::Timetz) {
            return Ok(call("time_span_negative", vec![self.copy(offset)?.expr], DataType::Boolean));
        }
        let constant =
            |text: &str| Typed { expr: Expr::Literal(ScalarValue::Utf8(Some(text.to_owned())), None), ..Typed::null() };
        let (again, ty) = (self.copy(offset)?, offset.ty.without_modifier());
        let zero = self.implicitly(constant("0"), ty)?;
        let negative = self.operate("<", again, zero, -1)?.expr;
        if !ty.base.is_float() && !ty.is(Base::Numeric) {
            return Ok(negative);
        }
        let again = self.copy(offset)?;
        let none = self.implicitly(constant("NaN"), ty)?;
        Ok(negative.or(self.operate("=", again, none, -1)?.expr))
    }

    /// The key, and the key with the offset taken away or added, both as they compare. Integers can't overflow so, and floats
    /// become infinite. `farthest` is the value behind which this bound leaves no number out.
    fn reached(&mut self, key: Typed, offset: Typed, is_minus: bool, farthest: &str) -> Result<(Expr, Expr)> {
        let name = if is_minus { "-" } else { "+" };
        let may_be_infinite = may_be_infinite(&offset.expr);
        let (key, limit) = match key.ty.base {
            base if base.is_integer() => {
                let (key, offset) = (self.implicitly(key, Base::Numeric)?, self.implicitly(offset, Base::Numeric)?);
                let again = self.copy(&key)?;
                (key, self.operate(name, again, offset, -1)?)
            }
            base if base.is_float() => {
                let key = self.implicitly(key, Base::Float8)?;
                let from = self.copy(&key)?.expr;
                let limit = if is_minus { from - offset.expr } else { from + offset.expr };
                let limit = Typed::new(limit, Base::Float8);
                let limit = if may_be_infinite { self.reached_by_all(&key, limit, farthest)? } else { limit };
                (key, limit)
            }
            Base::Numeric if may_be_infinite => {
                let (key, again) = (freed(key.clone())?, freed(self.copy(&key)?)?);
                let limit = freed(self.operate(name, again, offset, -1)?)?;
                let limit = self.reached_by_all(&key, limit, farthest)?;
                (key, limit)
            }
            Base::Date => {
                let key = self.implicitly(key, Base::Timestamp)?;
                let again = self.copy(&key)?;
                (key, self.operate(name, again, offset, -1)?)
            }
            Base::Numeric | Base::Timestamp | Base::Timestamptz | Base::Interval => {
                let again = self.copy(&key)?;
                (key, self.operate(name, again, offset, -1)?)
            }
            // A time of day doesn't begin anew behind the last.
            Base::Time => {
                let name = if is_minus { "time_reach_mi" } else { "time_reach_pl" };
                let limit = call(name, vec![self.copy(&key)?.expr, offset.expr], DataType::Int64);
                return Ok((cast(key.expr, DataType::Int64), limit));
            }
            Base::Timetz => {
                let name = if is_minus { "timetz_reach_mi" } else { "timetz_reach_pl" };
                let limit = call(name, vec![self.copy(&key)?.expr, offset.expr], DataType::Binary);
                return Ok((self.key(key)?, limit));
            }
            _ => return Err(not_yet("RANGE with an offset over this type")),
        };
        // Numerics are compared in one form.
        let (key, limit) = match key.ty.is(Base::Numeric) {
            true => (freed(key)?, freed(limit)?),
            false => (key, limit),
        };
        Ok((self.key(key)?, self.key(limit)?))
    }
}

impl Binder<'_> {
    /// The limit; where it isn't known, since both the key and the offset are infinite, what leaves out no number
    /// (`in_range_float8_float8` in float.c).
    fn reached_by_all(&mut self, key: &Typed, limit: Typed, farthest: &str) -> Result<Typed> {
        let constant =
            |text: &str| Typed { expr: Expr::Literal(ScalarValue::Utf8(Some(text.to_owned())), None), ..Typed::null() };
        let ty = limit.ty.without_modifier();
        let (again, key) = (self.copy(&limit)?, self.copy(key)?);
        let nan = self.implicitly(constant("NaN"), ty)?;
        let is_unknown = self.operate("=", again, nan.clone(), -1)?.expr;
        let is_known = self.operate("<>", key, nan, -1)?.expr;
        let farthest = freed(self.implicitly(constant(farthest), ty)?)?;
        let expr = when(is_unknown.and(is_known), farthest.expr).otherwise(limit.expr)?;
        Ok(Typed { expr, ..limit })
    }
}

/// Whether the offset of a frame may be infinite.
fn may_be_infinite(offset: &Expr) -> bool {
    match offset {
        Expr::Literal(ScalarValue::Float64(Some(offset)), _) => offset.is_infinite(),
        Expr::Literal(ScalarValue::Utf8(Some(offset)), _) => !offset.starts_with(|c: char| c.is_ascii_digit()),
        Expr::Literal(..) => false,
        _ => true,
    }
}

fn frame_of(options: i32) -> Result<Frame> {
    let has = |bit| options & bit != 0;
    let start = match () {
        () if has(option::START_UNBOUNDED_PRECEDING) => Bound::Unbounded,
        () if has(option::START_CURRENT_ROW) => Bound::Current,
        () if has(option::START_OFFSET_PRECEDING) => Bound::Preceding,
        () if has(option::START_OFFSET_FOLLOWING) => Bound::Following,
        () => return Err(not_yet("this frame")),
    };
    let end = match () {
        () if has(option::END_UNBOUNDED_FOLLOWING) => Bound::Unbounded,
        () if has(option::END_CURRENT_ROW) => Bound::Current,
        () if has(option::END_OFFSET_PRECEDING) => Bound::Preceding,
        () if has(option::END_OFFSET_FOLLOWING) => Bound::Following,
        () => return Err(not_yet("this frame")),
    };
    let unit = match () {
        () if has(option::ROWS) => Unit::Rows,
        () if has(option::GROUPS) => Unit::Groups,
        () => Unit::Range,
    };
    let exclude = match () {
        () if has(option::EXCLUDE_CURRENT_ROW) => Exclude::CurrentRow,
        () if has(option::EXCLUDE_GROUP) => Exclude::Group,
        () if has(option::EXCLUDE_TIES) => Exclude::Ties,
        () => Exclude::Nothing,
    };
    Ok(Frame { unit, start, end, exclude, descending: false })
}

/// The engine's frame, if it has such a one: its offsets are constants.
fn of_engine(is_default: bool, frame: Frame, offsets: &[Expr], is_ordered: bool) -> Option<WindowFrame> {
    if is_default {
        return Some(WindowFrame::new(is_ordered.then_some(false)));
    }
    if frame.exclude != Exclude::Nothing {
        return None;
    }
    let mut counts = Vec::with_capacity(offsets.len());
    for offset in offsets {
        let Expr::Literal(ScalarValue::Int64(Some(count)), _) = offset else { return None };
        let count = u64::try_from(*count).ok().filter(|count| *count <= MAX_REACH)?;
        counts.push(ScalarValue::UInt64(Some(count)));
    }
    let mut counts = counts.into_iter();
    let unbounded = || ScalarValue::UInt64(None);
    let start = match frame.start {
        Bound::Unbounded => WindowFrameBound::Preceding(unbounded()),
        Bound::Current => WindowFrameBound::CurrentRow,
        Bound::Preceding => WindowFrameBound::Preceding(counts.next()?),
        Bound::Following => WindowFrameBound::Following(counts.next()?),
    };
    let end = match frame.end {
        Bound::Unbounded => WindowFrameBound::Following(unbounded()),
        Bound::Current => WindowFrameBound::CurrentRow,
        Bound::Preceding => WindowFrameBound::Preceding(counts.next()?),
        Bound::Following => WindowFrameBound::Following(counts.next()?),
    };
    let units = match frame.unit {
        Unit::Rows => WindowFrameUnits::Rows,
        Unit::Groups => WindowFrameUnits::Groups,
        Unit::Range => WindowFrameUnits::Range,
    };
    Some(WindowFrame::new_bounds(units, start, end))
}

/// Bits of `frameOptions` (parsenodes.h).
pub(super) mod option {
    pub const NONDEFAULT: i32 = 0x1;
    pub const ROWS: i32 = 0x4;
    pub const GROUPS: i32 = 0x8;
    pub const START_UNBOUNDED_PRECEDING: i32 = 0x20;
    pub const END_UNBOUNDED_FOLLOWING: i32 = 0x100;
    pub const START_CURRENT_ROW: i32 = 0x200;
    pub const END_CURRENT_ROW: i32 = 0x400;
    pub const START_OFFSET_PRECEDING: i32 = 0x800;
    pub const END_OFFSET_PRECEDING: i32 = 0x1000;
    pub const START_OFFSET_FOLLOWING: i32 = 0x2000;
    pub const END_OFFSET_FOLLOWING: i32 = 0x4000;
    pub const EXCLUDE_CURRENT_ROW: i32 = 0x8000;
    pub const EXCLUDE_GROUP: i32 = 0x10000;
    pub const EXCLUDE_TIES: i32 = 0x20000;
}
