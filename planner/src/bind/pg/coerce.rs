//! Conversions between types, and constants whose type their place tells.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::{Expr, cast, lit};
use weir_values::ValueError;
use weir_values::numeric::Numeric;

use super::arrays::{fitting, is_wide, item_data, narrowed, result_data};
use super::catalog::{self, Cast, is_settled};
use super::composite_types::Composite;
use super::records::has_fields;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Parameter, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::{call, evaluate, is_known, is_of_ranges, is_volatile};

impl Binder<'_> {
    /// The expression as a value of a type, or the error that it can't be one.
    pub(super) fn coerce(&mut self, typed: Typed, to: PgType, how: Coercion, location: i32) -> Result<Typed> {
        if to.is(Base::Any) || to.is(Base::Unknown) {
            return self.settled(typed);
        }
        if typed.ty.is(Base::Unknown) {
            return self.known(typed, to, location);
        }
        if let Some(composite) = Composite::get(to)
            && has_fields(&typed)
            && typed.ty.typmod != to.typmod
        {
            return self.as_composite(typed, to, composite, location);
        }
        match catalog::cast(typed.ty, to, how) {
            Some(cast) => self.convert(typed, to, cast),
            None if typed.ty.base == Base::Opaque => Err(not_yet("a conversion of this type")),
            None => {
                let (from, to) = (typed.ty.to_string(), to.to_string());
                Err(PlanError::CannotCast { from, to, position: self.position(location) })
            }
        }
    }

    /// To a type that the value converts to by itself.
    pub(super) fn implicitly(&mut self, typed: Typed, to: impl Into<PgType>) -> Result<Typed> {
        self.coerce(typed, to.into(), Coercion::Implicit, -1)
    }

    /// A constant, NULL or parameter that had no type yet.
    fn known(&mut self, typed: Typed, to: PgType, location: i32) -> Result<Typed> {
        match &typed.expr {
            Expr::Literal(value, _) if value.is_null() => {
                let data = to.storage();
                let null = ScalarValue::try_from(&data)?;
                Ok(Typed { expr: Expr::Literal(null, None), ty: to, data })
            }
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) if let Some(composite) = Composite::get(to) => {
                let text = text.clone();
                self.composite_constant(&text, to, composite).map_err(|error| self.error_at(error, location))
            }
            Expr::Placeholder(_) if to.is_composite() => Err(not_yet("a parameter of a composite type")),
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) => {
                // An interval's fields tell what its numbers are.
                let value = match to.is(Base::Interval) && to.typmod >= 0 {
                    true => self.constant_interval(text, to.typmod),
                    false => self.constant(text, to.without_modifier()),
                };
                let value = value.map_err(|error| self.error_at(error, location))?;
                let data = value.data_type();
                let typed = Typed { expr: Expr::Literal(value, None), ty: to.without_modifier(), data };
                self.with_modifier(typed, to)
            }
            Expr::Placeholder(Placeholder { id, field: None }) => {
                let id = id.clone();
                let ty = to.without_modifier();
                let typed = self.declare(&id, Parameter::of(ty))?;
                self.with_modifier(typed, to)
            }
            // A column of unknown type is text.
            _ => {
                let text = Typed { ty: Base::Text.into(), ..typed };
                self.coerce(text, to, Coercion::Explicit, location)
            }
        }
    }

    /// What is wrong with a constant, shown where that stands.
    fn error_at(&self, error: PlanError, location: i32) -> PlanError {
        match error {
            PlanError::Value { error, .. } => PlanError::Value { error, position: self.position(location) },
            PlanError::Refused { code, message, hint, .. } => {
                PlanError::Refused { code, message, hint, position: self.position(location) }
            }
            other => other,
        }
    }

    /// A parameter, now that its type is known.
    fn declare(&mut self, id: &str, parameter: Parameter) -> Result<Typed> {
        let number = super::super::resolve::parameter_number(id)?;
        if self.parameters.len() < number {
            self.parameters.resize(number, None);
        }
        let slot = self.parameters[number - 1].get_or_insert(parameter.clone()).clone();
        let typed = self.placeholder(number, &slot)?;
        match slot.ty == parameter.ty {
            true => Ok(typed),
            false => self.coerce(typed, parameter.ty, Coercion::Explicit, -1),
        }
    }

    /// What is left without a type is text.
    pub(super) fn settled(&mut self, typed: Typed) -> Result<Typed> {
        match typed.ty.is(Base::Unknown) {
            true => self.known(typed, Base::Text.into(), -1),
            false => Ok(typed),
        }
    }

    /// Converts by what `pg_cast` says.
    pub(super) fn convert(&mut self, typed: Typed, to: PgType, cast: Cast) -> Result<Typed> {
        if typed.ty.same(to) {
            return self.with_modifier(typed, to);
        }
        if typed.ty.base.vector_of().is_some() && to.is_array {
            let array = self.array_of_vector(typed)?;
            return self.convert(array, to, cast);
        }
        if typed.ty.is_array && to.is_array {
            return self.convert_items(typed, to, cast);
        }
        let bare = to.without_modifier();
        let converted = match cast {
            Cast::Same if have_one_text(typed.ty, to) && typed.data == bare.storage() => Typed { ty: bare, ..typed },
            Cast::Same => self.held_otherwise(typed, bare)?,
            // The length says which bits of an integer are kept.
            Cast::Function(source @ ("bitfromint4" | "bitfromint8")) => {
                let length = Typed::new(lit(to.typmod), Base::Int4);
                return self.procedure(source, vec![typed, length], to);
            }
            Cast::Function(source) => self.by_function(source, typed, bare)?,
            Cast::Text => {
                let text = self.printed(typed)?;
                self.read(text, bare)?
            }
        };
        self.with_modifier(converted, to)
    }

    /// Between types that PostgreSQL holds alike, and that are held otherwise here.
    fn held_otherwise(&mut self, typed: Typed, to: PgType) -> Result<Typed> {
        let source = match (typed.ty.base, to.base) {
            (Base::Cidr, Base::Inet) => "cidr_inet",
            (Base::Int4, base) if base.is_oid_like() => "to_oid",
            (base, Base::Int4) if base.is_oid_like() => "oid_int4",
            _ => return Err(not_yet("this conversion")),
        };
        self.procedure(source, vec![typed], to)
    }

    /// By the function of a line of `pg_cast`. Between numbers the engine's own conversions serve where they give the same.
    fn by_function(&mut self, source: &'static str, typed: Typed, to: PgType) -> Result<Typed> {
        let from = typed.ty.base;
        let held = |expr| Ok(Typed { expr, ty: to, data: to.storage() });
        let is_number = |base: Base| base.is_integer() || base.is_float();
        match (from, to.base) {
            (Base::Int2 | Base::Int4 | Base::Int8, Base::Numeric) => {
                let digits = match from {
                    Base::Int2 => 5,
                    Base::Int4 => 10,
                    _ => 19,
                };
                let data = DataType::Decimal128(digits, 0);
                Ok(Typed { expr: engine_cast(typed, data.clone())?, ty: to, data })
            }
            (Base::Float4 | Base::Float8, Base::Numeric) => held(called("float_to_numeric", typed, DataType::Utf8)),
            (Base::Numeric, base) if is_number(base) && typed.is_free_numeric() => {
                let name = if base.is_float() { "numeric_to_float" } else { "numeric_to_integer" };
                held(called(name, typed, to.storage()))
            }
            // The engine rounds twice, and takes what is too large for infinite.
            (Base::Numeric, base) if base.is_float() && !is_exact_float(&typed, base) => {
                held(called("numeric_to_float", freed(typed)?, to.storage()))
            }
            (Base::Numeric, base) if base.is_float() => held(engine_cast(typed, to.storage())?),
            (Base::Float4 | Base::Float8 | Base::Numeric, base) if base.is_integer() => {
                held(called("to_integer", typed, to.storage()))
            }
            (Base::Float8, Base::Float4) => held(called("float8_to_float4", typed, to.storage())),
            (a, b) if a.is_integer() && b.is_integer() && width(a) > width(b) => {
                held(called("to_integer", typed, to.storage()))
            }
            (a, b) if a.is_integer() && b.is_oid_like() => self.procedure("to_oid", vec![typed], to),
            (a, b) if a.is_integer() && is_number(b) => held(engine_cast(typed, to.storage())?),
            (Base::Float4, Base::Float8) | (Base::Bool, Base::Int4) => held(engine_cast(typed, to.storage())?),
            (a, Base::Int8) if a.is_oid_like() => held(typed.expr),
            (Base::Int4, Base::Bool) => held(called("to_bool", typed, DataType::Boolean)),
            (Base::Bpchar, _) if to.is_string() => held(called("rtrim_blanks", typed, DataType::Utf8)),
            (Base::Name, _) if to.is_string() => held(typed.expr),
            (Base::Bool, _) if to.is_string() => held(called("bool_to_text", typed, DataType::Utf8)),
            _ => self.procedure(source, vec![typed], to),
        }
    }

    /// The call of one of PostgreSQL's functions with arguments of its types.
    pub(super) fn procedure(&mut self, source: &'static str, arguments: Vec<Typed>, result: PgType) -> Result<Typed> {
        let (source, arguments) = self.keyed(source, arguments)?;
        let data = result_data(source, &arguments, result);
        Ok(narrowed(self.procedure_held(source, arguments, result, data)?))
    }

    /// The same with results that are held in a way of their own.
    pub(super) fn procedure_held(
        &mut self,
        source: &'static str,
        arguments: Vec<Typed>,
        result: PgType,
        data: DataType,
    ) -> Result<Typed> {
        let reads_session = is_known(source).ok_or_else(|| not_yet(source))?;
        if arguments.iter().any(super::search::is_path) && !super::search::takes_paths(source) {
            return Err(not_yet("a function of what SEARCH or CYCLE have added"));
        }
        if arguments.iter().any(super::records::has_fields) && !super::records::takes_records(source) {
            return Err(not_yet("a function of records"));
        }
        super::records::check_held_alike(&arguments)?;
        self.session_dependent |= reads_session;
        let range = range_name(source, &arguments, result)?;
        let held = arguments.into_iter().map(|typed| Ok(fitting(source, typed)?.expr));
        let mut arguments = held.collect::<Result<Vec<_>>>()?;
        arguments.extend(range.map(lit));
        if let Some(value) = self.folded_call(source, &arguments, &data) {
            return Ok(Typed { expr: Expr::Literal(value, None), ty: result, data });
        }
        let expr = crate::functions::pg::called(source, arguments, data.clone(), &self.session_of(source)?);
        Ok(Typed { expr, ty: result, data })
    }

    /// The value of a call of constants; what is wrong with one is told when it runs, if it runs.
    fn folded_call(&mut self, source: &'static str, arguments: &[Expr], data: &DataType) -> Option<ScalarValue> {
        let constants = arguments.iter().map(|argument| match argument {
            Expr::Literal(value, _) if !value.is_null() => Some(value.clone()),
            _ => None,
        });
        let constants: Vec<ScalarValue> = constants.collect::<Option<_>>()?;
        if constants.is_empty() || is_volatile(source) || !is_settled(source) {
            return None;
        }
        let value = evaluate(source, &constants, data, self.session_of(source).ok()?.as_ref()).ok()?;
        (value.data_type() == *data).then_some(value)
    }

    /// The array that a vector is: it begins at 0.
    pub(super) fn array_of_vector(&mut self, vector: Typed) -> Result<Typed> {
        match vector.ty.is_array {
            true => Ok(vector),
            false => {
                let to = vector.ty.or_array();
                let text = self.procedure("vector_array", vec![vector], Base::Text.into())?;
                self.read(text, to)
            }
        }
    }

    /// Arrays convert as their items do.
    pub(super) fn convert_items(&mut self, typed: Typed, to: PgType, cast: Cast) -> Result<Typed> {
        let bare = to.without_modifier();
        let is_held_alike =
            (cast == Cast::Same && have_one_text(typed.ty, to)) || (typed.ty.is_string() && to.is_string());
        if is_held_alike && *item_data(&typed.data)? == bare.element().storage() {
            return self.with_modifier(Typed { ty: bare, ..typed }, to);
        }
        let widens = typed.ty.base.is_integer() && to.base.is_integer() && width(typed.ty.base) <= width(to.base);
        let is_exact = widens || (typed.ty.base.is_integer() && to.base == Base::Float8);
        if is_exact && !is_wide(&typed.data) {
            let data = bare.storage();
            return Ok(Typed { expr: engine_cast(typed, data.clone())?, ty: bare, data });
        }
        let converted = self.each_of(typed, |binder, item| freed(binder.convert(item, to.element(), cast)?))?;
        Ok(Typed { ty: to, ..converted })
    }

    /// `numeric(p, s)`, `varchar(n)`, `timestamp(p)` and their kin: rounded, cut or filled up.
    pub(super) fn with_modifier(&mut self, typed: Typed, to: PgType) -> Result<Typed> {
        if to.typmod < 0 || to.typmod == typed.ty.typmod {
            let typmod = to.typmod.max(if to.base == typed.ty.base { typed.ty.typmod } else { -1 });
            return Ok(Typed { ty: PgType { typmod, ..to }, ..typed });
        }
        if let Some(composite) = Composite::get(to) {
            return self.as_composite(typed, to, composite, -1);
        }
        if to.is_array {
            let array = self.each_of(typed, |binder, item| freed(binder.with_modifier(item, to.element())?))?;
            return Ok(Typed { ty: to, ..array });
        }
        let name = match to.base {
            Base::Numeric => return with_digits(typed, to),
            Base::Varchar | Base::Bpchar => {
                let name = if to.base == Base::Varchar { "varchar" } else { "bpchar" };
                let expr = call(name, vec![typed.expr, lit(to.typmod - 4)], DataType::Utf8);
                return Ok(Typed { expr, ty: to, data: DataType::Utf8 });
            }
            Base::Timestamp => "timestamp_scale",
            Base::Timestamptz => "timestamptz_scale",
            Base::Time => "time_scale",
            Base::Timetz => "timetz_scale",
            Base::Interval => "interval_scale",
            Base::Bit => "bit",
            Base::Varbit => "varbit",
            _ => return Err(not_yet("this modifier")),
        };
        let modifier = Typed::new(lit(to.typmod), Base::Int4);
        let data = typed.data.clone();
        Ok(Typed { data, ..self.procedure(name, vec![typed, modifier], to)? })
    }
}

/// Functions of ranges are told which: the type of an argument, or of what they give.
fn range_name(source: &str, arguments: &[Typed], result: PgType) -> Result<Option<&'static str>> {
    if !is_of_ranges(source) {
        return Ok(None);
    }
    let types = arguments.iter().map(|argument| argument.ty).chain([result]);
    let name = types.filter(|ty| ty.base.range_of().is_some()).map(PgType::typname).next();
    name.map(Some).ok_or_else(|| not_yet("this range"))
}

/// Whether values of types that PostgreSQL holds alike have one text: that of a network always tells its length.
fn have_one_text(from: PgType, to: PgType) -> bool {
    !(from.base == Base::Cidr && to.base == Base::Inet)
}

fn width(base: Base) -> u8 {
    match base {
        Base::Int2 => 2,
        Base::Int4 => 4,
        _ => 8,
    }
}

/// To `numeric(p, s)`.
fn with_digits(typed: Typed, to: PgType) -> Result<Typed> {
    let data = to.storage();
    // It fits any precision, and no decimal of the engine's holds it.
    if matches!(&typed.expr, Expr::Literal(ScalarValue::Utf8(Some(text)), _) if text == "NaN") {
        return Ok(Typed { ty: to, ..typed });
    }
    let may_be_nan = typed.is_free_numeric() && !matches!(&typed.expr, Expr::Literal(..));
    if data == DataType::Utf8 || may_be_nan {
        // More digits than the engine's decimals have, zeros before the point, or NaN among the values.
        let (precision, scale) = to.digits().ok_or_else(|| not_yet("this modifier"))?;
        let expr = call("numeric_modifier", vec![freed(typed)?.expr, lit(precision), lit(scale)], DataType::Utf8);
        return Ok(Typed { expr, ty: to, data: DataType::Utf8 });
    }
    if data == typed.data {
        return Ok(Typed { ty: to, ..typed });
    }
    let expr = match constant_cast(&typed.expr, &data).filter(|_| !typed.is_free_numeric()) {
        Some(value) => Expr::Literal(value, None),
        None if typed.is_free_numeric() => call("numeric_rescale", vec![typed.expr], data.clone()),
        None => call("to_numeric", vec![typed.expr], data.clone()),
    };
    Ok(Typed { expr, ty: to, data })
}

/// A numeric with each value's own digits; what is no numeric stays as it is.
pub(super) fn freed(typed: Typed) -> Result<Typed> {
    match &typed.data {
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            let ty = typed.ty.without_modifier();
            Ok(Typed { expr: engine_cast(typed, DataType::Utf8)?, ty, data: DataType::Utf8 })
        }
        _ => Ok(typed),
    }
}

pub(super) fn called(name: &'static str, typed: Typed, data: DataType) -> Expr {
    call(name, vec![typed.expr], data)
}

/// Whether the engine makes the nearest float of a decimal: the digits and the power of ten are doubles themselves, and one is
/// divided by the other. Constants are converted when they are read.
fn is_exact_float(typed: &Typed, to: Base) -> bool {
    let are_doubles = matches!(typed.data, DataType::Decimal128(precision, 0..=22) if precision <= 15);
    matches!(typed.expr, Expr::Literal(..)) || to == Base::Float8 && are_doubles
}

/// The engine's conversion, where it gives what PostgreSQL gives. Constants are converted at once.
pub(super) fn engine_cast(typed: Typed, data: DataType) -> Result<Expr> {
    if typed.data == data {
        return Ok(typed.expr);
    }
    Ok(match constant_cast(&typed.expr, &data) {
        Some(value) => Expr::Literal(value, None),
        None => cast(typed.expr, data),
    })
}

fn constant_cast(expr: &Expr, data: &DataType) -> Option<ScalarValue> {
    let Expr::Literal(value, _) = expr else { return None };
    let converted = value.cast_to(data).ok()?;
    (converted.is_null() == value.is_null()).then_some(converted)
}

/// A decimal with as many digits as are written, or, where the engine's can't hold them, its text.
pub(super) fn numeric(text: &str) -> std::result::Result<ScalarValue, ValueError> {
    const MAX_PRECISION: usize = 38;
    let value = Numeric::parse(text)?;
    let held = value.scale().and_then(|scale| {
        let coefficient = value.unscaled(scale)?;
        let digits = coefficient.unsigned_abs().checked_ilog10().map_or(1, |digits| digits as usize + 1);
        let precision = digits.max(scale as usize);
        let scale = i8::try_from(scale).ok()?;
        (precision <= MAX_PRECISION).then_some(ScalarValue::Decimal128(Some(coefficient), precision as u8, scale))
    });
    Ok(held.unwrap_or_else(|| ScalarValue::Utf8(Some(value.to_string()))))
}
